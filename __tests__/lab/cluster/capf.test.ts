/** Phones whose configuration is encrypted, and a CAPF that gives them LSCs. */
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import type { RunningClusters } from "../../../lab/cluster/start";
import { decryptConfig, encryptConfig } from "../../../lab/encrypted-config";
import { askCapf, type Enrolment } from "../../../lab/phone/capf-client";
import type { Certificate } from "../../../trust/certificate";
import { Role } from "../../../trust/roles";
import { parseSignedFile } from "../../../trust/signed-file";
import { parseTrustList } from "../../../trust/trust-list";
import { fault, PHONES, post, soap, startLab, state } from "./support";

const [NULL_STRING, EXISTING, MIC_ONLY] = PHONES;

let lab: RunningClusters;
beforeAll(async () => {
  lab = await startLab({
    source: { encryptedConfig: [NULL_STRING], version: "11.5.1.10000-6" },
    destination: {
      version: "11.5.1.10000-6",
      encryptedConfig: [NULL_STRING],
      enrolments: {
        [NULL_STRING]: "null string",
        [EXISTING]: "existing certificate",
        [MIC_ONLY]: "existing certificate",
      },
    },
    withoutLsc: [MIC_ONLY],
  });
}, 60_000);
afterAll(() => lab.close());

const phone = (name: string) => lab.ready.phones.find((one) => one.name === name)!;
const own = (name: string) => {
  const { certificate, key } = (phone(name).lsc ?? phone(name).mic)!;
  return { cert: certificate, key };
};
const served = async (cluster: "source" | "destination", name: string) => {
  const { publisher, ports } = lab.ready[cluster];
  const answer = await fetch(`http://${publisher}:${ports.tftpHttp}/${name}`);
  return answer.status === 404 ? null : parseSignedFile(Buffer.from(await answer.arrayBuffer())).payload;
};

async function capf(): Promise<{ readonly address: string; readonly port: number }> {
  const config = (await served("destination", `${NULL_STRING}.cnf.xml.sgn`))!.toString();
  const port = Number(/<phonePort>(\d+)</.exec(config)![1]);
  return { address: lab.ready.destination.publisher, port };
}

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
async function enrol(name: string, change: Partial<Enrolment> = {}) {
  const issued: Certificate[] = [];
  const reply = await askCapf(
    await capf(),
    {
      device: name,
      publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
      identity: own(name),
      isTrusted: async () => true,
      install: (lsc) => issued.push(lsc),
      ...change,
    },
    2000,
  );
  return { reply, lsc: issued[0] };
}

async function row(name: string) {
  const address = lab.ready.destination.publisher;
  const { body } = await post(
    address,
    lab.ready.destination.ports.https,
    lab.ready.destination.tlsSha256[address]![0]!,
    "/axl/",
    soap(
      "http://www.cisco.com/AXL/API/10.0",
      `<ns:executeSQLQuery><sql>select tkcertificateoperation,tkcertificatestatus,lscissuername from device where name='${name}'</sql></ns:executeSQLQuery>`,
    ),
    "app:app-dest",
  );
  const field = (tag: string) => new RegExp(`<${tag}>([^<]*)<`).exec(body)?.[1] ?? null;
  return [field("tkcertificateoperation"), field("tkcertificatestatus"), field("lscissuername")];
}

test("a database that knows the key serves the configuration for it, and a bare one under the usual name", async () => {
  const name = `${NULL_STRING}.cnf.xml`;
  const encrypted = await served("source", `${name}.enc.sgn`);
  const plain = decryptConfig(encrypted!, createPrivateKey(own(NULL_STRING).key))!.toString();
  expect(plain).toContain("<fullConfig>true</fullConfig>");
  expect(plain).toContain("<encrConfig>true</encrConfig>");
  expect(decryptConfig(encrypted!, privateKey)).toBeNull();
  expect((await served("source", `${name}.sgn`))!.toString()).toContain("<fullConfig>false</fullConfig>");
  expect(phone(NULL_STRING).configName).toBe(`${name}.enc.sgn`);
});

