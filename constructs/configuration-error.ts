import type { IConstruct } from "constructs";

/**
 * A mistake in a declaration. Its message says all: where, what is wrong and what to write instead. So its stack is
 * only that, and `cdktf synth` shows no lines of ours around it.
 */
export class DeclarationError extends Error {
  override readonly name: string = "DeclarationError";
  constructor(message: string) {
    super(message);
    this.stack = `${new.target.name}: ${message}`;
  }
}

/** A mistake that is found at a construct, whose path comes first. */
export class ConfigurationError extends DeclarationError {
  override readonly name = "ConfigurationError";
  constructor(construct: IConstruct, problem: string, fix: string) {
    super(`[${construct.node.path}] ${problem} ${fix}`);
  }
}
