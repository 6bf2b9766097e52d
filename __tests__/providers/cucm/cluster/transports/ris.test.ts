import { RateWindow } from "../../../../../providers/cucm/cluster/budget";
import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { Ris, rateRefusal } from "../../../../../providers/cucm/cluster/transports/ris";
import { BusyError, SoapFault, SoapServer } from "../../../../../providers/cucm/cluster/transports/soap";
import { identity } from "../fakes/identities";
import { APPLICATION, AT, failureOf, live, silent } from "../fakes/setup";
import { fault, type Seen, soap, WebServer } from "../fakes/web-server";

const own = identity("cucm-pub");
let web: WebServer;
let server: SoapServer;
let ris: Ris;
const progress: string[] = [];

beforeEach(async () => {
  progress.length = 0;
  web = await WebServer.start(own);
  server = new SoapServer(
    {
      endpoint: AT,
      port: web.port,
      service: "RIS",
      proof: { kind: "pin", sha256: [own.certificate.sha256], whose: "test" },
      cryptography: MODERN,
    },
    {
      credentials: APPLICATION,
      refused: new RefusedCredentials(),
      timeoutMs: 3000,
      concurrency: 1,
      role: "x",
      keepSession: false,
      raiseBusy: true,
    },
    silent,
  );
  ris = new Ris(server, AT, new RateWindow(1000), silent);
});
afterEach(async () => {
  server.close();
  await web.stop();
});
const registrations = (names: readonly string[]) =>
  ris.registrations(names, (line) => progress.push(line), live());

interface Device {
  readonly name: string;
  readonly status?: string;
  readonly at?: number;
  readonly httpd?: string;
  readonly load?: string;
}
const device = ({ name, status = "Registered", at = 100, httpd = "Unknown", load = "" }: Device) =>
  `<item><Name>${name}</Name><Httpd>${httpd}</Httpd><ActiveLoadID>${load}</ActiveLoadID><Status>${status}</Status><StatusReason>0</StatusReason><TimeStamp>${at}</TimeStamp><IPAddress><item><IP>10.0.0.9</IP><IPAddrType>ipv4</IPAddrType><Attribute>Unknown</Attribute></item></IPAddress></item>`;
const node = (name: string, devices: readonly Device[], code = "Ok") =>
  `<item><ReturnCode>${code}</ReturnCode><Name>${name}</Name><NoChange>false</NoChange><CmDevices>${devices.map(device).join("")}</CmDevices></item>`;
const result = (...nodes: readonly string[]) => ({
  body: soap(
    `<selectCmDeviceResponse xmlns="http://schemas.cisco.com/ast/soap"><selectCmDeviceReturn><SelectCmDeviceResult><TotalDevicesFound>1</TotalDevicesFound><CmNodes>${nodes.join("")}</CmNodes></SelectCmDeviceResult><StateInfo/></selectCmDeviceReturn></selectCmDeviceResponse>`,
  ),
});
const asked = (request: Seen) =>
  [...request.body.matchAll(/<ns:Item>([^<]*)<\/ns:Item>/g)].map(([, name]) => name!);
const names = (count: number) => Array.from({ length: count }, (_, i) => `SEP${String(i).padStart(12, "0")}`);

it("takes the newest report of each device over all nodes", async () => {
  web.answer = () =>
    result(
      node("10.0.0.1", [
        { name: "SEPA", status: "UnRegistered", at: 200 },
        { name: "SEPB", at: 100 },
        { name: "SEPC", status: "UnRegistered", at: 100 },
      ]),
      node("10.0.0.2", [
        { name: "SEPA", at: 100 },
        { name: "SEPB", status: "Rejected", at: 300 },
        { name: "SEPC", at: 100 },
      ]),
      node("10.0.0.3", [], "NodeNotResponding"),
    );
  const { phones, silent: unanswered } = await registrations(["SEPA", "SEPB", "SEPC", "SEPD"]);
  expect(phones.get("SEPA")).toEqual({
    name: "SEPA",
    status: "UnRegistered",
    statusReason: 0,
    node: "10.0.0.1",
    timestamp: 200,
    address: "10.0.0.9",
  });
  expect(phones.get("SEPB")).toMatchObject({ status: "Rejected", node: "10.0.0.2" });
  // Same second: where it is registered.
  expect(phones.get("SEPC")).toMatchObject({ status: "Registered", node: "10.0.0.2" });
  expect(phones.has("SEPD")).toBe(false);
  expect(unanswered).toEqual(["10.0.0.3"]);
});

it("asks as the WSDL says, in order", async () => {
  web.answer = () => result();
  await registrations(["SEPA"]);
  expect(web.seen[0]!.path).toBe("/realtimeservice2/services/RISService70");
  expect(web.seen[0]!.headers.soapaction).toBe('"selectCmDeviceExt"');
  expect(web.seen[0]!.body).toContain(
    "<ns:selectCmDeviceExt><ns:StateInfo></ns:StateInfo><ns:CmSelectionCriteria><ns:MaxReturnedDevices>2000</ns:MaxReturnedDevices><ns:DeviceClass>Phone</ns:DeviceClass><ns:Model>255</ns:Model><ns:Status>Any</ns:Status><ns:NodeName></ns:NodeName><ns:SelectBy>Name</ns:SelectBy><ns:SelectItems><ns:item><ns:Item>SEPA</ns:Item></ns:item></ns:SelectItems><ns:Protocol>Any</ns:Protocol><ns:DownloadStatus>Any</ns:DownloadStatus></ns:CmSelectionCriteria></ns:selectCmDeviceExt>",
  );
});

