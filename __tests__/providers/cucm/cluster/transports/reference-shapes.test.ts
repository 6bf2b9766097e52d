/**
 * Every answer whose shape is on record, by section of the interface notes. What no code of ours asks for has to come
 * through the CLI whole: no prompt, pager or question seen in the middle of it.
 */

import { RateWindow } from "../../../../../providers/cucm/cluster/budget";
import { DEFAULT_SPELLINGS } from "../../../../../providers/cucm/cluster/config";
import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import type { NodeService } from "../../../../../providers/cucm/cluster/transports/axl";
import { Axl, newestVersion, suggestedRows } from "../../../../../providers/cucm/cluster/transports/axl";
import { parseSnapshot } from "../../../../../providers/cucm/cluster/transports/certificate-snapshot";
import { Cli, confirming } from "../../../../../providers/cucm/cluster/transports/cli";
import { asksForPaste, plainText } from "../../../../../providers/cucm/cluster/transports/cli-text";
import { ControlCenter } from "../../../../../providers/cucm/cluster/transports/control-center";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { LogCollection } from "../../../../../providers/cucm/cluster/transports/log-collection";
import { Ris, rateRefusal } from "../../../../../providers/cucm/cluster/transports/ris";
import { SoapFault, SoapServer } from "../../../../../providers/cucm/cluster/transports/soap";
import { CliServer } from "../fakes/cli-server";
import { identity } from "../fakes/identities";
import { CLI_SHAPES } from "../fakes/reference-cli";
import { ADDRESS, APPLICATION, AT, failureOf, HOST_PIN, live, PLATFORM, silent } from "../fakes/setup";
import { type Answer, soap, WebServer } from "../fakes/web-server";

const shown = identity("cucm-pub");
const TVS = "Cisco Trust Verification Service";

describe("2: the CLI", () => {
  let server: CliServer;
  let cli: Cli;
  let prints: readonly string[] = [];
  beforeAll(async () => {
    server = await CliServer.start({
      answer: async (_, terminal) => {
        const [first = "", ...rest] = prints;
        terminal.raw(noisy(first));
        for (const next of rest) {
          await terminal.line();
          terminal.raw(noisy(next));
        }
        return "";
      },
    });
    const accounts = { credentials: PLATFORM, refused: new RefusedCredentials() };
    cli = new Cli(
      { endpoint: AT, port: server.port, hostKeys: [HOST_PIN], cryptography: MODERN, ...accounts },
      silent,
    );
  });
  afterAll(async () => {
    cli.close();
    await server.stop();
  });

  test.each(CLI_SHAPES)("$section $shape", async (shape) => {
    prints = shape.prints;
    const reply = (tail: string) => (asksForPaste(tail) ? "x\n" : confirming(tail));
    const answer = await cli.run({ line: shape.line, reply, timeoutMs: 5000 }, live());
    for (const part of shape.prints)
      for (const line of part.trim().split("\n")) expect(answer).toContain(line.trim());
  });

  /** CRLF, a lone CR, and a VT100's colours, as a terminal of this kind writes them. */
  const noisy = (text: string) => text.replaceAll("\n", "\r\r\n").replace(/^/, "\u001b[?1034h\u001b[m");
});

test("2.1: what a terminal writes around a text", () => {
  expect(plainText("\u001b[?1034h\u001b[madmin:show\r\r\nx\r\n")).toBe("admin:show\nx\n");
});

