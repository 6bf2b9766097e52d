import type { Change } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, op, SCOPE, SOURCE } from "../../support/backend";
import { Devices, entry, hostPool, iosXeOn, native, PHONE, POOL, voice } from "../../support/ios-xe";

const devices = new Devices();
afterEach(() => devices.stop());

const to = (answer: Change["answer"], expected: Change["answer"], restore?: string): Change => ({
  answer,
  expected: [expected],
  restore,
  unsaved: "undo",
});
const PATH = "/restconf/data/Cisco-IOS-XE-native:native/ip/dhcp";
const ENTRY = `${PATH}/Cisco-IOS-XE-dhcp:pool=VOICE%201%2F2/option/option-range=150`;
const VERSION = "GET /restconf/data/Cisco-IOS-XE-native:native/version";

test("the requests of a change: a look at all, the entry right before it is replaced, the entry and all read back", async () => {
  const device = await devices.start({ etags: "resource" });
  const backend = iosXeOn([device]);
  await backend.apply(SCOPE, to(DESTINATION, SOURCE), op());
  expect(device.requests).toEqual([
    `GET ${PATH}`,
    VERSION,
    `GET ${ENTRY}`,
    `PUT ${ENTRY} if-match`,
    `GET ${ENTRY}`,
    `GET ${PATH}`,
  ]);
});

describe.each(["none", "resource", "datastore"] as const)("entity tags: %s", (etags) => {
  test.each([
    ["17.15", "ip-ordered"],
    ["17.12", "ip-new"],
    ["16.12", "ip"],
  ])("%s: there in the leaf of the release (%s), and back, byte for byte", async (version, leaf) => {
    const device = await devices.start({ version, etags });
    const before = device.text;
    const backend = iosXeOn([device]);
    const { original, answer } = await backend.read(SCOPE, op());
    expect(answer).toEqual(SOURCE);
    const there = await backend.apply(SCOPE, to(DESTINATION, SOURCE), op());
    expect(there.answer).toEqual(DESTINATION);
    expect(device.entry(POOL)).toEqual(entry(DESTINATION, leaf));
    expect((await backend.apply(SCOPE, to(SOURCE, DESTINATION, original), op())).answer).toEqual(SOURCE);
    expect(device.text).toBe(before);
    expect(device.startup).toBe(before);
  });

  test("a source that inherits: the entry is made and taken out again", async () => {
    const device = await devices.start({ etags }, native(voice([])));
    const before = device.text;
    const backend = iosXeOn([device]);
    const { original, answer } = await backend.read(SCOPE, op());
    expect(answer).toBe("inherited");
    await backend.apply(SCOPE, to(DESTINATION, "inherited"), op());
    expect(device.entry(POOL)).toEqual(entry(DESTINATION));
    await backend.apply(SCOPE, to("inherited", DESTINATION, original), op());
    expect(device.text).toBe(before);
    expect(device.requests.filter((r) => r.startsWith("PATCH"))).toEqual([]);
  });
});

test.each<[string, object]>([
  ["hex", { "hex-new": { "hex-line": "c000.0215.c000.0216" } }],
  ["hex in one piece, in capitals", { "hex-new": { "hex-line": "C0000215C0000216" } }],
  ["addresses in a deprecated leaf", { "ip-new": SOURCE }],
])("the source's spelling is restored: %s", async (_, spelled) => {
  const device = await devices.start({}, native(voice([{ "option-range": 150, ...spelled }])));
  const before = device.text;
  const backend = iosXeOn([device]);
  const { original, answer } = await backend.read(SCOPE, op());
  expect(answer).toEqual(SOURCE);
  await backend.apply(SCOPE, to(DESTINATION, SOURCE), op());
  await backend.apply(SCOPE, to(SOURCE, DESTINATION, original), op());
  expect(device.text).toBe(before);
});

