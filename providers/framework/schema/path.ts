import type { AttributePath, PathStep } from "./value";

/** `path` followed by an attribute, a map key or a list index. */
export const attributeOf = (path: AttributePath, attribute: string): AttributePath => [
  ...path,
  { attribute },
];
export const keyOf = (path: AttributePath, key: string): AttributePath => [...path, { key }];
export const indexOf = (path: AttributePath, index: number): AttributePath => [...path, { index }];

function showStep(step: PathStep, first: boolean): string {
  if ("attribute" in step) return first ? step.attribute : `.${step.attribute}`;
  return "key" in step ? `[${JSON.stringify(step.key)}]` : `[${step.index}]`;
}

/** As a user would write it: `clusters["source"].ports[0]`. */
export const showPath = (path: AttributePath): string => path.map((s, i) => showStep(s, i === 0)).join("");

/** Steps as comparable text; an index sorts as a number. */
const sortKey = (step: PathStep): string =>
  "index" in step ? String(step.index).padStart(12, "0") : "key" in step ? step.key : step.attribute;

function comparePaths(a: AttributePath, b: AttributePath): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [sortKey(a[i]!), sortKey(b[i]!)];
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

/** Sorted, each path once. */
export function sortedPaths(paths: readonly AttributePath[]): AttributePath[] {
  const once = new Map(paths.map((path) => [showPath(path), path]));
  return [...once.values()].sort(comparePaths);
}
