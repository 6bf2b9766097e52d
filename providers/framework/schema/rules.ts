import type { ValidateContext } from "../define";
import { UNKNOWN } from "./value";

/**
 * Checks between attributes, for a definition's `validate`. Each is a function of the configuration; what hangs on a
 * value that is not known yet is not judged.
 *
 *     validate: all(exactlyOneOf("path", "url"), requiredTogether("user", "password"))
 */
export type Rule = (config: { readonly [name: string]: unknown }, ctx: ValidateContext) => void;

/** Every rule, one after another. */
export const all =
  (...rules: readonly Rule[]): Rule =>
  (config, ctx) => {
    for (const rule of rules) rule(config, ctx);
  };

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");

function sorted(names: readonly string[], config: Parameters<Rule>[0]) {
  const given = (name: string) => config[name] ?? null;
  return {
    set: names.filter((name) => given(name) !== null && given(name) !== UNKNOWN),
    unset: names.filter((name) => given(name) === null),
    unknown: names.filter((name) => given(name) === UNKNOWN),
  };
}

export const atMostOneOf =
  (...names: readonly string[]): Rule =>
  (config, ctx) => {
    const { set } = sorted(names, config);
    for (const name of set.slice(1))
      ctx.error(`"${name}" conflicts with "${set[0]}"`, `Set at most one of ${quoted(names)}.`, [
        { attribute: name },
      ]);
  };

export const atLeastOneOf =
  (...names: readonly string[]): Rule =>
  (config, ctx) => {
    const { unset } = sorted(names, config);
    if (unset.length === names.length)
      ctx.error("Something is missing", `Set at least one of ${quoted(names)}.`);
  };

export const exactlyOneOf =
  (...names: readonly string[]): Rule =>
  (config, ctx) => {
    const { unset } = sorted(names, config);
    if (unset.length === names.length)
      ctx.error("Something is missing", `Set exactly one of ${quoted(names)}.`);
    else atMostOneOf(...names)(config, ctx);
  };

/** All of them or none. */
export const requiredTogether =
  (...names: readonly string[]): Rule =>
  (config, ctx) => {
    const { set, unset } = sorted(names, config);
    if (set.length === 0) return;
    for (const name of unset)
      ctx.error(`"${name}" is missing`, `${quoted(names)} belong together: "${set[0]}" is set.`, [
        { attribute: set[0]! },
      ]);
  };
