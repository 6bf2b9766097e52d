/** What the state knows of phones that the last deploy reset in vain: no question to a cluster tells it. */
import { atLastDeploy } from "../trust/not-followed";
import { CommandError } from "./command-error";
import { isInitialised, type StoredState, stateOf } from "./planned";
import { instancesOf } from "./source-dependents";

export interface LastDeploy {
  /** By address of the wave's `cucm_phone_registration`, and by device name: a sentence. */
  readonly waves: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Why the state was not looked at. */
  readonly unread: string | null;
}

/** @param to where phones were to go */
export function lastDeploy(state: StoredState, to: "source" | "destination"): LastDeploy["waves"] {
  const waves = instancesOf(state, "cucm_phone_registration");
  return new Map([...waves].map(([address, { failed }]) => [address, inVain(failed, to)]));
}

/** @param failed of a `cucm_phone_registration` */
function inVain(failed: unknown, to: "source" | "destination"): ReadonlyMap<string, string> {
  const phones = (failed ?? []) as readonly { readonly name: string; readonly reason: string }[];
  return new Map(
    phones.flatMap(({ name, reason }) => {
      const said = atLastDeploy(reason, to);
      return said === null ? [] : [[name, said] as const];
    }),
  );
}

/** Whoever may not read the state has a forecast all the same, and nothing is made in that folder for it. */
export async function readLastDeploy(folder: string, to: "source" | "destination"): Promise<LastDeploy> {
  const none = (unread: string) => ({ waves: new Map(), unread });
  if (!isInitialised(folder))
    return none(`${folder} is not initialised. \`npx cdktf plan\` does it where this stack is deployed from`);
  try {
    return { waves: lastDeploy(await stateOf(folder), to), unread: null };
  } catch (error) {
    // Above 128: a signal.
    if (!(error instanceof CommandError) || error.exitStatus > 128) throw error;
    return none(error.message);
  }
}
