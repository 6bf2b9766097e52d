import { type Command, InvalidArgumentError, Option } from "commander";
import { printable } from "../trust/describe";
import { Exchanges, type PhoneReport, reportsOf } from "../trust/moves/correlate";
import { ExchangeReader } from "../trust/moves/exchanges";
import { LogLines } from "../trust/moves/log-lines";
import { PHONE_WORDS, PhoneLogReader } from "../trust/moves/phone-log";
import { PHONES, Phones } from "../trust/moves/phones";
import { isOfInterest } from "../trust/moves/trace-lines";
import {
  COLLECTION_PORT,
  type Collection,
  checkedCollection,
  collectLogs,
  fingerprint,
  rangeTime,
} from "./collected-logs";
import { CommandError } from "./command-error";
import { explain } from "./explained";
import { deviceOf, type LogFiles, logFiles, nameOf, readLog, STDIN } from "./log-files";
import { repeatable, valued } from "./options";
import { styleOf } from "./table";
import { asJson, asText, names, type OtherFiles, otherFilesText } from "./verify-view";

interface Options extends Omit<Collection, "from" | "until"> {
  readonly phoneLog: readonly string[];
  readonly tvsLog: readonly string[];
  readonly phone: readonly string[];
  readonly withoutTvs?: true;
  readonly from?: string;
  readonly until?: string;
  readonly json?: true;
}

/** Repeatable, and with several values at once. */
const logs = (flags: string, description: string) =>
  new Option(flags, description)
    .argParser((text: string, before: readonly string[]) => [...before, text])
    .default([], "none");

export function registerVerify(program: Command): void {
  const command = program
    .command("verify")
    .description(
      "show by the logs of phones and of TVS how each phone moved: the nine steps of Cisco's document 213407",
    )
    .addOption(logs("--phone-log <path...>", "console logs: files, folders, patterns, or -"))
    .addOption(logs("--tvs-log <path...>", "TVS logs of the cluster that the phones left, likewise"))
    .addOption(
      repeatable("--phone <name>", "only this phone, which must be in the logs", "every phone", device),
    )
    .option("--without-tvs", "the phones' CTL was pre-provisioned, so that they need not ask TVS")
    .addOption(
      repeatable(
        "--collect <node[:port]>",
        `also fetch the TVS logs of this node; port ${COLLECTION_PORT} unless given`,
        "nobody is asked",
      ),
    )
    .addOption(
      valued(
        "--from <time>",
        'of those, only from this time, by the node\'s clock: "2026-11-28 17:00"',
        "their beginning",
      ),
    )
    .addOption(valued("--until <time>", "and up to this one", "their end"))
    .option("--credentials <name>", "CUCM_<NAME>_APPLICATION_USERNAME and ..._PASSWORD are used", "SOURCE")
    .addOption(
      repeatable(
        "--tls-sha256 <fingerprint>",
        "the certificate that such a node must show",
        "--ca",
        fingerprint,
      ),
    )
    .addOption(valued("--ca <file>", "or the CA that signed it; PEM", "--tls-sha256"))
    .option("--legacy", "allow TLS 1.0 and the ciphers of old releases; who the node is stays verified")
    .option("--json", "print JSON: every phone with its steps")
    .action(verify);
  explain(command, {
    about: [
      "Logs are read, and nobody is asked without --collect; no device is changed. Compressed files (.gz) are read as they are. The trace level of TVS must be Detailed.",
      "What a node shows (--tls-sha256), to be compared with its tomcat certificate in OS administration: `openssl s_client -connect NODE:PORT </dev/null | openssl x509 -noout -fingerprint -sha256`. Of the lab, .lab/site.json has addresses, port (ports.https) and fingerprints (tlsSha256), .lab/env.sh the credentials.",
    ],
    examples: [
      ["npx phone-migration verify --phone-log logs/phones --tvs-log logs/tvs", "every phone of these logs"],
      [
        "npx phone-migration verify --phone-log logs/phones --collect 10.10.0.11 --tls-sha256 5E:08:...",
        "with the TVS logs that a node has",
      ],
    ],
    statuses: {
      0: "every step of every phone passed",
      1: "one did not, the logs show no phone or not all of them, or a log or node could not be read",
    },
  });
}

/** They say what is fetched, and from whom. */
const OF_COLLECT: readonly (keyof Options)[] = ["from", "until", "credentials", "tlsSha256", "ca", "legacy"];

