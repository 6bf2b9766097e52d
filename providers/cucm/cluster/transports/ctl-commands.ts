/** `utils ctl ...` of a publisher (Cisco's Security Guide, CTL). That it was done is never believed. */
import { excerpt } from "../failure";
import { confirming } from "./cli";
import type { CliChannel } from "./wire";

/**
 * How a refusal may be told from the rest: what the CLI says at the end of anything that failed, or why. A cluster that
 * is not registered for export-controlled functionality may not have mixed mode, and no document has the words.
 */
const FAILED = /\bunsuccessful/i;
const WHY = /\b(?:export|licen[cs]\w*|not (?:allowed|permitted|registered)|denied)\b/i;
const DONE = /\bupdated\b/i;

/** @param said what the CLI answered to an update */
export const isCtlRefusal = (said: string) => FAILED.test(said) || (WHY.test(said) && !DONE.test(said));

/** Of an answer: the reason of a failure may stand at its end. */
const MOST_SHOWN = 2000;
/** Longest silence: the file is built from the certificates of every node, and nobody says how long that takes. */
const UPDATE_MS = 600_000;

export class CtlCommands {
  constructor(private readonly cli: CliChannel) {}

  /** Returns when the prompt is back. @returns what the CLI said, for people */
  async update(signal: AbortSignal): Promise<string> {
    const line = "utils ctl update CTLFile";
    const said = await this.cli.run({ line, write: true, reply: confirming, timeoutMs: UPDATE_MS }, signal);
    return excerpt(said, MOST_SHOWN);
  }
}
