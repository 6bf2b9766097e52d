/**
 * OS administration, the web pages that people use: on 8.x to 12.5 the documented way into every trust store. A page's
 * own links and forms are followed; what we look for in them is in `spellings.web_forms`. No text tells success.
 */
import { randomBytes } from "node:crypto";
import { Certificate, CertificateError } from "../../../../trust/certificate";
import { Gate, Shared } from "../budget";
import type { CertificateAccess, ListedCertificate } from "../certificate-access";
import type { TrustEntry, TrustStore } from "../cluster";
import type { WebForms } from "../config";
import { linesToSet, type Settings } from "../lines-to-set";
import { couldBe } from "../trust-files";
import type { Button, Form, Page } from "./html";
import type { PlatformRequest, PlatformServer } from "./platform-server";
import { encoded, SessionEnded, type WebAnswer, WebSession } from "./web-session";

interface WebEntry extends ListedCertificate {
  /** Of its own page. */
  readonly href: string;
}

/** What the pages have, as a person would find it; nothing is sent but what opens them. */
export interface WebFacts {
  /** Rows of the list. */
  readonly listed: number;
  readonly upload: {
    /** Fields and choices of all forms on that page. */
    readonly fields: readonly string[];
    /** Whether one form has both fields that are looked for. */
    readonly found: boolean;
    /** Values of the choice of a store. */
    readonly stores: readonly string[];
  };
  /** Of a trust certificate; null when none is listed. */
  readonly page: {
    readonly links: readonly string[];
    readonly deletes: boolean;
    /** It shows its certificate, or has something to fetch it by. */
    readonly shows: boolean;
  } | null;
}

const PAGES = 40;
/** How many words of a page are proposed. */
const BUTTONS = 5;
const LIST = "the list of certificates";

export class CertificateWeb implements CertificateAccess {
  lastAnswer: string | null = null;
  readonly #session: WebSession;
  /** A form carries a token that the next page makes void, so nothing may come between. */
  readonly #one = new Gate(1);
  readonly #listing = new Shared<readonly WebEntry[]>();

  constructor(
    private readonly server: PlatformServer,
    private readonly forms: WebForms,
  ) {
    this.#session = new WebSession(server, forms.loginPath);
  }

  list(which: "own" | "trust", signal: AbortSignal): Promise<readonly ListedCertificate[]> {
    return this.#listing
      .get(signal, (inner) => this.#one.run(inner, () => this.#list(inner)))
      .then((all) => {
        const listed = all.filter(({ unit }) => isStore(unit) === (which === "trust"));
        if (listed.length > 0) return listed;
        throw this.#odd(LIST, `it has no ${which} certificate: spellings.web_forms.list_path`);
      });
  }

  show(_: "own" | "trust", listed: ListedCertificate, signal: AbortSignal): Promise<Certificate | null> {
    return this.#one.run(signal, async () => {
      const certificate = await this.#certificateOf(listed as WebEntry, signal);
      if (certificate !== null) return certificate;
      // Deleted between the listing and now, or something else went wrong: the listing knows.
      if (!(await this.#isListed(listed as WebEntry, signal))) return null;
      const { page } = await this.#pageOf(listed as WebEntry, signal);
      throw this.#odd(
        `the page of ${listed.unit}/${listed.file}`,
        `no certificate in it, and no link or button "${this.forms.downloadButton}" (spellings.web_forms.download_button) that fetches one`,
        this.#buttons("download_button", page, /download|\bpem\b|\bder\b/i),
      );
    });
  }

