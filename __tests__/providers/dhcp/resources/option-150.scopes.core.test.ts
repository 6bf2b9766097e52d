import { type Core, cores } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../../../providers/framework/testing/expect";
import { DESTINATION } from "../support/backend";
import { entry, FakeKea, HOOKS } from "../support/fake-kea";
import { Scenario } from "../support/scenario";

jest.setTimeout(120_000);

const MAC = "02:00:00:00:00:42";
/** Name, scope as declared, scope as ids have it, and what it answers while on the source. */
const SCOPES = [
  ["subnet", 'subnet = "10.1.20.0/24"', { subnet: "10.1.20.0/24" }, ["192.0.2.21", "192.0.2.22"]],
  [
    "pool",
    'subnet = "10.1.20.0/24", pool = "10.1.20.10-10.1.20.200"',
    { subnet: "10.1.20.0/24", pool: "10.1.20.10-10.1.20.200" },
    ["192.0.2.31"],
  ],
  ["network", 'shared_network = "floor 1"', { shared_network: "floor 1" }, ["192.0.2.41"]],
  ["global", "global = true", { global: true }, ["192.0.2.51"]],
  [
    "phone",
    'subnet = "10.1.20.0/24", phone = "SEP020000000042"',
    { subnet: "10.1.20.0/24", phone: MAC },
    null,
  ],
] as const;

const resource = (
  name: string,
  scope: string,
  source: readonly string[] | null,
  serve: string,
) => `resource "dhcp_option_150" "${name}" {
    server                = "kea"
    scope                 = { ${scope} }
    ${source ? `source_addresses = ${JSON.stringify(source)}` : ""}
    destination_addresses = ${JSON.stringify(DESTINATION)}
    serve                 = "${serve}"
  }`;
const all = (serve: string) =>
  SCOPES.map(([n, scope, , source]) => resource(n, scope, source, serve)).join("\n");
const addresses = SCOPES.map(([name]) => `dhcp_option_150.${name}`);

