import { typeOfSchema } from "../schema/schema-type";
import type { Json } from "../schema/value";
import { unknownPaths } from "./check-result";
import { encodePrivate } from "./private-data";
import type { ProviderServer } from "./provider-server";
import { Operation, type Session } from "./session";

/** Of an id that carries arguments as JSON. */
function argumentsOf(id: string): Json {
  try {
    return JSON.parse(id) as Json;
  } catch {
    return null;
  }
}

/** A state from an id alone. Core reads it next, so it needs to hold only what a read needs; the rest is null. */
export const importResourceState =
  (session: Session): ProviderServer["importResourceState"] =>
  async ({ type, id, signal }) => {
    const { import: definition, attributes: schema } = session.resources.get(type)!;
    const op = new Operation(session, type, signal).protect(schema, argumentsOf(id));
    const nothing = () => ({ imported: [], diagnostics: op.diagnostics });
    if (!definition) {
      op.error(`${type} cannot be imported`, "This type of resource has no import.");
      return nothing();
    }
    if (id.trim() === "") {
      op.error(`Empty import id for ${type}`, `Expected an id of the form ${definition.idForm}`);
      return nothing();
    }
    const outcome = await op.hook("import", (ctx) => definition.run(id, ctx));
    if (!outcome.ok || op.failed) return nothing();
    const state = op.conform("import", schema, outcome.value?.state, []);
    if (state === undefined) return nothing();
    op.bugs(
      "The import returned",
      unknownPaths(typeOfSchema(schema), state).map((path) => ({
        path,
        message: "is unknown: a state holds known values only",
      })),
    );
    const data = op.encode("import", () => encodePrivate({ resource: outcome.value.private ?? null }));
    if (op.failed || data === undefined) return nothing();
    return { imported: [{ type, state, private: data }], diagnostics: op.diagnostics };
  };
