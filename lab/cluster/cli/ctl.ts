import { renewedCtl } from "../pki/trust-files";
import { hasCtlCommands } from "../releases";
import { type Command, type CommandContext, CommandError } from "./session";

/** `utils ctl` of a tokenless cluster, from 10.0(1); the question and the answers are those of Cisco's document 118893. */
export const CTL_COMMANDS: readonly Command[] = [{ pattern: /^utils ctl update CTLFile$/i, run: update }];

/** What it says to those who may not is invented, or drawn. */
async function update({ cluster, node, terminal, work }: CommandContext): Promise<void> {
  if (!hasCtlCommands(cluster.options.version)) throw new CommandError("No valid command entered");
  if (node.role !== "publisher") throw new CommandError("This command is available on the publisher only");
  if (cluster.parameters.get("ClusterSecurityMode") !== "1")
    throw new CommandError("The cluster is not in mixed mode");
  if (cluster.token !== null) throw new CommandError("The CTL file was created with the CTL client");
  await terminal.print("This operation updates the CTLFile.");
  terminal.prompt("Do you want to continue? (y/n):");
  if ((await terminal.readLine({ fresh: true })).trim().toLowerCase() !== "y") return;
  if (!cluster.exportAllowed) return terminal.print(cluster.drawn.ctl.restricted);
  await terminal.print("Updating CTL file");
  await work();
  if (!cluster.ctlIdle) {
    const ctl = renewedCtl(cluster);
    for (const one of cluster.nodes) one.ctl = ctl;
  }
  await terminal.print(cluster.drawn.ctl.done);
}
