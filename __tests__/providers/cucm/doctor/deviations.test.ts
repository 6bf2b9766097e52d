/** A recorded cluster that answers one thing otherwise: the assumption is named, and nothing beside it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { linesToSet } from "../../../../providers/cucm/cluster/lines-to-set";
import {
  deviates,
  type Finding,
  settingsOf,
  spelling,
  webForms,
} from "../../../../providers/cucm/doctor/check";
import type { Answer, Exchange, Transcript } from "../../../../providers/cucm/doctor/transcript";
import { replayedFindings } from "./replay";

const [recorded] = JSON.parse(
  readFileSync(join(__dirname, "fixtures/lab-10.5.json"), "utf8"),
) as Transcript[];

type Change = (answer: never, exchange: Exchange) => Answer;

/** Where requests or transports match, the answer is another one. */
async function amiss(where: RegExp, change: Change, node?: string): Promise<readonly Finding[]> {
  let changed = 0;
  const exchanges = recorded!.exchanges.map((exchange) => {
    if (!where.test(`${exchange.transport} ${exchange.request}`)) return exchange;
    if (node !== undefined && exchange.node !== node) return exchange;
    changed++;
    return { ...exchange, answer: change(exchange.answer as never, exchange) };
  });
  expect(changed).toBeGreaterThan(0);
  const findings = await replayedFindings({ ...recorded!, exchanges });
  return findings.filter(({ verdict }) => verdict === "deviates" || verdict === "unknown");
}

const told = (findings: readonly Finding[]) => [
  ...new Set(findings.map(({ assumption, verdict }) => `${assumption}: ${verdict}`)),
];

const body =
  (from: string | RegExp, to: string): Change =>
  (answer: Extract<Answer, { body: unknown }>) => ({
    ...answer,
    body: (answer.body as string).replace(from, to),
  });
const text =
  (from: RegExp, to: string): Change =>
  (answer: { readonly text: string }) => ({ text: answer.text.replace(from, to) });
const facts =
  (changes: object): Change =>
  (answer: Extract<Answer, { body: unknown }>) => ({
    ...answer,
    body: { ...(answer.body as object), ...changes } as never,
  });
const gone: Change = (answer: Extract<Answer, { body: unknown }>) => ({ ...answer, status: 404, body: "" });

test("as it was recorded, nothing is amiss", async () => {
  expect(await amiss(/^CLI/, (answer) => answer)).toEqual([]);
});

test.each<[name: string, where: RegExp, change: Change, expected: string[]]>([
  [
    "another signature algorithm",
    /CTLFile/,
    facts({ signatureAlgorithm: 5 }),
    ["Number of the signature algorithm: deviates"],
  ],
  ["another size code", /CTLFile/, facts({ modulusCode: 9 }), ["Size code of the signature: deviates"]],
  [
    "a signature over something else",
    /ITLFile/,
    facts({ verifies: false }),
    ["Digests: deviates", "What is signed: deviates"],
  ],
  ["no list", /CTLFile/, gone, ["Files without credentials: unknown"]],
  [
    "a list that is none",
    /ITLFile/,
    facts({ file: "other", bytes: 100, offset: 0, expected: "a header" }),
    ["Fields: deviates"],
  ],
  [
    "TVS that does not know its own",
    /^TVS/,
    () => ({ known: false }),
    ["TVS tags 4 and 5: deviates", "Issuer as it is written: deviates"],
  ],
  [
    "other roles",
    /^TVS/,
    () => ({ known: true, roles: [3], timeToLive: 1 }),
    ["The store that makes TVS vouch: deviates"],
  ],
  [
    "another security mode",
    /AXL .*ClusterSecurityMode/s,
    body(/<paramvalue>1</, "<paramvalue>7<"),
    ["Security mode: deviates"],
  ],
  [
    "no TVS in the list",
    /^CLI show cert list own/,
    text(/TVS\/TVS.pem.*/, ""),
    [
      "Certificate lists: deviates",
      "Messages: unknown",
      "TVS tags 4 and 5: unknown",
      "Issuer as it is written: unknown",
      "Client certificate: unknown",
      "Its own certificate: unknown",
    ],
  ],
  [
    "dates of another form",
    /^Log collection/,
    body(/<java-date-\d+>/, "28.11."),
    ["Days of TVS's log: deviates"],
  ],
  [
    "RIS that finds nobody by address",
    /^RIS .*IPV4Address/s,
    body(/<CmDevices>.*?<\/CmDevices>/gs, "<CmDevices/>"),
    ["Phones by address: deviates"],
  ],
  [
    "a service that stands still",
    /^Control Center/,
    body(/>Started</, ">Stopped<"),
    ["TVS everywhere: unknown"],
  ],
  [
    "a phone that shows no checksum",
    /^phone .*trustlist/,
    body(/<sha1-\d+>/g, ""),
    ["Trust-list page: deviates"],
  ],
])("%s", async (_, where, change, expected) => {
  const findings = await amiss(where, change);
  if (expected[0]!.startsWith("Certificate lists")) return expect(told(findings)).toContain(expected[0]);
  expect(told(findings)).toEqual(expected);
});

