/** Whoever sends without end, or what grows when it is read, is refused, and little of it is kept. */
import { ClusterError } from "../../../../providers/cucm/cluster/cluster";
import {
  DEFAULT_SPELLINGS,
  DEFAULT_WEB_FORMS,
  type SftpServer,
} from "../../../../providers/cucm/cluster/config";
import { RefusedCredentials } from "../../../../providers/cucm/cluster/refused-credentials";
import { Axl } from "../../../../providers/cucm/cluster/transports/axl";
import { CertificateCommands } from "../../../../providers/cucm/cluster/transports/certificate-commands";
import { CertificateRest } from "../../../../providers/cucm/cluster/transports/certificate-rest";
import { CertificateWeb } from "../../../../providers/cucm/cluster/transports/certificate-web";
import { Cli } from "../../../../providers/cucm/cluster/transports/cli";
import { ControlCenter } from "../../../../providers/cucm/cluster/transports/control-center";
import { MODERN } from "../../../../providers/cucm/cluster/transports/cryptography";
import { LogCollection } from "../../../../providers/cucm/cluster/transports/log-collection";
import { PhoneWeb } from "../../../../providers/cucm/cluster/transports/phone-web";
import { PlatformServer } from "../../../../providers/cucm/cluster/transports/platform-server";
import { openSftpDirectory } from "../../../../providers/cucm/cluster/transports/sftp";
import { SoapServer } from "../../../../providers/cucm/cluster/transports/soap";
import { Tftp } from "../../../../providers/cucm/cluster/transports/tftp";
import { Tvs } from "../../../../providers/cucm/cluster/transports/tvs";
import { parseXml, XmlError } from "../../../../providers/cucm/cluster/transports/xml";
import { FLOOD, FLOOD_HOST_KEY, Flood, grown, MB } from "./fakes/floods";
import { identity } from "./fakes/identities";
import { ADDRESS, APPLICATION, AT, failureOf, live, PLATFORM, silent } from "./fakes/setup";
import { soap, WebServer } from "./fakes/web-server";

/** The greatest answer that is accepted, a copy of it, and what lies in sockets: far below what is sent. */
const KEPT = 96 * MB;
const TIMEOUT_MS = 20_000;

const server = identity("flood");
let flood: Flood;
beforeEach(() => {
  flood = new Flood();
});
afterEach(() => flood.close());

const target = (port: number, service: string) => ({
  endpoint: AT,
  port,
  service,
  proof: { kind: "pin" as const, sha256: [server.certificate.sha256], whose: "a test" },
  cryptography: MODERN,
});

function soapAt(port: number): SoapServer {
  const options = { role: "any", timeoutMs: TIMEOUT_MS, concurrency: 4, keepSession: false };
  const accounts = { credentials: APPLICATION, refused: new RefusedCredentials() };
  const made = new SoapServer(target(port, "AXL"), { ...options, ...accounts }, silent);
  flood.later(() => made.close());
  return made;
}

function platformAt(port: number): PlatformServer {
  const accounts = { credentials: PLATFORM, refused: new RefusedCredentials() };
  const made = new PlatformServer(
    target(port, "Platform"),
    { ...accounts, timeoutMs: TIMEOUT_MS, limit: 4 * MB },
    silent,
  );
  flood.later(() => made.close());
  return made;
}

function cliAt(port: number): CertificateCommands {
  const accounts = { credentials: PLATFORM, refused: new RefusedCredentials() };
  const cli = new Cli(
    { endpoint: AT, port, hostKeys: [FLOOD_HOST_KEY], cryptography: MODERN, ...accounts },
    silent,
  );
  flood.later(() => cli.close());
  return new CertificateCommands(cli, AT, DEFAULT_SPELLINGS, TIMEOUT_MS);
}

async function exchange() {
  const at: SftpServer = {
    name: "exchange",
    address: ADDRESS,
    port: await flood.sftp(),
    directory: "/exchange",
    hostKeys: [FLOOD_HOST_KEY],
    credentials: PLATFORM,
  };
  const directory = await openSftpDirectory(at, live());
  flood.later(() => directory.close());
  return directory;
}

const web = (type = "text/xml") => flood.web(server, type);

