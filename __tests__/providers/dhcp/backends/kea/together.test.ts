import type { Answer, Scope } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, keaOn, op, SOURCE } from "../../support/backend";
import { DEFINITION, entry, type FakeKea, HOOKS } from "../../support/fake-kea";
import { startKea as kea } from "../../support/started-kea";

/** Many scopes of one server that are switched at once. */

const hex = (n: number) => n.toString(16).padStart(2, "0");
const subnetOf = (i: number) => `10.${i >> 8}.${i & 255}.0/24`;
const scopeOf = (i: number): Scope => ({ kind: "subnet", subnet: subnetOf(i) });

/** As Kea prints it, with `count` subnets of 20 reservations each. */
function site(count: number, more: object = {}): string {
  const subnet4 = Array.from({ length: count }, (_, i) => ({
    "4o6-interface": "",
    id: i + 1,
    "option-data": [entry("192.0.2.21, 192.0.2.22")],
    pools: [
      {
        "option-data": [],
        pool: subnetOf(i).replace(/0\/24$/, "100-") + subnetOf(i).replace(/0\/24$/, "200"),
      },
    ],
    reservations: Array.from({ length: 20 }, (_, h) => ({
      "hw-address": `02:00:00:${hex(i >> 8)}:${hex(i & 255)}:${hex(h)}`,
      hostname: `host-${i}-${h}`,
      "option-data": [],
    })),
    subnet: subnetOf(i),
    "t1-percent": 0.5,
  }));
  const text = JSON.stringify({ Dhcp4: { "option-def": [DEFINITION], subnet4, ...more } }, null, 1);
  // Numbers as Kea prints them, which JSON.stringify does not.
  return text.replaceAll('"t1-percent": 0.5', '"t1-percent": 0.50');
}

const there = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
const back = (restore: string) =>
  ({ answer: SOURCE, expected: [DESTINATION], restore, unsaved: "keep" }) as const;

test("300 subnets of 20 reservations: there and back in a write each, byte for byte", async () => {
  const before = site(300);
  const server = await kea(before);
  const backend = keaOn([server]);
  const scopes = Array.from({ length: 300 }, (_, i) => scopeOf(i));
  const originals = await Promise.all(scopes.map(async (s) => (await backend.read(s, op())).original));
  const moved = await Promise.all(scopes.map((s) => backend.apply(s, there, op())));
  expect(moved.map((m) => m.answer)).toEqual(scopes.map(() => DESTINATION));
  expect(server.text.match(/198\.51\.100\.21/g)).toHaveLength(300);
  await Promise.all(scopes.map((s, i) => backend.apply(s, back(originals[i]!), op())));
  expect(server.text === before).toBe(true);
  expect(server.sets).toHaveLength(2);
});

describe.each([
  ["whole documents", {}, "config-set"],
  ["single commands", HOOKS, "subnet4-delta-add"],
])("%s", (_, hooks, write) => {
  const options = { version: "3.0.4" };
  const outcomes = (server: FakeKea, changes: readonly (readonly [Scope, Answer])[]) => {
    const backend = keaOn([server]);
    return Promise.all(
      changes.map(([scope, expected]) =>
        backend.apply(scope, { ...there, expected: [expected] }, op()).then(
          (reading) => String(reading.answer),
          (e) => e.kind,
        ),
      ),
    );
  };

  test("each caller has its own outcome: what is wrong with one of them fails no other", async () => {
    const server = await kea(site(3, hooks), options);
    const changes = [
      [scopeOf(0), SOURCE],
      [scopeOf(1), ["203.0.113.9"]],
      [scopeOf(99), SOURCE],
      [scopeOf(2), SOURCE],
    ] as const;
    const moved = String(DESTINATION);
    expect(await outcomes(server, changes)).toEqual([moved, "rival", "scope", moved]);
    expect(server.commands.filter((c) => c === write)).toHaveLength(write === "config-set" ? 1 : 2);
    expect(server.commands.filter((c) => c === "config-get")).toHaveLength(2);
  });

  test("what the server refuses of one of them: one by one", async () => {
    const server = await kea(site(3, hooks), options);
    const changes = [0, 1, 2].map((i) => [scopeOf(i), SOURCE] as const);
    const asked = ["config-test", "subnet4-delta-add"];
    server.refuse = (command, args) => asked.includes(command) && moves(args, subnetOf(1));
    expect(await outcomes(server, changes)).toEqual([String(DESTINATION), "refused", String(DESTINATION)]);
    const served = server.document.Dhcp4.subnet4.map((s) => String(s["option-data"][0]!.data));
    expect(served.map((data) => data.startsWith("198"))).toEqual([true, false, true]);
  });
});

/** Whether a command takes a subnet to the destination. */
const moves = (args: string, prefix: string): boolean => {
  const parsed = JSON.parse(args);
  const list: { subnet: string; "option-data": { data: string }[] }[] =
    parsed.subnet4 ?? parsed.Dhcp4.subnet4;
  return list.some((s) => s.subnet === prefix && s["option-data"].some((o) => o.data.startsWith("198")));
};

test("what arrives during a write goes into the next one", async () => {
  const server = await kea(site(6));
  const backend = keaOn([server]);
  const later: Promise<unknown>[] = [];
  server.before = (command, nth) => {
    if (command === "config-set" && nth === 1)
      later.push(...[1, 2, 3, 4, 5].map((i) => backend.apply(scopeOf(i), there, op())));
  };
  await backend.apply(scopeOf(0), there, op());
  await Promise.all(later);
  expect(server.sets).toHaveLength(2);
});

test("one caller that gives up takes no other with it", async () => {
  const server = await kea(site(2));
  const backend = keaOn([server]);
  const controller = new AbortController();
  server.before = (command) => {
    if (command === "config-test") controller.abort();
  };
  const given = backend.apply(scopeOf(0), there, { signal: controller.signal }).catch((e) => e.kind);
  const stays = backend.apply(scopeOf(1), there, op());
  expect(await given).toBe("cancelled");
  expect((await stays).answer).toEqual(DESTINATION);
  const served = server.document.Dhcp4.subnet4.map((s) => s["option-data"][0]!.data);
  expect(served).toEqual([SOURCE.join(", "), DESTINATION.join(", ")]);
});

test("two changes of one scope are two writes, in their order", async () => {
  const server = await kea(site(1));
  const backend = keaOn([server]);
  await Promise.all([backend.apply(scopeOf(0), there, op()), backend.apply(scopeOf(0), back("[]"), op())]);
  expect(server.sets).toHaveLength(2);
  expect(server.document.Dhcp4.subnet4[0]!["option-data"][0]!.data).toBe(SOURCE.join(", "));
});