test("a spelling that a newer release refuses does not stop the way back", async () => {
  const device = await devices.start({ version: "17.15" }, native(voice([entry(DESTINATION)])));
  const backend = iosXeOn([device]);
  const restore = JSON.stringify([entry(SOURCE, "ip")]);
  expect((await backend.apply(SCOPE, to(SOURCE, DESTINATION, restore), op())).answer).toEqual(SOURCE);
  expect(device.entry(POOL)).toEqual(entry(SOURCE));
});

test("address_leaf overrides the release, whose version is not asked for then", async () => {
  const device = await devices.start({ version: "17.12" });
  await iosXeOn([device], { addressLeaf: "hex-new" }).apply(SCOPE, to(DESTINATION, SOURCE), op());
  expect(device.entry(POOL)).toEqual({
    "option-range": 150,
    "hex-new": { "hex-line": "c6336415c6336416" },
  });
  expect(device.requests).not.toContain(VERSION);
});

test("a leaf that the release does not have is refused, with its words, and nothing is changed", async () => {
  const device = await devices.start({ version: "17.12" });
  const before = device.text;
  await expect(
    iosXeOn([device], { addressLeaf: "ip-ordered" }).apply(SCOPE, to(DESTINATION, SOURCE), op()),
  ).rejects.toMatchObject({
    kind: "refused",
    detail: expect.stringContaining("unknown element: ip-ordered"),
  });
  expect(device.text).toBe(before);
});

test("a device that sorts addresses: undone, and the setting that helps", async () => {
  const device = await devices.start({ version: "17.12", systemOrder: true });
  const before = device.text;
  const backwards = [...DESTINATION].reverse();
  await expect(iosXeOn([device]).apply(SCOPE, to(backwards, SOURCE), op())).rejects.toMatchObject({
    summary: 'DHCP server "router" does not keep the order of addresses',
    detail: expect.stringMatching(/Set address_leaf to hex-new.*On .* the old entry was put back/),
  });
  expect(device.text).toBe(before);
  const hex = iosXeOn([device], { addressLeaf: "hex-new" });
  expect((await hex.apply(SCOPE, to(backwards, SOURCE), op())).answer).toEqual(backwards);
});

test("a device that does not tell its version: a finding, and nothing written; the way back goes by the old entry", async () => {
  const device = await devices.start({ version: null });
  const backend = iosXeOn([device]);
  expect((await backend.read(SCOPE, op())).findings).toContainEqual(
    expect.objectContaining({ kind: "leaf-unknown", severity: "error" }),
  );
  await expect(backend.apply(SCOPE, to(DESTINATION, SOURCE), op())).rejects.toMatchObject({
    summary: 'DHCP server "router" does not tell its version',
  });
  device.set(POOL, 150, entry(DESTINATION));
  const restore = JSON.stringify([entry(SOURCE)]);
  expect((await backend.apply(SCOPE, to(SOURCE, DESTINATION, restore), op())).answer).toEqual(SOURCE);
});

test("what it answers already is not written", async () => {
  const device = await devices.start();
  await iosXeOn([device]).apply(SCOPE, to(SOURCE, SOURCE), op());
  expect(device.requests.filter((r) => !r.startsWith("GET"))).toEqual([]);
});

test("a pilot: the host pool of one phone, and no other pool", async () => {
  const device = await devices.start({}, native(voice([entry(SOURCE)]), [hostPool()]));
  const before = device.text;
  const backend = iosXeOn([device]);
  const { original, answer } = await backend.read(PHONE, op());
  expect(answer).toBe("inherited");
  await backend.apply(PHONE, to(DESTINATION, "inherited"), op());
  expect([device.entry("SEP020000000042"), device.entry(POOL)]).toEqual([entry(DESTINATION), entry(SOURCE)]);
  await backend.apply(PHONE, to("inherited", DESTINATION, original), op());
  expect(device.text).toBe(before);
});