test.each<[name: string, where: RegExp, change: Change, detail: RegExp]>([
  [
    "Services of nodes",
    /AXL .*listProcessNodeService.*<processNodeName>%</s,
    body(/<processNodeService .*?<\/processNodeService>/gs, ""),
    /the listing for % lacks .* asked one by one/,
  ],
  [
    "Phone feature list",
    /AXL .*typesupportsfeature/s,
    body(/<row>.*<\/row>/s, ""),
    /the built-in table counts/,
  ],
])("%s: what is coped with, and leaves nobody anything to do, holds", async (name, where, change, detail) => {
  const exchanges = recorded!.exchanges.map((exchange) =>
    where.test(`${exchange.transport} ${exchange.request}`)
      ? { ...exchange, answer: change(exchange.answer as never, exchange) }
      : exchange,
  );
  const findings = await replayedFindings({ ...recorded!, exchanges });
  expect(findings.find(({ assumption }) => assumption === name)).toMatchObject({
    verdict: "holds",
    detail: expect.stringMatching(detail),
  });
});

test("a detail says what was seen, not what might be", async () => {
  const findings = await replayedFindings(recorded!);
  const details = (name: string) => [
    ...new Set(findings.flatMap((one) => (one.assumption === name ? one.detail : []))),
  ];
  expect(details("Size code of the signature")).toEqual(["2 for 256 bytes"]);
  expect(details("Digests")).toEqual(["sha1, by which the signature holds"]);
  expect(details("What is signed")).toEqual(["the signature holds with the key of the signer's record"]);
});

test("without AXL it is open whether a CTL has to be served, and nothing else about served files", async () => {
  const refused: Change = () => ({ failed: "credentials", words: "AXL refuses: HTTP 401" });
  const without = (where: RegExp, change: Change) =>
    recorded!.exchanges.map((exchange) =>
      where.test(exchange.request)
        ? { ...exchange, answer: change(exchange.answer as never, exchange) }
        : exchange,
    );
  const asked = async (change: Change) => {
    const exchanges = without(/ClusterSecurityMode|CTLFile/, change);
    const findings = await replayedFindings({ ...recorded!, exchanges });
    return findings.filter(({ assumption }) => assumption === "Files without credentials");
  };
  const served = await asked((answer, exchange) =>
    exchange.transport === "TFTP" ? answer : refused(answer, exchange),
  );
  expect(new Set(served.map(({ verdict }) => verdict))).toEqual(new Set(["holds"]));
  const lacking = await asked((answer, exchange) =>
    exchange.transport === "TFTP" ? gone(answer, exchange) : refused(answer, exchange),
  );
  expect(lacking[0]).toMatchObject({
    verdict: "unknown",
    detail: "not served: CTLFile.tlv; whether the cluster is in mixed mode was not read",
  });
});

