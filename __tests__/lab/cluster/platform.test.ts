/** Certificate REST and OS administration of the lab, asked without the product's clients. */
import { request as httpsRequest } from "node:https";
import type { RunningClusters } from "../../../lab/cluster/start";
import { Certificate } from "../../../trust/certificate";
import { identity } from "../../providers/cucm/cluster/fakes/identities";
import { ACCOUNTS, fault, PHONES, startLab, state } from "./support";

const SNAPSHOT = "/platformcom/api/v1/certmgr/config/snapshot/server";
const TRUST = "/platformcom/api/v1/certmgr/config/trust/certificates";
const LIST = "/cmplatform/certificateFindList.do?rowsPerPage=250";
const UPLOAD = "/cmplatform/certificateUpload.do";
const OS = "osadmin:os-source";
const certificate = identity("somebody").certificate;

let lab: RunningClusters;
beforeAll(async () => {
  lab = await startLab({
    phones: PHONES,
    source: { version: "14.0.1.12900-161" },
    drawn: {
      source: {
        rest: { storeNames: "bare", fileNames: "as-the-cli", unitNames: "as-the-cli", duplicate: 409 },
        web: { list: "file names", rows: 10, pem: "on the page", delete: "button" },
        olderImport: "says-error",
      },
    },
  });
}, 60_000);
afterAll(() => lab.close());

interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: string;
}

function ask(
  path: string,
  { body, auth, cookie, type }: { body?: string; auth?: string; cookie?: string; type?: string } = {},
  name: "source" | "destination" = "source",
): Promise<Answer> {
  const { publisher, ports } = lab.ready[name];
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: publisher,
        port: ports.platform,
        path,
        method: body === undefined ? "GET" : "POST",
        auth,
        rejectUnauthorized: false,
        agent: false,
        headers: {
          ...(cookie === undefined ? {} : { cookie }),
          ...(type === undefined ? {} : { "content-type": type }),
        },
      },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString() });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

const importOne = (pem: string, service = lab.ready.source.spellings.restService["CAPF-trust"]!) =>
  ask(TRUST, { auth: OS, body: JSON.stringify({ service: [service], certificates: [pem] }) });

describe("certificate REST", () => {
  it("is there from 14 on, for the OS administrator", async () => {
    expect((await ask(SNAPSHOT, {}, "destination")).status).toBe(404);
    const refused = await ask(SNAPSHOT, { auth: "app:app-source" });
    expect(refused.status).toBe(401);
    expect(refused.headers["www-authenticate"]).toBe('Basic realm="CMPlatform Realm"');
    const { status, body } = await ask(SNAPSHOT, { auth: OS });
    expect(status).toBe(200);
    const { identities, trusts } = JSON.parse(body);
    expect(identities.map(({ service }: { service: string }) => service)).toContain("ITLRecovery");
    expect(trusts.map(({ service }: { service: string }) => service)).toContain("Phone-SAST");
    const [{ filename, certificate: pem }] = trusts[1].certificate_data;
    expect(filename).toMatch(/\.pem$/);
    expect(Certificate.fromPem(pem).subject).not.toBe("");
  });

  it("imports as the CLI does: once, the later one of a name, and no service that it does not know", async () => {
    expect((await importOne(certificate.pem)).status).toBe(201);
    expect((await importOne(certificate.pem)).status).toBe(409);
    // Valid from the same day, so it is not later.
    const older = await importOne(identity("somebody").certificate.pem);
    expect([older.status, older.body]).toEqual([400, expect.stringContaining("older")]);
    const stores = (await state(lab.ready.control)).clusters.source.nodes["cucm10-pub"]!.stores;
    expect(stores["CAPF-trust"]!.filter(({ sha256 }) => sha256 === certificate.sha256)).toHaveLength(1);
    expect((await importOne(certificate.pem, "no-such")).status).toBe(400);
    expect((await importOne("no certificate")).status).toBe(400);
    expect((await ask(TRUST, { auth: OS, body: "{" })).status).toBe(400);
    expect((await ask(TRUST, { auth: OS })).status).toBe(405);
  });
});

describe("OS administration", () => {
  const cookieOf = ({ headers }: Answer) => headers["set-cookie"]![0]!.split(";")[0]!;
  const { username, password } = ACCOUNTS.source.platform;

  async function logIn(): Promise<string> {
    const cookie = cookieOf(await ask(LIST));
    const body = new URLSearchParams({ j_username: username, j_password: password }).toString();
    const answer = await ask("/cmplatform/j_security_check", { cookie, body });
    expect([answer.status, String(answer.headers.location)]).toEqual([302, expect.stringContaining(LIST)]);
    return cookieOf(answer);
  }

  it("shows its login page to who has no session, and takes one login form for one session", async () => {
    const first = await ask(LIST);
    expect([first.status, first.body]).toEqual([200, expect.stringContaining('name="j_password"')]);
    const wrong = { cookie: cookieOf(first), body: "j_username=osadmin&j_password=wrong" };
    expect((await ask("/cmplatform/j_security_check", wrong)).body).toContain("Log on failed");
    expect((await ask("/cmplatform/j_security_check", { body: wrong.body })).status).toBe(408);
    const list = await ask(LIST, { cookie: await logIn() });
    expect(list.body.match(/<tr class=cuesTableRow>/g)).toHaveLength(10);
  });

  it("takes the token of the last form only", async () => {
    const cookie = await logIn();
    const token = /name="token" value="(\w+)"/.exec((await ask(UPLOAD, { cookie })).body)![1]!;
    const upload = (given: string) =>
      ask(UPLOAD, {
        cookie,
        type: "multipart/form-data; boundary=x",
        body: Object.entries({ token: given, NAME: "CallManager-trust", FILE: certificate.pem })
          .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
          .concat("--x--\r\n")
          .join(""),
      });
    expect((await upload("another")).body).toContain("not valid any more");
    expect((await upload(token)).body).toContain("Certificate Uploaded");
    expect((await upload(token)).body).toContain("not valid any more");
  });
});

it("answers wrongly as often as it is told to, and heals", async () => {
  const spoil = (answer: unknown, count: number) =>
    fault(lab.ready.control, { kind: "platform", cluster: "source", interface: "rest", answer, count });
  await spoil(500, 1);
  await spoil("page", 2);
  const statuses = async () => (await ask(SNAPSHOT, { auth: OS })).body.slice(0, 10);
  expect([await statuses(), await statuses()]).toEqual(['{"message"', "<!DOCTYPE "]);
  await fault(lab.ready.control, { kind: "heal" });
  expect(await statuses()).toBe('{"tracking');
});

it("says what it drew, and has it in what a declaration is given", () => {
  const words = lab.ready.drawn.join("\n");
  expect(words).toContain(
    "source: certificate REST names stores without -trust and answers 409 to a duplicate",
  );
  expect(words).toContain("destination: certificate REST is not there before 14");
  expect(words).toContain(
    "source: OS administration lists file names, 10 to a page; PEM on the page, delete by a button",
  );
  expect(Object.keys(lab.ready.source.spellings.restService)).toContain("Phone-SAST-trust");
  expect(lab.ready.source.spellings.webForms.deleteButton).not.toBe("");
});
