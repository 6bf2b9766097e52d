/**
 * Proxies list every outbound write of a run; the run is killed (`kill -9`) after a write, before its state is saved, and
 * the next run has to converge.
 *
 * - Moving the phones and bringing them back: after every write the provider that made it is killed, or the core (with
 *   `KILLS` both, in another run), each time from the same starting state, and each time followed by a deploy to the
 *   end.
 * - Deploy and destroy of the trust make many more writes, so there the kills follow each other, of provider and core
 *   in turn: a run is killed after its first write that no run before it was killed after. A killed run leaves nothing
 *   but its writes (no state), so the run that follows stands where a run from the start would stand that was killed
 *   after as many. It has to go on with the next write, repeating nothing but restarts of TVS; the last one runs to
 *   its end. One of the two is drawn; `KILLS=chain` goes through both, `KILLS=both` with the provider as the victim, and
 *   again with the core. `KILLS=each` does them like the short ones, which takes most of an hour.
 *
 * No run is given `-lock=false` and nobody removes a lock file. Both cores lock the state with fcntl(2), which ends
 * with the process that was killed; `.terraform.tfstate.lock.info`, which only says who it was, stays, and the next
 * run replaces it and removes it at its end.
 *
 * What an interrupted create has imported is found by the next one, and nothing says any more who put it there (a
 * failed create records nothing; a recorded one would be tainted, and then deleted). So it counts as
 * `already_present`, and `destroy` leaves it in the stores. That is asserted as it is.
 */
import { randomInt } from "node:crypto";
import { cores } from "../../providers/framework/testing/core";
import { draw } from "./support/draw";
import type { Victim } from "./support/interrupted-run";
import { KillBench, keysOf, STEPS } from "./support/kill-bench";

const FROM_THE_START = process.env.KILLS === "each";
const EVERY_WRITE = process.env.KILLS !== undefined;
const VICTIMS: readonly Victim[] = ["provider", "core"];
const ROUNDS: readonly (readonly Victim[])[] =
  process.env.KILLS === "both" ? [["provider"], ["core"]] : [VICTIMS];

jest.setTimeout(FROM_THE_START ? 3 * 3_600_000 : 1_800_000);

/**
 * One of the cores, drawn. With `KILLS`: the first core is tried at every write; what a further one does otherwise would
 * show when the phones move.
 */
describe.each(
  draw(cores(), 1, ({ name }) => name, EVERY_WRITE).map((core, i) => ({
    core,
    name: core.name,
    everything: i === 0,
  })),
)("with $name", ({ core, everything }) => {
  let bench: KillBench;
  beforeAll(async () => {
    bench = await KillBench.start(core);
    await bench.listWrites();
  });
  afterAll(() => bench?.close());

  test("the writes of each step are what the graph says", () => {
    const { create, forward, back, destroy } = bench.writes;
    const memberships = bench.deployed.memberships.flatMap(keysOf);
    const capf = memberships.filter((key) => key.startsWith("CAPF-trust/"));
    const restarts = 2 * 3;
    // An import into CAPF-trust does not replicate, so there is one on each of three nodes.
    expect(create).toHaveLength(memberships.length + 2 * capf.length + restarts);
    expect(destroy.length).toBeGreaterThanOrEqual(memberships.length + restarts);
    for (const list of [forward, back]) {
      expect(list[0]).toBe("Kea: config-set");
      expect(list).toHaveLength(1 + bench.phones.length);
    }
  });

  test("moving the phones, there and back", async () => {
    await bench.deploySource();
    // Provider and core take turns, or each of them is tried at every write.
    const turn = randomInt(2);
    const rounds = EVERY_WRITE
      ? (everything ? VICTIMS : (["provider"] as const)).map((victim) => () => victim)
      : [(n: number) => VICTIMS[(n + turn) % 2]!];
    for (const victimOf of rounds)
      for (let n = 1, killed = true; killed; n++) {
        killed = false;
        for (const step of ["forward", "back"] as const) {
          if (!(await bench.killAfter(step, victimOf(n), n))) continue;
          killed = true;
          await bench.converge(step);
        }
      }
  });

  if (!everything) return;

  const rounds = ROUNDS.map((victims) => ({ victims, who: victims.join(" and ") }));

  const steps = draw(["create", "destroy"] as const, 1, (step) => step, EVERY_WRITE);
  const roundsOf = (step: (typeof steps)[number]) => (steps.includes(step) ? rounds : []);

  for (const { victims, who } of roundsOf("create"))
    test(`deploy of the trust: ${who}`, async () => {
      await bench.restore(bench.nothing);
      await bench.killAfterEveryNewWrite("create", victims);
      await bench.converge("create");
      for (const one of bench.memberships()) expect(one.already_present).toEqual(keysOf(one).sort());
      await bench.run(STEPS.create, "destroy");
      await bench.expectStores(bench.deployed);
    });

  for (const { victims, who } of roundsOf("destroy"))
    test(`destroy: ${who}`, async () => {
      await bench.restore(bench.deployed);
      await bench.killAfterEveryNewWrite("destroy", victims);
      await bench.converge("destroy");
    });

  if (!FROM_THE_START) return;

  test.each(VICTIMS)("deploy and destroy of the trust, each time from the start: %s", async (victim) => {
    for (const step of ["create", "destroy"] as const)
      for (let n = 1, killed = true; killed; n++) {
        await bench.restore(step === "create" ? bench.nothing : bench.deployed);
        killed = await bench.killAfter(step, victim, n);
        if (killed) await bench.converge(step);
      }
  });
});
