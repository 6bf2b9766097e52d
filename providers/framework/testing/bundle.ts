import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnyProvider } from "../define";
import type { LaunchedProvider } from "./workspace";

/** A provider in a file of its own, which `remove` takes away. */
export interface BundledProvider extends LaunchedProvider {
  remove(): void;
}

/**
 * A provider as users run it: one file, made by `esbuild`, which has to be installed. One that your own build has
 * made needs none of this: `{ source, version, bundle: "/path/of/the/file.js" }`.
 *
 * @param entryPoint absolute path of the module that calls `serve`
 * @throws what esbuild says, with its place, when something does not compile
 */
export async function bundled(definition: AnyProvider, entryPoint: string): Promise<BundledProvider> {
  const { build } = await import("esbuild");
  const folder = mkdtempSync(join(tmpdir(), `${definition.name}-`));
  const bundle = join(folder, "provider.js");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    await build({
      entryPoints: [entryPoint],
      outfile: bundle,
      bundle: true,
      platform: "node",
      logLevel: "silent",
    });
  } catch (error) {
    remove();
    throw error;
  }
  return { source: definition.source, version: definition.version, bundle, remove };
}
