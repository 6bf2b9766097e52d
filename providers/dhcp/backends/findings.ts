import { answerText } from "./answer-text";
import { type Answer, type Finding, sameAnswer } from "./backend";

/** What one server of a pair says of a scope. */
interface View {
  readonly label: string;
  readonly answer: Answer;
  readonly findings: readonly Finding[];
}

/** Each finding once, whichever servers have it; and whether they agree. Sorted. */
export function findingsOfAll(views: readonly View[]): readonly Finding[] {
  const found: Finding[] = [];
  for (const finding of views.flatMap((view) => view.findings))
    if (!found.some((f) => sameFinding(f, finding))) found.push(finding);
  if (views.some(({ answer }) => !sameAnswer(answer, views[0]!.answer))) found.push(peersDiffer(views));
  return found.sort(byText);
}

const text = (f: Finding) => `${f.kind}\0${f.scope}\0${f.value}`;
export const byText = (a: Finding, b: Finding): number =>
  text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;

const sameFinding = (a: Finding, b: Finding): boolean =>
  text(a) === text(b) && a.severity === b.severity && a.advice === b.advice;

const peersDiffer = (views: readonly View[]): Finding => ({
  kind: "peers-differ",
  severity: "warning",
  scope: "server",
  value: views.map(({ label, answer }) => `${label}: ${answerText(answer)}`).join("; "),
  advice: "A client gets the answer of whichever server is quicker. The next change sets all of them.",
});
