import { BulkExchange, settleMs } from "../../../../providers/cucm/cluster/bulk-exchange";
import { FakeCluster } from "../fake-cluster";
import { FakeDirectory } from "../fake-directory";
import { EXCHANGE_SERVER, failureOf, live } from "./fakes/setup";

const CLEAR = "\u001b[2J";

function exchange() {
  const directory = new FakeDirectory();
  const source = new FakeCluster("source");
  const destination = new FakeCluster("destination");
  for (const cluster of [source, destination]) {
    const { name } = cluster;
    cluster.bulk = async (step) => {
      if (step !== "import") directory.put(`${CLEAR}${step}-${name}${"x".repeat(200)}`, "x");
      return "";
    };
  }
  const said: string[] = [];
  const run = () =>
    new BulkExchange(
      [source, destination],
      EXCHANGE_SERVER,
      { archiveLeftovers: false },
      async () => directory,
    ).importInto(source, { signal: live(), progress: (line) => said.push(line) });
  return { directory, said, run, source };
}

it("shows names of files short and without control characters, and still knows them afterwards", async () => {
  const { directory, said, run } = exchange();
  await run();
  const lines = said.join("\n");
  expect(lines).toMatch(/exported 1 files \(it has 3 nodes\): \[2Jexport-source(x+)\.\.\. \(1 bytes\)/);
  expect(lines).toMatch(/consolidation made \[2Jconsolidate-/);
  expect(lines).not.toContain("\u001b");
  expect(lines).not.toContain("x".repeat(100));
  await run();
  directory.put(`${CLEAR}somebody`, "x");
  const error = await failureOf(run());
  expect(error.detail).toMatch(/^It has \[2Jsomebody, of another/);
});

it("takes an export for finished only when nothing has changed for some seconds", async () => {
  const { directory, said, run, source } = exchange();
  source.replicationTimeout = 4;
  const files = directory.files.bind(directory);
  let listings = Number.NEGATIVE_INFINITY;
  const bulk = source.bulk.bind(source);
  source.bulk = async (step, op) => {
    if (step === "export") listings = 0;
    return bulk(step, op);
  };
  directory.files = async () => {
    listings += 1;
    if (listings === 2) directory.put("late.p12", "");
    if (listings === 3) directory.put("late.p12", "1");
    return files();
  };
  await run();
  expect(said).toContainEqual(expect.stringMatching(/^source: exported 2 files .*late\.p12 \(1 bytes\)/));
  expect(settleMs(source)).toBeLessThan(1000);
  source.replicationTimeout = 300;
  expect(settleMs(source)).toBe(2000);
});

it("exports nothing into a directory that is full, and says how much is free", async () => {
  const { directory, said, run } = exchange();
  directory.free = 1024 * 1024 - 1;
  const error = await failureOf(run());
  expect(error.summary).toBe("Directory /exchange of SFTP server 127.0.0.1 is full");
  expect(error.detail).toMatch(/^1048575 bytes are free/);
  expect(directory.names).toEqual([]);
  directory.free = 5 * 1024 * 1024;
  await run();
  directory.free = null;
  await run();
  expect(said).toEqual(
    expect.arrayContaining([
      "127.0.0.1:/exchange: free space 5 MiB",
      "127.0.0.1:/exchange: free space is not told",
    ]),
  );
});

it("imports while it looks into the files, and whatever they are", async () => {
  const { directory, said, run, source } = exchange();
  const read = directory.read.bind(directory);
  let imported = false;
  let closed = false;
  directory.close = async () => {
    closed = true;
    throw new Error("not even closed well");
  };
  const bulk = source.bulk.bind(source);
  source.bulk = async (step, op) => {
    imported ||= step === "import";
    return bulk(step, op);
  };
  directory.read = async (file, most) => {
    while (!imported && !file.startsWith("phone-migration/"))
      await new Promise((resolve) => setTimeout(resolve, 5));
    return read(file, most);
  };
  await run();
  expect(said.filter((line) => line.includes("cannot be looked into: it is no PKCS12 file"))).toHaveLength(3);
  expect(closed).toBe(true);
});
