import { isIPv4 } from "node:net";
import type { Answer } from "./backend";
import { shownText } from "./shown-text";

/** For findings: what an option says, also when it is no list of addresses. */
export function shown(addresses: readonly string[]): string {
  if (addresses.length === 0) return "(nothing)";
  return addresses.every((a) => isIPv4(a))
    ? addresses.join(", ")
    : JSON.stringify(shownText(addresses.join(",")));
}

export const answerText = (answer: Answer): string =>
  answer === "inherited" ? "nothing of its own (inherited)" : shown(answer);
