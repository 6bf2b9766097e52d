/**
 * The lab in place of the hosts of an example, by the means of the cores: a file that ends in `_override.tf.json` takes
 * the place of what a folder's other files declare. The provider configurations are all that names a host.
 *
 *   . .lab/env.sh && cd examples/minimal && npx cdktf synth && npx tsx ../on-the-lab.ts
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { fromEnv, KeaServer, SecureCluster, TrustExchange } from "../constructs";
import { readSite, type Site } from "../lab/site";

/** Provider -> argument -> what reaches the lab. */
type Providers = { readonly [provider: string]: { readonly [argument: string]: unknown } };

function providersOf(site: Site): Providers {
  const stack = new TerraformStack(Testing.app(), "lab");
  const cluster = (name: "source" | "destination") =>
    new SecureCluster(stack, name, {
      ...site[name],
      identity: site[name],
      credentials: fromEnv(name.toUpperCase()),
    });
  new TrustExchange(stack, "trust", {
    source: cluster("source"),
    destination: cluster("destination"),
    method: "bulk",
    sftp: { ...site.sftp, credentials: fromEnv("EXCHANGE") },
  });
  new KeaServer(stack, "kea", { endpoints: site.dhcp.endpoints });
  const { provider } = JSON.parse(Testing.synth(stack)) as {
    provider: { [name: string]: readonly [Providers[string]] };
  };
  return Object.fromEntries(Object.entries(provider).map(([name, [configuration]]) => [name, configuration]));
}

/** @param folder of one stack, or of `.tf` files. Only what it declares is overridden. */
export function overrideWithLab(folder: string, site: Site): void {
  const file = join(folder, "lab_override.tf.json");
  const declared = readdirSync(folder)
    .filter((name) => /\.tf(\.json)?$/.test(name) && join(folder, name) !== file)
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  const declares = (word: string) => new RegExp(`\\b${word}"?\\s*[:=]`).test(declared);
  const provider = Object.fromEntries(
    Object.entries(providersOf(site))
      .map(([name, configuration]): [string, object] => [
        name,
        Object.fromEntries(Object.entries(configuration).filter(([argument]) => declares(argument))),
      ])
      .filter(([, configuration]) => Object.keys(configuration).length > 0),
  );
  writeFileSync(file, `${JSON.stringify({ provider }, null, 2)}\n`);
}

/** The lab that runs; without one, what to do in one line. */
function siteOrSay(): Site {
  try {
    return readSite();
  } catch (error) {
    if (!(error instanceof Error && error.name === "NoLabError")) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

if (require.main === module) {
  const site = siteOrSay();
  const stacks = "cdktf.out/stacks";
  const folders = existsSync(stacks) ? readdirSync(stacks).map((name) => join(stacks, name)) : ["."];
  for (const folder of folders) overrideWithLab(folder, site);
  console.log(`The lab is in place of the hosts of ${folders.join(", ")}.`);
}
