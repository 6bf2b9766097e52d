import { DESTINATION, keaOn, op, SCOPE, SOURCE } from "../../support/backend";
import { configuration, entry, FakeKea, HOOKS } from "../../support/fake-kea";

/** `config-write`: a switch that could not be saved is undone or kept, and told. */

const running: FakeKea[] = [];
async function kea(data = SOURCE.join(", ")): Promise<FakeKea> {
  const server = await new FakeKea(configuration([entry(data)])).start();
  running.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((s) => s.stop()));
});

const forward = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
const served = (server: FakeKea) => server.document.Dhcp4.subnet4[1]!["option-data"][0]!.data;
const saving = (servers: FakeKea[]) => keaOn(servers, { persist: "config-write" });
const fails = (server: FakeKea) => {
  server.instead = (c) =>
    c === "config-write" ? { result: 1, text: "Unable to open file /etc/kea/x" } : undefined;
};

test("follows the proof of the change", async () => {
  const server = await kea();
  const reading = await saving([server]).apply(SCOPE, forward, op());
  expect(server.commands.at(-1)).toBe("config-write");
  expect(reading.findings.map((f) => f.kind)).not.toContain("not-persisted");
});

test("refused on the way there: undone on every server", async () => {
  const pair = [await kea(), await kea()];
  fails(pair[1]!);
  const before = pair.map((s) => s.text);
  await expect(saving(pair).apply(SCOPE, forward, op())).rejects.toMatchObject({
    summary: 'DHCP server "kea" cannot save its configuration',
    detail: expect.stringContaining("was undone"),
  });
  expect(pair.map((s) => s.text)).toEqual(before);
  expect(pair[0]!.commands.filter((c) => c === "config-write")).toHaveLength(2);
});

test("refused on the way back: the change stands", async () => {
  const server = await kea(DESTINATION.join(", "));
  fails(server);
  const change = { answer: SOURCE, expected: [DESTINATION], unsaved: "keep" } as const;
  await expect(saving([server]).apply(SCOPE, change, op())).rejects.toMatchObject({
    kind: "unsaved",
    detail: expect.stringContaining("is as declared on"),
  });
  expect(served(server)).toBe("192.0.2.21, 192.0.2.22");
});

test("refused on the way back of several scopes that have commands of their own: each is told", async () => {
  const text = configuration([entry(DESTINATION.join(", "))], HOOKS);
  const server = await new FakeKea(text, { version: "3.0.4" }).start();
  running.push(server);
  fails(server);
  const backend = saving([server]);
  const other = { kind: "subnet", subnet: "10.1.10.0/24" } as const;
  const outcomes = await Promise.allSettled([
    backend.apply(SCOPE, { answer: SOURCE, expected: [DESTINATION], unsaved: "keep" }, op()),
    backend.apply(other, { answer: SOURCE, expected: [["192.0.2.99"]], unsaved: "keep" }, op()),
  ]);
  expect(outcomes).toEqual(
    Array(2).fill({ status: "rejected", reason: expect.objectContaining({ kind: "unsaved" }) }),
  );
});

test("asked for, it saves what is served already", async () => {
  const server = await kea();
  const change = { answer: SOURCE, expected: [SOURCE], unsaved: "keep", save: true } as const;
  await saving([server]).apply(SCOPE, change, op());
  expect(server.commands).toEqual(["config-get", "config-write"]);
  await keaOn([server]).apply(SCOPE, change, op());
  expect(server.commands.filter((c) => c === "config-write")).toHaveLength(1);
});

test.each([
  ["config-write", "left"],
  ["none", "answer"],
] as const)("of what could not be put back, with persist %s: %s", async (persist, kind) => {
  const pair = [await kea(), await kea()];
  const no = { result: 1, text: "no" };
  pair[0]!.instead = (c, nth) => (c === "config-set" && nth > 1 ? no : undefined);
  pair[1]!.instead = (c) => (c === "config-set" ? no : undefined);
  await expect(keaOn(pair, { persist }).apply(SCOPE, forward, op())).rejects.toMatchObject({
    kind,
    summary: 'DHCP server "kea" could not be put back',
  });
  expect(served(pair[0]!)).toBe(DESTINATION.join(", "));
});

test("refused on the way there, and so is the undo: what is served is not saved", async () => {
  const server = await kea();
  server.instead = (c, nth) =>
    c === "config-write" || (c === "config-set" && nth > 1) ? { result: 1, text: "full" } : undefined;
  await expect(saving([server]).apply(SCOPE, forward, op())).rejects.toMatchObject({ kind: "left" });
  expect(served(server)).toBe(DESTINATION.join(", "));
});

test("undone, but the first of a pair cannot save that: its file is told of", async () => {
  const pair = [await kea(), await kea()];
  fails(pair[1]!);
  pair[0]!.instead = (c, nth) => (c === "config-write" && nth > 1 ? { result: 1, text: "full" } : undefined);
  await expect(saving(pair).apply(SCOPE, forward, op())).rejects.toMatchObject({
    kind: "unsaved",
    detail: expect.stringContaining(`The file of ${pair[0]!.endpoint} may have it`),
  });
  expect(pair.map(served)).toEqual(Array(2).fill("192.0.2.21, 192.0.2.22"));
});

test.each([
  ["is saved over it", 1, "refused"],
  ["which cannot be saved either, is told", 2, "unsaved"],
] as const)(
  "an answer to config-write that is lost may be of a file that has it: what was undone %s",
  async (_, lost, kind) => {
    const server = await kea();
    server.instead = (c, nth) => (c === "config-write" && nth <= lost ? "drop" : undefined);
    await expect(saving([server]).apply(SCOPE, forward, op())).rejects.toMatchObject({ kind });
    expect(served(server)).toBe("192.0.2.21, 192.0.2.22");
    expect(server.commands.filter((c) => c === "config-write")).toHaveLength(2);
  },
);
