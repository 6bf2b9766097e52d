/** Web services, the platform's pages and TFTP's files through a proxy that spoils one exchange. */
import * as http from "node:http";
import * as https from "node:https";
import type { ServerIdentity } from "../cluster/fakes/identities";
import type { Exchange, SeenExchange, Transport } from "./director";
import { type FaultName, truncated } from "./fault-table";
import type { PortName, SpoiledNode } from "./spoiled-node";

const DRIP_MS = 100;
const CHUNK = Buffer.alloc(256 * 1024, " ");

interface Answer {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Buffer;
}

export class HttpProxy {
  readonly #server: http.Server;
  readonly #agent: http.Agent;
  /** First good answers by path, for what is listed late. */
  readonly #before = new Map<string, Answer>();

  constructor(
    private readonly node: SpoiledNode,
    private readonly port: PortName,
    identity: ServerIdentity | null,
  ) {
    const serve = (incoming: http.IncomingMessage, response: http.ServerResponse) => {
      this.#serve(incoming, response).catch(() => response.destroy());
    };
    this.#server = identity === null ? http.createServer(serve) : https.createServer({ ...identity }, serve);
    this.#server.on("tlsClientError", (_: Error, socket: { destroy(): void }) => socket.destroy());
    // Shorter than a node keeps an idle connection.
    const keep = { keepAlive: true, timeout: 10_000 };
    this.#agent =
      identity === null ? new http.Agent(keep) : new https.Agent({ ...keep, rejectUnauthorized: false });
  }

  async listen(number: number): Promise<void> {
    await this.node.listen(this.port, number, (socket) => this.#server.emit("connection", socket));
  }

  close(): void {
    this.#agent.destroy();
    this.#server.closeAllConnections();
  }

  async #serve(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await all(incoming);
    const exchange = exchangeOf(this.node.target.name, incoming, body.toString("utf8"));
    const { seen, fault } = this.node.director.meet(exchange);
    const forward = () => this.#forward(incoming, body, seen);
    if (fault === null) return finish(response, await forward());
    await this.#spoil(fault, seen, incoming.url!, forward, response);
  }

  async #spoil(
    fault: FaultName,
    seen: SeenExchange,
    url: string,
    forward: () => Promise<Answer>,
    response: http.ServerResponse,
  ): Promise<void> {
    const { socket } = response;
    const page = (status: number, words: string) =>
      finish(response, {
        status,
        headers: { "content-type": "text/html;charset=UTF-8" },
        body: Buffer.from(`<html><head><title>${words}</title></head><body><h1>${words}</h1></body></html>`),
      });
    const soapFault = (words: string) =>
      finish(response, {
        status: 500,
        headers: { "content-type": "text/xml;charset=UTF-8" },
        body: Buffer.from(
          envelope(`<e:Fault><faultcode>e:Server</faultcode><faultstring>${words}</faultstring></e:Fault>`),
        ),
      });
    switch (fault) {
      case "refused":
        return void this.node.refuse(this.port);
      case "restart":
        return void this.node.restart();
      case "reset": {
        const { status, headers, body } = await forward();
        response.writeHead(status, { ...headers, "content-length": body.length });
        response.write(body.subarray(0, body.length >> 1));
        setImmediate(() => socket?.destroy());
        return;
      }
      case "drip": {
        const { status, headers, body } = await forward();
        response.writeHead(status, { ...headers, "content-length": body.length });
        return drip(body, (byte) => !response.destroyed && response.write(byte));
      }
      case "silence":
        return;
      case "401":
        response.setHeader("WWW-Authenticate", 'Basic realm="CMPlatform Realm"');
        return page(401, "HTTP Status 401");
      case "403":
        return page(403, "HTTP Status 403");
      case "503":
        return page(503, "HTTP Status 503 - Service Unavailable");
      case "599":
        return page(599, "HTTP Status 599 - Incorrect axl version");
      case "rate":
        return soapFault(
          "AxisFault: Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is 600 requests per minute.",
        );
      case "memory":
        return soapFault(
          "Maximum AXL Memory Allocation Consumed. Please retry after requesting smaller data set",
        );
      case "html":
        return page(200, "This system is under maintenance");
      case "doctype":
        return finish(response, {
          status: 200,
          headers: { "content-type": "text/xml" },
          body: Buffer.from(`<!DOCTYPE a [<!ENTITY b "b">]>${envelope("<c>&b;</c>")}`),
        });
      case "huge":
        response.writeHead(200, { "content-type": "text/xml" });
        return flood(response);
      case "truncated": {
        const answer = await forward();
        const text = answer.body.toString("utf8");
        const body =
          seen.transport === "tftp" ? answer.body.subarray(0, answer.body.length >> 1) : json(text);
        return finish(response, { ...answer, body });
      }
      case "stale":
        return finish(response, this.#before.get(url) ?? (await forward()));
      default:
        throw new Error(`${fault} is no fault of HTTP`);
    }
  }

  async #forward(incoming: http.IncomingMessage, body: Buffer, seen: SeenExchange): Promise<Answer> {
    const { address } = this.node.target;
    const port = this.node.real[this.port];
    const { method, url, headers } = incoming;
    const answer = await new Promise<Answer>((resolve, reject) => {
      const send = this.port === "tftpHttp" ? http.request : https.request;
      const sent = send({ host: address, port, method, path: url, headers, agent: this.#agent }, (head) =>
        all(head).then(
          (text) => resolve({ status: head.statusCode ?? 0, headers: head.headers, body: text }),
          reject,
        ),
      );
      sent.on("error", reject);
      sent.end(body);
    });
    seen.reached = true;
    seen.pem = answer.body.includes("BEGIN CERTIFICATE");
    const { "set-cookie": _, ...kept } = answer.headers;
    const login = answer.body.includes("j_password");
    if (!login && !this.#before.has(url!)) this.#before.set(url!, { ...answer, headers: kept });
    return answer;
  }

  /** What was answered counts no more. */
  forget(): void {
    this.#before.clear();
  }
}

/** The PEM is inside a string. */
const json = (text: string) => Buffer.from(truncated(text));

function finish(response: http.ServerResponse, { status, headers, body }: Answer): void {
  const { "transfer-encoding": _, ...kept } = headers;
  response.writeHead(status, { ...kept, "content-length": body.length });
  response.end(body);
}

export async function drip(bytes: Buffer, write: (byte: Buffer) => boolean): Promise<void> {
  for (let i = 0; i < bytes.length; i++) {
    if (!write(bytes.subarray(i, i + 1))) return;
    await new Promise((resolve) => setTimeout(resolve, DRIP_MS).unref());
  }
}

/** As fast as it is taken, until nobody takes it any more. */
function flood(sink: http.ServerResponse): void {
  const more = () => {
    while (!sink.destroyed && sink.write(CHUNK));
  };
  sink.on("drain", more);
  more();
}

const envelope = (content: string) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${content}</e:Body></e:Envelope>`;

const PATHS: readonly (readonly [RegExp, Transport])[] = [
  [/^\/axl\//, "axl"],
  [/^\/controlcenter/, "control-center"],
  [/^\/realtimeservice/, "ris"],
  [/^\/logcollection/, "log-collection"],
  [/^\/platformcom\//, "rest"],
  [/^\/cmplatform\//, "web"],
];

function exchangeOf(node: string, { method, url = "/" }: http.IncomingMessage, body: string): Exchange {
  const path = url.split("?")[0]!;
  const transport = PATHS.find(([pattern]) => pattern.test(path))?.[1] ?? "tftp";
  const operation = /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? `${method} ${path}`;
  return { node, transport, operation };
}

async function all(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