test("CAPF carries out what waits, once, and then the database knows the key", async () => {
  const name = `${NULL_STRING}.cnf.xml`;
  expect(await served("destination", `${name}.enc.sgn`)).toBeNull();
  expect(await row(NULL_STRING)).toEqual(["2", "2", ""]);
  const bare = (await served("destination", `${name}.sgn`))!.toString();
  expect(bare).toContain("<fullConfig>false</fullConfig>");
  expect(bare).toContain("<capfAuthMode>2</capfAuthMode>");

  const { reply, lsc } = await enrol(NULL_STRING);
  expect(reply).toEqual({ kind: "issued" });
  const { nodes } = (await state(lab.ready.control)).clusters.destination;
  expect(lsc!.commonName).toBe(`CP-8861-${NULL_STRING}`);
  expect(await row(NULL_STRING)).toEqual(["1", "3", expect.stringMatching(/CAPF-[0-9a-f]{8}/)]);
  const encrypted = await served("destination", `${name}.enc.sgn`);
  expect(decryptConfig(encrypted!, privateKey)!.toString()).toContain("<capfAuthMode>0</capfAuthMode>");
  expect(nodes["cucm11-pub"]!.openPorts).toContain("capf");
  expect(nodes["cucm11-sub1"]!.openPorts).not.toContain("capf");
  expect((await enrol(NULL_STRING)).reply).toMatchObject({ kind: "refused", why: /no-operation/ });
});

test("the phone refuses a CAPF that it does not know, and CAPF has issued nothing", async () => {
  expect((await enrol(EXISTING, { isTrusted: async () => false })).reply).toEqual({ kind: "not-in-lists" });
  expect(await row(EXISTING)).toEqual(["2", "2", ""]);
});

test("by existing certificate its issuer must be in CAPF-trust: of the LSC, or of the MIC", async () => {
  expect((await enrol(EXISTING)).reply).toMatchObject({ kind: "refused", why: /not-authenticated/ });
  expect((await enrol(EXISTING, { identity: null })).reply).toMatchObject({ kind: "refused" });
  const { certificate, key } = phone(MIC_ONLY).mic!;
  expect(phone(MIC_ONLY).lsc).toBeNull();
  expect((await enrol(EXISTING, { identity: { cert: certificate, key } })).reply).toMatchObject({
    kind: "refused",
  });
  expect((await enrol(MIC_ONLY)).reply).toEqual({ kind: "issued" });

  const { publisher, ports } = lab.ready.source;
  const answer = await fetch(`http://${publisher}:${ports.tftpHttp}/CTLFile.tlv`);
  const { records } = parseTrustList(Buffer.from(await answer.arrayBuffer()));
  const { pem } = records.find(({ role }) => role === Role.CAPF)!.certificate!;
  await fault(lab.ready.control, { kind: "plant-trust", cluster: "destination", store: "CAPF-trust", pem });
  expect((await enrol(EXISTING)).reply).toEqual({ kind: "issued" });
});

test("a CAPF that is stopped does not answer", async () => {
  const service = "Cisco Certificate Authority Proxy Function";
  const node = "cucm11-pub";
  await fault(lab.ready.control, { kind: "service", cluster: "destination", node, service, order: "Stop" });
  expect((await enrol(EXISTING)).reply).toMatchObject({ kind: "unreachable" });
});

test("what is encrypted for a key is read by that key, and damage is seen", () => {
  const bytes = encryptConfig(Buffer.from("text"), publicKey);
  expect(decryptConfig(bytes, privateKey)!.toString()).toBe("text");
  for (const at of [0, 8, 40, bytes.length - 1]) {
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 1;
    expect(decryptConfig(damaged, privateKey)).toBeNull();
  }
  expect(decryptConfig(Buffer.alloc(3), privateKey)).toBeNull();
});
