/** Where and when something stands in a log. */
export interface Seen {
  readonly file: string;
  /** The first one is 1. */
  readonly line: number;
  /** By the clock of whoever wrote it. */
  readonly at: LogTime;
}

/** A moment as logs tell it: no year, and a TVS log no day. */
export interface LogTime {
  /** 1 to 12; 0 when the log does not tell the day. */
  readonly month: number;
  readonly day: number;
  /** Microseconds since midnight. */
  readonly clock: number;
}

export interface SeenValue<T> extends Seen {
  readonly value: T;
}

export const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = 86_400_000_000;

/** `06:33:59.395199` as microseconds since midnight. */
export function clockOf(hour: string, minute: string, second: string, fraction: string): number {
  const whole = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return whole * 1_000_000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** `Nov 29 06:33:59.395`, or `18:01:05.333` of a TVS log. */
export function timeText({ month, day, clock }: LogTime): string {
  const text = new Date(Math.floor(clock / 1000)).toISOString().slice(11, 23);
  return month === 0 ? text : `${MONTHS[month - 1]} ${day} ${text}`;
}

/** How much later the other clock is, in microseconds: more than -12 and up to 12 hours, since days are not told. */
export function clockDifference(one: number, other: number): number {
  const difference = (((other - one) % DAY) + DAY) % DAY;
  return difference > DAY / 2 ? difference - DAY : difference;
}
