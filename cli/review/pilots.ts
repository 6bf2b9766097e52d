/** Pilots of a plan, and what of a DHCP server's findings they bring about. */
import type { ScopeFinding } from "./model";
import { type Change, objectOf, textOf } from "./plan-json";

export interface Pilot {
  readonly server: string;
  readonly subnet: string;
  /** Its MAC address. */
  readonly phone: string;
}

export const pilotsOf = (changes: readonly Change[]): readonly Pilot[] =>
  changes.flatMap(({ type, before, after }) => {
    if (type !== "dhcp_option_150") return [];
    const { server, scope } = after ?? before ?? {};
    const { phone, subnet } = objectOf(scope);
    return textOf(phone) === ""
      ? []
      : [{ server: textOf(server), subnet: textOf(subnet), phone: textOf(phone) }];
  });

/**
 * What a pilot is given goes before its subnet's answer, which is meant. A backend that knows what a run has written says
 * so (`info`); elsewhere the phone's MAC address tells. Not what keeps it from the pilot, an error, nor what the same
 * phone is told in another subnet.
 */
export const isOwnShadow = (
  pilots: readonly Pilot[],
  server: string,
  { kind, severity, scope }: Pick<ScopeFinding, "kind" | "severity" | "scope">,
): boolean =>
  kind === "shadowed" &&
  (severity === "info" || pilots.some((pilot) => isOf(pilot, server, severity, scope)));

const isOf = (pilot: Pilot, server: string, severity: string, scope: string) =>
  severity !== "error" &&
  pilot.server === server &&
  scope.includes(pilot.phone) &&
  (scope.startsWith("global ") || scope.endsWith(` of subnet ${pilot.subnet}`));
