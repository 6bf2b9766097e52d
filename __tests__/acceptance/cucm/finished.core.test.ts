/** The end of a migration: the source is switched off, and what is left still plans, deploys and is destroyed. */
import { cores } from "../../../providers/framework/testing/core";
import { expectActions, expectError, expectNoChanges } from "../../../providers/framework/testing/expect";
import { Workspace } from "../../../providers/framework/testing/workspace";
import { HQ, hosted, migration, PILOT, twoClusters } from "./two-clusters";

let host: Awaited<ReturnType<typeof hosted>>;
beforeAll(async () => {
  host = await hosted();
});
afterAll(() => host.close());

const TRUST = "cucm_trust_memberships";
const WAVE = "cucm_phone_registration.hq";
/** Far enough for whoever runs this. */
const KEPT = 'keep_until = "2999-01-01"';

test.each(cores())(
  "a source that is switched off, and trust that is kept, with $name",
  async (core) => {
    const { source, destination, fleet } = twoClusters();
    const workspace = new Workspace({ core, providers: host.providers });
    try {
      workspace.configure(migration({ hq: { phones: HQ, registeredOn: "source" } }));
      await workspace.apply();
      fleet.serves = "destination";
      workspace.configure(migration({ hq: { phones: HQ, registeredOn: "destination" } }, { trust: KEPT }));
      await workspace.apply();
      expectNoChanges(await workspace.plan());

      // Nobody may ask it anything any more: that would be an error, and no mere warning.
      source.fail("*", null, "refused");
      source.writes.length = 0;
      const finished = (phones: readonly string[], trust: string, more: { onDestroy?: "keep" } = {}) =>
        workspace.configure(
          migration(
            { hq: { phones, registeredOn: "destination", ...more } },
            { decommissioned: true, trust },
          ),
        );
      finished(HQ, KEPT);
      const plan = await workspace.plan();
      expectNoChanges(plan);
      expect(plan.diagnostics).toEqual([]);

      fleet.put(PILOT, "destination");
      const longer = [...HQ, PILOT].sort();
      finished(longer, KEPT);
      const joined = await workspace.plan();
      expectActions(joined, { [WAVE]: "update" });
      const { state } = await workspace.apply(joined);
      expect(state.values(WAVE).counts).toEqual({ source: 0, destination: 4, missing: 0 });
      expectNoChanges(await workspace.plan());

      finished(longer, KEPT, { onDestroy: "keep" });
      await workspace.apply();
      // The source's trust is nobody's any more; the destination's is kept.
      const kept = [...destination.contents()];
      await expectError(workspace.destroy(), /The trust of cluster "destination" is kept until 2999-01-01/);
      expect(destination.contents()).toEqual(kept);

      finished(longer, "", { onDestroy: "keep" });
      await workspace.apply();
      const { diagnostics } = await workspace.destroy();
      expect(diagnostics.map(({ summary }) => summary)).toContain(
        'Trust of cluster "source" is only forgotten',
      );
      expect((await workspace.state()).resources).toEqual({});
      expect(destination.contents()).toEqual([]);
      expect(source.writes).toEqual([]);
      expect(Object.keys(state.resources).filter((address) => address.startsWith(TRUST))).toHaveLength(2);
    } finally {
      workspace.remove();
    }
  },
  120_000,
);
