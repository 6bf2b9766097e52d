import type { RunningClusters } from "../../../lab/cluster/start";
import { type Answer, fault, isRefused, PHONES, post, Registration, soap, startLab, until } from "./support";

let lab: RunningClusters;
beforeAll(async () => {
  lab = await startLab({
    source: {
      users: [{ username: "reader", password: "r", roles: ["ris"] }],
      risPerMinute: 6,
      rollbackToPre8: true,
    },
    drawn: {},
  });
}, 60_000);
afterAll(() => lab.close());

const APP = "app:app-source";

function send(
  path: string,
  body: string,
  options: { auth?: string | null; node?: string; headers?: object } = {},
): Promise<Answer> {
  const address = lab.ready.source.nodeAddresses[options.node ?? "cucm10-pub"]!;
  const { auth = APP } = options;
  const pin = lab.ready.source.tlsSha256[address]![0]!;
  return post(address, lab.ready.source.ports.https, pin, path, body, auth, {
    "Content-Type": "text/xml",
    ...options.headers,
  });
}

const axl = (
  content: string,
  options: { auth?: string | null; version?: string; node?: string; headers?: object } = {},
) => send("/axl/", soap(`http://www.cisco.com/AXL/API/${options.version ?? "10.5"}`, content), options);

describe("AXL", () => {
  it("tells its version", async () => {
    const { status, body } = await axl("<ns:getCCMVersion/>");
    expect(status).toBe(200);
    expect(body).toContain(
      '<ns:getCCMVersionResponse xmlns:ns="http://www.cisco.com/AXL/API/10.5"><return><componentVersion><version>10.5.2.11900-3</version>',
    );
  });

  it("answers 599 with a page to a version that it does not speak", async () => {
    const { status, body } = await axl("<ns:getCCMVersion/>", { version: "12.5" });
    expect(status).toBe(599);
    expect(body).toContain(
      "HTTP Status 599 - Incorrect axl version. Supported axl versions are 8.5, 9.0, 9.1, 10.0 and 10.5",
    );
  });

  it("asks for credentials, and for the role", async () => {
    expect((await axl("<ns:getCCMVersion/>", { auth: null })).status).toBe(401);
    expect((await axl("<ns:getCCMVersion/>", { auth: "app:wrong" })).status).toBe(401);
    // The OS administrator is another account.
    expect((await axl("<ns:getCCMVersion/>", { auth: "osadmin:os-source" })).status).toBe(401);
    expect((await axl("<ns:getCCMVersion/>", { auth: "reader:r" })).status).toBe(403);
  });

  it("takes its cookie instead, and answers 404 to one that it does not know", async () => {
    const { cookie } = await axl("<ns:getCCMVersion/>");
    expect((await axl("<ns:getCCMVersion/>", { auth: null, headers: { cookie } })).status).toBe(200);
    const stale = await axl("<ns:getCCMVersion/>", { auth: null, headers: { cookie: "JSESSIONIDSSO=00" } });
    expect(stale.status).toBe(404);
  });

  it("is not activated on subscribers", async () => {
    expect((await axl("<ns:getCCMVersion/>", { node: "cucm10-sub1" })).status).toBe(404);
  });

  it("lists nodes, the enterprise-wide row included, and their services", async () => {
    const nodes = await axl(
      "<ns:listProcessNode><searchCriteria><name>%</name></searchCriteria><returnedTags><name/><nodeUsage/></returnedTags></ns:listProcessNode>",
    );
    expect(
      [...nodes.body.matchAll(/<name>(.*?)<\/name><nodeUsage>(.*?)</g)].map((m) => `${m[1]} ${m[2]}`),
    ).toEqual([
      "EnterpriseWideData Subscriber",
      "cucm10-pub Publisher",
      "cucm10-sub1 Subscriber",
      "cucm10-sub2 Subscriber",
    ]);
    const services = await axl(
      "<ns:listProcessNodeService><searchCriteria><processNodeName>%</processNodeName></searchCriteria><returnedTags><processNodeName/><service/><isActive/></returnedTags></ns:listProcessNodeService>",
    );
    const tftp = [
      ...services.body.matchAll(
        /<processNodeName>([^<]*)<\/processNodeName><service>Cisco Tftp<\/service><isActive>(\w+)</g,
      ),
    ];
    expect(tftp.map((m) => `${m[1]} ${m[2]}`)).toEqual([
      "cucm10-pub true",
      "cucm10-sub1 true",
      "cucm10-sub2 false",
    ]);
  });

  it("answers the documented SQL, and refuses the rest in Informix's words", async () => {
    const parameters = await axl(
      "<ns:executeSQLQuery><sql>select paramname,paramvalue from processconfig where paramname in ('ClusterSecurityMode','RollBackToPreGrayback')</sql></ns:executeSQLQuery>",
    );
    const { rollbackTrue } = lab.ready.source.spellings;
    expect(parameters.body).toContain(
      "<row><paramname>ClusterSecurityMode</paramname><paramvalue>1</paramvalue></row>",
    );
    expect(parameters.body).toContain(
      `<paramname>RollBackToPreGrayback</paramname><paramvalue>${rollbackTrue[0]}</paramvalue>`,
    );
    const none = await axl(
      "<ns:executeSQLQuery><sql>select name from device where name='SEPX'</sql></ns:executeSQLQuery>",
    );
    expect(none.body).toContain("<return></return>");
    const wrong = await axl("<ns:executeSQLQuery><sql>select name frm device</sql></ns:executeSQLQuery>");
    expect(wrong.status).toBe(500);
    expect(wrong.body).toContain("<faultcode>soapenv:Server</faultcode>");
    expect(wrong.body).toContain(
      "<axlcode>-201</axlcode><axlmessage>A syntax error has occurred.</axlmessage>",
    );
  });

  it("joins certificates, stores and roles", async () => {
    const { body } = await axl(
      `<ns:executeSQLQuery><sql>select c.serialnumber, c.subjectname, tcs.name as store, r.tktrustrole as role
       from certificate as c inner join certificateservicecertificatemap as m on m.fkcertificate=c.pkid
       inner join typecertificateservice as tcs on m.tkcertificateservice=tcs.enum
       left outer join certificatetrustrolemap as r on r.fkcertificate=c.pkid
       where tcs.name in ('CallManager-trust','Phone-SAST-trust')</sql></ns:executeSQLQuery>`,
    );
    const rows = [
      ...body.matchAll(/<subjectname>[^<]*CN=(.*?),.*?<store>(.*?)<\/store><role>(.*?)<\/role>/g),
    ].map((m) => m.slice(1).join(" "));
    expect(rows).toContain("ITLRECOVERY_cucm10-pub.lab.example Phone-SAST-trust 0");
    expect(rows).toContain("ITLRECOVERY_cucm10-pub.lab.example Phone-SAST-trust 3");
    expect(rows.filter((row) => /^CAPF-/.test(row))[0]).toMatch(/CallManager-trust 4$/);
  });

  it("lists phones with the tags that were asked for", async () => {
    const { body } = await axl(
      "<ns:listPhone><searchCriteria><name>SEP%</name></searchCriteria><returnedTags><name/><protocol/></returnedTags><skip>1</skip><first>1</first></ns:listPhone>",
    );
    expect(body).toMatch(
      new RegExp(
        `<return><phone uuid="\\{[0-9A-F-]{36}\\}"><name>${PHONES[1]}</name><protocol>SIP</protocol></phone></return>`,
      ),
    );
  });

  it("has TVS certificates with roles and services", async () => {
    const listed = await axl(
      "<ns:listTvsCertificate><searchCriteria><subjectName>CN=cucm10-pub%</subjectName></searchCriteria><returnedTags><issuerName/><serialNumber/></returnedTags></ns:listTvsCertificate>",
    );
    const [, issuer, serial] = /<issuerName>(.*?)<\/issuerName><serialNumber>(.*?)</.exec(listed.body)!;
    const { body } = await axl(
      `<ns:getTvsCertificate><issuerName>${issuer}</issuerName><serialNumber>${serial}</serialNumber></ns:getTvsCertificate>`,
    );
    expect(body).toMatch(
      /<roleName>SAST<\/roleName>|<roleName>AuthenticationAuthorization<\/roleName>|<roleName>ApplicationServer/,
    );
  });

  it("faults for a phone that is not there", async () => {
    const { status, body } = await axl("<ns:resetPhone><name>SEPFFFFFFFFFFFF</name></ns:resetPhone>");
    expect(status).toBe(500);
    expect(body).toContain("Item not valid: The specified SEPFFFFFFFFFFFF was not found");
  });

  it("loses requests on demand", async () => {
    await fault(lab.ready.control, {
      kind: "drop",
      cluster: "source",
      request: "axl",
      operation: "listPhone",
      count: 1,
    });
    const ask = () =>
      axl(
        "<ns:listPhone><searchCriteria><name>%</name></searchCriteria><returnedTags><name/></returnedTags></ns:listPhone>",
      );
    await expect(ask()).rejects.toThrow();
    expect((await ask()).status).toBe(200);
  });
});

