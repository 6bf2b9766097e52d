import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { AnyProvider } from "../define";
import type { LaunchedProvider } from "./workspace";

const ROOT = join(__dirname, "../../..");

/**
 * A provider as users run it: its bundle, built now if its sources are newer.
 * @param name as in dist/terraform-provider-<name>.js
 */
export function bundled(name: string, definition: AnyProvider): LaunchedProvider {
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs"), `terraform-provider-${name}.js`], {
    cwd: ROOT,
  });
  return {
    source: definition.source,
    version: definition.version,
    bundle: join(ROOT, `dist/terraform-provider-${name}.js`),
  };
}