async function verify(options: Options, command: Command): Promise<void> {
  const given = [...options.phoneLog, ...options.tvsLog];
  if (given.length + options.collect.length === 0)
    throw new CommandError("Give --phone-log, and --tvs-log or --collect.", 2);
  const idle = command.options.filter(
    (option) =>
      OF_COLLECT.some((name) => name === option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (options.collect.length === 0 && idle.length > 0)
    throw new CommandError(
      `${idle.map(({ long }) => long).join(", ")}: without --collect nothing is fetched, and files that are given are read whole. Give --collect NODE as well, or leave ${idle.length === 1 ? "it" : "them"} out.`,
      2,
    );
  if (given.filter((one) => one === STDIN).length > 1)
    throw new CommandError("Standard input (-) can be one log only. Name the other ones as files.", 2);
  const { from, until, ...collection } = options;
  const range = {
    ...(from !== undefined && { from: rangeTime(from) }),
    ...(until !== undefined && { until: rangeTime(until) }),
  };
  if (range.from !== undefined && range.until !== undefined && range.until < range.from)
    throw new CommandError(`--until ${until} is before --from ${from}. Give the earlier one as --from.`, 2);
  const nodes = options.collect.length > 0 ? checkedCollection({ ...collection, ...range }) : null;
  const phoneLogs = logFiles(options.phoneLog, "--phone-log");
  const tvsLogs = logFiles(options.tvsLog, "--tvs-log");
  const [phones, exchanges] = [new Phones(), new Exchanges()];
  const silent = await readPhoneLogs(phoneLogs, phones);
  let questions = 0;
  const readTvs = async (path: string, name: string) => {
    questions += await readTvsLog(path, name, exchanges);
  };
  for (const path of tvsLogs.read) await readTvs(path, nameOf(path));
  if (nodes !== null) await collectLogs(nodes, readTvs);
  const hasTvsLogs = tvsLogs.read.length > 0 || nodes !== null;
  if (hasTvsLogs && questions === 0)
    console.error("No question to TVS is in any TVS log. Is the trace level Detailed, and the time right?");
  const others: OtherFiles = {
    silent: silent.filter(mayBeOf(options.phone)),
    unread: [...new Set([...phoneLogs.unread, ...tvsLogs.unread])].filter(mayBeOf(options.phone)),
  };
  const reports = reportsOf(phones, exchanges, {
    devices: options.phone.length > 0 ? [...new Set(options.phone)] : null,
    hasPhoneLogs: phoneLogs.read.length > 0,
    hasTvsLogs,
    withoutTvs: options.withoutTvs === true,
  });
  if (options.json) console.log(JSON.stringify(asJson(reports, others), null, 2));
  else {
    const more = otherFilesText(others);
    if (more !== null) console.error(more);
    // Of the others all steps are missing: a sentence at the end is enough.
    const shown = reports.filter(({ inLogs }) => inLogs);
    if (shown.length > 0) console.log(asText(styleOf(process.stdout), shown));
  }
  conclude(reports, phones.overflow);
}

/** Returns the files that tell nothing; of those that the command line names it is said at once. */
async function readPhoneLogs({ read, named, unread }: LogFiles, phones: Phones): Promise<readonly string[]> {
  const silent: string[] = [];
  for (const path of read) {
    if ((await readPhoneLog(path, phones)) > 0) continue;
    if (named.has(path))
      console.error(printable(`${nameOf(path)}: no line of it tells of a phone's trust lists.`));
    else silent.push(path);
  }
  // A phone whose folder holds no log is still one of them.
  for (const path of unread) phones.file(deviceOf(path)).end();
  return silent;
}

/** Returns how many of its lines tell of trust lists. */
async function readPhoneLog(path: string, phones: Phones): Promise<number> {
  const file = phones.file(deviceOf(path));
  let found = 0;
  const reader = new PhoneLogReader(nameOf(path), (line) => {
    found++;
    file.take(line);
  });
  const lines = new LogLines(PHONE_WORDS, (bytes, from, end, at) => reader.line(bytes, from, end, at));
  await readLog(path, (chunk) => lines.push(chunk));
  lines.end();
  reader.end();
  file.end();
  return found;
}

/** Files of other phones than those that are asked for are nobody's concern. */
function mayBeOf(asked: readonly string[]): (path: string) => boolean {
  return (path) => {
    const device = deviceOf(path);
    return asked.length === 0 || device === null || asked.includes(device);
  };
}

/** Returns how many questions to TVS it holds. */
async function readTvsLog(path: string, name: string, exchanges: Exchanges): Promise<number> {
  let found = 0;
  const reader = new ExchangeReader(name, (exchange) => {
    found++;
    exchanges.take(exchange);
  });
  const lines = new LogLines(isOfInterest, (bytes, from, end, at) => reader.line(bytes, from, end, at));
  await readLog(path, (chunk) => lines.push(chunk));
  lines.end();
  reader.end();
  return found;
}

function device(text: string): string {
  const name = text.toUpperCase();
  if (!/^[A-Z]{3}[0-9A-F]{12}$/.test(name))
    throw new InvalidArgumentError("It must be a device name such as SEP001122334455.");
  return name;
}

/** @throws CommandError unless every phone passed every step */
function conclude(reports: readonly PhoneReport[], overflow: number): void {
  if (reports.length === 0)
    throw new CommandError(
      "The logs show no phone. Give those of the time of the move, TVS at level Detailed.",
    );
  const [seen, absent] = [reports.filter(({ inLogs }) => inLogs), reports.filter(({ inLogs }) => !inLogs)];
  const failed = seen.filter(({ passed }) => !passed).length;
  const reasons = [
    absent.length > 0 &&
      `${names(absent)} ${absent.length === 1 ? "is" : "are"} in none of the logs: check --phone, or give the logs of that time.`,
    failed > 0 && `${failed} of ${seen.length} phones did not pass every step.`,
    overflow > 0 && `The logs hold more than ${PHONES} phones, and those beyond were not looked at.`,
  ].filter((reason) => reason !== false);
  if (reasons.length > 0) throw new CommandError(reasons.join(" "));
}
