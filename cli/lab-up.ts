import { type Command, InvalidArgumentError } from "commander";
import { PHONE_NAMES } from "../lab/phone-names";
import type { SiteCluster } from "../lab/site";
import { type Lab, LabOptionsError, startLab } from "../lab/up";
import { CommandError } from "./command-error";
import { explain } from "./explained";
import { directoryOption } from "./lab-directory";
import { valued } from "./options";

interface Options {
  readonly dir: string;
  readonly phones?: number;
  readonly stale?: number;
  readonly web?: number;
  readonly dhcp?: "kea" | "lab";
}

export function registerLabUp(lab: Command): void {
  const command = directoryOption(lab.command("up"))
    .description("start a lab and stay; Ctrl-C ends it")
    .addOption(
      valued("--phones <number>", `how many of the lab's ${PHONE_NAMES.length} phones`, "all of them", count),
    )
    .addOption(valued("--stale <number>", "how many of them, the last ones, get a stale ITL", "1", count))
    .addOption(valued("--web <number>", "how many of them, the first ones, have web access on", "0", count))
    .addOption(
      valued(
        "--dhcp <kind>",
        "kea or lab",
        "PHONE_MIGRATION_LAB_DHCP, or a real Kea when it is on the machine",
        kind,
      ),
    )
    .action(async (options: Options) => {
      const ending = new AbortController();
      const asked = new Promise<string>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
          process.once(signal, () => {
            resolve("");
            ending.abort();
          });
        }
      });
      const began = Date.now();
      const running = await startLab({
        directory: options.dir,
        phones: options.phones,
        stale: options.stale,
        webAccess: options.web,
        dhcp: options.dhcp,
        progress: (line) => console.log(line),
        signal: ending.signal,
      }).catch((error: unknown) => {
        if (!(error instanceof LabOptionsError)) throw error;
        throw new CommandError(`${error.message} Give other numbers: \`lab up --help\`.`, 2);
      });
      console.log(describe(running, options.dir, (Date.now() - began) / 1000));
      const broken = await Promise.race([asked, running.broken]);
      console.log("Ending the lab.");
      await running.close();
      if (broken !== "")
        throw new CommandError(`${broken}. Start again with \`npx phone-migration lab up\`.`);
    });
  explain(command, {
    about: [
      "Two emulated clusters, their phones and a DHCP server are started on loopback, without any privilege; nothing else is reached. It stays until Ctrl-C, and prints what to do in another terminal.",
    ],
    examples: [
      ["npx phone-migration lab up", `${PHONE_NAMES.length} phones, one of them with a stale ITL`],
      ["npx phone-migration lab up --phones 4 --stale 0 --dir ../second-lab", "a second, smaller lab"],
    ],
    statuses: {
      0: "ended by Ctrl-C, SIGTERM or `lab down`",
      1: "a lab runs there already, something did not start, or a part of the lab broke",
    },
  });
}

function describe({ site, drawn }: Lab, directory: string, seconds: number): string {
  const { dhcp, phones, sftp } = site;
  const dir = directory === ".lab" ? "" : ` --dir ${directory}`;
  const total = phones.healthy.length + phones.stale.length;
  return [
    `${total} phones are registered with the source, after ${seconds.toFixed(1)} s.`,
    "",
    ...nodes("source", site.source),
    ...nodes("destination", site.destination),
    `DHCP         ${dhcp.kind === "kea" ? "Kea" : "own server, as Kea"} ${dhcp.version}, ${dhcp.endpoints[0]}, subnet ${dhcp.subnet}`,
    `SFTP         ${sftp.address} port ${sftp.port}, ${sftp.directory}`,
    `Stale ITL    ${phones.stale.join(", ") || "none"}`,
    "",
    `Everything a declaration has to say about this lab is in ${directory}/site.json. Drawn for this start:`,
    ...spellings("source", site.source),
    ...spellings("destination", site.destination),
    ...drawn.map((line) => `  ${line}`),
    "",
    "In another terminal:",
    `  . ${directory}/env.sh                     # credentials`,
    `  npx phone-migration lab status${dir}   # where the phones are`,
    "",
    "Ctrl-C ends the lab.",
  ].join("\n");
}

function nodes(name: string, cluster: SiteCluster): string[] {
  const { ssh, https, tftpHttp, tvs, platform } = cluster.ports;
  const words = Object.entries(cluster.nodeAddresses).map(([node, address]) => `${node} ${address}`);
  return [
    `${name.padEnd(12)} ${words.join(", ")}`,
    `${"".padEnd(12)} ports: SSH ${ssh}, HTTPS ${https}, TFTP over HTTP ${tftpHttp}, TVS ${tvs}, platform ${platform}`,
  ];
}

function spellings(name: string, cluster: SiteCluster): string[] {
  return Object.entries(cluster.spellings).map(
    ([key, value]) => `  ${name}: spellings.${key} = ${JSON.stringify(value)}`,
  );
}

function count(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

function kind(text: string): "kea" | "lab" {
  if (text !== "kea" && text !== "lab") throw new InvalidArgumentError("It may be kea or lab.");
  return text;
}