describe.each(cores().map((core) => [core.name, core] as const))("with %s", (_, core: Core) => {
  const s = new Scenario(core);
  beforeEach(() => {
    s.kea.edit(({ Dhcp4 }) => {
      Dhcp4.subnet4[1]!.pools = [{ pool: "10.1.20.10-10.1.20.200", "option-data": [entry("192.0.2.31")] }];
      Dhcp4["shared-networks"] = [{ name: "floor 1", "option-data": [entry("192.0.2.41")] }];
      Dhcp4["option-data"] = [entry("192.0.2.51")];
    });
  });

  // Its own pilot changes what goes before the subnet's answer between the two plans of the create.
  test("a pilot and its subnet, new and on the destination at once: the deploy after the refused one finishes it", async () => {
    const [, subnet, , source] = SCOPES[0];
    const [, phone] = SCOPES[4];
    const after = resource("subnet", subnet, source, "destination").replace(
      /}$/,
      "  depends_on = [dhcp_option_150.phone]\n  }",
    );
    s.configure([resource("phone", phone, null, "destination"), after].join("\n"));
    await expectError(s.workspace.apply(), /inconsistent final plan/);
    expect(s.served()).toEqual(["192.0.2.21,192.0.2.22"]);
    await s.workspace.apply();
    expect(s.served()).toEqual(["198.51.100.21,198.51.100.22"]);
    expectNoChanges(await s.workspace.plan());
  });

  test("every kind of scope: there in few writes, no changes, and back, byte for byte", async () => {
    const before = s.kea.text;
    s.configure(all("source"));
    await s.workspace.apply();
    s.configure(all("destination"));
    const { state } = await s.workspace.apply();
    for (const [name, , id] of SCOPES)
      expect(state.values(`dhcp_option_150.${name}`)).toMatchObject({
        serve: "destination",
        id: JSON.stringify({ server: "kea", scope: id }),
      });
    expect(s.kea.text.match(/198\.51\.100\.21/g)).toHaveLength(SCOPES.length);
    expect(s.kea.sets.length).toBeLessThan(SCOPES.length);
    expectNoChanges(await s.workspace.plan());
    s.configure(all("source"));
    await s.workspace.apply();
    expect(s.kea.text).toBe(before);
    expectNoChanges(await s.workspace.plan());
  });

  test("lost state: each kind is imported by its id, in any spelling, and then there are no changes", async () => {
    s.configure(all("source"));
    for (const [i, [, , scope, source]] of SCOPES.entries()) {
      const id = {
        server: "kea",
        scope: { ...scope, pool: null, ...scope },
        destination_addresses: DESTINATION,
      };
      await s.workspace.import(
        addresses[i]!,
        JSON.stringify(source ? { ...id, source_addresses: source } : id),
      );
    }
    expectNoChanges(await s.workspace.plan());
  });

  test("another spelling of a phone is no change; another kind of scope is another object", async () => {
    const [, phone] = SCOPES[4];
    s.configure(resource("hq", phone, null, "source"));
    await s.workspace.apply();
    s.configure(resource("hq", phone.replace("SEP020000000042", MAC), null, "source"));
    expectNoChanges(await s.workspace.plan());
    s.configure(resource("hq", 'subnet = "10.1.20.0/24"', null, "source"));
    await expectError(
      s.workspace.plan(),
      /scope cannot change[\s\S]*phone 02:00:00:00:00:42 in subnet/,
      "scope",
    );
  });

  test("two resources on one scope: the second one is stopped; two that are there already are told of", async () => {
    const one = (name: string) => resource(name, 'subnet = "10.1.20.0/24"', SCOPES[0][3], "source");
    const two = `${one("a")}\n${one("b")}`;
    s.configure(two);
    await expectError(s.workspace.plan(), /Two resources for option 150 of subnet 10\.1\.20\.0\/24/, "scope");
    s.configure(one("a"));
    await s.workspace.apply();
    s.configure(two);
    expectWarning(await s.workspace.plan(), /Two resources for option 150/);
  });

  test("a pilot by commands of its own, where the server has them", async () => {
    await s.kea.stop();
    s.kea = await new FakeKea(s.kea.text, { version: "3.0.4" }).start();
    s.kea.edit(({ Dhcp4 }) => void Object.assign(Dhcp4, HOOKS));
    const before = s.kea.document;
    const [, phone] = SCOPES[4];
    s.configure(resource("hq", phone, null, "destination"));
    await s.workspace.apply();
    s.configure(resource("hq", phone, null, "source"));
    await s.workspace.apply();
    expect(s.kea.commands).toEqual(expect.arrayContaining(["reservation-add", "reservation-del"]));
    expect(s.kea.sets).toEqual([]);
    expect(s.kea.document).toEqual(before);
  });

  test.each([
    [/Name one place: subnet; subnet and pool;[\s\S]*Nothing is given/, ""],
    [/Given: subnet, global/, 'subnet = "10.1.20.0/24", global = true'],
    [/Given: pool/, 'pool = "10.1.20.10-10.1.20.99"'],
    [/Given: subnet, pool, phone/, `subnet = "10.1.20.0/24", pool = "10.1.20.1-10.1.20.2", phone = "${MAC}"`],
    [
      /The pool 10\.1\.21\.1-10\.1\.21\.2 is not in the subnet/,
      'subnet = "10.1.20.0/24", pool = "10.1.21.1-10.1.21.2"',
    ],
    [/such as 10\.1\.20\.0-10\.1\.20\.63/, 'subnet = "10.1.20.0/24", pool = "10.1.20.0/26"'],
    [/or a device name such as SEP001122334455/, 'subnet = "10.1.20.0/24", phone = "lobby"'],
    [/Write true, or leave it out/, "global = false"],
  ])("validation: %s", async (pattern, scope) => {
    s.configure(resource("hq", scope, null, "source"));
    await expectError(s.workspace.plan(), pattern);
  });

  test.each([
    [/"pools" is not expected in "scope"/, { pools: "x" }],
    [/"subnet" of "scope": Must be an IPv4 network such as 10\.1\.20\.0\/24/, { subnet: "10.1.20.5/24" }],
    [/"scope": Name one place/, { subnet: "10.1.20.0/24", global: true }],
    [/"phone" of "scope" must be a text/, { subnet: "10.1.20.0/24", phone: 5 }],
  ])("import: %s", async (pattern, scope) => {
    s.configure(resource("hq", 'subnet = "10.1.20.0/24"', null, "source"));
    const id = JSON.stringify({ server: "kea", scope, destination_addresses: DESTINATION });
    await expectError(s.workspace.import("dhcp_option_150.hq", id), pattern);
  });
});
