import { DESTINATION, keaOn, op } from "../../support/backend";
import { classPilots, PILOT, pilotSite } from "../../support/class-pilots";
import { RealKea, requireKea, versionOfKea } from "../../support/real-kea";

/** Pilots by class: what Kea 2.7 and later serve, and what earlier ones say. */

jest.setTimeout(60_000);
beforeAll(requireKea);

let kea: RealKea | undefined;
afterEach(() => kea?.stop());
const start = async (more: object) => {
  kea = await RealKea.start(more);
  return kea;
};

if (versionOfKea() >= 2_007_000) classPilots(start);
else
  test("is refused at plan and at apply, and the server goes on serving", async () => {
    const { endpoint } = await start(pilotSite());
    const before = await kea!.configuration();
    const backend = keaOn([endpoint], { pilotsBy: "class" });
    expect((await backend.read(PILOT, op())).findings).toContainEqual(
      expect.objectContaining({ kind: "class-tags", severity: "error" }),
    );
    const change = { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" } as const;
    await expect(backend.apply(PILOT, change, op())).rejects.toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(/spurious 'client-classes' parameter.*Set pilots_by to "reservation"/),
    });
    expect(await kea!.offered()).toEqual(["192.0.2.3"]);
    expect(await kea!.configuration()).toBe(before);
  });
