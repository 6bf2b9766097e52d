/** The REST transport against a server that says whatever a test wants. */
import type { CertificateAccess } from "../../../../../providers/cucm/cluster/certificate-access";
import { DEFAULT_SPELLINGS } from "../../../../../providers/cucm/cluster/config";
import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import { CertificateRest } from "../../../../../providers/cucm/cluster/transports/certificate-rest";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { NotOffered, PlatformServer } from "../../../../../providers/cucm/cluster/transports/platform-server";
import { identity } from "../fakes/identities";
import { AT, failureOf, live, PLATFORM } from "../fakes/setup";
import { type Answer, WebServer } from "../fakes/web-server";

const tomcat = identity("cucm-pub");
const stored = identity("one").certificate;
const other = identity("other").certificate;
const SNAPSHOT = {
  identities: [{ service: "CallManager", certificate: other.pem }],
  trusts: [{ service: "CAPF", certificate_data: [{ filename: "one", certificate: stored.pem }] }],
};
const BASIC = `Basic ${Buffer.from(`${PLATFORM.username}:${PLATFORM.password}`).toString("base64")}`;

let web: WebServer;
let rest: CertificateRest;
const deleted: string[] = [];
const cli = {
  lastAnswer: "gone",
  list: async () => [
    { unit: "CAPF-trust", file: "one.pem" },
    { unit: "CAPF-trust", file: "one_other.pem" },
  ],
  show: async (_: string, { file }: { file: string }) => (file === "one.pem" ? stored : other),
  deleteTrust: async ({ store, file }: { store: string; file: string }) =>
    void deleted.push(`${store}/${file}`),
  refresh: () => {},
} as unknown as CertificateAccess;

function connect(pin: string, credentials = PLATFORM): CertificateRest {
  const proof = { kind: "pin", sha256: [pin], whose: "a test" } as const;
  const target = { endpoint: AT, port: web.port, service: "Certificates", proof, cryptography: MODERN };
  const retry = { attempts: 2, firstDelayMs: 1, maxDelayMs: 1 };
  const options = {
    credentials,
    refused: new RefusedCredentials(),
    timeoutMs: 5000,
    limit: 100_000,
    retry,
  };
  return new CertificateRest(
    new PlatformServer(target, options, () => {}),
    DEFAULT_SPELLINGS.restService,
    cli,
  );
}

beforeEach(async () => {
  web = await WebServer.start(tomcat);
  web.answer = () => ({ body: JSON.stringify(SNAPSHOT) });
  deleted.length = 0;
  rest = connect(tomcat.certificate.sha256);
});
afterEach(() => web.stop());

const answers = (answer: Answer) => {
  web.answer = () => answer;
};
const importOne = () => rest.importTrust("Phone-SAST-trust", stored, live());

it("reads with one request until it is refreshed", async () => {
  const [[own], [trust]] = await Promise.all([rest.list("own", live()), rest.list("trust", live())]);
  expect([own!.unit, own!.certificate!.sha256]).toEqual(["CallManager", other.sha256]);
  expect([trust!.unit, trust!.file, trust!.certificate!.sha256]).toEqual([
    "CAPF-trust",
    "one",
    stored.sha256,
  ]);
  expect((await rest.show("trust", trust!, live()))!.sha256).toBe(stored.sha256);
  expect(await rest.show("trust", { unit: "CAPF-trust", file: "another" }, live())).toBeNull();
  expect(web.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /platformcom/api/v1/certmgr/config/snapshot/server",
  ]);
  expect(web.seen[0]!.headers).toMatchObject({ authorization: BASIC, accept: "application/json" });
  rest.refresh();
  await rest.list("own", live());
  expect(web.seen).toHaveLength(2);
});

it("imports with the spelling of the store, and believes no status", async () => {
  answers({ status: 201, body: '{"message":"Success"}' });
  await importOne();
  expect(rest.lastAnswer).toBe("HTTP 201: Success");
  expect(JSON.parse(web.seen[0]!.body)).toEqual({
    service: ["Phone-SAST"],
    certificates: [stored.pem],
    description: "phone migration",
  });
});

it.each([400, 409, 500])("an import that is answered %i is refused: reading back decides", async (status) => {
  web.answer = ({ method }) =>
    method === "GET" ? { body: JSON.stringify(SNAPSHOT) } : { status, body: '{"error":"it exists"}' };
  expect(await failureOf(importOne())).toMatchObject({
    kind: "refused",
    detail: expect.stringContaining(`HTTP ${status}: it exists. The stores that it lists are called CAPF.`),
  });
});

