/** How many requests one plan costs each node: one listing, however many stores and certificates there are. */
import type { RequestCounts } from "../../lab/cluster/requests";
import { cores } from "../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../providers/framework/testing/expect";
import { Journey } from "./support/journey";

jest.setTimeout(300_000);

let journey: Journey;
beforeAll(async () => {
  journey = await Journey.start(cores()[0]!);
});
afterAll(() => journey?.close());

const control = (path: string, method = "GET") =>
  fetch(`${journey.lab.site.control.clusters}${path}`, { method });

interface Row {
  readonly cluster: string;
  readonly node: string;
  readonly kind: string;
  readonly total: number;
  readonly words: string;
}

interface PriorState {
  readonly values: {
    readonly root_module: {
      readonly resources: readonly { readonly type: string; readonly values: object }[];
    };
  };
}

const counted = async () => (await (await control("/requests")).json()) as RequestCounts;
const rowsOf = (counts: RequestCounts): Row[] =>
  Object.entries(counts).flatMap(([cluster, nodes]) =>
    Object.entries(nodes).flatMap(([node, kinds]) =>
      Object.entries(kinds)
        .filter(([kind]) => kind !== "registration")
        .map(([kind, operations]) => ({ cluster, node, kind, ...summary(operations) })),
    ),
  );
const print = (what: string, rows: readonly Row[]) =>
  console.log(
    [
      `Requests of ${what}, by node:`,
      ...rows.map((r) => `  ${r.node} ${r.kind}: ${r.total} (${r.words})`),
    ].join("\n"),
  );

test("a plan without changes lists each node once, asks RIS once and writes nothing", async () => {
  await journey.deploy({ registeredOn: "source" });
  await control("/requests/reset", "POST");
  expectNoChanges(await journey.workspace.plan());
  const counts = await counted();
  print("one plan", rowsOf(counts));

  const operations = Object.values(counts).flatMap((nodes) => Object.values(nodes));
  for (const { cli = {} } of operations) {
    const listings = Object.entries(cli).filter(([command]) => command.startsWith("show cert list trust"));
    expect(listings.map(([, times]) => times)).toEqual([1]);
    expect(Object.keys(cli).filter((command) => command.startsWith("set cert"))).toEqual([]);
  }
  expect(operations).toHaveLength(6);
  for (const { ris = {} } of operations)
    expect(Object.values(ris).reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1);
  for (const kinds of operations) expect(kinds["control-center"]).toBeUndefined();
});

test("a plan that would move asks RIS by address, and no phone twice; what does not fit is told and stops nothing", async () => {
  const phones = journey.lab.site.phones.healthy;
  const [stranger] = phones.slice(-1);
  await control("/requests/reset", "POST");
  const plan = await journey.declare({ registeredOn: "destination", phones: phones.slice(0, -1) }).plan();
  const rows = rowsOf(await counted());
  print("one plan that would move a wave", rows);
  // Of the registration, of the forecast, by address, and again whoever was found there and is in no wave.
  const ris = (cluster: string) =>
    rows.filter((row) => row.cluster === cluster && row.kind === "ris").map(({ total }) => total);
  expect([ris("source"), ris("destination")]).toEqual([[4], [2]]);

  expectWarning(plan, new RegExp(`: 1 finding\\n${stranger} at 10\\.1\\.20\\.\\d+, .*: in no wave`));
  const { resources } = (plan.json.prior_state as PriorState).values.root_module;
  expect(resources.find(({ type }) => type === "cucm_scope_coverage")?.values).toMatchObject({
    findings: [{ kind: "in no wave", phone: stranger }],
    covered: { hq: false },
  });
});

test("a wave that demands coverage is planned with it, and refused without", async () => {
  const phones = journey.lab.site.phones.healthy;
  const demanding = (listed: readonly string[]) =>
    journey
      .declare({
        registeredOn: "destination",
        waves: (hq) => [
          { name: "hq", scopes: [hq], phones: listed, registeredOn: "destination", requireCoverage: true },
        ],
      })
      .plan();
  const { diagnostics } = await demanding(phones);
  expect(diagnostics.filter(({ summary }) => summary.startsWith("Waves and their scopes"))).toEqual([]);
  await expectError(demanding(phones.slice(1)), /its scopes hold the wave's phones and no others: no/);
});

function summary(operations: { readonly [operation: string]: number }) {
  const grouped = new Map<string, number>();
  for (const [operation, times] of Object.entries(operations)) {
    const what = operation.replace(/ \S+\/\S+\.pem$/, " <file>");
    grouped.set(what, (grouped.get(what) ?? 0) + times);
  }
  const total = [...grouped.values()].reduce((a, b) => a + b, 0);
  return { total, words: [...grouped].map(([what, times]) => `${times} x ${what}`).join(", ") };
}
