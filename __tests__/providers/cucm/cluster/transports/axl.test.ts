import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import {
  Axl,
  newestVersion,
  sqlLiteral,
  suggestedRows,
} from "../../../../../providers/cucm/cluster/transports/axl";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { SoapServer } from "../../../../../providers/cucm/cluster/transports/soap";
import { identity } from "../fakes/identities";
import { APPLICATION, AT, failureOf, live, silent } from "../fakes/setup";
import { type Answer, axlReturn, fault, operationOf, type Seen, WebServer } from "../fakes/web-server";

const own = identity("cucm-pub");
let web: WebServer;
let server: SoapServer;
let axl: Axl;

beforeEach(async () => {
  web = await WebServer.start(own);
  server = new SoapServer(
    {
      endpoint: AT,
      port: web.port,
      service: "AXL",
      proof: { kind: "pin", sha256: [own.certificate.sha256], whose: "test" },
      cryptography: MODERN,
    },
    {
      credentials: APPLICATION,
      refused: new RefusedCredentials(),
      timeoutMs: 3000,
      concurrency: 4,
      role: "x",
      keepSession: true,
    },
    silent,
  );
  axl = new Axl(server, AT, silent);
});
afterEach(async () => {
  server.close();
  await web.stop();
});

const answering = (answers: { readonly [operation: string]: (request: Seen) => Answer }) => {
  web.answer = (request) => answers[operationOf(request)]?.(request) ?? fault("Unknown operation");
};
const returning = (operation: string, content: string) => ({ body: axlReturn(operation, content) });

describe("version of the schema", () => {
  const html = (list: string) =>
    `<html><head><title>Error report</title></head><body><h1>HTTP Status 599 - Incorrect axl version. Supported axl versions are ${list}</h1></body></html>`;

  it.each([
    ["12.x, 14.0 and 15.0", "15.0"],
    ["8.5, 9.0, 9.1, 10.0 and 10.5", "10.5"],
    ["9.x, 10.x and 11.x", "11.0"],
    ["", null],
  ])("of %j is %s", (list, version) => {
    expect(newestVersion(html(list))).toBe(version);
  });

  it("is negotiated once", async () => {
    web.answer = (request) =>
      request.body.includes("API/10.5") && request.headers.soapaction === '"CUCM:DB ver=10.5 getCCMVersion"'
        ? returning("getCCMVersion", "<componentVersion><version>10.5.2.10000-5</version></componentVersion>")
        : { status: 599, body: html("9.0, 10.0 and 10.5") };
    expect(await axl.version(live())).toBe("10.5.2.10000-5");
    expect(await axl.version(live())).toBe("10.5.2.10000-5");
    expect(web.seen).toHaveLength(3);
  });

  it("is negotiated once for calls that run side by side", async () => {
    web.answer = (request) =>
      request.body.includes("API/14.0")
        ? returning("getCCMVersion", "<componentVersion><version>14.0.1</version></componentVersion>")
        : { status: 599, body: html("12.x and 14.0") };
    await Promise.all([axl.version(live()), axl.version(live()), axl.version(live())]);
    expect(web.seen.map(({ body }) => /API\/([\d.]+)/.exec(body)![1])).toEqual([
      "11.5",
      "14.0",
      "14.0",
      "14.0",
    ]);
  });

  it("that is refused again, or not told, is an error", async () => {
    web.answer = () => ({ status: 599, body: html("14.0 and 15.0") });
    expect((await failureOf(axl.version(live()))).summary).toContain("refuses version 15.0");
    web.answer = () => ({ status: 599, body: "<html>no list</html>" });
    expect((await failureOf(axl.version(live()))).kind).toBe("answer");
  });
});

describe("the server table", () => {
  it("leaves out what is no CUCM node", async () => {
    answering({
      listProcessNode: () =>
        returning(
          "listProcessNode",
          `<processNode uuid="{1}"><name>EnterpriseWideData</name><nodeUsage>Subscriber</nodeUsage><processNodeRole>CUCM Voice/Video</processNodeRole></processNode>
           <processNode uuid="{2}"><name>10.1.1.1</name><nodeUsage>Publisher</nodeUsage><processNodeRole>CUCM Voice/Video</processNodeRole></processNode>
           <processNode uuid="{3}"><name>cucm-sub</name><nodeUsage>Subscriber</nodeUsage><processNodeRole>CUCM Voice/Video</processNodeRole></processNode>
           <processNode uuid="{4}"><name>imp</name><nodeUsage>Subscriber</nodeUsage><processNodeRole>CUCM IM and Presence</processNodeRole></processNode>`,
        ),
    });
    expect(await axl.processNodes(live())).toEqual([
      { name: "10.1.1.1", publisher: true },
      { name: "cucm-sub", publisher: false },
    ]);
  });

  it("reads services, single ones too", async () => {
    answering({
      listProcessNodeService: ({ body }) =>
        returning(
          "listProcessNodeService",
          body.includes("<processNodeName>%</processNodeName>")
            ? `<processNodeService><processNodeName uuid="{1}">a</processNodeName><service>Cisco Tftp</service><isActive>true</isActive></processNodeService>`
            : "",
        ),
    });
    expect(await axl.nodeServices("%", live())).toEqual([{ node: "a", service: "Cisco Tftp", active: true }]);
    expect(await axl.nodeServices("b", live())).toEqual([]);
  });
});

