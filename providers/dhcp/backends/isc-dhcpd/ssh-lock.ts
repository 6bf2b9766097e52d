/**
 * The lock of a machine: a process there holds it while it hears from the run. sshd may believe for hours in a runner
 * that has lost its power or its network.
 */
import { quoted } from "./config";

export interface Lease {
  /** The holder ends when it has heard nothing for so long. */
  readonly holdSeconds: number;
  /** How often the run says something. */
  readonly beatMs: number;
}

export const LEASE: Lease = { holdSeconds: 45, beatMs: 10_000 };

/** What the holder prints when it has the lock. */
export const HELD = "held";
/** What it ends with when somebody else has it for too long. */
export const BUSY = 75;
/** A byte that says: still there. */
export const BEAT = ".";

/**
 * A POSIX shell cannot read with a time limit, so each beat is read by a `head` that has one. `-o`: these do not inherit
 * the lock, so that it goes with flock's own process, whose id is noted in the file, with the address of the run.
 */
export function lockCommand(path: string, waitSeconds: number, holdSeconds: number): string {
  const script = [
    "command -v timeout >/dev/null || exit 127",
    '(echo "$PPID $' + '{SSH_CONNECTION%% *}" >"$1") 2>/dev/null',
    `echo ${HELD}`,
    `while [ -n "$(timeout ${holdSeconds} head -c 1)" ] && kill -0 $PPID; do :; done 2>/dev/null`,
  ].join("; ");
  const file = quoted(path);
  return `exec flock -o -w ${waitSeconds} -E ${BUSY} ${file} sh -c ${quoted(script)} sh ${file}`;
}

/** Who has noted himself in a lock file; null when nobody has. */
export function holderIn(text: string): { readonly process: string; readonly address: string } | null {
  const [, process, address] = /^(\d{1,10}) ([0-9A-Za-z.:%]{1,60})\n/.exec(text) ?? [];
  return process === undefined || address === undefined ? null : { process, address };
}
