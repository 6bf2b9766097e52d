/** The web forms against a server that says whatever a test wants. */
import { DEFAULT_WEB_FORMS } from "../../../../../providers/cucm/cluster/config";
import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import { CertificateWeb } from "../../../../../providers/cucm/cluster/transports/certificate-web";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { PlatformServer } from "../../../../../providers/cucm/cluster/transports/platform-server";
import { identity } from "../fakes/identities";
import { AT, failureOf, live, PLATFORM } from "../fakes/setup";
import { type Answer, type Seen, WebServer } from "../fakes/web-server";

const tomcat = identity("cucm-pub");
const stored = identity("one").certificate;
const LOGIN =
  '<form action="j_security_check" method="post"><input type="hidden" name="appNav" value="cmplatform"><input name="j_username"><input type="password" name="j_password"></form>';
const UPLOAD =
  '<form method="post" action="certificateUpload.do"><input type="hidden" name="token" value="t0ken"><select name="NAME"><option value="tomcat-trust"><option value="Phone-SAST-trust"></select><input type="file" name="FILE"><input type="submit" name="act" value="Upload File"></form>';
const row = (unit: string, href: string, text: string) =>
  `<tr><td>${unit}</td><td><a href="${href}">${text}</a></td></tr>`;
const LIST = `<table>${row("tomcat", "c.do?1", "tomcat.pem")}${row("CAPF-trust", "c.do?2", "one.pem")}</table>`;

let web: WebServer;
let access: CertificateWeb;
let pages: { [path: string]: string | ((request: Seen) => Answer) };
let loggedIn: boolean;

/** Path without the query of the list, so that a page can be given by a short name. */
const short = ({ path }: Seen) =>
  path.startsWith("/cmplatform/certificateFindList.do") ? "list" : path.replace("/cmplatform/", "");

beforeEach(async () => {
  web = await WebServer.start(tomcat);
  loggedIn = false;
  pages = { list: LIST, "c.do?2": `<pre>]${stored.pem}</pre>`, "certificateUpload.do": UPLOAD };
  web.answer = (request) => {
    if (request.path.endsWith("j_security_check")) {
      loggedIn = request.body.includes(`j_password=${PLATFORM.password}`);
      const headers = { "Set-Cookie": "JSESSIONID=AB12; Path=/; HttpOnly", Location: "/cmplatform/home.do" };
      return loggedIn ? { status: 302, headers } : { body: LOGIN };
    }
    if (!loggedIn) return { body: LOGIN };
    if (short(request) === "home.do") return { body: "Welcome" };
    const page = pages[short(request)];
    return typeof page === "function" ? page(request) : page === undefined ? { status: 404 } : { body: page };
  };
  const proof = { kind: "pin", sha256: [tomcat.certificate.sha256], whose: "a test" } as const;
  const target = { endpoint: AT, port: web.port, service: "Pages", proof, cryptography: MODERN };
  const options = {
    credentials: PLATFORM,
    refused: new RefusedCredentials(),
    timeoutMs: 5000,
    limit: 100_000,
  };
  access = new CertificateWeb(new PlatformServer(target, options, () => {}), DEFAULT_WEB_FORMS);
});
afterEach(() => web.stop());

const importOne = () => access.importTrust("Phone-SAST-trust", stored, live());
const deleteOne = () =>
  access.deleteTrust({ store: "CAPF-trust", file: "one.pem", certificate: stored }, live());
const asked = () => web.seen.map((request) => `${request.method} ${short(request)}`);

it("logs in with the fields of the login form and keeps the cookie", async () => {
  const [listed] = await access.list("trust", live());
  expect(listed).toMatchObject({ unit: "CAPF-trust", file: "one.pem" });
  expect((await access.show("trust", listed!, live()))!.sha256).toBe(stored.sha256);
  expect(asked().slice(0, 4)).toEqual(["GET list", "POST j_security_check", "GET home.do", "GET list"]);
  expect(web.seen[1]!.body).toBe(
    `appNav=cmplatform&j_username=${PLATFORM.username}&j_password=${PLATFORM.password}`,
  );
  expect(web.seen.slice(2).every(({ headers }) => headers.cookie === "JSESSIONID=AB12")).toBe(true);
});

