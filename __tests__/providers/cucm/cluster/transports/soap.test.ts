/** What AXL, Control Center and RIS have in common: identity, credentials, errors. */

import type { HostIdentity } from "../../../../../providers/cucm/cluster/config";
import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import {
  SoapFault,
  SoapServer,
  type SoapServerOptions,
} from "../../../../../providers/cucm/cluster/transports/soap";
import { proofOf } from "../../../../../providers/cucm/cluster/transports/verified-tls";
import { authority, identity, type ServerIdentity } from "../fakes/identities";
import { ADDRESS, APPLICATION, AT, failureOf, live } from "../fakes/setup";
import { fault, soap, WebServer } from "../fakes/web-server";

const ca = authority();
const own = identity("cucm-pub");
const signed = identity("cucm-pub", { by: ca, dnsNames: ["cucm-pub"] });
const elsewhere = identity("other", { by: ca, dnsNames: ["other.example.com"] });
const OK = { body: soap("<pingResponse><return>1</return></pingResponse>") };

let web: WebServer;
const logged: string[] = [];
const opened: SoapServer[] = [];

async function start(shows: ServerIdentity = own) {
  web = await WebServer.start(shows);
  web.answer = () => OK;
}

function server(changes: Partial<HostIdentity> = {}, options: Partial<SoapServerOptions> = {}) {
  const pins = { tlsSha256: { [ADDRESS]: [own.certificate.sha256] }, caPem: null, sshSha256: {}, ...changes };
  const soapServer = new SoapServer(
    {
      endpoint: AT,
      port: web.port,
      service: "AXL",
      proof: proofOf(pins, ADDRESS),
      cryptography: MODERN,
    },
    {
      credentials: APPLICATION,
      refused: new RefusedCredentials(),
      timeoutMs: 3000,
      concurrency: 2,
      role: "Standard AXL API Access",
      keepSession: true,
      retry: { attempts: 3, firstDelayMs: 20, maxDelayMs: 50 },
      ...options,
    },
    (line, fields) => logged.push(`${line} ${JSON.stringify(fields)}`),
  );
  opened.push(soapServer);
  return soapServer;
}
const CALL = { operation: "ping", path: "/axl/", soapAction: "ping", namespace: "urn:x", body: "<ns:ping/>" };
const ping = (to: SoapServer, write = false) => to.call({ ...CALL, write }, live());

afterEach(async () => {
  for (const each of opened.splice(0)) each.close();
  await web.stop();
  const basic = Buffer.from(`${APPLICATION.username}:${APPLICATION.password}`).toString("base64");
  for (const secret of [APPLICATION.password, basic]) expect(logged.join("\n")).not.toContain(secret);
  logged.length = 0;
});

describe("who the server is", () => {
  it("is proven by a pin, in whatever form it is written", async () => {
    await start();
    const colons = own.certificate.sha256.toUpperCase().replace(/..(?=.)/g, "$&:");
    await ping(server());
    await ping(server({ tlsSha256: { [ADDRESS]: ["00".repeat(32), colons] } }));
    await ping(server({ tlsSha256: { "*": [own.certificate.sha256] } }));
    expect(web.seen).toHaveLength(3);
  });

  it("is refused with another pin, before a request is sent", async () => {
    await start();
    const error = await failureOf(ping(server({ tlsSha256: { [ADDRESS]: ["ab".repeat(32)] } })));
    expect(error.kind).toBe("identity");
    expect(error.detail).toContain(own.certificate.sha256);
    expect(web.connections).toBe(1);
    expect(web.seen).toEqual([]);
  });

  it("is asked for when nothing is configured: fingerprint and line to add", async () => {
    await start();
    const error = await failureOf(ping(server({ tlsSha256: {} })));
    expect(error.kind).toBe("identity");
    expect(error.detail).toContain(
      `identities = { "127.0.0.1" = { tls_sha256 = ["${own.certificate.sha256}"] } }`,
    );
    expect(web.seen).toEqual([]);
  });

  it("is proven by a CA and one of the node's names", async () => {
    await start(signed);
    await ping(server({ tlsSha256: {}, caPem: ca.pem }));
    expect(web.seen).toHaveLength(1);
  });

  it("is refused with a certificate of the right CA for another host", async () => {
    await start(elsewhere);
    const error = await failureOf(ping(server({ tlsSha256: {}, caPem: ca.pem })));
    expect(error.kind).toBe("identity");
    expect(error.summary).toContain("for another host");
    expect(web.seen).toEqual([]);
  });

  it("is refused with a certificate of another CA, and self-signed", async () => {
    await start(signed);
    const other = await failureOf(ping(server({ tlsSha256: {}, caPem: authority("Other CA").pem })));
    expect(other.kind).toBe("identity");
    expect(other.summary).toContain("not signed by the configured CA");
    expect(web.seen).toEqual([]);
    await web.stop();
    await start(own);
    const selfSigned = await failureOf(ping(server({ tlsSha256: {}, caPem: ca.pem })));
    expect(selfSigned.kind).toBe("identity");
    expect(web.seen).toEqual([]);
  });

  it("is decided by the pin alone where there is one, even if the CA would do", async () => {
    await start(signed);
    const error = await failureOf(ping(server({ caPem: ca.pem })));
    expect(error.kind).toBe("identity");
    expect(web.seen).toEqual([]);
  });

  it("is asked again on every new connection", async () => {
    await start();
    const to = server();
    await ping(to);
    const { port } = web;
    await web.stop();
    web = await WebServer.start(identity("cucm-pub"), port);
    web.answer = () => OK;
    expect((await failureOf(ping(to))).kind).toBe("identity");
    expect(web.seen).toEqual([]);
  });
});