describe("Control Center", () => {
  const PATH = "/controlcenterservice2/services/ControlCenterServices";
  const NS = "http://schemas.cisco.com/ast/soap";
  const status = async (service: string, node = "cucm10-sub2") =>
    (
      await send(
        PATH,
        soap(
          NS,
          `<ns:soapGetServiceStatus><ns:ServiceStatus>${service}</ns:ServiceStatus></ns:soapGetServiceStatus>`,
        ),
        { node },
      )
    ).body;
  const order = async (type: string, service: string, nodeName = "") =>
    (
      await send(
        PATH,
        soap(
          NS,
          `<ns:soapDoControlServices><ns:ControlServiceRequest><ns:NodeName>${nodeName}</ns:NodeName><ns:ControlType>${type}</ns:ControlType><ns:ServiceList><ns:item>${service}</ns:item></ns:ServiceList></ns:ControlServiceRequest></ns:soapDoControlServices>`,
        ),
        { node: "cucm10-sub2" },
      )
    ).body;

  it("reports one service, or all", async () => {
    expect(await status("Cisco Tftp")).toMatch(
      /<ServiceName>Cisco Tftp<\/ServiceName><ServiceStatus>Stopped<\/ServiceStatus>.*Service Not Activated/,
    );
    expect((await status("")).match(/<item>/g)!.length).toBeGreaterThan(8);
  });

  it("returns from a restart before it is done, and refuses connections meanwhile", async () => {
    const address = lab.ready.source.nodeAddresses["cucm10-sub2"]!;
    const tvs = "Cisco Trust Verification Service";
    expect(await order("Restart", tvs)).toMatch(/<ReturnCode>0<\/ReturnCode>.*<ServiceStatus>Stopping</);
    expect(await isRefused(address, lab.ready.source.ports.tvs)).toBe(true);
    const seen = new Set<string>();
    await until(async () => {
      seen.add(/<ServiceStatus>(\w+)/.exec(await status(tvs))![1]!);
      return seen.has("Started");
    });
    expect([...seen]).toEqual(expect.arrayContaining(["Starting", "Started"]));
    expect(await isRefused(address, lab.ready.source.ports.tvs)).toBe(false);
  });

  it("speaks for its own node only, and does not stop what must not stop", async () => {
    expect(await order("Restart", "Cisco Tftp", "cucm10-pub")).toContain("<ReturnCode>1</ReturnCode>");
    expect(await order("Restart", "Cisco Tftp")).toContain("Service Not Activated");
    expect(await order("Stop", "Cisco Tomcat")).toContain("<ReturnCode>1</ReturnCode>");
  });
});

