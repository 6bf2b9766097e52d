import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { LogCollection } from "../../../../../providers/cucm/cluster/transports/log-collection";
import { SoapServer } from "../../../../../providers/cucm/cluster/transports/soap";
import { tvsQuestions } from "../../../../../providers/cucm/cluster/tvs-questions";
import { identity } from "../fakes/identities";
import { APPLICATION, AT, failureOf, live, silent } from "../fakes/setup";
import { type Answer, fault, type Seen, soap, WebServer } from "../fakes/web-server";

const own = identity("cucm-pub");
const FOLDER = "/var/log/active/cm/trace/tvs/sdi";
const PHONE = "SEP001122334401";
const OTHER = "SEP001122334402";
const THIRD = "SEP001122334403";

let web: WebServer;
let server: SoapServer;
let logs: LogCollection;
beforeEach(async () => {
  web = await WebServer.start(own);
  server = new SoapServer(
    {
      endpoint: AT,
      port: web.port,
      service: "Log collection",
      proof: { kind: "pin", sha256: [own.certificate.sha256], whose: "test" },
      cryptography: MODERN,
    },
    {
      credentials: APPLICATION,
      refused: new RefusedCredentials(),
      timeoutMs: 3000,
      concurrency: 1,
      role: "the role",
      keepSession: false,
    },
    silent,
  );
  logs = new LogCollection(server, AT);
});
afterEach(async () => {
  server.close();
  await web.stop();
});

interface File {
  readonly name: string;
  readonly modified?: string;
  readonly lines?: string;
  readonly size?: number;
}

const multipart = (...parts: readonly string[]): Answer => ({
  headers: {
    "Content-Type":
      'multipart/related; boundary=MIMEBoundary_1; type="text/xml"; start="<0.urn:uuid:1@apache.org>"',
  },
  body: `${parts.map((part) => `--MIMEBoundary_1\r\ncontent-type: text/xml; charset=UTF-8\r\n\r\n${part}\r\n`).join("")}--MIMEBoundary_1--\r\n`,
});

/** A node with these files. */
function has(files: readonly File[], listing: (envelope: string) => Answer = (body) => ({ body })): void {
  web.answer = (request: Seen) => {
    if (request.path.startsWith("/logcollectionservice2/")) {
      const items = files
        .map(
          ({ name, modified = "Sat Nov 28 09:00:00 UTC 2026", size = 10 }) =>
            `<ns1:File><ns1:name>${name}</ns1:name><ns1:absolutepath>${FOLDER}/${name}</ns1:absolutepath><ns1:filesize>${size}</ns1:filesize><ns1:modifiedDate>${modified}</ns1:modifiedDate></ns1:File>`,
        )
        .join("");
      return listing(
        soap(
          `<ns1:selectLogFilesResponse xmlns:ns1="http://schemas.cisco.com/ast/soap"><ns1:ResultSet><ns1:SchemaFileSelectionResult><ns1:Node><ns1:name>x</ns1:name><ns1:ServiceList><ns1:ServiceLogs><ns1:SetOfFiles>${items}</ns1:SetOfFiles></ns1:ServiceLogs></ns1:ServiceList></ns1:Node></ns1:SchemaFileSelectionResult></ns1:ResultSet></ns1:selectLogFilesResponse>`,
        ),
      );
    }
    const name = /<FileName>.*\/([^/<]+)<\/FileName>/.exec(request.body)?.[1];
    const found = files.find((one) => one.name === name);
    if (found?.lines === undefined) return fault(`FileName ${FOLDER}/${name} do not exist`);
    return multipart(soap("<ns1:GetOneFileResponse/>"), found.lines);
  };
}

const question = (device: string, time = "08:00:00.000") => {
  const name = `CP-8861-${device}`;
  const bytes = [0x57, 1, 3, 0, 0, 0, 3, 0xe9, 0, 0x8f, 1, 0, name.length + 1, 1, ...Buffer.from(name)];
  const hex = Buffer.from(bytes)
    .toString("hex")
    .replace(/..(?=.)/g, "$& ");
  const rows = hex.match(/.{1,24}/g)!.map((row) => `${time} | debug ${row.trim()}`);
  return [`${time} | debug 8:UNKNOWN:Incoming Phone Msg:`, "HEX_DUMP: Len = 153:", ...rows, ""].join("\n");
};
const asked = async () => {
  const { asked: when, ...files } = await tvsQuestions(logs, live());
  return {
    asked: Object.fromEntries([...when].map(([name, at]) => [name, new Date(at).toISOString()])),
    ...files,
  };
};
/** Of another month, and read by nobody. */
const OLDEST: File = { name: "tvs0.txt", modified: "Sun Nov  1 09:00:00 UTC 2026" };
const fetched = () => web.seen.filter(({ path }) => path.includes("DimeGetFile")).length;

test("asks by name and time, and takes the listing plain or in parts", async () => {
  has([{ name: "tvs1.txt" }, { name: "tvs2.txt" }]);
  const plain = await logs.list("Cisco Trust Verification Service", live());
  expect(plain).toEqual(
    ["tvs1.txt", "tvs2.txt"].map((name) => ({
      path: `${FOLDER}/${name}`,
      size: 10,
      modified: "Sat Nov 28 09:00:00 UTC 2026",
    })),
  );
  const [{ headers, body }] = web.seen as [Seen];
  expect(headers.soapaction).toBe('"selectLogFiles"');
  expect(headers.authorization).toMatch(/^Basic /);
  expect(body).toContain(
    "<ns:ServiceLogs><ns:item>Cisco Trust Verification Service</ns:item></ns:ServiceLogs>",
  );
  has([{ name: "tvs1.txt" }, { name: "tvs2.txt" }], (envelope) => multipart(envelope));
  expect(await logs.list("Cisco Trust Verification Service", live())).toEqual(plain);
  has([]);
  expect(await logs.list("Cisco Trust Verification Service", live())).toEqual([]);
});

