import { describe as describePhones, statusOf } from "../../cli/lab-status";
import { styleOf, table } from "../../cli/table";
import type { PhoneView } from "../../lab/phone/phone";
import type { Site } from "../../lab/site";

const site = {
  source: { nodeAddresses: { "cucm10-pub": "127.83.10.11" } },
  destination: { nodeAddresses: { "cucm11-pub": "127.83.20.11" } },
} as unknown as Site;

const phone = (name: string, address: string | null, failed: PhoneView["failed"] = null): PhoneView => ({
  name,
  state: address === null ? "unregistered" : "registered",
  registered: address === null ? null : { address, port: 5061, since: "2026-11-24T10:11:12.000Z" },
  address: "10.1.20.100",
  tftp: ["127.83.20.11"],
  tftpInUse: "127.83.20.11",
  status: failed === null ? "Trust List updated" : "Trust List update failed",
  failed,
  ctl: null,
  itl: null,
  boots: 1,
});

const phones = [
  phone("SEP001122334401", "127.83.20.11"),
  phone("SEP001122334402", "127.83.10.11", {
    step: "ctl",
    reason: "tvs-not-in-itl",
    words: "its ITL is stale",
  }),
  phone("SEP001122334403", null, {
    step: "registration",
    reason: "lsc-refused",
    words: "the LSC is not trusted",
  }),
];

test("says where each phone is and why, in plain lines", () => {
  expect(describePhones(statusOf(site, phones), { colour: false }).split("\n")).toEqual([
    "PHONE            REGISTERED ON  NODE        SINCE (UTC)  WHY",
    "SEP001122334401  destination    cucm11-pub  10:11:12     Trust List updated",
    "SEP001122334402  source         cucm10-pub  10:11:12     Trust List update failed: CTL refused (tvs-not-in-itl): its ITL is stale",
    "SEP001122334403  nowhere        -           -            registration (lsc-refused): the LSC is not trusted",
    "",
    "1 on source, 1 on destination, 1 nowhere",
  ]);
});

test("JSON has the reason as an id and in words", () => {
  expect(statusOf(site, phones)[1]).toEqual({
    phone: "SEP001122334402",
    registeredOn: "source",
    node: "cucm10-pub",
    since: "2026-11-24T10:11:12.000Z",
    status: "Trust List update failed",
    step: "ctl",
    reason: "tvs-not-in-itl",
    words: "its ITL is stale",
    tftp: "127.83.20.11",
  });
});

test("colours only on a terminal that wants them", () => {
  const terminal = { isTTY: true } as NodeJS.WriteStream;
  expect(styleOf(terminal, {}).colour).toBe(true);
  expect(styleOf(terminal, { NO_COLOR: "1" }).colour).toBe(false);
  expect(styleOf(terminal, { TERM: "dumb" }).colour).toBe(false);
  expect(styleOf({ isTTY: false } as NodeJS.WriteStream, {}).colour).toBe(false);
  expect(table({ colour: true }, ["A"], [[{ text: "x", colour: "red" }]])).toBe(
    "\u001b[1mA\u001b[0m\n\u001b[31mx\u001b[0m",
  );
});
