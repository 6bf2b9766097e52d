import { TvsRefusals } from "../../trust/tvs-refusals";

const SUBJECT = "CN=ucm11pub;OU=IST;O=Stormin;L=Brisbane;ST=QLD;C=AU";
const dump = (device: string) =>
  Buffer.from([0x57, 1, 3, 0, 0, 0, 3, 0xe9, 0, 0x8f, 1, 0, device.length + 1, 1, ...Buffer.from(device)])
    .toString("hex")
    .replace(/..(?=.)/g, "$& ")
    .match(/.{1,24}/g)!
    .map((row) => `18:01:06.345 | debug ${row.trim()}`);

/** As in Cisco's document 213407. */
const question = (device: string, answer: readonly string[], subject = SUBJECT) => [
  "18:01:06.345 | debug 8:UNKNOWN:Incoming Phone Msg:",
  "HEX_DUMP: Len = 153:",
  ...dump(device),
  "18:01:06.345 | debug MsgType : TVS_MSG_QUERY_CERT_REQ",
  "18:01:06.345 | debug tvsHandleQueryCertReq : Subject Name is:",
  subject,
  `18:01:06.345 | debug tvsHandleQueryCertReq : Issuer Name is: ${subject}`,
  "18:01:06.345 | debug tvsHandleQueryCertReq : Serial Number is: 4f1a",
  ...answer.map((line) => `18:01:06.345 | debug ${line}`),
  "18:01:06.346 | debug 8:UNKNOWN:Sending QUERY_CERT_RES msg",
];
const KNOWN = ["CertificateDBCACHE::getCertificateInformation - Found entry {rolecount : 2}"];
const NOT_KNOWN = [
  "ERROR:CertificateDBCache::getCertificateInformation - Cannot find the certificate in the cache",
];
const WITHOUT_ROLES = ["CertificateDBCACHE::getCertificateInformation - Found entry {rolecount : 0}"];

/** Files of one node, oldest first. */
function refusedIn(...files: readonly (readonly string[])[]) {
  const answers = new TvsRefusals();
  for (const lines of files) {
    const file = answers.file();
    file.push(Buffer.from(lines.join("\n")));
    file.end();
  }
  return Object.fromEntries(answers.refused);
}

test("who was told no, about which certificate", () => {
  const log = [
    ...question("CP-8861-SEP000000000001", NOT_KNOWN),
    ...question("CP-8861-SEP000000000002", KNOWN),
    ...question("SEP000000000003", WITHOUT_ROLES),
  ];
  const refusal = { subject: SUBJECT, serial: "4F1A" };
  expect(refusedIn(log)).toEqual({ SEP000000000001: refusal, SEP000000000003: refusal });
});

test("the last answer counts, over files too", () => {
  const no = question("SEP000000000001", NOT_KNOWN);
  const yes = question("SEP000000000001", KNOWN);
  expect(refusedIn([...no, ...yes])).toEqual({});
  expect(refusedIn(yes, no)).toHaveProperty("SEP000000000001");
});

test("the answer to a question that another one came between is told by its connection", () => {
  const first = question("SEP000000000001", NOT_KNOWN);
  const second = question("SEP000000000002", KNOWN).map((line) => line.replace("8:UNKNOWN", "9:UNKNOWN"));
  const between = [...first.slice(0, -1), ...second.slice(0, -1), first.at(-1)!, second.at(-1)!];
  expect(Object.keys(refusedIn(between))).toEqual(["SEP000000000001"]);
});

test("a question that was not answered, or that names nothing, says nothing", () => {
  expect(refusedIn(question("SEP000000000001", NOT_KNOWN).slice(0, -1))).toEqual({});
  expect(refusedIn(question("SEP000000000001", NOT_KNOWN, ""))).toEqual({});
});

test("what an asker wrote is bounded and printable", () => {
  const { SEP000000000001: refusal } = refusedIn(
    question("SEP000000000001", NOT_KNOWN, `CN=\u001b[31m${"x".repeat(500)}`),
  );
  expect(refusal!.subject).toMatch(/^CN=\?\[31mx+$/);
  expect(refusal!.subject).toHaveLength(160);
});
