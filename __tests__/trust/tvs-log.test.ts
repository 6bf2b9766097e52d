import fc from "fast-check";
import { isSince, nodeTime, TvsLogReader } from "../../trust/tvs-log";

const PHONE = "SEPB000B4BA0AEE";
/** From Cisco's document 213407, in its lines. */
const QUESTION = `18:01:05.855 | debug TLS HS Done for ph_conn
18:01:06.345 | debug 8:UNKNOWN:Incoming Phone Msg:
HEX_DUMP: Len = 153:
18:01:06.345 | debug 57 01 03 00 00 00 03 e9
18:01:06.345 | debug 00 8f 01 00 18 01 43 50
18:01:06.345 | debug 2d 38 38 36 31 2d 53 45
18:01:06.345 | debug 50 42 30 30 30 42 34 42
18:01:06.345 | debug 41 30 41 45 45 03 00 42
18:01:06.345 | debug 43 4e 3d 75 63 6d 31 31
18:01:06.345 | debug 70 75
18:01:06.345 | debug tvsPhoneDecodeMsg -
Decoded Phone Msg:
18:01:06.345 | debug MsgType : TVS_MSG_QUERY_CERT_REQ
18:01:06.345 | debug tvsHandleQueryCertReq : Subject Name is:
CN=ucml1pub.stormin.local;OU=IST;O=Stormin;L=Brisbane;ST=QLD;C=AU
18:01:06.346 | debug 8:UNKNOWN:Sending QUERY_CERT_RES msg
18:01:06.347 | debug Sending TLS Msg ..
HEX_DUMP: Len = 1480:
18:01:06.347 | debug 57 01 04 f7 00 00 03 e9
18:01:06.347 | debug 05 be 07 00 01 00 02 05
`;

function asked(log: string, size = log.length) {
  const reader = new TvsLogReader();
  const bytes = Buffer.from(log, "latin1");
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return [...reader.end()];
}

test("the phone of Cisco's log is told by the dump of its question", () => {
  expect(asked(QUESTION)).toEqual([PHONE]);
  expect(asked(QUESTION, 7)).toEqual([PHONE]);
  expect(asked(QUESTION.replaceAll("\n", "\r\n"))).toEqual([PHONE]);
});

test("an answer, a torn dump, a name that is none: no question", () => {
  expect(asked(QUESTION.replace("debug 57 01 03", "debug 57 01 04"))).toEqual([]);
  expect(asked(QUESTION.replace("50 42 30 30 30", "50 42 30 30 oops"))).toEqual([]);
  expect(asked(QUESTION.replace("Incoming Phone Msg:", "Sending TLS Msg .."))).toEqual([]);
  expect(asked(QUESTION.replace("00 18 01", "7f ff 01"))).toEqual([]);
});

test("a verify request tells its phone too, with a name that has no model", () => {
  const name = Buffer.from("SEP001122334401")
    .toString("hex")
    .replace(/..(?=.)/g, "$& ");
  const dump = `57 01 01 00 00 00 03 e9 00 8f 01 00 10 01\n${name}\n02 05\n`.replace(
    /^/gm,
    "18:01:06.000 | debug ",
  );
  const log = `18:01:06.000 | debug 8:UNKNOWN:Incoming Phone Msg:\nHEX_DUMP: Len = 900:\n${dump}`;
  expect(asked(log)).toEqual(["SEP001122334401"]);
});

test("times of files, as nodes tell them", () => {
  const at = Date.UTC(2014, 10, 9, 18, 1, 9);
  expect(nodeTime("Sun Nov  9 18:01:09 EST 2014")).toBe(at);
  expect(nodeTime("Sun Nov 09 18:01:09 GMT+10:00 2014")).toBe(at);
  expect(nodeTime("2014-11-09T18:01:09Z")).toBe(at);
  for (const odd of ["", "yesterday", "Sun Foo 09 18:01:09 EST 2014", "11/9/14 6:01 PM"])
    expect(nodeTime(odd)).toBeNull();
});

test("whatever its time zone, a node's clock proves only what is half a day old", () => {
  const made = new Date("2014-11-29T00:00:00Z");
  expect(isSince(Date.UTC(2014, 10, 29, 13, 59), made)).toBe(false);
  expect(isSince(Date.UTC(2014, 10, 29, 14, 0), made)).toBe(true);
});

test("no text makes it fail, or keep what is no device's name", () => {
  const pieces = QUESTION.split(/(?<=[\n |])/);
  const text = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string(), fc.constantFrom("57", "01", "\0", "\n", "é")), {
      maxLength: 80,
    })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 50 }), (log, size) => {
      const found = asked(log, size);
      for (const device of found) expect(device).toMatch(/^[A-Z]{3}[0-9A-F]{12}$/);
      // However it is cut up, it says the same.
      expect(found).toEqual(asked(log));
    }),
    { numRuns: 300 },
  );
});

test("a line without end is not kept", () => {
  const reader = new TvsLogReader();
  const chunk = Buffer.alloc(1 << 20, "57 01 ");
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 200; i++) reader.push(chunk);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 << 20);
  reader.push(Buffer.from(`\n${QUESTION}`));
  expect([...reader.end()]).toEqual([PHONE]);
});
