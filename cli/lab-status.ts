import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { PhoneView } from "../lab/phone/phone";
import { readPhones } from "../lab/phones";
import type { Site, SiteCluster } from "../lab/site";
import { CommandError } from "./command-error";
import { explain } from "./explained";
import { directoryOption, runningLab } from "./lab-directory";
import { type Cell, type Style, styleOf, table } from "./table";

/** One phone as `lab status --json` prints it. */
export interface PhoneStatus {
  readonly phone: string;
  readonly registeredOn: "source" | "destination" | "nowhere";
  /** Server-table name of the node; null when nowhere. */
  readonly node: string | null;
  /** ISO 8601; null when nowhere. */
  readonly since: string | null;
  /** The phone's last status message. */
  readonly status: string;
  /** Failed step and reason id; null when nothing failed. */
  readonly step: string | null;
  readonly reason: string | null;
  readonly words: string | null;
  /** TFTP server that it last asked. */
  readonly tftp: string | null;
}

export function registerLabStatus(lab: Command): void {
  const command = directoryOption(lab.command("status"))
    .description("where each phone is registered, and why")
    .option("--json", "print JSON")
    .action(async (options: { dir: string; json?: true }) => {
      const directory = resolve(options.dir);
      runningLab(options.dir);
      const site = JSON.parse(readFileSync(join(directory, "site.json"), "utf8")) as Site;
      const phones = statusOf(site, await readPhones(site.control.phones).catch(noAnswer));
      console.log(options.json ? JSON.stringify(phones, null, 2) : describe(phones, styleOf(process.stdout)));
    });
  explain(command, {
    about: ["The lab's phones are asked, as they see it themselves. Nothing is changed."],
    examples: [
      ["npx phone-migration lab status", "a table of all phones"],
      ["npx phone-migration lab status --json", "the same for programs"],
    ],
    statuses: { 0: "the phones answered, wherever they are", 1: "they did not answer" },
  });
}

function noAnswer(error: Error): never {
  throw new CommandError(
    `The lab's phones do not answer (${error.message}). Start again: \`npx phone-migration lab down\`, then \`lab up\`.`,
  );
}

export function statusOf(site: Site, phones: readonly PhoneView[]): PhoneStatus[] {
  const nodeAt = (cluster: SiteCluster, address: string | undefined) =>
    Object.entries(cluster.nodeAddresses).find(([, at]) => at === address)?.[0] ?? null;
  return phones.map((phone) => {
    const address = phone.registered?.address;
    const [source, destination] = [nodeAt(site.source, address), nodeAt(site.destination, address)];
    return {
      phone: phone.name,
      registeredOn: source !== null ? "source" : destination !== null ? "destination" : "nowhere",
      node: source ?? destination,
      since: phone.registered?.since ?? null,
      status: phone.status,
      step: phone.failed?.step ?? null,
      reason: phone.failed?.reason ?? null,
      words: phone.failed?.words ?? null,
      tftp: phone.tftpInUse,
    };
  });
}

export function describe(phones: readonly PhoneStatus[], style: Style): string {
  const rows = phones.map((phone): Cell[] => [
    phone.phone,
    phone.registeredOn === "nowhere" ? { text: "nowhere", colour: "red" } : phone.registeredOn,
    phone.node ?? "-",
    phone.since === null ? "-" : phone.since.slice(11, 19),
    why(phone),
  ]);
  const count = (where: PhoneStatus["registeredOn"]) => phones.filter((p) => p.registeredOn === where).length;
  const summary = `${count("source")} on source, ${count("destination")} on destination, ${count("nowhere")} nowhere`;
  return `${table(style, ["PHONE", "REGISTERED ON", "NODE", "SINCE (UTC)", "WHY"], rows)}\n\n${summary}`;
}

const STEPS: { readonly [step: string]: string } = {
  dhcp: "DHCP",
  tftp: "TFTP",
  ctl: "CTL refused",
  itl: "ITL refused",
  config: "configuration refused",
  registration: "registration",
};

function why(phone: PhoneStatus): Cell {
  if (phone.reason === null || phone.step === null) return phone.status;
  const status = phone.step === "registration" || phone.status === "" ? "" : `${phone.status}: `;
  return {
    text: `${status}${STEPS[phone.step] ?? phone.step} (${phone.reason}): ${phone.words}`,
    colour: "yellow",
  };
}
