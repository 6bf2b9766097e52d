/** What one scope's new answer makes of one server's files. Pure. */

import { answerText } from "../answer-text";
import { type Answer, DhcpError, sameAnswer } from "../backend";
import type { FileEdit } from "./change";
import { blockingFinding, findingsOf } from "./findings";
import type { Original } from "./managed-file";
import { answerWith, type ScopeView } from "./view";

/**
 * @param texts what the requests before this one make of the files
 * @returns null when it answers so already
 * @throws DhcpError when no text of the managed file would do
 */
export function prepareScope(
  view: ScopeView,
  answer: Answer,
  original: Original | undefined,
  texts: ReadonlyMap<string, FileEdit>,
  server: { readonly name: string; readonly label: string },
): FileEdit | null {
  const { where, managed } = view;
  if (sameAnswer(view.answer, answer)) return null;
  const refuse = (why: string) =>
    new DhcpError(
      server.name,
      `Option 150 of ${where} cannot be changed on ${server.label}`,
      `${why} Nothing was written.`,
      "refused",
    );
  const blocking = blockingFinding(view);
  if (blocking) throw refuse(`${blocking.value}. ${blocking.advice}`);
  const { path, file, keeping } = managed;
  const now = texts.get(path)?.after ?? (file.kind === "text" ? file.text : null);
  const candidates = [
    ...(original === undefined ? [] : [keeping.restore(now, original)]),
    keeping.write(now, view.definition!.name, answer),
  ];
  const after = candidates.find((text) => sameAnswer(answerWith(view, text), answer));
  if (after !== undefined) return { path, before: file, after, where };
  const hindrance = findingsOf(view).find((f) => f.kind === "duplicate");
  throw refuse(
    hindrance
      ? `${hindrance.value}. ${hindrance.advice}`
      : `With ${path} changed it would still not answer ${answerText(answer)}: another statement of this scope does, and a run does not edit it.`,
  );
}

export const isOriginal = (each: unknown): each is Original => each === null || typeof each === "string";
