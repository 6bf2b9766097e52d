import type { AnyProvider, Logger } from "../define";
import type { Diagnostic } from "../diagnostic";
import type { AttributePath, Json, Value } from "../schema/value";

/**
 * The provider as the wire layer calls it: the protocol's requests and answers with every byte already decoded.
 * Nothing here throws: whatever goes wrong is a diagnostic. Testable without a socket.
 */
export interface ProviderServer {
  readonly definition: AnyProvider;
  validateProviderConfig(r: { config: Value }): Promise<{ diagnostics: Diagnostic[] }>;
  configureProvider(r: { config: Value; signal: AbortSignal }): Promise<{ diagnostics: Diagnostic[] }>;

  validateResourceConfig(r: {
    type: string;
    config: Value;
    writeOnlyAllowed: boolean;
  }): Promise<{ diagnostics: Diagnostic[] }>;
  upgradeResourceState(r: {
    type: string;
    version: number;
    json: Json;
  }): Promise<{ state: Value; diagnostics: Diagnostic[] }>;
  readResource(r: {
    type: string;
    current: Value;
    private: Uint8Array;
    signal: AbortSignal;
  }): Promise<{ state: Value; private: Uint8Array; diagnostics: Diagnostic[] }>;
  planResourceChange(r: {
    type: string;
    prior: Value;
    proposed: Value;
    config: Value;
    priorPrivate: Uint8Array;
    signal: AbortSignal;
  }): Promise<{
    planned: Value;
    requiresReplace: AttributePath[];
    plannedPrivate: Uint8Array;
    diagnostics: Diagnostic[];
  }>;
  applyResourceChange(r: {
    type: string;
    prior: Value;
    planned: Value;
    config: Value;
    plannedPrivate: Uint8Array;
    signal: AbortSignal;
  }): Promise<{ state: Value; private: Uint8Array; diagnostics: Diagnostic[] }>;
  importResourceState(r: { type: string; id: string; signal: AbortSignal }): Promise<{
    imported: { type: string; state: Value; private: Uint8Array }[];
    diagnostics: Diagnostic[];
  }>;

  moveResourceState(r: {
    /** What it becomes. */
    type: string;
    source: { provider: string; type: string; version: number; json: Json };
  }): Promise<{ state: Value; private: Uint8Array; diagnostics: Diagnostic[] }>;

  validateDataSourceConfig(r: { type: string; config: Value }): Promise<{ diagnostics: Diagnostic[] }>;
  readDataSource(r: {
    type: string;
    config: Value;
    signal: AbortSignal;
  }): Promise<{ state: Value; diagnostics: Diagnostic[] }>;
}

/** A provider's server, with the log in which nothing is that it was ever told as sensitive. */
export interface ServedProvider extends ProviderServer {
  readonly log: Logger;
}
