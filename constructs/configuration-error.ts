import type { IConstruct } from "constructs";

/** A mistake in a declaration, found at synth: names the construct, what is wrong and what to write instead. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  constructor(construct: IConstruct, problem: string, fix: string) {
    super(`[${construct.node.path}] ${problem} ${fix}`);
  }
}
