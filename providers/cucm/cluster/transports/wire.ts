/**
 * How bytes come and go between us and the nodes. Everything that talks to one goes through these, so that a run can be
 * recorded, and a recording can take the place of a node.
 */
import type { Certificate } from "../../../../trust/certificate";
import type { TvsAnswer } from "../cluster";
import type { Endpoint } from "../failure";
import type { Log } from "../log";
import { Cli, type Command } from "./cli";
import { type ClearTarget, type HttpAnswer, type HttpRequest, HttpServer } from "./http";
import type { SshTarget } from "./ssh-shell";
import { Tvs, type TvsOptions } from "./tvs";
import type { TlsTarget } from "./verified-tls";

export interface HttpChannel {
  /** @throws as {@link HttpServer.send} */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

export interface CliChannel {
  /** @throws ClusterError */
  run(command: Command, signal: AbortSignal): Promise<string>;
  close(): void;
}

export interface TvsChannel {
  /** @throws ClusterError */
  ask(asked: Certificate, sha256: readonly string[], signal: AbortSignal): Promise<TvsAnswer>;
}

export interface Wire {
  http(address: string, target: TlsTarget | ClearTarget, sockets: number): HttpChannel;
  cli(target: SshTarget, log: Log): CliChannel;
  tvs(at: Endpoint, options: TvsOptions, log: Log): TvsChannel;
}

/** Nothing is contacted before the first question. */
export const WIRE: Wire = {
  http: (address, target, sockets) => new HttpServer(address, target, sockets),
  cli: (target, log) => new Cli(target, log),
  tvs: (at, options, log) => new Tvs(at, options, log),
};
