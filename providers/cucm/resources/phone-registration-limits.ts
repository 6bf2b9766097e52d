/** When a wave stops: what may be declared, and what it comes to. */
import { attr, type StateOf } from "../../framework/schema/attribute";

export const DEFAULT_LIMITS = {
  max_failures: null,
  max_failure_ratio: null,
  batch_size: 25,
  settle_time: 5,
  timeout: 900,
} as const;

const atLeast = (least: number) => (n: number) =>
  Number.isInteger(n) && n >= least ? undefined : `Must be a whole number of at least ${least}.`;

const ratioProblem = (n: number) => (n >= 0 && n <= 1 ? undefined : "Must be between 0 and 1.");

const limits = {
  max_failures: attr.number({
    optional: true,
    validate: [atLeast(0)],
    description:
      "Phones that may fail to follow; more is an error and stops what depends on this. Without it and without " +
      "`max_failure_ratio`, none may.",
  }),
  max_failure_ratio: attr.number({
    optional: true,
    validate: [ratioProblem],
    description:
      "Part of `phones` that may fail to follow, between 0 and 1, rounded down to whole phones. With both limits the " +
      "stricter one counts.",
  }),
  batch_size: attr.number({
    default: DEFAULT_LIMITS.batch_size,
    validate: [atLeast(1)],
    description: "Phones that are reset at a time. How many a minute is said by the provider.",
  }),
  settle_time: attr.number({
    default: DEFAULT_LIMITS.settle_time,
    validate: [atLeast(0)],
    description:
      "Seconds that a phone has to stay back where it was reset before it counts as not following.",
  }),
  timeout: attr.number({
    default: DEFAULT_LIMITS.timeout,
    validate: [atLeast(1)],
    description: "Seconds for one batch to register.",
  }),
} as const;

export const limitsAttribute = attr.object(limits, {
  default: DEFAULT_LIMITS,
  description: "When to stop.",
});

type Limits = StateOf<typeof limits>;
type FailureLimits = Pick<Limits, "max_failures" | "max_failure_ratio">;

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
