import type { Schema } from "../schema/attribute";
import { withoutWriteOnly } from "../schema/complete";
import type { Problem } from "../schema/conform";
import { fromJson, isJsonObject } from "../schema/from-json";
import { showPath } from "../schema/path";
import { typeOfSchema } from "../schema/schema-type";
import type { Json, Value } from "../schema/value";
import type { Operation } from "./session";

/**
 * JSON of a state, of the schema's own version, as a value: keys that the schema lacks are dropped and missing
 * ones are null. What does not fit is reported; null then.
 */
export function storedState(op: Operation, schema: Schema, json: Json, how: string): Value {
  const type = op.subject;
  if (!isJsonObject(json)) {
    op.error(`State of ${type} cannot be read`, `It is no object after the ${how}.`);
    return null;
  }
  const problems: Problem[] = [];
  const value = fromJson(typeOfSchema(schema), json, (problem) => problems.push(problem));
  for (const { path, message } of problems)
    op.error(`State of ${type} does not fit its schema`, `The stored "${showPath(path)}" ${message}.`, path);
  return problems.length > 0 ? null : withoutWriteOnly(schema, value);
}
