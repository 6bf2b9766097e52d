import type { Finding, Scope } from "../../../../../providers/dhcp/backends/backend";
import { leafFor } from "../../../../../providers/dhcp/backends/ios-xe/config";
import { findingsOf } from "../../../../../providers/dhcp/backends/ios-xe/findings";
import { poolsIn } from "../../../../../providers/dhcp/backends/ios-xe/pools";
import { releaseOf } from "../../../../../providers/dhcp/backends/ios-xe/release";
import { viewScope } from "../../../../../providers/dhcp/backends/ios-xe/view";
import { SCOPE, SOURCE } from "../../support/backend";
import { entry, hostPool, native, PHONE, type Pools, pool, voice } from "../../support/ios-xe";

const look = (ours: unknown, others: Pools = [], scope: Scope = SCOPE, vrf: string | null = null) =>
  viewScope(poolsIn(native(ours, others)), scope, vrf);
const found = (
  ours: unknown,
  others: Pools = [],
  { scope = SCOPE as Scope, version = "17.15", save = true } = {},
): readonly Finding[] => {
  const view = look(ours, others, scope);
  if (typeof view === "string") throw new Error(view);
  return findingsOf(view, releaseOf(version, null), save);
};
const brief = (findings: readonly Finding[]) =>
  findings.map(({ kind, severity, scope, value }) => `${kind} ${severity} (${scope}): ${value}`);

test.each([
  ["17.15", "ip-ordered"],
  ["17.15.1a", "ip-ordered"],
  ["18.1", "ip-ordered"],
  ["17.14", "ip-new"],
  ["17.3", "ip-new"],
  ["17.2", "ip"],
  ["16.12.4", "ip"],
  ["Gibraltar", null],
  ["17", null],
])("the leaf of %s is %s", (version, leaf) => expect(leafFor(version)).toBe(leaf));

test.each<[string, Scope, RegExp]>([
  ["pool", { kind: "pool", subnet: "10.1.20.0/24", pool: "10.1.20.10-10.1.20.99" }, /name the subnet alone/],
  ["shared network", { kind: "shared-network", network: "hq" }, /no shared networks: name each subnet/],
  ["global", { kind: "global" }, /no options of the whole server: name each subnet/],
  [
    "subnet that is not there",
    { kind: "subnet", subnet: "10.9.0.0/24" },
    /No `ip dhcp pool` has this `network`/,
  ],
  [
    "phone without a host pool",
    PHONE,
    /host pool needs an address.*`ip dhcp pool SEP020000000042`, `host ADDRESS MASK` and `client-identifier 0102\.0000\.0000\.42`/,
  ],
])("a %s is refused, with what to do instead", (_, scope, why) => {
  expect(look(voice([]), [], scope)).toMatch(why);
});

test("masks as dotted quads and as lengths", () => {
  for (const mask of ["255.255.255.0", "/24"])
    expect(look(pool("V", "10.1.20.0", mask))).toMatchObject({ pool: { id: "V" } });
  for (const mask of ["255.0.255.0", "24", "/99"]) expect(look(pool("V", "10.1.20.0", mask))).toMatch(/^No/);
});

test("older releases have the network without primary-network", () => {
  const network = { number: "10.1.20.0", mask: "255.255.255.0" };
  expect(look({ id: "OLD", network })).toMatchObject({ pool: { id: "OLD" } });
});

test("one subnet in two pools: which is used cannot be told; in two VRFs it can", () => {
  const other = (vrf?: string) => ({ ...voice([]), id: "OTHER", ...(vrf ? { vrf } : {}) });
  expect(look(voice([]), [other()])).toMatch(/pools VOICE 1\/2 and OTHER all have/);
  expect(look(voice([]), [other("red")])).toMatchObject({ pool: { id: "VOICE 1/2" } });
  expect(look(voice([]), [other("red")], SCOPE, "red")).toMatchObject({ pool: { id: "OTHER" } });
  expect(look(other("red"))).toMatch(/pool OTHER of VRF red: set `vrf`/);
});