it("reads pages until one has nothing new", async () => {
  const all = ["a", "b", "c"].map((name) => row("CAPF-trust", `c.do?${name}`, `${name}.pem`));
  pages.list = ({ path }) => {
    const number = Number(/pageNumber=(\d+)/.exec(path)![1]);
    return { body: `<table>${all[Math.min(number, 3) - 1]}</table>` };
  };
  expect((await access.list("trust", live())).map(({ file }) => file)).toEqual(["a.pem", "b.pem", "c.pem"]);
  let rows = 0;
  pages.list = () => ({ body: `<table>${row("CAPF-trust", `c.do?${rows++}`, "x.pem")}</table>` });
  access.refresh();
  expect((await failureOf(access.list("trust", live()))).detail).toContain("more than 40 pages");
});

it.each([
  ["a PEM", '<a href="d.do">Download .PEM File</a>', () => stored.pem],
  ["DER", '<form action="d.do"><input type="submit" value="download .pem"></form>', () => stored.der],
])("fetches a certificate that is not on its page as %s", async (_, control, file) => {
  pages["c.do?2"] = `0 <pre>Version: V3</pre> ${control}`;
  pages["d.do"] = pages["d.do?"] = () => ({ body: file() });
  const [listed] = await access.list("trust", live());
  expect((await access.show("trust", listed!, live()))!.sha256).toBe(stored.sha256);
});

it("uploads with what the form carries, and what it chooses", async () => {
  pages["certificateUpload.do"] = ({ method }) => ({
    body: method === "GET" ? UPLOAD : "<p>Menu <b>Status</b> Success: Certificate Uploaded",
  });
  await importOne();
  expect(access.lastAnswer).toBe("Status Success: Certificate Uploaded");
  const { headers, body } = web.seen.at(-1)!;
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(headers["content-type"]!)![1]!;
  const parts = body.split(`--${boundary}`);
  expect(parts.slice(1, 4).map((part) => part.trim().replace(/\r\n\r\n/, " = "))).toEqual([
    'Content-Disposition: form-data; name="token" = t0ken',
    'Content-Disposition: form-data; name="NAME" = Phone-SAST-trust',
    'Content-Disposition: form-data; name="act" = Upload File',
  ]);
  expect(parts[4]).toMatch(
    /name="FILE"; filename="[0-9a-f]{16}\.pem"\r\nContent-Type: .*\r\n\r\n-----BEGIN CERT/,
  );
  expect(parts[5]).toBe("--\r\n");
});

it("begins a write anew when the login page answers it, once", async () => {
  pages["certificateUpload.do"] = ({ method }) => {
    if (method === "POST") loggedIn = false;
    return { body: method === "GET" ? UPLOAD : LOGIN };
  };
  expect((await failureOf(importOne())).detail).toContain("twice in a row");
  expect(asked().filter((line) => line === "POST certificateUpload.do")).toHaveLength(2);
});

it.each([
  [
    "is not offered",
    UPLOAD.replaceAll("Phone-SAST-trust", "Phone-trust"),
    "offers tomcat-trust, Phone-trust",
  ],
  ["has no form", "Please wait", "no form with the fields NAME and FILE"],
])("an upload whose store %s is an error before anything is sent", async (_, page, said) => {
  pages["certificateUpload.do"] = page;
  expect((await failureOf(importOne())).message).toContain(said);
  expect(asked().at(-1)).toBe("GET certificateUpload.do");
});