  importTrust(store: TrustStore, certificate: Certificate, signal: AbortSignal): Promise<void> {
    return this.#write(signal, async () => {
      const { uploadPath, storeField, fileField } = this.forms;
      const operation = `the upload into ${store}`;
      const upload = await this.#session.ask({ operation, method: "GET", path: uploadPath }, signal);
      const form = upload.page.forms.find(({ names }) => names.has(storeField) && names.has(fileField));
      if (form === undefined)
        throw this.#odd(
          operation,
          `no form with the fields ${storeField} and ${fileField}: spellings.web_forms.store_field, file_field`,
        );
      const fields = [
        ...form.fields.filter(([name]) => name !== storeField && name !== fileField),
        [storeField, this.#option(form, store)] as const,
        ...sent(form.buttons.find(({ label }) => /upload/i.test(label)) ?? form.buttons[0]),
      ];
      const answer = await this.#session.ask(
        {
          operation,
          method: "POST",
          path: this.#session.resolve(form.action || upload.path, upload.path),
          ...multipart(fields, {
            field: fileField,
            name: `${certificate.sha256.slice(0, 16)}.pem`,
            text: certificate.pem,
          }),
          write: true,
        },
        signal,
      );
      this.#remember(answer);
    });
  }

  deleteTrust({ store, certificate }: TrustEntry, signal: AbortSignal): Promise<void> {
    return this.#write(signal, async () => {
      this.lastAnswer = "(it is not listed any more)";
      for (const entry of await this.#list(signal)) {
        if (entry.unit !== store || !couldBe(entry.file, certificate)) continue;
        if ((await this.#certificateOf(entry, signal))?.sha256 !== certificate.sha256) continue;
        // Anew: a download in between may have made its form void.
        const page = await this.#pageOf(entry, signal);
        const request = this.#press(this.forms.deleteButton, page, `the delete of ${store}/${entry.file}`);
        // Another node's delete may have come here meanwhile.
        if (request === null && !(await this.#isListed(entry, signal))) return;
        if (request === null)
          throw this.server.failure(
            "refused",
            "has no way to delete that works without a browser",
            `The page of ${store}/${entry.file} has no link or button "${this.forms.deleteButton}" (spellings.web_forms.delete_button), ` +
              `or it is one for scripts. Nothing was changed. ${this.#buttons("delete_button", page.page, /delet|remov/i)}`,
          );
        this.#remember(await this.#session.ask({ ...request, write: true }, signal));
        return;
      }
    });
  }

  /** Opens the list, the upload form and the page of one certificate, and changes nothing. */
  look(signal: AbortSignal): Promise<WebFacts> {
    return this.#one.run(signal, async () => {
      const entries = await this.#list(signal);
      const { uploadPath, storeField, fileField, deleteButton, downloadButton } = this.forms;
      const operation = "the upload form";
      const { forms } = (await this.#session.ask({ operation, method: "GET", path: uploadPath }, signal))
        .page;
      const form = forms.find(({ names }) => names.has(storeField) && names.has(fileField));
      const entry = entries.find(({ unit }) => isStore(unit));
      const answer = entry && (await this.#pageOf(entry, signal));
      const what = "the page of a certificate";
      return {
        listed: entries.length,
        upload: {
          fields: [...new Set(forms.flatMap(({ names }) => [...names]))],
          found: form !== undefined,
          stores: (form?.selects.get(storeField) ?? []).map(({ value }) => value),
        },
        page: answer
          ? {
              links: [
                ...answer.page.links.map(({ text }) => text),
                ...answer.page.forms.flatMap(({ buttons }) => buttons.map(({ label }) => label)),
              ].filter((text) => text !== ""),
              deletes: this.#press(deleteButton, answer, what) !== null,
              shows:
                this.#certificateIn(what, Buffer.from(answer.page.text)) !== null ||
                this.#press(downloadButton, answer, what) !== null,
            }
          : null,
      };
    });
  }

  refresh(): void {
    this.#listing.drop();
  }

  /** A write is begun anew when the session had ended before it: nothing was done. */
  #write(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    return this.#one.run(signal, async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof SessionEnded)) throw error;
          if (attempt > 1)
            throw this.server.failure(
              "answer",
              "does not keep its session",
              "It answers a write with its login page, twice in a row. Nothing was changed.",
            );
        }
      }
    });
  }

  /** Pages until one has nothing new: how many rows a page holds is the server's choice. */
  async #list(signal: AbortSignal): Promise<readonly WebEntry[]> {
    const entries = new Map<string, WebEntry>();
    for (let number = 1; number <= PAGES; number++) {
      const path = this.forms.listPath.replaceAll("{page}", String(number));
      const answer = await this.#session.ask({ operation: LIST, method: "GET", path }, signal);
      const before = entries.size;
      for (const entry of listedOn(answer.page, answer.path))
        entries.set(`${entry.unit} ${entry.href}`, entry);
      if (entries.size === before || path === this.forms.listPath) return [...entries.values()];
    }
    throw this.#odd(LIST, `more than ${PAGES} pages`);
  }

  async #isListed({ href, unit }: WebEntry, signal: AbortSignal): Promise<boolean> {
    return (await this.#list(signal)).some((each) => each.href === href && each.unit === unit);
  }

  #pageOf(entry: WebEntry, signal: AbortSignal): Promise<WebAnswer> {
    const path = this.#session.resolve(entry.href, this.forms.listPath);
    return this.#session.ask(
      { operation: `the page of ${entry.unit}/${entry.file}`, method: "GET", path },
      signal,
    );
  }

  /** From its page, or from what the page offers for download; null when neither has one. */
  async #certificateOf(entry: WebEntry, signal: AbortSignal): Promise<Certificate | null> {
    const what = `${entry.unit}/${entry.file}`;
    const answer = await this.#pageOf(entry, signal);
    const shown = this.#certificateIn(`the page of ${what}`, Buffer.from(answer.page.text));
    if (shown !== null) return shown;
    const request = this.#press(this.forms.downloadButton, answer, `the download of ${what}`);
    if (request === null) return null;
    const file = await this.#session.ask(request, signal);
    return this.#certificateIn(request.operation, file.body);
  }

  #certificateIn(operation: string, body: Buffer): Certificate | null {
    try {
      if (isDer(body)) return Certificate.fromDer(body);
      const pem = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(
        body.toString("utf8"),
      )?.[0];
      return pem === undefined ? null : Certificate.fromPem(pem);
    } catch (error) {
      if (error instanceof CertificateError)
        throw this.#odd(operation, `its certificate cannot be read (${error.message})`);
      throw error;
    }
  }

  /** What a person's click would send; null when there is nothing of that name, or more than one such thing. */
  #press(label: string, { page, path }: WebAnswer, operation: string): PlatformRequest | null {
    const wanted = label.toLowerCase();
    const candidates = pressable(page).map(({ text, request }) => ({
      text,
      request: request(path, operation),
    }));
    const exact = candidates.filter(({ text }) => text.toLowerCase() === wanted);
    const found =
      exact.length > 0 ? exact : candidates.filter(({ text }) => text.toLowerCase().includes(wanted));
    if (found.length !== 1) return null;
    const { request } = found[0]!;
    return { ...request, path: this.#session.resolve(request.path, path) };
  }

  /** What the page has to click that sounds like it: anything else may do any harm. */
  #buttons(attribute: "delete_button" | "download_button", page: Page, like: RegExp): string {
    const labels = new Set(pressable(page).map(({ text }) => this.server.quote(text)));
    const likely = [...labels].filter((each) => like.test(each)).slice(0, BUTTONS);
    const forms = likely.map((label): Settings => ({ [attribute]: label }));
    return linesToSet(this.server.at.cluster, [
      ...forms.map((web_forms) => ({ spellings: { web_forms } })),
      { certificate_transport: "cli" },
    ]);
  }

  /** @throws ClusterError when the form does not offer the store */
  #option(form: Form, store: TrustStore): string {
    const options = form.selects.get(this.forms.storeField) ?? [];
    const option = options.find(({ value, text }) =>
      [value, text].some((each) => each.toLowerCase() === store.toLowerCase()),
    );
    if (option !== undefined) return option.value;
    throw this.server.failure(
      "refused",
      `does not take a certificate for ${store}`,
      `Its upload form offers ${options.map(({ value }) => value).join(", ") || "no store"}. Nothing was changed.`,
    );
  }

  /** Where a status line stands, if there is one. */
  #remember({ page }: WebAnswer): void {
    const text = page.text.replace(/\s+/g, " ");
    this.lastAnswer = this.server.quote(
      text.slice(Math.max(0, text.search(/\b(status|success|error|fail)/i))),
    );
  }

  #odd(operation: string, what: string, toSet = "") {
    return this.server.failure("answer", `answers ${operation} oddly`, `${what}. ${toSet}`.trim());
  }
}

