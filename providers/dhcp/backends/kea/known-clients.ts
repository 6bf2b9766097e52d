import type { Finding } from "../backend";
import { shownText } from "../shown-text";
import { type KeaDocument, objects } from "./document";
import { items, member, stringOf } from "./json-text";
import { poolName } from "./place";
import type { ScopeView } from "./scope-view";

/**
 * A reservation makes its phone a known client: what is for unknown clients only serves it no more.
 * @param severity a warning once the phone has the reservation that was made for it.
 */
export function unknownOnly(
  { document, place: { subnet, above } }: ScopeView,
  severity: "error" | "warning",
): Finding[] {
  if (!subnet) return [];
  const pools = objects(member(subnet, "pools")).map((node) => ({ name: poolName(node, subnet), node }));
  return [...pools, ...above].flatMap(({ name: scope, node }) => {
    // `client-class` until 2.7, a list since.
    const guards = [member(node, "client-class"), ...items(member(node, "client-classes"))];
    const guard = guards
      .flatMap((g) => stringOf(g) ?? [])
      .find((g) => g === "UNKNOWN" || needsUnknown(document, g));
    if (guard === undefined) return [];
    return [
      {
        kind: "known-clients",
        severity,
        scope,
        value: `it is for clients of class ${shownText(guard)}`,
        advice:
          "A reservation makes the phone a known client, which is not served here. Change the class that guards it, or move the whole subnet.",
      },
    ];
  });
}

const UNKNOWN_ONLY = /(?<!not\s+)member\s*\(\s*'UNKNOWN'|not\s+member\s*\(\s*'KNOWN'/;

const needsUnknown = (document: KeaDocument, name: string): boolean =>
  items(member(document.dhcp4, "client-classes")).some(
    (c) => stringOf(member(c, "name")) === name && UNKNOWN_ONLY.test(stringOf(member(c, "test")) ?? ""),
  );