describe("deletes", () => {
  const button =
    '<form method="post" action="del.do"><input type="hidden" name="token" value="t"><button name="go" value="1">Delete</button></form>';

  it("presses the button of the certificate that it means, not of another one of that name", async () => {
    const other = identity("one").certificate;
    pages.list = `<table>${row("CAPF-trust", "c.do?3", "one.pem")}${row("CAPF-trust", "c.do?2", "one.pem")}</table>`;
    pages["c.do?3"] = other.pem + button.replace("del.do", "wrong.do");
    pages["c.do?2"] = `${stored.pem}<a href="x.do">Delete All</a>${button}`;
    pages["del.do"] = "Status: deleted";
    await deleteOne();
    expect(web.seen.at(-1)).toMatchObject({ path: "/cmplatform/del.do", body: "token=t&go=1" });
    expect(access.lastAnswer).toBe("Status: deleted");
  });

  it("presses what the page has after the download, not before", async () => {
    let token = 0;
    const page = () => ({
      body: `<a href="d.do">Get .PEM</a>${button.replace('value="t"', `value="${++token}"`)}`,
    });
    pages["c.do?2"] = page;
    pages["d.do"] = stored.pem;
    pages["del.do"] = "deleted";
    await deleteOne();
    expect(web.seen.at(-1)!.body).toBe("token=2&go=1");
  });

  it.each([
    ["none", ""],
    ["one for scripts", '<a href="javascript:del()">Delete</a><input type="button" value="Delete">'],
    ["more than one", '<a href="a.do">Delete this</a><a href="b.do">Delete that</a>'],
  ])("refuses when the page has %s", async (_, control) => {
    pages["c.do?2"] = stored.pem + control;
    const error = await failureOf(deleteOne());
    expect(error.kind).toBe("refused");
    expect(error.detail).toContain("spellings.web_forms.delete_button");
    expect(asked().filter((line) => /^POST (?!j_)/.test(line))).toEqual([]);
  });

  it("does not mind one that vanishes before the button is pressed", async () => {
    let times = 0;
    pages["c.do?2"] = () => {
      if (++times === 1) return { body: stored.pem };
      pages.list = `<table>${row("tomcat", "c.do?1", "tomcat.pem")}</table>`;
      return { body: "no such certificate" };
    };
    await deleteOne();
    expect(access.lastAnswer).toContain("not listed");
  });

  it("does not mind one that is gone", async () => {
    pages.list = `<table>${row("tomcat", "c.do?1", "tomcat.pem")}</table>`;
    await deleteOne();
    expect(access.lastAnswer).toContain("not listed");
  });
});

it("takes no page without end", async () => {
  pages.list = "<td>".repeat(30_000);
  expect((await failureOf(access.list("trust", live()))).detail).toContain("more than 100000 bytes");
});

it.each([
  ["another host", "https://idp.example.com/sso"],
  ["a script", "javascript:show(1)"],
])("follows no link to %s", async (_, href) => {
  pages.list = `<table>${row("CAPF-trust", href, "one.pem")}</table>`;
  const [listed] = await access.list("trust", live());
  const error = await failureOf(access.show("trust", listed!, live()));
  expect(error.detail).toContain(href.slice(0, 15));
  expect(asked().at(-1)).toBe("GET list");
});

it("follows a redirect to the node's own names only, and not without end", async () => {
  pages.list = () => ({
    status: 302,
    headers: { Location: "https://cucm-pub.example.com:8443/cmplatform/c.do?2" },
  });
  expect((await failureOf(access.list("trust", live()))).detail).toContain("it has no trust certificate");
  pages.list = () => ({ status: 302, headers: { Location: "https://cucm-public.example.com/" } });
  access.refresh();
  expect((await failureOf(access.list("trust", live()))).detail).toContain("single sign-on");
  pages.list = () => ({ status: 302, headers: { Location: "/cmplatform/certificateFindList.do" } });
  access.refresh();
  expect((await failureOf(access.list("trust", live()))).summary).toContain("redirects without end");
});

it("a login that leads to the login page again is a refused password, tried once", async () => {
  web.answer = () => ({ body: `${LOGIN} ${PLATFORM.password}` });
  const error = await failureOf(access.list("trust", live()));
  expect(error.kind).toBe("credentials");
  expect(error.message).not.toContain(PLATFORM.password);
  expect((await failureOf(importOne())).kind).toBe("credentials");
  expect(asked().filter((line) => line.startsWith("POST"))).toHaveLength(1);
});

it("a certificate that vanished is none; a page without one is an error", async () => {
  const [listed] = await access.list("trust", live());
  pages["c.do?2"] = "nothing here";
  expect((await failureOf(access.show("trust", listed!, live()))).detail).toContain("download_button");
  const buttons = ["Delete", "Download", "Regenerate"].map((label) => `<a href="x.do">${label}</a>`);
  pages["c.do?2"] = buttons.join("");
  const toSet = (await failureOf(access.show("trust", listed!, live()))).detail.split("\n").slice(1, -1);
  // What else there is to click is not proposed.
  expect(toSet).toEqual([
    '  spellings = { web_forms = { download_button = "Download" } }',
    '  certificate_transport = "cli"',
  ]);
  pages.list = `<table>${row("CAPF-trust", "c.do?9", "nine.pem")}</table>`;
  expect(await access.show("trust", listed!, live())).toBeNull();
});
