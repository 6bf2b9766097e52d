/**
 * Which answer of TVS belongs to which boot of which phone. The clocks of phones and nodes differ, and a TVS log tells
 * no day: the name of the device counts, then lengths and order, and the time only to choose among several.
 */
import { type Attempt, type Question, wasAsked } from "./attempt";
import type { Exchange } from "./exchanges";
import { PHONES, type PhoneMoves, type Phones } from "./phones";
import { clockDifference } from "./seen";
import { decisive, type StepReport, stepsOf } from "./steps";

/** Of one phone, the newest ones. */
const KEPT = 8;
/** Whose dump names no phone. */
const NAMELESS = 200;
const SECOND = 1_000_000;

export interface PhoneReport {
  /** null: no line names the phone. */
  readonly device: string | null;
  /** false: it was asked for, and no log is of it or names it. */
  readonly inLogs: boolean;
  readonly steps: readonly StepReport[];
  /** Every step passed, or is not needed. */
  readonly passed: boolean;
  readonly offset: Offset | null;
}

/** How much later TVS's clock is than the phone's, in microseconds; the days are not told. */
export interface Offset {
  readonly between: number;
  /** It may be this much more or less. */
  readonly within: number;
  /** Log of TVS that it was seen in. */
  readonly file: string;
}

interface Asked {
  /** Of this phone, those that are not kept included. */
  count: number;
  readonly newest: Exchange[];
}

/** All exchanges of all TVS logs. Files of one node come oldest first. */
export class Exchanges {
  readonly #byDevice = new Map<string, Asked>();
  readonly #nameless: Exchange[] = [];

