import { MOST_ADDRESSES } from "../../../../providers/cucm/scope-coverage";
import { FakeCluster } from "../fake-cluster";
import { FakeCore } from "../fake-core";

const [ONE, TWO, THREE, FOUR] = [
  "SEP001122334401",
  "SEP001122334402",
  "SEP001122334403",
  "SEP001122334404",
] as const;

let source: FakeCluster;
let core: FakeCore;
beforeEach(async () => {
  source = new FakeCluster("source");
  core = await FakeCore.with(source);
  for (const [i, name] of [ONE, TWO, THREE, FOUR].entries()) {
    source.fleet.add(name);
    source.fleet.place(name, `10.1.20.${11 + i}`);
  }
});

interface Scope {
  readonly name: string;
  readonly subnet?: string;
  readonly pool?: string;
  readonly shared_network?: string;
}
const HQ = { name: "hq", subnet: "10.1.20.0/24" };
const wave = (
  name: string,
  registered_on: "source" | "destination",
  phones: readonly string[],
  scopes: readonly Scope[] = [HQ],
  pilots: readonly string[] = [],
) => ({ name, registered_on, phones, pilots, scopes });

async function read(...waves: readonly ReturnType<typeof wave>[]) {
  const { state, said } = await core.readData("cucm_scope_coverage", {
    cluster: "source",
    waves: waves as never,
  });
  const { findings, covered, findings_unlisted } = (state ?? {}) as {
    readonly findings: readonly {
      readonly kind: string;
      readonly wave: string | null;
      readonly scope: string | null;
      readonly phone: string | null;
      readonly advice: string;
    }[];
    readonly covered: { readonly [wave: string]: boolean };
    readonly findings_unlisted: number;
  };
  const short = (findings ?? []).map(({ kind, wave, scope, phone }) =>
    [kind, wave, scope, phone].filter((part) => part !== null).join(" | "),
  );
  return { short, findings, covered, findings_unlisted, said };
}

test("phones that are all in the wave and in its scope are no findings, with one question", async () => {
  expect(await read(wave("hq", "destination", [ONE, TWO, THREE, FOUR]))).toMatchObject({
    short: [],
    covered: { hq: true },
    said: [],
  });
  expect(source.questions).toEqual(["registrationsAt 256"]);
});

test("a phone in the scope that no wave has, and one that waits in another wave, are found", async () => {
  const { short, covered, said, findings } = await read(
    wave("hq", "destination", [ONE, TWO]),
    wave("later", "source", [THREE], [{ name: "other", subnet: "10.1.30.0/24" }]),
  );
  expect(short).toEqual([`in no wave | hq | hq | ${FOUR}`, `in another wave | hq | hq | ${THREE}`]);
  expect(covered).toEqual({ hq: false });
  expect(findings[1]!.advice).toContain('Its wave "later" is on the source');
  expect(said).toEqual([
    expect.stringMatching(
      /^warning: Waves and their scopes do not fit, or were not looked at: 2 findings .*SEP001122334404 at 10\.1\.20\.14, wave "hq": in no wave\. No wave here has it, and it moves with scope "hq" as soon as it reboots/,
    ),
  ]);
});

test("phones of another wave that moves too are no findings in the scope, but are outside their own", async () => {
  const { short, covered } = await read(
    wave("hq", "destination", [ONE, TWO]),
    wave("next", "destination", [THREE, FOUR], [{ name: "next", subnet: "10.1.21.0/24" }]),
  );
  expect(short).toEqual([`outside its scopes | next | ${THREE}`, `outside its scopes | next | ${FOUR}`]);
  expect(covered).toEqual({ hq: true, next: false });
});

test("a pilot is where it is, in whatever wave", async () => {
  const { short } = await read(
    wave("pilot", "destination", [], [], [ONE]),
    wave("late", "source", [], [], [TWO]),
    wave("hq", "destination", [THREE, FOUR]),
  );
  expect(short).toEqual([]);
});

test("phones that have left the source, or are registered nowhere, are no findings", async () => {
  source.fleet.put(TWO, "destination");
  source.fleet.put(THREE, null);
  expect((await read(wave("hq", "destination", [ONE, FOUR]))).short).toEqual([]);
  expect((await read(wave("hq", "destination", [ONE, TWO, THREE, FOUR]))).short).toEqual([]);
});

test("a pool that is on the source keeps its phones, though its subnet moves", async () => {
  const pool = { name: "pool", subnet: "10.1.20.0/24", pool: "10.1.20.13-10.1.20.99" };
  const { short } = await read(
    wave("hq", "destination", [ONE, TWO]),
    wave("later", "source", [THREE, FOUR], [pool]),
  );
  expect(short).toEqual([]);
  // A phone of the wave in that pool does not move with its subnet.
  expect(
    (await read(wave("hq", "destination", [ONE, TWO, THREE]), wave("later", "source", [FOUR], [pool]))).short,
  ).toEqual([`outside its scopes | hq | ${THREE}`]);
});

