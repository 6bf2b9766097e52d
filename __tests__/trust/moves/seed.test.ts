/** The excerpt of Cisco's document 213407, section "Verify": whole, with each of its lines gone or altered, and mixed. */
import { outcomes, PASSED, PHONE, read, seed } from "./logs";

const phone = seed("phone");
const tvs = seed("tvs");

/** The step that each line is evidence of, by the numbers of the lines in `seed/*.txt`. */
const PHONE_EVIDENCE: { readonly [line: number]: number } = {
  ...{ 2: 1, 3: 1, 4: 2, 7: 2, 41: 2, 48: 4, 49: 4, 57: 7, 58: 7, 61: 7, 64: 7 },
  ...{ 65: 8, 66: 8, 70: 9, 74: 9, 77: 9 },
};
const TVS_EVIDENCE: { readonly [line: number]: number } = {
  16: 3,
  ...{ 17: 5, 18: 5, 19: 5, 20: 5, 21: 5, 22: 5, 23: 5, 29: 5, 35: 5, 36: 5, 37: 5, 38: 5, 39: 5 },
  ...{ 42: 6, 43: 6, 44: 6, 46: 6, 53: 6, 69: 6, 70: 6, 71: 6 },
};
/** Evidence that another line gives as well: that the certificate is valid, and where the phone is. */
const PHONE_TWICE = [34, 35, 36, 37];
const TVS_TWICE = [7, 8, 11, 13, 78];
/**
 * No evidence: what the phone prepares and waits for, its own certificate, sizes that are told elsewhere, headers of
 * lists, and what level DEB repeats.
 */
const PHONE_NONE = [
  ...[1, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31],
  ...[32, 33, 38, 39, 40, 42, 43, 44, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56, 59, 60, 62, 63, 67, 68, 69],
  ...[71, 72, 73, 75, 76],
];
/** No evidence: TVS's own housekeeping, and dumps behind what they are read for. */
const TVS_NONE = [
  ...[1, 2, 3, 4, 5, 6, 9, 10, 12, 14, 15, 24, 25, 26, 27, 28, 30, 31, 32, 33, 34, 40, 41, 45, 47, 48, 49],
  ...[50, 51, 52, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 72, 73, 74, 75, 76, 77],
];

test("the same of a phone with an IPv6 address, which is no number of a connection", () => {
  const other = (lines: readonly string[]) => lines.map((l) => l.replaceAll("192.168.11.100", "2001:db8::5"));
  const [report, ...others] = read({ phone: [other(phone)], tvs: [other(tvs)] });
  expect(others).toEqual([]);
  expect(outcomes(report!)).toEqual(PASSED);
  expect(report!.steps[2]!.facts).toEqual(["phone at 2001:db8::5"]);
});

const stepsThatFail = (logs: { readonly phone: readonly string[]; readonly tvs: readonly string[] }) => {
  const reports = read({ phone: [logs.phone], tvs: [logs.tvs] });
  expect(reports.map(({ device }) => device)).toEqual([PHONE]);
  return outcomes(reports[0]!).flatMap((outcome, i) => (outcome === "pass" ? [] : [i + 1]));
};

test("shows the nine steps, their times and lines, the roles, and how the clocks differ", () => {
  const [report, ...others] = read({ phone: [phone], tvs: [tvs] });
  expect(others).toEqual([]);
  expect(report).toMatchObject({ device: PHONE, passed: true });
  expect(outcomes(report!)).toEqual(PASSED);
  expect(report!.steps.map(({ facts }) => facts.join("; "))).toEqual([
    "",
    "TVS at 192.168.11.32",
    "phone at 192.168.11.100",
    "153 bytes",
    "for CN=ucml1pub.stormin.local;OU=IST;O=Stormin;L=Brisbane;ST=QLD;C=AU; serial number 24000000179479B8F124AC3F3B000000000017",
    "roles SAST (0), TFTP (3); session 1001",
    "",
    "from 192.168.11.51",
    "from the CTL, without TVS",
  ]);
  expect(report!.steps[0]!.evidence).toEqual([
    { file: "phone-0.log", line: 2, at: { month: 11, day: 29, clock: 23_639_033_132 } },
  ]);
  const hours = 11 * 3600 + 27 * 60 + 6;
  expect(report!.offset).toEqual({ between: hours * 1e6 + 434_802, within: 877, file: "node-0/tvs.txt" });
});