/** Each way to read from a cluster, a phone or the SFTP server. */
const READERS: { readonly [name: string]: () => Promise<unknown> } = {
  AXL: async () => new Axl(soapAt(await web()), AT, silent).version(live()),
  "Control Center": async () => new ControlCenter(soapAt(await web()), AT).status("Cisco Tftp", live()),
  "log collection, a listing": async () =>
    new LogCollection(soapAt(await web()), AT).list("Cisco Tftp", live()),
  "log collection, a file": async () =>
    new LogCollection(soapAt(await web()), AT).read("/a", () => {}, live()),
  "log collection, a part without end": async () =>
    new LogCollection(soapAt(await web('multipart/related; boundary="b"')), AT).read("/a", () => {}, live()),
  "certificate REST": async () =>
    new CertificateRest(
      platformAt(await web("application/json")),
      DEFAULT_SPELLINGS.restService,
      cliAt(1),
    ).list("own", live()),
  "OS administration": async () =>
    new CertificateWeb(platformAt(await web("text/html")), DEFAULT_WEB_FORMS).list("own", live()),
  TFTP: async () =>
    new Tftp(AT, await flood.web(null, "text/html"), TIMEOUT_MS, silent).file("CTLFile.tlv", live()),
  "a phone's pages": async () => {
    const phones = new PhoneWeb({ port: await flood.web(null, "text/html"), trustListPages: [] }, silent);
    if ((await phones.pages(ADDRESS, live())) === null) throw failed("a phone's pages are no errors");
  },
  "CLI, a command": async () => cliAt(await flood.cli((channel) => flood.into(channel))).list("own", live()),
  TVS: async () => {
    const options = {
      port: await flood.tls(server),
      cryptography: MODERN,
      client: null,
      timeoutMs: TIMEOUT_MS,
    };
    return new Tvs(AT, options, silent).ask(server.certificate, [server.certificate.sha256], live());
  },
  "SFTP, a directory": async () => (await exchange()).files(live()),
  "SFTP, a file": async () => (await exchange()).read("marker", FLOOD, live()),
};

const failed = (why: string) => new ClusterError("source", ADDRESS, why, why, "answer");

describe("an answer without end is refused, and not kept", () => {
  test.each(Object.keys(READERS))("%s", async (name) => {
    const most = await grown(async () => {
      expect((await failureOf(READERS[name]!())).kind).toBe("answer");
    });
    expect(most).toBeLessThan(KEPT);
    expect(flood.sent).toBeLessThan(FLOOD / 2);
  });

  test("CLI, behind a prompt", async () => {
    const port = await flood.cli((channel, line) => {
      channel.write(`${line}\r\ntomcat/tomcat.pem: made by a test\r\nadmin:`);
      setTimeout(() => flood.into(channel), 50);
    });
    const commands = cliAt(port);
    const most = await grown(async () => {
      await commands.list("own", live());
      for (let seen = -1; seen !== flood.sent; await pause(300)) seen = flood.sent;
    });
    expect(most).toBeLessThan(KEPT);
    expect(flood.sent).toBeLessThan(FLOOD / 2);
  });

  test("CLI, questions without end", async () => {
    const port = await flood.cli((channel) => channel.write("Delete? Continue (yes/no)?"));
    const entry = { store: "CAPF-trust", file: "a.pem", certificate: server.certificate } as const;
    expect((await failureOf(cliAt(port).deleteTrust(entry, live()))).summary).toContain("keeps asking");
  });

  test("AXL, a fleet without end", async () => {
    let told = 0;
    const row = () => ({ name: `SEP${told++}` });
    const answers = { call: async () => ({ return: { phone: Array.from({ length: 1000 }, row) } }) };
    const names = Array.from({ length: 30 }, (_, i) => `SEP${i}`);
    const axl = new Axl(answers as unknown as SoapServer, AT, silent);
    expect((await failureOf(axl.phones(names, [], live()))).detail).toContain("phones");
  });
});

describe("what grows when it is read", () => {
  const ENTITIES = `<!ENTITY a "aaaaaaaaaa">${Array.from(
    { length: 9 },
    (_, i) => `<!ENTITY ${String.fromCharCode(98 + i)} "${`&${String.fromCharCode(97 + i)};`.repeat(10)}">`,
  ).join("")}`;
  const BOMBS: { readonly [name: string]: string } = {
    "a document type": `<!DOCTYPE x>${soap("<a/>")}`,
    "entities of entities": `<!DOCTYPE x [${ENTITIES}]>${soap("<a>&j;</a>")}`,
    "a file's entity": `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${soap("<a>&a;</a>")}`,
    "elements without end": soap("<a/>".repeat(3_000_000)),
    "elements in each other": soap("<a>".repeat(300_000)),
  };

  test.each(Object.keys(BOMBS))("%s", async (name) => {
    const asked = await WebServer.start(server);
    flood.later(() => asked.stop());
    asked.answer = () => ({ body: BOMBS[name]! });
    const most = await grown(async () => {
      const error = await failureOf(new Axl(soapAt(asked.port), AT, silent).version(live()));
      expect(error.kind).toBe("answer");
    });
    expect(most).toBeLessThan(KEPT);
  });

  test("an entity that nobody defined stays as it is written", async () => {
    expect(await parseXml("<a>&j;</a>")).toEqual({ a: "&j;" });
  });

  test("a document type in another encoding is no XML at all", async () => {
    await expect(parseXml(Buffer.from("<!DOCTYPE x>", "utf16le").toString("utf8"))).rejects.toThrow(XmlError);
  });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
