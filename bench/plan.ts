import { cores } from "../providers/framework/testing/core";
import { expectNoChanges } from "../providers/framework/testing/expect";
import { resident } from "../providers/framework/testing/resident";
import { Workspace } from "../providers/framework/testing/workspace";
import { nullStandInProvider } from "../providers/null-stand-in/provider";
import { builtProvider } from "../scripts/built-provider";
import { median, row, timed } from "./numbers";

/**
 * A plan of one resource that finds no changes, with the provider started by the core (three times a plan) and with
 * the provider resident: what starting costs a user, and what it costs the tests.
 */
export async function plan(rounds: number): Promise<void> {
  for (const core of cores()) {
    const attached = await resident(nullStandInProvider);
    const ways = [
      {
        way: "provider started by the core",
        workspace: new Workspace({
          core,
          providers: { null: builtProvider("null-stand-in", nullStandInProvider) },
        }),
      },
      { way: "provider resident", workspace: new Workspace({ core, providers: { null: attached } }) },
    ].map((each) => ({ ...each, times: [] as number[] }));
    try {
      for (const { workspace } of ways) {
        await workspace.configure('resource "null_resource" "one" {}').apply();
        expectNoChanges(await workspace.plan());
      }
      for (let round = 0; round < rounds; round++) {
        for (const { workspace, times } of ways) {
          times.push(await timed(() => workspace.run(["plan", "-input=false", "-no-color"])));
        }
      }
      console.log(`Plan without changes, one resource, ${core.name}, medians of ${rounds} rounds`);
      for (const { way, times } of ways) row(way, median(times));
    } finally {
      for (const { workspace } of ways) workspace.remove();
      await attached.close();
    }
  }
}
