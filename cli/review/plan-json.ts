/**
 * A plan as `terraform show -json` and `tofu show -json` print it
 * (https://developer.hashicorp.com/terraform/internals/json-format), as far as a review reads it. What is marked as
 * sensitive is gone once it is read, so that nothing further on can print it.
 */

export interface Change {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly actions: readonly string[];
  /** Taken into the state by an import block. */
  readonly imported: boolean;
  readonly before: Values | null;
  readonly after: Values | null;
  /** `true` wherever the value will be known only after apply. */
  readonly unknown: Values;
  /** Attributes that are sensitive, in whole or in part. */
  readonly sensitive: readonly string[];
}

export interface DataSource {
  readonly address: string;
  readonly type: string;
  readonly values: Values;
  readonly sensitive: readonly string[];
}

export type Values = { readonly [name: string]: unknown };

export interface ReviewedPlan {
  readonly formatVersion: string;
  readonly changes: readonly Change[];
  readonly drift: readonly Change[];
  readonly data: readonly DataSource[];
  /** Address without index -> what the configuration says that it waits for, by address. */
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  readonly outputs: readonly string[];
  /** Sentences of the core's own about this plan: it failed, or leaves something for later. */
  readonly incomplete: readonly string[];
}

/** Stands for every value that is marked as sensitive. */
export const MASKED = "(sensitive value)";

/** Newest minor version of format 1 that was looked at; later ones may only add. */
export const KNOWN_MINOR = 2;

export class PlanError extends Error {
  override readonly name = "PlanError";
}

/** @throws PlanError when it is not the output of `show -json` for a plan, or of a major version that is not known. */
export function parsePlan(text: string): ReviewedPlan {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new PlanError(
      "This is not JSON. Give what `terraform show -json PLAN` or `tofu show -json PLAN` prints.",
    );
  }
  return readPlan(json);
}

/** As {@link parsePlan}, of JSON that is read already. */
export function readPlan(json: unknown): ReviewedPlan {
  const plan = objectOf(json);
  const formatVersion = textOf(plan.format_version);
  if (formatVersion === "" || (!("resource_changes" in plan) && !("planned_values" in plan)))
    throw new PlanError(
      "This is JSON, but not a plan. Give what `terraform show -json PLAN` or `tofu show -json PLAN` prints of a plan file; a state has no changes.",
    );
  if (!/^1\.\d+$/.test(formatVersion))
    throw new PlanError(
      `This plan has format_version ${JSON.stringify(formatVersion)}; only 1.x is understood. Use a core up to 1.x, or a newer phone-migration.`,
    );
  const dependsOn = new Map<string, readonly string[]>();
  collectDependencies(objectOf(objectOf(plan.configuration).root_module), "", dependsOn);
  const state = objectOf(objectOf(plan.prior_state).values);
  return {
    formatVersion,
    changes: listOf(plan.resource_changes).map(changeOf).sort(byAddress),
    drift: listOf(plan.resource_drift).map(changeOf).sort(byAddress),
    data: dataSources(objectOf(state.root_module)).sort(byAddress),
    dependsOn,
    outputs: Object.entries(objectOf(plan.output_changes))
      .filter(([, change]) => !textsOf(objectOf(change).actions).includes("no-op"))
      .map(([name]) => name)
      .sort(),
    incomplete: [
      ...(plan.errored === true ? ["The core could not finish this plan (errored)."] : []),
      ...(plan.complete === false || listOf(plan.deferred_changes).length > 0
        ? ["The core leaves changes of this plan for a later one (deferred)."]
        : []),
    ],
  };
}

function changeOf(json: unknown): Change {
  const { address, mode, type, change } = objectOf(json);
  const { actions, before, after, after_unknown, before_sensitive, after_sensitive, importing } =
    objectOf(change);
  return {
    address: textOf(address),
    mode: mode === "data" ? "data" : "managed",
    type: textOf(type),
    actions: textsOf(actions),
    sensitive: [...new Set([...sensitiveIn(before_sensitive), ...sensitiveIn(after_sensitive)])].sort(),
    imported: typeof importing === "object" && importing !== null,
    before: valuesOf(masked(before, before_sensitive)),
    after: valuesOf(masked(after, after_sensitive)),
    unknown: objectOf(after_unknown),
  };
}

function dataSources(module: Values): DataSource[] {
  const own = listOf(module.resources).map(objectOf);
  return [
    ...own
      .filter(({ mode }) => mode === "data")
      .map(({ address, type, values, sensitive_values }) => ({
        address: textOf(address),
        type: textOf(type),
        values: objectOf(masked(values, sensitive_values)),
        sensitive: sensitiveIn(sensitive_values),
      })),
    ...listOf(module.child_modules).flatMap((child) => dataSources(objectOf(child))),
  ];
}

function collectDependencies(module: Values, prefix: string, into: Map<string, readonly string[]>): void {
  for (const resource of listOf(module.resources).map(objectOf)) {
    const waits = textsOf(resource.depends_on).map((address) => prefix + address);
    if (waits.length > 0) into.set(prefix + textOf(resource.address), waits);
  }
  for (const [name, call] of Object.entries(objectOf(module.module_calls)))
    collectDependencies(objectOf(objectOf(call).module), `${prefix}module.${name}.`, into);
}

/** A mark is `true` for a whole value, or has the value's own shape. */
function masked(value: unknown, mark: unknown): unknown {
  if (mark === true) return MASKED;
  if (typeof mark !== "object" || mark === null || typeof value !== "object" || value === null) return value;
  const marks = mark as { readonly [key: string]: unknown };
  if (Array.isArray(value)) return value.map((part, i) => masked(part, marks[i]));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      masked(part, Object.hasOwn(marks, key) ? marks[key] : false),
    ]),
  );
}

const hasMark = (mark: unknown): boolean =>
  mark === true || (typeof mark === "object" && mark !== null && Object.values(mark).some(hasMark));

/** A resource as a whole is marked by `true`. */
function sensitiveIn(marks: unknown): string[] {
  if (marks === true) return ["everything"];
  return Object.entries(objectOf(marks))
    .filter(([, mark]) => hasMark(mark))
    .map(([name]) => name)
    .sort();
}

/** As the configuration names it: without the keys of `count` and `for_each`. */
export const withoutKeys = (address: string) => address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");

// What a plan holds is input: nothing of it is believed to have its shape.

export const objectOf = (value: unknown): Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const textsOf = (value: unknown): readonly string[] =>
  listOf(value).filter((one) => typeof one === "string");
export const countOf = (value: unknown): number => (typeof value === "number" ? value : 0);

const valuesOf = (value: unknown): Values | null =>
  value === null || value === undefined ? null : objectOf(value);

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byAddress = (a: { readonly address: string }, b: { readonly address: string }) =>
  compare(a.address, b.address);
