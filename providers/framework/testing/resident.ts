import type { AnyProvider } from "../define";
import { serveReattach } from "../serve";
import type { AttachedProvider } from "./workspace";

/** A provider inside the test's own process. */
export interface ResidentProvider extends AttachedProvider {
  /** Stops serving. Call it when the tests are over, or the process does not end. */
  close(): Promise<void>;
}

/**
 * Hosts a provider in the test's own process, where a step costs tens of milliseconds instead of three or four
 * starts of a provider, and breakpoints work. Workspaces may share it, one command at a time.
 */
export async function resident(definition: AnyProvider): Promise<ResidentProvider> {
  const { reattach, close } = await serveReattach(definition);
  return { source: definition.source, version: definition.version, reattach, close };
}