describe("log collection", () => {
  const FOLDER = "/var/log/active/cm/trace/tvs/sdi";
  const list = (service: string, options = {}) =>
    send(
      "/logcollectionservice2/services/LogCollectionPortTypeService",
      soap(
        "http://schemas.cisco.com/ast/soap",
        `<ns:selectLogFiles><ns:FileSelectionCriteria><ns:ServiceLogs><ns:item>${service}</ns:item></ns:ServiceLogs></ns:FileSelectionCriteria></ns:selectLogFiles>`,
      ),
      options,
    );
  const get = (name: string) =>
    send(
      "/logcollectionservice/services/DimeGetFileService",
      soap(
        "http://schemas.cisco.com/ast/soap/",
        `<ns:GetOneFile><FileName>${name}</FileName></ns:GetOneFile>`,
      ),
    );

  it("lists what TVS of this node has written, and delivers it behind the envelope", async () => {
    const { body } = await list("Cisco Trust Verification Service");
    expect(body).toMatch(
      /<ns1:absolutepath>\/var\/log\/active\/cm\/trace\/tvs\/sdi\/tvs00000001\.txt<.*<ns1:modifiedDate>\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}</,
    );
    const file = await get(`${FOLDER}/tvs00000002.txt`);
    expect(file.status).toBe(200);
    expect(file.body).toMatch(
      /GetOneFileResponse.*\r\n--MIMEBoundary_\w+\r\n.*\| debug TVS service started\n/s,
    );
    expect((await list("Cisco Tftp")).body).toContain("<ns1:SetOfFiles></ns1:SetOfFiles>");
  });

  it("faults for a file that is not there, or elsewhere, in Cisco's words", async () => {
    for (const name of [`${FOLDER}/tvs00009999.txt`, "/etc/passwd"]) {
      const { status, body } = await get(name);
      expect(status).toBe(500);
      expect(body).toContain(`<faultstring>FileName ${name} do not exist</faultstring>`);
    }
  });

  it("asks for its role", async () => {
    expect((await list("Cisco Trust Verification Service", { auth: "reader:r" })).status).toBe(403);
  });
});

