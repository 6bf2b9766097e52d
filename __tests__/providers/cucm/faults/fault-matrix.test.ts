/**
 * Every fault at every exchange, enumerated: one run "read, import, restart TVS, prove" is recorded through proxies
 * for each way to a node's certificates. Then each fault of the table meets each kind of exchange of each step, once
 * and for good: the run has to end, with an error that a person can act on or well, what it read without a word has to
 * be what is read without a fault, and after healing the next run has to converge without writing anything twice.
 *
 * `FAULTS=each` tries all of them, which takes an hour or two; otherwise as many as `FAULTS` says, drawn by
 * `FAULTS_SEED`, which is printed. `FAULTS_LIKE` is a pattern of the names that the table shows.
 */
import { randomInt } from "node:crypto";
import type { CertificateTransport } from "../../../../providers/cucm/cluster/config";
import { Random } from "../../../trust/forecast/random";
import type { FaultCase, SeenExchange } from "./director";
import { ACCOUNT, FaultBench, isImport, type Ran, STEPS, STORES, type Step } from "./fault-bench";
import { applies, FAULT_TABLE, FAULTS } from "./fault-table";

jest.mock("../../../../providers/cucm/cluster/budget", () => {
  const actual = jest.requireActual("../../../../providers/cucm/cluster/budget");
  return {
    ...actual,
    RETRY: { attempts: 6, firstDelayMs: 20, maxDelayMs: 200 },
    RateWindow: class extends actual.RateWindow {
      refused(ms: number, limit: number) {
        super.refused(ms / 100, limit);
      }
    },
    sleep: (ms: number, signal: AbortSignal) => actual.sleep(ms / 10, signal),
  };
});

const WAYS = ["cli", "auto", "web"] as const satisfies CertificateTransport[];
type Way = (typeof WAYS)[number];
const COUNT = process.env.FAULTS ?? "8";
const LIKE = new RegExp(process.env.FAULTS_LIKE ?? "");
/** Many take long: each is told as it comes. */
const PROGRESS = process.env.FAULTS !== undefined;
const SEED = Number(process.env.FAULTS_SEED ?? randomInt(1_000_000));
/** Steps that others build on. */
const WRITES: ReadonlySet<string> = new Set<Step>(["plan", "memberships", "proof"]);
/** What all timeouts of a run come to, several times over. */
const ENDS_MS = 400_000;

jest.setTimeout(3 * 3_600_000);

let bench: FaultBench;
const recorded = new Map<Way, readonly SeenExchange[]>();
/** What is read where nothing goes wrong. */
const faultless = new Map<Way, Ran["readings"]>();
beforeAll(async () => {
  bench = await FaultBench.start();
  for (const way of WAYS) {
    bench.director.seen = [];
    const run = await bench.newRun(way);
    const { readings, ...ran } = await run.go();
    expect(ran).toEqual({ said: [], proven: true });
    expect([...readings.keys()]).toEqual(STEPS);
    faultless.set(way, readings);
    recorded.set(way, [...bench.director.seen]);
    expect(await run.isDone()).toBe(true);
    await bench.heal();
    await bench.takeAway();
  }
});
afterAll(() => bench?.close());

test("each fault ends in success or in an error for people, and the next run converges", async () => {
  const all = WAYS.flatMap((way) => casesOf(way).map((order) => ({ way, order }))).filter(({ way, order }) =>
    LIKE.test(nameOf(way, order)),
  );
  const random = new Random(SEED);
  const chosen = COUNT === "each" ? all : drawn(all, Number(COUNT), random);
  const rows: string[] = [];
  const problems: string[] = [];
  for (const { way, order } of chosen) {
    const name = nameOf(way, order);
    const { outcome, wrong, said } = await tried(way, order);
    rows.push(`${name} -> ${outcome}`);
    if (PROGRESS)
      process.stderr.write(
        `${[rows.at(-1), ...said, ...wrong.map((each) => `WRONG: ${each}`)].join("\n  ")}\n`,
      );
    for (const each of wrong) problems.push(`${name}: ${each}`);
  }
  console.log([`FAULTS_SEED=${SEED}: ${chosen.length} of ${all.length} faults`, ...rows.sort()].join("\n  "));
  expect(problems).toEqual([]);
});

/**
 * One for each kind of exchange of each step, with the node that came first; what the ways have in common is tried by
 * the first. What is listed late is tried with another node as well: that is what replication comes to.
 */
function casesOf(way: Way): FaultCase[] {
  const others = WAYS.slice(0, WAYS.indexOf(way)).flatMap((each) => recorded.get(each)!.map(kindOf));
  const kinds = new Map<string, SeenExchange[]>();
  for (const exchange of recorded.get(way)!) {
    const kind = kindOf(exchange);
    const same = kinds.get(kind) ?? [];
    if (others.includes(kind) || same.some(({ node }) => node === exchange.node)) continue;
    kinds.set(kind, [...same, exchange]);
  }
  return [...kinds.values()].flatMap((nodes) =>
    FAULTS.filter((fault) => applies(fault, nodes[0]!)).flatMap((fault) =>
      nodes
        .slice(0, fault === "stale" ? 2 : 1)
        .flatMap((exchange) => [true, false].map((once) => ({ exchange, fault, once }))),
    ),
  );
}

const kindOf = ({ step, transport, operation }: SeenExchange) => `${step} ${transport} ${operation}`;

