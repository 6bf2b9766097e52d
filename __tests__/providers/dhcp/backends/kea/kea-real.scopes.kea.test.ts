import type { Scope } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, keaOn, op } from "../../support/backend";
import { DEFINITION } from "../../support/fake-kea";
import { InBetween } from "../../support/in-between";
import { RealKea, requireKea, versionOfKea } from "../../support/real-kea";

/** Every kind of scope against the kea-dhcp4 of this machine, and what a phone is offered on the wire. */

jest.setTimeout(60_000);
beforeAll(requireKea);

const SUBNET = "127.0.0.0/8";
const MAC = "02:00:00:00:00:42";
const OTHER = "02:00:00:00:00:43";
const option = (data: string) => ({ "option-data": [{ name: "cisco-tftp", data }] });
const PHONE: Scope = { kind: "reservation", subnet: SUBNET, mac: MAC };

/** The subnet of the wire in a shared network; the levels that `own` names have an option 150. */
const site = (own: readonly string[], subnet: object = {}) => {
  const at = (level: string, data: string) => (own.includes(level) ? option(data) : {});
  return {
    "option-def": [DEFINITION],
    ...at("global", "192.0.2.1"),
    "shared-networks": [
      {
        name: "floor 1",
        ...at("network", "192.0.2.2, 192.0.2.12"),
        subnet4: [
          {
            id: 10,
            subnet: SUBNET,
            ...at("subnet", "192.0.2.3"),
            pools: [{ pool: "127.1.0.1 - 127.1.0.100", ...at("pool", "192.0.2.4") }],
            ...subnet,
          },
        ],
      },
    ],
  };
};

let kea: RealKea;
afterEach(() => kea?.stop());

async function there(scope: Scope) {
  const backend = keaOn([kea.endpoint]);
  const was = await backend.read(scope, op());
  await backend.apply(scope, { answer: DESTINATION, expected: was.answers, unsaved: "undo" }, op());
  return () =>
    backend.apply(
      scope,
      { answer: was.answer, expected: [DESTINATION], restore: was.original, unsaved: "keep" },
      op(),
    );
}

test.each<[string, Scope, readonly string[]]>([
  ["global", { kind: "global" }, ["global"]],
  ["global that has none", { kind: "global" }, []],
  ["a shared network", { kind: "shared-network", network: "floor 1" }, ["global", "network"]],
  ["a shared network that inherits", { kind: "shared-network", network: "floor 1" }, ["global"]],
  ["a subnet in it", { kind: "subnet", subnet: SUBNET }, ["global", "network", "subnet"]],
  [
    "a pool",
    { kind: "pool", subnet: SUBNET, pool: "127.1.0.1-127.1.0.100" },
    ["global", "network", "subnet", "pool"],
  ],
  ["a pool that inherits", { kind: "pool", subnet: SUBNET, pool: "127.1.0.1-127.1.0.100" }, ["global"]],
])("%s: served there, and back byte for byte", async (_, scope, own) => {
  kea = await RealKea.start(site(own));
  const before = await kea.command("config-get");
  const source = await kea.offered();
  const back = await there(scope);
  expect(await kea.offered()).toEqual(DESTINATION);
  await back();
  expect(await kea.offered()).toEqual(source);
  expect(await kea.command("config-get")).toBe(before);
});

test.each<[string, object[]]>([
  ["without a reservation", []],
  ["beside others", [{ "hw-address": OTHER, hostname: "x" }]],
  ["with somebody's reservation", [{ "hw-address": MAC, hostname: "lobby", "ip-address": "127.1.0.200" }]],
  ["reserved by client identifier", [{ "client-id": `01:${MAC}`, hostname: "lobby" }]],
])("one phone, %s: it alone is served otherwise, and back byte for byte", async (_, reservations) => {
  kea = await RealKea.start(site(["subnet"], { reservations }));
  const before = await kea.command("config-get");
  const back = await there(PHONE);
  // The discovery of these tests has no client identifier.
  if (!("client-id" in (reservations[0] ?? {}))) expect(await kea.offered(MAC)).toEqual(DESTINATION);
  expect(await kea.offered(OTHER)).toEqual(["192.0.2.3"]);
  await back();
  expect(await kea.offered(MAC)).toEqual(["192.0.2.3"]);
  expect(await kea.command("config-get")).toBe(before);
});

test("one phone with a global reservation: the option goes into it, and is served", async () => {
  const { "shared-networks": networks, ...others } = site(["subnet"]);
  kea = await RealKea.start({
    ...others,
    "shared-networks": networks,
    "reservations-global": true,
    reservations: [{ "hw-address": MAC, hostname: "lobby" }],
  });
  const before = await kea.configuration();
  const back = await there(PHONE);
  expect([await kea.offered(MAC), await kea.offered(OTHER)]).toEqual([DESTINATION, ["192.0.2.3"]]);
  await back();
  expect(await kea.offered(MAC)).toEqual(["192.0.2.3"]);
  expect(await kea.configuration()).toBe(before);
});

test("a shadow that is reported is one", async () => {
  kea = await RealKea.start(site(["global", "network", "subnet", "pool"]));
  await there({ kind: "shared-network", network: "floor 1" });
  expect(await kea.offered()).toEqual(["192.0.2.4"]);
  const { findings } = await keaOn([kea.endpoint]).read({ kind: "shared-network", network: "floor 1" }, op());
  expect(findings.filter((f) => f.kind === "shadowed").map((f) => f.value)).toEqual([
    "192.0.2.4",
    "192.0.2.3",
  ]);
});

