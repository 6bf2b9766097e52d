import type { Scope } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, keaOn, op, SOURCE } from "../../support/backend";
import { configuration, entry, type FakeKea, HOOKS, plain } from "../../support/fake-kea";
import { GLOBAL, inNetwork, MAC, NETWORK, own, PHONE, POOL, SUBNET } from "../../support/scopes";
import { startKea as kea } from "../../support/started-kea";

const withHosts = (...reservations: unknown[]) => configuration([entry("192.0.2.99")], {}, { reservations });

const withGlobal = (more: object) =>
  configuration([own], { reservations: [{ "hw-address": MAC, "ip-address": "10.1.20.5" }], ...more });

/** There and back by what was read before. */
async function thereAndBack(server: FakeKea, scope: Scope): Promise<{ there: string }> {
  const backend = keaOn([server]);
  const was = await backend.read(scope, op());
  const change = { answer: DESTINATION, expected: was.answers, unsaved: "undo" } as const;
  const moved = await backend.apply(scope, change, op());
  expect(moved.answer).toEqual(DESTINATION);
  const there = server.text;
  const back = {
    answer: was.answer,
    expected: [DESTINATION],
    restore: was.original,
    unsaved: "keep",
  } as const;
  expect((await backend.apply(scope, back, op())).answer).toEqual(was.answer);
  return { there };
}

describe("there and back: every byte as it was", () => {
  test.each<[string, Scope, string]>([
    [
      "a pool",
      POOL,
      configuration([], {}, { pools: [{ pool: "10.1.20.10 - 10.1.20.200", "option-data": [own] }] }),
    ],
    ["a pool that inherits", POOL, configuration([own])],
    ["a pool without a list", POOL, configuration([], {}, { pools: [{ pool: "10.1.20.10-10.1.20.200" }] })],
    [
      "a pool by its prefix",
      { ...POOL, pool: "10.1.20.64-10.1.20.127" },
      configuration([], {}, { pools: [{ pool: "10.1.20.64/26" }] }),
    ],
    ["a shared network", NETWORK, configuration([], inNetwork([own]))],
    ["a shared network that inherits", NETWORK, configuration([], inNetwork([{ code: 66, data: "x" }]))],
    [
      "a subnet in a shared network",
      { kind: "subnet", subnet: "10.9.0.0/16" },
      configuration([], inNetwork([], [{ subnet: "10.9.0.0/16", "option-data": [own] }])),
    ],
    ["global", GLOBAL, configuration([], { "option-data": [{ code: 66, data: "x" }, own] })],
    ["global without a list", GLOBAL, configuration([own])],
    ["a phone without a reservation", PHONE, configuration([own])],
    ["a phone in a subnet without a list", PHONE, configuration([own]).replace(',"reservations":[]', "")],
    [
      "a phone with somebody's reservation",
      PHONE,
      withHosts({ "hw-address": MAC, "ip-address": "10.1.20.5" }),
    ],
    [
      "written otherwise",
      PHONE,
      withHosts({ hostname: "x" }, { "hw-address": "02-00-00-00-00-42", "option-data": [] }),
    ],
    [
      "in upper case",
      PHONE,
      withHosts({ "hw-address": MAC.toUpperCase(), "option-data": [{ code: 66, data: "x" }] }),
    ],
    ["by client identifier", PHONE, withHosts({ "client-id": `01:${MAC}`, "ip-address": "10.1.20.5" })],
    ["by client identifier in hexadecimal", PHONE, withHosts({ "client-id": "01020000000042" })],
    ["with an option 150 of its own", PHONE, withHosts({ "hw-address": MAC, "option-data": [own] })],
    ["an empty reservation of somebody", PHONE, withHosts({ "hw-address": MAC })],
    ["with a global reservation that is served", PHONE, withGlobal({ "reservations-global": true })],
    [
      "with a global one, and one in the subnet that is not looked up",
      PHONE,
      configuration(
        [],
        { reservations: [{ "hw-address": MAC }] },
        { "reservation-mode": "global", reservations: [{ "hw-address": MAC, hostname: "x" }] },
      ),
    ],
  ])("%s", async (_, scope, before) => {
    const server = await kea(before);
    const { there } = await thereAndBack(server, scope);
    expect(there).not.toBe(before);
    expect(server.text).toBe(before);
    expect(server.sets).toHaveLength(2);
  });
});

