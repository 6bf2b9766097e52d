import { dhcpProvider } from "../../../../providers/dhcp/provider";
import { type Core, cores } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../../../providers/framework/testing/expect";
import { type ResidentProvider, resident } from "../../../../providers/framework/testing/resident";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { DESTINATION, SOURCE } from "../support/backend";
import { configuration, DEFINITION, entry, FakeKea } from "../support/fake-kea";

jest.setTimeout(120_000);

const ADDRESS = "dhcp_option_150.hq";
const hq = (serve: string, more = "", sources: readonly string[] | null = SOURCE) => `
  resource "dhcp_option_150" "hq" {
    server                = "kea"
    scope                 = { subnet = "10.1.20.0/24" }
    ${sources ? `source_addresses = ${JSON.stringify(sources)}` : ""}
    destination_addresses = ${JSON.stringify(DESTINATION)}
    serve                 = "${serve}"
    ${more}
  }`;
const ID = JSON.stringify({
  server: "kea",
  scope: { subnet: "10.1.20.0/24" },
  source_addresses: SOURCE,
  destination_addresses: DESTINATION,
});

describe.each(cores().map((core) => [core.name, core] as const))("with %s", (_, core: Core) => {
  let provider: ResidentProvider;
  let kea: FakeKea;
  let workspace: Workspace;

  beforeAll(async () => {
    provider = await resident(dhcpProvider);
  });
  afterAll(() => provider.close());
  beforeEach(async () => {
    kea = await new FakeKea(configuration([entry("192.0.2.21,192.0.2.22")])).start();
    workspace = new Workspace({ core, providers: { dhcp: provider } });
  });
  afterEach(async () => {
    workspace.remove();
    await kea.stop();
  });

  const configure = (resources: string) =>
    workspace.configure(`provider "dhcp" {
      servers = { kea = { kea = { endpoints = ["${kea.endpoint}"] } } }
    }
    ${resources}`);
  const served = () => kea.document.Dhcp4.subnet4[1]!["option-data"].map((o) => o.data);
  const somebodySets = (data: string) =>
    kea.edit((d) => {
      d.Dhcp4.subnet4[1]!["option-data"] = [entry(data)];
    });
  const values = async () => (await workspace.state()).values(ADDRESS);

  test("there, no changes, and back, byte for byte", async () => {
    const before = kea.text;
    configure(hq("source"));
    const first = await workspace.plan();
    expect(first.change(ADDRESS).after).toMatchObject({ observed: SOURCE });
    await workspace.apply(first);
    expect(kea.sets).toEqual([]);
    expectNoChanges(await workspace.plan());

    configure(hq("destination", "go_if = { ready = true }"));
    const there = await workspace.plan();
    expect(there.actions[ADDRESS]).toBe("update");
    expect(there.change(ADDRESS).after).toMatchObject({ serve: "destination", observed: SOURCE });
    expect(JSON.stringify(there.change(ADDRESS).after)).toContain("not-persisted");
    const applied = await workspace.apply(there);
    expect(applied.state.values(ADDRESS)).toMatchObject({ serve: "destination", observed: SOURCE });
    expect(served()).toEqual(["198.51.100.21,198.51.100.22"]);

    // `observed` is what it was when the move was planned; a refresh makes it what it is now. That is no change.
    const text = await workspace.run(["plan", "-detailed-exitcode", "-input=false", "-no-color"]);
    expect(text.stdout).toContain("No changes. Your infrastructure");
    const second = await workspace.plan();
    expectNoChanges(second);
    expect(second.change(ADDRESS).after).toMatchObject({ observed: DESTINATION });
    await workspace.apply(second);
    expect(kea.sets).toHaveLength(1);

    configure(hq("source"));
    await workspace.apply();
    expect(kea.text).toBe(before);
    expectNoChanges(await workspace.plan());
    await workspace.destroy();
    expect(kea.text).toBe(before);
    expect(workspace.stateFile()).not.toMatch(/s3cret/);
  });

  test("a create that moves; the plan warns that a restart reverts it; the state holds no secret", async () => {
    configure(hq("destination"));
    const plan = await workspace.plan();
    expectWarning(plan, /not-persisted/);
    await workspace.apply(plan);
    expect(served()).toEqual(["198.51.100.21,198.51.100.22"]);
    expectNoChanges(await workspace.plan());
    expect(workspace.stateFile()).not.toMatch(/s3cret/);
    configure(hq("source"));
    await workspace.apply();
    expect(served()).toEqual(["192.0.2.21,192.0.2.22"]);
  });

  test("a source that inherits: the option is made and taken out again", async () => {
    kea.edit((d) => {
      d.Dhcp4.subnet4[1]!["option-data"] = [];
    });
    const before = kea.document;
    configure(hq("source", "", null));
    await workspace.apply();
    configure(hq("destination", "", null));
    const plan = await workspace.plan();
    expect(plan.change(ADDRESS).after).toMatchObject({ observed: [] });
    await workspace.apply(plan);
    expect(served()).toEqual(["198.51.100.21, 198.51.100.22"]);
    expectNoChanges(await workspace.plan());
    configure(hq("source", "", null));
    await workspace.apply();
    expect(kea.document).toEqual(before);
  });

  describe("drift", () => {
    test("somebody moved the scope: a plan says so and puts it back", async () => {
      configure(hq("source"));
      await workspace.apply();
      somebodySets(DESTINATION.join(", "));
      const plan = await workspace.plan();
      expect(plan.change(ADDRESS)).toMatchObject({
        actions: ["update"],
        before: { serve: "destination" },
        after: { serve: "source", observed: DESTINATION },
      });
      await workspace.apply(plan);
      expect(served()).toEqual(["192.0.2.21,192.0.2.22"]);
    });

    test("somebody moved it back: a move again, with its conditions", async () => {
      configure(hq("destination", "go_if = { ready = true }"));
      await workspace.apply();
      somebodySets(SOURCE.join(", "));
      configure(hq("destination", "go_if = { ready = false }"));
      await expectError(workspace.plan(), /must not move to the destination[\s\S]*ready: no/, "go_if");
      configure(hq("destination", "go_if = { ready = true }"));
      await workspace.apply();
      expect(served()).toEqual([DESTINATION.join(", ")]);
    });

    test("a third value is a finding and a warning, and an error for who is about to move", async () => {
      configure(hq("source"));
      await workspace.apply();
      somebodySets("203.0.113.9");
      const plan = await workspace.plan();
      expectNoChanges(plan);
      expectWarning(plan, /neither the source's nor the destination's/);
      expect(plan.change(ADDRESS).after).toMatchObject({
        serve: "source",
        observed: ["203.0.113.9"],
        findings: expect.arrayContaining([expect.objectContaining({ kind: "third-value" })]),
      });
      configure(hq("destination"));
      await expectError(workspace.plan(), /Somebody else owns this value/, "source_addresses");
      expect(served()).toEqual(["203.0.113.9"]);
    });

    test("a third value while on the destination: the way back is open", async () => {
      configure(hq("destination"));
      await workspace.apply();
      somebodySets("203.0.113.9");
      const plan = await workspace.plan();
      expectNoChanges(plan);
      expectWarning(plan, /neither the source's/);
      configure(hq("source"));
      await workspace.apply();
      expect(served()).toEqual(["192.0.2.21,192.0.2.22"]);
    });

    test("what changes beside it is a finding, and no change", async () => {
      configure(hq("source"));
      await workspace.apply();
      kea.edit((d) => {
        d.Dhcp4.subnet4[1]!.pools = [{ pool: "10.1.20.5-10.1.20.9", "option-data": [entry("10.0.0.4")] }];
      });
      const plan = await workspace.plan();
      expectNoChanges(plan);
      expect(JSON.stringify(plan.change(ADDRESS).after)).toContain("shadowed");
      configure(hq("destination"));
      expectWarning(await workspace.plan(), /shadowed/);
    });
  });

  describe("a rival between plan and apply", () => {
    test("of an update: our sentence, nothing written", async () => {
      configure(hq("source"));
      await workspace.apply();
      configure(hq("destination"));
      const plan = await workspace.plan();
      somebodySets("203.0.113.9");
      await expectError(workspace.apply(plan), /was changed by somebody else[\s\S]*Nothing was written/);
      expect(served()).toEqual(["203.0.113.9"]);
      expect(await values()).toMatchObject({ serve: "source" });
    });

    test("of a create: the core refuses, nothing written", async () => {
      configure(hq("destination"));
      const plan = await workspace.plan();
      somebodySets(DESTINATION.join(", "));
      await expectError(workspace.apply(plan), /inconsistent final plan|somebody else/);
      expect(kea.sets).toEqual([]);
    });
  });

  describe("conditions", () => {
    test("false stops the move, of a create too, and names the sentence", async () => {
      const held =
        'go_if = { "every source TVS node vouches for every destination signer" = false, "no phone is at risk" = true }';
      configure(hq("destination", held));
      const error = await expectError(
        workspace.plan(),
        /every source TVS node vouches for every destination signer: no/,
      );
      expect(error.detail).not.toContain("no phone is at risk");
      configure(hq("source", held));
      await workspace.apply();
      configure(hq("destination", held));
      await expectError(workspace.plan(), /every source TVS node/);
      expect(kea.sets).toEqual([]);
    });

    test("null is not true", async () => {
      configure(hq("destination", "go_if = { ready = null }"));
      await expectError(workspace.plan(), /ready: not known/);
    });

    test("unknown is planned, and checked at apply", async () => {
      const unknown = (value: boolean) =>
        `resource "terraform_data" "proof" { input = ${value} }
         ${hq("destination", "go_if = { proven = terraform_data.proof.output }")}`;
      configure(unknown(false));
      const plan = await workspace.plan();
      await expectError(workspace.apply(plan), /proven: no/);
      expect(kea.sets).toEqual([]);
      configure(unknown(true));
      await workspace.apply();
      expect(served()).toEqual(["198.51.100.21,198.51.100.22"]);
    });

    test("what they say after the move, even unknown, is no change; nor does it stop the way back", async () => {
      configure(hq("destination", "go_if = { ready = true }"));
      await workspace.apply();
      configure(hq("destination", "go_if = { ready = false }"));
      expectNoChanges(await workspace.plan());
      configure(`resource "terraform_data" "proof" { input = timestamp() }
        ${hq("destination", 'go_if = { ready = terraform_data.proof.output != "" }')}`);
      expect((await workspace.plan()).actions).toMatchObject({ [ADDRESS]: "no-op" });
      configure(hq("source", "go_if = { ready = false }"));
      await workspace.apply();
      expect(served()).toEqual(["192.0.2.21,192.0.2.22"]);
    });
  });

  describe("destroying moves nothing", () => {
    beforeEach(async () => {
      configure(hq("destination"));
      await workspace.apply();
      kea.sets.splice(0);
    });
    const stays = async () => {
      expect(kea.sets).toEqual([]);
      expect(served()).toEqual(["198.51.100.21,198.51.100.22"]);
    };

    test("destroy and removal are refused", async () => {
      await expectError(workspace.destroy(), /is not let go of/);
      configure("");
      await expectError(workspace.plan(), /first set serve to "source"/);
      await stays();
    });

    test("replacement and taint are refused", async () => {
      await expectError(workspace.apply({ replace: [ADDRESS] }), /is not let go of/);
      await workspace.taint(ADDRESS);
      await expectError(workspace.apply(), /is not let go of/);
      await stays();
    });

    test("refused while nobody knows what it serves", async () => {
      configure(hq("source"));
      await workspace.apply();
      await kea.stop();
      await expectError(workspace.destroy(), /could not be read/);
      await expectError(workspace.apply({ destroy: true, refresh: false }), /could not be read/);
    });

    test("keep lets go and leaves it as it is", async () => {
      configure(hq("destination", 'on_destroy = "keep"'));
      await workspace.apply();
      await workspace.destroy();
      await stays();
    });
  });

  describe("an unreachable server", () => {
    test("is a warning for a plan, keeps what is known, and an error for a move", async () => {
      configure(hq("source"));
      await workspace.apply();
      await kea.stop();
      const plan = await workspace.plan();
      expectNoChanges(plan);
      expectWarning(plan, /Not read: option 150 of subnet 10\.1\.20\.0\/24 on DHCP server "kea"/);
      configure(hq("destination"));
      const move = await workspace.plan();
      await expectError(workspace.apply(move), /cannot be reached/);
      expect(await values()).toMatchObject({ serve: "source" });
    });

    test("is an error for a create, which records nothing", async () => {
      await kea.stop();
      configure(hq("destination"));
      await expectError(workspace.plan(), /cannot be reached/);
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
    const pair = (resources: string) =>
      workspace.configure(`provider "dhcp" {
        servers = { kea = { kea = { endpoints = ["${kea.endpoint}", "${other.endpoint}"] } } }
      }
      ${resources}`);

    test.each(["source", "destination"])("goes on to the %s", async (serve) => {
      pair(hq(serve === "source" ? "destination" : "source"));
      await workspace.apply();
      // As a run leaves it that is killed between the two writes.
      const next = (serve === "source" ? SOURCE : DESTINATION).join(",");
      somebodySets(next);
      pair(hq(serve));
      const plan = await workspace.plan();
      expect(plan.change(ADDRESS)).toMatchObject({
        actions: ["update"],
        before: { serve: "mixed" },
        after: { serve },
      });
      expect(JSON.stringify(plan.change(ADDRESS).after)).toContain("peers-differ");
      await workspace.apply(plan);
      expect(served()).toEqual([next]);
      expect(other.document.Dhcp4.subnet4[1]!["option-data"][0]!.data).toBe(next);
      expectNoChanges(await workspace.plan());
    });

    test("is not let go of", async () => {
      pair(hq("source"));
      await workspace.apply();
      somebodySets(DESTINATION.join(","));
      await expectError(workspace.destroy(), /is not let go of/);
    });
  });

  test("a failed create records nothing; a failed update what is true", async () => {
    const refuse = () => {
      let left = 1;
      kea.instead = (c) => (c === "config-set" && left-- > 0 ? { result: 1, text: "no" } : undefined);
    };
    refuse();
    configure(hq("destination"));
    await expectError(workspace.apply(), /refuses config-set/);
    expect((await workspace.state()).resources).toEqual({});
    configure(hq("source"));
    await workspace.apply();
    refuse();
    configure(hq("destination"));
    await expectError(workspace.apply(), /refuses config-set/);
    expect(await values()).toMatchObject({ serve: "source" });
    expect(served()).toEqual(["192.0.2.21,192.0.2.22"]);
    await workspace.apply();
    expect(await values()).toMatchObject({ serve: "destination" });
  });

  test.each(["source", "destination"])("lost state: import on the %s, then no changes", async (serve) => {
    if (serve === "destination") somebodySets("198.51.100.21,198.51.100.22");
    configure(hq(serve, serve === "destination" ? "go_if = { ready = false }" : ""));
    const state = await workspace.import(ADDRESS, ID);
    expect(state.values(ADDRESS)).toMatchObject({ serve });
    expectNoChanges(await workspace.plan());
    expect(kea.sets).toEqual([]);
    configure(hq("source"));
    await workspace.apply();
    expect(served()).toEqual(["192.0.2.21,192.0.2.22"]);
  });

  test("another scope or server is a plan error that says what to do", async () => {
    configure(hq("source"));
    await workspace.apply();
    configure(hq("source").replace("10.1.20.0", "10.1.10.0"));
    await expectError(
      workspace.plan(),
      /scope of an option 150 cannot change[\s\S]*resource of its own/,
      "scope",
    );
    configure(hq("source").replace('"kea"', '"other"'));
    await expectError(workspace.plan(), /(server of an option 150 cannot change|No DHCP server "other")/);
  });

  test("corrected addresses of the destination are a move", async () => {
    configure(hq("destination"));
    await workspace.apply();
    const other = hq("destination", "go_if = { ready = false }").replace("198.51.100.22", "198.51.100.23");
    configure(other);
    await expectError(workspace.plan(), /ready: no/);
    configure(other.replace("false", "true"));
    await workspace.apply();
    expect(served()).toEqual(["198.51.100.21,198.51.100.23"]);
    expectNoChanges(await workspace.plan());
  });

  test("what would not reach the phones stops the move", async () => {
    kea.edit((d) => {
      d.Dhcp4["option-def"] = [{ ...DEFINITION, array: false }];
    });
    configure(hq("destination", "", ["192.0.2.21"]));
    await expectError(workspace.plan(), /would not reach the phones[\s\S]*definition-not-array/);
  });

  test.each([
    [/share a TFTP server/, hq("source").replace("198.51.100.21", "192.0.2.21")],
    [/is not the IPv4 address of a server/, hq("source").replace("198.51.100.21", "tftp.example")],
    [/1 to 8 addresses/, hq("source").replace(JSON.stringify(DESTINATION), "[]")],
    [/may stand once/, hq("source").replace("198.51.100.22", "198.51.100.21")],
    [/IPv4 network such as 10\.1\.20\.0\/24/, hq("source").replace("10.1.20.0/24", "10.1.20.7/24")],
  ])("validation: %s", async (pattern, configurationText) => {
    configure(configurationText);
    await expectError(workspace.plan(), pattern);
  });

  test("a configuration that is not known yet is named at first use", async () => {
    workspace.configure(`resource "terraform_data" "later" { input = "${kea.endpoint}" }
      provider "dhcp" { servers = { kea = { kea = { endpoints = [terraform_data.later.output] } } } }
      ${hq("source")}`);
    await expectError(workspace.plan(), /servers\.kea\.kea\.endpoints.* is not known yet/);
  });
});
