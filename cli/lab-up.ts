import { type Command, InvalidArgumentError } from "commander";
import type { SiteCluster } from "../lab/site";
import { type Lab, startLab } from "../lab/up";
import { CommandError } from "./command-error";
import { directoryOption } from "./lab-directory";

interface Options {
  readonly dir: string;
  readonly phones?: number;
  readonly stale?: number;
  readonly web?: number;
  readonly dhcp?: "kea" | "lab";
}

export function registerLabUp(lab: Command): void {
  directoryOption(lab.command("up"))
    .description("start a lab and stay; Ctrl-C ends it")
    .option("--phones <number>", "how many of the phones in waves/hq.csv", count)
    .option("--stale <number>", "how many of them, the last ones, get a stale ITL (default: 1)", count)
    .option("--web <number>", "how many of them, the first ones, have web access on (default: 0)", count)
    .option("--dhcp <kind>", "kea or lab (default: a real Kea when it is on the machine)", kind)
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
      });
      console.log(describe(running, options.dir, (Date.now() - began) / 1000));
      const broken = await Promise.race([asked, running.broken]);
      console.log("Ending the lab.");
      await running.close();
      if (broken !== "")
        throw new CommandError(`${broken}. Start again with \`npx phone-migration lab up\`.`);
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
