/** The facade over real TLS, HTTP and SSH: one small cluster of one node on 127.0.0.1. */
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:tls";
import type { ClusterNode, Operation } from "../../../../providers/cucm/cluster/cluster";
import { type ClusterConfig, DEFAULT_SPELLINGS } from "../../../../providers/cucm/cluster/config";
import { type ConnectedCluster, connectCluster } from "../../../../providers/cucm/cluster/connect";
import { encodeTvsMessage, TvsFrameReader, type TvsQueryRequest } from "../../../../trust/tvs-message";
import { CliServer } from "./fakes/cli-server";
import { identity } from "./fakes/identities";
import { ADDRESS, APPLICATION, config, failureOf, HOST_PIN, PLATFORM } from "./fakes/setup";
import { LIST_OWN, shown } from "./fakes/transcripts";
import { axlReturn, fault, operationOf, soap, WebServer } from "./fakes/web-server";

const tomcat = identity("cucm-pub");
const tvs = identity("cucm-pub-tvs");
const callManager = identity("cucm-pub-cm").certificate;
const stored = identity("cucm-dest-pub").certificate;
const added = identity("cucm-dest-sub").certificate;

let web: WebServer;
let files: WebServer;
let cli: CliServer;
let trust: Server;
let cluster: ConnectedCluster;
let parameters: { [name: string]: string };
let trusted: Map<string, string>;
const logged: string[] = [];
const progress: string[] = [];
const op: Operation = { signal: new AbortController().signal, progress: (line) => progress.push(line) };

const row = (cells: { readonly [name: string]: string }) =>
  Object.entries(cells)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join("");

beforeEach(async () => {
  parameters = { ClusterSecurityMode: "1", RollBackToPreGrayback: "F" };
  trusted = new Map([["CallManager-trust/cucm-dest-pub_01.pem", stored.pem]]);
  web = await WebServer.start(tomcat);
  web.answer = (request) => {
    const operation = operationOf(request);
    const table: { readonly [operation: string]: () => string } = {
      getCCMVersion: () => `<componentVersion>${row({ version: "10.5.2.10000-5" })}</componentVersion>`,
      listProcessNode: () =>
        `<processNode>${row({ name: "cucm-pub", nodeUsage: "Publisher" })}</processNode>`,
      listProcessNodeService: () =>
        ["Cisco Tftp", "Cisco CallManager"]
          .map(
            (service) =>
              `<processNodeService>${row({ processNodeName: "cucm-pub", service, isActive: "true" })}</processNodeService>`,
          )
          .join(""),
      executeSQLQuery: () =>
        Object.entries(parameters)
          .map(([paramname, paramvalue]) => `<row>${row({ paramname, paramvalue })}</row>`)
          .join(""),
      listPhone: () => `<phone>${row({ name: "SEPA" })}</phone>`,
      resetPhone: () => "true",
    };
    if (operation === "selectCmDeviceExt") {
      return {
        body: soap(
          `<r><selectCmDeviceReturn><SelectCmDeviceResult><CmNodes><item>${row({ ReturnCode: "Ok", Name: "cucm-pub" })}<CmDevices><item>${row({ Name: "SEPA", Status: "Registered", TimeStamp: "5" })}</item></CmDevices></item><item>${row({ ReturnCode: "NodeNotResponding", Name: "cucm-sub" })}</item></CmNodes></SelectCmDeviceResult></selectCmDeviceReturn></r>`,
        ),
      };
    }
    const content = table[operation];
    return content ? { body: axlReturn(operation, content()) } : fault("Unknown operation");
  };
  files = await WebServer.start();
  files.answer = ({ path }) => (path === "/CTLFile.tlv" ? { body: "ctl" } : { status: 404 });
  cli = await CliServer.start({
    answer: async (line, terminal) => {
      if (line === "show cert list own") return LIST_OWN;
      if (line === "show cert list trust") {
        return `${[...trusted.keys()].map((file) => `${file}: Trust Certificate`).join("\n")}\n`;
      }
      if (line === "show cert own TVS/TVS.pem") return shown(tvs.cert);
      if (line === "show cert own CallManager/CallManager.pem") return shown(callManager.pem);
      const file = /^show cert trust (\S+)$/.exec(line)?.[1];
      if (file !== undefined) return trusted.has(file) ? shown(trusted.get(file)!) : "not found\n";
      const store = /^set cert delete (\S+) (\S+)$/.exec(line);
      if (store) {
        trusted.delete(`${store[1]}/${store[2]}`);
        return "Certificate deleted\n";
      }
      if (line !== "set cert import trust CallManager") return "unknown\n";
      terminal.print("Paste the Certificate and Hit Enter\n");
      trusted.set("CallManager-trust/cucm-dest-sub_02.pem", await terminal.until(/\n\r?\n/));
      return "Successfully imported certificate for CallManager.\n";
    },
  });
  trust = createServer({ cert: tvs.cert, key: tvs.key }, (socket) => {
    const reader = new TvsFrameReader();
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      for (const message of reader.push(chunk)) {
        const { session, serial } = message as TvsQueryRequest;
        const known = serial === stored.serial;
        socket.write(
          encodeTvsMessage(
            known
              ? {
                  type: "query-response",
                  session,
                  status: 0,
                  certificate: stored.der,
                  roles: [0, 3],
                  timeToLive: 1,
                }
              : { type: "query-response", session, status: 1 },
          ),
        );
      }
    });
  });
  await new Promise<void>((resolve) => trust.listen(0, "127.0.0.1", resolve));
  connect();
});