describe("RIS", () => {
  const select = (items: string[], options: { operation?: string; max?: number; status?: string } = {}) => {
    const operation = options.operation ?? "selectCmDeviceExt";
    const list = items.map((item) => `<ns:item><ns:Item>${item}</ns:Item></ns:item>`).join("");
    return send(
      "/realtimeservice2/services/RISService70",
      soap(
        "http://schemas.cisco.com/ast/soap",
        `<ns:${operation}><ns:StateInfo/><ns:CmSelectionCriteria><ns:MaxReturnedDevices>${options.max ?? 2000}</ns:MaxReturnedDevices><ns:DeviceClass>Phone</ns:DeviceClass><ns:Model>255</ns:Model><ns:Status>${options.status ?? "Any"}</ns:Status><ns:NodeName></ns:NodeName><ns:SelectBy>Name</ns:SelectBy><ns:SelectItems>${list}</ns:SelectItems><ns:Protocol>Any</ns:Protocol><ns:DownloadStatus>Any</ns:DownloadStatus></ns:CmSelectionCriteria></ns:${operation}>`,
      ),
    );
  };

  it("shows where a phone is, and where it was before", async () => {
    const phone = lab.ready.phones[0]!;
    const register = async (node: string) => {
      const one = await Registration.open(
        lab.ready.source.nodeAddresses[node]!,
        lab.ready.registrationPort,
        phone.lsc,
      );
      one.send({
        type: "register",
        device: phone.name,
        load: phone.load,
        ip: "10.1.20.50",
        securityMode: 3,
        httpd: true,
      });
      expect(await one.next()).toMatchObject({ type: "registered" });
      return one;
    };
    const first = await register("cucm10-pub");
    first.send({ type: "unregister", statusReason: 8 });
    await until(() => first.closed);
    const second = await register("cucm10-sub1");
    const { body } = await select([phone.name]);
    expect(body).toContain("<TotalDevicesFound>2</TotalDevicesFound>");
    const nodes = [...body.matchAll(/<ReturnCode>(\w+)<\/ReturnCode><Name>([\w-]+)<\/Name>/g)].map(
      (m) => `${m[2]} ${m[1]}`,
    );
    expect(nodes).toEqual(["cucm10-pub Ok", "cucm10-sub1 Ok", "cucm10-sub2 NotFound"]);
    expect(
      [...body.matchAll(/<Status>(Un)?Registered<\/Status><StatusReason>(\d+)</g)].map((m) => m[2]),
    ).toEqual(["8", "0"]);
    expect([...body.matchAll(/<Httpd>(\w+)</g)].map((m) => m[1])).toEqual(["Unknown", "Yes"]);
    second.socket.destroy();
    await until(async () => /<StatusReason>6</.test((await select([phone.name])).body));
  });

  it("cuts at the maximum without a word, and takes no wildcard in Ext", async () => {
    expect((await select(["*"])).body).toContain("<TotalDevicesFound>0<");
    expect((await select(["*"], { operation: "selectCmDevice", max: 1 })).body).toContain(
      "<TotalDevicesFound>1<",
    );
  });

  it("answers one query too many in Cisco's words", async () => {
    let last = await select(["SEP1"]);
    for (let i = 0; i < 6 && last.status === 200; i++) last = await select(["SEP1"]);
    expect(last.status).toBe(500);
    expect(last.body).toContain(
      "Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is 6 requests per minute.",
    );
  });
});
