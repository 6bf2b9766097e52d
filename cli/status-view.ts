/** What `phone-migration status` prints for people. */
import { printable } from "../trust/describe";
import type { Status, WaveStatus, Whereabouts } from "./source-dependents";
import { type Cell, styleOf, table } from "./table";

export function asText({ deployed, waves, source_needed_by, decommissioned, unread }: Status): string {
  const others = source_needed_by.filter(({ kind }) => kind !== "phone");
  const rows = [
    ...(deployed ? waves.flatMap(phonesOnSource) : []),
    ...others.map(({ kind, what, detail, since }): Cell[] => [
      kind,
      printable(what),
      sinceOf(since),
      printable(detail),
    ]),
  ];
  return [
    waves.length === 0 ? ALONE : waves.map((wave) => waveText(wave, decommissioned)).join("\n\n"),
    "",
    ...decommissioned.map((name) => `Cluster ${printable(name)} is decommissioned and was not asked.`),
    ...(rows.length === 0
      ? [deployed ? NOTHING : "Nothing is deployed."]
      : [
          "What still needs the source (scopes and trust as in the state):",
          "",
          listed(["KIND", "WHAT", "SINCE", "WHY"], rows),
        ]),
    ...(unread.length === 0 ? [] : ["", "Not read:", ...unread.map((line) => `  - ${printable(line)}`)]),
  ].join("\n");
}

const ALONE = "This stack has no wave: it was looked at for the trust that it keeps.";
/** Of a pair of clusters other stacks may keep the trust, and move phones. */
const NOTHING = "Nothing of this stack needs the source any more. Other stacks are not looked at.";

function waveText(wave: WaveStatus, decommissioned: readonly string[]): string {
  const { name, declared, state, stopped, put_back, counts, last_arrival, stragglers } = wave;
  const { source, destination, missing } = counts;
  const words = `declared ${declared ?? "no more"}, state ${state ?? "nothing yet"}${stopped ? ", stopped" : ""}`;
  const unasked = decommissioned.includes(wave.source);
  const where = unasked
    ? `${destination} on the destination, ${missing} not`
    : `${source} on the source, ${destination} on the destination, ${missing} missing`;
  return [
    printable(`Wave ${name}: ${words}`),
    `  ${where}; last registration in place: ${sinceOf(last_arrival)}`,
    ...(put_back ? [`  ${putBack(wave)}`] : []),
    ...(stragglers.length === 0
      ? []
      : ["", listed(["PHONE", "ON", "SINCE", "WHY"], stragglers.map(rowOf(unasked)))]),
  ].join("\n");
}

function putBack({ declared, counts: { destination } }: WaveStatus): string {
  const phones =
    destination === 1
      ? "the phone on the destination comes back at its next restart"
      : `the ${destination} phones on the destination come back at their next restart`;
  const unless = declared === "destination" ? " unless the wave is deployed again" : "";
  return `its scopes were put back${destination === 0 ? "" : `: ${phones}${unless}`}`;
}

/** One line a wave: where thousands are left, who they are is for `--json`. */
function phonesOnSource({ name, on_source }: WaveStatus): Cell[][] {
  if (on_source.length === 0) return [];
  const first = on_source.flatMap(({ since }) => since ?? []).sort()[0] ?? null;
  const names = on_source.slice(0, NAMED).map((phone) => phone.name);
  const more = on_source.length > NAMED ? [`and ${on_source.length - NAMED} more`] : [];
  const phones = on_source.length === 1 ? "1 phone" : `${on_source.length} phones`;
  return [
    [
      "phones",
      printable(`wave ${name}`),
      sinceOf(first),
      printable(`${phones} registered there: ${[...names, ...more].join(", ")}`),
    ],
  ];
}
const NAMED = 5;

const rowOf =
  (unasked: boolean) =>
  ({ name, on, since, reason }: Whereabouts): Cell[] => [
    printable(name),
    { text: on ?? (unasked ? "unknown" : "missing"), colour: on === null ? "red" : "yellow" },
    sinceOf(since),
    printable(reason ?? ""),
  ];

const sinceOf = (since: string | null) => since?.replace(".000Z", "Z") ?? "unknown";
const listed = (head: readonly string[], rows: readonly Cell[][]) =>
  table(styleOf(process.stdout), head, rows);