describe("credentials", () => {
  it("are sent once; then the session cookie does", async () => {
    await start();
    web.answer = () => ({ ...OK, headers: { "Set-Cookie": "JSESSIONIDSSO=0A1B; Path=/; Secure" } });
    const to = server();
    await ping(to);
    await ping(to);
    expect(web.seen[0]!.headers.authorization).toMatch(/^Basic /);
    expect(web.seen[1]!.headers.authorization).toBeUndefined();
    expect(web.seen[1]!.headers.cookie).toBe("JSESSIONIDSSO=0A1B");
  });

  it.each([404, 401, 403])("are sent again when the session has expired (HTTP %d)", async (status) => {
    await start();
    web.answer = ({ headers }) =>
      headers.authorization ? { ...OK, headers: { "Set-Cookie": "JSESSIONIDSSO=0A1B" } } : { status };
    const to = server();
    await ping(to);
    await ping(to);
    expect(web.seen.map(({ headers }) => (headers.authorization ? "basic" : "cookie"))).toEqual([
      "basic",
      "cookie",
      "basic",
    ]);
  });

  it("are sent each time where sessions are not documented", async () => {
    await start();
    web.answer = () => ({ ...OK, headers: { "Set-Cookie": "JSESSIONIDSSO=0A1B" } });
    const to = server({}, { keepSession: false });
    await ping(to);
    await ping(to);
    expect(web.seen.every(({ headers }) => headers.authorization !== undefined)).toBe(true);
  });

  it.each([
    [401, "credentials", "user name or password"],
    [403, "authorization", "Standard AXL API Access"],
    [404, "refused", "activated"],
  ])("HTTP %d is %s", async (status, kind, words) => {
    await start();
    web.answer = () => ({ status, body: "<html>error</html>" });
    const error = await failureOf(ping(server()));
    expect(error.kind).toBe(kind);
    expect(error.detail).toContain(words);
    expect(error.message).not.toContain(APPLICATION.password);
    expect(web.seen).toHaveLength(1);
  });

  it("that are refused are named by where they are set", async () => {
    await start();
    web.answer = () => ({ status: 401 });
    const credentials = { ...APPLICATION, from: "CUCM_SOURCE_APPLICATION_USERNAME and ..._PASSWORD" };
    const { detail } = await failureOf(ping(server({}, { credentials })));
    expect(detail).toContain(
      `Cluster "${AT.cluster}", credentials from CUCM_SOURCE_APPLICATION_USERNAME and ..._PASSWORD.`,
    );
  });
});

