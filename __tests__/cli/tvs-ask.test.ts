import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type TlsOptions } from "node:tls";
import type { RunningClusters } from "../../lab/cluster/start";
import type { Certificate } from "../../trust/certificate";
import { Role } from "../../trust/roles";
import { parseTrustList } from "../../trust/trust-list";
import { startLab } from "../lab/cluster/support";
import { authority, identity, type ServerIdentity } from "../providers/cucm/cluster/fakes/identities";
import { run } from "./command";

const folder = mkdtempSync(join(tmpdir(), "tvs-ask-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

let lab: RunningClusters;
let itl: ReturnType<typeof parseTrustList>;
let host: string;
beforeAll(async () => {
  lab = await startLab({ source: { tvsRequiresClientCertificate: false } });
  const address = lab.ready.tftp.source[0]!;
  const { tftpHttp, tvs } = lab.ready.source.ports;
  const bytes = await (await fetch(`http://${address}:${tftpHttp}/ITLFile.tlv`)).arrayBuffer();
  itl = parseTrustList(Buffer.from(bytes));
  host = `${address}:${tvs}`;
}, 60_000);
afterAll(() => lab.close());

/** Certificate of the lab's source by its role; TVS that of the asked node. */
function certificateOf(role: number): Certificate {
  const at = host.split(":")[0];
  return itl.records.find((r) => r.role === role && (role !== Role.TVS || r.ipAddress === at))!.certificate!;
}
const own = () => file("TVS.pem", certificateOf(Role.TVS).pem);
const signer = () => file("CallManager.pem", certificateOf(Role.SAST).pem);
const stranger = identity("stranger");

describe("the lab's TVS", () => {
  it("vouches for its own signer, over one connection, and tells roles and time", async () => {
    const { status, out, err } = await run(
      "tvs", "ask", host, signer(), file("CallManager.der", certificateOf(Role.SAST).der),
      "--tvs-certificate", own(), "--device", "CP-8861-SEPB000B4BA0AEE",
    ); // biome-ignore format: one line of options
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(
      /^TVS at 127\.\S+: TLSv1\.2, \S+, one connection\. It asked for a client certificate/,
    );
    expect(out.match(/vouched for: SAST \(0\), .*may be kept 86400 s$/gm)).toHaveLength(2);
  });

  it("does not know a stranger: exit status 1", async () => {
    const pem = file("stranger.pem", stranger.cert);
    const { status, out, err } = await run("tvs", "ask", host, signer(), pem, "--tvs-certificate", own());
    expect(status).toBe(1);
    expect(out).toMatch(/^stranger\.pem +CN=stranger;O=Test +[0-9A-F]+ +not known$/m);
    expect(err).toContain("phone-migration: 1 of 2 certificates are vouched for with role 0 (SAST). ");
  });

  it("answers the verify exchange", async () => {
    const certificate = file("tvs-node.pem", certificateOf(Role.TVS).pem + certificateOf(Role.SAST).pem);
    const ask = ["tvs", "ask", host, certificate, "--tvs-certificate", own(), "--verify", "--json"];
    const { out } = await run(...ask);
    const { certificates, link, error } = JSON.parse(out);
    expect(error).toBeNull();
    expect(link).toMatchObject({ protocol: "TLSv1.2", wantsCertificate: true, connections: 1 });
    expect(certificates[1]).toMatchObject({
      outcome: "vouched",
      timeToLive: 86_400,
      sha256: certificateOf(Role.SAST).sha256,
      roles: expect.arrayContaining([{ role: 0, name: "SAST" }]),
    });
  });

  it("is asked nothing when it shows another certificate", async () => {
    const { status, out, err } = await run("tvs", "ask", host, signer(), "--tvs-certificate", signer());
    expect(status).toBe(1);
    expect(out).toBe("");
    expect(err).toContain("shows another certificate than the pinned one: Nothing was sent to it.");
    expect(err).toContain(`accepted by --tvs-certificate ${signer()}`);
  });

  it("is told apart from a port where nothing listens", async () => {
    const at = `${host.split(":")[0]}:1`;
    const { status, err } = await run("tvs", "ask", at, signer(), "--tvs-certificate", own());
    expect(status).toBe(1);
    expect(err).toContain("Cannot reach TVS (TCP 1)");
  });
});

describe("a TVS that demands a client certificate", () => {
  const phones = authority("CAPF");
  const lsc = identity("SEP001122334455", { by: phones });
  const rogue = identity("SEP001122334455");
  const tvs = identity("tvs");
  const client = ({ cert, key }: ServerIdentity) => [
    "--client-certificate",
    file("lsc.pem", cert),
    "--client-key",
    file("lsc.key", key),
  ];
  async function withServer<T>(options: TlsOptions, work: (ask: string[]) => Promise<T>): Promise<T> {
    const server = createServer({ cert: tvs.cert, key: tvs.key, ...options }, (socket) => socket.destroy());
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const pins = ["--tvs-certificate", file("tvs.pem", tvs.cert)];
    try {
      return await work(["tvs", "ask", `127.0.0.1:${port}`, signer(), ...pins]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const DEMANDING = { requestCert: true, rejectUnauthorized: true, ca: phones.pem };

  it.each(["TLSv1.2", "TLSv1.3"] as const)("is told apart (%s)", async (maxVersion) => {
    await withServer({ ...DEMANDING, maxVersion }, async (ask) => {
      expect((await run(...ask)).err).toMatch(
        /This TVS demands a client certificate .*: set --client-certificate and --client-key to one that it trusts/,
      );
      expect((await run(...ask, ...client(rogue))).err).toMatch(/refuses our client certificate/);
    });
  });

  it("takes ours, and one that never asks is not blamed for it", async () => {
    await withServer(DEMANDING, async (ask) => {
      // This one takes the certificate and hangs up: that is all that can be said of it.
      expect((await run(...ask, ...client(lsc))).err).toMatch(/It ended the connection \(unanswered\)/);
    });
    await withServer({}, async (ask) => {
      expect((await run(...ask)).err).toContain("has not asked for a client certificate");
    });
  });

  it("of an old release is reached with --legacy only", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
    await withServer(old, async (ask) => {
      expect((await run(...ask)).err).toContain(
        "An old release may offer only TLS 1.0 or weak ciphers: try --legacy.",
      );
      expect((await run(...ask, "--legacy")).err).not.toContain("No TLS");
    });
  });
});

describe("the lab's TVS that demands a client certificate", () => {
  it("answers a phone's LSC, and says what it wants without", async () => {
    const demanding = await startLab({ source: { tvsRequiresClientCertificate: true } });
    try {
      const address = demanding.ready.tftp.source[0]!;
      const { tftpHttp, tvs } = demanding.ready.source.ports;
      const bytes = await (await fetch(`http://${address}:${tftpHttp}/ITLFile.tlv`)).arrayBuffer();
      const { records } = parseTrustList(Buffer.from(bytes));
      const pem = (role: number, at?: string) =>
        records.find((r) => r.role === role && (at === undefined || r.ipAddress === at))!.certificate!.pem;
      const ask = ["tvs", "ask", `${address}:${tvs}`, file("signer.pem", pem(Role.SAST))];
      ask.push("--tvs-certificate", file("pub-tvs.pem", pem(Role.TVS, address)));
      const without = await run(...ask);
      expect(without.status).toBe(1);
      expect(without.err).toContain(
        "This TVS demands a client certificate (it closed the connection unanswered)",
      );
      const { certificate, key } = demanding.ready.phones[0]!.lsc!;
      const files = [
        "--client-certificate",
        file("phone.pem", certificate),
        "--client-key",
        file("phone.key", key),
      ];
      const { status, out } = await run(...ask, ...files);
      expect(out).toContain("It asked for a client certificate and took ours.");
      expect(status).toBe(0);
    } finally {
      await demanding.close();
    }
  }, 60_000);
});

describe("what is not understood", () => {
  const both = () => [signer(), "--tvs-certificate", own()];
  it.each<[string, () => string[], number, RegExp]>([
    ["no server certificate", () => [host, signer()], 2, /--tvs-certificate/],
    ["a strange host", () => ["ho st", ...both()], 2, /is not a host/],
    ["a port too high", () => ["h:70000", ...both()], 2, /is not a host/],
    ["both exchanges", () => [host, ...both(), "--query", "--verify"], 2, /Choose one/],
    [
      "a certificate without key",
      () => [host, ...both(), "--client-certificate", signer()],
      2,
      /belong together/,
    ],
    ["a device name", () => [host, ...both(), "--device", "é"], 2, /printable ASCII/],
    [
      "no certificate in a file",
      () => [host, file("x", "x"), "--tvs-certificate", own()],
      2,
      /holds no certificate/,
    ],
    [
      "two certificates for one server",
      () => [host, signer(), "--tvs-certificate", file("two.pem", stranger.cert + stranger.cert)],
      2,
      /one certificate is expected, 2 are there/,
    ],
    [
      "a key of another certificate",
      () => [host, ...both(), "--client-certificate", signer(), "--client-key", file("k", stranger.key)],
      2,
      /is not the key of the certificate/,
    ],
    [
      "a key that is none",
      () => [host, ...both(), "--client-certificate", signer(), "--client-key", file("n", "secret")],
      2,
      /is not a private key that can be read/,
    ],
  ])("%s", async (_, args, expected, words) => {
    const { status, err } = await run("tvs", "ask", ...args());
    expect(err).toMatch(words);
    expect(err).not.toContain("secret");
    expect(status).toBe(expected);
  });
});
