import { hookView } from "../schema/hook-view";
import { withDefaults } from "./plan-pipeline";
import type { ProviderServer } from "./provider-server";
import { Operation, type Session } from "./session";
import { validateConfig } from "./validate";

const subjectOf = ({ definition }: Session) => `provider "${definition.name}"`;

export const validateProviderConfig =
  (session: Session): ProviderServer["validateProviderConfig"] =>
  async ({ config }) => {
    const { attributes: schema, validate } = session.definition;
    const op = new Operation(session, subjectOf(session)).protect(schema, config);
    await validateConfig(op, { schema, config, writeOnlyAllowed: true, ...(validate && { validate }) });
    return { diagnostics: op.diagnostics };
  };

/** Values may be unknown: that is the client's business, which names the attribute when it first needs it. */
export const configureProvider =
  (session: Session): ProviderServer["configureProvider"] =>
  async ({ config, signal }) => {
    const op = new Operation(session, subjectOf(session), signal);
    const { attributes: schema, configure } = session.definition;
    session.configured = null;
    session.secrets.add(schema, config);
    op.protect(schema, config);
    const outcome = await op.guard("configure", () =>
      configure(hookView(schema, withDefaults(schema, config)), op.contextWithoutClient()),
    );
    if (outcome.ok && !op.failed) session.configured = { client: outcome.value };
    return { diagnostics: op.diagnostics };
  };
