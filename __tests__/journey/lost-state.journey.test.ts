/** The state file is lost in mid-migration: it is rebuilt by import, and nothing moves meanwhile. */
import { execFile } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cores } from "../../providers/framework/testing/core";
import { expectNoChanges } from "../../providers/framework/testing/expect";
import { draw } from "./support/draw";
import { Journey } from "./support/journey";

jest.setTimeout(300_000);

const PROGRAM = join(__dirname, "../../bin/phone-migration");

/** One of the cores. */
describe.each(draw(cores(), 1, ({ name }) => name))("with $name", (core) => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await Journey.start(core);
    await journey.declare({ registeredOn: "source" }).apply();
    await journey.declare({ registeredOn: "destination" }).apply();
  });
  afterAll(() => journey?.close());

  const run = async (program: string, args: readonly string[]) => {
    const { folder } = journey.workspace;
    const env = { ...journey.workspace.environment(), TERRAFORM_BINARY_NAME: core.binary };
    return (await promisify(execFile)(program, args, { cwd: folder, env })).stdout;
  };
  const imports = (...args: readonly string[]) =>
    run(process.execPath, [PROGRAM, "imports", "--folder", ".", ...args]);
  const lose = () => {
    for (const file of ["terraform.tfstate", "terraform.tfstate.backup"])
      rmSync(join(journey.workspace.folder, file), { force: true });
  };
  const everyone = () =>
    Object.fromEntries(journey.lab.site.phones.healthy.map((name) => [name, "destination"]));

  /** What the world looks like to those who are moved. */
  const world = async () => ({
    phones: await journey.whereabouts(),
    kea: await journey.keaConfiguration(),
    stores: Object.values((await journey.clusters()).clusters).map(({ storesHash }) => storesHash),
  });

  test("what `imports` prints rebuilds it, and a plan says that there are no changes", async () => {
    const before = await world();
    expect(before.phones).toEqual(everyone());
    lose();
    await run("sh", ["-c", await imports()]);
    expectNoChanges(await journey.workspace.plan());
    expect(await world()).toEqual(before);
    expect(await imports()).toContain("there is nothing to import");
  });

  test("import blocks do the same with the next deploy", async () => {
    const before = await world();
    lose();
    const file = join(journey.workspace.folder, "imports.tf");
    writeFileSync(file, await imports("--format", "blocks"));
    const { actions } = await journey.workspace.plan();
    const acting = Object.entries(actions).filter(([, action]) => action !== "no-op");
    expect(acting).toEqual([[expect.stringMatching(/^null_resource\..*gate/), "create"]]);
    await journey.workspace.apply();
    rmSync(file);
    expectNoChanges(await journey.workspace.plan());
    expect(await world()).toEqual(before);
  });

  test("and what was imported goes back by the word", async () => {
    await journey.declare({ registeredOn: "source" }).apply();
    expect(new Set(Object.values(await journey.whereabouts()))).toEqual(new Set(["source"]));
    expectNoChanges(await journey.workspace.plan());
    expect(existsSync(join(journey.workspace.folder, "gates.tfplan"))).toBe(false);
  });
});
