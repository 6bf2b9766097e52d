/** Pilots of a plan, and what of a DHCP server's findings they bring about. */
import { type Change, objectOf, textOf } from "./plan-json";

export interface Pilot {
  readonly server: string;
  /** Its MAC address. */
  readonly phone: string;
}

export const pilotsOf = (changes: readonly Change[]): readonly Pilot[] =>
  changes.flatMap(({ type, before, after }) => {
    if (type !== "dhcp_option_150") return [];
    const { server, scope } = after ?? before ?? {};
    const phone = textOf(objectOf(scope).phone);
    return phone === "" ? [] : [{ server: textOf(server), phone }];
  });

/** What a pilot is given goes before its subnet's answer, which is meant. */
export const isOwnShadow = (
  pilots: readonly Pilot[],
  server: string,
  finding: { readonly kind: string; readonly scope: string },
): boolean =>
  finding.kind === "shadowed" &&
  pilots.some((pilot) => pilot.server === server && finding.scope.includes(pilot.phone));
