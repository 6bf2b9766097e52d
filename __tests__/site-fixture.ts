import type { Site, SiteCluster } from "../lab/site";

const cluster = (network: string): SiteCluster => {
  const addresses = [11, 12, 13].map((host) => `${network}.${host}`);
  const byAddress = (value: string) => Object.fromEntries(addresses.map((address) => [address, [value]]));
  return {
    publisher: addresses[0]!,
    nodeAddresses: { [`pub-${network}`]: addresses[0]!, [`sub-${network}`]: addresses[1]! },
    ports: { ssh: 40022, https: 40443, tftpHttp: 40970, tvs: 40445, platform: 40446 },
    tlsSha256: byAddress("ab".repeat(32)),
    sshSha256: byAddress(`SHA256:${"A".repeat(43)}`),
    cryptography: "modern",
    spellings: {
      importUnit: {
        "CallManager-trust": "CallManager",
        "Phone-SAST-trust": "Phone-SAST",
        "CAPF-trust": "CAPF",
      },
      pasteEnd: "ctrl-d",
      deleteCommand: "set cert delete {unit} {file}",
      restService: { "CallManager-trust": "CallManager", "Phone-SAST-trust": "SAST", "CAPF-trust": "CAPF" },
      webForms: { deleteButton: "Remove", downloadButton: ".PEM" },
      bulkUnit: "tftp",
      bulkSftpOrder: [],
      rollbackParameter: "Rollback",
      rollbackTrue: ["t"],
      rollbackFalse: ["f"],
      trustListPages: ["/TrustList"],
      itlStatusQuery: "select name,itlstatus as status from device where name in ({phones})",
      itlStatusCurrent: ["1"],
      itlStatusOther: ["0"],
    },
    risPerMinute: 15,
  };
};

/** A site file as `phone-migration lab up` writes it, of a lab that does not run. */
export const SITE: Site = {
  source: cluster("127.83.10"),
  destination: cluster("127.83.20"),
  sftp: {
    address: "127.0.0.1",
    port: 40023,
    directory: "/exchange",
    hostKeySha256: [`SHA256:${"A".repeat(43)}`],
  },
  dhcp: {
    kind: "kea",
    version: "2.2.0",
    endpoints: ["unix:///tmp/no-such-lab/kea.sock"],
    subnet: "127.83.0.0/16",
    subnets: { "127.83.0.0/16": [] },
    server: { address: "127.0.0.1", port: 40067, clientPort: 40068 },
  },
  phones: { healthy: ["SEP001122334401"], stale: [] },
  control: { clusters: "http://127.0.0.1:1", phones: "http://127.0.0.1:1" },
};
