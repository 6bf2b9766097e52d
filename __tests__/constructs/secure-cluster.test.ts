import { resolve } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { fromEnv, SecureCluster, type SecureClusterProps } from "../../constructs";
import { IDENTITY, SSH_PIN, synth, synthesised, TLS_PIN } from "./support/declared";

const stackOf = (...clusters: readonly (readonly [id: string, props?: Partial<SecureClusterProps>])[]) => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const made = clusters.map(
    ([id, props]) =>
      new SecureCluster(stack, id, {
        publisher: "10.10.0.11",
        identity: IDENTITY,
        credentials: fromEnv("SOURCE"),
        ...props,
      }),
  );
  return { stack, made };
};
const configured = (props: Partial<SecureClusterProps>) =>
  synthesised(stackOf(["source", props]).stack).provider.cucm![0]!.clusters.source;

test("reads what the cluster is, and its signers, by its name", () => {
  const { stack, made } = stackOf(["hq-old"]);
  const { data } = synthesised(stack);
  expect(made[0]!.clusterName).toBe("hq-old");
  expect(Object.values(data.cucm_cluster!)).toEqual([{ cluster: "hq-old" }]);
  expect(Object.values(data.cucm_signers!)).toEqual([{ cluster: "hq-old" }]);
});

test("everything that it says of itself is in the provider's configuration", () => {
  expect(
    configured({
      identity: {
        tlsSha256: { "10.10.0.11": [TLS_PIN] },
        sshSha256: { "10.10.0.11": [SSH_PIN], "10.10.0.12": [SSH_PIN] },
        caPem: "-----BEGIN CERTIFICATE-----",
      },
      nodeAddresses: { "cm-sub-1": "10.10.0.12" },
      ports: { ssh: 2222, https: 9443, phoneHttp: 8080, platform: 8443 },
      spellings: {
        pasteEnd: "ctrl-d",
        rollbackTrue: ["T"],
        importUnit: { "CAPF-trust": "CAPF" },
        trustListPages: ["/lists"],
        itlStatusQuery: "select name,itl as status from phones where name in ({phones})",
        itlStatusCurrent: ["1"],
        itlStatusOther: ["0"],
        restService: { "CAPF-trust": "capf" },
        webForms: { uploadPath: "/up.do", deleteButton: "Remove" },
      },
      tvsClientCertificate: { certificateFile: "lsc.pem", keyFile: "/keys/lsc.key" },
      timeouts: { replication: 3600, restart: 900, request: 30 },
      cryptography: "legacy",
      certificateTransport: "web",
      risPerMinute: 30,
      resetsPerMinute: 60,
      decommissioned: true,
    }),
  ).toEqual({
    publisher: "10.10.0.11",
    identities: {
      "10.10.0.11": { tls_sha256: [TLS_PIN], ssh_sha256: [SSH_PIN] },
      "10.10.0.12": { tls_sha256: [], ssh_sha256: [SSH_PIN] },
    },
    ca_pem: "-----BEGIN CERTIFICATE-----",
    node_addresses: { "cm-sub-1": "10.10.0.12" },
    ports: { ssh: 2222, https: 9443, phone_http: 8080, platform: 8443 },
    spellings: {
      paste_end: "ctrl-d",
      rollback_true: ["T"],
      import_unit: { "CAPF-trust": "CAPF" },
      trust_list_pages: ["/lists"],
      itl_status_query: "select name,itl as status from phones where name in ({phones})",
      itl_status_current: ["1"],
      itl_status_other: ["0"],
      rest_service: { "CAPF-trust": "capf" },
      web_forms: { upload_path: "/up.do", delete_button: "Remove" },
    },
    tvs_client_certificate_file: resolve("lsc.pem"),
    tvs_client_key_file: "/keys/lsc.key",
    replication_timeout: 3600,
    restart_timeout: 900,
    request_timeout: 30,
    cryptography: "legacy",
    certificate_transport: "web",
    ris_per_minute: 30,
    resets_per_minute: 60,
    decommissioned: true,
    platform_username_env: "CUCM_SOURCE_PLATFORM_USERNAME",
    platform_password_env: "CUCM_SOURCE_PLATFORM_PASSWORD",
    application_username_env: "CUCM_SOURCE_APPLICATION_USERNAME",
    application_password_env: "CUCM_SOURCE_APPLICATION_PASSWORD",
  });
});

