import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { layProvidersInto } from "../constructs/local-providers";
import { ROOT } from "../lab/supervise/root";
import { CommandError } from "./command-error";
import { explain } from "./explained";

export function registerProviders(program: Command): void {
  explain(
    program
      .command("providers")
      .description("lay the providers into a folder of .tf files, for HCL without CDKTF")
      .option("--into <dir>", "the folder", "."),
    {
      about: [
        "Writes terraform.d below that folder, where Terraform and OpenTofu find providers without any set-up, and prints what to declare there. What cdktf synthesises has them already. In a clone they start what `npm run build` has made: run that again after a change. No device is contacted, and no device is changed.",
      ],
      examples: [
        [
          "npx phone-migration providers --into examples/plain-hcl",
          "then `terraform init` or `tofu init` there",
        ],
      ],
      statuses: { 0: "they are laid", 1: "they could not be laid" },
    },
  ).action(({ into }: { readonly into: string }) => {
    if (!statSync(into, { throwIfNoEntry: false })?.isDirectory())
      throw new CommandError(`There is no folder ${into}. Make it, or name another with --into.`, 2);
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    const laid = orSay(() => layProvidersInto(into, version));
    console.log(`Laid into ${join(into, "terraform.d")}. Declare them, and run \`terraform init\` there:\n`);
    console.log(declaration(laid));
  });
}

/** Not built, or not to be written. */
function orSay<T>(lay: () => T): T {
  try {
    return lay();
  } catch (error) {
    throw new CommandError(
      `The providers are not laid: ${(error as Error).message}. Mend that, and run it again.`,
      1,
    );
  }
}

function declaration(providers: ReturnType<typeof layProvidersInto>): string {
  const entries = providers.map(
    ({ name, source, version }) =>
      `    ${name} = {\n      source  = "${source}"\n      version = "${version}"\n    }\n`,
  );
  return `terraform {\n  required_providers {\n${entries.join("")}  }\n}`;
}
