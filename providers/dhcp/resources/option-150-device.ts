import type { Context } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { type DhcpBackend, DhcpError, type Operation, type Scope } from "../backends/backend";
import type { DhcpServers } from "../servers";
import type { State } from "./option-150-schema";

/** How the hooks reach the scope that a state, or arguments, speak of. */

export type Ctx = Context<DhcpServers>;

export const backendOf = (s: Pick<State, "server">, ctx: Ctx): DhcpBackend => ctx.client.backend(s.server);
export const scopeOf = (s: Pick<State, "scope">): Scope => ({ kind: "subnet", subnet: s.scope.subnet });
export const operation = (ctx: Ctx): Operation => ({
  signal: ctx.signal,
  progress: (line: string) => ctx.log.info(line),
});
export const idOf = (server: string, subnet: string) => JSON.stringify({ server, scope: { subnet } });

/** Errors of a backend become diagnostics; anything else stays what it is. */
export const explained = (error: unknown): unknown =>
  error instanceof DhcpError ? new DiagnosticError(error.summary, error.detail) : error;