test("only a pool moves: the rest of its subnet does not", async () => {
  const pool = { name: "pool", subnet: "10.1.20.0/24", pool: "10.1.20.11-10.1.20.12" };
  expect((await read(wave("hq", "destination", [ONE], [pool]))).short).toEqual([
    `in no wave | hq | pool | ${TWO}`,
  ]);
  expect(source.questions).toEqual(["registrationsAt 2"]);
});

test("an old report at an address counts only if the newest one says the same", async () => {
  source.oldReports.push({
    name: "SEP0011223344FF",
    status: "Registered",
    statusReason: 0,
    node: "source-sub1",
    timestamp: 1,
    address: "10.1.20.99",
  });
  source.fleet.add("SEP0011223344FF");
  source.fleet.place("SEP0011223344FF", "10.1.99.1");
  expect((await read(wave("hq", "destination", [ONE, TWO, THREE, FOUR]))).short).toEqual([]);
});

test("shared networks, whole servers and too many addresses are said not to be looked at", async () => {
  const { short, covered, findings } = await read(
    wave("first", "destination", [ONE], [{ name: "early", subnet: "10.1.20.0/24" }]),
    wave("net", "destination", [TWO], [{ name: "net", shared_network: "voice" }]),
    wave("all", "destination", [THREE], [{ name: "all" }]),
    wave("big", "destination", [FOUR], [{ name: "big", subnet: "10.1.0.0/19" }]),
    wave("large", "destination", [], [{ name: "large", subnet: "10.9.0.0/20" }]),
    wave("last", "destination", [], [{ name: "last", subnet: "10.8.0.0/24" }]),
  );
  expect(short.filter((one) => one.startsWith("not looked at"))).toEqual([
    "not looked at | all | all",
    "not looked at | big | big",
    "not looked at | first | early",
    "not looked at | net | net",
  ]);
  expect(findings[1]!.advice).toContain(`With its 8192 addresses there are more than ${MOST_ADDRESSES}`);
  expect(source.questions).toEqual([`registrationsAt ${4096 + 256}`]);
  expect(covered).toEqual({ first: false, net: false, all: false, big: false, large: true, last: true });
});

test("a node that is silent to RIS, and a cluster that does not answer, are findings and no errors", async () => {
  source.silentToRis.add("source-sub2");
  const silent = await read(wave("hq", "destination", [ONE, TWO, THREE, FOUR]));
  expect(silent).toMatchObject({ short: ["not read"], covered: { hq: false } });
  expect(silent.findings[0]!.advice).toContain("source-sub2");
  source.generation += 1;
  source.fail("registrationsAt");
  const gone = await read(wave("hq", "destination", [ONE]));
  expect(gone).toMatchObject({ short: ["not read"], covered: { hq: false } });
  expect(gone.said).toEqual([expect.stringMatching(/^warning: .*1 finding .*Cannot do registrationsAt/)]);
});

test.each(["refused", "answer"] as const)(
  "a RIS that takes no questions by address (%s) is a finding: it fails no plan of a way back",
  async (kind) => {
    source.fail("registrationsAt", null, kind);
    const { short, said } = await read(wave("hq", "destination", [ONE]));
    expect(short).toEqual(["not read"]);
    expect(said).toEqual([expect.stringMatching(/^warning: .*Cannot do registrationsAt/)]);
  },
);

test("nothing to ask about takes no place in the rate of RIS", async () => {
  await read(wave("all", "destination", [ONE], [{ name: "all" }]));
  expect(source.questions).toEqual([]);
});

test("a phone of which RIS tells no address is not read", async () => {
  source.fleet.place(TWO, null);
  expect((await read(wave("hq", "destination", [ONE, TWO, THREE, FOUR]))).short).toEqual([
    `not read | hq | ${TWO}`,
  ]);
});

test("refused credentials are an error", async () => {
  source.fail("registrationsAt", null, "credentials");
  expect((await read(wave("hq", "destination", [ONE]))).said.join()).toMatch(/^error/);
});

test("the list and the warning are short; the numbers are whole", async () => {
  for (let i = 0; i < 210; i++) {
    const name = `SEP0011223355${i.toString(16).toUpperCase().padStart(2, "0")}`;
    source.fleet.add(name);
    source.fleet.place(name, `10.1.20.${20 + i}`);
  }
  const { findings, findings_unlisted, said } = await read(
    wave("hq", "destination", [ONE, TWO, THREE, FOUR]),
  );
  expect(findings).toHaveLength(200);
  expect(findings_unlisted).toBe(10);
  expect(said.join()).toMatch(/210 findings .*and 200 more/s);
});

test.each([
  [{ name: "x", subnet: "10.1.20.1/24" }, /"10\.1\.20\.1\/24" is no subnet/],
  [{ name: "x", subnet: "10.1.20.0/24", pool: "10.1.20.9-10.1.20.1" }, /is no pool/],
])("%j is refused", async (scope, words) => {
  const waves = [wave("hq", "destination", [ONE], [scope])];
  expect(
    (await core.validateData("cucm_scope_coverage", { cluster: "source", waves } as never)).join(),
  ).toMatch(words);
});