function connect(changes: Partial<ClusterConfig> = {}) {
  cluster = connectCluster(
    config({
      identity: {
        tlsSha256: { [ADDRESS]: [tomcat.certificate.sha256] },
        caPem: null,
        sshSha256: { [ADDRESS]: [HOST_PIN] },
      },
      ports: {
        ssh: cli.port,
        https: web.port,
        tftpHttp: files.port,
        tvs: (trust.address() as AddressInfo).port,
        phoneHttp: 1,
        platform: 1,
      },
      ...changes,
    }),
    (line, fields) => logged.push(`${line} ${JSON.stringify(fields)}`),
  );
}

afterEach(async () => {
  await cluster.close();
  await Promise.all([web.stop(), files.stop(), cli.stop(), new Promise((resolve) => trust.close(resolve))]);
  const everything = [...logged, ...progress].join("\n");
  for (const secret of [PLATFORM.password, APPLICATION.password]) expect(everything).not.toContain(secret);
  logged.length = 0;
  progress.length = 0;
});

const node = async (): Promise<ClusterNode> => (await cluster.nodes(op))[0]!;
const commands = (start: string) => cli.commands.filter((line) => line.startsWith(start));

it("contacts nothing before the first question", async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(web.connections + files.connections + cli.sessions).toBe(0);
});

it("reads version, nodes, security mode and rollback, each asked once", async () => {
  for (let i = 0; i < 3; i++) {
    const [version, nodes, mode, rollback] = await Promise.all([
      cluster.version(op),
      cluster.nodes(op),
      cluster.securityMode(op),
      cluster.rollbackToPre8(op),
    ]);
    expect(version).toBe("10.5.2.10000-5");
    expect(nodes).toEqual([
      { name: "cucm-pub", address: ADDRESS, role: "publisher", tftp: true, tvs: true, callManager: true },
    ]);
    expect(mode).toBe("mixed");
    expect(rollback).toBe(false);
  }
  expect(web.seen.map(operationOf).sort()).toEqual([
    "executeSQLQuery",
    "getCCMVersion",
    "listProcessNode",
    "listProcessNodeService",
  ]);
});