describe("1, 4, 5: the web services", () => {
  let web: WebServer;
  let server: SoapServer;
  beforeAll(async () => {
    web = await WebServer.start(shown);
    const target = {
      endpoint: AT,
      port: web.port,
      service: "AXL",
      proof: { kind: "pin" as const, sha256: [shown.certificate.sha256], whose: "a test" },
      cryptography: MODERN,
    };
    const options = { role: "any", timeoutMs: 5000, concurrency: 1, keepSession: false };
    const accounts = { credentials: APPLICATION, refused: new RefusedCredentials() };
    server = new SoapServer(target, { ...options, ...accounts }, silent);
  });
  afterAll(async () => {
    server.close();
    await web.stop();
  });

  const axl = () => new Axl(server, AT, silent);
  const centre = () => new ControlCenter(server, AT);
  const ris = () => new Ris(server, AT, new RateWindow(1000), silent);
  const returned = (operation: string, content: string) =>
    soap(
      `<ns:${operation}Response xmlns:ns="http://www.cisco.com/AXL/API/12.5"><return>${content}</return></ns:${operation}Response>`,
    );

  interface Shape {
    readonly section: string;
    readonly shape: string;
    readonly answer: Answer;
    readonly read: () => Promise<unknown>;
    readonly means: unknown;
  }
  const service = (status: string, reason: string, start: string, up: number) =>
    soap(
      `<ns1:soapGetServiceStatusResponse xmlns:ns1="http://schemas.cisco.com/ast/soap"><ns1:soapGetServiceStatusReturn><ns1:ReturnCode>0</ns1:ReturnCode>` +
        `<ns1:ReasonCode>-1</ns1:ReasonCode><ns1:ReasonString/><ns1:ServiceInfoList><ns1:item><ns1:ServiceName>${TVS}</ns1:ServiceName>` +
        `<ns1:ServiceStatus>${status}</ns1:ServiceStatus><ns1:ReasonCode>-1</ns1:ReasonCode><ns1:ReasonCodeString>${reason}</ns1:ReasonCodeString>` +
        `<ns1:StartTime>${start}</ns1:StartTime><ns1:UpTime>${up}</ns1:UpTime></ns1:item></ns1:ServiceInfoList></ns1:soapGetServiceStatusReturn></ns1:soapGetServiceStatusResponse>`,
    );
  const page = (status: number, text: string): Answer => ({
    status,
    headers: { "Content-Type": "text/html" },
    body: `<html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>`,
  });
  const aFault = (text: string, detail = ""): Answer => ({
    status: 500,
    body: soap(
      `<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>${text}</faultstring>${detail}</soapenv:Fault>`,
    ),
  });
  const device = (node: string, status: string, time: number) =>
    `<item><ReturnCode>Ok</ReturnCode><Name>${node}</Name><NoChange>false</NoChange><CmDevices><item><Name>SEP001122334455</Name>` +
    `<DirNumber>1001-Registered</DirNumber><DeviceClass>Phone</DeviceClass><Model>684</Model><Httpd>Yes</Httpd><Status>${status}</Status>` +
    `<StatusReason>13</StatusReason><TimeStamp>${time}</TimeStamp><IPAddress><item><IP>10.1.2.3</IP><IPAddrType>ipv4</IPAddrType>` +
    `<Attribute>Adminstrative</Attribute></item></IPAddress></item></CmDevices></item>`;
  const explained = (read: () => Promise<unknown>) => async () => (await failureOf(read())).kind;

  const SHAPES: readonly Shape[] = [
    {
      section: "4.1",
      shape: "version",
      answer: {
        body: returned(
          "getCCMVersion",
          "<componentVersion><version>15.0.1.12900-234</version></componentVersion>",
        ),
      },
      read: () => axl().version(live()),
      means: "15.0.1.12900-234",
    },
    {
      section: "4.1",
      shape: "SQL, rows",
      answer: {
        body: returned(
          "executeSQLQuery",
          "<row><paramname>ClusterSecurityMode</paramname><paramvalue>1</paramvalue></row>",
        ),
      },
      read: () => axl().sql("select 1", live()),
      means: [{ paramname: "ClusterSecurityMode", paramvalue: "1" }],
    },
    {
      section: "4.1",
      shape: "SQL, no row",
      answer: {
        body: soap(
          '<ns:executeSQLQueryResponse xmlns:ns="http://www.cisco.com/AXL/API/12.5"><return/></ns:executeSQLQueryResponse>',
        ),
      },
      read: () => axl().sql("select 1", live()),
      means: [],
    },
    {
      section: "4.2",
      shape: "credentials",
      answer: page(401, "HTTP Status 401"),
      read: explained(() => fresh().version(live())),
      means: "credentials",
    },
    {
      section: "4.2",
      shape: "role",
      answer: page(403, "HTTP Status 403"),
      read: explained(() => axl().version(live())),
      means: "authorization",
    },
    {
      section: "4.2",
      shape: "fault with AXL's own code",
      answer: aFault(
        "Syntax error",
        "<detail><axlError><axlcode>-201</axlcode><axlmessage>A syntax error has occurred.</axlmessage><request>executeSQLQuery</request></axlError></detail>",
      ),
      read: async () => (await failureOf(axl().sql("x", live()))).detail,
      means: "Syntax error (A syntax error has occurred.) (AXL code -201).",
    },
    {
      section: "4.3",
      shape: "server table",
      answer: {
        body: returned(
          "listProcessNode",
          '<processNode uuid="{0}"><name>EnterpriseWideData</name><nodeUsage>Publisher</nodeUsage><processNodeRole>CUCM Voice/Video</processNodeRole></processNode>' +
            '<processNode uuid="{1}"><name>10.1.1.1</name><nodeUsage>Publisher</nodeUsage><processNodeRole>CUCM Voice/Video</processNodeRole></processNode>' +
            '<processNode uuid="{2}"><name>imp</name><nodeUsage>Subscriber</nodeUsage><processNodeRole>CUCM IM and Presence</processNodeRole></processNode>',
        ),
      },
      read: () => axl().processNodes(live()),
      means: [{ name: "10.1.1.1", publisher: true }],
    },
    {
      section: "4.3",
      shape: "services of nodes",
      answer: {
        body: returned(
          "listProcessNodeService",
          `<processNodeService uuid="{1}"><processNodeName uuid="{A}">pub</processNodeName><service>${TVS}</service><isActive>true</isActive></processNodeService>`,
        ),
      },
      read: () => axl().nodeServices("%", live()),
      means: [{ node: "pub", service: TVS, active: true }] satisfies NodeService[],
    },
    {
      section: "4.6",
      shape: "phones",
      answer: {
        body: returned(
          "listPhone",
          '<phone uuid="{1}"><name>SEP001122334455</name><model>Cisco 8861</model><devicePoolName uuid="{2}">HQ</devicePoolName></phone>',
        ),
      },
      read: async () => [...(await axl().phones(["SEP001122334455"], ["model", "devicePoolName"], live()))],
      means: [["SEP001122334455", { model: "Cisco 8861", devicePoolName: "HQ" }]],
    },
    {
      section: "5.1",
      shape: "service, started",
      answer: { body: service("Started", " ", "Sat Nov 28 09:52:18 2026", 25) },
      read: () => centre().status(TVS, live()),
      means: { status: "Started", reason: "", startTime: "Sat Nov 28 09:52:18 2026", upTime: 25 },
    },
    {
      section: "5.1",
      shape: "service, not activated",
      answer: { body: service("Stopped", "Service Not Activated", "", -1) },
      read: explained(() => centre().check(TVS, live())),
      means: "refused",
    },
    {
      section: "5.1",
      shape: "service, commanded out",
      answer: { body: service("Stopped", "Commanded Out of Service", "", -1) },
      read: () => centre().status(TVS, live()),
      means: { status: "Stopped", reason: "Commanded Out of Service", startTime: "", upTime: -1 },
    },
    {
      section: "5.2",
      shape: "registrations, the newest of two nodes",
      answer: {
        body: soap(
          `<ns1:selectCmDeviceResponse xmlns:ns1="http://schemas.cisco.com/ast/soap"><ns1:selectCmDeviceReturn><SelectCmDeviceResult><TotalDevicesFound>2</TotalDevicesFound>` +
            `<CmNodes>${device("10.1.1.1", "UnRegistered", 1)}${device("10.1.1.2", "Registered", 2)}` +
            `<item><ReturnCode>NodeNotResponding</ReturnCode><Name>10.1.1.3</Name><NoChange>false</NoChange><CmDevices/></item></CmNodes></SelectCmDeviceResult><StateInfo/></ns1:selectCmDeviceReturn></ns1:selectCmDeviceResponse>`,
        ),
      },
      read: async () => {
        const { phones, silent: quiet } = await ris().registrations(["SEP001122334455"], silent, live());
        const { status, node, address, webAccess } = phones.get("SEP001122334455")!;
        return { status, node, address, webAccess, quiet };
      },
      means: {
        status: "Registered",
        node: "10.1.1.2",
        address: "10.1.2.3",
        webAccess: true,
        quiet: ["10.1.1.3"],
      },
    },
    {
      section: "5.3",
      shape: "log files",
      answer: {
        body: soap(
          "<ns1:SelectLogFilesResponse><ns1:ResultSet><ns1:SchemaFileSelectionResult><ns1:Node><ns1:name>pub</ns1:name><ns1:ServiceList><ns1:ServiceLogs>" +
            `<ns1:name>${TVS}</ns1:name><ns1:SetOfFiles><ns1:File><ns1:name>tvs.txt</ns1:name><ns1:absolutepath>/var/log/active/tvs.txt</ns1:absolutepath>` +
            "<ns1:filesize>1048</ns1:filesize><ns1:modifiedDate>Sat Nov 28 09:52:18 EST 2026</ns1:modifiedDate></ns1:File></ns1:SetOfFiles></ns1:ServiceLogs></ns1:ServiceList></ns1:Node></ns1:SchemaFileSelectionResult></ns1:ResultSet></ns1:SelectLogFilesResponse>",
        ),
      },
      read: () => new LogCollection(server, AT).list(TVS, live()),
      means: [{ path: "/var/log/active/tvs.txt", size: 1048, modified: "Sat Nov 28 09:52:18 EST 2026" }],
    },
    {
      section: "5.3",
      shape: "a file that is gone",
      answer: aFault("FileName /var/log/active/tvs.txt do not exist"),
      read: () => new LogCollection(server, AT).read("/var/log/active/tvs.txt", silent, live()),
      means: false,
    },
  ];
  /** With an account of its own: what was refused once is not tried again. */
  const fresh = () =>
    new Axl(
      new SoapServer(
        {
          endpoint: AT,
          port: web.port,
          service: "AXL",
          proof: { kind: "pin", sha256: [shown.certificate.sha256], whose: "a test" },
          cryptography: MODERN,
        },
        {
          credentials: APPLICATION,
          refused: new RefusedCredentials(),
          role: "any",
          timeoutMs: 5000,
          concurrency: 1,
          keepSession: false,
        },
        silent,
      ),
      AT,
      silent,
    );

  test.each(SHAPES)("$section $shape", async ({ answer, read, means }) => {
    web.answer = () => answer;
    expect(await read()).toEqual(means);
  });

  test.each([
    [
      "4.2 versions of 15",
      newestVersion(
        "HTTP Status 599 - Incorrect axl version. Supported axl versions are 12.x, 14.0 and 15.0",
      ),
      "15.0",
    ],
    [
      "4.2 too many rows, older",
      suggestedRows(
        "Query request too large. Total rows matched: 2816 rows. Suggestive Row Fetch: less than 844 rows",
      ),
      843,
    ],
    [
      "4.2 too many rows, newer",
      suggestedRows(
        "Query request too large. Total rows matched: 2816 rows. Suggested row fetch: less than 844 rows",
      ),
      843,
    ],
    [
      "5.2 rate",
      rateRefusal(
        new SoapFault(
          500,
          "AxisFault: Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is 15 requests per minute.",
          "",
        ),
      ),
      { perMinute: 15 },
    ],
  ])("%s", (_, read, means) => {
    expect(read).toEqual(means);
  });

  test.each(["Phone-SAST", "Phone-SAST-trust"])("1 snapshot, with the store called %s", (name) => {
    const { pem, sha256 } = shown.certificate;
    const snapshot = {
      trackingId: "1",
      server: ADDRESS,
      identities: [
        { service: "CallManager", certificate: pem, csr: null },
        { service: "tomcat", csr: "-----BEGIN CERTIFICATE REQUEST-----" },
      ],
      trusts: [{ service: name, certificate_data: [{ filename: "a_7f.pem", certificate: pem }] }],
      revokedCertificates: [],
    };
    const { own, trust } = parseSnapshot(JSON.stringify(snapshot), DEFAULT_SPELLINGS.restService);
    expect(own.map(({ unit, certificate }) => [unit, certificate?.sha256])).toEqual([
      ["CallManager", sha256],
    ]);
    expect(trust.map(({ unit, file, certificate }) => [unit, file, certificate?.sha256])).toEqual([
      ["Phone-SAST-trust", "a_7f.pem", sha256],
    ]);
  });
});
