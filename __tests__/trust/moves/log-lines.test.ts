/** Whatever a file holds: the lines of interest are found, with their numbers, and nothing grows. */
import fc from "fast-check";
import { LINE_LIMIT, type LineLook, LogLines } from "../../../trust/moves/log-lines";
import { outcomes, PASSED, PHONE, read, seed } from "./logs";

const WORDS = ["XXTP", "SECD", "ph conn"];

type Wanting = (text: string) => boolean;

/** By the words that they hold, or by a look at each line: which way does not matter. */
const LOOK: LineLook = (bytes, from, end) =>
  isOfInterest(bytes.toString("latin1", from, Math.min(end, from + LINE_LIMIT)));

function found(
  bytes: Buffer,
  cuts: readonly number[],
  wantsNext: Wanting = () => false,
  interest: readonly string[] | LineLook = WORDS,
) {
  const lines: [string, number][] = [];
  const reader = new LogLines(interest, (taken, begin, end, number) => {
    const text = taken.toString("latin1", begin, end);
    lines.push([text, number]);
    return wantsNext(text);
  });
  let from = 0;
  // The same memory for each chunk, as whoever reads a file may have it.
  const chunk = Buffer.alloc(Math.max(1, bytes.length));
  for (const to of [...[...cuts].sort((a, b) => a - b), bytes.length]) {
    if (to <= from) continue;
    bytes.copy(chunk, 0, from, to);
    reader.push(chunk.subarray(0, to - from));
    chunk.fill(0x58);
    from = to;
  }
  reader.end();
  return lines;
}

/** What it should be, line by line. */
function expected(bytes: Buffer, wantsNext: Wanting = () => false) {
  let wanted = false;
  return bytes
    .toString("latin1")
    .split("\n")
    .flatMap((line, i, all): [string, number][] => {
      if (i === all.length - 1 && line === "") return [];
      const looked = line.slice(0, LINE_LIMIT);
      if (!wanted && !isOfInterest(line)) return [];
      const text = looked.replace(/\r$/, "");
      wanted = wantsNext(text);
      return [[text, i + 1]];
    });
}
const isOfInterest = (line: string) => WORDS.some((word) => line.slice(0, LINE_LIMIT).includes(word));

const piece = fc.oneof(
  fc.constantFrom(
    "\n",
    "\r\n",
    "\n\n",
    "XXTP",
    "XX",
    "TP",
    "SECD",
    "ph conn",
    "ph",
    "\0",
    "é",
    "\ufffd",
    "wide",
  ),
  fc.string({ maxLength: 8 }),
  fc.integer({ min: 0, max: 1200 }).map((length) => "x".repeat(length)),
);
const text = fc.array(piece, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(""), "utf8"));
const cuts = fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 12 });

test("however a text is cut up, the same lines are found, with their numbers", () => {
  fc.assert(
    fc.property(text, cuts, (bytes, at) => {
      const within = at.filter((cut) => cut < bytes.length);
      expect(found(bytes, within)).toEqual(expected(bytes));
      const wants = (line: string) => line.includes("XX") || line.includes("wide");
      expect(found(bytes, within, wants)).toEqual(expected(bytes, wants));
      expect(found(bytes, within, wants, LOOK)).toEqual(expected(bytes, wants));
    }),
    { numRuns: 200 },
  );
});

test("any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), cuts, (bytes, at) => {
      const buffer = Buffer.from(bytes);
      const within = at.filter((cut) => cut < buffer.length);
      expect(found(buffer, within)).toEqual(expected(buffer));
      expect(found(buffer, within, undefined, LOOK)).toEqual(expected(buffer));
    }),
    { numRuns: 60 },
  );
});

test("a word behind what is looked at of a line counts for nothing", () => {
  const line = `${"y".repeat(LINE_LIMIT)}XXTP`;
  const bytes = Buffer.from(`${line}\nXXTP\n`);
  expect(found(bytes, [])).toEqual([["XXTP", 2]]);
  expect(found(bytes, [100, 5000])).toEqual([["XXTP", 2]]);
});

test("a line without end is not kept", () => {
  const taken: string[] = [];
  const lines = new LogLines(
    WORDS,
    (bytes, from, end) => taken.push(bytes.toString("latin1", from, end)) < 0,
  );
  const chunk = Buffer.alloc(1 << 20, "SECD ");
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 200; i++) lines.push(chunk);
  lines.push(Buffer.from("\nSECD\n"));
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 << 20);
  expect(taken.map((line) => line.length)).toEqual([LINE_LIMIT, 4]);
});

const [phone, tvs] = [seed("phone"), seed("tvs")];
const noise = fc.array(
  fc.oneof(
    fc.constantFrom(...phone, ...tvs).map((line) => line.slice(3)),
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.constantFrom("\0\0\0", "SECUREAPP-", "GETXXTP [src=]", "Incoming Phone Msg:", "x".repeat(10_000)),
  ),
  { maxLength: 60 },
);

test("no text makes it fail; pieces of logs never make a phone pass that has not all of them", () => {
  fc.assert(
    fc.property(noise, noise, fc.integer({ min: 1, max: 500 }), (one, other, chunk) => {
      for (const report of read({ phone: [one], tvs: [other], chunk })) expect(report.passed).toBe(false);
    }),
    { numRuns: 150 },
  );
});

test("what stands before and behind the lines of a move changes nothing", () => {
  const rubbish = fc.array(
    fc.string({ unit: "binary", maxLength: 60 }).map((line) => line.replace(/[\r\n]/g, "")),
    {
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(rubbish, rubbish, (before, behind) => {
      const reports = read({
        phone: [[...before, ...phone, ...behind]],
        tvs: [[...before, ...tvs, ...behind]],
      });
      expect(reports.map(({ device }) => device)).toEqual([PHONE]);
      expect(outcomes(reports[0]!)).toEqual(PASSED);
    }),
    { numRuns: 60 },
  );
});
