/** What `phone-migration forecast` prints of the answers: for people, and for programs. */
import { printable } from "../trust/describe";
import type { DeclaredWave } from "./declared-waves";
import { type Cell, paint, styleOf, table } from "./table";

type Outcome = "registers" | "follows" | "locked out" | "uncertain";

/** Attributes of `cucm_trust_forecast` (docs/cucm/data-sources/trust_forecast.md). */
export interface Forecast {
  readonly counts: { readonly [outcome in Outcome]: number };
  readonly evidence_counts: { readonly [level: string]: number };
  readonly moved: number;
  /** null: something could not be read. */
  readonly no_phone_at_risk: boolean | null;
  readonly evidence_suffices: boolean;
  readonly accept_lockouts: readonly string[] | null;
  readonly weak_evidence: readonly { readonly name: string; readonly reason: string }[];
  /** By SHA-256. */
  readonly missing_issuers: {
    readonly [sha256: string]: { readonly subject: string; readonly serial: string };
  };
  readonly cannot_follow: readonly { readonly name: string; readonly reason: string }[];
  /** null: it hangs on what could not be read. */
  readonly within_limits: boolean | null;
  readonly assumed: readonly string[];
  readonly looked_at: readonly string[];
  readonly not_looked_at: readonly string[];
  readonly unread: readonly string[];
  readonly forecasts: readonly PhoneForecast[];
  readonly chains: readonly Chain[];
}

interface Chain {
  readonly rests_on: readonly string[];
  readonly nodes: readonly Node[];
}

interface PhoneForecast {
  readonly name: string;
  readonly outcome: Outcome;
  readonly expected: string | null;
  readonly evidence: string | null;
  readonly because: string;
  readonly against: readonly string[];
  readonly reason: string;
  readonly notes: readonly string[];
  readonly chain: number | null;
}

/** What one TFTP node leads to. */
interface Node {
  readonly address: string;
  readonly outcome: Outcome;
  readonly expected: string;
  readonly decides: boolean;
  readonly to_do: string;
  readonly steps: readonly {
    readonly step: string;
    readonly result: string;
    readonly reason: string | null;
    /** SHA-256. */
    readonly certificate: string | null;
    readonly words: string;
  }[];
}

export interface Result {
  readonly wave: DeclaredWave;
  readonly forecast: Forecast;
}

const COLOURS = { registers: "green", follows: "yellow", "locked out": "red", uncertain: "yellow" } as const;

/** Begins what the state tells against a phone's forecast. */
export const OBSERVED_IN_STATE = "observed in the state: ";

export const isAccepted = ({ accept_lockouts }: Forecast, name: string) =>
  accept_lockouts?.includes(name) ?? false;

export function asText(
  { wave, forecast }: Result,
  { back, phone }: { readonly back?: true; readonly phone: readonly string[] },
): string {
  const { counts, evidence_counts, moved, assumed, looked_at, not_looked_at, unread, weak_evidence } =
    forecast;
  const weak = new Map(weak_evidence.map(({ name, reason }) => [name, reason]));
  const rows = forecast.forecasts.map(({ name, outcome, evidence, against, reason }): Cell[] => [
    printable(name),
    { text: outcome, colour: COLOURS[outcome] },
    evidence ?? "none",
    printable(
      [
        isAccepted(forecast, name) && reason !== "" ? "(accepted)" : "",
        reason,
        weak.get(name) ?? "",
        ...against.filter((one) => ![reason, weak.get(name)].some((text) => text?.includes(one))).map(butOf),
      ]
        .filter((text) => text !== "")
        .join(" "),
    ),
  ]);
  const numbers = [counts, evidence_counts].map((each) =>
    Object.entries(each)
      .map(([word, count]) => `${count} ${printable(word)}`)
      .join(", "),
  );
  const [outcomes = "", evidences = ""] = numbers;
  const missing = Object.entries(forecast.missing_issuers).map(
    ([sha256, { subject, serial }]) => `${subject} (serial ${serial}, SHA-256 ${sha256})`,
  );
  const inVain = forecast.forecasts.filter(({ against }) =>
    against.some((one) => one.startsWith(OBSERVED_IN_STATE)),
  ).length;
  const elsewhere = moved > 0 ? `; ${moved} on the destination already` : "";
  return [
    `Wave ${wave.name}${back ? ", the way back" : ""}: ${outcomes}${elsewhere}`,
    ...(evidences === "" ? [] : [`By evidence: ${evidences}`]),
    ...(inVain === 0
      ? []
      : [`By the state: ${inVain} did not ${back ? "come back" : "follow"} at the last deploy`]),
    ...(rows.length > 0
      ? ["", table(styleOf(process.stdout), ["PHONE", "OUTCOME", "EVIDENCE", "WHY"], rows)]
      : []),
    ...(phone.length > 0 ? chainsOf(forecast) : []),
    ...section(
      `Cannot follow${forecast.within_limits === false && phone.length === 0 ? ", and the limits of the wave allow fewer" : ""}:`,
      forecast.cannot_follow.map(({ name, reason }) => `${name}: ${reason}`),
    ),
    ...section("Former CAPF certificates that the phones may need, and that are not trusted there:", missing),
    ...section("Taken for granted:", assumed),
    ...section("Looked at:", looked_at),
    ...section("Not looked at:", not_looked_at),
    ...section("Not read:", unread),
  ].join("\n");
}

