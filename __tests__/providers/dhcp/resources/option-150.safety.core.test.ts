import { type Core, cores } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../../../providers/framework/testing/expect";
import { DESTINATION, SOURCE } from "../support/backend";
import { configuration, entry, FakeKea } from "../support/fake-kea";
import { ADDRESS, hq, Scenario } from "../support/scenario";

jest.setTimeout(120_000);

describe.each(cores().map((core) => [core.name, core] as const))("with %s", (_, core: Core) => {
  const s = new Scenario(core);

  describe("destroying moves nothing", () => {
    beforeEach(async () => {
      s.configure(hq("destination"));
      await s.workspace.apply();
      s.kea.sets.splice(0);
    });
    const stays = async () => {
      expect(s.kea.sets).toEqual([]);
      expect(s.served()).toEqual(["198.51.100.21,198.51.100.22"]);
    };

    test("destroy and removal are refused", async () => {
      await expectError(s.workspace.destroy(), /is not let go of/);
      s.configure("");
      await expectError(s.workspace.plan(), /put it back, and first set serve to "source"/);
      await stays();
    });

    test("replacement and taint are refused", async () => {
      await expectError(s.workspace.apply({ replace: [ADDRESS] }), /is not let go of/);
      await s.workspace.taint(ADDRESS);
      await expectError(s.workspace.apply(), /is not let go of/);
      await stays();
    });

    test("refused while nobody knows what it serves", async () => {
      s.configure(hq("source"));
      await s.workspace.apply();
      await s.kea.stop();
      await expectError(s.workspace.destroy(), /could not be read/);
      await expectError(s.workspace.apply({ destroy: true, refresh: false }), /could not be read/);
    });

    test("keep lets go and leaves it as it is", async () => {
      s.configure(hq("destination", 'on_destroy = "keep"'));
      await s.workspace.apply();
      await s.workspace.destroy();
      await stays();
    });
  });

  describe("an unreachable server", () => {
    test("is a warning for a plan, keeps what is known, and an error for a move", async () => {
      s.configure(hq("source"));
      await s.workspace.apply();
      await s.kea.stop();
      const plan = await s.workspace.plan();
      expectNoChanges(plan);
      expectWarning(plan, /Not read: option 150 of subnet 10\.1\.20\.0\/24 on DHCP server "kea"/);
      s.configure(hq("destination"));
      const move = await s.workspace.plan();
      await expectError(s.workspace.apply(move), /cannot be reached/);
      expect(await s.values()).toMatchObject({ serve: "source" });
    });

    test("is a warning when a create is planned, which then fails and records nothing", async () => {
      await s.kea.stop();
      s.configure(hq("destination"));
      const plan = await s.workspace.plan();
      expectWarning(plan, /Not read: option 150 of subnet 10\.1\.20\.0\/24 on DHCP server "kea"/);
      await expectError(s.workspace.apply(plan), /Option 150 of subnet 10\.1\.20\.0\/24 was not read/);
      expect((await s.workspace.state()).resources).toEqual({});
    });
  });

  describe("a pair of which one was changed only", () => {
    let other: FakeKea;
    beforeEach(async () => {
      other = await new FakeKea(configuration([entry("192.0.2.21,192.0.2.22")]), {
        version: "3.0.4",
      }).start();
    });
    afterEach(() => other.stop());
    const pair = (resources: string) => s.configure(resources, [other]);

    test.each(["source", "destination"])("goes on to the %s", async (serve) => {
      pair(hq(serve === "source" ? "destination" : "source"));
      await s.workspace.apply();
      // As a run leaves it that is killed between the two writes.
      const next = (serve === "source" ? SOURCE : DESTINATION).join(",");
      s.somebodySets(next);
      pair(hq(serve));
      const plan = await s.workspace.plan();
      expect(plan.change(ADDRESS)).toMatchObject({
        actions: ["update"],
        before: { serve: "mixed" },
        after: { serve },
      });
      expect(JSON.stringify(plan.change(ADDRESS).after)).toContain("peers-differ");
      await s.workspace.apply(plan);
      expect(s.served()).toEqual([next]);
      expect(other.document.Dhcp4.subnet4[1]!["option-data"][0]!.data).toBe(next);
      expectNoChanges(await s.workspace.plan());
    });

    test("is not let go of", async () => {
      pair(hq("source"));
      await s.workspace.apply();
      s.somebodySets(DESTINATION.join(","));
      await expectError(s.workspace.destroy(), /is not let go of/);
    });
  });

  test("a failed create records nothing; a failed update what is true", async () => {
    const refuse = () => {
      let left = 1;
      s.kea.instead = (c) => (c === "config-set" && left-- > 0 ? { result: 1, text: "no" } : undefined);
    };
    refuse();
    s.configure(hq("destination"));
    await expectError(s.workspace.apply(), /refuses config-set/);
    expect((await s.workspace.state()).resources).toEqual({});
    s.configure(hq("source"));
    await s.workspace.apply();
    refuse();
    s.configure(hq("destination"));
    await expectError(s.workspace.apply(), /refuses config-set/);
    expect(await s.values()).toMatchObject({ serve: "source" });
    expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
    await s.workspace.apply();
    expect(await s.values()).toMatchObject({ serve: "destination" });
  });

  describe("a way back that could not be saved stands, and is saved by the next deploy that can", () => {
    const saving = (serve: string) => s.configure(hq(serve), [], "config-write");
    const refuse = () => {
      s.kea.instead = (c) =>
        c === "config-write" ? { result: 1, text: "Unable to open file /etc/kea/x" } : undefined;
    };
    const savesNext = async () => {
      const plan = await s.workspace.plan();
      expectWarning(plan, /Option 150 of subnet 10\.1\.20\.0\/24: unsaved/);
      expect(plan.change(ADDRESS)).toMatchObject({
        actions: ["update"],
        after: { serve: "source", findings: [expect.objectContaining({ kind: "unsaved" })] },
      });
      return plan;
    };
    const isSaved = async () => {
      s.kea.instead = () => undefined;
      s.kea.commands.splice(0);
      await s.workspace.apply(await savesNext());
      expect(s.kea.commands).toContain("config-write");
      expect(s.kea.commands).not.toContain("config-set");
      expectNoChanges(await s.workspace.plan());
    };

    test("of an update: an error, until then an update, and no destroy", async () => {
      saving("destination");
      await s.workspace.apply();
      refuse();
      saving("source");
      await expectError(s.workspace.apply(), /cannot save its configuration[\s\S]*deploy again/);
      expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
      await expectError(s.workspace.apply(await savesNext()), /cannot save its configuration/);
      await expectError(s.workspace.destroy(), /is not let go of[\s\S]*could not be saved/);
      await expectError(s.workspace.apply({ replace: [ADDRESS] }), /is not let go of/);
      await isSaved();
      await s.workspace.destroy();
    });

    test("of a way there that could not be undone either: what is served then is saved", async () => {
      saving("source");
      await s.workspace.apply();
      s.kea.instead = (c, nth) =>
        c === "config-write" || (c === "config-set" && nth > 1) ? { result: 1, text: "full" } : undefined;
      saving("destination");
      await expectError(s.workspace.apply(), /could not be put back/);
      expect(s.served()).toEqual([DESTINATION.join(",")]);
      s.kea.instead = () => undefined;
      s.kea.commands.splice(0);
      await s.workspace.apply();
      expect(s.kea.commands).toContain("config-write");
      expectNoChanges(await s.workspace.plan());
    });

    test("of a create: a warning, since an error would forget it", async () => {
      s.somebodySets(DESTINATION.join(","));
      refuse();
      saving("source");
      expectWarning(await s.workspace.apply(), /cannot save its configuration/);
      expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
      await isSaved();
    });
  });

  describe("a rival between plan and apply", () => {
    test("of an update: our sentence, nothing written", async () => {
      s.configure(hq("source"));
      await s.workspace.apply();
      s.configure(hq("destination"));
      const plan = await s.workspace.plan();
      s.somebodySets("203.0.113.9");
      await expectError(s.workspace.apply(plan), /was changed by somebody else[\s\S]*Nothing was written/);
      expect(s.served()).toEqual(["203.0.113.9"]);
      expect(await s.values()).toMatchObject({ serve: "source" });
    });

    test("of a create: the core refuses, nothing written", async () => {
      s.configure(hq("destination"));
      const plan = await s.workspace.plan();
      s.somebodySets(DESTINATION.join(", "));
      await expectError(s.workspace.apply(plan), /inconsistent final plan|somebody else/);
      expect(s.kea.sets).toEqual([]);
    });
  });
});
