import { DESTINATION, keaOn, op, SOURCE } from "../../support/backend";
import { DEFINITION } from "../../support/fake-kea";
import { RealKea, requireKea } from "../../support/real-kea";

/** Against the kea-dhcp4 of this machine. */

beforeAll(requireKea);

const SCOPE = { kind: "subnet", subnet: "127.0.0.0/8" } as const;
const option = (data: string) => [{ name: "cisco-tftp", data }];
const voice = (more: object = {}) => ({
  id: 10,
  subnet: SCOPE.subnet,
  pools: [{ pool: "127.1.0.1-127.1.0.100" }],
  "option-data": option("192.0.2.21,192.0.2.22"),
  "user-context": { "10": 1, "9": 2, x: 0.5 },
  ...more,
});
/** A server with `count` more subnets, each with reservations of its own. */
const site = (subnet: object, count = 0) => ({
  "option-def": [DEFINITION],
  subnet4: [
    ...Array.from({ length: count }, (_, i) => ({
      id: 1000 + i,
      subnet: `10.${i >> 8}.${i & 255}.0/24`,
      pools: [{ pool: `10.${i >> 8}.${i & 255}.100-10.${i >> 8}.${i & 255}.200` }],
      "option-data": option("192.0.2.99"),
      reservations: Array.from({ length: 20 }, (_, h) => ({
        "hw-address": `02:00:00:${hex(i >> 8)}:${hex(i & 255)}:${hex(h)}`,
        hostname: `host-${i}-${h}`,
      })),
    })),
    subnet,
  ],
});
const hex = (n: number) => n.toString(16).padStart(2, "0");

let kea: RealKea;
afterEach(() => kea?.stop());

test("on the wire: source, destination, and back", async () => {
  kea = await RealKea.start(site(voice()));
  const backend = keaOn([kea.endpoint]);
  expect(await kea.offered()).toEqual(SOURCE);
  await backend.apply(SCOPE, { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" }, op());
  expect(await kea.offered()).toEqual(DESTINATION);
  await backend.apply(SCOPE, { answer: SOURCE, expected: [DESTINATION], unsaved: "keep" }, op());
  expect(await kea.offered()).toEqual(SOURCE);
});

test.each([
  ["text", 300, voice()],
  ["odd spacing", 3, voice({ "option-data": option("192.0.2.21 ,  192.0.2.22") })],
  [
    "hexadecimal",
    3,
    voice({ "option-data": [{ code: 150, "csv-format": false, data: "c0000215C0000216" }] }),
  ],
  [
    "first of several",
    3,
    voice({ "option-data": [...option("192.0.2.21,192.0.2.22"), { name: "domain-name", data: "a.b" }] }),
  ],
  [
    "last of several",
    3,
    voice({ "option-data": [{ name: "domain-name", data: "a.b" }, ...option("192.0.2.21,192.0.2.22")] }),
  ],
  ["inherited, alone", 3, voice({ "option-data": [] })],
  ["inherited, with others", 300, voice({ "option-data": [{ name: "domain-name", data: "a.b" }] })],
])("there and back, %s, beside %i subnets: config-get gives the same bytes", async (_, count, subnet) => {
  kea = await RealKea.start(site(subnet, count));
  const before = await kea.command("config-get");
  const backend = keaOn([kea.endpoint]);
  const was = await backend.read(SCOPE, op());
  const there = await backend.apply(
    SCOPE,
    { answer: DESTINATION, expected: was.answers, unsaved: "undo" },
    op(),
  );
  expect(there.answer).toEqual(DESTINATION);
  expect(await kea.command("config-get")).not.toBe(before);
  const change = {
    answer: was.answer,
    expected: there.answers,
    restore: was.original,
    unsaved: "keep",
  } as const;
  const back = await backend.apply(SCOPE, change, op());
  expect(back.answer).toEqual(was.answer);
  expect(await kea.command("config-get")).toBe(before);
});

test("what the definition makes of two addresses is what is served", async () => {
  kea = await RealKea.start({ ...site(voice()), "option-def": [{ ...DEFINITION, array: false }] });
  const { answer } = await keaOn([kea.endpoint]).read(SCOPE, op());
  expect(await kea.offered()).toEqual(answer);
});

test("of two elements the one is read that is served", async () => {
  kea = await RealKea.start(site(voice({ "option-data": [...option("192.0.2.1"), ...option("192.0.2.2")] })));
  const { answer } = await keaOn([kea.endpoint]).read(SCOPE, op());
  expect(await kea.offered()).toEqual(answer);
});

test("an element that sends nothing shadows what would be inherited, and is not called inherited", async () => {
  kea = await RealKea.start({
    ...site(voice({ "option-data": option("") })),
    "option-data": option("192.0.2.9"),
  });
  const { answer } = await keaOn([kea.endpoint]).read(SCOPE, op());
  expect(answer).toEqual([]);
  expect(await kea.offered()).toEqual([]);
});

test("config-write saves the switch", async () => {
  kea = await RealKea.start(site(voice()));
  const backend = keaOn([kea.endpoint], { persist: "config-write" });
  await backend.apply(SCOPE, { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" }, op());
  expect(kea.file).toContain("198.51.100.21,198.51.100.22");
});
