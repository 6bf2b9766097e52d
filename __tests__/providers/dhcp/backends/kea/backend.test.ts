import type { Answer } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, keaOn, op, SCOPE, SOURCE } from "../../support/backend";
import { configuration, DEFINITION, entry, plain } from "../../support/fake-kea";
import { startKea as kea } from "../../support/started-kea";

const csv = (addresses: readonly string[]) => addresses.join(", ");
const move = (answer: Answer, expected: Answer, restore?: string) =>
  ({ answer, expected: [expected], restore, unsaved: "undo" }) as const;

describe("an answer", () => {
  test.each<[string, unknown[], Record<string, unknown>, Answer]>([
    ["text with a blank", [entry("192.0.2.21, 192.0.2.22")], {}, SOURCE],
    ["text without", [entry("192.0.2.21,192.0.2.22")], {}, SOURCE],
    ["by name only", [{ name: "cisco-tftp", data: csv(SOURCE) }], {}, SOURCE],
    ["by code only", [{ code: 150, data: csv(SOURCE) }], {}, SOURCE],
    ["hexadecimal", [entry("C0000215C0000216", { "csv-format": false })], {}, SOURCE],
    ["hexadecimal with prefix", [{ code: 150, data: "0xc0000215c0000216" }], { "option-def": [] }, SOURCE],
    ["of another space", [entry("1.2.3.4", { space: "vendor-1" })], {}, "inherited"],
    ["none", [{ code: 66, data: "tftp.example", space: "dhcp4" }], {}, "inherited"],
    ["empty", [entry("")], {}, []],
    [
      "definition without array: one address",
      [entry(csv(SOURCE))],
      { "option-def": [{ ...DEFINITION, array: false }] },
      ["192.0.2.21"],
    ],
    [
      "definition of type string: no addresses",
      [entry(csv(SOURCE))],
      { "option-def": [{ ...DEFINITION, type: "string" }] },
      [csv(SOURCE)],
    ],
    [
      "definition with another name",
      [entry(csv(SOURCE), { name: "tftp" })],
      { "option-def": [{ ...DEFINITION, name: "tftp" }] },
      SOURCE,
    ],
  ])("%s", async (_, options, more, answer) => {
    const server = await kea(configuration(options, more));
    const reading = await keaOn([server]).read(SCOPE, op());
    expect(reading.answer).toEqual(answer);
  });

  test.each([
    ["2.2.0", "10.0.0.2"],
    ["2.6.3", "10.0.0.2"],
    ["3.0.4", "10.0.0.1"],
  ])("two elements on %s: %s", async (version, winner) => {
    const server = await kea(configuration([entry("10.0.0.1"), entry("10.0.0.2")]), { version });
    const reading = await keaOn([server]).read(SCOPE, op());
    expect(reading.answer).toEqual([winner]);
    expect(reading.findings).toContainEqual(
      expect.objectContaining({ kind: "duplicate", severity: "error" }),
    );
  });

  test("in a shared network", async () => {
    const server = await kea(
      configuration([], {
        "shared-networks": [
          { name: "n", subnet4: [{ subnet: "10.9.0.0/16", "option-data": [entry("10.0.0.1")] }] },
        ],
      }),
    );
    const reading = await keaOn([server]).read({ kind: "subnet", subnet: "10.9.0.0/16" }, op());
    expect(reading.answer).toEqual(["10.0.0.1"]);
  });

  test("a subnet that is not there is said so, and nothing of the document", async () => {
    const server = await kea(configuration([]));
    const failure = keaOn([server]).read({ kind: "subnet", subnet: "10.99.0.0/16" }, op());
    await expect(failure).rejects.toMatchObject({
      kind: "scope",
      summary: 'DHCP server "kea" has no subnet 10.99.0.0/16',
    });
  });
});

