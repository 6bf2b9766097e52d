/** Which answer of TVS belongs to which boot of which phone, where there are several of each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CAUSES } from "../../../trust/moves/causes";
import { Exchanges } from "../../../trust/moves/correlate";
import { ExchangeReader } from "../../../trust/moves/exchanges";
import { decisive } from "../../../trust/moves/steps";
import { outcomes, PASSED, PHONE, read, seed } from "./logs";

const [phone, tvs] = [seed("phone"), seed("tvs")];

/** Another boot of the phone: its lines go on, and its clock is later. */
const later = (lines: readonly string[], by: number, minutes: number) =>
  lines.map((line) =>
    line
      .replace(/^\d{4}(?= [A-Z]{3} )/, (number) => String(Number(number) + by))
      .replace(/06:(3[34]):/, (_, minute) => `06:${Number(minute) + minutes}:`),
  );
const laterTvs = (lines: readonly string[], minutes: number) =>
  lines.map((line) => line.replace(/^18:01:/, `18:${String(1 + minutes).padStart(2, "0")}:`));

/** Ends like a phone that TVS did not help. */
const MISSED = phone
  .slice(
    0,
    phone.findIndex((line) => line.includes("added cert")),
  )
  .concat(
    "3330 ERR Nov 29 06:33:59.999999 SECUREAPP-verifyFile: sgn verify file failed <CTLFile.tlv>, errclass 8, errcode 19 (signer not in CTL)",
  );
const missedTvs = tvs
  .filter((line) => !line.includes("{role : "))
  .map((line) =>
    line
      .replace(
        /Certificate\w+::getCertificateInformation - Found .*/,
        "ERROR:CertificateDBCache::getCertificateInformation - Cannot find the certificate in the cache",
      )
      .replace("ReasonInfo : 00$", "ReasonInfo : 01$"),
  );

test("a phone that failed and then moved: the move counts, with the answer that belongs to it", () => {
  const [report] = read({
    phone: [[...MISSED, ...later(phone, 1000, 5)]],
    tvs: [[...missedTvs, ...laterTvs(tvs, 5)]],
  });
  expect(outcomes(report!)).toEqual(PASSED);
  expect(report!.steps[5]!.evidence[0]!.line).toBeGreaterThan(missedTvs.length);
});

test("a phone that moved and then failed on its next way", () => {
  const [report] = read({
    phone: [[...phone, ...later(MISSED, 1000, 5)]],
    tvs: [[...tvs, ...laterTvs(missedTvs, 5)]],
  });
  expect(decisive(report!.steps)).toMatchObject({ id: "certificate-found", cause: "tvs-miss" });
  expect(outcomes(report!).slice(6)).toEqual(["fail: list-refused", "missing: before", "missing: before"]);
});

test("of more answers than questions are known, the one that the clocks of other phones speak for", () => {
  // The console log begins late, and the TVS log goes on: order alone tells nothing.
  const trace = [...laterTvs(tvs, 0), ...laterTvs(missedTvs, 5), ...laterTvs(missedTvs, 9)];
  const other = "SEPB000B4BA0AFF";
  const otherPhone = later(phone, 0, 3).map((line) => line.replaceAll(PHONE, other));
  const otherTvs = laterTvs(tvs, 3).map((line) =>
    line.replace("debug 41 30 41 45 45", "debug 41 30 41 46 46").replaceAll(".11.100", ".11.101"),
  );
  const [report, second] = read({ phone: [phone, otherPhone], tvs: [[...trace, ...otherTvs]] });
  expect(outcomes(report!)).toEqual(PASSED);
  expect(outcomes(second!)).toEqual(PASSED);
  expect(report!.offset!.between).toBe(second!.offset!.between);
});

test("the node that the phone asked second, and logs of several nodes", () => {
  const first = [
    "3280 INF Nov 29 06:33:59.300000 SECUREAPP-Attempting connect to TVS server addr [192.168.11.31], mode [IPv4]",
    "3281 ERR Nov 29 06:33:59.310000 SECUREAPP-TVS provider Init - connect to [192.168.11.31] failed: timeout",
  ];
  const silent = ["18:01:05.333 | debug tvsGetNextThread", "18:01:05.334 | debug Recd event"];
  const [report] = read({ phone: [[...phone.slice(0, 3), ...first, ...phone.slice(3)]], tvs: [silent, tvs] });
  expect(outcomes(report!)).toEqual(PASSED);
  expect(report!.steps[2]!.evidence[0]!.file).toBe("node-1/tvs.txt");
});

