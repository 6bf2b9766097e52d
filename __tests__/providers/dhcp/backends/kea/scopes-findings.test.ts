import type { Scope } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, keaOn, op } from "../../support/backend";
import { configuration, entry, FakeKea, plain } from "../../support/fake-kea";
import { GLOBAL, inNetwork, MAC, NETWORK, own, PHONE, POOL, SUBNET } from "../../support/scopes";

const running: FakeKea[] = [];
async function kea(text: string): Promise<FakeKea> {
  const server = await new FakeKea(text).start();
  running.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((s) => s.stop()));
});

describe("other ways to a TFTP server in narrower scopes", () => {
  const host = { "hw-address": "02:00:00:00:00:02", "server-hostname": "old" };
  const text = configuration(
    [],
    {
      "reservations-global": true,
      reservations: [{ ...host, "hw-address": "02:00:00:00:00:01" }],
      ...inNetwork([], [{ subnet: "10.9.0.0/16", "next-server": "10.0.0.9" }]),
    },
    {
      pools: [{ pool: "10.1.20.10-10.1.20.200", "option-data": [{ code: 66, data: "old" }] }],
      reservations: [host],
    },
  );
  const pool = `option-66 in pool ${POOL.pool} of subnet ${SUBNET}`;
  const reservation = `server-hostname in reservation hw-address 02:00:00:00:00:02 of subnet ${SUBNET}`;
  const global = "server-hostname in global reservation hw-address 02:00:00:00:00:01";
  const subnet = "next-server in subnet 10.9.0.0/16";

  test.each<[string, Scope, string[]]>([
    ["a subnet", { kind: "subnet", subnet: SUBNET }, [pool, global, reservation]],
    ["a pool", POOL, [pool, global, reservation]],
    ["a phone: of the pools that it may have its address from", PHONE, [pool]],
    ["a shared network", NETWORK, [subnet, global]],
    ["the global options", GLOBAL, [subnet, pool, global, reservation]],
  ])("%s", async (_, scope, expected) => {
    const { findings } = await keaOn([await kea(text)]).read(scope, op());
    const found = findings.filter((f) => ["option-66", "next-server", "server-hostname"].includes(f.kind));
    expect(found.map((f) => `${f.kind} in ${f.scope}`)).toEqual(expected);
  });
});

describe("what shadows a scope, by the precedence that was measured", () => {
  const at = (data: string) => ({ "option-data": [entry(data)] });
  const everything = configuration(
    [entry("10.0.0.4")],
    {
      ...at("10.0.0.1"),
      "client-classes": [{ name: "phones", ...at("10.0.0.2") }],
      "reservations-global": true,
      reservations: [{ "hw-address": "02:00:00:00:00:01", ...at("10.0.0.7") }],
      "shared-networks": [
        {
          name: "floor 1",
          ...at("10.0.0.3"),
          subnet4: [
            {
              subnet: "10.9.0.0/16",
              ...at("10.0.0.14"),
              pools: [{ pool: "10.9.0.10-10.9.0.20", ...at("10.0.0.15") }],
              reservations: [{ "hw-address": "02:00:00:00:00:02", ...at("10.0.0.16") }],
            },
          ],
        },
      ],
    },
    {
      pools: [{ pool: "10.1.20.10-10.1.20.200", ...at("10.0.0.5") }],
      reservations: [{ "hw-address": MAC, ...at("10.0.0.6") }],
    },
  );
  test.each<[string, Scope, string[]]>([
    ["a phone: nothing", PHONE, []],
    ["a pool: reservations", POOL, ["10.0.0.6", "10.0.0.7"]],
    [
      "a subnet: pools and reservations",
      { kind: "subnet", subnet: SUBNET },
      ["10.0.0.5", "10.0.0.6", "10.0.0.7"],
    ],
    ["a shared network: what is in it", NETWORK, ["10.0.0.14", "10.0.0.15", "10.0.0.16", "10.0.0.7"]],
    [
      "the global options: everything",
      GLOBAL,
      [
        "10.0.0.14",
        "10.0.0.15",
        "10.0.0.16",
        "10.0.0.2",
        "10.0.0.3",
        "10.0.0.4",
        "10.0.0.5",
        "10.0.0.6",
        "10.0.0.7",
        "192.0.2.99",
      ],
    ],
  ])("%s", async (_, scope, values) => {
    const { findings } = await keaOn([await kea(everything)]).read(scope, op());
    const shadows = findings.filter((f) => f.kind === "shadowed");
    expect(shadows.map((f) => f.value).sort()).toEqual(values);
    expect(new Set(shadows.map((f) => f.scope)).size).toBe(values.length);
  });

  test.each<[Scope, string]>([
    [PHONE, "10.0.0.4 from subnet 10.1.20.0/24"],
    [POOL, "10.0.0.4 from subnet 10.1.20.0/24"],
    [NETWORK, "10.0.0.1 from the global options"],
  ])("%j that inherits: from whom", async (scope, value) => {
    const text = configuration([entry("10.0.0.4")], { ...at("10.0.0.1"), ...inNetwork([]) });
    const { findings } = await keaOn([await kea(text)]).read(scope, op());
    expect(findings).toContainEqual(expect.objectContaining({ kind: "inherited-value", value }));
  });

  test.each<[Scope, string]>([
    [PHONE, "pool 10.1.20.10-10.1.20.200 of subnet 10.1.20.0/24"],
    [PHONE, "subnet 10.1.20.0/24"],
    [POOL, "subnet 10.1.20.0/24"],
    [POOL, "the global options"],
    [NETWORK, "the global options"],
  ])("never-send above %j: %s", async (scope, where) => {
    const never = { "option-data": [entry("", { "never-send": true })] };
    const text = configuration(
      where.startsWith("subnet") ? never["option-data"] : [],
      { ...inNetwork([]), ...(where.startsWith("the") ? never : {}) },
      { pools: [{ pool: "10.1.20.10-10.1.20.200", ...(where.startsWith("pool") ? never : {}) }] },
    );
    const { findings } = await keaOn([await kea(text)]).read(scope, op());
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: "never-send", severity: "error", scope: where }),
    );
  });

  test.each([
    ["reservations-off/error", { "reservations-in-subnet": false }],
    ["reservations-off/error", { "reservation-mode": "global" }],
    ["identifier-off/error", { "host-reservation-identifiers": ["duid"] }],
    ["hosts-database/warning", { "hosts-database": { type: "mysql", password: "db-s3cret" } }],
  ])("a phone's reservation would not be found: %s", async (what, more) => {
    const [kind, severity] = what.split("/");
    const { findings } = await keaOn([await kea(configuration([own], more))]).read(PHONE, op());
    expect(findings).toContainEqual(expect.objectContaining({ kind, severity }));
    expect(JSON.stringify(findings)).not.toContain("s3cret");
  });
});