it("deletes by the CLI what the CLI calls otherwise, by its fingerprint", async () => {
  await rest.deleteTrust({ store: "CAPF-trust", file: "one", certificate: stored }, live());
  expect(deleted).toEqual(["CAPF-trust/one.pem"]);
  expect(rest.lastAnswer).toBe("gone");
  await rest.deleteTrust({ store: "CAPF-trust", file: "x", certificate: tomcat.certificate }, live());
  expect(deleted).toHaveLength(1);
  expect(rest.lastAnswer).toContain("does not list it");
});

it.each<[string, Answer, string]>([
  ["a page", { body: "<html><title>Log in</title><h1>Welcome" }, "a page instead of JSON: Log in Welcome"],
  ["a redirect", { status: 302, headers: { Location: "/x" } }, "HTTP 302: (empty)"],
  ["no JSON", { body: "{" }, "it is no JSON: {"],
  ["no certificate", { body: '{"identities":[],"trusts":[]}' }, "it has no own certificate"],
  ["too much", { body: Buffer.alloc(100_001, " ") }, "more than 100000 bytes"],
  ["what it was told", { status: 500, body: `{"message":"${PLATFORM.password} ${BASIC}"}` }, "*** Basic ***"],
])("%s is an error", async (_, answer, said) => {
  answers(answer);
  const error = await failureOf(rest.list("own", live()));
  expect(error.kind).toBe("answer");
  expect(error.message).toContain(said);
  expect(error.message).not.toContain(PLATFORM.password);
});

it("a password is told back in no spelling", async () => {
  const password = `Se cret!(1)'x~\\"<&>`;
  const form = new URLSearchParams([["j_password", password]]).toString();
  const spelt = { form, json: JSON.stringify({ password }), path: encodeURIComponent(password) };
  for (const [how, echo] of Object.entries({ ...spelt, page: "Se cret!(1)&#39;x~\\&quot;&lt;&amp;&gt;" })) {
    answers({ status: 500, body: `you said ${echo}` });
    const { message } = await failureOf(
      connect(tomcat.certificate.sha256, { username: "admin", password }).list("own", live()),
    );
    expect({ how, tells: /cret/.test(message) }).toEqual({ how, tells: false });
    expect(message).toContain("***");
  }
});

it("a certificate that cannot be read is an error for who asks for it", async () => {
  const data = [{ filename: "bad", certificate: "?" }];
  answers({ body: JSON.stringify({ ...SNAPSHOT, trusts: [{ service: "CAPF", certificate_data: data }] }) });
  const [bad] = await rest.list("trust", live());
  const error = await failureOf(rest.show("trust", bad!, live()));
  expect(error.detail).toContain("the certificate CAPF-trust/bad cannot be read (it has no PEM)");
});

it("tells nothing to a server that shows another certificate", async () => {
  const error = await failureOf(connect(other.sha256).list("own", live()));
  expect(error.kind).toBe("identity");
  expect(web.seen).toEqual([]);
});

it("a password is tried once after a 401", async () => {
  answers({ status: 401 });
  expect((await failureOf(rest.list("own", live()))).kind).toBe("credentials");
  expect((await failureOf(importOne())).kind).toBe("credentials");
  expect(web.seen).toHaveLength(1);
});

it("a node that stays busy can be asked again later", async () => {
  answers({ status: 503, body: "<h1>Service Unavailable" });
  const error = await failureOf(rest.list("own", live()));
  expect(error).toMatchObject({ kind: "unreachable", summary: "Certificates of 127.0.0.1 stays busy" });
  expect(error.detail).toContain("HTTP 503: Service Unavailable");
  expect(web.seen).toHaveLength(2);
});

it("says when the interface is not there: 404 for good, nothing that listens for now", async () => {
  answers({ status: 404 });
  await expect(rest.list("own", live())).rejects.toMatchObject({ name: "NotOffered", lasting: true });
  await web.stop();
  const error = await rest.list("own", live()).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(NotOffered);
  expect(error).toMatchObject({ lasting: false, reason: { kind: "unreachable" } });
  web = await WebServer.start();
});

it("a connection that ends before an import is answered leaves it in doubt", async () => {
  answers({ cut: true });
  expect(await failureOf(importOne())).toMatchObject({ kind: "broken off" });
  expect(web.seen).toHaveLength(1);
});
