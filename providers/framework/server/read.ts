import { hookView } from "../schema/hook-view";
import { typeOfSchema } from "../schema/schema-type";
import { checkNulls } from "./check-nulls";
import { unknownPaths } from "./check-result";
import { deadlineOf } from "./deadline";
import { decodePrivate, encodePrivate, privateOfState } from "./private-data";
import type { ProviderServer } from "./provider-server";
import { Operation, type Session } from "./session";
import { comparing, keepSpelling } from "./spelling";

type Answer = Awaited<ReturnType<ProviderServer["readResource"]>>;

/** What the device has now; null when it is gone. On an error the state stays what it was. */
export const readResource =
  (session: Session): ProviderServer["readResource"] =>
  async ({ type, current, private: bytes, signal }): Promise<Answer> => {
    const resource = session.resources.get(type)!;
    const schema = resource.attributes;
    const op = new Operation(session, type, signal).protect(schema, current);
    const unchanged = (): Answer => ({ state: current, private: bytes, diagnostics: op.diagnostics });
    if (current === null) return unchanged();

    const view = hookView(schema, current);
    const data = privateOfState(decodePrivate(bytes, op.log));
    const outcome = await op.hook("read", (ctx) => resource.read({ state: view, private: data }, ctx), {
      deadline: deadlineOf(schema, "read", current),
    });
    if (!outcome.ok || op.failed) return unchanged();
    if (outcome.value === null)
      return { state: null, private: new Uint8Array(), diagnostics: op.diagnostics };

    const state = op.conform("read", schema, outcome.value?.state, [current]);
    if (state === undefined) return unchanged();
    const unknown = unknownPaths(typeOfSchema(schema), state);
    op.bugs("The read returned", [
      ...unknown.map((path) => ({ path, message: "is unknown: a state holds known values only" })),
      ...checkNulls(schema, current, state),
    ]);
    const kept = outcome.value.private;
    const encoded = kept === undefined ? bytes : op.encode("read", () => encodePrivate({ resource: kept }));
    const spelled = keepSpelling(schema, current, state, comparing(op, schema, state));
    if (op.failed || encoded === undefined) return unchanged();
    return { state: spelled, private: encoded, diagnostics: op.diagnostics };
  };
