import { writeSync } from "node:fs";
import { format } from "node:util";
import type { Logger, LogLine } from "../define";
import type { Json } from "../schema/value";
import { silent } from "../server/derived-log";
import { sayable, textOf } from "../server/sayable";

/** From the chattiest on. */
const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];

/** The host's buffer for one line; what is longer it splits, and takes the pieces for text (go-plugin). */
const MAX_LINE = 64 * 1024;

export interface LoggerOptions {
  /** `@module` of each line: the provider's name. */
  readonly name: string;
  readonly env?: { readonly [name: string]: string | undefined };
  /** Takes one line, with its line feed. */
  readonly write?: (line: string) => void;
}

/**
 * A logger in the format of hclog, which Terraform reads from our stderr: one JSON object a line. Lines below
 * TF_LOG_PROVIDER, or else TF_LOG, are not made at all; without either nobody reads them.
 */
export function createLogger({ name, env = process.env, write = writeStderr }: LoggerOptions): Logger {
  const threshold = thresholdOf(env.TF_LOG_PROVIDER || env.TF_LOG);
  const logger = {} as { [L in Level]: LogLine };
  LEVELS.forEach((level, rank) => {
    logger[level] = rank < threshold ? silent : (m, fields) => write(line(name, level, textOf(m), fields));
  });
  return logger;
}

/** The lowest rank that is written. */
function thresholdOf(level: string | undefined): number {
  if (level === undefined || level.toLowerCase() === "off") return LEVELS.length;
  const rank = LEVELS.indexOf(level.toLowerCase() as Level);
  // Terraform takes "JSON", and any word that it does not know, for the most verbose level.
  return Math.max(0, rank);
}

function line(
  name: string,
  level: Level,
  message: string,
  fields: { readonly [key: string]: Json } = {},
): string {
  const head = {
    "@level": level,
    "@module": name,
    // hclog wants exactly six digits after the point.
    "@timestamp": new Date().toISOString().replace("Z", "000Z"),
  };
  let whole: string;
  try {
    whole = `${JSON.stringify({ ...fields, ...head, "@message": message })}\n`;
  } catch {
    return line(name, level, message, sayable(fields));
  }
  if (Buffer.byteLength(whole) <= MAX_LINE) return whole;
  const short = {
    ...head,
    "@message": cut(message, MAX_LINE / 4),
    fields: cut(JSON.stringify(fields), MAX_LINE / 2),
  };
  return `${JSON.stringify({ ...short, truncated: true })}\n`;
}

/** The beginning of a text that takes at most so many bytes as JSON. */
function cut(text: string, bytes: number): string {
  let length = Math.min(text.length, bytes);
  while (Buffer.byteLength(JSON.stringify(text.slice(0, length))) > bytes) length = Math.floor(length / 2);
  return text.slice(0, length);
}

/** Synchronous, so that the last words of a dying process arrive. */
function writeStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch (error) {
    // A full pipe: Node's own stream waits for room. Any other failure means that nobody reads.
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") process.stderr.write(text);
  }
}

/**
 * Keeps stdout clean: the host reads one line from it, the handshake, and nothing else may come before that.
 * What a library prints goes to the log.
 */
export function redirectConsole(log: Logger): void {
  const to =
    (write: LogLine) =>
    (...values: unknown[]) => {
      if (write !== silent) write(format(...values));
    };
  Object.assign(console, {
    log: to(log.info),
    info: to(log.info),
    debug: to(log.debug),
    trace: to(log.trace),
    warn: to(log.warn),
    error: to(log.error),
    dir: to(log.debug),
    table: to(log.debug),
  });
  Object.defineProperty(process, "stdout", { configurable: true, get: () => process.stderr });
}
