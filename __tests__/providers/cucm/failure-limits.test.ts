import { allowedFailures, limitsInWords } from "../../../providers/cucm/failure-limits";

const limits = (max_failures: number | null, max_failure_ratio: number | null) => ({
  max_failures,
  max_failure_ratio,
});

test.each([
  [null, null, 100, 0],
  [3, null, 100, 3],
  [null, 0.05, 100, 5],
  [null, 0.05, 19, 0],
  [null, 0.29, 100, 29],
  [3, 0.05, 100, 3],
  [30, 0.05, 100, 5],
  [0, 1, 100, 0],
  [300, 1, 100, 100],
])("max_failures %p and max_failure_ratio %p of %i phones allow %i", (failures, ratio, phones, allowed) => {
  expect(allowedFailures(limits(failures, ratio), phones)).toBe(allowed);
});

test("in words", () => {
  expect(limitsInWords(limits(null, null), 9)).toBe(
    "0 by limits (max_failures and max_failure_ratio are not set)",
  );
  expect(limitsInWords(limits(8, 0.05), 100)).toBe(
    "5 by limits (max_failures 8, max_failure_ratio 0.05 of 100 phones)",
  );
});
