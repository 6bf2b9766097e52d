/** How many phones of a wave may fail, wherever that is said. */
import { attr, type StateOf } from "../framework/schema/attribute";

export const atLeast = (least: number) => (n: number) =>
  Number.isInteger(n) && n >= least ? undefined : `Must be a whole number of at least ${least}.`;

const ratioProblem = (n: number) => (n >= 0 && n <= 1 ? undefined : "Must be between 0 and 1.");

export const failureLimits = {
  max_failures: attr.number({
    optional: true,
    validate: [atLeast(0)],
    description: "Phones that may fail to follow. Without it and without `max_failure_ratio`, none may.",
  }),
  max_failure_ratio: attr.number({
    optional: true,
    validate: [ratioProblem],
    description:
      "Part of `phones` that may fail to follow, between 0 and 1, rounded down to whole phones. With both limits the " +
      "stricter one counts.",
  }),
} as const;

export type FailureLimits = StateOf<typeof failureLimits>;

/** Phones of a wave of that many that may fail. */
export function allowedFailures({ max_failures, max_failure_ratio }: FailureLimits, phones: number): number {
  if (max_failures === null && max_failure_ratio === null) return 0;
  // 0.29 of 100 phones are 28.999999999999996.
  const part = Math.floor((max_failure_ratio ?? 1) * phones + 1e-6);
  return Math.min(max_failures ?? phones, part);
}

/** For messages. */
export function limitsInWords(limits: FailureLimits, phones: number): string {
  const { max_failures, max_failure_ratio } = limits;
  const declared = [
    ...(max_failures === null ? [] : [`max_failures ${max_failures}`]),
    ...(max_failure_ratio === null ? [] : [`max_failure_ratio ${max_failure_ratio} of ${phones} phones`]),
  ];
  return `${allowedFailures(limits, phones)} by limits (${declared.join(", ") || "max_failures and max_failure_ratio are not set"})`;
}
