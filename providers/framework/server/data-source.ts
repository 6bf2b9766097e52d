import { hookView } from "../schema/hook-view";
import { typeOfSchema } from "../schema/schema-type";
import { checkNulls } from "./check-nulls";
import { checkPlan } from "./check-plan";
import { unknownPaths } from "./check-result";
import { deadlineOf } from "./deadline";
import { withDefaults } from "./plan-pipeline";
import type { ProviderServer } from "./provider-server";
import { Operation, type Session } from "./session";
import { comparing, keepSpelling } from "./spelling";
import { validateConfig } from "./validate";

export const validateDataSourceConfig =
  (session: Session): ProviderServer["validateDataSourceConfig"] =>
  async ({ type, config }) => {
    const { attributes: schema, validate } = session.dataSources.get(type)!;
    const op = new Operation(session, type).protect(schema, config);
    await validateConfig(op, { schema, config, writeOnlyAllowed: true, ...(validate && { validate }) });
    return { diagnostics: op.diagnostics };
  };

/** The configuration (defaults filled in) goes to the hook; what was configured must come back unchanged. */
export const readDataSource =
  (session: Session): ProviderServer["readDataSource"] =>
  async ({ type, config, signal }) => {
    const { attributes: schema, read } = session.dataSources.get(type)!;
    const op = new Operation(session, type, signal).protect(schema, config);
    const nothing = () => ({ state: null, diagnostics: op.diagnostics });

    const filled = withDefaults(schema, config);
    const outcome = await op.hook("read", (ctx) => read(hookView(schema, filled), ctx), {
      deadline: deadlineOf(schema, "read", config),
    });
    if (!outcome.ok || op.failed) return nothing();
    const result = op.conform("read", schema, outcome.value, [filled]);
    if (result === undefined) return nothing();
    const state = keepSpelling(schema, filled, result, comparing(op, schema, result));
    if (op.failed) return nothing();
    op.bugs("The read returned", [
      ...unknownPaths(typeOfSchema(schema), state).map((path) => ({
        path,
        message: "is unknown: a data source returns known values only",
      })),
      ...checkPlan(schema, null, filled, state),
      ...checkNulls(schema, null, state),
    ]);
    return op.failed ? nothing() : { state, diagnostics: op.diagnostics };
  };
