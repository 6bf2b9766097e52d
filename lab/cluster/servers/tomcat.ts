import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import type { LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { APPLICATION_ROLES, type ApplicationRole } from "../options";
import { pemsOf } from "../pki/issue";
import { hasOldCryptography, OLD_TLS } from "../releases";
import type { RequestKind, Requests } from "../requests";
import { axl } from "./axl";
import { controlCenter } from "./control-center";
import { getOneFile, logCollection } from "./log-collection";
import { Platform } from "./platform";
import { type RisRate, ris } from "./ris";
import { errorPage, fault, parseSoap, type Reply, readBody, type SoapRequest, send } from "./soap";
import type { TvsLog } from "./tvs-log";

/** What a web service of a node needs to answer. */
export interface ServiceContext {
  readonly cluster: LabCluster;
  readonly node: LabNode;
  /** Carries a reset to the device's connection, on whichever node it is. */
  readonly reset: (device: string, kind: "reset" | "restart" | "apply") => void;
  readonly risRate: RisRate;
  readonly tvsLog: TvsLog;
}

interface WebService {
  readonly path: RegExp;
  readonly kind: RequestKind;
  readonly role: ApplicationRole;
  /** AXL is a feature service that is activated on the publisher. */
  readonly publisherOnly: boolean;
  readonly answer: (request: SoapRequest, http: IncomingMessage, context: ServiceContext) => Reply;
}

const SERVICES: readonly WebService[] = [
  { path: /^\/axl\/$/, kind: "axl", role: "axl", publisherOnly: true, answer: axl },
  {
    path: /^\/controlcenterservice2\/services\/ControlCenterServices\/?$/,
    kind: "control-center",
    role: "control-center",
    publisherOnly: false,
    answer: controlCenter,
  },
  {
    path: /^\/realtimeservice2\/services\/RISService70\/?$/,
    kind: "ris",
    role: "ris",
    publisherOnly: false,
    answer: ris,
  },
  {
    path: /^\/logcollectionservice2\/services\/LogCollectionPortTypeService\/?$/,
    kind: "log-collection",
    role: "log-collection",
    publisherOnly: false,
    answer: logCollection,
  },
  {
    path: /^\/logcollectionservice\/services\/DimeGetFileService\/?$/,
    kind: "log-collection",
    role: "log-collection",
    publisherOnly: false,
    answer: getOneFile,
  },
];

const SESSION_LIFE = 30 * 60 * 1000;

/** Cisco Tomcat of one node: TLS, HTTP Basic or the cookie of an earlier answer, and the web services behind. */
export class Tomcat {
  readonly platform: Platform;
  private readonly server: Server;
  /** Cookie -> user and last use. */
  private readonly sessions = new Map<string, { user: string; used: number }>();

  constructor(
    private readonly context: ServiceContext,
    private readonly requests: Requests,
  ) {
    this.platform = new Platform(context.cluster, context.node, requests);
    this.server = createServer(
      {
        ...pemsOf(context.node.identity("tomcat")),
        keepAliveTimeout: 20_000,
        ...(hasOldCryptography(context.cluster.options.version) && OLD_TLS),
      },
      (request, response) => {
        this.handle(request, response).catch(() => response.destroy());
      },
    );
    this.server.on("tlsClientError", (_, socket) => socket.destroy());
  }

  accept(socket: Socket): void {
    this.server.emit("connection", socket);
  }

  close(): void {
    this.server.closeAllConnections();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { cluster, node } = this.context;
    const path = new URL(request.url ?? "/", "https://node").pathname;
    if (this.platform.serves(path)) {
      await this.platform.answer(request, body, response);
      return;
    }
    const service = SERVICES.find((one) => one.path.test(path));
    if (service === undefined || (service.publisherOnly && node.role !== "publisher")) {
      send(response, errorPage(404, path));
      return;
    }
    const identified = this.identify(request);
    if ("reply" in identified) {
      send(response, identified.reply, { "WWW-Authenticate": 'Basic realm="Cisco Unified CallManager"' });
      return;
    }
    if (!this.roles(identified.user).includes(service.role)) {
      send(response, errorPage(403, "Access to the requested resource has been denied"));
      return;
    }
    const cookie = { "Set-Cookie": `JSESSIONIDSSO=${identified.cookie}; Path=/; Secure; HttpOnly` };
    if (request.method !== "POST") {
      send(response, errorPage(405, "HTTP method GET is not supported by this URL"), cookie);
      return;
    }
    const soap = parseSoap(body);
    if (!this.requests.record(cluster.name, node.name, service.kind, soap?.operation ?? "(not SOAP)")) {
      request.socket.destroy();
      return;
    }
    const reply =
      soap === null
        ? fault("soapenv:Client", "The request is not a SOAP message")
        : service.answer(soap, request, this.context);
    send(response, reply, cookie);
  }

  private identify(request: IncomingMessage): { user: string; cookie: string } | { reply: Reply } {
    const cookie = /(?:^|;\s*)JSESSIONIDSSO=([0-9A-F]+)/.exec(request.headers.cookie ?? "")?.[1];
    const session = cookie === undefined ? undefined : this.sessions.get(cookie);
    if (cookie !== undefined && session !== undefined && Date.now() - session.used < SESSION_LIFE) {
      session.used = Date.now();
      return { user: session.user, cookie };
    }
    const basic = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    // An expired cookie alone is not told that it expired (AXL developer guide).
    if (basic === undefined)
      return { reply: cookie === undefined ? unauthorized() : errorPage(404, "Not Found") };
    const text = Buffer.from(basic, "base64").toString("utf8");
    const colon = text.indexOf(":");
    const user = text.slice(0, Math.max(colon, 0));
    if (colon < 0 || !this.passwordMatches(user, text.slice(colon + 1))) return { reply: unauthorized() };
    const fresh = randomBytes(16).toString("hex").toUpperCase();
    this.sessions.set(fresh, { user, used: Date.now() });
    return { user, cookie: fresh };
  }

  private passwordMatches(user: string, password: string): boolean {
    const { application, users = [] } = this.context.cluster.options;
    const account = [application, ...users].find((one) => one.username === user);
    if (account === undefined) return false;
    const expected = Buffer.from(account.password);
    const given = Buffer.from(password);
    return expected.length === given.length && timingSafeEqual(expected, given);
  }

  private roles(user: string): readonly ApplicationRole[] {
    const { application, users = [] } = this.context.cluster.options;
    if (application.username === user) return APPLICATION_ROLES;
    return users.find((one) => one.username === user)?.roles ?? [];
  }
}

const unauthorized = (): Reply => errorPage(401, "This request requires HTTP authentication ().");