test.each([1, 7, 64, 1000])(
  "in chunks of %i bytes, and with the line ends of Windows, it is the same",
  (chunk) => {
    const whole = read({ phone: [phone], tvs: [tvs] });
    expect(read({ phone: [phone], tvs: [tvs], chunk })).toEqual(whole);
    expect(read({ phone: [phone], tvs: [tvs], chunk, end: "\r\n" })).toEqual(whole);
  },
);

const LINES = [
  ...phone.map((text, i) => ({ log: "phone" as const, line: i + 1, text })),
  ...tvs.map((text, i) => ({ log: "tvs" as const, line: i + 1, text })),
];
const BELONGS = { phone: PHONE_EVIDENCE, tvs: TVS_EVIDENCE };
const changed = (log: "phone" | "tvs", line: number, by: readonly string[]) => {
  const all = { phone, tvs };
  return { ...all, [log]: all[log].flatMap((text, i) => (i + 1 === line ? by : [text])) };
};

test("each line is listed: as evidence of one step, as said twice, or as none", () => {
  const listed = [...Object.keys(PHONE_EVIDENCE).map(Number), ...PHONE_TWICE, ...PHONE_NONE];
  expect(listed.sort((a, b) => a - b)).toEqual(phone.map((_, i) => i + 1));
  const listedTvs = [...Object.keys(TVS_EVIDENCE).map(Number), ...TVS_TWICE, ...TVS_NONE];
  expect(listedTvs.sort((a, b) => a - b)).toEqual(tvs.map((_, i) => i + 1));
});

test.each(LINES)("without line $line of $log.log only its step is not shown: $text", ({ log, line }) => {
  const step = BELONGS[log][line];
  expect(stepsThatFail(changed(log, line, []))).toEqual(step === undefined ? [] : [step]);
});

test.each(LINES)("with line $line of $log.log made unreadable, likewise: $text", ({ log, line, text }) => {
  const [, stamp = "", said] = /^(\d+ [A-Z]{3} \w+ \d+ [\d:.]+ |[\d:.]+ \| debug )?(.*)$/.exec(text)!;
  const step = BELONGS[log][line];
  const garbled = `${stamp}${said!.replace(/\w/g, "x")}`;
  expect(stepsThatFail(changed(log, line, [garbled]))).toEqual(
    step === undefined || (log === "tvs" && line === ANY_NAME) ? [] : [step],
  );
});

/** The subject of the signer: nothing else in the excerpt tells what it should be. */
const ANY_NAME = 36;

const ALTERED: readonly (readonly ["phone" | "tvs", number, string, string, readonly number[]])[] = [
  ["phone", 29, "Role is = 21", "Role is = 7", [2]],
  ["phone", 37, "result = 1", "result = 0", [2]],
  ["phone", 35, "valid.", "not valid.", [2]],
  ["phone", 49, "153", "154", [5]],
  ["phone", 52, "1480", "1481", [6]],
  ["phone", 61, "CTL_SUCCESS", "CTL_BAD_FORMAT", [7]],
  ["phone", 68, "status = 100", "status = 404", [8]],
  ["phone", 68, "status = 100", "status = 1", [8]],
  ["phone", 74, "CTL_SUCCESS", "CTL_BAD_FORMAT", [9]],
  ["tvs", 13, "192.168.11.100", "192.168.11.101", [3]],
  ["tvs", 18, "153", "152", [5]],
  ["tvs", 29, "QUERY_CERT_REQ", "ODD_REQ", [5]],
  ["tvs", 39, "2400", "2500", [6]],
  ["tvs", 42, "rolecount : 2", "rolecount : 3", [6]],
  ["tvs", 43, "role : 0", "role : 1", [6]],
  ["tvs", 53, "00$", "01$", [6]],
  ["tvs", 70, "1480", "1479", [6]],
  ["tvs", 71, "03 e9", "03 ea", [6]],
];