const ORDER = [
  "config-get",
  "list-commands",
  "config-test",
  "statistic-get",
  // From 2.4 on the hash of the configuration tells as much.
  versionOfKea() >= 2_004_000 ? "config-hash-get" : "config-get",
  "config-set",
  "statistic-get",
  "config-get",
];
test.each(ORDER.map((command, i) => ({ command, i })))(
  "a rival's reservation just before request $i ($command) is kept, or its loss is told",
  async ({ command, i }) => {
    kea = await RealKea.start(site(["subnet"]));
    const between = await new InBetween(kea.socket).start();
    between.before = async (_, nth) => {
      if (nth !== i + 1) return;
      await kea.edit((dhcp4) => {
        const [network] = dhcp4["shared-networks"] as [{ subnet4: [{ reservations: object[] }] }];
        network.subnet4[0].reservations.push({ "hw-address": OTHER, hostname: "theirs" });
      });
    };
    const outcome = await keaOn([between.endpoint])
      .apply(
        { kind: "subnet", subnet: SUBNET },
        { answer: DESTINATION, expected: [["192.0.2.3"]], unsaved: "undo" },
        op(),
      )
      .catch((e) => e);
    await between.stop();
    expect(between.commands.slice(0, i + 1)).toEqual(ORDER.slice(0, i + 1));
    const kept = (await kea.command("config-get")).includes("theirs");
    if (command === "config-set") {
      expect(kept).toBe(false);
      expect(outcome.detail).toContain("what they changed is lost");
    } else {
      expect(kept).toBe(true);
      if (i === 0) expect(outcome.answer).toEqual(DESTINATION);
      else expect(outcome.kind).toBe("rival");
    }
  },
);

test("one configuration is one sample of 0 in the statistic that is looked at", async () => {
  kea = await RealKea.start(site(["subnet"]));
  const zeros = async () => {
    const answer = JSON.parse(await kea.command("statistic-get", { name: "declined-addresses" }));
    return answer.arguments["declined-addresses"].filter(([value]: [number]) => value === 0).length;
  };
  const before = await zeros();
  await there({ kind: "subnet", subnet: SUBNET });
  expect(await zeros()).toBe(before + 1);
});

test("scopes that are switched at once are one write", async () => {
  kea = await RealKea.start(site(["global", "network", "subnet", "pool"]));
  const lines: string[] = [];
  const backend = keaOn([kea.endpoint]);
  const scopes: readonly (readonly [Scope, string[] | "inherited"])[] = [
    [{ kind: "global" }, ["192.0.2.1"]],
    [{ kind: "subnet", subnet: SUBNET }, ["192.0.2.3"]],
    [PHONE, "inherited"],
  ];
  await Promise.all(
    scopes.map(([scope, was], i) =>
      backend.apply(
        scope,
        { answer: DESTINATION, expected: [was], unsaved: "undo" },
        { ...op(), progress: (line) => i === 0 && lines.push(line) },
      ),
    ),
  );
  expect(lines.filter((line) => line.endsWith("read back"))).toHaveLength(1);
  expect(await kea.offered(MAC)).toEqual(DESTINATION);
});

test("300 subnets of 20 reservations: there in a write, back in a write, the same bytes", async () => {
  const hex = (n: number) => n.toString(16).padStart(2, "0");
  const subnets = Array.from({ length: 300 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
  kea = await RealKea.start({
    "option-def": [DEFINITION],
    subnet4: subnets.map((subnet, i) => ({
      id: i + 1,
      subnet,
      ...option(i % 2 === 0 ? "192.0.2.3" : "192.0.2.3 , 192.0.2.4"),
      reservations: Array.from({ length: 20 }, (_, h) => ({
        "hw-address": `02:00:00:${hex(i >> 8)}:${hex(i & 255)}:${hex(h)}`,
        hostname: `host-${i}-${h}`,
      })),
    })),
  });
  const between = await new InBetween(kea.socket).start();
  const backend = keaOn([between.endpoint]);
  const before = await kea.command("config-get");
  const scopes = subnets.map((subnet): Scope => ({ kind: "subnet", subnet }));
  const was = await Promise.all(scopes.map((scope) => backend.read(scope, op())));
  const moved = await Promise.all(
    scopes.map((scope, i) =>
      backend.apply(scope, { answer: DESTINATION, expected: was[i]!.answers, unsaved: "undo" }, op()),
    ),
  );
  expect(moved.every((m) => String(m.answer) === String(DESTINATION))).toBe(true);
  await Promise.all(
    scopes.map((scope, i) => {
      const { answer, original: restore } = was[i]!;
      return backend.apply(scope, { answer, expected: [DESTINATION], restore, unsaved: "keep" }, op());
    }),
  );
  expect((await kea.command("config-get")) === before).toBe(true);
  expect(between.commands.filter((command) => command === "config-set")).toHaveLength(2);
  await between.stop();
});

test("a shared network with a name beyond ASCII: found, there, and back, byte for byte", async () => {
  const { "shared-networks": networks, ...others } = site(["network"]);
  const named = { ...networks[0]!, name: "Gebäude 1" };
  kea = await RealKea.start({ ...others, "shared-networks": [named] });
  const scope = { kind: "shared-network", network: "Gebäude 1" } as const;
  const backend = keaOn([kea.endpoint]);
  const before = await kea.command("config-get");
  const was = await backend.read(scope, op());
  await backend.apply(scope, { answer: DESTINATION, expected: was.answers, unsaved: "undo" }, op());
  expect(await kea.offered()).toEqual(DESTINATION);
  const back = {
    answer: was.answer,
    expected: [DESTINATION],
    restore: was.original,
    unsaved: "keep",
  } as const;
  await backend.apply(scope, back, op());
  expect(await kea.command("config-get")).toBe(before);
});
