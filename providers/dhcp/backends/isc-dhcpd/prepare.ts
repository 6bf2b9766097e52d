/** What one scope's new answer makes of one server's files. Pure. */
import { type Answer, DhcpError, sameAnswer } from "../backend";
import { shown } from "../kea/value";
import type { FileEdit } from "./change";
import { type Configuration, withFile } from "./configuration";
import { blockingFinding, findingsOf } from "./findings";
import type { Original } from "./managed-file";
import { type ScopeView, viewScope } from "./view";

export interface Prepared {
  /** As it will be. */
  readonly configuration: Configuration;
  /** null: it answers so already. */
  readonly edit: FileEdit | null;
}

export interface Where {
  readonly name: string;
  readonly label: string;
  readonly includeDirectory: string;
}

/** @throws DhcpError when no text of the managed file would do */
export function prepareScope(
  view: ScopeView,
  answer: Answer,
  original: Original | undefined,
  { name, label, includeDirectory }: Where,
): Prepared {
  const { configuration, where, managed } = view;
  if (sameAnswer(view.answer, answer)) return { configuration, edit: null };
  const refuse = (why: string) =>
    new DhcpError(
      name,
      `Option 150 of ${where} cannot be changed on ${label}`,
      `${why} Nothing was written.`,
      "refused",
    );
  const blocking = blockingFinding(view);
  if (blocking) throw refuse(`${blocking.value}. ${blocking.advice}`);
  const before = managed.file.kind === "text" ? managed.file.text : null;
  const candidates = [
    ...(original === undefined ? [] : [managed.keeping.restore(before, original)]),
    managed.keeping.write(before, view.definition!.name, answer),
  ];
  for (const after of candidates) {
    const predicted = withFile(configuration, managed.path, after);
    const then = viewScope(predicted, view.scope, includeDirectory);
    if (then && sameAnswer(then.answer, answer))
      return { configuration: predicted, edit: { path: managed.path, before: managed.file, after, where } };
  }
  const hindrance = findingsOf(view).find((f) => f.kind === "duplicate");
  throw refuse(
    hindrance
      ? `${hindrance.value}. ${hindrance.advice}`
      : `With ${managed.path} changed it would still not answer ${answerText(answer)}: another statement of this scope does, and a run does not edit it.`,
  );
}

/** `[Original, ...]`, one for each server; undefined when it is not that. */
export function parseOriginals(text: string | undefined, servers: number): readonly Original[] | undefined {
  if (text === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    const fits = (each: unknown) => each === null || typeof each === "string";
    return Array.isArray(list) && list.length === servers && list.every(fits) ? list : undefined;
  } catch {
    return undefined;
  }
}

export const answerText = (answer: Answer): string =>
  answer === "inherited" ? "nothing of its own (inherited)" : shown(answer);