describe("findings", () => {
  const global = {
    "reservations-global": true,
    reservations: [{ duid: "01:02", "option-data": [entry("10.0.0.7")] }],
  };
  test.each<[string, string, unknown[], Record<string, unknown>, Record<string, unknown>]>([
    ["definition-missing/error/server", "no option-def", [], { "option-def": [] }, {}],
    [
      "definition-missing/info/subnet 10.1.20.0/24",
      "hexadecimal",
      [entry("C0000215", { "csv-format": false })],
      { "option-def": [] },
      {},
    ],
    [
      "definition-type/error/server",
      "type string",
      [],
      { "option-def": [{ ...DEFINITION, type: "string" }] },
      {},
    ],
    [
      "definition-not-array/error/server",
      "array false",
      [],
      { "option-def": [{ ...DEFINITION, array: false }] },
      {},
    ],
    [
      "never-send/error/the global options",
      "never-send true",
      [],
      { "option-data": [entry("", { "never-send": true })] },
      {},
    ],
    [
      "never-send/error/subnet 10.1.20.0/24",
      "never-send true",
      [entry("10.0.0.1", { "never-send": true })],
      {},
      {},
    ],
    [
      "always-send/info/subnet 10.1.20.0/24",
      "always-send",
      [entry("10.0.0.1", { "always-send": true })],
      {},
      {},
    ],
    [
      "class-tagged/warning/subnet 10.1.20.0/24 class pilot",
      "10.0.0.9",
      [entry("10.0.0.9", { "client-classes": ["pilot"] }), entry("10.0.0.1")],
      {},
      {},
    ],
    [
      "shadowed/warning/pool 10.1.20.5-10.1.20.9 of subnet 10.1.20.0/24",
      "10.0.0.4",
      [],
      {},
      { pools: [{ pool: "10.1.20.5-10.1.20.9", "option-data": [entry("10.0.0.4")] }] },
    ],
    [
      "shadowed/warning/reservation hw-address 02:00:00:00:00:42 of subnet 10.1.20.0/24",
      "10.0.0.4",
      [],
      {},
      { reservations: [{ "hw-address": "02:00:00:00:00:42", "option-data": [entry("10.0.0.4")] }] },
    ],
    ["shadowed/warning/global reservation duid 01:02", "10.0.0.7", [], global, {}],
    [
      "option-66/warning/subnet 10.1.20.0/24",
      '"tftp.old"',
      [{ code: 66, data: "tftp.old", space: "dhcp4" }],
      {},
      {},
    ],
    ["next-server/warning/subnet 10.1.20.0/24", "192.0.2.21", [], {}, { "next-server": "192.0.2.21" }],
    ["server-hostname/warning/the global options", '"old"', [], { "server-hostname": "old" }, {}],
    [
      "inherited-value/info/subnet 10.1.20.0/24",
      "10.0.0.3 from the global options",
      [],
      { "option-data": [entry("10.0.0.3")] },
      {},
    ],
    [
      "config-control/error/server",
      "database",
      [],
      { "config-control": { "config-databases": [{ type: "mysql", password: "x" }] } },
      {},
    ],
    ["empty/warning/subnet 10.1.20.0/24", "nothing", [entry("")], {}, {}],
    ["not-persisted/warning/server", "none", [], {}, {}],
  ])("%s: %s", async (what, value, options, more, subnet) => {
    const server = await kea(configuration(options, more, subnet));
    const { findings } = await keaOn([server]).read(SCOPE, op());
    const [kind, severity, ...scope] = what.split("/");
    const found = findings.filter((f) => f.kind === kind);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      severity,
      scope: scope.join("/"),
      value: expect.stringContaining(value),
    });
  });

  test("global reservations do not count when the nearest scope says no", async () => {
    const server = await kea(configuration([entry("10.0.0.1")], global, { "reservations-global": false }));
    const { findings } = await keaOn([server]).read(SCOPE, op());
    expect(findings.map((f) => f.kind)).toEqual(["not-persisted"]);
  });
});