describe("the rollback parameter", () => {
  it("is read by the configured name and values", async () => {
    const spellings = {
      ...DEFAULT_SPELLINGS,
      rollbackParameter: "Grayback9",
      rollbackTrue: ["Yes"],
      rollbackFalse: ["No"],
    };
    connect({ spellings });
    parameters = { ClusterSecurityMode: "0", Grayback9: "yes" };
    expect(await cluster.rollbackToPre8(op)).toBe(true);
    expect(await cluster.securityMode(op)).toBe("non-secure");
    expect(web.seen[0]!.body).toContain("Grayback9");
  });

  it("that is unknown, or has an unknown value, names the spelling to set", async () => {
    parameters = { ClusterSecurityMode: "1", RollBackToPreGrayback: "2" };
    expect((await failureOf(cluster.rollbackToPre8(op))).detail).toContain(
      '\n  spellings = { rollback_false = ["F", "false", "0", "2"] }\n',
    );
    connect();
    parameters = { ClusterSecurityMode: "5" };
    expect((await failureOf(cluster.rollbackToPre8(op))).detail).toContain(
      '\n  spellings = { rollback_parameter = "RollBackToPreGrayback" }\n',
    );
    expect((await failureOf(cluster.securityMode(op))).detail).toContain('"5", expected 0 or 1');
  });
});

it("reads identity certificates once, and null for a unit that the node does not have", async () => {
  const at = await node();
  const [first, second, capf] = await Promise.all([
    cluster.identityCertificate(at, "CallManager", op),
    cluster.identityCertificate(at, "CallManager", op),
    cluster.identityCertificate(at, "CAPF", op),
  ]);
  expect(first?.sha256).toBe(callManager.sha256);
  expect(second).toBe(first);
  expect(capf).toBeNull();
  expect(cli.commands).toEqual(["show cert list own", "show cert own CallManager/CallManager.pem"]);
});

it("lists a node once for all stores, until something is written", async () => {
  const at = await node();
  const entries = (store: "CallManager-trust" | "Phone-SAST-trust") =>
    cluster.trustEntries(at, store, [stored, added], op);
  await Promise.all([
    entries("CallManager-trust"),
    entries("Phone-SAST-trust"),
    entries("CallManager-trust"),
  ]);
  expect(commands("show cert list trust")).toHaveLength(1);
  expect(commands("show cert trust")).toHaveLength(1);

  await cluster.importTrust(at, "CallManager-trust", added, op);
  const after = await entries("CallManager-trust");
  expect(after.map(({ certificate }) => certificate.sha256)).toEqual([stored.sha256, added.sha256]);
  expect(commands("show cert list trust")).toHaveLength(2);
  expect(progress.join("\n")).toContain("Successfully imported");

  await cluster.deleteTrust(at, after[1]!, op);
  expect((await entries("CallManager-trust")).map(({ certificate }) => certificate.sha256)).toEqual([
    stored.sha256,
  ]);

  trusted.clear();
  trusted.set("tomcat-trust/x.pem", "");
  expect(await entries("CallManager-trust")).toHaveLength(1);
  cluster.refresh();
  expect(await entries("CallManager-trust")).toEqual([]);
});

it("forgets what was listed when a write fails, too", async () => {
  const at = await node();
  await cluster.trustEntries(at, "CAPF-trust", [added], op);
  await failureOf(cluster.importTrust(at, "CAPF-trust", added, op));
  await cluster.trustEntries(at, "CAPF-trust", [added], op);
  expect(commands("show cert list trust")).toHaveLength(2);
});

it("knows which stores replicate", () => {
  expect(cluster.replicates("CallManager-trust")).toBe(true);
  expect(cluster.replicates("Phone-SAST-trust")).toBe(true);
  expect(cluster.replicates("CAPF-trust")).toBe(false);
});

