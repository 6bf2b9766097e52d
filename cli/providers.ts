import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { layProvidersInto } from "../constructs/local-providers";
import { ROOT } from "../lab/supervise/root";
import { CommandError } from "./command-error";

export function registerProviders(program: Command): void {
  program
    .command("providers")
    .description(
      "lay the providers into a folder of .tf files, where Terraform and OpenTofu find them without any set-up; what cdktf synthesises has them already",
    )
    .option("--into <dir>", "the folder", ".")
    .addHelpText(
      "after",
      "\nWrites terraform.d below that folder, and prints what to declare there. Run `terraform init` or `tofu init` next." +
        "\nThey start what `npm run build` has made here: run it again after a change. No device is contacted." +
        "\n\nExample:\n  npx phone-migration providers --into examples/plain-hcl" +
        "\n\nExit status: 0 laid; 2 not laid: there is no such folder, nothing is built, or it cannot be written.",
    )
    .action(({ into }: { readonly into: string }) => {
      if (!statSync(into, { throwIfNoEntry: false })?.isDirectory())
        throw new CommandError(`There is no folder ${into}. Make it, or name another with --into.`, 2);
      const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
      const laid = orSay(() => layProvidersInto(into, version, join(ROOT, "dist")));
      console.log(
        `Laid into ${join(into, "terraform.d")}. Declare them, and run \`terraform init\` there:\n`,
      );
      console.log(declaration(laid));
    });
}

/** Not built, or not to be written: nothing has begun. */
function orSay<T>(lay: () => T): T {
  try {
    return lay();
  } catch (error) {
    throw new CommandError(`The providers are not laid: ${(error as Error).message}`, 2);
  }
}

function declaration(providers: ReturnType<typeof layProvidersInto>): string {
  const entries = providers.map(
    ({ name, source, version }) =>
      `    ${name} = {\n      source  = "${source}"\n      version = "${version}"\n    }\n`,
  );
  return `terraform {\n  required_providers {\n${entries.join("")}  }\n}`;
}