describe("there and back", () => {
  test.each<[string, unknown[], Record<string, unknown>]>([
    ["text with a blank", [entry("192.0.2.21, 192.0.2.22")], {}],
    ["odd spacing", [entry("192.0.2.21 ,192.0.2.22")], {}],
    [
      "among others",
      [
        { code: 3, data: "10.1.20.1", space: "dhcp4" },
        entry("192.0.2.21,192.0.2.22", { "always-send": true }),
        { code: 66, data: "x", space: "dhcp4" },
      ],
      {},
    ],
    ["hexadecimal", [entry("c0000215C0000216", { "csv-format": false })], {}],
    [
      "hexadecimal without definition",
      [entry("C0000215C0000216", { "csv-format": false })],
      { "option-def": [] },
    ],
    [
      "class-tagged beside it",
      [entry("10.0.0.9", { "client-classes": ["pilot"] }), entry("192.0.2.21, 192.0.2.22")],
      {},
    ],
  ])("%s: every byte as before", async (_, options, more) => {
    const before = configuration(options, more);
    const server = await kea(before, { version: "3.0.4" });
    const backend = keaOn([server]);
    const { original } = await backend.read(SCOPE, op());
    const there = await backend.apply(SCOPE, move(DESTINATION, SOURCE), op());
    expect(there.answer).toEqual(DESTINATION);
    expect(server.text).not.toBe(before);
    const back = await backend.apply(SCOPE, move(SOURCE, DESTINATION, original), op());
    expect(back.answer).toEqual(SOURCE);
    expect(server.text).toBe(before);
  });

  test.each([[[]], [[{ code: 3, data: "10.1.20.1", space: "dhcp4" }]]])(
    "inherited: the element is made, and taken out again (%j)",
    async (others) => {
      const before = configuration(others);
      const server = await kea(before);
      const backend = keaOn([server]);
      const { original, answer } = await backend.read(SCOPE, op());
      expect(answer).toBe("inherited");
      await backend.apply(SCOPE, move(DESTINATION, "inherited"), op());
      expect((await backend.read(SCOPE, op())).answer).toEqual(DESTINATION);
      await backend.apply(SCOPE, move("inherited", DESTINATION, original), op());
      expect(JSON.parse(server.text)).toEqual(JSON.parse(before));
    },
  );

  test("inherited in a subnet without a list: the list goes too", async () => {
    const before = configuration([]).replace('"option-data":[],"pools"', '"pools"');
    const server = await kea(before);
    const backend = keaOn([server]);
    const { original } = await backend.read(SCOPE, op());
    await backend.apply(SCOPE, move(DESTINATION, "inherited"), op());
    await backend.apply(SCOPE, move("inherited", DESTINATION, original), op());
    expect(server.text).toBe(before);
  });

  test("without a record of the original its separator is kept", async () => {
    const before = configuration([entry("192.0.2.21,192.0.2.22")]);
    const server = await kea(before);
    const backend = keaOn([server]);
    await backend.apply(SCOPE, move(DESTINATION, SOURCE), op());
    await backend.apply(SCOPE, move(SOURCE, DESTINATION), op());
    expect(server.text).toBe(before);
  });

  test("an element that somebody took out is put back where it was", async () => {
    const before = configuration([{ code: 3, data: "1.1.1.1" }, entry(csv(SOURCE)), { code: 66, data: "x" }]);
    const server = await kea(before);
    const backend = keaOn([server]);
    const { original } = await backend.read(SCOPE, op());
    server.edit((d) => d.Dhcp4.subnet4[1]!["option-data"].splice(1, 1));
    await backend.apply(SCOPE, move(SOURCE, "inherited", original), op());
    expect(JSON.parse(server.text)).toEqual(JSON.parse(before));
  });

  test("nothing is written to a server that answers so already", async () => {
    const server = await kea(configuration([entry(csv(SOURCE))]));
    await keaOn([server]).apply(SCOPE, move(SOURCE, SOURCE), op());
    expect(server.commands).toEqual(["config-get"]);
  });

  test("a free-text comment of the element's owner is not recorded", async () => {
    const server = await kea(configuration([entry(csv(SOURCE), { "user-context": { note: "s3cret" } })]));
    const { original } = await keaOn([server]).read(SCOPE, op());
    expect(original).not.toContain("s3cret");
  });
});

describe("refused", () => {
  test("a new element without a definition: the line to add is in the error", async () => {
    const server = await kea(configuration([], { "option-def": [] }));
    const failure = keaOn([server]).apply(SCOPE, move(DESTINATION, "inherited"), op());
    await expect(failure).rejects.toMatchObject({
      kind: "refused",
      detail: expect.stringContaining(
        '{ "name": "cisco-tftp", "code": 150, "space": "dhcp4", "type": "ipv4-address", "array": true }',
      ),
    });
    expect(server.commands).toEqual(["config-get"]);
  });

  test("a server that takes its configuration from a database", async () => {
    const more = { "config-control": { "config-databases": [{ type: "mysql", password: "db-s3cret" }] } };
    const server = await kea(configuration([entry(csv(SOURCE))], more));
    const failure = keaOn([server]).apply(SCOPE, move(DESTINATION, SOURCE), op());
    await expect(failure).rejects.toMatchObject({ kind: "refused" });
    expect(server.sets).toEqual([]);
  });

  test("a configuration that fails config-test is not set, and its secrets are not told", async () => {
    const server = await kea(configuration([entry(csv(SOURCE))]));
    server.instead = (command) =>
      command === "config-test"
        ? { result: 1, text: 'bad { "password": "db-s3cret" } for db-user with control-s3cret' }
        : undefined;
    const failure = await keaOn([server])
      .apply(SCOPE, move(DESTINATION, SOURCE), op())
      .catch((e) => e);
    expect(failure).toMatchObject({ kind: "refused", summary: 'DHCP server "kea" refuses config-test' });
    expect(failure.message).not.toMatch(/s3cret|db-user/);
    expect(failure.message).toContain("bad (...) for *** with ***");
    expect(server.sets).toEqual([]);
  });
});

describe("a new element comes back with members that Kea adds, in a place that Kea chooses", () => {
  test("is accepted", async () => {
    const server = await kea(plain(configuration([{ code: 3, data: "1.1.1.1", space: "dhcp4" }])), {
      version: "3.0.4",
    });
    server.alter = (text) => {
      const document = JSON.parse(text);
      const options = document.Dhcp4.subnet4[1]["option-data"];
      if (options.length === 2) options.unshift({ ...options.pop(), "never-send": false });
      return JSON.stringify(document);
    };
    const backend = keaOn([server]);
    const reading = await backend.apply(SCOPE, move(DESTINATION, "inherited"), op());
    expect(reading.answer).toEqual(DESTINATION);
  });
});
