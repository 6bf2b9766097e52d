import type { Construct } from "constructs";
import { isIpv4, isSubnet } from "./addresses";
import { DataDhcpOffer, type DataDhcpOfferConfig, type DhcpOption150 } from "./generated/dhcp";
import { type PropertiesOf, propertyFix, propertyProblem } from "./properties";
import { isPhone, type ScopePlace } from "./scope-place";

/** How a scope's answer is looked at on the wire, after the switch and before phones are reset. */
export interface VerifyOnWire
  extends Pick<
    DataDhcpOfferConfig,
    "serverAddress" | "relayAddress" | "serverPort" | "relayPort" | "vendorClass" | "timeout" | "attempts"
  > {
  /**
   * The phone that is asked for, by its MAC address or device name: one that is there, and for a pool one that has its
   * address in it.
   * @default the scope's own phone, otherwise the first phone of the wave; none for a pool
   */
  readonly phone?: string;
  /**
   * The phone's subnet.
   * @default the scope's own; none for a shared network and the global options
   */
  readonly subnet?: string;
}

const PROPERTIES: PropertiesOf<VerifyOnWire> = {
  serverAddress: "needed",
  relayAddress: "needed",
  serverPort: "optional",
  relayPort: "optional",
  vendorClass: "optional",
  timeout: "optional",
  attempts: "optional",
  phone: "optional",
  subnet: "optional",
};

/** What is wrong with it at this place, and what to do; undefined when nothing is. */
export function wireProblem(
  check: VerifyOnWire,
  place: ScopePlace,
): readonly [problem: string, fix: string] | undefined {
  const wrong = (problem: string, fix: string) => [`verifyOnWire: ${problem}`, fix] as const;
  const stray = propertyProblem(check, PROPERTIES);
  if (stray !== undefined) return wrong(stray, propertyFix(PROPERTIES));
  for (const name of ["serverAddress", "relayAddress"] as const)
    if (!isIpv4(check[name]))
      return wrong(`${name} is "${check[name]}", which is no IPv4 address.`, "Write the address itself.");
  const { phone, subnet } = check;
  if (subnet !== undefined && !isSubnet(subnet))
    return wrong(
      `subnet "${subnet}" is no subnet.`,
      "Write the network address and its length, e.g. 10.1.20.0/24.",
    );
  if (subnet === undefined && place.subnet === undefined)
    return wrong(
      "subnet is missing.",
      "Name the subnet of a phone that gets its option 150 from this scope.",
    );
  if (phone !== undefined && !isPhone(phone))
    return wrong(
      `phone "${phone}" is no phone.`,
      "Write its MAC address, or SEP and the twelve hex digits of it, e.g. SEP001122334455.",
    );
  if (phone === undefined && place.pool !== undefined)
    return wrong(
      "phone is missing.",
      "Name one that has its address in the pool: others are served elsewhere.",
    );
  return undefined;
}

/**
 * Read after the switch, because it depends on it. It never fails: what it found goes into `go_if` of what comes next.
 * A wrong offer in the deploy that switches stops these phones and no wave on its way back. Once the scope has switched
 * it is read at plan, and while the phones have not moved a wrong offer refuses the whole plan.
 *
 * @param first phone of the wave
 */
export const offerAfter = (
  scope: Construct,
  id: string,
  option: DhcpOption150,
  check: VerifyOnWire,
  place: ScopePlace,
  first: string,
): DataDhcpOffer =>
  new DataDhcpOffer(scope, id, {
    ...check,
    // One of them is there: see wireProblem.
    subnet: (check.subnet ?? place.subnet)!,
    phone: check.phone ?? place.phone ?? first,
    expect: option.destinationAddresses,
    dependsOn: [option],
  });