describe("what a reservation in the subnet would take from a phone", () => {
  const kinds = async (more: Record<string, unknown>, subnet: Record<string, unknown> = {}) =>
    (await keaOn([await kea(configuration([own], more, subnet))]).read(PHONE, op())).findings
      .filter((f) => f.severity === "error")
      .map((f) => f.kind);
  const reservations = [{ "hw-address": MAC, "ip-address": "10.1.20.5" }];

  test("nothing of its global reservation, where these are used: the option goes into that", async () => {
    expect(await kinds({ "reservations-global": true, reservations })).toEqual([]);
    const text = configuration([own], { "reservations-global": true, reservations });
    expect((await keaOn([await kea(text)]).read(PHONE, op())).findings).toContainEqual(
      expect.objectContaining({
        kind: "global-reservation",
        severity: "info",
        value: `option 150 goes into the phone's global reservation hw-address ${MAC}`,
      }),
    );
  });

  test.each<[object, object]>([
    [{}, { "client-class": "UNKNOWN" }],
    [{}, { pools: [{ pool: "10.1.20.10-10.1.20.200", "client-classes": ["UNKNOWN"] }] }],
    [{ "client-classes": [{ name: "new", test: "not member('KNOWN')" }] }, { "client-class": "new" }],
  ])("that it is unknown: %j %j", async (more, subnet) => {
    expect(await kinds({ ...more }, { ...subnet })).toEqual(["known-clients"]);
    expect(await kinds({ ...more }, { ...subnet, reservations })).toEqual([]);
    expect(await kinds({ ...more }, { "client-class": "KNOWN" })).toEqual([]);
  });
});

describe("a pilot that has the reservation that was made for it is still told what it has lost by that", () => {
  const warned = async (more: Record<string, unknown>, subnet: Record<string, unknown> = {}) => {
    const server = await kea(plain(configuration([own], more, { reservations: [], ...subnet })));
    const backend = keaOn([server]);
    await backend.apply(PHONE, { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" }, op());
    const kinds = ["global-reservation", "known-clients"];
    return (await backend.read(PHONE, op())).findings
      .filter((f) => kinds.includes(f.kind))
      .map((f) => `${f.kind}/${f.severity}`);
  };

  test("by its global reservation", async () => {
    const reservations = [{ "hw-address": MAC, "ip-address": "10.1.20.5" }];
    const made = { "hw-address": MAC, "user-context": { "made-for": "option-150-of-one-phone" } };
    expect(await warned({ "reservations-global": true, reservations }, { reservations: [made] })).toEqual([
      "global-reservation/warning",
    ]);
    expect(await warned({ reservations })).toEqual([]);
  });

  test("by being known", async () => {
    expect(await warned({}, { "client-class": "UNKNOWN" })).toEqual(["known-clients/warning"]);
  });
});