test("many scopes at once: one look, each its own write and outcome, one save", async () => {
  const others = [1, 2, 3].map((n) => ({
    ...voice([entry(SOURCE)]),
    id: `V${n}`,
    network: { "primary-network": { number: `10.1.3${n}.0`, mask: "255.255.255.0" } },
  }));
  const device = await devices.start({ etags: "datastore" }, native(voice([entry(SOURCE)]), others));
  const backend = iosXeOn([device], { saveConfig: true });
  const scopes = [SCOPE, ...[1, 2, 3].map((n) => ({ kind: "subnet", subnet: `10.1.3${n}.0/24` }) as const)];
  const outcomes = await Promise.allSettled(
    scopes.map((scope, i) => backend.apply(scope, to(DESTINATION, i === 2 ? ["203.0.113.9"] : SOURCE), op())),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(device.entry("V2")).toEqual(entry(SOURCE));
  expect(device.requests.filter((r) => r.includes("save-config"))).toHaveLength(1);
  expect(device.requests.filter((r) => r.startsWith(`GET ${PATH}`) && r.endsWith("dhcp"))).toHaveLength(2);
  expect(device.startup).toBe(device.text);
});

test("a read after a change is not given what was read before it", async () => {
  const [one, two] = [await devices.start(), await devices.start()];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  two.before = (_, nth) => (nth === 1 ? held : undefined);
  const backend = iosXeOn([one, two]);
  const early = backend.read(SCOPE, op());
  while (one.requests.length < 2 || two.requests.length < 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await backend.apply(SCOPE, { ...to(DESTINATION, SOURCE), expected: [SOURCE, SOURCE] }, op());
  const late = backend.read(SCOPE, op());
  release();
  expect((await early).answers[0]).toEqual(SOURCE);
  expect((await late).answers).toEqual([DESTINATION, DESTINATION]);
});

describe("save_config", () => {
  const SAVE = /save-config/;
  const fails = { status: 200, body: '{"cisco-ia:output":{"result":"Save running-config failed"}}' };

  test("what cannot be saved is undone on the way there, on all devices", async () => {
    const [one, two] = [await devices.start(), await devices.start()];
    const before = one.text;
    two.instead = (request) => (SAVE.test(request) ? fails : undefined);
    const change: Change = { ...to(DESTINATION, SOURCE), expected: [SOURCE, SOURCE] };
    await expect(iosXeOn([one, two], { saveConfig: true }).apply(SCOPE, change, op())).rejects.toMatchObject({
      summary: 'DHCP server "router" cannot save its configuration',
      detail: expect.stringMatching(/Save running-config failed.*The change was undone/),
    });
    expect([one.text, two.text, one.startup]).toEqual([before, before, before]);
  });

  test("on the way back it stands", async () => {
    const device = await devices.start({}, native(voice([entry(DESTINATION)])));
    device.instead = (request) => (SAVE.test(request) ? { status: 500 } : undefined);
    const change: Change = { ...to(SOURCE, DESTINATION), unsaved: "keep" };
    const backend = iosXeOn([device], { saveConfig: true });
    await expect(backend.apply(SCOPE, change, op())).rejects.toMatchObject({
      kind: "unsaved",
      detail: expect.stringMatching(/The change stands, but .*write memory/),
    });
    expect(device.entry(POOL)).toEqual(entry(SOURCE));
    expect(device.startup).not.toBe(device.text);

    // And is saved by the next deploy that can, with nothing else written.
    device.instead = () => undefined;
    device.requests.length = 0;
    await backend.apply(SCOPE, { ...change, expected: [SOURCE], save: true }, op());
    expect(device.startup).toBe(device.text);
    expect(device.requests.some((r) => r.startsWith("PUT"))).toBe(false);
  });

  test("what could not be saved then either is an error", async () => {
    const device = await devices.start();
    device.instead = (request) => (SAVE.test(request) ? { status: 500 } : undefined);
    const change: Change = { ...to(SOURCE, SOURCE), unsaved: "keep", save: true };
    await expect(iosXeOn([device], { saveConfig: true }).apply(SCOPE, change, op())).rejects.toMatchObject({
      kind: "unsaved",
    });
  });

  test("a save whose answer is lost may be done: what was undone is saved over it", async () => {
    const device = await devices.start();
    const before = device.text;
    let saves = 0;
    device.losesAnswer = (request) => SAVE.test(request) && ++saves === 1;
    await expect(
      iosXeOn([device], { saveConfig: true }).apply(SCOPE, to(DESTINATION, SOURCE), op()),
    ).rejects.toMatchObject({ kind: "refused", detail: expect.stringContaining("The change was undone") });
    expect([device.text, device.startup]).toEqual([before, before]);
  });

  test("what was undone, and is in the startup of the first all the same, is told", async () => {
    const [one, two] = [await devices.start(), await devices.start()];
    let saves = 0;
    one.instead = (request) => (SAVE.test(request) && ++saves > 1 ? { status: 500 } : undefined);
    two.instead = (request) => (SAVE.test(request) ? fails : undefined);
    const change: Change = { ...to(DESTINATION, SOURCE), expected: [SOURCE, SOURCE] };
    await expect(iosXeOn([one, two], { saveConfig: true }).apply(SCOPE, change, op())).rejects.toMatchObject({
      kind: "unsaved",
      detail: expect.stringContaining(`The startup configuration of ${one.endpoint} may have it`),
    });
    expect(one.entry(POOL)).toEqual(entry(SOURCE));
  });

  test.each([
    [true, "left"],
    [false, "broken"],
  ])("of what nobody knows, with save_config %s: %s", async (saveConfig, kind) => {
    const device = await devices.start();
    device.instead = (_, nth) => (nth > 4 ? "drop" : undefined);
    await expect(
      iosXeOn([device], { saveConfig }).apply(SCOPE, to(DESTINATION, SOURCE), op()),
    ).rejects.toMatchObject({ kind, summary: 'DHCP server "router" was left in between' });
  });
});

describe("a pair", () => {
  const change: Change = { ...to(DESTINATION, SOURCE), expected: [SOURCE, SOURCE] };

  test("both are changed and verified", async () => {
    const [one, two] = [await devices.start(), await devices.start({ version: "17.12" })];
    const reading = await iosXeOn([one, two]).apply(SCOPE, change, op());
    expect(reading.answers).toEqual([DESTINATION, DESTINATION]);
    expect([one.entry(POOL), two.entry(POOL)]).toEqual([entry(DESTINATION), entry(DESTINATION, "ip-new")]);
  });

  test("one that does not answer: nothing is changed", async () => {
    const one = await devices.start();
    const before = one.text;
    await expect(iosXeOn([one, "https://127.0.0.1:1"]).apply(SCOPE, change, op())).rejects.toMatchObject({
      kind: "unreachable",
    });
    expect(one.text).toBe(before);
  });

  test("one that refuses: the other is put back", async () => {
    const [one, two] = [await devices.start(), await devices.start()];
    const before = one.text;
    two.instead = (request) => (request.startsWith("PUT") ? { status: 409 } : undefined);
    await expect(iosXeOn([one, two]).apply(SCOPE, change, op())).rejects.toMatchObject({
      summary: 'DHCP server "router" is busy with another change',
      detail: expect.stringContaining(`On ${one.endpoint} the old entry was put back.`),
    });
    expect(one.text).toBe(before);
  });

  test("that disagrees is a finding; each is compared with what was planned of it", async () => {
    const [one, two] = [await devices.start(), await devices.start()];
    two.set(POOL, 150, entry(DESTINATION));
    const backend = iosXeOn([one, two]);
    const reading = await backend.read(SCOPE, op());
    expect(reading.answers).toEqual([SOURCE, DESTINATION]);
    expect(reading.findings.map(({ kind }) => kind)).toContain("peers-differ");
    await backend.apply(SCOPE, { ...change, expected: [SOURCE, DESTINATION] }, op());
    expect(one.entry(POOL)).toEqual(entry(DESTINATION));
    expect(two.requests.some((r) => r.startsWith("PUT"))).toBe(false);
  });
});
