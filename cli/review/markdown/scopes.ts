import type { Review, ScopeReview } from "../model";
import { bySeverity, switches } from "../scopes";
import { counted } from "../sentences";
import { code, words } from "./escape";
import { folded, list, type Room, table } from "./lists";

export function scopeSection({ scopes }: Review, room: Room): string[] {
  const changing = scopes.filter(({ action }) => action !== "none");
  const still = scopes.length - changing.length;
  const found = scopes.flatMap((scope) =>
    [...scope.findings].sort(bySeverity).map((finding) => ({ scope, finding })),
  );
  return [
    ...folded(
      `Option 150: changes in ${changing.length} of ${counted(scopes.length, "scope")}`,
      scopes.length === 0
        ? []
        : [
            ...table(
              room,
              ["Server", "Scope", "Wave", "Change", "Now", "After", "Stopped wave puts it back"],
              changing.map((scope) => [
                code(scope.server),
                code(scope.scope),
                scope.wave === null ? "(not told)" : code(scope.wave),
                changeWords(scope),
                answer(scope.before),
                scope.action === "delete" ? "left as it is" : answer(scope.after),
                scope.guarded ? "yes" : "no",
              ]),
              "scopes",
            ),
            ...(still > 0
              ? ["", `${still} ${still === 1 ? "scope stays" : "scopes stay"} as declared.`]
              : []),
          ],
    ),
    ...folded(
      `Findings of DHCP servers (${found.length})`,
      list(
        room,
        found.map(
          ({ scope, finding: { kind, severity, scope: where, value, advice } }) =>
            `${code(scope.scope)}: ${words(severity)} ${code(kind)} at ${words(where)}: ${code(value)}. ${words(advice)}`,
        ),
        "findings",
      ),
    ),
  ];
}

function changeWords(scope: ScopeReview): string {
  const { action, serves } = scope;
  if (action === "switch") return `${words(serves.before ?? "")} → **${words(serves.after ?? "")}**`;
  return {
    create: switches(scope)
      ? `new → **${words(serves.after ?? "")}**`
      : `declared on ${words(serves.after ?? "")}`,
    update: "repaired or changed",
    delete: "let go of",
    none: "none",
  }[action];
}

const answer = (addresses: readonly string[] | null) =>
  addresses === null ? "(not known)" : addresses.length === 0 ? "inherited" : addresses.map(code).join(", ");
