import { answerText } from "./answer-text";
import { type Answer, DhcpError } from "./backend";

/** @param where the scope, as sentences name it. */
export const changedBySomebody = (server: string, where: string, detail: string): DhcpError =>
  new DhcpError(server, `Option 150 of ${where} was changed by somebody else`, detail, "rival");

/** @param was what was planned upon; empty when nothing was recorded. */
export const changedSincePlan = (
  { name, label }: { readonly name: string; readonly label: string },
  where: string,
  was: readonly Answer[],
  now: Answer,
): DhcpError =>
  changedBySomebody(
    name,
    where,
    `${label}: when this change was planned, DHCP server "${name}" answered ${was.map(answerText).join(" / ") || "nothing that was recorded"}; now it answers ${answerText(now)}. Nothing was written: plan again.`,
  );
