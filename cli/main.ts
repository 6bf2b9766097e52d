/** `phone-migration`: one file for each command beside this one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { ROOT } from "../lab/supervise/root";
import { CommandError } from "./command-error";
import { registerDoctor } from "./doctor";
import { explain } from "./explained";
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

/** The commands, as they are declared. */
export function commandLine(): Command {
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
  const tvs = program.command("tvs").description("a node's Trust Verification Service");
  registerTvsAsk(tvs);
  registerVerify(program);
  hint(program, "phone-migration", "lists the commands");
  explain(program, {
    about: [
      "No command changes a device of yours: phones move when what is declared is deployed. Colours are for terminals; NO_COLOR switches them off, FORCE_COLOR on. A reader that ends early (`| head`) changes nothing of the exit status.",
    ],
    examples: [
      ["npx phone-migration lab up", "rehearse on this machine"],
      ["npx phone-migration forecast --help", "what a command reads, and its options"],
    ],
    statuses: STATUSES_OF_ALL,
  });
  explain(lab, {
    about: ["docs/lab.md says what is emulated and what is not."],
    examples: [["npx phone-migration lab up", "in one terminal; `lab status` and `lab down` in another"]],
    statuses: STATUSES_OF_ALL,
  });
  explain(tvs, {
    about: ["Beside the proof of a deploy, for a single question."],
    examples: [["npx phone-migration tvs ask --help", "what it takes to ask"]],
    statuses: STATUSES_OF_ALL,
  });
  return program;
}

/**
 * @returns the exit status: 0 all is well; 1 it looked, and not all is; 2 it has not begun, because the command line was
 *   not understood or what it needs is not there; 128 and the number of the signal that ended it
 */
export async function main(args: readonly string[]): Promise<number> {
  // Who reads no further (`| head`) still gets the exit status.
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners("error").includes(unlessClosed)) stream.on("error", unlessClosed);
  const program = commandLine();
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

const STATUSES_OF_ALL = {
  0: "all is well, as each command says",
  1: "the command looked, and not all is well, or something did not answer",
} as const;

function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
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
