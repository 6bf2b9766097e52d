/** How many requests one plan costs each node: one listing, however many stores and certificates there are. */
import type { RequestCounts } from "../../lab/cluster/requests";
import { cores } from "../../providers/framework/testing/core";
import { expectNoChanges } from "../../providers/framework/testing/expect";
import { Journey } from "./support/journey";

jest.setTimeout(300_000);

let journey: Journey;
beforeAll(async () => {
  journey = await Journey.start(cores()[0]!);
});
afterAll(() => journey?.close());

const control = (path: string, method = "GET") =>
  fetch(`${journey.lab.site.control.clusters}${path}`, { method });

test("a plan without changes lists each node once, asks RIS once and writes nothing", async () => {
  await journey.deploy({ registeredOn: "source" });
  await control("/requests/reset", "POST");
  expectNoChanges(await journey.workspace.plan());
  const counts = (await (await control("/requests")).json()) as RequestCounts;

  const rows = Object.values(counts).flatMap((nodes) =>
    Object.entries(nodes).flatMap(([node, kinds]) =>
      Object.entries(kinds)
        .filter(([kind]) => kind !== "registration")
        .map(([kind, operations]) => ({ node, kind, ...summary(operations) })),
    ),
  );
  console.log(
    [
      "Requests of one plan, by node:",
      ...rows.map((r) => `  ${r.node} ${r.kind}: ${r.total} (${r.words})`),
    ].join("\n"),
  );

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

function summary(operations: { readonly [operation: string]: number }) {
  const grouped = new Map<string, number>();
  for (const [operation, times] of Object.entries(operations)) {
    const what = operation.replace(/ \S+\/\S+\.pem$/, " <file>");
    grouped.set(what, (grouped.get(what) ?? 0) + times);
  }
  const total = [...grouped.values()].reduce((a, b) => a + b, 0);
  return { total, words: [...grouped].map(([what, times]) => `${times} x ${what}`).join(", ") };
}