test.each(ALTERED)("line %#: in %s.log, line %i, %s is %s", (log, line, is, becomes, failing) => {
  const text = { phone, tvs }[log][line - 1]!;
  expect(text).toContain(is);
  expect(stepsThatFail(changed(log, line, [text.replace(is, becomes)]))).toEqual(failing);
});

test("another device in the dump, or in the request for the CTL: it is not this phone's", () => {
  const dump = changed("tvs", 22, [tvs[21]!.replace("42 30 30 30", "42 30 30 31")]);
  expect(stepsThatFail(dump)).toEqual([3, 5, 6]);
  const request = changed("phone", 3, [phone[2]!.replace("SEPB000B4BA0AEE", "SEPB000B4BA0AEF")]);
  const reports = read({ phone: [request.phone], tvs: [tvs] });
  expect(reports.map(({ device, passed }) => [device, passed])).toEqual([
    [PHONE, false],
    ["SEPB000B4BA0AEF", false],
  ]);
});

/** A second phone of the same kind: another name, address, and numbers of lines; TVS serves it on another connection. */
const OTHER = "SEPB000B4BA0AFF";
const otherPhone = phone.map((text) =>
  text.replaceAll(PHONE, OTHER).replace(/^\d{4}(?= [A-Z]{3} )/, (n) => String(Number(n) + 50_000)),
);
const otherTvs = tvs.map((text) =>
  text
    .replaceAll("192.168.11.100", "192.168.11.101")
    .replace("| debug 8:UNKNOWN", "| debug 9:UNKNOWN")
    .replace(" on 8,", " on 9,")
    .replace("debug 41 30 41 45 45", "debug 41 30 41 46 46")
    .replace("57 01 03 00 00 00 03 e9", "57 01 03 00 00 00 03 ea")
    .replace("57 01 04 f7 00 00 03 e9", "57 01 04 f7 00 00 03 ea"),
);
/** A line that is broken stays together, as does what TVS does in one go. */
const units = (lines: readonly string[], begins: RegExp) =>
  lines.reduce<string[][]>((all, text) => {
    if (all.length === 0 || begins.test(text)) all.push([text]);
    else all.at(-1)!.push(text);
    return all;
  }, []);
const PHONE_UNIT = /^\d{4,5} [A-Z]{3} /;
const TVS_UNIT = /Accepted TCP|Incoming Phone Msg|tvsSSLHandShakeNotify|Sending QUERY_CERT_RES/;

function mixed(one: string[][], other: string[][], pattern: number): string[] {
  const [a, b, all] = [[...one], [...other], [] as string[]];
  for (let i = 0; a.length + b.length > 0; i++)
    all.push(...((pattern >> (i % 16)) & 1 ? (a.shift() ?? b.shift()!) : (b.shift() ?? a.shift()!)));
  return all;
}

test.each([0x5555, 0x3333, 0x0f0f, 0x6b2d, 0x0001, 0xfffe, 0xffff, 0])(
  "between the lines of a second phone (pattern %i) nothing changes, for either",
  (pattern) => {
    const lines = mixed(units(phone, PHONE_UNIT), units(otherPhone, PHONE_UNIT), pattern);
    const trace = mixed(units(tvs, TVS_UNIT), units(otherTvs, TVS_UNIT), pattern);
    const both = read({ phone: [lines], tvs: [trace] });
    expect(both.map(({ device }) => device)).toEqual([PHONE, OTHER]);
    for (const [i, alone] of [
      ...read({ phone: [phone], tvs: [tvs] }),
      ...read({ phone: [otherPhone], tvs: [otherTvs] }),
    ].entries()) {
      expect(outcomes(both[i]!)).toEqual(PASSED);
      expect(both[i]!.steps.map(({ facts }) => facts)).toEqual(alone.steps.map(({ facts }) => facts));
      expect(both[i]!.offset!.between).toBe(alone.offset!.between);
    }
    // Without a line of the first phone's the second one's is not taken for it.
    const without = lines.filter((text) => text !== phone[57]);
    const [first, second] = read({ phone: [without], tvs: [trace] });
    expect(outcomes(first!)[6]).toBe("missing: phone-log-incomplete");
    expect(outcomes(second!)).toEqual(PASSED);
  },
);