describe("SQL", () => {
  it("reads parameters, escaped twice over", async () => {
    answering({
      executeSQLQuery: () =>
        returning(
          "executeSQLQuery",
          "<row><paramname>ClusterSecurityMode</paramname><paramvalue>1</paramvalue></row><row><paramname>O'Neil &lt;x&gt;</paramname><paramvalue/></row>",
        ),
    });
    const found = await axl.parameters(["ClusterSecurityMode", "O'Neil <x>"], live());
    expect([...found]).toEqual([
      ["ClusterSecurityMode", "1"],
      ["O'Neil <x>", ""],
    ]);
    expect(web.seen[0]!.body).toContain(
      "where paramname in (&apos;ClusterSecurityMode&apos;,&apos;O&apos;&apos;Neil &lt;x&gt;&apos;)",
    );
  });

  it("finds no rows in an empty answer", async () => {
    answering({ executeSQLQuery: () => returning("executeSQLQuery", "") });
    expect(await axl.sql("select 1", live())).toEqual([]);
  });

  it("refuses a parameter with two values", async () => {
    const row = (value: string) => `<row><paramname>P</paramname><paramvalue>${value}</paramvalue></row>`;
    answering({ executeSQLQuery: () => returning("executeSQLQuery", row("0") + row("1")) });
    expect((await failureOf(axl.parameters(["P"], live()))).detail).toContain("more than one value");
  });

  it("quotes text, and takes no control characters", () => {
    expect(sqlLiteral("a'b")).toBe("'a''b'");
    expect(() => sqlLiteral("a\nb")).toThrow(RangeError);
  });
});

describe("phones", () => {
  const phones = (names: readonly string[]) =>
    returning("listPhone", names.map((name) => `<phone uuid="{1}"><name>${name}</name></phone>`).join(""));
  const name = (i: number) => `SEP${i.toString(16).toUpperCase().padStart(12, "0")}`;
  const number = (request: Seen, element: string) =>
    Number(new RegExp(`<${element}>(\\d+)</${element}>`).exec(request.body)?.[1]);

  it("few are asked for by name", async () => {
    answering({
      listPhone: ({ body }) => phones(body.includes(`<name>${name(1)}</name>`) ? [name(1)] : []),
    });
    expect(await axl.existingPhones([name(1), name(2)], live())).toEqual(new Set([name(1)]));
    expect(web.seen).toHaveLength(2);
  });

  it("many are read in pages", async () => {
    const all = Array.from({ length: 2500 }, (_, i) => name(i));
    answering({
      listPhone: (request) => phones(all.slice(number(request, "skip")).slice(0, number(request, "first"))),
    });
    const wanted = [...all.slice(2400), "SEPFFFFFFFFFFFF"];
    expect(await axl.existingPhones(wanted, live())).toEqual(new Set(all.slice(2400)));
    expect(web.seen).toHaveLength(3);
    expect(web.seen[0]!.body).toMatch(/<\/returnedTags><skip>0<\/skip><first>1000<\/first>/);
  });

  it("are found where paging is ignored", async () => {
    const all = Array.from({ length: 1500 }, (_, i) => name(i));
    answering({ listPhone: () => phones(all) });
    expect((await axl.existingPhones(all.slice(0, 100), live())).size).toBe(100);
    expect(web.seen).toHaveLength(2);
  });

  it("are read in smaller pages when the answer would be too large", async () => {
    const all = Array.from({ length: 900 }, (_, i) => name(i));
    answering({
      listPhone: (request) =>
        number(request, "first") >= 844
          ? fault(
              "Query request too large. Total rows matched: 2816 rows. Suggestive Row Fetch: less than 844 rows",
            )
          : phones(all.slice(number(request, "skip")).slice(0, number(request, "first"))),
    });
    expect((await axl.existingPhones(all, live())).size).toBe(900);
    expect(suggestedRows("Query request too large. Suggested row fetch: less than 844 rows")).toBe(843);
  });

  it("are reset by name; a refusal carries AXL's words", async () => {
    answering({ resetPhone: () => returning("resetPhone", "{1}") });
    await axl.resetPhone(name(1), live());
    expect(web.seen[0]!.body).toContain(`<ns:resetPhone><name>${name(1)}</name></ns:resetPhone>`);
    answering({
      resetPhone: () =>
        fault(
          "Item not valid: The specified SEP was not found",
          "<detail><axlError><axlcode>5007</axlcode><axlmessage>Item not valid: The specified SEP was not found</axlmessage></axlError></detail>",
        ),
    });
    const error = await failureOf(axl.resetPhone(name(2), live()));
    expect(error.kind).toBe("refused");
    expect(error.detail).toBe("Item not valid: The specified SEP was not found (AXL code 5007).");
  });
});