test("a file that breaks off is not begun again for whoever has had a part of it", async () => {
  has([{ name: "tvs1.txt", lines: "the whole file" }]);
  // From here on the connection is a kept one, which a server may close at any time.
  await logs.list("Cisco Trust Verification Service", live());
  const whole = web.answer;
  let first = true;
  web.answer = async (request) => {
    const torn = first;
    first = false;
    return { ...(await whole(request)), torn };
  };
  const parts: string[] = [];
  const error = await failureOf(
    logs.read(`${FOLDER}/tvs1.txt`, (part) => void parts.push(part.toString()), live()),
  );
  expect(error.kind).toBe("unreachable");
  expect(parts.join("").match(/the whole file/g)).toHaveLength(1);
});

test("a question is not older than the next older file", async () => {
  has([
    { name: "tvs2.txt", modified: "Thu Nov 26 23:00:00 UTC 2026", lines: question(PHONE) + question(OTHER) },
    { name: "tvs3.txt", modified: "Sat Nov 28 09:00:00 UTC 2026", lines: question(PHONE) },
    { name: "tvs1.txt", modified: "Wed Nov 25 09:00:00 UTC 2026", lines: question(THIRD) },
  ]);
  expect(await asked()).toEqual({
    asked: { [PHONE]: "2026-11-26T23:00:00.000Z", [OTHER]: "2026-11-25T09:00:00.000Z" },
    read: 2,
    dated: 3,
    listed: 3,
  });
  // What is in the oldest one may be of any day.
  expect(fetched()).toBe(2);
});

test("a log that was silent for days dates nothing to its last day", async () => {
  // Asked on Monday; on Friday TVS wrote another line at a later time of day.
  has([
    { name: "tvs1.txt", modified: "Mon Nov 23 07:00:00 UTC 2026" },
    {
      name: "tvs2.txt",
      modified: "Fri Nov 27 09:00:00 UTC 2026",
      lines: `${question(PHONE)}09:00:00.000 | debug tvsGetNextThread\n`,
    },
  ]);
  expect((await asked()).asked).toEqual({ [PHONE]: "2026-11-23T07:00:00.000Z" });
});

test("files of the same second do not date each other", async () => {
  has([{ name: "tvs2.txt", lines: question(PHONE) }, { name: "tvs1.txt", lines: question(OTHER) }, OLDEST]);
  const at = "2026-11-01T09:00:00.000Z";
  expect((await asked()).asked).toEqual({ [PHONE]: at, [OTHER]: at });
});

test("a file that is gone meanwhile is passed over", async () => {
  has([
    { name: "tvs2.txt" },
    { name: "tvs1.txt", modified: "Fri Nov 27 09:00:00 UTC 2026", lines: question(PHONE) },
    OLDEST,
  ]);
  expect(await asked()).toMatchObject({ asked: { [PHONE]: "2026-11-01T09:00:00.000Z" }, read: 1 });
});

test("a file that is too big is passed over before it is fetched", async () => {
  has([
    { name: "tvs2.txt", size: 101 * 1024 * 1024, lines: question(PHONE) },
    { name: "tvs1.txt", modified: "Fri Nov 27 09:00:00 UTC 2026", lines: question(OTHER) },
    OLDEST,
  ]);
  const found = await asked();
  expect(Object.keys(found.asked)).toEqual([OTHER]);
  expect(fetched()).toBe(1);
});

test("files without a date, and packed ones, are not read", async () => {
  has([
    { name: "tvs1.txt", modified: "some day", lines: question(PHONE) },
    { name: "tvs2.txt.gz", lines: question(PHONE) },
  ]);
  expect(await asked()).toEqual({ asked: {}, read: 0, dated: 0, listed: 2 });
  expect(fetched()).toBe(0);
});

test("lines that begin in one chunk and end in another; a boundary in the middle of the text is none", async () => {
  const lines = `${"x".repeat(200_000)}\n--MIMEBoundary_\n${question(PHONE)}${"08:00:01.000 | debug \n".repeat(20_000)}`;
  has([{ name: "tvs1.txt", lines }, OLDEST]);
  expect((await asked()).asked).toHaveProperty(PHONE);
});

test("what the envelope says is no log", async () => {
  has([{ name: "tvs1.txt" }, OLDEST]);
  const listed = web.answer;
  web.answer = (request) =>
    request.path.includes("DimeGetFile")
      ? multipart(`<!--\n${question(PHONE)}-->`, "nothing\n")
      : listed(request);
  expect(await asked()).toEqual({ asked: {}, read: 1, dated: 2, listed: 2 });
});

test("refusals are for voice engineers", async () => {
  web.answer = () => ({ status: 403 });
  expect(await failureOf(asked())).toMatchObject({
    summary: "Log collection of 127.0.0.1 forbids selectLogFiles",
    detail: expect.stringContaining('lacks the role "the role"'),
  });
  web.answer = () => fault("Error Code : 2");
  expect(await failureOf(asked())).toMatchObject({ kind: "refused", detail: "Error Code : 2." });
  has([{ name: "tvs1.txt" }, OLDEST]);
  const listed = web.answer;
  web.answer = (request) =>
    request.path.includes("DimeGetFile") ? fault("The disk is full") : listed(request);
  expect(await failureOf(asked())).toMatchObject({ kind: "refused", detail: "The disk is full." });
});
