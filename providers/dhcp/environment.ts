/** Secrets are never values of the configuration: it names environment variables. */
import { DiagnosticError } from "../framework/diagnostic";
import { attr } from "../framework/schema/attribute";

export const VARIABLE_NAME = [
  (name: string) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
      ? undefined
      : "This is the name of an environment variable, not a value.",
];

export const variable = (what: string) =>
  attr.string({
    optional: true,
    description: `Name of the environment variable that holds the ${what}.`,
    validate: VARIABLE_NAME,
  });

/** @throws DiagnosticError when it is not set */
export function fromEnvironment(server: string, name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new DiagnosticError(
    `Environment variable ${name} is not set`,
    `DHCP server "${server}" takes a credential from it. Export it before the run; it never reaches the plan or the state.`,
  );
}
