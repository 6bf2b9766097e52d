import type { RunningClusters } from "../../../lab/cluster/start";
import { Certificate } from "../../../trust/certificate";
import { findSigner, parseTrustList } from "../../../trust/trust-list";
import { ACCOUNTS, askTvs, fault, isRefused, Shell, startLab, state, until } from "./support";

let lab: RunningClusters;
let signer: Certificate;
beforeAll(async () => {
  lab = await startLab({
    drawn: {
      source: {
        tvsNoticesChanges: false,
        olderImport: "says-success",
        deletePrompt: { text: "Do you want to continue? (y/n):", yes: ["y"] },
      },
    },
  });
  const served = await fetch(
    `http://${lab.ready.tftp.destination[0]}:${lab.ready.destination.ports.tftpHttp}/CTLFile.tlv`,
  );
  signer = findSigner(parseTrustList(Buffer.from(await served.arrayBuffer())))!.certificate!;
}, 60_000);
afterAll(() => lab.close());

const source = (name: string) => lab.ready.source.nodeAddresses[name]!;
const shell = (name: string) =>
  Shell.open(source(name), lab.ready.source.ports.ssh, ACCOUNTS.source.platform.password);

const ENDS = { newline: "", "empty-line": "\r", "ctrl-d": "\x04" } as const;

async function importOn(node: string, store: string, certificate: Certificate): Promise<string> {
  const cli = await shell(node);
  const { importUnit, pasteEnd } = lab.ready.source.spellings;
  cli.text = "";
  cli.type(`set cert import trust ${importUnit[store]}\r`);
  await cli.wait(/Hit Enter/);
  cli.type(certificate.pem.replace(/\n/g, "\r") + ENDS[pasteEnd]);
  await cli.wait(/admin:$/);
  cli.close();
  return cli.plain();
}

async function deleteOn(node: string, store: string, file: string): Promise<string> {
  const cli = await shell(node);
  const { deleteCommand, importUnit } = lab.ready.source.spellings;
  cli.text = "";
  cli.type(
    `${deleteCommand.replace("{store}", store).replace("{unit}", importUnit[store]!).replace("{file}", file)}\r`,
  );
  await cli.wait(/\(y\/n\):$|admin:$/);
  cli.type("y\r");
  await cli.wait(/admin:$/);
  await new Promise((resolve) => setTimeout(resolve, 100));
  cli.close();
  return cli.plain();
}

const query = (certificate: Certificate, node: string) =>
  askTvs(source(node), lab.ready.source.ports.tvs, {
    type: "query-request",
    session: 1001,
    deviceName: "CP-8861-SEP001122334401",
    subject: certificate.subject,
    issuer: certificate.issuer,
    serial: certificate.serial,
  });

const stored = async (node: string, store: string): Promise<string[]> =>
  (await state(lab.ready.control)).clusters.source.nodes[node]!.stores[store]!.map(({ sha256 }) => sha256);

async function restartTvs(): Promise<void> {
  await fault(lab.ready.control, {
    kind: "service",
    cluster: "source",
    service: "Cisco Trust Verification Service",
    order: "Restart",
  });
  expect(await isRefused(source("cucm10-pub"), lab.ready.source.ports.tvs)).toBe(true);
  await until(async () => {
    const { nodes } = (await state(lab.ready.control)).clusters.source;
    return Object.values(nodes).every((node) => node.openPorts.includes("tvs"));
  });
}