test("a cluster that is not in mixed mode need not have a CTL", async () => {
  const mode = body(/<paramvalue>1</, "<paramvalue>0<");
  const change: Change = (answer, exchange) =>
    exchange.transport === "TFTP" ? gone(answer, exchange) : mode(answer, exchange);
  expect(await amiss(/CTLFile|AXL .*ClusterSecurityMode/s, change)).toEqual([]);
});

test("an error that nobody thought of is a finding", async () => {
  const exchanges = recorded!.exchanges.filter(({ request }) => !request.startsWith("show cert own TVS"));
  const findings = await replayedFindings({ ...recorded!, exchanges });
  expect(findings.find(({ assumption }) => assumption === "Shown certificates")).toMatchObject({
    verdict: "unknown",
    detail: expect.stringContaining("it failed: The transcript has no answer"),
  });
});

test("a way to certificates that the cluster does not take may be closed", async () => {
  const without = (transport: string) =>
    recorded!.exchanges.map((exchange) =>
      exchange.transport === transport
        ? { ...exchange, answer: { failed: "unreachable", words: "Cannot reach it: closed" } }
        : exchange,
    );
  const verdictOf = (findings: readonly Finding[], name: string) =>
    findings.find(({ assumption }) => assumption === name)?.verdict;
  const asked = async (certificateTransport: string, transport: string) =>
    replayedFindings({
      ...recorded!,
      settings: { ...recorded!.settings, certificateTransport },
      exchanges: without(transport),
    });
  expect(verdictOf(await asked("web", "CLI"), "Login")).toBe("not tried");
  expect(verdictOf(await asked("auto", "CLI"), "Login")).toBe("unknown");
  expect(verdictOf(await asked("auto", "OS administration"), "Pages")).toBe("not tried");
  expect(verdictOf(await asked("web", "OS administration"), "Pages")).toBe("unknown");
});

test("a store that differs on one node is not known to replicate", async () => {
  const findings = await amiss(
    /^CLI show cert list trust/,
    text(/^(CallManager-trust.*\n)CallManager-trust.*\n/m, "$1"),
    "node-2",
  );
  expect(told(findings)).toEqual(["What replicates: unknown"]);
  expect(findings[0]!.detail).toContain("lacks CallManager-trust/");
});

test("a TVS that demands a client certificate names the settings", async () => {
  const words = "TVS of <address-1> refuses a client without a certificate: it closed";
  const findings = await amiss(/^TVS/, () => ({ failed: "refused", words }));
  const found = findings.find(({ assumption }) => assumption === "Client certificate");
  expect(found).toMatchObject({
    verdict: "deviates",
    settings: { tvs_client_key_file: "..." },
  });
});

test("other words on the pages of OS administration name the settings", async () => {
  const fields = await amiss(/certificateUpload/, body(/name="FILE"/, 'name="upload"'));
  expect(fields).toMatchObject([
    {
      assumption: "Web forms: upload",
      verdict: "deviates",
      settings: { spellings: { web_forms: { file_field: "..." } } },
    },
  ]);
  const empty = await amiss(/certificateFindList/, body(/<tr class=cuesTableRow>.*?<\/tr>/gs, ""));
  expect(empty.map(({ assumption }) => assumption)).toEqual(["Web forms: paths", "Web list"]);
  expect(empty[0]!.settings).toEqual({ spellings: { web_forms: { list_path: "/cmplatform/..." } } });
  const paths = await amiss(/certificateUpload/, gone);
  expect(new Set(paths.map(({ verdict }) => verdict))).toEqual(new Set(["deviates"]));
  expect(settingsOf(paths)).toEqual({ spellings: { web_forms: { login_path: "...", list_path: "..." } } });
});

