/** A phone's web server: its status messages and trust lists, in one of the forms that models show them in. */
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { TrustList } from "../../trust/trust-list";
import type { Lists } from "./decide";

/** What models and firmware do differently; drawn for each phone. */
export interface WebForm {
  readonly statusPath: string;
  /** Guides write the same messages in different letters. */
  readonly letters: "as in the 8800 guide" | "capitals";
  /** "You see either MD5 or SHA1, dependent upon the phone type" (Cisco's document 118893). */
  readonly checksum: "md5" | "sha1";
  readonly markup: "html" | "xml";
}

export const WEB_FORMS: readonly WebForm[] = [
  {
    statusPath: "/CGI/Java/Serviceability?adapter=device.settings.status.messages",
    letters: "as in the 8800 guide",
    checksum: "sha1",
    markup: "html",
  },
  { statusPath: "/DeviceLog?2", letters: "capitals", checksum: "md5", markup: "html" },
  { statusPath: "/DeviceLogX?2", letters: "capitals", checksum: "md5", markup: "xml" },
];

export interface WebOptions {
  /** A loopback address of its own: those that DHCP gives are on no interface of this machine. */
  readonly address: string;
  readonly port: number;
  readonly form: WebForm;
  /** Paths of the page with the trust lists. */
  readonly trustListPages: readonly string[];
}

/** What the pages show; nothing of it survives a boot. */
export interface Shown {
  readonly messages: readonly { readonly at: Date; readonly text: string }[];
  readonly lists: Lists;
}

export class PhoneWeb {
  private server: Server | null = null;

  constructor(
    readonly options: WebOptions,
    private readonly shown: () => Shown,
  ) {}

  get isOpen(): boolean {
    return this.server !== null;
  }

  async set(open: boolean): Promise<void> {
    if (open === this.isOpen) return;
    if (!open) return this.close();
    const server = createServer((request, response) => {
      const page = request.method === "GET" ? this.page(request.url ?? "/") : null;
      const type = this.options.form.markup === "xml" ? "text/xml" : "text/html";
      response.writeHead(page === null ? 404 : 200, { "Content-Type": type, Connection: "close" });
      response.end(page ?? "Not Found");
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: this.options.address, port: this.options.port, exclusive: true }, resolve);
    });
    this.server = server;
  }

  close(): Promise<void> {
    const { server } = this;
    this.server = null;
    return new Promise((resolve) => {
      if (server === null) return resolve();
      server.closeAllConnections();
      server.close(() => resolve());
    });
  }

  private page(path: string): string | null {
    const { form, trustListPages } = this.options;
    if (path === form.statusPath) return this.status();
    return trustListPages.includes(path) ? this.trustLists() : null;
  }

  private status(): string {
    const lines = this.shown().messages.map(
      ({ at, text }) => `[${at.toISOString().slice(11, 19)}] ${this.spelled(text)}`,
    );
    return this.document("Status messages", lines);
  }

  private trustLists(): string {
    const { ctl, itl } = this.shown().lists;
    return this.document("Trust List", [
      ...listLines("CTL", ctl, this.options.form.checksum),
      ...listLines("ITL", itl, this.options.form.checksum),
    ]);
  }

  private spelled(text: string): string {
    return this.options.form.letters === "capitals"
      ? text.replace(/\b(?:update[d]?|installed|failed)\b/g, (word) => word[0]!.toUpperCase() + word.slice(1))
      : text;
  }

  private document(title: string, lines: readonly string[]): string {
    const escaped = lines.map((line) =>
      line.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"),
    );
    if (this.options.form.markup === "xml")
      return `<?xml version="1.0" encoding="UTF-8"?>\n<DeviceLog>${escaped.map((line) => `<status>${line}</status>`).join("")}</DeviceLog>\n`;
    const rows = escaped.map((line) => `<tr><td><p><b>${line}</b></p></td></tr>`).join("\n");
    return `<html><head><title>Cisco IP Phone</title></head><body><b>${title}</b><table>\n${rows}\n</table></body></html>\n`;
  }
}

function listLines(name: "CTL" | "ITL", list: TrustList | null, algorithm: "md5" | "sha1"): string[] {
  if (list === null) return [`${name} File: not installed`];
  const checksum = createHash(algorithm).update(list.bytes).digest("hex");
  return [`${name} File`, `${algorithm.toUpperCase()} ${checksum}`, `Signer ${list.signer.name}`];
}
