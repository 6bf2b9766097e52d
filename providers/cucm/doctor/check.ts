/** What an examination is made of. */
import type { ClusterNode } from "../cluster/cluster";
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
  /** Line of the cluster's configuration that makes up for a deviation. */
  readonly setting?: string;
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
export const deviates = (detail: string, setting?: string): Result => ({
  verdict: "deviates",
  detail,
  ...(setting !== undefined && { setting }),
});

/** A line of the configuration, with what the cluster showed as it is written there. */
export const spelling = (name: string, value: string | readonly string[]): string =>
  `spellings = { ${name} = ${Array.isArray(value) ? `[${value.map(quoted).join(", ")}]` : quoted(value as string)} }`;

const quoted = (text: string) =>
  JSON.stringify(text)
    .replaceAll("${", () => "$${")
    .replaceAll("%{", () => "%%{");
