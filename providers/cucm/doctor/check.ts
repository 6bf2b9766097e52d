/** What an examination is made of. */
import type { ClusterNode } from "../cluster/cluster";
import type { Settings } from "../cluster/lines-to-set";
import type { Patient } from "./patient";

/**
 * `unknown`: it was tried, and what came back does not tell. `not tried`: only a write, a phone or a move would show
 * it, or there was nothing here to try it on.
 */
export const VERDICTS = ["holds", "deviates", "unknown", "not tried"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Result {
  readonly verdict: Verdict;
  /** What was seen, a clause. */
  readonly detail: string;
  /** Of the cluster's configuration, what makes up for a deviation. */
  readonly settings?: Settings;
}

export interface Finding extends Result {
  /** Name of a row of docs/assumptions.md. */
  readonly assumption: string;
  /** As in the server table; null for the cluster as a whole. */
  readonly node: string | null;
}

interface CheckOf<Where> {
  /** Name of a row of docs/assumptions.md. */
  readonly assumption: string;
  readonly where: Where;
}

/** Read-only. Whatever it throws is a finding. */
export type Check =
  | (CheckOf<"cluster"> & { run(patient: Patient): Promise<Result> })
  | (CheckOf<"tftp" | "tvs" | "publisher" | "node"> & {
      run(patient: Patient, node: ClusterNode): Promise<Result>;
    });

export const holds = (detail: string): Result => ({ verdict: "holds", detail });
export const unknown = (detail: string): Result => ({ verdict: "unknown", detail });
export const notTried = (detail: string): Result => ({ verdict: "not tried", detail });
export const deviates = (detail: string, settings?: Settings): Result => ({
  verdict: "deviates",
  detail,
  ...(settings !== undefined && { settings }),
});

/** What a value is that only somebody who looks can know. */
export const TO_FIND = "...";

export const spelling = (name: string, value: Settings[string]): Settings => ({
  spellings: { [name]: value },
});
export const webForms = (forms: Settings): Settings => spelling("web_forms", forms);

/** What to set for all of them; what was seen counts more than what has to be found. Null when there is nothing. */
export function settingsOf(results: readonly Result[]): Settings | null {
  const all = results.flatMap(({ settings }) => (settings === undefined ? [] : [settings]));
  return all.length === 0 ? null : all.reduce(merged);
}

function merged(one: Settings, other: Settings): Settings {
  const both = Object.entries(other).map(([name, theirs]): [string, Settings[string]] => {
    const ours = one[name];
    if (ours === undefined) return [name, theirs];
    if (isGroup(ours) && isGroup(theirs)) return [name, merged(ours, theirs)];
    return [name, JSON.stringify(ours).includes(TO_FIND) ? theirs : ours];
  });
  return { ...one, ...Object.fromEntries(both) };
}

const isGroup = (value: Settings[string]): value is Settings =>
  typeof value === "object" && !Array.isArray(value);