describe("one phone with a global reservation", () => {
  const change = { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" } as const;
  const hosts = (server: FakeKea) => [
    server.document.Dhcp4.reservations,
    server.document.Dhcp4.subnet4[1]!.reservations,
  ];

  test.each([
    ["by a whole document", {}],
    ["also where single reservations have commands, which are for those of subnets", HOOKS],
  ])("gets the option in that: %s", async (_, more) => {
    const server = await kea(withGlobal({ "reservations-global": true, ...more }), { version: "3.0.4" });
    await keaOn([server]).apply(PHONE, change, op());
    const merged = { "hw-address": MAC, "ip-address": "10.1.20.5", "option-data": [expect.anything()] };
    expect(hosts(server)).toEqual([[merged], []]);
    expect(server.commands).not.toContain("reservation-update");
  });

  test("gets one in the subnet where global ones are not looked up", async () => {
    const server = await kea(withGlobal({}));
    await keaOn([server]).apply(PHONE, change, op());
    expect(hosts(server)).toEqual([
      [{ "hw-address": MAC, "ip-address": "10.1.20.5" }],
      [expect.objectContaining({ "hw-address": MAC })],
    ]);
  });
});

describe("one phone", () => {
  const others = [{ "hw-address": "02:00:00:00:00:41", "ip-address": "10.1.20.4" }];
  const move = { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" } as const;

  test("gets a reservation without an address, and the others are not touched", async () => {
    const before = withHosts(...others);
    const server = await kea(before);
    await keaOn([server]).apply(PHONE, move, op());
    const { reservations, ...subnet } = server.document.Dhcp4.subnet4[1]!;
    expect(reservations).toEqual([
      ...others,
      {
        "hw-address": MAC,
        "option-data": [entry(DESTINATION.join(", "))],
        "user-context": { "made-for": "option-150-of-one-phone" },
      },
    ]);
    const { reservations: _, ...unchanged } = JSON.parse(before).Dhcp4.subnet4[1];
    expect(subnet).toEqual(unchanged);
  });

  test("what was made for it goes again, although the state is lost and Kea has added members", async () => {
    const server = await kea(plain(withHosts(...others)));
    const before = server.document;
    await keaOn([server]).apply(PHONE, move, op());
    server.edit((d) => {
      const made = d.Dhcp4.subnet4[1]!.reservations[1] as Record<string, unknown>;
      Object.assign(made, {
        "boot-file-name": "",
        "client-classes": [],
        hostname: "",
        "next-server": "0.0.0.0",
      });
    });
    const back = { answer: "inherited", expected: [DESTINATION], unsaved: "keep" } as const;
    await keaOn([server]).apply(PHONE, back, op());
    expect(server.document).toEqual(before);
  });

  test("also when somebody has moved it to the global ones, and nobody else's instead", async () => {
    const text = configuration([own], { "reservations-global": true }).replace(',"reservations":[]', "");
    const server = await kea(text);
    const backend = keaOn([server]);
    const was = await backend.read(PHONE, op());
    await backend.apply(PHONE, { answer: DESTINATION, expected: was.answers, unsaved: "undo" }, op());
    const other = { "hw-address": "02:00:00:00:00:99", "ip-address": "10.1.20.9" };
    server.edit(({ Dhcp4 }) => {
      Dhcp4.reservations = Dhcp4.subnet4[1]!.reservations;
      Dhcp4.subnet4[1]!.reservations = [other];
    });
    const back = {
      answer: was.answer,
      expected: [DESTINATION],
      restore: was.original,
      unsaved: "keep",
    } as const;
    expect((await backend.apply(PHONE, back, op())).answer).toBe("inherited");
    expect(server.document.Dhcp4.reservations).toEqual([]);
    expect(server.document.Dhcp4.subnet4[1]!.reservations).toEqual([other]);
  });

  test("but not when somebody has put something into it since", async () => {
    const server = await kea(plain(withHosts()));
    const backend = keaOn([server]);
    const { original } = await backend.read(PHONE, op());
    await backend.apply(PHONE, move, op());
    server.edit((d) => {
      Object.assign(d.Dhcp4.subnet4[1]!.reservations[0] as object, { "ip-address": "10.1.20.7" });
    });
    const back = {
      answer: "inherited",
      expected: [DESTINATION],
      restore: original,
      unsaved: "keep",
    } as const;
    await backend.apply(PHONE, back, op());
    expect(server.document.Dhcp4.subnet4[1]!.reservations).toEqual([
      {
        "hw-address": MAC,
        "ip-address": "10.1.20.7",
        "user-context": { "made-for": "option-150-of-one-phone" },
      },
    ]);
  });

  test("of two reservations, the one that Kea looks up first", async () => {
    const server = await kea(
      withHosts(
        { "client-id": `01:${MAC}`, "option-data": [own] },
        { "hw-address": MAC, "ip-address": "10.1.20.5" },
      ),
    );
    expect((await keaOn([server]).read(PHONE, op())).answer).toBe("inherited");
    server.edit((d) => {
      d.Dhcp4["host-reservation-identifiers"] = ["client-id", "hw-address"];
    });
    expect((await keaOn([server]).read(PHONE, op())).answer).toEqual(SOURCE);
  });
});

test.each<[string, Scope, string]>([
  [
    "pool 10.1.20.1-10.1.20.2 of subnet 10.1.20.0/24",
    { ...POOL, pool: "10.1.20.1-10.1.20.2" },
    "one pool of that subnet",
  ],
  ["shared network floor 9", { kind: "shared-network", network: "floor 9" }, "check the name"],
  [`phone ${MAC} in subnet 10.7.0.0/16`, { ...PHONE, subnet: "10.7.0.0/16" }, "check the prefix"],
])("there is no %s: said so", async (what, scope, advice) => {
  const server = await kea(configuration([own], inNetwork([])));
  await expect(keaOn([server]).read(scope, op())).rejects.toMatchObject({
    kind: "scope",
    summary: `DHCP server "kea" has no ${what}`,
    detail: expect.stringContaining(advice),
  });
});

describe("names beyond ASCII", () => {
  const network = { kind: "shared-network", network: "Gebäude 1" } as const;
  /** As it comes from a socket, which is read as Latin-1. */
  const bytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");
  const text = configuration([own], {
    "shared-networks": [{ name: "Größe" }, { name: "Gebäude 1", "option-data": [own] }],
  });
  /** Kea writes bytes that are no ASCII so. */
  const escaped = (latin: string) =>
    latin.replace(/[\u0080-\u00ff]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);

  test.each([
    ["as bytes", bytes(text)],
    ["escaped", escaped(bytes(text))],
    ["decomposed", bytes(text.normalize("NFD"))],
    ["in Latin-1", text],
  ])("%s: found, there and back, every byte as it was", async (_, before) => {
    const server = await kea(before);
    const { there } = await thereAndBack(server, network);
    expect(there).not.toBe(before);
    expect(server.text).toBe(before);
  });

  test("are shown as they are written", async () => {
    const classes = [
      { name: "für Türen", "option-data": [entry("10.0.0.2", { "client-classes": ["Lüftung"] })] },
    ];
    const server = await kea(
      bytes(
        configuration(
          [],
          {
            "client-classes": classes,
            "shared-networks": [
              { name: "Gebäude 1", "server-hostname": "tür.example", "option-data": [own] },
            ],
          },
          { "client-class": "für Türen" },
        ),
      ),
    );
    const { findings } = await keaOn([server]).read(GLOBAL, op());
    const texts = findings.flatMap((f) => [f.scope, f.value]);
    expect(texts).toEqual(
      expect.arrayContaining([
        "class für Türen, for its members class Lüftung",
        "shared network Gebäude 1",
        '"tür.example"',
      ]),
    );
  });
});

describe("a server with commands for single options and reservations", () => {
  const modern = (text: string) =>
    kea(plain(text).replace('"subnet4"', `${JSON.stringify(HOOKS).slice(1, -1)},"subnet4"`), {
      version: "3.0.4",
    });
  const used = (server: FakeKea) => server.commands.filter((c) => /delta|reservation|set$/.test(c));

  test.each<[string, Scope, string, string[]]>([
    [
      "a subnet",
      { kind: "subnet", subnet: SUBNET },
      configuration([own]),
      ["subnet4-delta-add", "subnet4-delta-add"],
    ],
    [
      "a subnet that inherits",
      { kind: "subnet", subnet: SUBNET },
      configuration([]),
      ["subnet4-delta-add", "subnet4-delta-del"],
    ],
    ["a phone", PHONE, withHosts(), ["reservation-get", "reservation-add", "reservation-del"]],
    [
      "a phone with a reservation",
      PHONE,
      withHosts({ "client-id": `01:${MAC}`, "ip-address": "10.1.20.5", "option-data": [] }),
      ["reservation-update", "reservation-update"],
    ],
    [
      "a pool has none",
      POOL,
      configuration([], {}, { pools: [{ pool: "10.1.20.10-10.1.20.200", "option-data": [own] }] }),
      ["config-set", "config-set"],
    ],
    [
      "several elements: the document",
      { kind: "subnet", subnet: SUBNET },
      configuration([own, entry("10.0.0.9")]),
      ["config-set", "config-set"],
    ],
  ])("%s", async (_, scope, text, commands) => {
    const server = await modern(text);
    const before = server.document;
    await thereAndBack(server, scope);
    expect(used(server)).toEqual(commands);
    expect(server.document).toEqual(before);
  });

  test("a reservation that only the database has is not put aside", async () => {
    const server = await modern(withHosts());
    server.instead = (command) =>
      command === "reservation-get" ? { result: 0, text: "Host found." } : undefined;
    const failure = keaOn([server]).apply(
      PHONE,
      { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" },
      op(),
    );
    await expect(failure).rejects.toMatchObject({
      kind: "refused",
      summary: `DHCP server "kea" has a reservation for ${MAC} in its database`,
    });
    expect(used(server)).toEqual(["reservation-get"]);
  });

  test("a command that is refused changes nothing, and says so", async () => {
    const server = await modern(configuration([own]));
    const before = server.text;
    server.instead = (command) =>
      ["subnet4-delta-add", "config-test"].includes(command)
        ? { result: 1, text: "no, for db-s3cret" }
        : undefined;
    const failure = await keaOn([server])
      .apply(
        { kind: "subnet", subnet: SUBNET },
        { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" },
        op(),
      )
      .catch((e) => e);
    expect(failure).toMatchObject({
      kind: "refused",
      summary: 'DHCP server "kea" refuses subnet4-delta-add',
    });
    expect(failure.message).not.toContain("s3cret");
    expect(server.text).toBe(before);
  });
});