/** Links and buttons that work without scripts. */
const pressable = ({ links, forms }: Page) => [
  ...links
    .filter(({ href }) => href !== "" && !/^(javascript:|#)/i.test(href))
    .map(({ text, href }) => ({
      text,
      request: (_: string, operation: string): PlatformRequest => ({ operation, method: "GET", path: href }),
    })),
  ...forms.flatMap((form) =>
    form.buttons.map((button) => ({
      text: button.label,
      request: (path: string, operation: string) => submission(form, button, path, operation),
    })),
  ),
];

/** A SEQUENCE with a length in bytes of its own, and no text that begins with 0. */
const isDer = (body: Buffer) => body[0] === 0x30 && (body[1] ?? 0) > 0x80;

/** `CallManager-trust` and the like. */
const isStore = (unit: string) => unit.endsWith("-trust");
/** Pages have other tables too. */
const OWN = /^(tomcat|ipsec|CallManager|CAPF|TVS|ITLRecovery)(-ECDSA|-EC)?$/;

/**
 * Rows that begin with a unit and link to a page of their own. Before 10.x the link is the file's name, later it is the
 * common name.
 */
function listedOn(page: Page, from: string): readonly WebEntry[] {
  return page.rows.flatMap(({ cells, links }): readonly WebEntry[] => {
    const unit = cells.find((cell) => cell !== "") ?? "";
    const link = links.find(({ text }) => /\.pem$/i.test(text)) ?? links.find(({ text }) => text !== "");
    if (link === undefined || !(OWN.test(unit) || /^[\w-]{1,64}-trust$/.test(unit))) return [];
    const href = absolute(link.href, from);
    return [{ unit, file: isStore(unit) ? link.text : `${unit}.pem`, href }];
  });
}

/** Links are relative to the page that has them; scripts are left as they are and refused when followed. */
function absolute(href: string, from: string): string {
  try {
    const url = new URL(href, `https://node${from}`);
    return url.hostname === "node" ? url.pathname + url.search : href;
  } catch {
    return href;
  }
}

const sent = (button: Button | undefined): readonly (readonly [string, string])[] =>
  button === undefined || button.name === "" ? [] : [[button.name, button.value]];

function submission(form: Form, button: Button, path: string, operation: string): PlatformRequest {
  const body = encoded([...form.fields, ...sent(button)]);
  const action = form.action || path;
  if (form.method === "POST") return { operation, method: "POST", path: action, ...body };
  return { operation, method: "GET", path: `${action.split("?")[0]}?${body.body}` };
}

function multipart(
  fields: readonly (readonly [string, string])[],
  file: { readonly field: string; readonly name: string; readonly text: string },
) {
  const boundary = `----form${randomBytes(16).toString("hex")}`;
  const part = (disposition: string, content: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
  const quoted = (text: string) => `"${text.replace(/["\r\n]/g, encodeURIComponent)}"`;
  return {
    headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` },
    body:
      fields.map(([name, value]) => part(`name=${quoted(name)}`, value)).join("") +
      part(
        `name=${quoted(file.field)}; filename=${quoted(file.name)}\r\nContent-Type: application/x-x509-ca-cert`,
        file.text,
      ) +
      `--${boundary}--\r\n`,
  };
}
