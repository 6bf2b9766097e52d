import { shown } from "../backends/answer-text";
import { type Answer, type Finding, sameAnswer } from "../backends/backend";
import type { Memory } from "./option-150-memory";

/** What the decision needs of a state or a plan; null for inherited. */
export interface Declared {
  readonly source_addresses: readonly string[] | null;
  readonly destination_addresses: readonly string[];
  readonly serve: Serve;
}
/** `mixed` is never declared: the servers of a pair disagree, each with one of the declared answers. */
export type Serve = "source" | "destination" | "mixed";

export const sourceOf = (d: Declared): Answer => d.source_addresses ?? "inherited";
export const answerOf = (d: Declared, serve: Serve): Answer =>
  serve === "destination" ? d.destination_addresses : sourceOf(d);

export interface Decision {
  /** Phones would go to the destination by this change: its conditions are checked. */
  readonly moves: boolean;
  /** The device has to be written. */
  readonly writes: boolean;
  /** Nothing is to be written, and what an earlier change left is to be saved. */
  readonly saves: boolean;
  /** A server answers neither of what is declared. */
  readonly third: boolean;
  /** What the scope is to answer. */
  readonly answer: Answer;
}

/**
 * What a change means, from what is recorded, what is declared and what the servers answered. Pure.
 *
 * What answers something that was never declared here is not replaced on the way, only by a move to the destination
 * (which is refused then) or by the way back from it.
 *
 * @param prior null for a create.
 */
export function decide(
  prior: Declared | null,
  next: Declared,
  { answers, unsaved }: Pick<Memory, "answers" | "unsaved">,
): Decision {
  const answer = answerOf(next, next.serve);
  const agrees = answers.every((a) => sameAnswer(a, answer));
  const known = [next, ...(prior ? [prior] : [])].flatMap((d) => [sourceOf(d), d.destination_addresses]);
  const third = !answers.every((a) => known.some((k) => sameAnswer(k, a)));
  const asks =
    prior === null || next.serve !== prior.serve || !sameAnswer(answer, answerOf(prior, prior.serve));
  const comesBack = prior !== null && prior.serve !== "source" && next.serve === "source";
  return {
    answer,
    third,
    // Somebody else's answer is theirs to save.
    saves: unsaved === true && agrees,
    moves: asks && next.serve === "destination" && !agrees,
    writes: asks && !agrees && (!third || next.serve === "destination" || comesBack),
  };
}

/** Which of the declared answers the servers give; `otherwise` when one gives neither. */
export function served(d: Omit<Declared, "serve">, answers: readonly Answer[], otherwise: Serve): Serve {
  const declared = { ...d, serve: otherwise };
  const each = answers.map((a) =>
    sameAnswer(a, d.destination_addresses)
      ? "destination"
      : sameAnswer(a, sourceOf(declared))
        ? "source"
        : null,
  );
  const first = each[0];
  if (first === undefined || each.includes(null)) return otherwise;
  return each.every((e) => e === first) ? first! : "mixed";
}

/** What is seen only by who tried to save it. */
export const UNSAVED: Finding = {
  kind: "unsaved",
  severity: "warning",
  scope: "server",
  value: "an earlier change could not be saved, and a restart brings back what was saved before it",
  advice:
    "This deploy saves it, if it can: Kea's user has to be able to write the file that Kea was started with (an AppArmor profile may forbid it too), and an IOS-XE device to take write memory.",
};

/** Both answers are declared, and the scope gives neither: drift that no plan repairs by itself. */
export function thirdValue(
  d: Omit<Declared, "serve">,
  answers: readonly Answer[],
  scope: string,
): Finding | null {
  const declared = { ...d, serve: "source" } as const;
  const strange = answers.find(
    (a) => !sameAnswer(a, d.destination_addresses) && !sameAnswer(a, sourceOf(declared)),
  );
  if (strange === undefined) return null;
  return {
    kind: "third-value",
    severity: "warning",
    scope,
    value: `${textOf(strange)}; declared are source ${textOf(sourceOf(declared))} and destination ${textOf(d.destination_addresses)}`,
    advice:
      "Somebody else owns this value. If it is what the source serves, declare it as source_addresses; otherwise put the declared answer back by hand. It is never replaced by a move to the destination.",
  };
}

export const textOf = (answer: Answer): string => (answer === "inherited" ? "inherited" : shown(answer));