const butOf = (sentence: string) => `but ${sentence}`;

/** Each phone with its own: who reads one line has it all. */
function withChain(
  { chain, ...phone }: PhoneForecast,
  { chains }: Forecast,
): Omit<PhoneForecast, "chain"> & Chain {
  return { ...phone, ...(chain === null ? { rests_on: [], nodes: [] } : chains[chain]!) };
}

const LEGEND =
  '* differs between the TFTP nodes. A phone may be served by any of them: the worst one is its outcome, "which counts".';

function chainsOf(forecast: Forecast): string[] {
  const phones = forecast.forecasts.map((phone) => withChain(phone, forecast));
  const differ = phones.some(({ nodes }) => waysOf(nodes).length > 1);
  return [...phones.flatMap(inSteps), ...(differ ? ["", LEGEND] : [])];
}

/** Nodes that lead to the same by the same steps together. */
function waysOf(nodes: readonly Node[]): Node[][] {
  const ways = new Map<string, Node[]>();
  for (const node of nodes) {
    const key = JSON.stringify([node.outcome, node.steps.map(({ words }) => words)]);
    ways.set(key, [...(ways.get(key) ?? []), node]);
  }
  return [...ways.values()];
}

/** By TFTP node. Where nodes differ, the steps that do are marked. */
function inSteps(phone: ReturnType<typeof withChain>): string[] {
  const { name, outcome, because, reason, notes, rests_on, nodes } = phone;
  const style = styleOf(process.stdout);
  const all = waysOf(nodes);
  const differs = (words: string) => !all.every(([node]) => node!.steps.some((step) => step.words === words));
  return [
    "",
    `${paint(style, "bold", printable(name))}: ${paint(style, COLOURS[outcome], outcome)} (${printable(because)})`,
    ...(reason === "" ? [] : [`  ${printable(reason)}`]),
    ...all.flatMap((same) => {
      const [first] = same;
      const counts = all.length > 1 && same.some(({ decides }) => decides) ? ", which counts" : "";
      return [
        `  by TFTP node ${same.map(({ address }) => printable(address)).join(", ")}: ${first!.outcome}${counts}`,
        ...first!.steps.map(({ words }) => `  ${differs(words) ? "*" : " "}   ${printable(words)}`),
        ...(first!.to_do === "" ? [] : [`      to do: ${printable(first!.to_do)}`]),
      ];
    }),
    ...rests_on.map((sentence) => `  rests on: ${printable(sentence)}`),
    ...notes.map((note) => `  note: ${printable(note)}`),
  ];
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  - ${printable(line)}`)];

export function asLines({ wave, forecast }: Result): string[] {
  return forecast.forecasts.map((phone) =>
    JSON.stringify({
      wave: wave.name,
      ...withChain(phone, forecast),
      accepted: isAccepted(forecast, phone.name),
      cannot_follow: forecast.cannot_follow.find(({ name }) => name === phone.name)?.reason ?? null,
      assumed: forecast.assumed,
    }),
  );
}

export function asJson({ wave, forecast }: Result) {
  const { counts, moved, assumed, unread, weak_evidence, no_phone_at_risk, evidence_suffices } = forecast;
  const { evidence_counts, missing_issuers, looked_at, not_looked_at, cannot_follow, within_limits } =
    forecast;
  return {
    wave: wave.name,
    registered_on: wave.registeredOn,
    counts,
    evidence_counts,
    moved,
    no_phone_at_risk,
    evidence_suffices,
    weak_evidence,
    cannot_follow,
    within_limits,
    missing_issuers,
    assumed,
    looked_at,
    not_looked_at,
    unread,
    phones: forecast.forecasts.map((phone) => ({
      ...withChain(phone, forecast),
      accepted: isAccepted(forecast, phone.name),
    })),
  };
}
