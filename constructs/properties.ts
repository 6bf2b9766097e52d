import type { IConstruct } from "constructs";
import { ConfigurationError } from "./configuration-error";

/** Every property of T, and whether it must be there; the compiler holds a list complete and right. */
export type PropertiesOf<T> = {
  readonly [name in keyof Required<T>]: undefined extends T[name] ? "optional" : "needed";
};

/**
 * `cdktf` runs declarations without checking their types, and a property that nobody knows would be dropped without a
 * word: with it, whatever it was to guard.
 *
 * @param what is declared, for the message: `limits`, or nothing for the construct itself
 * @throws ConfigurationError
 */
export function checkProperties<T extends object>(
  construct: IConstruct,
  what: string,
  given: T,
  properties: PropertiesOf<T>,
): void {
  const problem = propertyProblem(given, properties);
  if (problem !== undefined)
    throw new ConfigurationError(
      construct,
      `${what === "" ? "" : `${what}: `}${problem}`,
      propertyFix(properties),
    );
}

export function propertyProblem<T extends object>(given: T, properties: PropertiesOf<T>): string | undefined {
  const stray = Object.keys(given).find((name) => !Object.hasOwn(properties, name));
  if (stray !== undefined) return `there is no property "${stray}".`;
  const missing = Object.entries(properties).find(
    ([name, need]) => need === "needed" && given[name as keyof T] === undefined,
  );
  return missing && `${missing[0]} is missing.`;
}

export const propertyFix = (properties: object) =>
  `The properties are ${Object.keys(properties).join(", ")}.`;
