/** The bulk exchange against the emulated clusters: whatever they ask, and however their files are called. */
import { BULK_PASSPHRASES } from "../../../../lab/cluster/drawn";
import { readMemberships } from "../../../../providers/cucm/cluster/memberships";
import { EmulatedExchange, SFTP, type Side, type Start } from "./fakes/emulated-exchange";
import { failureOf } from "./fakes/setup";

const MANNERS = {
  dialogue: [
    { about: "address", question: "SFTP server IP: " },
    { about: "port", question: "SFTP server port [22]: " },
    { about: "user", question: "User ID: " },
    { about: "password", question: "Password: " },
    { about: "directory", question: "Upload directory: " },
  ],
  echo: "all",
  confirms: true,
  tftpUnit: "tftp",
  exported: "{node}.p12",
  consolidated: "all.p12",
  seal: { passphrase: "", cipher: "3des" },
} as const;

let started: EmulatedExchange | null = null;
const start = async (options: Start = {}) => {
  started = await EmulatedExchange.start(options);
  return started;
};
afterEach(async () => {
  // Neither progress nor the debugging log, though a terminal has shown it.
  expect(started!.said.length).toBeGreaterThan(0);
  expect(started!.said.join("\n")).not.toContain(SFTP.password);
  await started!.close();
  started = null;
});

async function everyNodeHasAll(exchange: EmulatedExchange, side: Side): Promise<void> {
  const wanted = await exchange.wanted(side);
  exchange.clusters[side].refresh();
  const { nodes, unread } = await readMemberships(exchange.clusters[side], wanted, exchange.op);
  expect(unread).toEqual([]);
  expect(nodes.map(({ present }) => present.size)).toEqual([12, 12, 12]);
}

it("there: CallManager in bulk, ITLRecovery one by one", async () => {
  const exchange = await start({ drawn: { bulk: MANNERS }, unit: "tftp" });
  await exchange.importMissing("source");
  await everyNodeHasAll(exchange, "source");
  expect(await exchange.commands()).toEqual({
    "source: bulk sftp": 1,
    "source: bulk export": 1,
    "source: bulk import": 1,
    "source: import trust": 6,
    "destination: bulk sftp": 1,
    "destination: bulk export": 1,
    // Of equal releases, either may.
    "source: bulk consolidate": 1,
  });
  expect(exchange.said).toContainEqual(
    expect.stringMatching(/brought 6 of 12 missing memberships; the rest/),
  );
  expect(exchange.said).toContainEqual(
    expect.stringMatching(/exported 3 files \(it has 3 nodes\): cucm11-pub.p12 \(\d+ bytes\)/),
  );
  const inside = exchange.said.filter((line) => line.includes("has certificates: "));
  expect(inside).toHaveLength(7);
  const theirs = (await exchange.wanted("source")).find(
    (m) => m.certificate.commonName === "cucm11-pub.lab.example",
  )!;
  const one = `cucm11-pub.lab.example (SHA-256 ${theirs.certificate.sha256.slice(0, 16)}...)`;
  expect(inside).toContain(`cucm11-pub.p12 has certificates: ${one}`);
  expect(inside.find((line) => line.startsWith("all.p12 "))!.split("SHA-256")).toHaveLength(1 + 6);
});

it("both ways at once, with whatever was drawn: one exchange", async () => {
  const exchange = await start();
  await Promise.all((["source", "destination"] as const).map((side) => exchange.importMissing(side)));
  for (const side of ["source", "destination"] as const) await everyNodeHasAll(exchange, side);
  expect(await exchange.commands()).toMatchObject({
    "source: bulk export": 1,
    "source: bulk import": 1,
    "destination: bulk export": 1,
    "destination: bulk import": 1,
  });
});

