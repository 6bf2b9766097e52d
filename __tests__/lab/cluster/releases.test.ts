/** What the lab plays of a release: 9.1 and 15 beside each other. */
import { once } from "node:events";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import { drawUnknowns } from "../../../lab/cluster/drawn";
import { sastUnits, usualListSigner } from "../../../lab/cluster/releases";
import type { RunningClusters } from "../../../lab/cluster/start";
import { Role } from "../../../trust/roles";
import { findSigner, parseTrustList } from "../../../trust/trust-list";
import { post, Shell, soap, startLab, state } from "./support";

type Name = "source" | "destination";

let lab: RunningClusters;
beforeAll(async () => {
  lab = await startLab({
    source: { version: "9.1.2.10000-28" },
    destination: { version: "15.0.1.10000-32" },
    phones: [],
    stale: [],
  });
}, 60_000);
afterAll(() => lab.close());

async function served(cluster: Name, name: string) {
  const url = `http://${lab.ready.tftp[cluster][0]}:${lab.ready[cluster].ports.tftpHttp}/${name}`;
  return parseTrustList(Buffer.from(await (await fetch(url)).arrayBuffer()));
}

async function protocol(cluster: Name, port: "https" | "tvs", old: boolean): Promise<string | null> {
  const { publisher, ports } = lab.ready[cluster];
  const socket = tlsConnect({
    host: publisher,
    port: ports[port],
    rejectUnauthorized: false,
    ...(old && ({ minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" } as const)),
  });
  try {
    await once(socket, "secureConnect");
    return (socket as TLSSocket).getProtocol();
  } finally {
    socket.destroy();
  }
}

describe("before 10.0", () => {
  it("a token signs the CTL and is its only SAST; the ITL is the node's own, without ITLRecovery", async () => {
    const ctl = await served("source", "CTLFile.tlv");
    expect(findSigner(ctl)!.certificate!.commonName).toBe("SAST-ADN008580ef");
    expect(ctl.records.filter(({ role }) => role === Role.SAST)).toHaveLength(1);
    const itl = await served("source", "ITLFile.tlv");
    const sasts = itl.records.filter(({ role }) => role === Role.SAST);
    expect(sasts.map(({ certificate }) => certificate!.commonName)).toEqual(["cucm10-pub.lab.example"]);
    const { nodes } = (await state(lab.ready.control)).clusters.source;
    expect(Object.values(nodes).map(({ identities }) => Object.keys(identities))).toEqual(
      Array(3).fill(["tomcat", "CallManager", "CAPF", "TVS"]),
    );
  });

  it("Tomcat and TVS speak TLS 1.0 only, and SSH what a client of today does not offer", async () => {
    for (const port of ["https", "tvs"] as const) {
      expect(await protocol("source", port, true)).toBe("TLSv1");
      await expect(protocol("source", port, false)).rejects.toThrow();
    }
    const { publisher, ports } = lab.ready.source;
    await expect(Shell.open(publisher, ports.ssh, "os-source")).rejects.toThrow(/no matching/);
    expect([lab.ready.source.cryptography, lab.ready.destination.cryptography]).toEqual(["legacy", "modern"]);
  });

  it("the CLI may know no way into Phone-SAST-trust; files have the CN alone", () => {
    const drawn = Array.from({ length: 60 }, () => drawUnknowns("8.6.2.20000-2"));
    expect(new Set(drawn.map(({ cliImportsSast }) => cliImportsSast)).size).toBe(2);
    expect(new Set(drawn.map(({ fileNames }) => fileNames))).toEqual(new Set(["cn"]));
    expect(drawUnknowns("10.5.2.11900-3").cliImportsSast).toBe(true);
  });
});

describe("15", () => {
  it("has one ITLRecovery for all nodes, and CAPF on the publisher alone", async () => {
    const nodes = Object.values((await state(lab.ready.control)).clusters.destination.nodes);
    expect(new Set(nodes.map(({ identities }) => identities.ITLRecovery)).size).toBe(1);
    expect(nodes.map(({ identities }) => identities.CAPF !== undefined)).toEqual([true, false, false]);
    expect(await protocol("destination", "https", false)).toBe("TLSv1.3");
  });

  it("lists the AXL versions in the words of a real one", async () => {
    const { publisher, ports, tlsSha256 } = lab.ready.destination;
    const body = soap("http://www.cisco.com/AXL/API/8.5", "<ns:getCCMVersion/>");
    const answer = await post(
      publisher,
      ports.https,
      tlsSha256[publisher]![0]!,
      "/axl/",
      body,
      "app:app-dest",
    );
    expect(answer.status).toBe(599);
    expect(answer.body).toContain("Supported axl versions are 12.x, 14.0 and 15.0");
  });
});

it.each([
  ["8.6.2.20000-2", "token", []],
  ["10.0.1.10000-24", "CallManager", ["CallManager"]],
  ["10.5.1.10000-7", "CallManager", ["CallManager"]],
  ["10.5.2.11900-3", "CallManager", ["CallManager", "ITLRecovery"]],
  ["11.5.1.10000-6", "CallManager", ["CallManager", "ITLRecovery"]],
  ["12.0.1.10000-10", "ITLRecovery", ["ITLRecovery", "CallManager"]],
] as const)("the CTL of %s is signed by %s", (version, signer, sasts) => {
  expect(usualListSigner(version)).toBe(signer);
  expect(sastUnits(version, signer === "token")).toEqual(sasts);
});
