import type { Context } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { type DhcpBackend, DhcpError, type Operation, type Scope, scopeText } from "../backends/backend";
import type { DhcpServers } from "../servers";
import type { State } from "./option-150-schema";
import { argumentsOf, scopeOf } from "./option-150-scope";

/** How the hooks reach the scope that a state, or arguments, speak of. */

export type Ctx = Context<DhcpServers>;

export const backendOf = (s: Pick<State, "server">, ctx: Ctx): DhcpBackend => ctx.client.backend(s.server);
export const placeOf = (s: Pick<State, "scope">): Scope => scopeOf(s.scope);
/** As sentences name it: `Option 150 of subnet 10.1.20.0/24`. */
export const nameOf = (scope: Scope): string => `Option 150 of ${scopeText(scope)}`;
export const operation = (ctx: Ctx): Operation => ({
  signal: ctx.signal,
  progress: (line: string) => ctx.log.info(line),
});
/** The same for every spelling of a scope. */
export const idOf = (server: string, scope: Scope) => JSON.stringify({ server, scope: argumentsOf(scope) });

/** Errors of a backend become diagnostics; anything else stays what it is. */
export const explained = (error: unknown): unknown =>
  error instanceof DhcpError ? new DiagnosticError(error.summary, error.detail) : error;
