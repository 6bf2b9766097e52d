import { setTimeout as sleep } from "node:timers/promises";
import { query, SqlError } from "../database/sql";
import { tablesOf } from "../database/tables";
import type { ServiceState, ServiceView } from "../services";
import { type Command, type CommandContext, CommandError } from "./session";
import { trustListDump } from "./trust-list-dump";

/** Everything at the prompt that is not about certificates. */
export const SYSTEM_COMMANDS: readonly Command[] = [
  {
    pattern: /^set cli pagination (?<state>on|off)$/i,
    run: async ({ terminal }, { state }) => {
      terminal.paginates = state!.toLowerCase() === "on";
      await terminal.print(`Automatic pagination is turned ${state!.toLowerCase()}`);
    },
  },
  {
    pattern: /^show cli pagination$/i,
    run: async ({ terminal }) =>
      terminal.print(`Automatic Pagination : ${terminal.paginates ? "On" : "Off"}.`),
  },
  {
    pattern: /^set cli session timeout (?<minutes>\d{1,5})$/i,
    run: async ({ terminal }, { minutes }) =>
      terminal.print(`CLI session timeout has been set to ${minutes} minutes.`),
  },
  {
    pattern: /^show version active$/i,
    run: async ({ terminal, cluster }) =>
      terminal.print(
        `Active Master Version: ${cluster.options.version}\nActive Version Installed Software Options:\nNo Installed Software Options Found.`,
      ),
  },
  { pattern: /^show network cluster$/i, run: networkCluster },
  { pattern: /^run sql (?<statement>.+)$/i, run: runSql },
  {
    pattern: /^utils service list$/i,
    run: async ({ terminal, node }) => {
      await terminal.print("Requesting service status, please wait...");
      await terminal.print(
        node.services
          .names()
          .map((name) => listed(node.services.view(name)!))
          .join("\n"),
      );
    },
  },
  { pattern: /^utils service (?<order>restart|start|stop) (?<name>.+)$/i, run: controlService },
  {
    pattern: /^show ctl$/i,
    run: async ({ terminal, node }) => terminal.print(trustListDump("CTL", node.ctl)),
  },
  {
    pattern: /^show itl$/i,
    run: async ({ terminal, served }) => terminal.print(trustListDump("ITL", served("ITLFile.tlv"))),
  },
];

async function networkCluster({ terminal, cluster, node }: CommandContext): Promise<void> {
  const since = "Thu Oct 28 11:24:16 2021";
  const lines = cluster.nodes.map((one) => {
    const kind = one.role === "publisher" ? "Publisher callmanager DBPub" : "Subscriber callmanager DBSub";
    const how = one === node ? "authenticated" : `authenticated using TCP since ${since}`;
    return `${one.address} ${one.fqdn} ${one.name} ${kind} ${how}`;
  });
  if (node.role === "publisher") {
    lines.push("", "Server Table (processnode) Entries", "----------------------------------");
    lines.push(...cluster.nodes.map((one) => one.name));
  }
  await terminal.print(lines.join("\n"));
}

async function runSql(
  context: CommandContext,
  { statement }: { readonly [name: string]: string },
): Promise<void> {
  try {
    const { columns, rows } = query(statement!, tablesOf(context.cluster, context.node));
    const cells = rows.map((row) => row.map((value) => (value ?? "NULL").replace(/\n/g, " ")));
    const widths = columns.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]!.length)));
    const line = (values: readonly string[]) => values.map((value, i) => value.padEnd(widths[i]!)).join(" ");
    const table = [line(columns), widths.map((width) => "=".repeat(width)).join(" "), ...cells.map(line)];
    await context.terminal.print(table.join("\n"));
  } catch (error) {
    if (error instanceof SqlError) throw new CommandError(`${error.message} (${error.code})`);
    throw error;
  }
}

const SHOWN: { readonly [state in ServiceState]: string } = {
  Started: "STARTED",
  Stopped: "STOPPED",
  Starting: "STARTING",
  Stopping: "STOPPING",
};

function listed(view: ServiceView): string {
  return `${view.name}[${SHOWN[view.state]}]  ${view.reason}`;
}

async function controlService(
  context: CommandContext,
  groups: { readonly [name: string]: string },
): Promise<void> {
  const { terminal, node } = context;
  const order = groups.order!.toLowerCase();
  const name = node.services.names().find((one) => one.toLowerCase() === groups.name!.toLowerCase());
  if (name === undefined) throw new CommandError(`Service ${groups.name} is not a valid service name`);
  const doing = order === "restart" ? "RESTARTED" : order === "start" ? "STARTED" : "STOPPED";
  await terminal.print(
    ` Don't press Ctrl-c while the service is getting ${doing}.If Service has not ${doing === "RESTARTED" ? "Restarted" : doing === "STARTED" ? "Started" : "Stopped"} Properly, execute the same Command Again\nService Manager is running`,
  );
  const result = node.services.control(
    name,
    order === "restart" ? "Restart" : order === "start" ? "Start" : "Stop",
  );
  if (result !== "accepted")
    throw new CommandError(
      `${name}[STOPPED]  ${result === "not-activated" ? "Service Not Activated" : "Cannot be controlled"}`,
    );
  const final: ServiceState = order === "stop" ? "Stopped" : "Started";
  for (;;) {
    const { state } = node.services.view(name)!;
    await terminal.print(`${name}[${SHOWN[state]}]  `);
    if (state === final) break;
    await sleep(250);
  }
  await terminal.print(`${name}[${SHOWN[final]}]  `);
}
