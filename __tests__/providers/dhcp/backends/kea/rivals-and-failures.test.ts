import { DESTINATION, keaOn, op, SCOPE, SOURCE } from "../../support/backend";
import { type Configuration, configuration, entry, FakeKea, type FakeOptions } from "../../support/fake-kea";

const running: FakeKea[] = [];
async function kea(options?: FakeOptions): Promise<FakeKea> {
  const server = await new FakeKea(configuration([entry(SOURCE.join(", "))]), options).start();
  running.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((s) => s.stop()));
});

const forward = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
const reserve = (d: Configuration) =>
  void d.Dhcp4.subnet4[1]!.reservations.push({ "hw-address": "02:00:00:00:00:99" });
const apply = (servers: FakeKea[], operation = op()) => keaOn(servers).apply(SCOPE, forward, operation);

describe.each(["2.2.0", "3.0.4"])("on %s", (version) => {
  test("config-set refused just after a rival's: theirs is set again as it is, and the server serves again", async () => {
    const server = await kea({ version });
    let theirs = "";
    server.before = (command, nth) => {
      if (command !== "config-set" || nth > 1) return;
      server.edit(reserve);
      theirs = server.text;
    };
    server.instead = (command, nth) =>
      command === "config-set" && nth === 1 ? { result: 1, text: "cannot open socket" } : undefined;
    const failure = await apply([server]).catch((e) => e);
    expect(failure).toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(/cannot open socket.*set once more as it was.*Our change is not in it/),
    });
    expect(server.sets).toEqual([theirs]);
    expect(server.text).toBe(theirs);
    expect(server.deaf).toBe(false);
  });
});