describe("TFTP addresses", () => {
  const answers = (props: Partial<SecureClusterProps>) =>
    Object.values(synth({ source: props }).resource.dhcp_option_150!)[0]!.source_addresses;

  test("are those that the cluster tells, a list that is known only at plan", () => {
    // A spread of it at synth would be one string in a list.
    expect(answers({})).toMatch(/^\$\{data\.cucm_cluster\.source_facts_\w+\.tftp_addresses\}$/);
  });

  test("or those that are declared, in their order", () => {
    expect(answers({ tftpAddresses: ["10.10.0.13", "10.10.0.12"] })).toEqual(["10.10.0.13", "10.10.0.12"]);
  });

  test("a caller cannot change what is declared", () => {
    const declared = ["10.10.0.13"];
    const { made } = stackOf(["source", { tftpAddresses: declared }]);
    made[0]!.tftpAddresses.push("10.66.66.66");
    expect(made[0]!.tftpAddresses).toEqual(["10.10.0.13"]);
  });
});

const tls = (pins: { readonly [address: string]: readonly string[] }) => ({
  identity: { ...IDENTITY, tlsSha256: pins },
});
const ssh = (pins: { readonly [address: string]: readonly string[] }) => ({
  identity: { ...IDENTITY, sshSha256: pins },
});

test.each<[string, Partial<SecureClusterProps>, string]>([
  [
    "a publisher that is no address",
    { publisher: "10.10.0.256" },
    'publisher "10.10.0.256" is no address. Write an IPv4 address or a host name.',
  ],
  ["a publisher that is an URL", { publisher: "https://cm1" }, 'publisher "https://cm1" is no address.'],
  ["a publisher with a port", { publisher: "10.10.0.11:8443" }, 'publisher "10.10.0.11:8443" is no address.'],
  ["an empty publisher", { publisher: "" }, 'publisher "" is no address.'],
  [
    "a node's address",
    { nodeAddresses: { "cm-sub-1": "10.10.0" } },
    'nodeAddresses has "10.10.0" for cm-sub-1, which is no address.',
  ],
  ["no TFTP node", { tftpAddresses: [] }, "tftpAddresses is empty. Name the TFTP nodes, or leave it out"],
  [
    "a TFTP node by name",
    { tftpAddresses: ["tftp1"] },
    'tftpAddresses names "tftp1", which is no IPv4 address. Option 150 carries IPv4 addresses only.',
  ],
  ["a time that is none", { timeouts: { restart: 0 } }, "timeouts.restart is 0. Write seconds, more than 0."],
  [
    "a rate of half a phone",
    { resetsPerMinute: 0.5 },
    "resetsPerMinute is 0.5. Write a whole number of phones",
  ],
  ["a rate of nothing", { risPerMinute: 0 }, "risPerMinute is 0. Write what the enterprise parameter"],
  [
    "a pin of another algorithm",
    tls({ "*": ["ab".repeat(20)] }),
    `identity.tlsSha256 of * has "${"ab".repeat(20)}". Write the SHA-256 of the certificate in hex: 64 digits`,
  ],
  [
    "an SSH pin in hex",
    ssh({ "*": [TLS_PIN] }),
    `identity.sshSha256 of * has "${TLS_PIN}". Write SHA256: and 43 characters, as ssh-keygen -l prints it.`,
  ],
  [
    "a pin of a variable that is not set",
    tls({ "10.10.0.11": [process.env.NOT_SET as string] }),
    "identity.tlsSha256 of 10.10.0.11 has an empty pin. If it comes from an environment variable, set that. Write the SHA-256",
  ],
  [
    "a pin of a variable that is set to nothing",
    ssh({ "*": [""] }),
    "identity.sshSha256 of * has an empty pin. If it comes from an environment variable, set that. Write SHA256:",
  ],
  [
    "a pin of no address",
    tls({ "10.10.0.11/24": [TLS_PIN] }),
    'identity.tlsSha256 names "10.10.0.11/24", which is no address. Name the node by its address, or * for any node.',
  ],
  [
    "a spelling that is none",
    { spellings: { pasteEnding: "ctrl-d" } as SecureClusterProps["spellings"] },
    'spellings: there is no property "pasteEnding". The properties are importUnit, pasteEnd,',
  ],
  [
    "no SSH pin",
    ssh({ "10.10.0.11": [] }),
    "identity says nothing of the SSH host key of the publisher, 10.10.0.11. Add to sshSha256",
  ],
  [
    "an SSH pin of another node only, as a misspelt address is",
    ssh({ "10.10.0.12": [SSH_PIN] }),
    "identity says nothing of the SSH host key of the publisher, 10.10.0.11. Add to sshSha256",
  ],
  [
    "neither TLS pin nor CA",
    tls({}),
    "identity says nothing of the TLS certificate of the publisher, 10.10.0.11. Add tlsSha256 (by node address) or caPem",
  ],
  [
    "a TLS pin of another node only",
    tls({ "10.10.0.12": [TLS_PIN] }),
    "identity says nothing of the TLS certificate of the publisher, 10.10.0.11. Add tlsSha256",
  ],
])("%s is refused at synth, with the construct's path and the fix", (_, props, message) => {
  expect(() => stackOf(["source", props])).toThrow(
    expect.objectContaining({
      name: "ConfigurationError",
      message: expect.stringContaining(`[stack/source] ${message}`),
    }),
  );
});