describe("TVS", () => {
  it("shows the certificate that the ITL names and vouches for the cluster's own signers", async () => {
    const { answer, server } = await query(
      Certificate.fromPem((await ownCallManager("cucm10-pub")).pem),
      "cucm10-sub2",
    );
    expect(answer).toMatchObject({
      type: "query-response",
      session: 1001,
      status: 0,
      roles: [0, 2],
      timeToLive: 86_400,
    });
    const itl = parseTrustList(
      Buffer.from(
        await (
          await fetch(`http://${lab.ready.tftp.source[0]}:${lab.ready.source.ports.tftpHttp}/ITLFile.tlv`)
        ).arrayBuffer(),
      ),
    );
    const sha256 = Certificate.fromDer(server).sha256;
    expect(itl.records.some((record) => record.role === 21 && record.certificate!.sha256 === sha256)).toBe(
      true,
    );
  });

  it("does not know a foreign signer, in the document's words", async () => {
    expect((await query(signer, "cucm10-pub")).answer).toMatchObject({ status: 1 });
    const log = (await (
      await fetch(`${lab.ready.control}/tvs-log?cluster=source&node=cucm10-pub`)
    ).json()) as string[];
    const text = log.join("\n");
    expect(text).toContain(`tvsHandleQueryCertReq : Issuer Name is: CN=lab-ENTERPRISE-CA`);
    expect(text).toContain(`using Unique MAP ID : ${signer.serial}CN=lab-ENTERPRISE-CA`);
    expect(text).toContain("Cannot find the certificate in the cache");
  });

  it("compares the issuer literally", async () => {
    const own = Certificate.fromPem((await ownCallManager("cucm10-pub")).pem);
    const turned = own.issuer.split(";").reverse().join(";");
    const { answer } = await askTvs(source("cucm10-pub"), lab.ready.source.ports.tvs, {
      type: "query-request",
      session: 1,
      deviceName: "x",
      subject: own.subject,
      issuer: turned,
      serial: own.serial,
    });
    expect(answer).toMatchObject({ status: 1 });
  });

  it("answers whether it knows a certificate that a phone holds", async () => {
    const own = await ownCallManager("cucm10-pub");
    const ask = (certificate: Certificate) =>
      askTvs(source("cucm10-pub"), lab.ready.source.ports.tvs, {
        type: "verify-request",
        session: 7,
        deviceName: "x",
        certificate: certificate.der,
      });
    expect((await ask(own)).answer).toMatchObject({
      type: "verify-response",
      session: 7,
      status: 0,
      roles: [0, 2],
    });
    expect((await ask(signer)).answer).toMatchObject({ status: 1 });
  });
});

describe("imports", () => {
  it("into CallManager-trust replicate but give no role", async () => {
    expect(await importOn("cucm10-pub", "CallManager-trust", signer)).toContain(
      "Successfully imported certificate for CallManager.",
    );
    expect(await stored("cucm10-pub", "CallManager-trust")).toContain(signer.sha256);
    expect(await stored("cucm10-sub1", "CallManager-trust")).not.toContain(signer.sha256);
    await until(async () => (await stored("cucm10-sub2", "CallManager-trust")).includes(signer.sha256));
    await restartTvs();
    expect((await query(signer, "cucm10-pub")).answer).toMatchObject({ status: 1 });
  });

  it("into Phone-SAST-trust make TVS vouch with roles 0 and 3, after a restart", async () => {
    await importOn("cucm10-pub", "Phone-SAST-trust", signer);
    await until(async () => (await stored("cucm10-sub1", "Phone-SAST-trust")).includes(signer.sha256));
    await until(async () => (await stored("cucm10-sub2", "Phone-SAST-trust")).includes(signer.sha256));
    expect((await query(signer, "cucm10-pub")).answer).toMatchObject({ status: 1 });
    await restartTvs();
    for (const node of ["cucm10-pub", "cucm10-sub1", "cucm10-sub2"]) {
      const { answer } = await query(signer, node);
      expect(answer).toMatchObject({ status: 0, roles: [0, 3] });
      expect(answer.type === "query-response" && answer.certificate!.equals(signer.der)).toBe(true);
    }
  });

  it("of the same certificate again are refused", async () => {
    expect(await importOn("cucm10-sub1", "Phone-SAST-trust", signer)).toContain("already exists");
  });

  it("into CAPF-trust stay on their node; a delete does not", async () => {
    const capf = Certificate.fromPem((await own("destination", "cucm11-pub", "CAPF")).pem);
    for (const node of ["cucm10-pub", "cucm10-sub1"]) await importOn(node, "CAPF-trust", capf);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await stored("cucm10-sub2", "CAPF-trust")).not.toContain(capf.sha256);
    const { stores } = (await state(lab.ready.control)).clusters.source.nodes["cucm10-pub"]!;
    const { file } = stores["CAPF-trust"]!.find(({ sha256 }) => sha256 === capf.sha256)!;
    await deleteOn("cucm10-pub", "CAPF-trust", file);
    expect(await stored("cucm10-pub", "CAPF-trust")).not.toContain(capf.sha256);
    await until(async () => !(await stored("cucm10-sub1", "CAPF-trust")).includes(capf.sha256));
  });

  it("of a later namesake replace, of an older one are not stored although the CLI says so", async () => {
    const plant = (ageDays: number) =>
      fault(lab.ready.control, {
        kind: "plant-trust",
        cluster: "source",
        store: "Phone-SAST-trust",
        commonName: signer.commonName,
        ageDays,
      });
    await plant(30);
    expect(await stored("cucm10-pub", "Phone-SAST-trust")).not.toContain(signer.sha256);
    expect(await importOn("cucm10-pub", "Phone-SAST-trust", signer)).toContain("Successfully imported");
    expect(await stored("cucm10-pub", "Phone-SAST-trust")).not.toContain(signer.sha256);
    await plant(90);
    await importOn("cucm10-pub", "Phone-SAST-trust", signer);
    expect(await stored("cucm10-pub", "Phone-SAST-trust")).toContain(signer.sha256);
    await until(async () => (await stored("cucm10-sub1", "Phone-SAST-trust")).includes(signer.sha256));
    const names = (await state(lab.ready.control)).clusters.source.nodes["cucm10-sub1"]!.stores[
      "Phone-SAST-trust"
    ]!;
    expect(names.filter(({ subject }) => subject.includes(signer.commonName))).toHaveLength(1);
  });
});

