import { BulkError, type BulkServer, type BulkStep, bulkStep, unitsOf } from "../bulk";
import { type Command, type CommandContext, CommandError } from "./session";

/** `set cert bulk`: level 1 commands of the CLI reference, on the publisher. What they ask and say is invented. */
export const BULK_COMMANDS: readonly Command[] = [
  { pattern: /^set cert bulk sftp$/i, run: configure },
  {
    pattern: /^set cert bulk (?<step>export|consolidate|import) (?<unit>\S+)$/i,
    run: (context, { step, unit }) => runStep(context, step!.toLowerCase() as BulkStep, unit!),
  },
];

async function configure({ cluster, node, terminal }: CommandContext): Promise<void> {
  if (node.role !== "publisher") throw new CommandError("This command is available on the publisher only");
  const { dialogue, echo, confirms } = cluster.drawn.bulk;
  const answers: { [about: string]: string } = {};
  for (const { about, question } of dialogue) {
    terminal.prompt(question);
    const line = await terminal.readLine({ fresh: true, echo: about === "password" ? echo : "all" });
    answers[about] = line.trim();
  }
  if (confirms) {
    terminal.prompt("Do you want to save this configuration (y/n)? ");
    if ((await terminal.readLine({ fresh: true })).trim() !== "y") throw new CommandError("Cancelled");
  }
  cluster.bulkServer = answers as unknown as BulkServer;
  await terminal.print("Successfully updated the SFTP server information.");
}

async function runStep(context: CommandContext, step: BulkStep, unit: string): Promise<void> {
  const { cluster, node, terminal, work } = context;
  if (node.role !== "publisher") throw new CommandError("This command is available on the publisher only");
  const units = unitsOf(cluster, unit);
  if (units === null) throw new CommandError(`Invalid unit name: ${unit}`);
  await work();
  try {
    await bulkStep(cluster, step, units);
  } catch (error) {
    if (error instanceof BulkError) throw new CommandError(error.message);
    throw error;
  }
  await terminal.print(`Successfully ${step}${step.endsWith("e") ? "d" : "ed"} ${unit} certificate(s).`);
}
