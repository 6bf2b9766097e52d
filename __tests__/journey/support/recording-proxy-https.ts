/** AXL, Control Center and RIS through a proxy that ends TLS on both sides and reads the SOAP operation. */
import { generateKeyPairSync } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request, type Server } from "node:https";
import { connect, type TLSSocket } from "node:tls";
import { validity } from "../../../lab/cluster/pki/identities";
import { issue } from "../../../lab/cluster/pki/issue";
import type { ProxiedNode, WriteLog } from "./recording-proxy";

const READS = /^(get|list|soapGet|selectCmDevice|executeSQLQuery$)/;
/** AXL does not speak the version that the request is written in, and has not looked at it. */
const UNKNOWN_VERSION = 599;

export class HttpsProxy {
  readonly sha256: string;
  private readonly credentials: { readonly cert: string; readonly key: string };
  private readonly servers: Server[] = [];
  private readonly agents: Agent[] = [];

  constructor(private readonly log: WriteLog) {
    const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const { certificate } = issue({ subject: [["CN", "recording-proxy"]], key, ...validity(1) });
    this.sha256 = certificate.sha256;
    this.credentials = { cert: certificate.pem, key: key.export({ type: "pkcs8", format: "pem" }) as string };
  }

  listen(node: ProxiedNode, port: number): Promise<void> {
    const agent = new VerifyingAgent(node);
    this.agents.push(agent);
    const server = createServer(this.credentials, (incoming, answer) => {
      this.serve(node, agent, incoming, answer).catch(() => answer.destroy());
    });
    server.on("tlsClientError", (_, socket) => socket.destroy());
    this.servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, node.address, resolve);
    });
  }

  close(): void {
    for (const agent of this.agents) agent.destroy();
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  private async serve(
    node: ProxiedNode,
    agent: Agent,
    incoming: IncomingMessage,
    answer: ServerResponse,
  ): Promise<void> {
    const body = await all(incoming);
    let got: { readonly head: IncomingMessage; readonly body: Buffer } | null = null;
    const { operation, detail } = soap(body.toString("utf8"));
    const exchange = async () => {
      got = await forward(node, agent, incoming, body);
      if (got.head.statusCode === UNKNOWN_VERSION) return null;
      return { words: `${node.name}: ${operation} ${detail}` };
    };
    if (READS.test(operation)) await exchange();
    else await this.log.pass("cucm", () => !answer.destroyed, exchange);
    if (got === null) return;
    const { head, body: text } = got as { head: IncomingMessage; body: Buffer };
    answer.writeHead(head.statusCode ?? 502, head.headers);
    answer.end(text);
  }
}

/** Hands out no connection whose certificate is not the node's. */
class VerifyingAgent extends Agent {
  constructor(private readonly node: ProxiedNode) {
    super({ keepAlive: true });
  }

  override createConnection(_: unknown, done?: (error: Error | null, socket: TLSSocket) => void): undefined {
    const { address, httpsPort, tlsSha256 } = this.node;
    // Self-signed: the pin decides.
    const socket = connect({ host: address, port: httpsPort, rejectUnauthorized: false });
    socket.once("error", (error) => done?.(error, socket));
    socket.once("secureConnect", () => {
      const shown = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(":", "").toLowerCase() ?? "";
      if (tlsSha256.includes(shown)) done?.(null, socket);
      else socket.destroy(new Error(`${address} shows ${shown}`));
    });
  }
}

function forward(node: ProxiedNode, agent: Agent, { method, url, headers }: IncomingMessage, body: Buffer) {
  return new Promise<{ head: IncomingMessage; body: Buffer }>((resolve, reject) => {
    const sent = request(
      { host: node.address, port: node.httpsPort, method, path: url, headers, agent },
      (head) => all(head).then((text) => resolve({ head, body: text }), reject),
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

async function all(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The first element of the body, and what it is about. */
function soap(text: string): { operation: string; detail: string } {
  const operation = /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(text)?.[1] ?? "(not SOAP)";
  const values = [...text.matchAll(/<(?:\w+:)?(?:name|deviceName|ControlType|item)>([^<]*)</g)];
  return { operation, detail: values.map(([, value]) => value).join(" ") };
}