it("splits long lists, and asks again in halves where an answer may have been cut", async () => {
  const all = names(2000);
  const most: number[] = [];
  web.answer = (request) => {
    const wanted = asked(request);
    most.push(wanted.length);
    // Every device on two nodes, and no more than 1000 in an answer.
    const reports = wanted
      .flatMap((name) => [{ name }, { name, status: "UnRegistered", at: 50 }])
      .slice(0, 1000);
    return result(node("10.0.0.1", reports));
  };
  const { phones } = await registrations(all);
  expect(phones.size).toBe(2000);
  expect(Math.max(...most)).toBeLessThanOrEqual(1000);
});

it("asks by address, and splits and halves as it does by name", async () => {
  const addresses = Array.from({ length: 1000 }, (_, i) => `10.0.${Math.floor(i / 250)}.${i % 250}`);
  const most: number[] = [];
  web.answer = (request) => {
    expect(request.body).toContain("<ns:SelectBy>IPV4Address</ns:SelectBy>");
    const wanted = asked(request);
    most.push(wanted.length);
    // Every address is shown for two devices, and no more than 1000 in an answer.
    const reports = wanted.flatMap((address) => [{ name: `A${address}` }, { name: `B${address}` }]);
    return result(node("10.0.0.1", reports.slice(0, 1000)));
  };
  const { phones } = await ris.registrationsAt(addresses, () => {}, live());
  expect(phones.size).toBe(2000);
  expect(Math.max(...most)).toBe(900);
});

it("waits politely when it is over the allowed rate", async () => {
  let refusals = 2;
  web.answer = () =>
    refusals-- > 0
      ? fault(
          "AxisFault: Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is 6000 requests per minute.",
        )
      : result(node("10.0.0.1", [{ name: "SEPA" }]));
  const { phones } = await registrations(["SEPA"]);
  expect(phones.size).toBe(1);
  expect(web.seen).toHaveLength(3);
  expect(progress[0]).toContain("asks for patience");
});

it("recognises every form of the refusal", () => {
  const words =
    "Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is 18 requests per minute.RisPort";
  expect(rateRefusal(new SoapFault(500, words, ""))).toEqual({ perMinute: 18 });
  expect(rateRefusal(new SoapFault(500, "Exceeded allowed rate for Realtime information", ""))).toEqual({
    perMinute: 15,
  });
  expect(rateRefusal(new BusyError("HTTP 503: busy"))).toEqual({ perMinute: 15 });
  expect(rateRefusal(new SoapFault(500, "Invalid request", ""))).toBeNull();
  expect(rateRefusal(new Error("x"))).toBeNull();
});

it("says what RIS refuses, and what it did not understand", async () => {
  web.answer = () => fault("Invalid MaxReturnedDevices");
  expect(await failureOf(registrations(["SEPA"]))).toMatchObject({ kind: "refused" });
  web.answer = () => ({ body: soap("<x><y/></x>") });
  expect(await failureOf(registrations(["SEPA"]))).toMatchObject({ kind: "answer" });
});

it("tells whose web server is on, as far as RIS knows", async () => {
  const devices = ["Yes", "No", "Unknown"].map((httpd, i) => ({ name: `SEP00000000000${i}`, httpd }));
  web.answer = () => result(node("cucm-sub1", devices));
  const { phones } = await registrations(devices.map(({ name }) => name));
  expect([...phones.values()].map(({ webAccess }) => webAccess)).toEqual([true, false, undefined]);
});

it("tells which firmware a phone runs, as far as RIS knows", async () => {
  const devices = [{ name: "SEP000000000001", load: "sip88xx.14-2-1" }, { name: "SEP000000000002" }];
  web.answer = () => result(node("cucm-sub1", devices));
  const { phones } = await registrations(devices.map(({ name }) => name));
  expect([...phones.values()].map(({ activeLoad }) => activeLoad)).toEqual(["sip88xx.14-2-1", undefined]);
});

it("has a minute's patience with a service that is only busy", async () => {
  web.answer = () => ({ status: 503, body: "<html><body>Service Unavailable</body></html>" });
  const patient = { take: async () => {}, refused: () => {} } as unknown as RateWindow;
  const error = await failureOf(new Ris(server, AT, patient, silent).registrations(["SEP1"], silent, live()));
  expect(error).toMatchObject({ kind: "unreachable", summary: expect.stringContaining("stays busy") });
  expect(web.seen).toHaveLength(4);
});

describe("questions that wait for the same turn", () => {
  const devices = [1, 2, 3].map((i) => ({ name: `SEP00000000000${i}` }));
  const [one, two, three] = devices.map(({ name }) => name) as [string, string, string];
  beforeEach(() => {
    web.answer = (request) =>
      result(
        node(
          "cucm-sub1",
          devices.filter(({ name }) => asked(request).includes(name)),
        ),
      );
  });

  it("become one request, and each has its own answer", async () => {
    const first = registrations([one]);
    const others = [registrations([two]), registrations([three, one]), registrations(["SEP00000000000F"])];
    const answers = await Promise.all([first, ...others]);
    expect(answers.map(({ phones }) => [...phones.keys()])).toEqual([[one], [two], [three, one], []]);
    expect(web.seen.map((request) => asked(request).length).sort()).toEqual([1 + 3]);
  });

  it("do not share what was asked before they came", async () => {
    await registrations([one]);
    await registrations([one]);
    expect(web.seen).toHaveLength(2);
  });

  it("one that gives up does not spoil it for the others", async () => {
    const impatient = new AbortController();
    const gone = ris.registrations([one], () => {}, impatient.signal);
    const patient = registrations([two]);
    impatient.abort(new Error("no longer wanted"));
    await expect(gone).rejects.toThrow("no longer wanted");
    expect([...(await patient).phones.keys()]).toEqual([two]);
  });
});
