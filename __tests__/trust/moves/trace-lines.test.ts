/** No line of TVS's trace that tells something is passed over, whatever patterns are added later. */
import fc from "fast-check";
import { Exchanges } from "../../../trust/moves/correlate";
import { type Exchange, ExchangeReader } from "../../../trust/moves/exchanges";
import { type LineLook, LogLines } from "../../../trust/moves/log-lines";
import { isOfInterest, PATTERNS, sayingOf } from "../../../trust/moves/trace-lines";
import { PHONE, seed } from "./logs";

const STAMPS = ["18:01:06.345 | debug ", "18:01:06.345 | "];
const looked = (line: string) => {
  // As in a log: another line behind it.
  const bytes = Buffer.from(`${line}\n${"x".repeat(80)}\n`, "latin1");
  return isOfInterest(bytes, 0, line.length);
};
const tells = (text: string) => {
  const { mark, connection } = sayingOf(text);
  return mark !== null || connection !== null;
};

/** A text that the pattern takes, as far as its source can be turned round; the pattern itself has the last word. */
const taken = (all: RegExp) =>
  fc
    .stringMatching(new RegExp(all.source.replace(/\(\?=.*?:\)/, "").replaceAll("\\b", "")), { size: "-1" })
    .map((text) => text.replace(/[^\x20-\x7e]/g, "x"))
    .filter((text) => all.test(text));

test.each(PATTERNS.map(({ all }) => [all.source, all] as const))("a line like %s is looked at", (_, all) => {
  fc.assert(
    fc.property(
      taken(all),
      fc.constantFrom(...STAMPS),
      fc.constantFrom("", "8:UNKNOWN:"),
      (text, stamp, prefix) => {
        expect(looked(`${stamp}${prefix}${text}`)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

const tvs = seed("tvs");
const said = tvs.map((line) => line.replace(/^[\d:.]+ \| debug /, ""));
const word = fc.oneof(
  fc.constantFrom(...said, ...PATTERNS.flatMap(({ begins }) => begins ?? [])),
  fc.constantFrom("8:UNKNOWN:", "fe80::1: tvsSSLHandShake Session ciphers", "::getCertificateInformation - "),
  fc.string({ maxLength: 70 }),
);

test("each line of Cisco's excerpt that tells something, and whatever else does", () => {
  for (const text of said.filter(tells))
    for (const stamp of STAMPS) expect([text, looked(stamp + text)]).toEqual([text, true]);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 3 }), fc.constantFrom(...STAMPS), (words, stamp) => {
      const text = words.join("").replace(/[^\x20-\x7e]/g, "x");
      if (tells(text)) expect([text, looked(stamp + text)]).toEqual([text, true]);
    }),
    { numRuns: 500 },
  );
});

test("lines of a dump, and most others, are passed over", () => {
  const dumps = tvs.filter((line) => /debug (?:[0-9a-f]{2} ?)+$/.test(line));
  expect(dumps.length).toBeGreaterThan(15);
  const others = ["tvsGetNextThread", "Recd event", "added 8 to readset", "Length : 143"];
  for (const line of [...dumps, ...others.map((text) => STAMPS[0] + text), "HEX_DUMP: Len = 4:", ""])
    expect([line, looked(line)]).toEqual([line, false]);
});

/** Everything that is read of a trace. */
function exchangesIn(lines: readonly string[], look: LineLook, chunk: number): readonly Exchange[] {
  const exchanges: Exchange[] = [];
  const reader = new ExchangeReader("tvs.txt", (one) => exchanges.push(one));
  const reading = new LogLines(look, (bytes, from, end, at) => reader.line(bytes, from, end, at));
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1");
  for (let at = 0; at < bytes.length; at += chunk) reading.push(bytes.subarray(at, at + chunk));
  reading.end();
  reader.end();
  return exchanges;
}

/** Lines in the order of a trace, some of them gone, and others between them: what TVS writes has a time. */
const trace = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        tvs,
        tvs.map((line) =>
          line.replaceAll("8:UNKNOWN", "9:UNKNOWN").replace("41 30 41 45 45", "41 30 41 46 46"),
        ),
      ),
      fc.array(fc.nat(tvs.length - 1), { maxLength: 4 }),
      fc.array(
        fc.oneof(
          fc.constantFrom(...tvs.filter((line) => line.startsWith("18:"))),
          fc.string({ maxLength: 30 }).map((text) => `18:01:06.399 | debug ${text.replace(/[\r\n]/g, "")}`),
        ),
        { maxLength: 4 },
      ),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) =>
    parts.flatMap(([lines, gone, between]) => {
      const kept = lines.filter((_, i) => !gone.includes(i));
      // Not between a line and the rest of it.
      const at = kept.findIndex((line, i) => i >= (gone[0] ?? 0) && line.startsWith("18:"));
      return [...kept.slice(0, Math.max(0, at)), ...between, ...kept.slice(Math.max(0, at))];
    }),
  );

test("what is passed over changes nothing: with each line looked at the same is read", () => {
  const whole = exchangesIn(tvs, isOfInterest, 1 << 16);
  expect(whole.map(({ device, found }) => [device, found?.value])).toEqual([[PHONE, 2]]);
  fc.assert(
    fc.property(trace, fc.constantFrom(7, 100, 1 << 16), (lines, chunk) => {
      // What is passed over, and has no time, would be taken for the rest of the line before it.
      const all: LineLook = (bytes, from, end) =>
        isOfInterest(bytes, from, end) || bytes.toString("latin1", from, end).startsWith("18:");
      expect(exchangesIn(lines, isOfInterest, chunk)).toEqual(exchangesIn(lines, all, 1 << 16));
    }),
    { numRuns: 150 },
  );
});

test("a name that was read for one phone is not taken for another one's", () => {
  const exchanges = new Exchanges();
  const hex = (text: string) =>
    Buffer.from(text)
      .toString("hex")
      .replace(/..(?=.)/g, "$& ");
  const names = Array.from(
    { length: 600 },
    (_, i) => `SEPB000B4B${i.toString(16).toUpperCase().padStart(5, "0")}`,
  );
  const reader = new ExchangeReader("tvs.txt", (one) => exchanges.take(one));
  const lines = new LogLines(isOfInterest, (bytes, from, end, at) => reader.line(bytes, from, end, at));
  for (let round = 0; round < 2; round++)
    for (const name of names) {
      const text = tvs.join("\n").replace("50 42 30 30 30 42 34 42", hex(name.slice(2, 10)));
      lines.push(Buffer.from(`${text.replace("41 30 41 45 45", hex(name.slice(10)))}\n`, "latin1"));
    }
  lines.end();
  reader.end();
  expect(exchanges.devices).toEqual([...names].sort());
  expect(names.filter((name) => exchanges.of(name).count !== 2)).toEqual([]);
});
