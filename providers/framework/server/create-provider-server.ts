import type { AnyProvider, Logger } from "../define";
import type { Diagnostic } from "../diagnostic";
import { applyResourceChange } from "./apply";
import { checkProvider } from "./check-provider";
import { configureProvider, validateProviderConfig } from "./configure";
import { readDataSource, validateDataSourceConfig } from "./data-source";
import { GRACE } from "./deadline";
import { importResourceState } from "./import";
import { moveResourceState } from "./move";
import { planResourceChange } from "./plan";
import { encodePrivate } from "./private-data";
import type { ProviderServer, ServedProvider } from "./provider-server";
import { readResource } from "./read";
import { maskedLog, Secrets } from "./secrets";
import { Operation, type Session } from "./session";
import { upgradeResourceState } from "./upgrade";
import { validateConfig } from "./validate";

/**
 * The server of a provider's definition. Throws when the definition itself is unsound (every reason in one
 * message); its methods never throw.
 * @param grace milliseconds that a hook has to end once it is told to stop, see `Deadline`.
 */
export function createProviderServer(
  definition: AnyProvider,
  { log, grace = GRACE }: { readonly log: Logger; readonly grace?: number },
): ServedProvider {
  const faults = checkProvider(definition);
  if (faults.length > 0)
    throw new Error(`Provider "${definition.name}" is not sound:\n- ${faults.join("\n- ")}`);

  const seen = new Secrets();
  const session: Session = {
    definition,
    log: maskedLog(log, seen),
    resources: new Map(definition.resources.map((r) => [r.type, r])),
    dataSources: new Map(definition.dataSources.map((d) => [d.type, d])),
    configured: null,
    secrets: new Secrets(),
    seen,
    grace,
  };
  const resource = safely(session, "resource", session.resources);
  const dataSource = safely(session, "data source", session.dataSources);
  const provider = safely(session, "provider", null);

  return {
    definition,
    log: session.log,
    validateProviderConfig: provider(validateProviderConfig(session), () => ({})),
    configureProvider: provider(configureProvider(session), () => ({})),
    validateResourceConfig: resource(validateResourceConfig(session), () => ({})),
    upgradeResourceState: resource(upgradeResourceState(session), () => ({ state: null })),
    readResource: resource(readResource(session), (r) => ({ state: r.current, private: r.private })),
    planResourceChange: resource(planResourceChange(session), (r) => ({
      planned: r.prior,
      requiresReplace: [],
      plannedPrivate: r.priorPrivate,
    })),
    applyResourceChange: resource(applyResourceChange(session), (r) => ({
      state: r.prior,
      private: r.plannedPrivate,
    })),
    importResourceState: resource(importResourceState(session), () => ({ imported: [] })),
    moveResourceState: resource(moveResourceState(session), () => ({
      state: null,
      private: encodePrivate({ resource: null }),
    })),
    validateDataSourceConfig: dataSource(validateDataSourceConfig(session), () => ({})),
    readDataSource: dataSource(readDataSource(session), () => ({ state: null })),
  };
}

const validateResourceConfig =
  (session: Session): ProviderServer["validateResourceConfig"] =>
  async ({ type, config, writeOnlyAllowed }) => {
    const { attributes: schema, validate } = session.resources.get(type)!;
    const op = new Operation(session, type).protect(schema, config);
    await validateConfig(op, { schema, config, writeOnlyAllowed, ...(validate && { validate }) });
    return { diagnostics: op.diagnostics };
  };

/**
 * Wraps a method: an unknown type is an error diagnostic, and so is whatever the framework itself might throw;
 * `otherwise` is the rest of the answer then.
 */
function safely(session: Session, kind: string, known: ReadonlyMap<string, unknown> | null) {
  return <R extends object, A extends { diagnostics: Diagnostic[] }>(
    method: (request: R) => Promise<A>,
    otherwise: (request: R) => Omit<A, "diagnostics">,
  ) =>
    async (request: R): Promise<A> => {
      const type = "type" in request ? String(request.type) : `provider "${session.definition.name}"`;
      const fail = (report: (op: Operation) => void): A => {
        // The request's secrets are those of an operation that has ended.
        const op = new Operation({ ...session, secrets: session.seen }, type);
        report(op);
        return { ...otherwise(request), diagnostics: op.diagnostics } as A;
      };
      if (known && !known.has(type)) {
        const { name } = session.definition;
        return fail((op) =>
          op.error(`Unknown ${kind} "${type}"`, `Provider "${name}" has no ${kind} of this type.`),
        );
      }
      try {
        return await method(request);
      } catch (thrown) {
        return fail((op) => op.caught("request", thrown));
      }
    };
}