it("stopped between export and import, the next run goes on over what it left", async () => {
  // A terminal that only the order helps with, which the lab then tells.
  const bulk = { ...MANNERS, echo: "not even the end" } as const;
  const exchange = await start({ drawn: { bulk }, unit: "tftp" });
  const stop = new AbortController();
  const op = {
    signal: stop.signal,
    progress: (line: string) => void (line.includes("consolidating") && stop.abort()),
  };
  const { source } = exchange.clusters;
  expect((await failureOf(exchange.newRun().importInto(source, op))).kind).toBe("cancelled");
  const exported = [...exchange.lab.sftp!.files.keys()].filter((path) => /cucm1[01]-\w+\.p12$/.test(path));
  expect(exported).toHaveLength(6);
  expect(await exchange.newRun().importInto(source, exchange.op)).toContain("Successfully imported");
  // All of the first exchange is still there, in a folder.
  const archived = [...exchange.lab.sftp!.files.keys()].filter((path) => path.includes("/before-"));
  expect(archived.map((path) => path.replace(/phone-migration\/before-[^/]+\//, ""))).toEqual(
    expect.arrayContaining(exported),
  );
});

it("CSCuy43181: the older release neither imports nor consolidates; the newer one does", async () => {
  const versions = { source: "9.1.2.10000-28", destination: "10.5.2.13900-12" };
  // No passphrase that we know opens the files, and nothing depends on that.
  const bulk = { ...MANNERS, seal: { passphrase: BULK_PASSPHRASES[2], cipher: "aes256" } } as const;
  const exchange = await start({ versions, drawn: { bulk }, unit: "tftp" });
  const error = await failureOf(exchange.importMissing("source"));
  expect(error.summary).toBe('Cluster "source" cannot import in bulk what cluster "destination" exports');
  expect(exchange.lab.sftp!.files.size).toBe(0);
  const { source, destination } = exchange.clusters;
  expect(await exchange.newRun().importInto(destination, exchange.op)).toContain("Successfully");
  const closed = /\.p12 has parts that neither no passphrase nor an empty one opens: 1$/;
  expect(exchange.said.filter((line) => closed.test(line))).toHaveLength(7);
  // What would have come of it.
  for (const step of ["import", "consolidate"] as const)
    expect(await source.bulk(step, exchange.op)).toContain("Error while reading the certificates");
});

it("a stored certificate with the name of a node whose certificate is not wanted stays", async () => {
  const exchange = await start({ drawn: { bulk: MANNERS }, unit: "tftp" });
  const commonName = "cucm11-sub2.lab.example";
  await exchange.fault({
    kind: "plant-trust",
    cluster: "source",
    store: "CallManager-trust",
    commonName,
    ageDays: 900,
  });
  const wanted = (await exchange.wanted("source")).filter(
    ({ certificate }) => certificate.commonName !== commonName,
  );
  const error = await failureOf(exchange.importMissing("source", wanted));
  expect(error.summary).toBe(
    `Two certificates named "${commonName}" cannot both be in CallManager-trust of cluster "source"`,
  );
  expect(error.detail).toMatch(/method = "manual" .* Nothing was exported\.$/);
  expect(exchange.lab.sftp!.files.size).toBe(0);
});

it("each fault stops it with its reason, and nothing is imported", async () => {
  const exchange = await start({ drawn: { bulk: MANNERS }, unit: "tftp" });
  const failed = async (changes: Parameters<EmulatedExchange["newRun"]>[0] = {}) => {
    const run = exchange.newRun(changes);
    const error = await failureOf(run.importInto(exchange.clusters.source, exchange.op));
    expect(error.message).not.toContain(SFTP.password);
    await exchange.fault({ kind: "heal" });
    return error;
  };
  const wrong = await failed({ credentials: { ...SFTP, password: "not-the-one" } });
  expect(wrong.summary).toMatch(/^SFTP .* refuses the credentials$/);
  await exchange.fault({ kind: "sftp", directory: false });
  expect((await failed()).summary).toMatch(/^Directory \/exchange of SFTP server .* cannot be listed$/);
  await exchange.fault({ kind: "sftp", readOnly: true });
  expect((await failed()).summary).toMatch(/cannot be written to$/);
  expect(await exchange.commands()).toEqual({});
  await exchange.fault({ kind: "bulk", cluster: "source", step: "export", works: false });
  const nothing = await failed();
  expect(nothing.summary).toMatch(/^The export of cluster "source" wrote nothing into/);
  expect(nothing.detail).toMatch(/Its publisher answered: Successfully exported tftp/);
  await exchange.fault({ kind: "bulk", cluster: "source", step: "import", works: false });
  exchange.newRun();
  expect((await failureOf(exchange.importMissing("source"))).summary).toBe(
    'The bulk import brought nothing to cluster "source"',
  );
  const commands = await exchange.commands();
  expect(commands["source: import trust"]).toBeUndefined();

  // A publisher that is careless with what it was told.
  const { source } = exchange.clusters;
  await exchange.fault({ kind: "sftp", login: false });
  expect(await source.bulk("export", exchange.op)).toMatch(/Unable to connect to exchange:\*\*\*@/);
});
