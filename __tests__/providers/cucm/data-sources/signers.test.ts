import { Role } from "../../../../trust/roles";
import { buildSignedFile } from "../../../../trust/signed-file";
import { buildTrustList, parseTrustList, type TrustListInput } from "../../../../trust/trust-list";
import type { Identity } from "../../../trust/authority";
import { certificateOf } from "../certificates";
import { FakeCluster } from "../fake-cluster";
import { FakeCore } from "../fake-core";

const [pub, sub1, sub2, recovery, capf, token] = [
  "cm-pub",
  "cm-sub1",
  "cm-sub2",
  "ITLRECOVERY_cm-pub",
  "CAPF-0a1b2c3d",
  "cm-old-pub",
].map((cn) => certificateOf({ cn })) as [Identity, Identity, Identity, Identity, Identity, Identity];
/** Tag of the signature in the header of a list. */
const SIGNATURE = 12;
const SUB1 = "source-sub1";
const SUB2 = "source-sub2";

const signing = ({ certificate, privateKey }: Identity) =>
  ({ signer: certificate, privateKey, digest: "sha1", timestamp: new Date("2015-03-06T18:45:13Z") }) as const;
const list = (kind: "CTL" | "ITL", by: Identity, records: readonly Identity[]) =>
  buildTrustList({
    kind,
    ...signing(by),
    records: records.map(({ certificate }) => ({ certificate, role: Role.SAST })),
  } as TrustListInput);
const configuration = (by: Identity) =>
  buildSignedFile({ ...signing(by), filename: "SPDefault.cnf.xml.sgn", payload: Buffer.from("<device/>") });

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster("source");
  for (const [key, { certificate }] of Object.entries({
    "source-pub CallManager": pub,
    [`${SUB1} CallManager`]: sub1,
    [`${SUB2} CallManager`]: sub2,
    "source-pub ITLRecovery": recovery,
    "source-pub CAPF": capf,
  }))
    cluster.identities.set(key, certificate);
  for (const [node, own] of [
    [SUB1, sub1],
    [SUB2, sub2],
  ] as const) {
    cluster.files.set(`${node} CTLFile.tlv`, list("CTL", pub, [pub]));
    cluster.files.set(`${node} ITLFile.tlv`, list("ITL", own, [own]));
    cluster.files.set(`${node} SPDefault.cnf.xml.sgn`, configuration(own));
  }
});

// biome-ignore lint/suspicious/noExplicitAny: tests look at any attribute
async function read(): Promise<{ state: any; said: readonly string[] }> {
  return (await FakeCore.with(cluster)).readData("cucm_signers", { cluster: "source" });
}

test("the signers of the served files, the CallManager, ITLRecovery and CAPF certificates", async () => {
  const { state, said } = await read();
  expect(said).toEqual([]);
  const seen = Object.fromEntries(
    [pub, sub1, sub2, recovery, capf].map(({ certificate: c }) => [
      c.commonName,
      state.certificates[c.sha256],
    ]),
  );
  expect(Object.keys(state.certificates)).toHaveLength(5);
  expect(seen).toMatchObject({
    "cm-pub": {
      signer: true,
      seen_in: ["CTL of 127.1.10.12", "CTL of 127.1.10.13", "CallManager of 127.1.10.11"],
    },
    "cm-sub1": {
      signer: true,
      seen_in: ["CallManager of 127.1.10.12", "ITL of 127.1.10.12", "signed configuration of 127.1.10.12"],
    },
    "cm-sub2": { signer: true },
    "ITLRECOVERY_cm-pub": { signer: true, seen_in: ["ITLRecovery of 127.1.10.11"] },
    "CAPF-0a1b2c3d": { signer: false, seen_in: ["CAPF of 127.1.10.11"] },
  });
  expect(seen["cm-sub1"]).toMatchObject({
    pem: sub1.certificate.pem,
    subject: "CN=cm-sub1",
    issuer: "CN=cm-sub1",
    serial: sub1.certificate.serial,
    not_before: "2024-01-01T00:00:00.000Z",
    not_after: "2044-01-01T00:00:00.000Z",
  });
  expect(state).toMatchObject({ expired: [], problems: [], unread: [] });
});

// Served files come over plain HTTP: whoever could alter one would otherwise choose what phones trust.
test("a signer that only the lists' own records show is a problem, and never a signer", async () => {
  cluster.files.set(`${SUB1} CTLFile.tlv`, list("CTL", token, [pub, token]));
  const { state } = await read();
  expect(Object.keys(state.certificates)).not.toContain(token.certificate.sha256);
  expect(state.problems).toEqual(["The signer of the CTL of 127.1.10.12 is not to be found"]);
});

