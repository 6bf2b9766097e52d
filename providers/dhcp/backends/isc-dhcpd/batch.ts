/** Changes that come together, each with its own outcome. */
import {
  type Change,
  DhcpError,
  type DhcpErrorKind,
  type Operation,
  type Reading,
  type Scope,
  scopeText,
} from "../backend";

export interface Request {
  readonly scope: Scope;
  readonly change: Change;
  readonly op: Operation;
}

/** A caller that waits for its outcome. */
export interface Job extends Request {
  readonly settle: (outcome: Outcome) => void;
}

/** What one scope shall answer after another answer is a change of its own. */
export const differentScopes = (job: Request, others: readonly Request[]): boolean =>
  others.every(({ scope }) => scopeText(scope) !== scopeText(job.scope));

export type Outcome = { readonly reading: Reading } | { readonly error: Error };

/** One request may be to blame for what fails them all, and all is as before. */
const MENDABLE: readonly DhcpErrorKind[] = ["refused", "rival"];

/**
 * What fails together is tried in halves, so that nobody pays for another's mistake.
 *
 * @param attempt gives one outcome for each request, in their order; throws what fails them all
 */
export async function inHalves(
  requests: readonly Request[],
  attempt: (requests: readonly Request[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  try {
    return await attempt(requests);
  } catch (error) {
    if (requests.length === 1 || !(error instanceof DhcpError) || !MENDABLE.includes(error.kind))
      return requests.map(() => ({ error: error as Error }));
    const middle = Math.ceil(requests.length / 2);
    const first = await inHalves(requests.slice(0, middle), attempt);
    return [...first, ...(await inHalves(requests.slice(middle), attempt))];
  }
}

/** Runs `work` with a signal that is raised when all callers have given up: it goes on for those who have not. */
export async function whileWanted<T>(
  requests: readonly Request[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const signals = requests.map(({ op }) => op.signal);
  const look = () => {
    if (signals.every(({ aborted }) => aborted)) stop.abort();
  };
  for (const signal of signals) signal.addEventListener("abort", look);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", look);
  }
}