it("asks a TVS that shows the node's own TVS certificate, whatever Tomcat's pin is", async () => {
  const at = await node();
  expect(await cluster.askTvs(at, stored, op)).toMatchObject({ kind: "vouched", roles: [0, 3] });
  expect(await cluster.askTvs(at, added, op)).toEqual({ kind: "unknown" });
  expect(commands("show cert own TVS/TVS.pem")).toHaveLength(1);
});

it("waits until a restarted service listens", async () => {
  const before = web.answer;
  let start = "a";
  web.answer = (request) => {
    const operation = operationOf(request);
    if (operation === "soapDoControlServices") {
      start += "b";
      return { body: soap(`<r><${operation}Return><ReturnCode>0</ReturnCode></${operation}Return></r>`) };
    }
    if (operation !== "soapGetServiceStatus") return before(request);
    const item = row({ ServiceName: "Cisco Tftp", ServiceStatus: "Started", StartTime: start, UpTime: "9" });
    return {
      body: soap(
        `<r><${operation}Return><ServiceInfoList><item>${item}</item></ServiceInfoList></${operation}Return></r>`,
      ),
    };
  };
  const at = await node();
  await cluster.restartService(at, "Cisco Tftp", op);
  expect(files.connections).toBe(1);
  const { port } = files;
  await files.stop();
  setTimeout(async () => {
    files = await WebServer.start(undefined, port);
  }, 400);
  await cluster.restartService(at, "Cisco Tftp", op);
  expect(files.connections).toBe(1);
});

it("fetches served files", async () => {
  const at = await node();
  expect(await cluster.servedFile(at, "CTLFile.tlv", op)).toEqual(Buffer.from("ctl"));
  expect(await cluster.servedFile(at, "ITLFile.tlv", op)).toBeNull();
});

it("finds, watches and resets phones", async () => {
  expect(await cluster.existingPhones(["SEPA", "SEPB"], op)).toEqual(new Set(["SEPA"]));
  const { phones, silent } = await cluster.registrations(["SEPA"], op);
  expect(phones.get("SEPA")).toMatchObject({ status: "Registered", node: "cucm-pub" });
  expect(silent).toEqual(["cucm-sub"]);
  await cluster.resetPhone("SEPA", op);
  const before = web.seen.length;
  expect((await failureOf(cluster.resetPhone("SEP%", op))).kind).toBe("configuration");
  expect(web.seen).toHaveLength(before);
});

it("names the address and the service that cannot be reached", async () => {
  const at = { ...(await node()), role: "subscriber", address: "127.0.0.9" } as const;
  const services = [
    cluster.trustEntries(at, "CallManager-trust", [], op),
    cluster.servedFile(at, "CTLFile.tlv", op),
    cluster.askTvs(at, stored, op),
    cluster.restartService(at, "Cisco Tftp", op),
  ];
  for (const error of await Promise.all(services.map(failureOf))) {
    expect(error).toMatchObject({ kind: "unreachable", node: "127.0.0.9", cluster: "source" });
    expect(error.summary).toMatch(/SSH|TFTP|Control Center/);
  }
});

it("is cancelled as a whole", async () => {
  const cancel = new AbortController();
  cancel.abort();
  const error = await failureOf(cluster.version({ signal: cancel.signal }));
  expect(error.kind).toBe("cancelled");
  expect(web.connections).toBe(0);
});

test("an account that was refused is not tried again, by whatever service: failed logins lock accounts", async () => {
  const usual = web.answer;
  const logins: string[] = [];
  web.answer = (request) => {
    logins.push(String(request.headers.authorization));
    return { status: 401, body: "<html>Unauthorized</html>" };
  };
  try {
    const asked = await Promise.all([
      failureOf(cluster.version(op)),
      failureOf(cluster.nodes(op)),
      failureOf(cluster.registrations(["SEP001122334455"], op)),
    ]);
    expect(asked.map((error) => error.kind)).toEqual(["credentials", "credentials", "credentials"]);
    expect(logins).toHaveLength(1);
  } finally {
    web.answer = usual;
  }
});
