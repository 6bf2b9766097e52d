import { mkdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { DESTINATION, keaOn, op, SOURCE } from "../../support/backend";
import { DEFINITION } from "../../support/fake-kea";
import { InBetween } from "../../support/in-between";
import { RealKea, requireKea, versionOfKea } from "../../support/real-kea";

/**
 * What the kea-dhcp4 of this machine refuses, and whether it still serves after that: before 2.3.6 it serves nobody
 * after a config-set that it refused.
 */

jest.setTimeout(60_000);
beforeAll(requireKea);

const SUBNET = "127.0.0.0/8";
const SCOPE = { kind: "subnet", subnet: SUBNET } as const;
const forward = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
const site = (data: string, definition: object = DEFINITION, more: object = {}) => ({
  "option-def": [definition],
  subnet4: [
    {
      id: 10,
      subnet: SUBNET,
      pools: [{ pool: "127.1.0.1-127.1.0.100" }],
      "option-data": [{ name: "cisco-tftp", data }],
    },
  ],
  ...more,
});

let kea: RealKea;
let between: InBetween;
afterEach(async () => {
  await between?.stop();
  await kea?.stop();
});
const start = async (more: Parameters<typeof RealKea.start>[0]) => {
  kea = await RealKea.start(more);
  between = await new InBetween(kea.socket).start();
  return keaOn([between.endpoint]);
};
const sets = () => between.commands.filter((c) => c === "config-set");

/** After a configuration that it refused. */
const staysDeaf = versionOfKea() < 2_003_006;

test("by config-test: it is not set, and the server goes on serving", async () => {
  const backend = await start(site("1, 2", { ...DEFINITION, type: "uint8" }));
  const { answers } = await backend.read(SCOPE, op());
  const served = await kea.offered();
  await expect(backend.apply(SCOPE, { ...forward, expected: answers }, op())).rejects.toMatchObject({
    kind: "refused",
    detail: expect.stringContaining("option definition"),
  });
  expect(between.commands).toContain("config-test");
  expect(sets()).toEqual([]);
  expect(served).not.toBeNull();
  expect(await kea.offered()).toEqual(served);
});

test("by config-set alone: the saved configuration is set at once, and it is served", async () => {
  const backend = await start(site(SOURCE.join(",")));
  const before = await kea.command("config-get");
  between.instead = (request, command) =>
    command === "config-set" && sets().length === 1
      ? request.replace(DESTINATION.join(","), "spoilt on the way")
      : request;
  let meanwhile: unknown;
  between.before = async (command) => {
    if (command === "config-set" && sets().length === 2) meanwhile = await kea.offered();
  };
  await expect(backend.apply(SCOPE, forward, op())).rejects.toMatchObject({
    detail: expect.stringContaining("Our change is not in the server's configuration any more"),
  });
  expect(meanwhile).toEqual(staysDeaf ? null : SOURCE);
  expect(await kea.offered()).toEqual(SOURCE);
  expect(await kea.command("config-get")).toBe(before);
});

describe("by config-set, since it cannot open its lease file any more", () => {
  const leases = () => kea.path("leases.csv");
  const lose = () => {
    renameSync(leases(), `${leases()}.lost`);
    mkdirSync(leases());
  };
  const starting = () =>
    start((folder) =>
      site(SOURCE.join(","), DEFINITION, {
        "lease-database": {
          type: "memfile",
          persist: true,
          name: join(folder, "leases.csv"),
          "lfc-interval": 0,
        },
      }),
    );

  test("which is over soon: it serves what it served", async () => {
    const backend = await starting();
    between.before = async (command) => {
      if (command !== "config-set") return;
      if (sets().length === 1) lose();
      else rmdirSync(leases());
    };
    await expect(backend.apply(SCOPE, forward, op())).rejects.toMatchObject({
      detail: expect.stringContaining("Our change is not in the server's configuration any more"),
    });
    expect(sets()).toHaveLength(2);
    expect(await kea.offered()).toEqual(SOURCE);
  });

  test("and stays so: the error says that it may serve nobody, and what cures it does", async () => {
    const backend = await starting();
    between.before = async (command) => {
      if (command === "config-set" && sets().length === 1) lose();
    };
    await expect(backend.apply(SCOPE, forward, op())).rejects.toMatchObject({
      summary: expect.stringContaining("could not be put back"),
      detail: expect.stringMatching(/may serve nobody.*config-reload/),
    });
    expect(sets()).toHaveLength(2);
    rmdirSync(leases());
    expect(JSON.parse(await kea.command("config-reload"))).toMatchObject({ result: 0 });
    expect(await kea.offered()).toEqual(SOURCE);
  });
});
