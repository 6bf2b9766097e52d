import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { draw } from "../options";
import { hasRest } from "../releases";
import type { Requests } from "../requests";
import { certificateRest } from "./certificate-rest";
import { OsAdministration } from "./os-administration";

/** What is wrong with the next answers. */
export type PlatformFault = 400 | 401 | 403 | 404 | 500 | 503 | "page" | "slow" | "sessions-end";

interface Spoiling {
  readonly interface: "rest" | "web";
  /** Beginning of method and path; undefined: any. */
  readonly operation?: string;
  readonly answer: PlatformFault;
  count: number;
}

export interface PlatformReply {
  readonly status: number;
  readonly type: "application/json" | "text/html" | "application/octet-stream";
  readonly body: string;
  readonly headers?: { readonly [name: string]: string };
}

export interface PlatformRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const REST = "/platformcom/api/v1/certmgr/";
const WEB = "/cmplatform";
const SLOW = 3000;

/** The platform's own web applications on one node: for the OS administrator, about this node only. */
export class Platform {
  private readonly web: OsAdministration;
  private readonly faults: Spoiling[] = [];

  constructor(
    private readonly cluster: LabCluster,
    private readonly node: LabNode,
    private readonly requests: Requests,
  ) {
    this.web = new OsAdministration(cluster, node, (username, password) =>
      this.isAdministrator(username, password),
    );
  }

  serves(path: string): boolean {
    if (path.startsWith(REST)) return hasRest(this.cluster.options.version);
    return path === WEB || path.startsWith(`${WEB}/`);
  }

  spoil({ interface: which, operation, answer, count }: Spoiling): void {
    this.faults.push({ interface: which, operation, answer, count });
  }

  heal(): void {
    this.faults.length = 0;
  }

  async answer(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "https://node");
    const kind = url.pathname.startsWith(REST) ? "rest" : "web";
    const operation = `${request.method} ${url.pathname.replace(/^\/(platformcom\/api\/v1\/certmgr|cmplatform)\//, "")}`;
    if (!this.requests.record(this.cluster.name, this.node.name, kind, operation)) {
      request.socket.destroy();
      return;
    }
    const asked = { method: request.method ?? "GET", url, headers: request.headers, body };
    const reply = (await this.spoilt(kind, operation)) ?? (await this.healthy(kind, asked));
    const bytes = Buffer.from(reply.body, "utf8");
    response.writeHead(reply.status, {
      "Content-Type": `${reply.type};charset=UTF-8`,
      "Content-Length": String(bytes.length),
      ...reply.headers,
    });
    response.end(bytes);
  }

  private async healthy(kind: "rest" | "web", request: PlatformRequest): Promise<PlatformReply> {
    await sleep(draw(this.cluster.delays.cliCommand));
    if (kind === "web") return this.web.answer(request);
    const [, basic = ""] = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const [username, password] = splitOnce(Buffer.from(basic, "base64").toString("utf8"));
    if (!this.isAdministrator(username, password)) return refused();
    return certificateRest(request, this.cluster, this.node);
  }

  private async spoilt(kind: "rest" | "web", operation: string): Promise<PlatformReply | null> {
    const fault = this.faults.find(
      (one) => one.interface === kind && one.count > 0 && operation.startsWith(one.operation ?? ""),
    );
    if (fault === undefined) return null;
    fault.count -= 1;
    switch (fault.answer) {
      case "slow":
        await sleep(SLOW);
        return null;
      case "sessions-end":
        this.web.endSessions();
        return null;
      case "page":
        return page(200, "Cisco Unified Operating System Administration", "Please wait");
      case 401:
        return refused();
      case 503:
        return page(503, "HTTP Status 503", "Service Unavailable");
      default:
        return kind === "rest" && fault.answer !== 404
          ? json(fault.answer, { message: `Request failed (${fault.answer})` })
          : page(fault.answer, `HTTP Status ${fault.answer}`, "Status report");
    }
  }

  private isAdministrator(username: string, password: string): boolean {
    const { platform } = this.cluster.options;
    const [expected, given] = [Buffer.from(platform.password), Buffer.from(password)];
    return (
      username === platform.username && expected.length === given.length && timingSafeEqual(expected, given)
    );
  }
}

function refused(): PlatformReply {
  return {
    ...page(401, "HTTP Status 401", "This request requires HTTP authentication ()."),
    headers: { "WWW-Authenticate": 'Basic realm="CMPlatform Realm"' },
  };
}

function splitOnce(text: string): [string, string] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

export function json(status: number, content: unknown): PlatformReply {
  return { status, type: "application/json", body: JSON.stringify(content) };
}

export function page(status: number, title: string, content: string): PlatformReply {
  const body = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html><head><title>${title}</title>
<script type="text/javascript">if (1 < 2) { document.write("<form action='/elsewhere'></form>"); }</script></head>
<body><!-- <a href="/nowhere">Delete</a> --><h1>${title}</h1>
<table class="frame"><tr><td><a href="showHome.do">Home</a> <a href="logout.do">Logout</a></td></tr><tr><td>
${content}
</td></tr></table></body></html>`;
  return { status, type: "text/html", body };
}
