import { isJsonObject } from "../schema/from-json";
import type { Json } from "../schema/value";
import type { ProviderServer } from "./provider-server";
import { Operation, type Outcome, type Session } from "./session";
import { storedState } from "./stored-state";
import { bug } from "./thrown";

/**
 * A stored state in today's schema. Core asks on every read of a state, at the same version too. The upgraders
 * run one after another, each from its version to the next; then keys that the schema lacks are dropped and
 * missing ones are null, so a new attribute alone needs no upgrader. Never touches the device.
 */
export const upgradeResourceState =
  (session: Session): ProviderServer["upgradeResourceState"] =>
  async ({ type, version, json }) => {
    const resource = session.resources.get(type)!;
    const op = new Operation(session, type).protect(resource.attributes, json);
    const current = resource.version ?? 0;
    const nothing = () => ({ state: null, diagnostics: op.diagnostics });
    if (json === null) return nothing();
    if (version > current) {
      op.error(
        `State of ${type} is newer than the provider`,
        `It was written with version ${version} of the schema; this provider knows ${current}. Use a newer provider.`,
      );
      return nothing();
    }

    let state: Json = json;
    for (let from = version; from < current; from++) {
      const upgrade = resource.upgraders?.[from];
      if (!upgrade) {
        op.diagnostics.push(bug(type, `It has no upgrader from version ${from} of its state`));
        return nothing();
      }
      const old: Json = state;
      if (!isJsonObject(old)) break;
      const outcome: Outcome<Json> = await op.guard(`upgrade from version ${from}`, () => upgrade(old));
      if (!outcome.ok) return nothing();
      state = outcome.value;
      op.protect(resource.attributes, state);
    }
    return {
      state: storedState(op, resource.attributes, state, `upgrade to version ${current}`),
      diagnostics: op.diagnostics,
    };
  };
