import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "../../cli/extract";
import type { RunningClusters } from "../../lab/cluster/start";
import { Certificate } from "../../trust/certificate";
import { roleName } from "../../trust/roles";
import { buildSignedFile } from "../../trust/signed-file";
import { buildTrustList, parseTrustList, type TrustRecord } from "../../trust/trust-list";
import { startLab } from "../lab/cluster/support";
import { identity, name } from "../trust/authority";
import { hex, input, publisher, recovery, tlv } from "../trust/lists";
import { run } from "./command";

const folder = mkdtempSync(join(tmpdir(), "trust-list-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const ctl = buildTrustList(input());
const foreign = buildTrustList(input({ records: input().records.slice(2) }));

describe("--extract", () => {
  const into = (name: string) => join(folder, name);

  it("writes each certificate once for each role, and says where", async () => {
    const dir = into("new/certificates");
    const { status, out } = await run("trust-list", file("x.tlv", ctl), "--extract", dir);
    expect(status).toBe(0);
    const records = parseTrustList(ctl).records.filter(({ certificate }) => certificate !== undefined);
    const names = records.map(
      ({ role, certificate }) => `${roleName(role).replace("+", "-")}_${certificate!.sha256}.pem`,
    );
    expect(readdirSync(dir).sort()).toEqual([...new Set(names)].sort());
    for (const { role, certificate } of records) {
      const name = `${roleName(role).replace("+", "-")}_${certificate!.sha256}.pem`;
      expect(Certificate.fromPem(readFileSync(join(dir, name), "utf8")).sha256).toBe(certificate!.sha256);
      expect(out).toContain(`  ${name}`);
    }
    // Once more: it is all there.
    expect((await run("trust-list", file("x.tlv", ctl), "--extract", dir, "--json")).status).toBe(0);
  });

  it("overwrites nothing, and writes nothing when something is in the way", async () => {
    const dir = into("taken");
    mkdirSync(dir);
    const { sha256 } = publisher.certificate;
    const target = into("elsewhere.pem");
    writeFileSync(join(dir, `SAST_${sha256}.pem`), "something else");
    const taken = await run("trust-list", file("x.tlv", ctl), "--extract", dir);
    expect(taken.status).toBe(1);
    expect(taken.err).toContain(`SAST_${sha256}.pem is there already, and holds something else.`);
    expect(readdirSync(dir)).toHaveLength(1);
    rmSync(join(dir, `SAST_${sha256}.pem`));
    symlinkSync(target, join(dir, `SAST_${sha256}.pem`));
    expect((await run("trust-list", file("x.tlv", ctl), "--extract", dir)).status).toBe(1);
    expect(existsSync(target)).toBe(false);
  });

  it("also of a list that does not verify, whose exit status stays what it is", async () => {
    const dir = into("foreign");
    const { status } = await run("trust-list", file("foreign2.tlv", foreign), "--extract", dir);
    expect(status).toBe(1);
    expect(readdirSync(dir).length).toBeGreaterThan(0);
  });

  it("a role of any number is a name and no path", () => {
    const { certificate } = recovery;
    const record = { role: 4711, certificate } as unknown as TrustRecord;
    expect(extract([record], into("odd"))).toEqual([into(`odd/role-4711_${certificate.sha256}.pem`)]);
  });
});

describe("files", () => {
  it("are shown as show ctl does, with the record that verifies them", async () => {
    const { status, out, err } = await run("trust-list", file("CTLFile.tlv", ctl));
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toContain("\n4       FUNCTION        2       System Administrator Security Token\n");
    expect(out).toContain("The CTL file was verified successfully.");
    expect(out).toMatch(
      /^Verified: signed by record 1 \(SAST\), CN=cucm-1051-a-pub;.*; SHA1, RSA of 1024 bits\.$/m,
    );
  });

  it("do not verify without their signer, and do with it", async () => {
    const path = file("foreign.tlv", foreign);
    const alone = await run("trust-list", path);
    expect(alone.status).toBe(1);
    expect(alone.err).toBe(`phone-migration: ${path}: does not verify: its signer is not listed.`);
    expect(alone.out).toContain("serial number 70CAF64E090751B9DF22F49F754FC5BB, issuer CN=cucm-1051-a-pub");

    const pem = file("publisher.pem", publisher.certificate.pem);
    const other = file("recovery.pem", recovery.certificate.pem);
    const given = await run("trust-list", path, "--certificate", other, "--certificate", pem);
    expect(given).toMatchObject({ status: 0, err: "" });
    expect(given.out).toContain("The CTL file was verified successfully.");
    expect(given.out).toContain("Verified: signed by the given certificate, CN=cucm-1051-a-pub");
    const wrong = await run("trust-list", path, "--certificate", other);
    expect(wrong.err).toContain("its signer is neither listed nor one of the certificates that were given");
  });

  it("with one bad among them fail together, each with its reason", async () => {
    const changed = Buffer.from(ctl);
    changed[changed.length - 1]! ^= 1;
    const good = file("good.tlv", ctl);
    const bad = file("changed.tlv", changed);
    const cut = file("cut.tlv", ctl.subarray(0, -1));
    const { status, out, err } = await run("trust-list", good, bad, cut);
    expect(status).toBe(1);
    expect(out).toContain(`=== ${bad}`);
    expect(err).toContain("2 of 3 files do not verify:");
    expect(err).toContain(`${bad}: does not verify: its signature is not the one of its signer, record 1.`);
    expect(err).toMatch(
      /cut\.tlv: not a whole CTL or ITL file: byte \d+: expected a record length of 5 to \d+, found \d+\./,
    );
  });

  it("that are no trust lists are told what they look like", async () => {
    const { certificate: signer, privateKey } = publisher;
    const configuration = buildSignedFile({
      signer,
      privateKey,
      digest: "sha1",
      filename: "SEP001122334455.cnf.xml.sgn",
      timestamp: new Date(0),
      payload: Buffer.from("<device/>"),
    });
    const cases: [string, Buffer | string, RegExp][] = [
      ["a.sgn", configuration, /names SEP001122334455\.cnf\.xml\.sgn: a signed file/],
      ["a.html", "<html>no</html>", /byte 0: expected VERSION.*It looks like XML or HTML\./],
      ["a.empty", "", /byte 0: .*The file is empty\./],
      ["a.large", Buffer.alloc(70_000), /byte 65536: expected a file of at most 65536 bytes, found 70000/],
    ];
    for (const [name, bytes, expected] of cases) {
      const { status, err } = await run("trust-list", file(name, bytes));
      expect(status).toBe(1);
      expect(err).toMatch(expected);
    }
    const none = join(folder, "none");
    const said = `${none} cannot be read: there is no such file. Give a file that is there and may be read.`;
    expect(await run("trust-list", none, "--extract", join(folder, "never"))).toEqual({
      status: 2,
      out: "",
      err: `phone-migration: ${said}`,
    });
    expect(existsSync(join(folder, "never"))).toBe(false);
    expect(await run("trust-list", none, none)).toMatchObject({
      status: 2,
      out: "",
      err: expect.stringContaining(`2 of 2 files do not verify:\n  ${said}`),
    });
    const json = await run("trust-list", none, "--json");
    expect(json.status).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject([{ from: none, verified: false, error: said }]);
  });

  it("as JSON say everything, errors included", async () => {
    const unknown = Buffer.concat([ctl, tlv(1, hex("000f")), tlv(4, hex("0063")), hex("63000211ff")]);
    const { status, out } = await run(
      "trust-list",
      file("unknown.tlv", unknown),
      file("cut.tlv", ctl.subarray(0, 5)),
      "--json",
    );
    expect(status).toBe(1);
    const [first, second] = JSON.parse(out);
    expect(first).toMatchObject({
      verified: false,
      reason: "its signature is not the one of its signer, record 1",
      kind: "CTL",
      digest: "sha1",
      signatureBits: 1024,
      warnings: ["Tags without known meaning in record 7: 99."],
    });
    expect(first.records[4]).toMatchObject({ role: "CCM", key: "ec secp384r1" });
    expect(first.records[6]).toMatchObject({ role: "role 99", unknown: [{ tag: 99, value: "11ff" }] });
    expect(second).toMatchObject({ verified: false, offset: 0, error: expect.stringContaining("byte 0") });
    const good = JSON.parse((await run("trust-list", file("ok.tlv", ctl), "--json")).out);
    expect(good[0]).toMatchObject({
      verified: true,
      verifiedBy: { record: 1, role: "SAST", sha256: publisher.certificate.sha256 },
    });
  });

  it("are warned about, but verify: an expired signer", async () => {
    const at = jest.useFakeTimers({ now: new Date("2045-01-01"), doNotFake: ["setImmediate", "nextTick"] });
    try {
      const { status, out } = await run("trust-list", file("old.tlv", ctl));
      expect(status).toBe(0);
      expect(out).toContain("Warning: The signer's certificate expired on 2044-01-01.");
      expect(out).toContain("Warning: The certificate of record 4 (TVS) expired on 2044-01-01.");
    } finally {
      at.useRealTimers();
    }
  });

  it("do not steer a terminal", async () => {
    const evil = identity({ subject: name({ CN: "a\u001b[2Jb" }) });
    const records = [{ role: 0, certificate: evil.certificate, dnsName: "x\u001b[2J" }];
    const list = buildTrustList(
      input({ signer: evil.certificate, privateKey: evil.privateKey, records, filename: "\u001bCTL" }),
    );
    expect((await run("trust-list", file("evil.tlv", list))).out).not.toContain("\u001b");
  });
});

describe("URLs", () => {
  let lab: RunningClusters;
  let server: Server;
  beforeAll(async () => {
    lab = await startLab();
    server = createServer((request, response) => {
      if (request.url === "/CTLFile.tlv") response.end(Buffer.alloc(2 ** 21));
      else if (request.url !== "/silent") response.writeHead(500).end("no");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }, 60_000);
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await lab.close();
  });
  const served = (name: string) =>
    `http://${lab.ready.tftp.destination[0]}:${lab.ready.destination.ports.tftpHttp}/${name}`;

  it("of every list that the lab serves verify", async () => {
    const urls = ["CTLFile.tlv", "ITLFile.tlv"].map(served);
    const { status, out } = await run("trust-list", ...urls, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(out).map(({ kind }: { kind: string }) => kind)).toEqual(["CTL", "ITL"]);
  });

  it.each([
    [
      "a file that is not there",
      () => served("CTLSEP.tlv"),
      1,
      /has no CTLSEP\.tlv \(HTTP 404\)\. A cluster/,
    ],
    ["no port", () => "http://127.0.0.1:1/CTLFile.tlv", 1, /Cannot reach TFTP over HTTP \(TCP 1\)/],
    ["more than it may be", () => own("CTLFile.tlv"), 1, /more than 1048576 bytes/],
    ["an error", () => own("x"), 1, /HTTP 500: no/],
    ["https", () => "https://127.0.0.1:6971/CTLFile.tlv", 2, /https:.* is not fetched/],
    ["no file name", () => "http://127.0.0.1/", 2, /must name one file/],
    ["a password", () => "http://a:secret@127.0.0.1/CTLFile.tlv", 2, /must name one file/],
    ["nonsense", () => "http://[/CTLFile.tlv", 2, /is not a URL/],
  ])("with %s say so", async (_, url, expected, words) => {
    const { status, err } = await run("trust-list", url());
    expect(err).toMatch(words);
    expect(err).not.toContain("secret");
    expect(status).toBe(expected);
  });
  const own = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
});

it("is not understood without a file", async () => {
  expect((await run("trust-list")).status).toBe(2);
});
