import { type Core, cores } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../../../providers/framework/testing/expect";
import { DESTINATION, SOURCE } from "../support/backend";
import { DEFINITION, entry } from "../support/fake-kea";
import { ADDRESS, hq, Scenario } from "../support/scenario";

jest.setTimeout(120_000);

const NINE = Array.from({ length: 9 }, (_, i) => `198.51.100.${30 + i}`);
const ID = JSON.stringify({
  server: "kea",
  scope: { subnet: "10.1.20.0/24" },
  source_addresses: SOURCE,
  destination_addresses: DESTINATION,
});

describe.each(cores().map((core) => [core.name, core] as const))("with %s", (_, core: Core) => {
  const s = new Scenario(core);

  test("there, no changes, and back, byte for byte", async () => {
    const before = s.kea.text;
    s.configure(hq("source"));
    const first = await s.workspace.plan();
    expect(first.change(ADDRESS).after).toMatchObject({ observed: SOURCE });
    await s.workspace.apply(first);
    expect(s.kea.sets).toEqual([]);
    expectNoChanges(await s.workspace.plan());

    s.configure(hq("destination", "go_if = { ready = true }"));
    const there = await s.workspace.plan();
    expect(there.actions[ADDRESS]).toBe("update");
    expect(there.change(ADDRESS).after).toMatchObject({ serve: "destination", observed: SOURCE });
    expect(JSON.stringify(there.change(ADDRESS).after)).toContain("not-persisted");
    const applied = await s.workspace.apply(there);
    expect(applied.state.values(ADDRESS)).toMatchObject({ serve: "destination", observed: SOURCE });
    expect(s.served()).toEqual(["198.51.100.21,198.51.100.22"]);

    // `observed` is what it was when the move was planned; a refresh makes it what it is now. That is no change.
    const text = await s.workspace.run(["plan", "-detailed-exitcode", "-input=false", "-no-color"]);
    expect(text.stdout).toContain("No changes. Your infrastructure");
    const second = await s.workspace.plan();
    expectNoChanges(second);
    expect(second.change(ADDRESS).after).toMatchObject({ observed: DESTINATION });
    await s.workspace.apply(second);
    expect(s.kea.sets).toHaveLength(1);

    s.configure(hq("source"));
    await s.workspace.apply();
    expect(s.kea.text).toBe(before);
    expectNoChanges(await s.workspace.plan());
    await s.workspace.destroy();
    expect(s.kea.text).toBe(before);
    expect(s.workspace.stateFile()).not.toMatch(/s3cret/);
  });

  test("a create that moves; the plan warns that a restart reverts it; the state holds no secret", async () => {
    s.configure(hq("destination"));
    const plan = await s.workspace.plan();
    expectWarning(plan, /not-persisted/);
    await s.workspace.apply(plan);
    expect(s.served()).toEqual(["198.51.100.21,198.51.100.22"]);
    expectNoChanges(await s.workspace.plan());
    expect(s.workspace.stateFile()).not.toMatch(/s3cret/);
    s.configure(hq("source"));
    await s.workspace.apply();
    expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
  });

  test("a source that inherits: the option is made and taken out again", async () => {
    s.kea.edit((d) => {
      d.Dhcp4.subnet4[1]!["option-data"] = [];
    });
    const before = s.kea.document;
    s.configure(hq("source", "", null));
    await s.workspace.apply();
    s.configure(hq("destination", "", null));
    const plan = await s.workspace.plan();
    expect(plan.change(ADDRESS).after).toMatchObject({ observed: [] });
    await s.workspace.apply(plan);
    expect(s.served()).toEqual(["198.51.100.21, 198.51.100.22"]);
    expectNoChanges(await s.workspace.plan());
    s.configure(hq("source", "", null));
    await s.workspace.apply();
    expect(s.kea.document).toEqual(before);
  });

  describe("drift", () => {
    test("somebody moved the scope: a plan says so and puts it back", async () => {
      s.configure(hq("source"));
      await s.workspace.apply();
      s.somebodySets(DESTINATION.join(", "));
      const plan = await s.workspace.plan();
      expect(plan.change(ADDRESS)).toMatchObject({
        actions: ["update"],
        before: { serve: "destination" },
        after: { serve: "source", observed: DESTINATION },
      });
      await s.workspace.apply(plan);
      expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
    });

    test("somebody moved it back: a move again, with its conditions", async () => {
      s.configure(hq("destination", "go_if = { ready = true }"));
      await s.workspace.apply();
      s.somebodySets(SOURCE.join(", "));
      s.configure(hq("destination", "go_if = { ready = false }"));
      await expectError(s.workspace.plan(), /must not move to the destination[\s\S]*ready: no/, "go_if");
      s.configure(hq("destination", "go_if = { ready = true }"));
      await s.workspace.apply();
      expect(s.served()).toEqual([DESTINATION.join(", ")]);
    });

    test("a third value is a finding and a warning, and an error for who is about to move", async () => {
      s.configure(hq("source"));
      await s.workspace.apply();
      s.somebodySets("203.0.113.9");
      const plan = await s.workspace.plan();
      expectNoChanges(plan);
      expectWarning(plan, /neither the source's nor the destination's/);
      expect(plan.change(ADDRESS).after).toMatchObject({
        serve: "source",
        observed: ["203.0.113.9"],
        findings: expect.arrayContaining([expect.objectContaining({ kind: "third-value" })]),
      });
      s.configure(hq("destination"));
      await expectError(s.workspace.plan(), /Somebody else owns this value/, "source_addresses");
      expect(s.served()).toEqual(["203.0.113.9"]);
    });

    test("a third value while on the destination: the way back is open", async () => {
      s.configure(hq("destination"));
      await s.workspace.apply();
      s.somebodySets("203.0.113.9");
      const plan = await s.workspace.plan();
      expectNoChanges(plan);
      expectWarning(plan, /neither the source's/);
      s.configure(hq("source"));
      await s.workspace.apply();
      expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
    });

    test("what changes beside it is a finding, and no change", async () => {
      s.configure(hq("source"));
      await s.workspace.apply();
      s.kea.edit((d) => {
        d.Dhcp4.subnet4[1]!.pools = [{ pool: "10.1.20.5-10.1.20.9", "option-data": [entry("10.0.0.4")] }];
      });
      const plan = await s.workspace.plan();
      expectNoChanges(plan);
      expect(JSON.stringify(plan.change(ADDRESS).after)).toContain("shadowed");
      s.configure(hq("destination"));
      expectWarning(await s.workspace.plan(), /shadowed/);
    });
  });

  describe("conditions", () => {
    test("false stops the move, of a create too, and names the sentence", async () => {
      const held =
        'go_if = { "every source TVS node vouches for every destination signer" = false, "no phone is at risk" = true }';
      s.configure(hq("destination", held));
      const error = await expectError(
        s.workspace.plan(),
        /every source TVS node vouches for every destination signer: no/,
      );
      expect(error.detail).not.toContain("no phone is at risk");
      s.configure(hq("source", held));
      await s.workspace.apply();
      s.configure(hq("destination", held));
      await expectError(s.workspace.plan(), /every source TVS node/);
      expect(s.kea.sets).toEqual([]);
    });

    test("null is not true", async () => {
      s.configure(hq("destination", "go_if = { ready = null }"));
      await expectError(s.workspace.plan(), /ready: could not be read/);
    });

    test("unknown is planned, and checked at apply", async () => {
      const unknown = (value: boolean) =>
        `resource "terraform_data" "proof" { input = ${value} }
         ${hq("destination", "go_if = { proven = terraform_data.proof.output }")}`;
      s.configure(unknown(false));
      const plan = await s.workspace.plan();
      await expectError(s.workspace.apply(plan), /proven: no/);
      expect(s.kea.sets).toEqual([]);
      s.configure(unknown(true));
      await s.workspace.apply();
      expect(s.served()).toEqual(["198.51.100.21,198.51.100.22"]);
    });

    test("what they say after the move, even unknown, is no change; nor does it stop the way back", async () => {
      s.configure(hq("destination", "go_if = { ready = true }"));
      await s.workspace.apply();
      s.configure(hq("destination", "go_if = { ready = false }"));
      expectNoChanges(await s.workspace.plan());
      s.configure(`resource "terraform_data" "proof" { input = timestamp() }
        ${hq("destination", 'go_if = { ready = terraform_data.proof.output != "" }')}`);
      expect((await s.workspace.plan()).actions).toMatchObject({ [ADDRESS]: "no-op" });
      s.configure(hq("source", "go_if = { ready = false }"));
      await s.workspace.apply();
      expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
    });
  });

  test.each(["source", "destination"])("lost state: import on the %s, then no changes", async (serve) => {
    if (serve === "destination") s.somebodySets("198.51.100.21,198.51.100.22");
    s.configure(hq(serve, serve === "destination" ? "go_if = { ready = false }" : ""));
    const state = await s.workspace.import(ADDRESS, ID);
    expect(state.values(ADDRESS)).toMatchObject({ serve });
    expectNoChanges(await s.workspace.plan());
    expect(s.kea.sets).toEqual([]);
    s.configure(hq("source"));
    await s.workspace.apply();
    expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
  });

  test("another scope or server is a plan error that says what to do", async () => {
    s.configure(hq("source"));
    await s.workspace.apply();
    s.configure(hq("source").replace("10.1.20.0", "10.1.10.0"));
    await expectError(s.workspace.plan(), /scope cannot change[\s\S]*resource of its own/, "scope");
    s.configure(hq("source").replace('"kea"', '"other"'));
    await expectError(s.workspace.plan(), /(server cannot change|No DHCP server "other")/);
  });

  test("corrected addresses of the destination are a move", async () => {
    s.configure(hq("destination"));
    await s.workspace.apply();
    const other = hq("destination", "go_if = { ready = false }").replace("198.51.100.22", "198.51.100.23");
    s.configure(other);
    await expectError(s.workspace.plan(), /ready: no/);
    s.configure(other.replace("false", "true"));
    await s.workspace.apply();
    expect(s.served()).toEqual(["198.51.100.21,198.51.100.23"]);
    expectNoChanges(await s.workspace.plan());
  });

  test("a cluster that cannot be read blocks no way back: an empty list keeps what was declared", async () => {
    s.configure(hq("destination"));
    await s.workspace.apply();
    s.configure(hq("destination", "", []).replace(JSON.stringify(DESTINATION), "[]"));
    expectNoChanges(await s.workspace.plan());
    s.configure(hq("source", "", []).replace(JSON.stringify(DESTINATION), "[]"));
    const plan = await s.workspace.plan();
    expect(plan.change(ADDRESS).after).toMatchObject({
      source_addresses: SOURCE,
      destination_addresses: DESTINATION,
    });
    await s.workspace.apply(plan);
    expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
    s.configure(hq("destination", "go_if = { ready = false }").replace(JSON.stringify(DESTINATION), "[]"));
    await expectError(s.workspace.plan(), /ready: no/);
  });

  test.each([
    ["source_addresses", hq("source", "", [])],
    ["destination_addresses", hq("destination").replace(JSON.stringify(DESTINATION), "[]")],
  ])("a create without %s fails at apply, and writes nothing", async (attribute, text) => {
    s.configure(text);
    await s.workspace.plan();
    await expectError(s.workspace.apply(), /No TFTP servers for option 150/, attribute);
    expect(s.kea.sets).toEqual([]);
    expect((await s.workspace.state()).resources).toEqual({});
  });

  test("what would not reach the phones stops the move", async () => {
    s.kea.edit((d) => {
      d.Dhcp4["option-def"] = [{ ...DEFINITION, array: false }];
    });
    s.configure(hq("destination", "", ["192.0.2.21"]));
    await expectError(s.workspace.plan(), /would not reach the phones[\s\S]*definition-not-array/);
  });

  test.each([
    [/share a TFTP server/, hq("source").replace("198.51.100.21", "192.0.2.21")],
    [/is not the IPv4 address of a server/, hq("source").replace("198.51.100.21", "tftp.example")],
    [/at most 8 addresses/, hq("source").replace(JSON.stringify(DESTINATION), JSON.stringify(NINE))],
    [/may stand once/, hq("source").replace("198.51.100.22", "198.51.100.21")],
    [/IPv4 network such as 10\.1\.20\.0\/24/, hq("source").replace("10.1.20.0/24", "10.1.20.7/24")],
  ])("validation: %s", async (pattern, configurationText) => {
    s.configure(configurationText);
    await expectError(s.workspace.plan(), pattern);
  });

  test("a configuration that is not known yet is named at first use", async () => {
    s.workspace.configure(`resource "terraform_data" "later" { input = "${s.kea.endpoint}" }
      provider "dhcp" { servers = { kea = { kea = { endpoints = [terraform_data.later.output] } } } }
      ${hq("source")}`);
    await expectError(s.workspace.plan(), /servers\.kea\.kea\.endpoints.* is not known yet/);
  });
});
