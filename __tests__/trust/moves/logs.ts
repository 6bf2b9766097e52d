/** Reads logs that are given as text, and tells what became of each step. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Exchanges, type PhoneReport, reportsOf, type Wanted } from "../../../trust/moves/correlate";
import { ExchangeReader } from "../../../trust/moves/exchanges";
import { LogLines } from "../../../trust/moves/log-lines";
import { PHONE_WORDS, PhoneLogReader } from "../../../trust/moves/phone-log";
import { Phones } from "../../../trust/moves/phones";
import { isOfInterest } from "../../../trust/moves/trace-lines";

export const PHONE = "SEPB000B4BA0AEE";
export const seed = (name: "phone" | "tvs") =>
  readFileSync(join(__dirname, `seed/${name}.txt`), "latin1")
    .trimEnd()
    .split("\n");

export interface Logs {
  readonly phone?: readonly (readonly string[])[];
  readonly tvs?: readonly (readonly string[])[];
  /** Bytes of a chunk. */
  readonly chunk?: number;
  readonly end?: string;
}

export function read(
  { phone = [], tvs = [], chunk = 65_536, end = "\n" }: Logs,
  wanted: Partial<Wanted> = {},
) {
  const phones = new Phones();
  const exchanges = new Exchanges();
  const feed = (lines: LogLines, texts: readonly string[]) => {
    const bytes = Buffer.from(texts.map((text) => `${text}${end}`).join(""), "latin1");
    for (let at = 0; at < bytes.length; at += chunk) lines.push(bytes.subarray(at, at + chunk));
    lines.end();
  };
  for (const [i, texts] of phone.entries()) {
    const file = phones.file(null);
    const reader = new PhoneLogReader(`phone-${i}.log`, (line) => file.take(line));
    feed(new LogLines(PHONE_WORDS, (bytes, from, end, at) => reader.line(bytes, from, end, at)), texts);
    reader.end();
    file.end();
  }
  for (const [i, texts] of tvs.entries()) {
    const reader = new ExchangeReader(`node-${i}/tvs.txt`, (exchange) => exchanges.take(exchange));
    feed(new LogLines(isOfInterest, (bytes, from, end, at) => reader.line(bytes, from, end, at)), texts);
    reader.end();
  }
  return reportsOf(phones, exchanges, {
    devices: null,
    hasPhoneLogs: phone.length > 0,
    hasTvsLogs: tvs.length > 0,
    withoutTvs: false,
    ...wanted,
  });
}

/** `pass`, or how and why a step did not, by its number. */
export const outcomes = ({ steps }: PhoneReport) =>
  steps.map(({ status, cause }) => (cause === null ? status : `${status}: ${cause}`));

export const PASSED = Array<string>(9).fill("pass");
