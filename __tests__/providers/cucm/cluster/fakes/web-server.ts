/** A small HTTP or HTTPS server on a free port that answers what a test tells it, and remembers what it was asked. */
import {
  createServer as createClearServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { ServerIdentity } from "./identities";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}
export interface Answer {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Buffer;
  /** Cuts the connection instead of answering. */
  readonly cut?: boolean;
  /** Ends the connection behind the body, of which more was announced. */
  readonly torn?: boolean;
}

export class WebServer {
  readonly seen: Seen[] = [];
  /** TLS or TCP connections that were accepted, with or without a request. */
  connections = 0;
  answer: (request: Seen) => Answer | Promise<Answer> = () => ({ status: 404 });

  private constructor(private readonly server: Server) {}

  static async start(identity?: ServerIdentity, port = 0): Promise<WebServer> {
    let web: WebServer;
    const listener: RequestListener = async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const seen = {
        method: request.method!,
        path: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      web.seen.push(seen);
      const { status = 200, headers = {}, body = "", cut, torn } = await web.answer(seen);
      if (cut) return request.socket.destroy();
      if (torn) {
        response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) + 1 });
        response.write(body, () => setTimeout(() => request.socket.destroy(), 20));
        return;
      }
      response.writeHead(status, headers);
      response.on("error", () => {});
      return response.end(body);
    };
    const server = identity
      ? (createServer({ cert: identity.cert, key: identity.key }, listener) as unknown as Server)
      : createClearServer(listener);
    web = new WebServer(server);
    server.on("connection", () => web.connections++);
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return web;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

export function soap(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`;
}

export function fault(text: string, detail = ""): Answer {
  return {
    status: 500,
    body: soap(
      `<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>${text}</faultstring>${detail}</soapenv:Fault>`,
    ),
  };
}

export function axlReturn(operation: string, content: string): string {
  return soap(
    `<ns:${operation}Response xmlns:ns="http://www.cisco.com/AXL/API/11.5"><return>${content}</return></ns:${operation}Response>`,
  );
}

/** Name of the operation in a SOAP request. */
export function operationOf(request: Seen): string {
  return /<soapenv:Body><ns:(\w+)/.exec(request.body)?.[1] ?? "";
}
