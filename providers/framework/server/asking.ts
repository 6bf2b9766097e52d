import type { Attribute, Schema } from "../schema/attribute";
import { walkSchema } from "../schema/schema-type";
import type { Value } from "../schema/value";
import type { Operation } from "./session";

/** A question about two values of an attribute, which its declaration answers. */
export type Question = (attribute: Attribute, before: Value, now: Value) => boolean;

/**
 * `question`, but what it throws is reported, once for each attribute, and means no.
 * @param option the one of the declaration that answers.
 * @param now what a hook returned: its secrets may be others than the operation knows.
 */
export function asking(
  op: Operation,
  schema: Schema,
  now: Value,
  option: "semanticallyEqual" | "requiresReplace",
  question: Question,
): Question {
  const reported = new Set<Attribute>();
  return (attribute, before, after) => {
    try {
      return question(attribute, before, after);
    } catch (thrown) {
      if (!reported.has(attribute))
        op.protect(schema, now).caught(`${option} of ${namesOf(schema, attribute)}`, thrown);
      reported.add(attribute);
      return false;
    }
  };
}

/** One, unless a declaration is used in several places. */
function namesOf(schema: Schema, attribute: Attribute): string {
  const names: string[] = [];
  walkSchema(schema, (found, path) => {
    if (found === attribute) names.push(`"${path.join(".")}"`);
  });
  return names.join(", ");
}
