import type { AnyProvider } from "./define";
import { createProviderServer } from "./server/create-provider-server";
import { type ReattachedProvider, serveInProcess } from "./wire/serve-in-process";
import { servePlugin } from "./wire/serve-plugin";

/**
 * What the main module of a provider calls, and all that it does: answers the Terraform or OpenTofu that started
 * this process until it says that it is done. Started by hand, it says what it is and ends with status 1.
 */
export function serve(definition: AnyProvider): void {
  servePlugin(definition.name, (log) => createProviderServer(definition, { log }));
}

/**
 * Serves the provider from the current process, for acceptance tests: set TF_REATTACH_PROVIDERS to the JSON of
 * `{ [definition.source]: reattach }`. Without TLS, on a unix socket that only this user can open.
 */
export function serveReattach(definition: AnyProvider): Promise<ReattachedProvider> {
  return serveInProcess(definition.name, (log) => createProviderServer(definition, { log }));
}