test("what several deviations tell to set is one block, in which what was seen counts more", () => {
  const results = [
    deviates("a", webForms({ list_path: "...", delete_button: "Remove" })),
    deviates("b"),
    deviates("c", spelling("rollback_parameter", "Other")),
    deviates("d", webForms({ list_path: "/cmplatform/list.do", delete_button: "..." })),
    deviates("e", { tvs_client_key_file: "..." }),
  ];
  const settings = settingsOf(results)!;
  expect(linesToSet("old", [settings])).toBe(
    'Set for cluster "old", beside its other spellings:\n' +
      '  spellings = { web_forms = { list_path = "/cmplatform/list.do", delete_button = "Remove" }, rollback_parameter = "Other" }, tvs_client_key_file = "..."\n' +
      'In constructs: spellings: { webForms: { listPath: "/cmplatform/list.do", deleteButton: "Remove" }, rollbackParameter: "Other" }, tvsClientKeyFile: "...".',
  );
  expect(settingsOf([deviates("b")])).toBeNull();
});

/** Where the database has columns with these letters, and which tables lead to devices. */
async function itlStatus(columns: readonly (readonly [string, string])[], ofDevices: readonly string[]) {
  const settings = {
    ...recorded!.settings,
    spellings: { ...recorded!.settings.spellings, itlStatusQuery: null },
  };
  const asked = recorded!.exchanges.find(({ request }) => request.includes("executeSQLQuery"))!;
  const envelope = (content: string) =>
    asked.request.replace(
      /<soapenv:Body>.*<\/soapenv:Body>/s,
      () => `<soapenv:Body>${content}</soapenv:Body>`,
    );
  const exchange = (where: string, select: string, rows: string): Exchange => ({
    node: "node-1",
    transport: "AXL",
    request: envelope(
      `<ns:executeSQLQuery><sql>select ${select} from systables t inner join syscolumns c on c.tabid=t.tabid where lower(c.colname)${where}</sql></ns:executeSQLQuery>`,
    ),
    answer: {
      status: 200,
      type: "text/xml",
      location: null,
      body: envelope(`<r><return>${rows}</return></r>`).replace(/^POST.*\n/, ""),
    },
  });
  const tabname = (table: string) => `<tabname>${table}</tabname>`;
  const findings = await replayedFindings({
    ...recorded!,
    settings,
    exchanges: [
      ...recorded!.exchanges,
      exchange(
        " like &apos;%itl%&apos;",
        "t.tabname as tabname,c.colname as colname",
        columns.map(([table, column]) => `<row>${tabname(table)}<colname>${column}</colname></row>`).join(""),
      ),
      exchange(
        "=&apos;fkdevice&apos;",
        "t.tabname as tabname",
        ofDevices.map((table) => `<row>${tabname(table)}</row>`).join(""),
      ),
    ],
  });
  return findings.find(({ assumption }) => assumption === "ITL status");
}

test("a column with ITL in its name is proposed", async () => {
  const columns = [
    ["enduser", "title"],
    ["registrationdynamic", "itlstatus"],
  ] as const;
  expect(await itlStatus(columns, ["registrationdynamic"])).toMatchObject({
    verdict: "deviates",
    settings: {
      spellings: {
        itl_status_query: expect.stringContaining("r.itlstatus as status from registrationdynamic r"),
      },
    },
  });
  expect(await itlStatus([["device", "tkitlstate"]], [])).toMatchObject({
    settings: {
      spellings: {
        itl_status_query: expect.stringContaining("select name,tkitlstate as status from device"),
      },
    },
  });
});

test("letters of other words are no ITL, and a table without devices has no status of any", async () => {
  const words = [
    ["enduser", "title"],
    ["huntpilot", "waitlimit"],
  ] as const;
  expect(await itlStatus(words, ["enduser"])).toMatchObject({
    verdict: "holds",
    detail: "no column of the database has ITL in its name",
  });
  expect(await itlStatus([["processnode", "last_itl"]], ["enduser"])).toMatchObject({
    verdict: "holds",
    detail: expect.stringContaining("only processnode.last_itl"),
  });
});
