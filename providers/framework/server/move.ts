import type { AnyProvider, Move } from "../define";
import { isJsonObject } from "../schema/from-json";
import type { Value } from "../schema/value";
import { encodePrivate } from "./private-data";
import type { ProviderServer } from "./provider-server";
import { Operation, type Session } from "./session";
import { storedState } from "./stored-state";

type Answer = Awaited<ReturnType<ProviderServer["moveResourceState"]>>;

/** The state of another type, of this provider or another, as one of ours. Core upgrades and reads it next. */
export const moveResourceState =
  (session: Session): ProviderServer["moveResourceState"] =>
  async ({ type, source }) => {
    const { attributes, moves = [] } = session.resources.get(type)!;
    const op = new Operation(session, type).protect(attributes, source.json);
    const answer = (state: Value): Answer => ({
      state: op.failed ? null : state,
      private: encodePrivate({ resource: null }),
      diagnostics: op.diagnostics,
    });
    const move = moves.find(
      ({ from, provider = session.definition.source }) =>
        from === source.type && bare(provider) === bare(source.provider),
    );
    if (!move) {
      op.error(
        `${source.type} cannot become ${type}`,
        `${source.provider} "${source.type}" is not among the types that can be moved here: ${shown(session.definition, moves)}. Remove the one from the state and import the other.`,
      );
      return answer(null);
    }
    const { json } = source;
    if (!isJsonObject(json)) {
      op.error(`State of ${source.type} cannot be read`, "It is no object.");
      return answer(null);
    }
    const outcome = await op.guard(`move from ${source.type}`, () => move.run(json, source.version));
    if (!outcome.ok) return answer(null);
    return answer(storedState(op, attributes, outcome.value, `move from ${source.type}`));
  };

/** Each core has a public registry of its own; the same provider is the same in both. */
const bare = (address: string): string => address.replace(/^registry\.(terraform\.io|opentofu\.org)\//, "");

const shown = ({ source }: AnyProvider, moves: readonly Move[]): string =>
  moves.map(({ from, provider = source }) => `${provider} "${from}"`).join(", ") || "there are none";
