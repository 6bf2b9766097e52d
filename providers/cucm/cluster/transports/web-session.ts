/** One administrator in the web pages of OS administration: form login, cookies, redirects. */

import { type Form, type Page, readPage } from "./html";
import type { HttpAnswer } from "./http";
import type { PlatformRequest, PlatformServer } from "./platform-server";

export interface WebAnswer {
  readonly page: Page;
  readonly body: Buffer;
  /** Where it came from, after redirects: what its links start from. */
  readonly path: string;
}

/** The login page came instead of the answer to a write: nothing was done. */
export class SessionEnded extends Error {
  override readonly name = "SessionEnded";
}

const REDIRECTS = 5;
const COOKIES = 20;

export class WebSession {
  readonly #cookies = new Map<string, string>();

  constructor(
    private readonly server: PlatformServer,
    private readonly loginPath: string,
  ) {}

  /** @throws ClusterError, NotOffered, or SessionEnded for a write */
  async ask(request: PlatformRequest, signal: AbortSignal): Promise<WebAnswer> {
    const answer = await this.#follow(request, signal);
    const login = loginForm(answer.page);
    if (login === undefined) return answer;
    if (request.write) throw new SessionEnded("the login page came instead of an answer");
    await this.#login(login, signal);
    const again = await this.#follow(request, signal);
    if (loginForm(again.page) === undefined) return again;
    throw this.server.failure(
      "answer",
      "does not keep its session",
      `It took the login and showed the login page for ${request.operation} all the same.`,
    );
  }

  async #login(form: Form, signal: AbortSignal): Promise<void> {
    const { credentials, refused } = this.server.options;
    await refused.guard(async () => {
      const answer = await this.#follow(
        {
          operation: "the login",
          method: "POST",
          path: this.loginPath,
          ...encoded([
            ["appNav", "cmplatform"],
            ...form.fields.filter(([name]) => !["appNav", "j_username", "j_password"].includes(name)),
            ["j_username", credentials.username],
            ["j_password", credentials.password],
          ]),
        },
        signal,
      );
      if (loginForm(answer.page) === undefined) return;
      throw this.server.failure(
        "credentials",
        "refuses the credentials",
        "It showed its login page again: name or password of the OS administrator is wrong, or the account is locked.",
      );
    });
  }

  async #follow(request: PlatformRequest, signal: AbortSignal): Promise<WebAnswer> {
    let next = request;
    for (let redirects = 0; redirects <= REDIRECTS; redirects++) {
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await this.server.send(
        { ...next, headers: { ...next.headers, ...(cookie === "" ? {} : { Cookie: cookie }) } },
        signal,
      );
      this.#remember(answer);
      const location = answer.headers.location;
      if (answer.status < 300 || answer.status >= 400 || location === undefined) {
        this.#judge(request.operation, next.path, answer);
        return { page: readPage(answer.body.toString("utf8")), body: answer.body, path: next.path };
      }
      const path = this.resolve(location, next.path);
      next = { operation: request.operation, method: "GET", path };
    }
    throw this.server.failure("answer", "redirects without end", `It was asked for ${request.operation}.`);
  }

  /** A link as a path of this server. @throws ClusterError when it leads elsewhere */
  resolve(link: string, from: string): string {
    const { address, names } = this.server.at;
    let url: URL | null = null;
    try {
      url = new URL(link, `https://${address}${from}`);
    } catch {
      // Said below.
    }
    const host = url?.hostname.toLowerCase() ?? "";
    const own = [address, ...names].some(
      (name) => host === name.toLowerCase() || host.startsWith(`${name.toLowerCase()}.`),
    );
    if (url !== null && own && ["https:", "http:"].includes(url.protocol)) return url.pathname + url.search;
    throw this.server.failure(
      "answer",
      "leads elsewhere",
      `Its page points to ${JSON.stringify(link.slice(0, 100))}: a script, or another host (single sign-on?), which is not followed.`,
    );
  }

  #remember({ headers }: HttpAnswer): void {
    for (const line of headers["set-cookie"] ?? []) {
      const [, name, value] = /^([\w.-]{1,64})=([\x21-\x3a\x3c-\x7e]{0,4096})/.exec(line) ?? [];
      if (name === undefined || (!this.#cookies.has(name) && this.#cookies.size >= COOKIES)) continue;
      this.#cookies.set(name, value!);
    }
  }

  #judge(operation: string, path: string, { status, body }: HttpAnswer): void {
    if (status === 401) {
      throw this.server.failure(
        "credentials",
        "refuses the credentials",
        `HTTP 401 for ${operation}: name or password of the OS administrator is wrong, or the account is locked.`,
      );
    }
    if (status === 403) {
      throw this.server.failure(
        "authorization",
        `forbids ${operation}`,
        "HTTP 403: the OS administrator may not use these pages.",
      );
    }
    if (status === 404) {
      throw this.server.failure(
        "refused",
        `has no page for ${operation}`,
        `HTTP 404 for ${path.split("?")[0]}: if this release has it elsewhere, set spellings.web_forms.`,
      );
    }
    if (status >= 300) {
      throw this.server.failure(
        "answer",
        `answers ${operation} with HTTP ${status}`,
        `${this.server.quote(body.toString("utf8"))}.`,
      );
    }
  }
}

function loginForm({ forms }: Page): Form | undefined {
  return forms.find(({ names }) => names.has("j_password"));
}

export function encoded(fields: readonly (readonly [string, string])[]) {
  return {
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
  };
}
