/** Options with a value: each says what counts without it, in help and in `docs/command-line.md`. */
import { Option } from "commander";

/** An option with a value, or none. @param otherwise what counts without it */
export const valued = <T = string>(
  flags: string,
  description: string,
  otherwise: string,
  parse?: (text: string) => T,
): Option => {
  const option = new Option(flags, `${description} (default: ${otherwise})`);
  return parse === undefined ? option : option.argParser(parse);
};

/** An option that may be given several times. @param otherwise what counts without it */
export function repeatable(
  flags: string,
  description: string,
  otherwise: string,
  parse: (text: string) => string = (text) => text,
): Option {
  return new Option(flags, `${description}; repeatable`)
    .argParser((text: string, before: readonly string[]) => [...before, parse(text)])
    .default([], otherwise);
}
