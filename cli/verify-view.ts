/** What logs show of moves, for people and for programs. */

import { printable } from "../trust/describe";
import { CAUSES } from "../trust/moves/causes";
import type { Offset, PhoneReport } from "../trust/moves/correlate";
import { type Seen, timeText } from "../trust/moves/seen";
import { decisive, STEPS, type StepReport, type StepStatus, wordsOf } from "../trust/moves/steps";
import { type Cell, paint, type Style, table } from "./table";

/** With more phones, only those that did not pass are shown step by step. */
const WHOLE = 3;
/** Phones that are named in one line. */
const NAMED = 10;
const COLOURS = { pass: "green", fail: "red", missing: "yellow", "not needed": "dim" } as const satisfies {
  readonly [status in StepStatus]: string;
};

/** In folders and patterns. */
export interface OtherFiles {
  /** Console logs, as it seemed, without a line about trust lists. */
  readonly silent: readonly string[];
  /** No logs, by their names. */
  readonly unread: readonly string[];
}

/** null: there are none. */
export function otherFilesText({ silent, unread }: OtherFiles): string | null {
  const files = (count: number) => (count === 1 ? "1 file" : `${count} files`);
  const parts = [
    silent.length > 0 &&
      `${files(silent.length)} ${silent.length === 1 ? "tells" : "tell"} nothing of phones' trust lists`,
    unread.length > 0 &&
      `${files(unread.length)} ${unread.length === 1 ? "was" : "were"} not read, since the name is that of a key, a certificate or the like`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? null : `${parts.join("; ")} (--json lists them).`;
}

export function asText(style: Style, reports: readonly PhoneReport[]): string {
  const passed = reports.filter((one) => one.passed);
  const failed = reports.filter((one) => !one.passed);
  const shown = reports.length <= WHOLE ? reports : failed;
  return [
    ...(shown.length < reports.length && passed.length > 0
      ? [`${passed.length} ${passed.length === 1 ? "phone" : "phones"} passed every step: ${names(passed)}`]
      : []),
    ...shown.map((report) => phoneText(style, report)),
    ...(failed.length > 0 ? [changes(style, failed)] : []),
  ].join("\n\n");
}

/** JSON has all of them. */
export function names(reports: readonly PhoneReport[]): string {
  const more = reports.length - NAMED;
  return `${reports.slice(0, NAMED).map(nameOf).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
const nameOf = ({ device }: PhoneReport) => device ?? "a phone that no line names";

function phoneText(style: Style, report: PhoneReport): string {
  const { steps, offset, passed } = report;
  const count = steps.filter(({ status }) => status === "pass").length;
  const title = `${nameOf(report)}: ${count} of ${STEPS.length} steps passed`;
  const rows = steps.map((step, i): Cell[] => [
    String(i + 1),
    { text: step.status, colour: COLOURS[step.status] },
    step.evidence[0] === undefined ? "" : timeText(step.evidence[0].at),
    places(step.evidence),
    `${STEPS[i]!.log === "tvs" ? "" : "the phone "}${STEPS[i]!.title}${told(step)}`,
  ]);
  return [
    paint(style, passed ? "green" : "red", title),
    table(style, ["STEP", "RESULT", "TIME", "WHERE", "WHAT"], rows),
    ...(offset === null ? [] : [clocks(offset)]),
  ].join("\n");
}

function told(step: StepReport): string {
  const words = wordsOf(step);
  const parts = [...step.facts, ...(words === null ? [] : [words.because])].map(printable);
  return parts.length === 0 ? "" : `: ${parts.join("; ")}`;
}

/** `phone.log:2, 4; tvs.txt:16` */
function places(evidence: readonly Seen[]): string {
  const byFile = new Map<string, Set<number>>();
  for (const { file, line } of evidence) byFile.set(file, (byFile.get(file) ?? new Set()).add(line));
  return [...byFile].map(([file, at]) => `${printable(file)}:${[...at].join(", ")}`).join("; ");
}

function clocks({ between, within, file }: Offset): string {
  const of = `the clock of TVS (${printable(file)})`;
  const bound = `, give or take ${(within / 1e6).toFixed(3)} s`;
  if (Math.abs(between) < 1000) return `${of} shows what the phone's shows${bound}`;
  const way = between > 0 ? "ahead of" : "behind";
  return `${of} is ${duration(Math.abs(between))} ${way} the phone's${bound}; days are not told, so whole ones may be missing`;
}

function duration(microseconds: number): string {
  const seconds = microseconds / 1e6;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`, `${(seconds % 60).toFixed(3)} s`]
    .filter((part) => part !== false)
    .join(" ");
}

/** Each remedy once, with the phones that it is for. */
function changes(style: Style, failed: readonly PhoneReport[]): string {
  const byCause = new Map<StepReport["cause"], PhoneReport[]>();
  for (const report of failed) {
    const cause = decisive(report.steps)?.cause ?? null;
    byCause.set(cause, [...(byCause.get(cause) ?? []), report]);
  }
  return [...byCause]
    .flatMap(([cause, phones]) => {
      if (cause === null) return [];
      const { because, change } = CAUSES[cause];
      return [`${paint(style, "bold", `${because} (${names(phones)})`)}\n  ${change}`];
    })
    .join("\n");
}

export function asJson(reports: readonly PhoneReport[], { silent, unread }: OtherFiles): object {
  return {
    phones: reports.map(({ device, inLogs, steps, passed, offset }) => ({
      phone: device,
      inLogs,
      passed,
      decisive: decisive(steps)?.id ?? null,
      steps: steps.map((step, i) => ({
        number: i + 1,
        id: step.id,
        log: STEPS[i]!.log,
        status: step.status,
        time: step.evidence[0] === undefined ? null : timeText(step.evidence[0].at),
        evidence: step.evidence.map(({ file, line, at }) => ({ file, line, time: timeText(at) })),
        facts: step.facts,
        cause: step.cause,
        because: wordsOf(step)?.because ?? null,
        change: wordsOf(step)?.change ?? null,
      })),
      clocks: offset && {
        tvsAheadSeconds: offset.between / 1e6,
        withinSeconds: offset.within / 1e6,
        file: offset.file,
      },
    })),
    passed: reports.filter(({ passed }) => passed).length,
    files: { tellNothing: silent, notRead: unread },
  };
}
