import type { Diagnostic } from "../../diagnostic";
import { showPath } from "../../schema/path";

/** The provider (or core, before asking it) refused: an error diagnostic, which is no broken rule. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    /** `plan of file_text`. */
    readonly where: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super(`${where}:\n${diagnostics.map(line).join("\n")}`);
  }
}

const line = ({ severity, summary, detail, path }: Diagnostic) =>
  `${severity}${path ? ` at ${showPath(path)}` : ""}: ${summary}\n  ${detail.replaceAll("\n", "\n  ")}`;

/** Warnings. @throws a {@link Refusal} when there is an error among the diagnostics. */
export function warningsOf(where: string, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.some(({ severity }) => severity === "error")) throw new Refusal(where, diagnostics);
  return diagnostics;
}

/** The work is refused, with an error whose summary or detail matches; with `at`, at this attribute path. */
export async function refused(work: Promise<unknown>, pattern: RegExp, at?: string): Promise<Refusal> {
  const failure = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (failure === undefined) throw new Error(`Expected an error matching ${pattern}, but there was none.`);
  if (!(failure instanceof Refusal)) throw failure;
  const errors = failure.diagnostics.filter(({ severity }) => severity === "error");
  const found = errors.filter(({ summary, detail }) => pattern.test(`${summary}\n${detail}`));
  if (found.length === 0) throw new Error(`Expected an error matching ${pattern}, but: ${failure.message}`);
  if (at !== undefined && !found.some(({ path }) => showPath(path ?? []) === at))
    throw new Error(
      `Expected the error at "${at}", but it is at ${found.map(({ path }) => `"${showPath(path ?? [])}"`).join(", ")}.`,
    );
  return failure;
}