  take(exchange: Exchange): void {
    if (exchange.type?.value === "VERIFY") return;
    if (exchange.device === undefined) {
      this.#nameless.push(exchange);
      if (this.#nameless.length > NAMELESS) this.#nameless.shift();
      return;
    }
    let asked = this.#byDevice.get(exchange.device);
    if (asked === undefined) {
      if (this.#byDevice.size >= PHONES) return;
      asked = { count: 0, newest: [] };
      this.#byDevice.set(exchange.device, asked);
    }
    asked.count++;
    asked.newest.push(exchange);
    if (asked.newest.length > KEPT) asked.newest.shift();
  }

  get devices(): readonly string[] {
    return [...this.#byDevice.keys()].sort();
  }

  of(device: string): Asked {
    return this.#byDevice.get(device) ?? { count: 0, newest: [] };
  }

  get nameless(): readonly Exchange[] {
    return this.#nameless;
  }
}

export interface Wanted {
  /** null: those that the console logs name, or the TVS logs where there are no console logs. */
  readonly devices: readonly string[] | null;
  readonly hasPhoneLogs: boolean;
  readonly hasTvsLogs: boolean;
  readonly withoutTvs: boolean;
}

/** Sorted by device; those that no line names come last. */
export function reportsOf(phones: Phones, exchanges: Exchanges, wanted: Wanted): PhoneReport[] {
  const moves = new Map(phones.moves().map((one) => [one.device, one]));
  const devices = wanted.devices ?? (wanted.hasPhoneLogs ? [...moves.keys()] : exchanges.devices);
  const usual = usualOffsets(moves.values(), exchanges);
  const free = new Set(exchanges.nameless);
  const report = (device: string | null, attempt: Attempt | null, exchange: Exchange | null): PhoneReport => {
    const steps = stepsOf({ attempt, exchange, ...wanted });
    const offset = attempt && exchange ? offsetOf(attempt.ctl.question, exchange) : null;
    const inLogs = attempt !== null || exchange !== null || exchanges.of(device ?? "").count > 0;
    return { device, inLogs, steps, passed: decisive(steps) === null, offset };
  };
  const named = devices.map((device) => {
    const move = moves.get(device);
    const exchange = exchangeOf(device, move, exchanges, usual) ?? byLength(move?.attempt, free);
    if (exchange !== null) free.delete(exchange);
    return report(device, move?.attempt ?? null, exchange);
  });
  const nameless = wanted.devices === null ? phones.nameless : [];
  return [...named, ...nameless.map((attempt) => report(null, attempt, byLength(attempt, free)))];
}

function exchangeOf(
  device: string,
  move: PhoneMoves | undefined,
  exchanges: Exchanges,
  usual: ReadonlyMap<string, number>,
): Exchange | null {
  const { count, newest } = exchanges.of(device);
  if (move === undefined) return newest.at(-1) ?? null;
  const { attempt, questions } = move;
  if (!mayHaveAsked(attempt)) return null;
  const possible = newest.filter((one) => isPossible(attempt.ctl.question, one));
  const alike = possible.filter((one) => isAlike(attempt.ctl.question, one));
  const candidates = alike.length > 0 ? alike : possible;
  if (candidates.length < 2) return candidates[0] ?? null;
  // Both logs have all of them: the order tells.
  const inOrder = newest.at(-1 - (questions - attempt.questions));
  if (count === questions && inOrder !== undefined && candidates.includes(inOrder)) return inOrder;
  const off = (one: Exchange) => {
    const offset = offsetOf(attempt.ctl.question, one);
    const expected = usual.get(folderOf(one.file));
    return offset === null || expected === undefined
      ? Number.POSITIVE_INFINITY
      : Math.abs(clockDifference(expected, offset.between));
  };
  return candidates.reduce((best, one) => (off(one) <= off(best) ? one : best));
}

const mayHaveAsked = ({ ctl }: Attempt) => wasAsked(ctl) || ctl.refused !== undefined;

/** A message that was damaged in the log may be known by its length, if no other one has it. */
function byLength(attempt: Attempt | undefined, free: ReadonlySet<Exchange>): Exchange | null {
  if (attempt === undefined || !wasAsked(attempt.ctl)) return null;
  const { question } = attempt.ctl;
  const alike = [...free].filter((one) => isPossible(question, one) && isAlike(question, one));
  return alike.length === 1 ? alike[0]! : null;
}

/** TVS cannot have taken longer than the phone waited. */
function isPossible({ sent, received }: Question, { incoming, sent: answer }: Exchange): boolean {
  if (!sent || !received || !incoming || !answer) return true;
  const there = clockDifference(incoming.at.clock, answer.at.clock);
  return there <= clockDifference(sent.at.clock, received.at.clock) + SECOND;
}

/** Nothing that both logs tell differs, and something is the same. */
function isAlike({ sent, received }: Question, { asked, answered }: Exchange): boolean {
  const pairs = [
    [sent?.value ?? undefined, asked],
    [received?.value, answered],
  ].filter(([one, other]) => one !== undefined && other !== undefined);
  return pairs.length > 0 && pairs.every(([one, other]) => one === other);
}

/** Between the phone's question and TVS's note of it, and between TVS's answer and the phone's note of that. */
function offsetOf({ sent, received }: Question, { file, incoming, sent: answer }: Exchange): Offset | null {
  const most = sent && incoming && clockDifference(sent.at.clock, incoming.at.clock);
  const least = received && answer && clockDifference(received.at.clock, answer.at.clock);
  if (most === undefined && least === undefined) return null;
  const [a, b] = [most ?? least!, least ?? most!];
  const half = clockDifference(b, a) / 2;
  return { between: Math.round(b + half), within: Math.abs(Math.round(half)), file };
}

/** Of each folder of TVS logs (a node), by the phones of which there is no doubt. */
function usualOffsets(moves: Iterable<PhoneMoves>, exchanges: Exchanges): ReadonlyMap<string, number> {
  const seen = new Map<string, number[]>();
  for (const { device, attempt } of moves) {
    const { newest } = exchanges.of(device);
    const offset = newest.length === 1 ? offsetOf(attempt.ctl.question, newest[0]!) : null;
    if (offset === null) continue;
    const folder = folderOf(offset.file);
    const all = seen.get(folder);
    if (all === undefined) seen.set(folder, [offset.between]);
    else all.push(offset.between);
  }
  return new Map([...seen].map(([folder, all]) => [folder, all.sort((a, b) => a - b)[all.length >> 1]!]));
}

const folderOf = (file: string) => file.slice(0, file.lastIndexOf("/") + 1);
