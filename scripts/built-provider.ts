import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { AnyProvider } from "../providers/framework/define";
import type { LaunchedProvider } from "../providers/framework/testing/workspace";

const ROOT = join(__dirname, "..");

/**
 * One of our providers as users run it: its bundle in dist/, built now if its sources are newer.
 * @param name as in dist/terraform-provider-<name>.js
 */
export function builtProvider(name: string, { source, version }: AnyProvider): LaunchedProvider {
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs"), `terraform-provider-${name}`], {
    cwd: ROOT,
  });
  return { source, version, bundle: join(ROOT, `dist/terraform-provider-${name}.js`) };
}
