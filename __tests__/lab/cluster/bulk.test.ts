/** The lab's side of a bulk exchange, without the product: an administrator types, files appear. */
import type { RunningClusters } from "../../../lab/cluster/start";
import { ACCOUNTS, fault, Shell, startLab, state } from "./support";

const SFTP = { username: "exchange", password: "xch-s3cret" };
const QUESTIONS = [
  { about: "user", question: "User ID: " },
  { about: "password", question: "Password: " },
  { about: "address", question: "IP: " },
  { about: "port", question: "Port: " },
  { about: "directory", question: "Directory: " },
] as const;
const MANNERS = {
  dialogue: QUESTIONS,
  echo: "stars",
  confirms: true,
  tftpUnit: "tftp",
  exported: "{node}.p12",
  consolidated: "all.p12",
  seal: { passphrase: "", cipher: "3des" },
} as const;

let lab: RunningClusters;
beforeAll(async () => {
  lab = await startLab({
    source: { version: "10.5.2.13900-12" },
    sftp: SFTP,
    drawn: { source: { bulk: MANNERS }, destination: { bulk: MANNERS } },
  });
}, 60_000);
afterAll(() => lab?.close());

const open = (side: "source" | "destination", address = lab.ready[side].publisher) =>
  Shell.open(address, lab.ready[side].ports.ssh, ACCOUNTS[side].platform.password);

async function tell(shell: Shell, password = SFTP.password): Promise<void> {
  const { address, port, directory } = lab.ready.sftp!;
  const answers = { address, port: `${port}`, directory, user: SFTP.username, password };
  shell.text = "";
  shell.type("set cert bulk sftp\r");
  for (const { about, question } of QUESTIONS) {
    await shell.wait(new RegExp(`${question}$`));
    shell.type(`${answers[about]}\r`);
  }
  await shell.wait(/\(y\/n\)\? $/);
  shell.type("y\r");
  await shell.wait(/admin:$/);
}

it("exports for each node, consolidates, imports into the stores of the other cluster only", async () => {
  const [source, destination] = [await open("source"), await open("destination")];
  for (const shell of [source, destination]) {
    await tell(shell);
    expect(shell.plain()).toContain(`Password: ${"*".repeat(SFTP.password.length)}`);
    expect(await shell.run("set cert bulk export tftp")).toContain("Successfully exported");
  }
  expect([...lab.sftp!.files.keys()].sort()).toEqual(
    ["cucm10-pub", "cucm10-sub1", "cucm10-sub2", "cucm11-pub", "cucm11-sub1", "cucm11-sub2"].map(
      (node) => `/exchange/${node}.p12`,
    ),
  );
  await destination.run("set cert bulk consolidate tftp");
  expect(lab.sftp!.files.has("/exchange/all.p12")).toBe(true);
  const before = (await state(lab.ready.control)).clusters;
  await source.run("set cert bulk import tftp");
  const { clusters } = await state(lab.ready.control);
  const stored = (of: typeof clusters, store: string) =>
    of.source.nodes["cucm10-pub"]!.stores[store]!.map(({ sha256 }) => sha256);
  const theirs = Object.values(clusters.destination.nodes).map(({ identities }) => identities.CallManager!);
  for (const store of ["CallManager-trust", "Phone-SAST-trust"])
    expect(
      stored(clusters, store)
        .filter((one) => !stored(before, store).includes(one))
        .sort(),
    ).toEqual([...theirs].sort());
  expect(clusters.destination.storesHash).toBe(before.destination.storesHash);
  source.close();
  destination.close();
});

it("takes the commands on the publisher only, and no unit that it does not know", async () => {
  const shell = await open("source", lab.ready.source.nodeAddresses["cucm10-sub1"]);
  expect(await shell.run("set cert bulk export tftp")).toContain("on the publisher only");
  shell.close();
  const publisher = await open("source");
  expect(await publisher.run("set cert bulk export everything")).toContain("Invalid unit name");
  publisher.close();
});

it("breaks on demand", async () => {
  const shell = await open("source");
  await tell(shell);
  lab.sftp!.files.clear();
  const exported = () => shell.run("set cert bulk export tftp");
  await fault(lab.ready.control, { kind: "sftp", readOnly: true });
  expect(await exported()).toContain("Unable to write");
  await fault(lab.ready.control, { kind: "sftp", readOnly: false, directory: false });
  lab.sftp!.files.clear();
  expect(await exported()).toContain("Unable to write");
  await fault(lab.ready.control, { kind: "sftp", directory: true, login: false });
  expect(await exported()).toContain("Unable to connect");
  await fault(lab.ready.control, { kind: "heal" });
  await fault(lab.ready.control, { kind: "bulk", cluster: "source", step: "export", works: false });
  expect(await exported()).toContain("Successfully exported");
  expect(lab.sftp!.files.size).toBe(0);
  await fault(lab.ready.control, { kind: "heal" });
  await exported();
  expect(lab.sftp!.files.size).toBe(3);
  shell.close();
});
