import type { KeaDocument } from "./document";
import { isTrue, type JsonNode, member, stringOf } from "./json-text";

const FLAGS = {
  global: { flag: "reservations-global", modes: ["global"], unsaid: false },
  subnet: { flag: "reservations-in-subnet", modes: ["all", "out-of-pool"], unsaid: true },
} as const;

/** Which reservations Kea looks up for clients of a subnet; the nearest scope that says so decides. */
export function looksUp(
  what: keyof typeof FLAGS,
  document: KeaDocument,
  subnet: JsonNode,
  network: JsonNode | null,
): boolean {
  const { flag, modes, unsaid } = FLAGS[what];
  for (const node of [subnet, network ?? undefined, document.dhcp4]) {
    const said = member(node, flag);
    if (said) return isTrue(said);
    // How it was said before 1.9.1.
    const mode = stringOf(member(node, "reservation-mode"));
    if (mode !== undefined) return modes.some((m) => m === mode);
  }
  return unsaid;
}