test("a secondary network: its primary is named; of the primary it is a finding", () => {
  const both = {
    ...voice([entry(SOURCE)]),
    network: {
      "primary-network": { number: "10.1.20.0", mask: "255.255.255.0" },
      "secondary-network": [{ number: "10.1.21.0", mask: "255.255.255.0", secondary: [null] }],
    },
  };
  expect(look(both, [], { kind: "subnet", subnet: "10.1.21.0/24" })).toMatch(
    /name its subnet 10\.1\.20\.0\/24/,
  );
  expect(brief(found(both))).toEqual(["secondary-networks info (subnet 10.1.20.0/24): 10.1.21.0/24"]);
});

test("a phone is found by its client identifier or its hardware address, within the subnet only", () => {
  expect(look(voice([]), [hostPool()], PHONE)).toMatchObject({ pool: { id: "SEP020000000042" } });
  const { "client-identifier": _, ...without } = hostPool();
  const byMac = { ...without, "hardware-address": { "hardware-address-val": "0200.0000.0042" } };
  expect(brief(found(voice([]), [byMac], { scope: PHONE }))).toEqual([
    `identifier-off warning (phone 02:00:00:00:00:42 in subnet 10.1.20.0/24): pool SEP020000000042 has hardware-address`,
  ]);
  const elsewhere = { ...hostPool(), host: { number: "10.1.99.50", mask: "255.255.255.0" } };
  expect(look(voice([]), [elsewhere], PHONE)).toMatch(/^Only a phone with a host pool/);
  expect(look(voice([]), [hostPool(), { ...hostPool(), id: "AGAIN" }], PHONE)).toMatch(
    /are all for this phone/,
  );
});

test("nothing to find", () => {
  expect(found(voice([entry(SOURCE)]))).toEqual([]);
});

test.each<[string, object, readonly string[], string[]]>([
  ["text", { "ascii-new": "10.0.0.1" }, ["ascii 10.0.0.1"], ['not-addresses warning: "ascii 10.0.0.1"']],
  ["old text", { ascii: "x" }, ["ascii x"], ['not-addresses warning: "ascii x"']],
  [
    "hex of other things",
    { "hex-new": { "hex-line": "c0" } },
    ["hex c0"],
    ['not-addresses warning: "hex c0"'],
  ],
  ["old hex", { hex: { "hex-line": "c000.0215" } }, ["192.0.2.21"], []],
  ["no value", { "hex-new": { "none-new": [null] } }, [], ["empty warning: (nothing)"]],
  ["a name", { "ip-new": ["tftp.example"] }, ["tftp.example"], ['host-name warning: "tftp.example"']],
  [
    "twice",
    { "ip-new": ["192.0.2.1", "192.0.2.1"] },
    ["192.0.2.1", "192.0.2.1"],
    ["duplicate warning: 192.0.2.1 twice"],
  ],
  [
    "two leaves",
    { ip: ["192.0.2.2"], "ip-ordered": ["192.0.2.1"] },
    ["192.0.2.1"],
    ["duplicate warning: ip-ordered: 192.0.2.1 and ip: 192.0.2.2"],
  ],
  ["the same in two leaves", { ip: ["192.0.2.1"], "ip-new": ["192.0.2.1"] }, ["192.0.2.1"], []],
  [
    "nine",
    { "ip-ordered": [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `192.0.2.${n}`) },
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `192.0.2.${n}`),
    ["too-many-addresses warning: 9 addresses"],
  ],
])("the option itself: %s", (_, value, answer, expected) => {
  const ours = voice([{ "option-range": 150, ...value }]);
  expect(look(ours)).toMatchObject({ answer });
  expect(found(ours).map(({ kind, severity, value: v }) => `${kind} ${severity}: ${v}`)).toEqual(expected);
});

