/** `utils ctl ...` of a publisher (Cisco's Security Guide, CTL). What it prints is shown, never believed. */
import { excerpt } from "../failure";
import { confirming } from "./cli";
import type { CliChannel } from "./wire";

/** Longest silence: the file is built from the certificates of every node, and nobody says how long that takes. */
const UPDATE_MS = 600_000;

export class CtlCommands {
  constructor(private readonly cli: CliChannel) {}

  /** Returns when the prompt is back. @returns what the CLI said, for people */
  async update(signal: AbortSignal): Promise<string> {
    const line = "utils ctl update CTLFile";
    return excerpt(
      await this.cli.run({ line, write: true, reply: confirming, timeoutMs: UPDATE_MS }, signal),
    );
  }
}
