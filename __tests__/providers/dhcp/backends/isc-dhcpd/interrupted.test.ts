import { DESTINATION, op, SCOPE, SOURCE } from "../../support/backend";
import {
  AS_FOUND,
  CONFIGURATION,
  dhcpdOn,
  FILE,
  failing,
  host,
  lost,
  MAIN,
  PENDING,
  THERE,
} from "../../support/fake-dhcpd";

describe("a run that dies after any of its requests", () => {
  const died = async (at: number) => {
    const h = host();
    h.before = (_, index) => {
      if (index >= at) throw lost();
    };
    await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
    h.before = () => {};
    return h;
  };

  test.each([
    ["the destination", DESTINATION],
    ["the source", SOURCE],
  ])("the next deploy to %s brings it, or it is served already", async (_, answer) => {
    const first = host();
    await dhcpdOn([first]).apply(SCOPE, THERE, op());
    const { original } = await dhcpdOn([host()]).read(SCOPE, op());
    let halves = 0;
    for (const [at, call] of first.calls.entries()) {
      const h = await died(at);
      const told = `${call} (${at})`;
      const { answers, findings } = await dhcpdOn([h]).read(SCOPE, op());
      if (answers.length > 1) {
        halves++;
        expect([told, answers]).toEqual([told, [SOURCE, DESTINATION]]);
        expect(findings).toContainEqual(
          expect.objectContaining({ kind: "interrupted", severity: "warning" }),
        );
      }
      const restore = answer === SOURCE ? original : undefined;
      if (answers.some((each) => String(each) !== String(answer)))
        await dhcpdOn([h]).apply(SCOPE, { answer, expected: answers, restore, unsaved: "keep" }, op());
      expect([told, h.served.get(FILE)]).toEqual([told, h.files.get(FILE)]);
      const after = await dhcpdOn([h]).read(SCOPE, op());
      expect([told, after.answers, after.findings]).toEqual([told, [answer], []]);
      if (answer === SOURCE) expect([told, h.files.get(FILE)]).toEqual([told, AS_FOUND]);
    }
    expect(halves).toBeGreaterThan(5);
  });

  test("another scope's change takes the half back, and restarts dhcpd", async () => {
    const h = await died((await finished()).indexOf("run restart"));
    expect(h.files.get(FILE)).not.toBe(AS_FOUND);
    const second = { kind: "subnet", subnet: "10.1.21.0/24" } as const;
    await dhcpdOn([h]).apply(second, { ...THERE, expected: ["inherited"] }, op());
    expect(h.served.get(FILE)).toBe(AS_FOUND);
    expect(h.files.has(PENDING)).toBe(false);
  });

  test.each([
    ["its own scope", SCOPE, { answer: SOURCE, expected: [SOURCE, DESTINATION], unsaved: "keep" }],
    [
      "another scope",
      { kind: "subnet", subnet: "10.1.21.0/24" },
      { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" },
    ],
  ] as const)(
    "a second run, of %s, that dies too: what dhcpd may serve is still told",
    async (_, scope, change) => {
      const steps = await finished();
      // dhcpd was restarted, and serves the destination.
      const first = () => died(steps.indexOf("run restart") + 1);
      const whole = await first();
      whole.calls.length = 0;
      await dhcpdOn([whole]).apply(scope, change, op());
      const calls = whole.calls.length;
      let differed = 0;
      for (let at = 0; at < calls; at++) {
        const h = await first();
        h.calls.length = 0;
        h.before = (_, index) => {
          if (index >= at) throw lost();
        };
        await failing(dhcpdOn([h]).apply(scope, change, op()));
        h.before = () => {};
        if (h.served.get(FILE) === h.files.get(FILE)) continue;
        differed++;
        expect([at, (await dhcpdOn([h]).read(SCOPE, op())).answers]).toEqual([at, [SOURCE, DESTINATION]]);
      }
      expect(differed).toBeGreaterThan(2);
    },
  );

  test("what somebody wrote since is left alone; so is a mark that names other files", async () => {
    const h = await died((await finished()).indexOf("run restart"));
    h.files.set(FILE, "option cisco-tftp 203.0.113.9;");
    expect((await dhcpdOn([h]).read(SCOPE, op())).answers).toEqual([["203.0.113.9"]]);
    h.files.set(PENDING, JSON.stringify({ files: [{ path: MAIN, before: "", after: CONFIGURATION }] }));
    await dhcpdOn([h]).apply(SCOPE, { ...THERE, expected: [["203.0.113.9"]] }, op());
    expect(h.files.get(MAIN)).toBe(CONFIGURATION);
    expect(h.files.has(PENDING)).toBe(false);
  });

  async function finished(): Promise<readonly string[]> {
    const h = host();
    await dhcpdOn([h]).apply(SCOPE, THERE, op());
    return h.calls;
  }
});