test("names with their module before them mean the same", () => {
  const ours = {
    ...voice([]),
    "Cisco-IOS-XE-dhcp:option": {
      "Cisco-IOS-XE-dhcp:option-range": [
        { "Cisco-IOS-XE-dhcp:option-range": 150, "Cisco-IOS-XE-dhcp:ip-new": SOURCE },
      ],
    },
  };
  expect(look(ours)).toMatchObject({
    answer: SOURCE,
    pool: { entry: { "option-range": 150, "ip-new": SOURCE } },
  });
});

test("what goes before it: classes of the pool, narrower pools and host pools within", () => {
  const ours = {
    ...voice([entry(SOURCE)]),
    class: [
      { name: "lobby", option: { option: 150, ip: ["203.0.113.1"] } },
      { name: "both", option: { option: 43, hex: "00", ext: { option: 150, hex: "cb007102" } } },
      { name: "other", option: { option: 66, ascii: "x" } },
    ],
  };
  const half = pool("HALF", "10.1.20.128", "255.255.255.128", [entry(["203.0.113.3"])]);
  const wider = pool("WIDE", "10.1.0.0", "255.255.0.0", [entry(["203.0.113.4"])]);
  expect(brief(found(ours, [half, wider, hostPool([entry(["203.0.113.5"])])]))).toEqual([
    "shadowed warning (pool HALF (subnet 10.1.20.128/25)): 203.0.113.3",
    "shadowed warning (pool SEP020000000042 (host 10.1.20.50)): 203.0.113.5",
    "shadowed warning (subnet 10.1.20.0/24 class both): 203.0.113.2",
    "shadowed warning (subnet 10.1.20.0/24 class lobby): 203.0.113.1",
  ]);
});

test("what it inherits comes from the nearest wider pool; a phone's from its subnet", () => {
  const wide = pool("WIDE", "10.0.0.0", "255.0.0.0", [entry(["203.0.113.1"])]);
  const near = pool("NEAR", "10.1.0.0", "255.255.0.0", [entry(["203.0.113.2"])]);
  expect(brief(found(voice([]), [wide, near]))).toEqual([
    "inherited-value info (subnet 10.1.20.0/24): 203.0.113.2 from pool NEAR (subnet 10.1.0.0/16)",
  ]);
  expect(brief(found(voice([entry(SOURCE)]), [wide, hostPool()], { scope: PHONE }))).toEqual([
    "inherited-value info (phone 02:00:00:00:00:42 in subnet 10.1.20.0/24): 192.0.2.21, 192.0.2.22 from pool VOICE 1/2 (subnet 10.1.20.0/24)",
  ]);
});

test("other ways to a TFTP server, of the pool and of those that it inherits from", () => {
  const ours = {
    ...voice([entry(SOURCE), { "option-range": 66, "ascii-new": "tftp.example" }]),
    "next-server": ["192.0.2.9"],
    bootfile: "image.bin",
  };
  const wide = pool("WIDE", "10.0.0.0", "255.0.0.0", [{ "option-range": 66, "ip-new": ["192.0.2.8"] }]);
  expect(brief(found(ours, [wide]))).toEqual([
    'bootfile warning (pool VOICE 1/2 (subnet 10.1.20.0/24)): "image.bin"',
    "next-server warning (pool VOICE 1/2 (subnet 10.1.20.0/24)): 192.0.2.9",
    'option-66 warning (pool VOICE 1/2 (subnet 10.1.20.0/24)): "ascii tftp.example"',
    "option-66 warning (pool WIDE (subnet 10.0.0.0/8)): 192.0.2.8",
  ]);
});

test("of the device: an order that is not kept, a version that says nothing, a change that a reload reverts", () => {
  expect(brief(found(voice([entry(SOURCE, "ip-new")]), [], { version: "17.12" }))).toEqual([
    "order-not-kept warning (server): addresses go into ip-new",
  ]);
  expect(brief(found(voice([]), [], { version: "?" }))).toEqual(['leaf-unknown error (server): version "?"']);
  expect(brief(found(voice([]), [], { save: false }))).toEqual([
    "not-persisted warning (server): save_config = false",
  ]);
});
