/** When a wave stops: what may be declared. */
import { attr } from "../../framework/schema/attribute";
import { atLeast, failureLimits } from "../failure-limits";

export const DEFAULT_LIMITS = {
  max_failures: null,
  max_failure_ratio: null,
  batch_size: 25,
  settle_time: 5,
  timeout: 900,
} as const;

const limits = {
  ...failureLimits,
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
  description: "When to stop: more phones that fail are an error, and stop what depends on this.",
});
