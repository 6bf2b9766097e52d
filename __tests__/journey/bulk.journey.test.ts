/** Method 1 from the declaration to the stores: the built provider, a real core, the lab's SFTP server. */
import { readPlan } from "../../cli/review/plan-json";
import { reviewOf } from "../../cli/review/review";
import type { RequestCounts } from "../../lab/cluster/requests";
import { cores } from "../../providers/framework/testing/core";
import { expectNoChanges } from "../../providers/framework/testing/expect";
import { Journey, QUICK } from "./support/journey";

jest.setTimeout(300_000);

let journey: Journey;
beforeAll(async () => {
  const clusters = {
    source: { version: "10.5.2.13900-12", risPerMinute: 600 },
    destination: { version: "12.5.1.11900-146", risPerMinute: 600 },
  };
  journey = await Journey.start(cores()[0]!, { ...QUICK, phones: 1, clusters });
});
afterAll(() => journey?.close());

test("one exchange for both directions, everything proven, no changes afterwards, no secret anywhere", async () => {
  await journey.deploy({ registeredOn: "source", trustOnly: true, method: "bulk" });
  const counts = (await (
    await fetch(`${journey.lab.site.control.clusters}/requests`)
  ).json()) as RequestCounts;
  const typed = Object.values(counts).flatMap((nodes) =>
    Object.values(nodes).flatMap(({ cli = {} }) =>
      Object.entries(cli).filter(([command]) => command.startsWith("set cert bulk")),
    ),
  );
  const times = (step: string) =>
    typed.filter(([command]) => command.includes(step)).reduce((sum, [, count]) => sum + count, 0);
  expect(["export", "consolidate", "import"].map(times)).toEqual([2, 1, 2]);

  const plan = await journey.workspace.plan();
  expectNoChanges(plan);
  // What a review reads of a plan is there in one that a core has just made.
  const { verdict, gaps, clusters } = reviewOf(readPlan(plan.json), new Map(), []);
  expect([verdict, gaps]).toEqual(["Nothing changes.", []]);
  expect(clusters.map(({ method, stays }) => [method, stays > 0])).toEqual([
    ["bulk", true],
    ["bulk", true],
  ]);
  const proofs = plan.json.resource_changes?.filter(({ type }) => type === "cucm_tvs_proof");
  expect(proofs?.map(({ change }) => change.after?.proven)).toEqual([true, true]);
  // A plan holds the state and the configuration.
  expect(JSON.stringify(plan.json)).not.toContain(journey.lab.env.SFTP_EXCHANGE_PASSWORD);
});