test("a record that signs nothing is not a signer", async () => {
  cluster.files.set(`${SUB1} CTLFile.tlv`, list("CTL", pub, [pub, token]));
  expect(Object.keys((await read()).state.certificates)).not.toContain(token.certificate.sha256);
});

// Problems and no errors: they stop a move to this cluster by a condition, and never the way back from it.
test("a signer whose certificate is found nowhere is a problem that names it", async () => {
  cluster.files.set(`${SUB2} SPDefault.cnf.xml.sgn`, configuration(token));
  const { state, said } = await read();
  const summary = "The signer of the signed configuration of 127.1.10.13 is not to be found";
  expect(state.problems).toEqual([summary]);
  expect(Object.keys(state.certificates)).toHaveLength(5);
  expect(said).toEqual([expect.stringContaining(`warning: ${summary} (cluster "source")`)]);
  expect(said.join()).toContain(`serial ${token.certificate.serial}, issuer CN=cm-old-pub`);
});

test("a file that is broken, or not signed by whom it names, is a problem that names it", async () => {
  cluster.files.set(`${SUB2} ITLFile.tlv`, Buffer.from("<html>"));
  const ctl = Buffer.from(cluster.files.get(`${SUB1} CTLFile.tlv`)!);
  ctl[parseTrustList(ctl).tlvs.find(({ tag }) => tag === SIGNATURE)!.offset + 20]! ^= 0xff;
  cluster.files.set(`${SUB1} CTLFile.tlv`, ctl);
  const { state, said } = await read();
  expect(state.problems).toEqual([
    "ITLFile.tlv of 127.1.10.13 is not a valid signed file",
    "The signature of the CTL of 127.1.10.12 is wrong",
  ]);
  expect(said).toHaveLength(2);
  expect(said.join()).toContain(`Its header names cm-pub (serial ${pub.certificate.serial})`);
});

test("a TFTP node that serves no list is a problem; one without default configuration is none", async () => {
  cluster.files.delete(`${SUB1} CTLFile.tlv`);
  cluster.files.delete(`${SUB2} ITLFile.tlv`);
  cluster.files.delete(`${SUB2} SPDefault.cnf.xml.sgn`);
  const { state, said } = await read();
  expect(state.problems).toEqual([
    "The TFTP node 127.1.10.12 serves no CTL",
    "The TFTP node 127.1.10.13 serves no ITL",
  ]);
  expect(said).toHaveLength(2);
  expect(Object.keys(state.certificates)).toHaveLength(5);
});

test("a node that does not answer is a warning, and is listed", async () => {
  cluster.fail("servedFile", SUB2);
  const { state, said } = await read();
  expect(said).toEqual([expect.stringMatching(/^warning: Not read: node 127.1.10.13 of cluster "source"/)]);
  expect(Object.keys(state.certificates)).not.toContain(sub2.certificate.sha256);
  expect(Object.keys(state.certificates)).toHaveLength(4);
  expect(state.unread).toEqual(["127.1.10.13"]);
});

test("while a node is silent, a signer that perhaps only it knows is no error", async () => {
  cluster.files.set(`${SUB1} ITLFile.tlv`, list("ITL", token, [pub]));
  cluster.fail("identityCertificate", SUB2);
  const { state, said } = await read();
  expect(said).toHaveLength(1);
  expect(state.unread).toEqual(["127.1.10.13"]);
});

test("a cluster that does not answer has none", async () => {
  cluster.fail("nodes");
  const { state, said } = await read();
  expect(said).toEqual([expect.stringMatching(/^warning: Not read/)]);
  expect(state).toEqual({
    cluster: "source",
    certificates: {},
    expired: [],
    problems: [],
    unread: ["127.1.10.11"],
  });
});

test("anything but the network is an error", async () => {
  cluster.fail("identityCertificate", SUB1, "credentials");
  expect((await read()).said.join()).toMatch(/^error: Cannot do identityCertificate on 127.1.10.12/);
});

test("signers that have expired are listed; an issuer of LSCs is none", async () => {
  const old = certificateOf({ cn: "cm-pub", from: "150101", to: "200101" }).certificate;
  cluster.identities.set("source-pub CallManager", old);
  cluster.identities.set(
    "source-pub CAPF",
    certificateOf({ cn: "CAPF-1", from: "150101", to: "200101" }).certificate,
  );
  expect((await read()).state.expired).toEqual(["CN=cm-pub"]);
});