test("what a syslog server writes before each line tells the phones apart, even if their numbers are alike", () => {
  const other = "SEPB000B4BA0AFF";
  const own = phone.join(" ").split(/ (?=\d{4} [A-Z]{3} [A-Z][a-z]{2} )/);
  const mixed = own.flatMap((line) => [
    `<182>Nov 29 06:33:59 192.168.11.100 ${line}`,
    `<182>Nov 29 06:33:59 192.168.11.101 ${line.replaceAll(PHONE, other)}`,
  ]);
  const reports = read({ phone: [mixed] });
  expect(reports.map(({ device }) => device)).toEqual([PHONE, other]);
  const seen = outcomes(read({ phone: [phone] })[0]!);
  for (const report of reports) expect(outcomes(report)).toEqual(seen);
});

test("older phones say in other words that they refuse a list; TVS's log tells why", () => {
  const old = [
    "1036: NOT 10:34:27.123456 dgetfile(870)-GETXXTP [GT870] [src=CTLSEPB000B4BA0AEE.tlv] [dest=/tmp/CTLFile.tlv]",
    "1040: ERR 10:34:28.123456 SECD: EROR:verifyFile: sgn verify file failed </tmp/CTLFile.tlv>, errclass 8, errcode 19 (signer not in CTL)",
  ];
  const alone = read({ phone: [old] })[0]!;
  expect(decisive(alone.steps)).toMatchObject({ id: "tvs-connection", cause: "no-tvs-asked" });
  const [report] = read({ phone: [old], tvs: [missedTvs] });
  expect(decisive(report!.steps)).toMatchObject({ id: "certificate-found", cause: "tvs-miss" });
});

test.each<[string, string, (line: string) => string]>([
  ["certificate-found", "tvs-role", (line) => line.replace("{role : 0}", "{role : 3}")],
  ["certificate-found", "other-session", (line) => line.replace("f7 00 00 03 e9", "f7 00 00 03 ea")],
  ["certificate-found", "other-certificate", (line) => line.replace("ID : 24", "ID : 25")],
  ["request-received", "other-message", (line) => line.replace("Len = 153", "Len = 200")],
  ["tvs-handshake", "tvs-log-silent", (line) => line.replace("debug 41 30 41 45 45", "debug 41 30 41 46 46")],
])("%s: %s", (id, cause, alter) => {
  expect(decisive(read({ phone: [phone], tvs: [tvs.map(alter)] })[0]!.steps)).toMatchObject({ id, cause });
});

test.each<[string, string, (line: string) => string]>([
  ["tvs-connection", "tvs-wrong-role", (line) => line.replace("Role is = 21", "Role is = 4")],
  ["ctl-updated", "list-not-read", (line) => line.replace(/^(3336.*)CTL_SUCCESS/, "$1CTL_TOO_LARGE")],
  [
    "itl-verified",
    "itl-signer",
    (line) =>
      line.replace(
        /^3287 NOT.*/,
        "3287 ERR Nov 29 06:34:00.499372 SECUREAPP-verifyFile: sgn verify file failed <ITLFile.tlv>, errclass 8, errcode 19 (signer not in CTL)",
      ),
  ],
  [
    "ctl-updated",
    "bad-signature",
    (line) =>
      line.replace(
        /^3333 NOT.*/,
        "3333 ERR Nov 29 06:34:00.411671 SECUREAPP-verifyFile: sgn verify file failed <CTLFile.tlv>, errclass 8, errcode 12 (signature mismatch)",
      ),
  ],
])("%s: %s", (id, cause, alter) => {
  expect(decisive(read({ phone: [phone.map(alter)], tvs: [tvs] })[0]!.steps)).toMatchObject({ id, cause });
});

test("what is kept does not grow with the number of boots and questions", () => {
  const exchanges = new Exchanges();
  const reader = new ExchangeReader("tvs.txt", (exchange) => exchanges.take(exchange));
  const nameless = tvs.filter((line) => !line.includes("debug 41 30 41 45 45"));
  const lines = [...tvs, ...nameless].map((line) => Buffer.from(line, "latin1"));
  for (let i = 0; i < 1000; i++)
    for (const [k, line] of lines.entries()) reader.line(line, 0, line.length, i * lines.length + k + 1);
  reader.end();
  expect(exchanges.of(PHONE).count).toBe(1000);
  expect(exchanges.of(PHONE).newest.length).toBeLessThan(10);
  expect(exchanges.nameless.length).toBeLessThan(300);
  const boots = Array.from({ length: 1000 }, () => phone).flat();
  expect(read({ phone: [boots] }).map(({ device }) => device)).toEqual([PHONE]);
});

test("docs/verify.md has a row for every cause, in these words", () => {
  const page = readFileSync(join(__dirname, "../../../docs/verify.md"), "utf8");
  const rows = Object.values(CAUSES).map(({ because, change }) => `| ${because} | ${change} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
