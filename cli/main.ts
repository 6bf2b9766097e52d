/** `phone-migration`: one file for each command beside this one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { ROOT } from "../lab/supervise/root";
import { CommandError } from "./command-error";
import { registerDoctor } from "./doctor";
import { registerForecast } from "./forecast";
import { registerImports } from "./imports";
import { registerLabDown } from "./lab-down";
import { registerLabStatus } from "./lab-status";
import { registerLabUp } from "./lab-up";
import { registerProviders } from "./providers";
import { registerReview } from "./review";
import { registerSelect } from "./select";
import { registerStatus } from "./status";
import { registerTrustList } from "./trust-list";
import { registerTvsAsk } from "./tvs-ask";
import { registerVerify } from "./verify";

/** Exit status: 0 done, 1 failed, 2 not understood. */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command("phone-migration")
    .description(
      "phone migration between secure CUCM clusters: a lab to rehearse it, a review of its plans, and help with its state",
    )
    .version((JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version)
    .exitOverride();
  const lab = program
    .command("lab")
    .description("two emulated clusters, their phones and a DHCP server, on loopback");
  registerLabUp(lab);
  registerLabStatus(lab);
  registerLabDown(lab);
  registerDoctor(program);
  registerForecast(program);
  registerImports(program);
  registerStatus(program);
  registerSelect(program);
  registerReview(program);
  registerProviders(program);
  registerTrustList(program);
  registerTvsAsk(program.command("tvs").description("a node's Trust Verification Service"));
  registerVerify(program);
  hint(program, "phone-migration", "lists the commands");
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CommandError) {
      console.error(`phone-migration: ${error.message}`);
      return error.exitStatus;
    }
    console.error(`phone-migration: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** Where help is to be had, after an error of the command or of one below it. */
function hint(command: Command, path: string, says: string): void {
  command.exitOverride().showHelpAfterError(`(\`${path} --help\` ${says})`);
  for (const one of command.commands)
    hint(
      one,
      `${path} ${one.name()}`,
      one.commands.length > 0 ? "lists the commands" : "explains its options",
    );
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((status) => {
    process.exitCode = status;
  });
}
