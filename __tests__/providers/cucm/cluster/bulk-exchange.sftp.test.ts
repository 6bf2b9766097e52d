/** The emulated clusters exchange their certificates through a real OpenSSH. */
import { EmulatedExchange } from "./fakes/emulated-exchange";
import { RealSshd } from "./fakes/real-sshd";

let sshd: RealSshd;
let exchange: EmulatedExchange;
beforeAll(async () => {
  sshd = await RealSshd.start();
  exchange = await EmulatedExchange.start({ sftp: sshd.server });
}, 60_000);
afterAll(async () => {
  await exchange?.close();
  await sshd?.stop();
});

it("both export there, one consolidates, and the source imports", async () => {
  expect(await exchange.newRun().importInto(exchange.clusters.source, exchange.op)).toContain("Successfully");
  const names = sshd.names().filter((name) => !name.includes("/"));
  // Three nodes each, and what consolidation made.
  expect(names).toHaveLength(7);
  // Sealed as the lab drew it.
  const looked = exchange.said.filter((line) => / has (certificates: cucm|parts that neither)/.test(line));
  expect(looked).toHaveLength(7);
  expect(JSON.parse(sshd.text("phone-migration/exchange.json"))).toMatchObject({
    done: "consolidated",
    files: { source: { length: 3 }, destination: { length: 3 }, consolidated: { length: 1 } },
  });
  const theirs = (await exchange.wanted("source")).filter(({ store }) => store === "Phone-SAST-trust");
  const [publisher] = await exchange.clusters.source.nodes(exchange.op);
  const entries = await exchange.clusters.source.trustEntries(
    publisher!,
    "Phone-SAST-trust",
    theirs.map(({ certificate }) => certificate),
    exchange.op,
  );
  expect(entries.length).toBeGreaterThanOrEqual(3);
});

it("the next exchange archives what the last one left", async () => {
  await exchange.newRun().importInto(exchange.clusters.source, exchange.op);
  const archived = sshd.names().filter((name) => name.startsWith("phone-migration/before-"));
  expect(archived).toHaveLength(7);
});

it("what somebody put there after it was finished is refused, and stays", async () => {
  sshd.put("payroll-backup.tar", "x");
  const before = sshd.names();
  await expect(exchange.newRun().importInto(exchange.clusters.source, exchange.op)).rejects.toMatchObject({
    summary: expect.stringMatching(/is not empty$/),
    detail: expect.stringMatching(/^It has payroll-backup.tar, of another/),
  });
  expect(sshd.names()).toEqual(before);
});

it("what others left is refused", async () => {
  sshd.clear();
  sshd.put("somebody.p12", "x");
  await expect(exchange.newRun().importInto(exchange.clusters.source, exchange.op)).rejects.toMatchObject({
    summary: expect.stringMatching(/is not empty$/),
  });
  expect(sshd.names()).toEqual(["somebody.p12"]);
});
