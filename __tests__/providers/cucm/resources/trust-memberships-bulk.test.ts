import { BulkExchange } from "../../../../providers/cucm/cluster/bulk-exchange";
import { ClusterError } from "../../../../providers/cucm/cluster/cluster";
import { UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import type { Certificate } from "../../../../trust/certificate";
import { certificateOf } from "../certificates";
import { EXCHANGE_SERVER } from "../cluster/fakes/setup";
import { FakeCluster } from "../fake-cluster";
import { FakeCore, type FakeInstance, SECRET } from "../fake-core";
import { FakeDirectory } from "../fake-directory";

const STORES = ["CallManager-trust", "Phone-SAST-trust"];
const mapOf = (certificates: readonly Certificate[], stores: readonly string[] = STORES) =>
  Object.fromEntries(certificates.map((c) => [c.sha256, { pem: c.pem, stores }]));

type Side = "source" | "destination";
const peerOf = { source: "destination", destination: "source" } as const;

let clusters: { readonly [side in Side]: FakeCluster };
let directory: FakeDirectory;
let core: FakeCore;
let trust: { readonly [side in Side]: FakeInstance };
let theirs: { readonly [side in Side]: readonly Certificate[] };
let recovery: Certificate;
const names = ["source", "destination"] as const;
const bySide = <T>(make: (side: Side) => T) =>
  ({ source: make("source"), destination: make("destination") }) as const;

beforeEach(async () => {
  directory = new FakeDirectory();
  clusters = bySide((side) => new FakeCluster(side));
  const own = bySide((side) =>
    clusters[side].table.map((node) => {
      const { certificate } = certificateOf({ cn: node.name });
      clusters[side].identities.set(`${node.name} CallManager`, certificate);
      return certificate;
    }),
  );
  theirs = { source: own.destination, destination: own.source };
  recovery = certificateOf({ cn: "ITLRECOVERY_destination-pub" }).certificate;
  for (const side of names) clusters[side].directory = directory;
  clusters.destination.facts.version = "11.0.1.10000-10";
  clusters.source.facts.version = "10.5.2.13900-12";
  core = await FakeCore.with(clusters.source, clusters.destination);
  trust = bySide(() => core.resource("cucm_trust_memberships"));
});

const OTHERS = {
  between: ["127.1.10.11", "127.1.20.11"],
  done: "nothing",
  files: {},
  run: { id: "other", host: "elsewhere", pid: 7 },
};
const configOf = (side: Side, certificates = mapOf(theirs[side]), more: object = {}) => ({
  cluster: side,
  certificates,
  method: "bulk",
  bulk: { peer: peerOf[side], sftp_server: "exchange", ...more },
});
const withRecovery = () => ({ ...mapOf(theirs.source), ...mapOf([recovery]) });
const bulkWrites = (side: Side) => clusters[side].writes.filter((write) => write.startsWith("bulk"));
const RESTARTS = ["pub", "sub1", "sub2"].map((node) => `restart source-${node}`);

test("both export, one consolidates, the publisher imports, every node has it, TVS is restarted", async () => {
  expect(await trust.source.apply(configOf("source"))).toEqual([]);
  expect(clusters.source.writes).toEqual([
    "bulk sftp source-pub",
    "bulk export source-pub",
    "bulk import source-pub",
    ...RESTARTS,
  ]);
  expect(clusters.destination.writes).toEqual([
    "bulk sftp destination-pub",
    "bulk export destination-pub",
    // The newer release consolidates.
    "bulk consolidate destination-pub",
  ]);
  expect(clusters.source.contents()).toHaveLength(3 * 3 * 2);
  expect(trust.source.state).toMatchObject({ missing: [], already_present: [], method: "bulk" });
  await core.configure(names);
  expect(await trust.source.plan(configOf("source"))).toMatchObject({ action: "no-op", said: [] });
  await trust.source.destroy();
  expect(clusters.source.contents()).toEqual([]);
});

test("both ways: one exchange for both resources, whichever comes first", async () => {
  const said = await Promise.all(names.map((side) => trust[side].apply(configOf(side))));
  expect(said).toEqual([[], []]);
  const all = names.flatMap(bulkWrites);
  expect(all.filter((write) => write.startsWith("bulk export"))).toHaveLength(2);
  expect(all.filter((write) => write.startsWith("bulk consolidate"))).toHaveLength(1);
  expect(all.filter((write) => write.startsWith("bulk import"))).toHaveLength(2);
  expect(directory.opened).toBe(1);
  expect(clusters.destination.contents()).toHaveLength(3 * 3 * 2);
});

test("one after the other: the second adopts what the first has consolidated", async () => {
  await trust.source.apply(configOf("source"));
  await trust.destination.apply(configOf("destination"));
  expect(bulkWrites("destination").filter((w) => w.startsWith("bulk export"))).toHaveLength(1);
  expect(directory.opened).toBe(1);
});

test("what a bulk exchange does not bring is imported one by one: ITLRecovery", async () => {
  expect(await trust.source.apply(configOf("source", withRecovery()))).toEqual([]);
  expect(clusters.source.writes).toEqual([
    "bulk sftp source-pub",
    "bulk export source-pub",
    "bulk import source-pub",
    ...["Phone-SAST-trust", "CallManager-trust"].map(
      (store) => `import source-pub ${store}/ITLRECOVERY_destination-pub`,
    ),
    ...RESTARTS,
  ]);
});

test("nothing is exchanged where nothing is missing, or only stores that bulk does not write to lack something", async () => {
  for (const store of STORES) for (const c of theirs.source) clusters.source.seed(store as never, c);
  const capf = certificateOf({ cn: "CAPF-1" }).certificate;
  expect(
    await trust.source.apply(
      configOf("source", { ...mapOf(theirs.source), ...mapOf([capf], ["CAPF-trust"]) }),
    ),
  ).toEqual([]);
  expect(bulkWrites("source")).toEqual([]);
  expect(directory.opened).toBe(0);
});

test("an update that adds certificates exchanges anew, over what the last exchange left; a repair does not", async () => {
  await trust.source.apply(configOf("source"));
  clusters.source.remove("Phone-SAST-trust", theirs.source[0]!, "source-pub");
  await core.configure(names);
  clusters.source.writes.length = 0;
  expect(await trust.source.apply(configOf("source"))).toEqual([]);
  expect(bulkWrites("source")).toEqual([]);
  expect(clusters.source.contents()).toHaveLength(18);

  const renewed = certificateOf({ cn: "destination-sub3" }).certificate;
  clusters.destination.identities.set("destination-sub3 CallManager", renewed);
  await core.configure(names);
  expect(
    await trust.source.apply(configOf("source", { ...mapOf(theirs.source), ...mapOf([renewed]) })),
  ).toEqual([]);
  expect(bulkWrites("source")).toEqual([
    "bulk sftp source-pub",
    "bulk export source-pub",
    "bulk import source-pub",
  ]);
  // Nothing of the first exchange was deleted.
  expect(directory.names.filter((name) => /^phone-migration\/before-.*\.p12$/.test(name))).toHaveLength(3);
});

describe("a certificate of a name that the exchange brings undeclared", () => {
  const older = certificateOf({ cn: "destination-sub2", from: "200101" }).certificate;
  const withoutSub2 = () =>
    mapOf(theirs.source.filter(({ commonName }) => commonName !== "destination-sub2"));
  const refused =
    /error: Two certificates named "destination-sub2" cannot both be in CallManager-trust of cluster "source".*delete CallManager-trust\/destination-sub2_.*method = "manual" \(Cisco's "Method 2"\)\. Nothing was exported/;

  test("is refused by the plan and by the deploy, before anything is exported", async () => {
    clusters.source.seed("CallManager-trust", older);
    const config = configOf("source", withoutSub2());
    const plan = await trust.source.plan(config);
    expect(plan.action).toBe("refused");
    expect(plan.said.join()).toMatch(refused);
    const later = { ...config, bulk: UNKNOWN as Value };
    expect((await trust.source.apply(config, later)).join()).toMatch(refused);
    expect(names.flatMap((side) => clusters[side].writes)).toEqual([]);
    expect(clusters.source.contents()).toHaveLength(3);
    expect(directory.opened).toBe(0);
  });

  test("stops the deploy where a node of the peer cannot be asked; the plan passes it over", async () => {
    clusters.destination.fail("identityCertificate", "destination-pub");
    const config = configOf("source");
    expect((await trust.source.plan(config)).action).toBe("create");
    expect((await trust.source.apply(config)).join()).toMatch(/error: Cannot do identityCertificate/);
    expect(names.flatMap((side) => clusters[side].writes)).toEqual([]);
  });

  test("may be ours, of before a renewal", async () => {
    const before = configOf("source", mapOf([older]));
    expect(await trust.source.apply({ ...before, method: "manual", bulk: null })).toEqual([]);
    await core.configure(names);
    expect(await trust.source.apply(configOf("source", withoutSub2()))).toEqual([]);
    expect(bulkWrites("source")).toContain("bulk import source-pub");
  });

  test("that nobody could foresee is found missing after the import, and named", async () => {
    const trunk = certificateOf({ cn: "trunk", from: "200101" }).certificate;
    clusters.source.seed("CallManager-trust", trunk);
    // Of no node that the server table has.
    const { certificate } = certificateOf({ cn: "trunk" });
    clusters.destination.identities.set("destination-sub9 CallManager", certificate);
    const said = (await trust.source.apply(configOf("source"))).join();
    expect(said).toMatch(/error: The bulk import took certificates out of trust stores of cluster "source"/);
    expect(said).toMatch(
      new RegExp(`CallManager-trust/trunk_[0-9a-f]+\\.pem \\(trunk, serial .*, SHA-256 ${trunk.sha256}\\)`),
    );
    expect(said).toContain(trunk.pem.trim().replaceAll("\n", " "));
    expect(trust.source.state).toBeNull();
  });
});

describe("leftovers", () => {
  beforeEach(() => directory.put("somebody.p12", "[]"));

  test("of others are refused, with their names; nothing is written anywhere", async () => {
    const [said] = (await trust.source.apply(configOf("source"))).slice(-1);
    expect(said).toMatch(/^error: Directory \/exchange of SFTP server 127.0.0.1 is not empty/);
    expect(said).toMatch(/It has somebody.p12, .*archive_leftovers/);
    expect(directory.names).toEqual(["somebody.p12"]);
    expect([...clusters.source.writes, ...clusters.destination.writes]).toEqual([]);
    expect(trust.source.state).toBeNull();
  });

  test("are archived if that is wanted", async () => {
    const config = configOf("source", undefined, { archive_leftovers: true });
    expect(await trust.source.apply(config)).toEqual([]);
    expect(directory.names).toContainEqual(
      expect.stringMatching(/^phone-migration\/before-[\dTZ-]+\/somebody.p12$/),
    );
  });

  test("of an exchange with another cluster are not ours", async () => {
    directory.put(
      "phone-migration/exchange.json",
      JSON.stringify({ ...OTHERS, between: ["10.0.0.1", "10.0.0.2"], at: "2024-01-01T00:00:00.000Z" }),
    );
    expect((await trust.source.apply(configOf("source"))).join()).toMatch(/is not empty/);
  });

  test("of others that came after a finished exchange are no more ours than before", async () => {
    directory.contents.clear();
    expect(await trust.source.apply(configOf("source"))).toEqual([]);
    directory.put("payroll-backup.tar", "x");
    const again = async (more: object = {}) => {
      await core.configure(names);
      return trust.destination.apply(configOf("destination", undefined, more));
    };
    const exported = directory.names.filter((name) => /^[^/]*\.p12$/.test(name));
    expect(exported.length).toBeGreaterThan(0);
    expect((await again()).join()).toMatch(/is not empty .*It has payroll-backup.tar, of another/);
    expect(directory.names).toEqual(expect.arrayContaining([...exported, "payroll-backup.tar"]));
    expect(await again({ archive_leftovers: true })).toEqual([]);
    expect(directory.names).toContainEqual(
      expect.stringMatching(/^phone-migration\/before-[^/]+\/payroll-backup.tar$/),
    );
  });
});

describe("another run in the same directory", () => {
  const mark = (at: string) =>
    directory.put("phone-migration/exchange.json", JSON.stringify({ ...OTHERS, at }));

  test("is left alone, whatever is wanted of leftovers, until its marker is old", async () => {
    mark(new Date().toISOString());
    directory.put("source-of-other.p12", "[]");
    for (const archive_leftovers of [true, false]) {
      await core.configure(names);
      const said = await trust.source.apply(configOf("source", undefined, { archive_leftovers }));
      expect(said.join()).toMatch(
        /error: Another run uses directory \/exchange of SFTP server 127.0.0.1 .*process 7 on elsewhere .*delete that file.*Nothing was sent/,
      );
    }
    expect(directory.names).toEqual(["phone-migration/exchange.json", "source-of-other.p12"]);
    expect(names.flatMap((side) => clusters[side].writes)).toEqual([]);
    mark(new Date(Date.now() - 11 * 60_000).toISOString());
    await core.configure(names);
    expect(await trust.source.apply(configOf("source"))).toEqual([]);
  });

  test("that began at the same moment is found out before consolidation", async () => {
    const bulk = clusters.destination.bulk.bind(clusters.destination);
    clusters.destination.bulk = async (step, op) => {
      if (step === "export") mark(new Date().toISOString());
      return bulk(step, op);
    };
    expect((await trust.source.apply(configOf("source"))).join()).toMatch(
      /error: Another run has taken directory .*of process 7 on elsewhere.*Nothing was imported/,
    );
    expect(names.flatMap(bulkWrites).filter((write) => /consolidate|import/.test(write))).toEqual([]);
    expect(directory.contents.get("phone-migration/exchange.json")!.text).toContain('"elsewhere"');
  });

  test("that was cancelled writes nothing more, as its connection is closing", async () => {
    const stop = new AbortController();
    clusters.source.bulk = async () => {
      stop.abort();
      throw new ClusterError("source", null, "Cancelled", "", "cancelled");
    };
    const { source, destination } = clusters;
    const run = new BulkExchange(
      [source, destination],
      EXCHANGE_SERVER,
      { archiveLeftovers: false },
      async () => directory,
    );
    await expect(run.importInto(source, { signal: stop.signal })).rejects.toMatchObject({
      kind: "cancelled",
    });
    expect(JSON.parse(directory.contents.get("phone-migration/exchange.json")!.text).at).not.toBeNull();
  });

  test("that failed holds nobody up", async () => {
    clusters.source.idle.add("export");
    expect((await trust.source.apply(configOf("source"))).join()).toMatch(/wrote nothing/);
    expect(JSON.parse(directory.contents.get("phone-migration/exchange.json")!.text)).toMatchObject({
      done: "nothing",
      at: null,
    });
  });
});

test.each([
  ["the first export", "destination", 1],
  ["consolidation", "destination", 2],
  ["the import", "source", 2],
  ["the restarts", "source", 3],
] as const)("killed before %s, the next run goes on", async (_, side, writes) => {
  clusters[side].killAfter = writes;
  expect((await trust.source.apply(configOf("source"))).join()).toMatch(/^error/);
  expect(directory.names).toContain("phone-migration/exchange.json");
  clusters[side].revive();
  await core.configure(names);
  expect(await trust.source.apply(configOf("source"))).toEqual([]);
  expect(clusters.source.contents()).toHaveLength(18);
  expect(clusters.source.writes.slice(-3)).toEqual(RESTARTS);
});

test("what failed once is not tried again in this run", async () => {
  clusters.source.idle.add("export");
  for (const side of ["source", "destination"] as const)
    expect((await trust[side].apply(configOf(side))).join()).toMatch(
      /error: The export of cluster "source" wrote nothing into 127.0.0.1:\/exchange/,
    );
  expect(directory.opened).toBe(1);
  expect(names.flatMap((side) => clusters[side].contents())).toEqual([]);
});

test("an export that replaced the other one's files is found out before consolidation", async () => {
  clusters.destination.bulk = async () => {
    directory.put("destination.p12", "[]");
    return "";
  };
  const put = clusters.destination.bulk;
  clusters.source.bulk = async (step, op) => {
    const said = await put(step, op);
    directory.put("destination.p12", "[ ]");
    return said;
  };
  expect((await trust.source.apply(configOf("source"))).join()).toMatch(
    /error: What cluster "destination" exported is not in .* any more/,
  );
});

test("an import that brings nothing is an error, whatever the CLI said", async () => {
  clusters.source.idle.add("import");
  expect((await trust.source.apply(configOf("source"))).join()).toMatch(
    /error: The bulk import brought nothing to cluster "source".*Successfully done/,
  );
});

describe("CSCuy43181", () => {
  beforeEach(() => {
    clusters.source.facts.version = "9.1.2.10000-28";
    clusters.destination.facts.version = "10.5.2.13900-12";
  });

  test("the plan of a create refuses, with the way out", async () => {
    const plan = await trust.source.plan(configOf("source"));
    expect(plan.action).toBe("refused");
    expect(plan.said.join()).toMatch(
      /Cluster "source" cannot import in bulk what cluster "destination" exports.*9\.1\.2\.10000-28.*CSCuy43181.*method = "manual".*Cisco's "Method 2"/,
    );
    expect(directory.opened).toBe(0);
  });

  test("the other direction is possible: the newer release consolidates and imports", async () => {
    expect(await trust.destination.apply(configOf("destination"))).toEqual([]);
    expect(bulkWrites("destination")).toContain("bulk consolidate destination-pub");
  });

  test("the plan of an update warns and the update refuses: an error would stop other waves' way back", async () => {
    expect(await trust.source.apply({ ...configOf("source"), method: "manual", bulk: null })).toEqual([]);
    const config = configOf("source", withRecovery());
    await core.configure(names);
    const plan = await trust.source.plan(config);
    expect(plan.action).toBe("update");
    expect(plan.said.join()).toMatch(/^warning: Cluster "source" cannot import in bulk/);
    expect((await trust.source.apply(config)).join()).toMatch(
      /error: Cluster "source" cannot import in bulk/,
    );
    expect(directory.opened).toBe(0);
  });

  test("nothing is refused where nothing is missing that bulk would bring", async () => {
    for (const store of STORES) for (const c of theirs.source) clusters.source.seed(store as never, c);
    expect((await trust.source.plan(configOf("source"))).said).toEqual([]);
    const capf = mapOf([certificateOf({ cn: "CAPF-1" }).certificate], ["CAPF-trust"]);
    expect((await trust.source.plan(configOf("source", { ...mapOf(theirs.source), ...capf }))).said).toEqual(
      [],
    );
  });
});

describe("configuration", () => {
  const saidTo = async (config: object) => (await trust.source.plan(config as never)).said.join();

  test("bulk belongs to the method bulk, and the other way round", async () => {
    expect(await saidTo({ ...configOf("source"), bulk: null })).toMatch(
      /A bulk exchange needs an SFTP server/,
    );
    expect(await saidTo({ ...configOf("source"), method: "manual" })).toMatch(/bulk is given and not used/);
    expect(await saidTo(configOf("source", undefined, { peer: "source" }))).toMatch(
      /A cluster cannot exchange certificates with itself/,
    );
  });

  test("what is known only at apply is judged there: the versions too", async () => {
    const later = { ...configOf("source"), bulk: UNKNOWN as Value };
    expect(await trust.source.apply(configOf("source"), later)).toEqual([]);
    clusters.destination.facts.version = "10.5.2.13900-12";
    clusters.source.facts.version = "9.1.2.10000-28";
    clusters.source.writes.length = 0;
    const more = { ...configOf("source", withRecovery()), bulk: UNKNOWN as Value };
    await core.configure(names);
    expect((await trust.source.apply(configOf("source", withRecovery()), more)).join()).toMatch(
      /error: Cluster "source" cannot import in bulk/,
    );
    expect(clusters.source.writes).toEqual([]);
  });

  test("an SFTP server that is not declared is named by the plan, which needs no credentials of one", async () => {
    delete process.env.SFTP_EXCHANGE_PASSWORD;
    expect((await trust.source.plan(configOf("source"))).said).toEqual([]);
    const config = configOf("source", undefined, { sftp_server: "other" });
    for (const bulk of [config.bulk, { ...config.bulk, peer: UNKNOWN as Value }]) {
      const { action, said } = await trust.source.plan({ ...config, bulk });
      expect(action).toBe("refused");
      expect(said.join()).toMatch(
        /No SFTP server "other" in the provider's configuration.*Declared are: "exchange"/,
      );
    }
  });

  test("two resources cannot want their one exchange in different ways", async () => {
    expect(await trust.source.apply(configOf("source", undefined, { archive_leftovers: true }))).toEqual([]);
    expect((await trust.destination.apply(configOf("destination"))).join()).toMatch(
      /error bulk.archive_leftovers: Two resources want the bulk exchange of clusters "destination" and "source" in different ways .* Another resource has archive_leftovers = true .* this one false/,
    );
    expect(bulkWrites("destination")).not.toContain("bulk import destination-pub");
    expect(
      await trust.destination.apply(configOf("destination", undefined, { archive_leftovers: true })),
    ).toEqual([]);
  });

  test("the server's credentials come from the environment; one that cannot be typed is refused", async () => {
    process.env.SFTP_EXCHANGE_PASSWORD = `${SECRET}\n`;
    const said = (await trust.source.apply(configOf("source"))).join();
    expect(said).toMatch(/Environment variable SFTP_EXCHANGE_PASSWORD cannot be typed/);
    expect(said).not.toContain(SECRET);
    delete process.env.SFTP_EXCHANGE_PASSWORD;
    await core.configure(names);
    expect((await trust.source.apply(configOf("source"))).join()).toMatch(
      /Environment variable SFTP_EXCHANGE_PASSWORD is not set/,
    );
  });

  test("an import id carries the method: a plan after it changes nothing", async () => {
    await trust.source.apply(configOf("source"));
    const { cluster, certificates, method, bulk } = trust.source.state;
    const again = core.resource("cucm_trust_memberships");
    expect(await again.import({ cluster, certificates, method, bulk })).toEqual([]);
    expect((await again.plan(configOf("source"))).action).toBe("no-op");
  });
});
