import { randomBytes } from "node:crypto";
import { Certificate, CertificateError } from "../../../trust/certificate";
import type { ImportResult, LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { STORES, type Store, type Unit } from "../stores";
import { type PlatformReply, type PlatformRequest, page } from "./platform";
import { escapeXml } from "./soap";

const BASE = "/cmplatform";
/** Several public programs. */
const USUAL_FORMS = {
  listPath: `${BASE}/certificateFindList.do`,
  uploadPath: `${BASE}/certificateUpload.do`,
  storeField: "NAME",
  fileField: "FILE",
};
const SESSION_LIFE = 30 * 60 * 1000;

interface Session {
  loggedIn: boolean;
  /** What was asked for before the login. */
  wanted: string;
  /** Of the form that was shown last: another one makes it void. */
  token: string;
  used: number;
}

interface Entry {
  readonly unit: Unit | Store;
  readonly file: string;
  readonly certificate: Certificate;
}

/** The certificate pages of OS administration: a login form, a cookie, a list, an upload, a page for each certificate. */
export class OsAdministration {
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly cluster: LabCluster,
    private readonly node: LabNode,
    private readonly isAdministrator: (username: string, password: string) => boolean,
  ) {}

  endSessions(): void {
    this.sessions.clear();
  }

  answer(request: PlatformRequest): PlatformReply {
    const path = request.url.pathname.slice(BASE.length);
    const session = this.session(request);
    if (path === "/j_security_check") return this.logIn(request, session);
    if (session === undefined || !session.loggedIn) return this.loginPage(request);
    session.used = Date.now();
    const { list, upload } = this.paths;
    switch (`${request.method} ${path}`) {
      case `GET ${list}`:
        return this.list(request.url);
      case `GET ${upload}`:
        return this.uploadPage(session);
      case `POST ${upload}`:
        return this.upload(request, session);
      case "GET /certificateEdit.do":
        return this.details(request.url, session);
      case "GET /certificateDownload.do":
        return this.download(request.url, session);
      case "GET /certificateDelete.do":
        return this.delete(request.url.searchParams, session);
      case "POST /certificateDelete.do":
        return this.delete(new URLSearchParams(request.body), session);
      default:
        return page(404, "HTTP Status 404", escapeXml(request.url.pathname));
    }
  }

  /** Below {@link BASE}. */
  private get paths(): { readonly list: string; readonly upload: string } {
    const { listPath, uploadPath } = this.forms;
    const below = (path: string) => path.split("?")[0]!.slice(BASE.length);
    return { list: below(listPath), upload: below(uploadPath) };
  }

  private get forms(): typeof USUAL_FORMS {
    return { ...USUAL_FORMS, ...this.cluster.drawn.spellings.webForms };
  }

  private session(request: PlatformRequest): Session | undefined {
    const id = /(?:^|;\s*)JSESSIONID=([0-9A-F]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
    const session = this.sessions.get(id);
    return session !== undefined && Date.now() - session.used < SESSION_LIFE ? session : undefined;
  }

  private loginPage({ method, url }: PlatformRequest, complaint = ""): PlatformReply {
    const wanted = method === "GET" ? url.pathname + url.search : `${BASE}/showHome.do`;
    const id = this.open({ loggedIn: false, wanted });
    const shown = page(
      200,
      "Cisco Unified Operating System Administration",
      `<form name="logonForm" method="post" action="j_security_check"><input type="hidden" name="appNav" value="cmplatform">
<table><tr><td>Username</td></tr><tr><td><input name="j_username"></td></tr><tr><td>Password</td></tr><tr><td><input type="password" name="j_password"></td></tr></table>
<button class="cuesLoginButton" type="submit">Login</button> ${complaint}</form>`,
    );
    return { ...shown, headers: cookie(id) };
  }

  private open(start: Pick<Session, "loggedIn" | "wanted">): string {
    const id = randomBytes(16).toString("hex").toUpperCase();
    this.sessions.set(id, { ...start, token: "", used: Date.now() });
    return id;
  }

  private logIn(request: PlatformRequest, session: Session | undefined): PlatformReply {
    // Tomcat's form login hangs on the session that it began.
    if (request.method !== "POST" || session === undefined)
      return page(408, "HTTP Status 408", "The time allowed for the login process has been exceeded.");
    const form = new URLSearchParams(request.body);
    if (!this.isAdministrator(form.get("j_username") ?? "", form.get("j_password") ?? ""))
      return this.loginPage(request, "Log on failed - Invalid User ID or Password");
    const id = this.open({ loggedIn: true, wanted: "" });
    const reply = page(302, "Found", "");
    return {
      ...reply,
      headers: { ...cookie(id), Location: `https://${this.node.address}${session.wanted}` },
    };
  }

  private entries(): Entry[] {
    return [
      ...this.node.units().map((unit) => ({
        unit,
        file: `${unit}.pem`,
        certificate: this.node.identity(unit).certificate,
      })),
      ...STORES.flatMap((unit) =>
        [...this.node.entries(unit)].map(([file, certificate]) => ({ unit, file, certificate })),
      ),
    ];
  }

  private find(query: URLSearchParams): Entry | undefined {
    return this.entries().find(({ unit, file }) => unit === query.get("unit") && file === query.get("cert"));
  }

  private list(url: URL): PlatformReply {
    const { list, rows } = this.cluster.drawn.web;
    const size = Math.min(rows, Number(url.searchParams.get("rowsPerPage")) || 50);
    // Beyond the last page it shows the last one.
    const last = Math.max(1, Math.ceil(this.entries().length / size));
    const number = Math.min(Number(url.searchParams.get("pageNumber")) || 1, last);
    const shown = this.entries().slice((number - 1) * size, number * size);
    const lines = shown.map(({ unit, file, certificate }) => {
      const link = `certificateEdit.do?unit=${encodeURIComponent(unit)}&amp;cert=${encodeURIComponent(file)}`;
      const kind = unit.endsWith("-trust") ? "trust-certs" : "certs";
      const cells =
        list === "file names"
          ? [unit, kind, `<a href="${link}">${escapeXml(file)}</a>`, file.replace(/pem$/, "der")]
          : [unit, `<a href='${link}'>${escapeXml(certificate.commonName)}</a>`, "Self-signed"];
      return `<tr class=cuesTableRow>${cells.map((cell) => `<td nowrap>${cell}</td>`).join("\n")}</tr>`;
    });
    return page(
      200,
      "Certificate List",
      `<form method="get" action="${this.paths.list.slice(1)}"><input type="text" name="searchString" value=""><input type="submit" value="Find"></form>
<table><tr><th><a href="?sortColumn=name">Certificate</a></th><th>Type</th></tr>${lines.join("\n")}</table>`,
    );
  }

  private token(session: Session): string {
    session.token = randomBytes(8).toString("hex");
    return `<input type="hidden" name="token" value="${session.token}">`;
  }

  private uploadPage(session: Session): PlatformReply {
    const options = [...this.node.units(), ...STORES]
      .map((name) => `<option value="${name}">${name}`)
      .join("\n");
    const { storeField, fileField } = this.forms;
    return page(
      200,
      "Upload Certificate/Certificate chain",
      `<form method="post" enctype="multipart/form-data" action="${BASE}${this.paths.upload}">${this.token(session)}
<select id="${storeField}" name="${storeField}">${options}</select><input type="text" name="DESCRIPTION" value="">
<input type="file" id="${fileField}" name="${fileField}"><input class="cuesButton" type="submit" name="upload" value="Upload File"></form>`,
    );
  }

  private upload(request: PlatformRequest, session: Session): PlatformReply {
    const parts = multipart(request);
    if (parts.get("token") !== session.token) return status("Error: the request is not valid any more");
    session.token = "";
    const store = STORES.find((one) => one === parts.get(this.forms.storeField));
    if (store === undefined) return status("Error: the certificate purpose is not valid");
    try {
      return status(UPLOADED[this.result(store, Certificate.fromPem(parts.get(this.forms.fileField) ?? ""))]);
    } catch (error) {
      if (error instanceof CertificateError) return status("Error reading the certificate");
      throw error;
    }
  }

  private result(store: Store, certificate: Certificate): ImportResult {
    const result = this.cluster.importTrust(this.node, store, certificate);
    return result === "older" && this.cluster.drawn.olderImport === "says-success" ? "stored" : result;
  }

  private details(url: URL, session: Session): PlatformReply {
    const entry = this.find(url.searchParams);
    if (entry === undefined) return status("Error: no such certificate");
    const { drawn } = this.cluster;
    const { deleteButton, downloadButton } = drawn.spellings.webForms;
    const query = `unit=${encodeURIComponent(entry.unit)}&amp;cert=${encodeURIComponent(entry.file)}`;
    const pem =
      drawn.web.pem === "on the page"
        ? `<pre>[\n  Version: V3\n]${entry.certificate.pem}</pre>`
        : `<pre>[\n  Version: V3\n]</pre><a href="certificateDownload.do?${query}">${downloadButton}</a>`;
    const token = this.token(session);
    const way =
      drawn.web.delete === "link"
        ? `<a href="certificateDelete.do?${query}&amp;token=${session.token}">${deleteButton}</a>`
        : `<form method="post" action="certificateDelete.do">${token}<input type="hidden" name="unit" value="${entry.unit}">
<input type="hidden" name="cert" value="${escapeXml(entry.file)}"><button type="submit" name="action" value="delete">${deleteButton}</button></form>`;
    return page(200, "Certificate Details", `${pem}${entry.unit.endsWith("-trust") ? way : ""}`);
  }

  private download(url: URL, session: Session): PlatformReply {
    session.token = "";
    const entry = this.find(url.searchParams);
    if (entry === undefined) return status("Error: no such certificate");
    return { status: 200, type: "application/octet-stream", body: entry.certificate.pem };
  }

  private delete(form: URLSearchParams, session: Session): PlatformReply {
    if (form.get("token") !== session.token) return status("Error: the request is not valid any more");
    session.token = "";
    const store = STORES.find((one) => one === form.get("unit"));
    if (store === undefined) return status("Error: no such certificate");
    const result = this.cluster.deleteTrust(this.node, store, form.get("cert") ?? "");
    return status(result === "deleted" ? "Certificate deleted successfully" : `Error: ${result}`);
  }
}

const UPLOADED: { readonly [result in ImportResult]: string } = {
  stored: "Success: Certificate Uploaded",
  duplicate: "Error: the certificate already exists",
  older: "Error: a certificate with the same name and a later validity exists",
  "database-down": "Error: Database communication error",
};

const status = (text: string): PlatformReply => page(200, "Certificate Management", `<b>Status</b> ${text}`);

const cookie = (id: string) => ({ "Set-Cookie": `JSESSIONID=${id}; Path=${BASE}; Secure; HttpOnly` });

function multipart({ headers, body }: PlatformRequest): Map<string, string> {
  const boundary = /boundary=([^;\s]+)/.exec(headers["content-type"] ?? "")?.[1];
  const parts = new Map<string, string>();
  if (boundary === undefined) return parts;
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const [head = "", ...content] = part.replace(/^\r\n/, "").split("\r\n\r\n");
    const name = /name="([^"]*)"/.exec(head)?.[1];
    if (name !== undefined) parts.set(name, content.join("\r\n\r\n").replace(/\r\n$/, ""));
  }
  return parts;
}