function nameOf(way: Way, { exchange, fault, once }: FaultCase): string {
  return `${way} | ${exchange.node} ${kindOf(exchange)} | ${FAULT_TABLE[fault].words}${once ? "" : ", for good"}`;
}

function drawn<T>(all: readonly T[], count: number, random: Random): T[] {
  const left = [...all];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(left.indexOf(random.pick(left)), 1)[0]!,
  );
}

interface Tried {
  /** In short. */
  readonly outcome: string;
  readonly wrong: readonly string[];
  readonly said: readonly string[];
}

async function tried(way: Way, order: FaultCase): Promise<Tried> {
  const wrong: string[] = [];
  const { director } = bench;
  director.seen = [];
  const run = await bench.newRun(way);
  bench.spoil(order);
  // What later steps make of it is only of interest when it lasts.
  const only = order.once && !WRITES.has(order.exchange.step) ? (order.exchange.step as Step) : undefined;
  const first = await ending(run.go(only));
  if (first === null) return { outcome: "no end", wrong: ["the run did not end"], said: [] };
  if (director.met === 0) wrong.push("the fault was not met");
  wrong.push(...first.said.flatMap((line) => badWords(line)), ...misread(way, first));
  const errors = first.said.filter((line) => line.startsWith("error"));
  if (
    only === undefined &&
    errors.length === 0 &&
    !first.proven &&
    !first.said.some((line) => line.startsWith("warning"))
  )
    wrong.push("no proof, and not a word");
  await bench.heal();

  const again = await ending(run.go(only));
  if (again !== null) wrong.push(...misread(way, again, WRITES).map((each) => `the next run: ${each}`));
  if (again === null) wrong.push("the next run did not end");
  else if (again.said.length > 0) wrong.push(`the next run says ${again.said.join("; ")}`);
  else if (only === undefined) {
    if (!again.proven) wrong.push("the next run proves nothing");
    if (!(await run.isDone())) wrong.push("the plan after the next run has changes");
    wrong.push(...(await stores()));
  }
  wrong.push(...repeated(way, order, director.seen));
  await bench.heal();
  if (only === undefined) await bench.takeAway();
  const outcome = first.said.length === 0 ? "succeeds" : [...new Set(first.said.map(summaryOf))].join("; ");
  return { outcome, wrong, said: first.said };
}

const summaryOf = (line: string) => line.split(" / ")[0]!;

async function ending(run: Promise<Ran>): Promise<Ran | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ENDS_MS);
  });
  try {
    return await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What was read without a word, and is not what is there. */
function misread(way: Way, { readings }: Ran, except: ReadonlySet<string> = new Set()): string[] {
  return [...readings].flatMap(([step, reading]) => {
    const truth = faultless.get(way)!.get(step);
    return except.has(step) || reading === truth ? [] : [`${step} silently read ${reading}, not ${truth}`];
  });
}

const RAW =
  /ECONN|EPIPE|EHOST|ETIMEDOUT|ERR_|socket hang up|aborted|undefined|\[object|AbortError|TypeError|Unexpected token/;
const WHAT =
  /AXL|Control Center|RIS|Log collection|SSH|CLI|TVS|TFTP|Certificate Management|OS administration|Trust stores|Trust Verification|certificate|CTL|ITL|signed file/;

/** What an error must not say, and what it must. */
function badWords(line: string): string[] {
  const [, detail = ""] = line.split(" / ");
  const secrets = [
    ACCOUNT.password,
    Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString("base64"),
  ];
  return [
    ...(RAW.test(line) ? [`raw: ${line}`] : []),
    ...(secrets.some((secret) => line.includes(secret)) ? [`a secret: ${line}`] : []),
    ...(!/127\.\d+\.\d+\.\d+|cucm10-|"source"/.test(line) ? [`no node: ${line}`] : []),
    ...(WHAT.test(line) ? [] : [`no service: ${line}`]),
    ...(detail.trim().length > 15 ? [] : [`no detail: ${line}`]),
  ];
}

/** Every node holds every membership, and its TVS vouches. */
async function stores(): Promise<string[]> {
  const { sha256 } = bench.certificate;
  const { nodes } = await bench.state();
  return Object.entries(nodes).flatMap(([name, node]) => [
    ...STORES.filter((store) => !node.stores[store]!.some((entry) => entry.sha256 === sha256)).map(
      (store) => `${name} lacks it in ${store}`,
    ),
    ...(node.tvs.some((line) => line.startsWith(sha256)) ? [] : [`TVS of ${name} does not know it`]),
  ]);
}

/**
 * No import is made twice, by whatever way. What the publisher has and another node does not show is documented to be
 * imported there as well, after a time of grace.
 */
function repeated(way: Way, { fault }: FaultCase, seen: readonly SeenExchange[]): string[] {
  const expected = imports(recorded.get(way)!);
  const late = fault === "stale" ? 1 : 0;
  return [...imports(seen)]
    .filter(([node, times]) => times > (expected.get(node) ?? 0) + late)
    .map(([node, times]) => `${times} imports on ${node}`);
}

function imports(seen: readonly SeenExchange[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const each of seen)
    if (isImport(each) && each.reached) times.set(each.node, (times.get(each.node) ?? 0) + 1);
  return times;
}

test("the steps are those that the table knows", () => {
  for (const exchanges of recorded.values())
    expect(exchanges.every(({ step }) => (STEPS as readonly string[]).includes(step))).toBe(true);
});