test("a CA does instead of TLS pins, and pins may be written with colons", () => {
  expect(() => stackOf(["a", { identity: { sshSha256: { "*": [SSH_PIN] }, caPem: "pem" } }])).not.toThrow();
  expect(() => stackOf(["a", tls({ "10.10.0.11": [Array(32).fill("AB").join(":")] })])).not.toThrow();
});

test("no SSH pin is wanted where there is no SSH; REST deletes through it", () => {
  const forced = (certificateTransport: "web" | "rest") =>
    stackOf(["a", { ...ssh({}), certificateTransport }]);
  expect(() => forced("web")).not.toThrow();
  expect(() => forced("rest")).toThrow("identity says nothing of the SSH host key of the publisher");
});

test("an id that cannot name a cluster is refused", () => {
  expect(() => stackOf(["Source"])).toThrow(
    '[stack/Source] "Source" cannot name a cluster. Use lower-case letters, digits and -, beginning with a letter.',
  );
});

describe("the same cluster twice is refused", () => {
  const twice = (second: Partial<SecureClusterProps>, first: Partial<SecureClusterProps> = {}) =>
    stackOf(["source", first], ["destination", second]);

  test("by the address of the publisher", () => {
    expect(() => twice({})).toThrow(
      '[stack/destination] 10.10.0.11 is also a node of "source" [stack/source]. Source and destination must be two clusters',
    );
    expect(() => twice({ publisher: "CM1.example.com" }, { publisher: "cm1.example.com" })).toThrow(
      /is also a node of "source"/,
    );
  });

  test("by the address of any node", () => {
    expect(() => twice({ publisher: "10.10.0.12" }, { nodeAddresses: { sub: "10.10.0.12" } })).toThrow(
      '[stack/destination] 10.10.0.12 is also a node of "source"',
    );
  });

  test("by its name, in another place of the stack", () => {
    const { stack } = stackOf(["source"]);
    const { Construct } = require("constructs") as typeof import("constructs");
    const elsewhere = new Construct(stack, "elsewhere");
    expect(
      () =>
        new SecureCluster(elsewhere, "source", {
          publisher: "10.30.0.11",
          identity: IDENTITY,
          credentials: fromEnv("SOURCE"),
        }),
    ).toThrow(
      '[stack/elsewhere/source] Another cluster of this stack is named "source". Give one of them another id.',
    );
  });
});