describe("a busy server", () => {
  it.each([
    ["HTTP 503", { status: 503, body: "<html>Service Unavailable</html>" }],
    [
      "a memory fault",
      fault("Maximum AXL Memory Allocation Consumed. Please retry once requests in progress have completed"),
    ],
    [
      "a rate fault",
      fault(
        "Exceeded allowed rate for Perfmon information. Current allowed rate for perfmon information is 80 requests per minute.PerfmonService",
      ),
    ],
  ])("is asked again after %s", async (_, busy) => {
    await start();
    let refusals = 2;
    web.answer = () => (refusals-- > 0 ? busy : OK);
    await ping(server());
    expect(web.seen).toHaveLength(3);
  });

  it("shows a page as its text", async () => {
    await start();
    web.answer = () => ({ status: 503, body: "<html><body><h1>Service Unavailable</h1></body></html>" });
    const { detail } = await failureOf(ping(server()));
    expect(detail).toContain("HTTP 503: Service Unavailable");
  });

  it("HTTP 599 of a service without versions is an answer like another", async () => {
    await start();
    web.answer = () => ({ status: 599, body: "<html><body>HTTP Status 599</body></html>" });
    expect((await failureOf(ping(server()))).detail).toContain("HTTP 599");
  });

  it("is given up in the end", async () => {
    await start();
    web.answer = () => ({ status: 503 });
    const error = await failureOf(ping(server()));
    expect(error.kind).toBe("unreachable");
    expect(error.summary).toContain("stays busy");
    expect(web.seen).toHaveLength(3);
  });

  it("is not waited for when cancelled", async () => {
    await start();
    web.answer = () => ({ status: 503 });
    const cancel = new AbortController();
    const to = server({}, { retry: { attempts: 3, firstDelayMs: 60_000, maxDelayMs: 60_000 } });
    const call = to.call(CALL, cancel.signal);
    setTimeout(() => cancel.abort(), 100);
    expect((await failureOf(call)).kind).toBe("cancelled");
  });
});

describe("answers that are none", () => {
  it.each([
    ["HTML", "<html><body><h1>Welcome</h1></body></html>", "not a SOAP envelope"],
    ["nothing", "", "(empty)"],
    ["cut XML", soap("<pingResponse><return>1").slice(0, -60), "not well-formed"],
    ["a document type", `<!DOCTYPE x [<!ENTITY a "b">]>${OK.body}`, "<!DOCTYPE"],
  ])("%s", async (_, body, words) => {
    await start();
    web.answer = () => ({ body });
    const error = await failureOf(ping(server()));
    expect(error.kind).toBe("answer");
    expect(error.detail).toContain(words);
  });

  it("too much", async () => {
    await start();
    web.answer = () => ({ body: Buffer.alloc(17 * 1024 * 1024, 0x20) });
    const error = await failureOf(ping(server()));
    expect(error.kind).toBe("answer");
    expect(error.summary).toContain("too much");
  });

  it("a fault, with AXL's own message", async () => {
    await start();
    web.answer = () =>
      fault(
        "Item not valid",
        "<detail><axlError><axlcode>5007</axlcode><axlmessage>The specified SEP1 was not found &amp; more</axlmessage></axlError></detail>",
      );
    await expect(ping(server())).rejects.toMatchObject({
      faultString: "Item not valid (The specified SEP1 was not found & more)",
      code: "5007",
    });
    await expect(ping(server())).rejects.toBeInstanceOf(SoapFault);
  });

  it("silence", async () => {
    await start();
    web.answer = () => new Promise(() => {});
    const error = await failureOf(ping(server({}, { timeoutMs: 200 })));
    expect(error.kind).toBe("timeout");
  });

  it("nobody", async () => {
    await start();
    const to = server();
    await web.stop();
    const error = await failureOf(ping(to));
    expect(error.kind).toBe("unreachable");
    expect(error.summary).toBe("Cannot reach AXL of 127.0.0.1");
  });

  it("a cut connection leaves a write in doubt, and it is not repeated", async () => {
    await start();
    web.answer = () => ({ cut: true });
    const error = await failureOf(ping(server(), true));
    expect(error.kind).toBe("broken off");
    expect(error.detail).toContain("may or may not have been done");
    expect(web.seen).toHaveLength(1);
  });

  it("a kept connection that was closed meanwhile is replaced for a read", async () => {
    await start();
    const to = server();
    await ping(to);
    web.answer = () => {
      web.answer = () => OK;
      return { cut: true };
    };
    await ping(to);
    expect(web.seen).toHaveLength(3);
  });
});

it("asks no more at a time than it may", async () => {
  await start();
  let inside = 0;
  let most = 0;
  web.answer = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside--;
    return OK;
  };
  const to = server();
  await Promise.all(Array.from({ length: 8 }, () => ping(to)));
  expect(most).toBe(2);
  expect(web.connections).toBe(2);
});
