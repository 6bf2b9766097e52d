import { cores } from "../../../providers/framework/testing/core";
import {
  expectActions,
  expectError,
  expectNoChanges,
  expectWarning,
} from "../../../providers/framework/testing/expect";
import { Workspace } from "../../../providers/framework/testing/workspace";
import { certificateOf } from "../../providers/cucm/certificates";
import { SECRET } from "../../providers/cucm/fake-core";
import { HQ, hosted, migration, PILOT, twoClusters, type Wave } from "./two-clusters";

let host: Awaited<ReturnType<typeof hosted>>;
beforeAll(async () => {
  host = await hosted();
});
afterAll(() => host.close());

const hq = (registeredOn: Wave["registeredOn"], more: Partial<Wave> = {}): Wave => ({
  phones: HQ,
  registeredOn,
  ...more,
});
const pilot = (registeredOn: Wave["registeredOn"]): Wave => ({ phones: [PILOT], registeredOn });

const SOURCE = "cucm_trust_memberships.source";
const DESTINATION = "cucm_trust_memberships.destination";
const PROOF = "cucm_tvs_proof.source";
const WAVE = "cucm_phone_registration.hq";
const GATE = "null_resource.gate_hq";

describe.each(cores())("with $name", (core) => {
  let workspace: Workspace;
  let lab: ReturnType<typeof twoClusters>;
  beforeEach(() => {
    lab = twoClusters();
    workspace = new Workspace({ core, providers: host.providers });
  });
  afterEach(() => workspace.remove());

  const declare = (waves: { readonly [name: string]: Wave }) => workspace.configure(migration(waves));
  const snapshot = () => [...lab.source.contents(), ...lab.destination.contents()];
  /** Everything that a deploy may touch. */
  const world = () =>
    JSON.stringify([snapshot(), lab.fleet.where(), lab.source.writes, lab.destination.writes]);
  const hqIsOn = (side: string | null) =>
    expect(HQ.map((p) => lab.fleet.where()[p])).toEqual(HQ.map(() => side));
  const deploy = async (waves: { readonly [name: string]: Wave }) => {
    lab.fleet.serves = Object.values(waves)[0]!.registeredOn;
    declare(waves);
    return workspace.apply();
  };
  /** Trust deployed, the wave on the destination. */
  const forward = async () => {
    await deploy({ hq: hq("source") });
    await deploy({ hq: hq("destination") });
    hqIsOn("destination");
  };

  test("deploy, drift, flip, flip back, destroy; and in between no changes", async () => {
    const before = snapshot();
    declare({ hq: hq("source") });
    const plan = await workspace.plan();
    expectActions(plan, { [SOURCE]: "create", [DESTINATION]: "create", [PROOF]: "create", [WAVE]: "create" });
    expect(plan.change(SOURCE).after?.already_present).toHaveLength(1);
    const { state } = await workspace.apply(plan);
    expect(state.values(PROOF).proven).toBe(true);
    expect(state.values(WAVE).counts).toEqual({ source: 3, destination: 0, missing: 0 });
    expect(lab.fleet.resets).toEqual([]);
    expectNoChanges(await workspace.plan());

    const [sha256] = Object.keys(state.values(SOURCE).certificates as object);
    const lost = [...lab.destination.identities.values()].find((c) => c.sha256 === sha256)!;
    lab.source.remove("Phone-SAST-trust", lost, "source-sub2");
    const drift = await workspace.plan();
    expectActions(drift, { [SOURCE]: "update", [PROOF]: "update" });
    expect(drift.drift).toContain(SOURCE);
    expect(drift.change(SOURCE).before?.missing).toEqual([`source-sub2: Phone-SAST-trust/${sha256}`]);
    await workspace.apply(drift);
    expectNoChanges(await workspace.plan());

    declare({ hq: hq("destination") });
    lab.fleet.serves = "destination";
    const flip = await workspace.plan();
    expectActions(flip, { [WAVE]: "update", [GATE]: "create" });
    await workspace.apply(flip);
    hqIsOn("destination");
    expectNoChanges(await workspace.plan());

    const moved = world();
    await expectError(workspace.destroy(), /Phones are still on the destination or unaccounted for/);
    expect(world()).toBe(moved);
    expectNoChanges(await workspace.plan());

    declare({ hq: hq("source") });
    lab.fleet.serves = "source";
    const back = await workspace.plan();
    expectActions(back, { [WAVE]: "update", [GATE]: "delete" });
    await workspace.apply(back);
    hqIsOn("source");
    expectNoChanges(await workspace.plan());

    await workspace.destroy();
    expect(snapshot()).toEqual(before);
    expect((await workspace.state()).resources).toEqual({});
  }, 120_000);

  test("replace, taint and removal while phones are on the destination change nothing", async () => {
    await forward();
    const moved = world();
    await expectError(workspace.apply({ replace: [WAVE] }), /Phones are still on the destination/);
    expect(world()).toBe(moved);

    await workspace.taint(WAVE);
    await expectError(workspace.apply(), /Phones are still on the destination/);
    expect(world()).toBe(moved);
    await workspace.run(["untaint", "-no-color", WAVE]);

    for (const trust of [SOURCE, DESTINATION]) {
      await expectError(workspace.apply({ replace: [trust] }), /must not be replaced/);
      expect(world()).toBe(moved);
      await workspace.taint(trust);
      await expectError(workspace.apply(), /must not be replaced/);
      expect(world()).toBe(moved);
      await workspace.run(["untaint", "-no-color", trust]);
    }

    workspace.configure(migration({}));
    await expectError(workspace.apply(), /Phones are still on the destination/);
    expect(world()).toBe(moved);
    declare({ hq: hq("destination") });
    expectNoChanges(await workspace.plan());
  }, 120_000);

  test("keep, applied first, ends a finished migration", async () => {
    await forward();
    const resets = lab.fleet.resets.length;
    await deploy({ hq: hq("destination", { onDestroy: "keep" }) });
    await workspace.destroy();
    hqIsOn("destination");
    expect(lab.fleet.resets).toHaveLength(resets);
  }, 120_000);

  test("a renewed signer is added and proven, the one that it replaces shown as superseded", async () => {
    const before = snapshot();
    await deploy({ hq: hq("source") });
    const [node, old] = [...lab.destination.identities].find(
      ([key]) => key === "destination-sub2 CallManager",
    )!;
    const renewed = certificateOf({ cn: old.commonName, from: "250101" }).certificate;
    lab.destination.identities.set(node, renewed);
    const plan = await workspace.plan();
    expectActions(plan, { [SOURCE]: "update", [PROOF]: "update" });
    expect(Object.keys(plan.change(SOURCE).after?.superseded as object)).toEqual([old.sha256]);

    const { state } = await workspace.apply(plan);
    expect(state.values(PROOF).proven).toBe(true);
    // A store keeps one certificate of a name, the newer, and that is no drift.
    const inStores = ({ serial }: { readonly serial: string }) =>
      lab.source.contents().filter((line) => line.includes(serial.toLowerCase())).length;
    expect([inStores(old), inStores(renewed)]).toEqual([0, 2 * 3]);
    expectNoChanges(await workspace.plan());
    await workspace.destroy();
    expect(snapshot()).toEqual(before);
  }, 120_000);

  test("a failing proof stops the wave that goes and not the one that returns", async () => {
    await deploy({ hq: hq("destination"), pilot: pilot("source") });
    hqIsOn("destination");
    lab.source.forgetTvs("source-sub1");
    lab.source.fail("askTvs", "source-sub1");
    lab.fleet.serves = "source";
    declare({ hq: hq("source"), pilot: pilot("destination") });
    const plan = await workspace.plan();
    expectWarning(plan, /Not read: node 127.1.10.12 of cluster "source"/);
    const error = await expectError(
      workspace.apply(plan),
      /every source TVS node vouches for every destination signer: no/,
      "go_if",
    );
    expect(error.address).toBe("cucm_phone_registration.pilot");
    hqIsOn("source");
    expect(lab.fleet.where()[PILOT]).toBe("source");
    expect((await workspace.state()).values(PROOF).proven).toBe(false);
  }, 120_000);

  test("a sentence that does not hold is named at plan; the way back never looks", async () => {
    await deploy({ hq: hq("source") });
    lab.source.facts.mode = "non-secure";
    declare({ hq: hq("destination") });
    await expectError(workspace.plan(), /the source is in mixed mode: no/, "go_if");
    lab.source.facts.mode = "mixed";
    await forward();
    lab.source.facts.mode = "non-secure";
    expectNoChanges(await workspace.plan());
    await deploy({ hq: hq("source") });
    hqIsOn("source");
  }, 120_000);

  test("one source subscriber down: plan and way back work with a warning, the way forward fails closed", async () => {
    await forward();
    lab.source.fail("*", "source-sub1");
    declare({ hq: hq("source") });
    const plan = await workspace.plan();
    expectWarning(plan, /Not read: node 127.1.10.12 of cluster "source"/);
    lab.fleet.serves = "source";
    await workspace.apply(plan);
    hqIsOn("source");

    const writes = world();
    declare({ hq: hq("destination") });
    await expectError(workspace.apply(), /vouches for every destination signer: no/);
    expect(world()).toBe(writes);
  }, 120_000);

  test("a destination node that does not answer takes no certificate away, and stops the way forward", async () => {
    await deploy({ hq: hq("source") });
    lab.destination.fail("*", "destination-sub2");
    const plan = await workspace.plan();
    expectWarning(plan, /Not read: node 127.1.20.13 of cluster "destination"/);
    expectNoChanges(plan);
    declare({ hq: hq("destination") });
    await expectError(workspace.plan(), /every node of the destination showed its signers: no/);
  }, 120_000);

  test("lost state is rebuilt by import", async () => {
    await forward();
    const { values } = { values: (await workspace.state()).values.bind(await workspace.state()) };
    const ids = {
      [SOURCE]: ["cluster", "certificates"],
      [DESTINATION]: ["cluster", "certificates"],
      [PROOF]: ["cluster", "signers"],
      [WAVE]: ["source", "destination", "phones", "registered_on", "limits"],
    };
    const commands = Object.entries(ids).map(([address, names]) => [
      address,
      JSON.stringify(Object.fromEntries(names.map((n) => [n, values(address)[n]]))),
    ]);
    const before = world();
    await workspace.run(["state", "rm", ...Object.keys(ids)]);
    for (const [address, id] of commands) await workspace.import(address!, id!);
    expectNoChanges(await workspace.plan());
    expect(world()).toBe(before);
    await expectError(workspace.destroy(), /Phones are still on the destination/);
    await deploy({ hq: hq("source") });
    hqIsOn("source");
  }, 120_000);

  test("without import, a create adopts what is there and resets nobody", async () => {
    await forward();
    const before = lab.fleet.resets.length;
    await workspace.run(["state", "rm", SOURCE, DESTINATION, PROOF, WAVE, GATE]);
    const { state } = await workspace.apply();
    expect(lab.fleet.resets).toHaveLength(before);
    expect(state.values(WAVE).counts).toEqual({ source: 0, destination: 3, missing: 0 });
    expectNoChanges(await workspace.plan());
  }, 120_000);

  test("no secret is in the state or in a plan", async () => {
    declare({ hq: hq("source") });
    const plan = await workspace.plan();
    await workspace.apply(plan);
    expect(workspace.stateFile()).not.toContain(SECRET);
    expect(JSON.stringify(plan.json)).not.toContain(SECRET);
  }, 120_000);
});
