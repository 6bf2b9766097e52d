/** `utils ctl update CTLFile` at the lab's CLI, without the product. */
import type { RunningClusters } from "../../../lab/cluster/start";
import { Role } from "../../../trust/roles";
import { findSigner, parseTrustList, verifyTrustList } from "../../../trust/trust-list";
import { ACCOUNTS, fault, Shell, startLab, state, until } from "./support";

let lab: RunningClusters;
beforeAll(async () => {
  lab = await startLab({ destination: { version: "11.5.1.10000-6", listSigner: "token" } });
  await fault(lab.ready.control, {
    kind: "plant-trust",
    cluster: "source",
    store: "Phone-SAST-trust",
    commonName: "stranger",
  });
}, 60_000);
afterAll(() => lab?.close());

type Side = "source" | "destination";
const open = (side: Side, node = 0) =>
  Shell.open(
    Object.values(lab.ready[side].nodeAddresses)[node]!,
    lab.ready[side].ports.ssh,
    ACCOUNTS[side].platform.password,
  );

async function update(side: Side, answer: string | null, node = 0): Promise<string> {
  const shell = await open(side, node);
  shell.text = "";
  shell.type("utils ctl update CTLFile\r");
  if (answer !== null) {
    await shell.wait(/This operation updates the CTLFile\.\s+Do you want to continue\? \(y\/n\):$/);
    shell.type(`${answer}\r`);
  }
  await shell.wait(/admin:$/);
  const said = shell.plain();
  shell.close();
  return said;
}

async function served(node: number) {
  const address = Object.values(lab.ready.source.nodeAddresses)[node]!;
  const response = await fetch(`http://${address}:${lab.ready.source.ports.tftpHttp}/CTLFile.tlv`);
  return parseTrustList(Buffer.from(await response.arrayBuffer()));
}
const sasts = async (node: number) =>
  (await served(node)).records
    .filter(({ role }) => role === Role.SAST)
    .map(({ certificate }) => certificate!.commonName);

async function restartTftp(node: string): Promise<void> {
  await fault(lab.ready.control, {
    kind: "service",
    cluster: "source",
    node,
    service: "Cisco Tftp",
    order: "Restart",
  });
  await until(
    async () =>
      (await state(lab.ready.control)).clusters.source.nodes[node]!.services["Cisco Tftp"] === "Started",
  );
}

it("is the publisher's, of a tokenless cluster in mixed mode", async () => {
  expect(await update("source", null, 1)).toContain("This command is available on the publisher only");
  expect(await update("destination", null)).toContain("created with the CTL client");
  await fault(lab.ready.control, {
    kind: "parameter",
    cluster: "source",
    name: "ClusterSecurityMode",
    value: "0",
  });
  expect(await update("source", null)).toContain("not in mixed mode");
  await fault(lab.ready.control, {
    kind: "parameter",
    cluster: "source",
    name: "ClusterSecurityMode",
    value: "1",
  });
});

it("asks, and lists Phone-SAST-trust as SAST; show ctl shows it, a TFTP node only after its restart", async () => {
  const before = await sasts(0);
  expect(before).not.toContain("stranger");
  expect(await update("source", "n")).not.toContain("CTL file Updated");
  await fault(lab.ready.control, { kind: "ctl-update", cluster: "source", works: false });
  expect(await update("source", "y")).toContain("CTL file Updated");
  await fault(lab.ready.control, { kind: "ctl-update", cluster: "source", works: true });
  await fault(lab.ready.control, { kind: "export-control", cluster: "source", allowed: false });
  expect(await update("source", "y")).not.toMatch(/updat(ing|ed)/i);
  await fault(lab.ready.control, { kind: "export-control", cluster: "source", allowed: true });
  const shell = await open("source");
  await shell.run("set cli pagination off");
  expect(await shell.run("show ctl")).not.toContain("stranger");

  expect(await update("source", "y")).toMatch(
    /CTL file Updated\s+Please Restart the TFTP and Cisco CallManager/,
  );
  expect(await shell.run("show ctl")).toContain("CN=stranger");
  shell.close();
  expect(await sasts(0)).toEqual(before);
  await restartTftp("cucm10-pub");
  expect((await sasts(0)).slice(0, 2)).toEqual(before);
  expect(await sasts(0)).toContain("stranger");
  expect(new Set(await sasts(0)).size).toBe((await sasts(0)).length);
  expect(await sasts(1)).toEqual(before);
  const list = await served(0);
  expect(verifyTrustList(list, findSigner(list)!.publicKey!)).toBe(true);
});