describe("deletes", () => {
  it("leave every store byte for byte as before", async () => {
    const before = await startLab({
      drawn: { source: { deletePrompt: { text: "continue? (y/n):", yes: ["y"] } } },
    });
    const saved = lab;
    lab = before;
    try {
      const hash = async () => (await state(before.ready.control)).clusters.source.storesHash;
      const at = await hash();
      await importOn("cucm10-pub", "Phone-SAST-trust", signer);
      await until(async () => (await stored("cucm10-sub2", "Phone-SAST-trust")).includes(signer.sha256));
      expect(await hash()).not.toBe(at);
      const { stores } = (await state(before.ready.control)).clusters.source.nodes["cucm10-pub"]!;
      const { file } = stores["Phone-SAST-trust"]!.find(({ sha256 }) => sha256 === signer.sha256)!;
      expect(await deleteOn("cucm10-pub", "Phone-SAST-trust", file)).toContain("deleted");
      await until(async () => (await hash()) === at);
    } finally {
      lab = saved;
      await before.close();
    }
  }, 30_000);

  it("that nobody confirms do nothing", async () => {
    const { stores } = (await state(lab.ready.control)).clusters.source.nodes["cucm10-pub"]!;
    const { file, sha256 } = stores["CallManager-trust"]![0]!;
    const cli = await shell("cucm10-pub");
    const { deleteCommand, importUnit } = lab.ready.source.spellings;
    cli.type(
      `${deleteCommand.replace("{store}", "CallManager-trust").replace("{unit}", importUnit["CallManager-trust"]!).replace("{file}", file)}\r`,
    );
    await cli.wait(/\(y\/n\):$/);
    cli.text = "";
    cli.type("n\r");
    await cli.wait(/admin:$/);
    expect(cli.plain()).toContain("Executed command unsuccessfully");
    expect(await stored("cucm10-pub", "CallManager-trust")).toContain(sha256);
    cli.close();
  });
});

describe("a node that was down", () => {
  it("catches up when it comes back", async () => {
    const capf = Certificate.fromPem((await own("destination", "cucm11-sub1", "CAPF")).pem);
    await fault(lab.ready.control, { kind: "node", cluster: "source", node: "cucm10-sub2", up: false });
    expect(await isRefused(source("cucm10-sub2"), lab.ready.source.ports.ssh)).toBe(true);
    await importOn("cucm10-pub", "CallManager-trust", capf);
    await until(async () => (await stored("cucm10-sub1", "CallManager-trust")).includes(capf.sha256));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await stored("cucm10-sub2", "CallManager-trust")).not.toContain(capf.sha256);
    await fault(lab.ready.control, { kind: "node", cluster: "source", node: "cucm10-sub2", up: true });
    await until(async () => (await stored("cucm10-sub2", "CallManager-trust")).includes(capf.sha256));
  });
});

async function own(cluster: "source" | "destination", node: string, unit: string): Promise<Certificate> {
  const cli = await Shell.open(
    lab.ready[cluster].nodeAddresses[node]!,
    lab.ready[cluster].ports.ssh,
    ACCOUNTS[cluster].platform.password,
    500,
  );
  const text = await cli.run(`show cert own ${unit}/${unit}.pem`);
  cli.close();
  return Certificate.fromPem(text);
}
const ownCallManager = (node: string) => own("source", node, "CallManager");
