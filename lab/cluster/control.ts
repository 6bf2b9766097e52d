import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunningCluster } from "./build";
import { applyFault, FaultError } from "./faults";
import type { ClusterName } from "./options";
import type { Requests } from "./requests";
import type { LabSftp } from "./servers/sftp";
import { readBody } from "./servers/soap";
import { stateOf } from "./state";

export type Clusters = { readonly [name in ClusterName]: RunningCluster };

/**
 * The lab's own door, on 127.0.0.1, for tests and `lab status`; no part of what is emulated.
 *
 * `GET /state`, `GET /requests` (counts), `GET /requests/log` (in order),
 * `GET /device-orders` (resets by AXL, in order), `POST /requests/reset`,
 * `GET /tvs-log?cluster=source&node=NAME`, `POST /fault` with a body of {@link import("./faults").Fault}.
 */
export class Control {
  private readonly server: Server;

  constructor(
    private readonly clusters: Clusters,
    private readonly requests: Requests,
    private readonly sftp: LabSftp | null,
  ) {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        const status = error instanceof FaultError || error instanceof SyntaxError ? 400 : 500;
        reply(response, status, { error: error instanceof Error ? error.message : String(error) });
      });
    });
  }

  async listen(port: number): Promise<string> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://control");
    switch (`${request.method} ${url.pathname}`) {
      case "GET /state":
        return reply(response, 200, stateOf(this.clusters));
      case "GET /requests":
        return reply(response, 200, this.requests.counts);
      case "GET /requests/log":
        return reply(response, 200, this.requests.log);
      case "GET /device-orders":
        return reply(response, 200, this.requests.orders);
      case "POST /requests/reset":
        this.requests.reset();
        return reply(response, 200, {});
      case "GET /tvs-log":
        return reply(response, 200, this.tvsLog(url.searchParams));
      case "POST /fault":
        await applyFault(JSON.parse(await readBody(request)), this.clusters, this.requests, this.sftp);
        return reply(response, 200, {});
      default:
        return reply(response, 404, { error: `no ${request.method} ${url.pathname}` });
    }
  }

  private tvsLog(query: URLSearchParams): readonly string[] {
    const running = this.clusters[query.get("cluster") as ClusterName];
    const host = running?.hosts.find(({ node }) => node.name === query.get("node"));
    if (host === undefined) throw new FaultError("no such cluster or node");
    return host.tvsLog.lines;
  }
}

function reply(response: ServerResponse, status: number, content: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(`${JSON.stringify(content)}\n`);
}
