import { Token } from "cdktf";
import { Construct } from "constructs";
import { isIpv4 } from "./addresses";
import { ConfigurationError } from "./configuration-error";
import type { IDhcpServer } from "./kea-server";
import { checkProperties, type PropertiesOf } from "./properties";
import { pilotOf, placeName, placeProblem, type ScopePlace } from "./scope-place";
import { type VerifyOnWire, wireProblem } from "./wire-check";

export interface VoiceScopeProps extends ScopePlace {
  readonly server: IDhcpServer;
  /**
   * Option 150 while the phones are on the source, in order; `"inherited"` when this scope carries none of its own.
   * @default the source cluster's TFTP addresses; of a single phone `"inherited"`
   */
  readonly sourceAnswer?: readonly string[] | "inherited";
  /**
   * Option 150 while the phones are on the destination, in order.
   * @default the destination cluster's TFTP addresses
   */
  readonly destinationAnswer?: readonly string[];
  /**
   * Asks the DHCP server on the wire, as a relay does, what a phone is offered now: after the switch to the destination,
   * and before any phone is reset. Phones stay where they are unless the offer is `destinationAnswer`. The machine that
   * deploys needs `relayAddress` and, on port 67, CAP_NET_BIND_SERVICE or root. Not on the way back.
   * @default nobody is asked: what the server's configuration says is believed
   */
  readonly verifyOnWire?: VerifyOnWire;
}

const PROPERTIES: PropertiesOf<VoiceScopeProps> = {
  server: "needed",
  subnet: "optional",
  pool: "optional",
  sharedNetwork: "optional",
  global: "optional",
  phone: "optional",
  sourceAnswer: "optional",
  destinationAnswer: "optional",
  verifyOnWire: "optional",
};

/** Where a DHCP server keeps option 150 for phones. A wave says which of its two answers it serves. */
export class VoiceScope extends Construct {
  readonly server: IDhcpServer;
  readonly place: ScopePlace;
  /** The same for every spelling of the place. */
  readonly placeName: string;
  readonly sourceAnswer: readonly string[] | "inherited" | undefined;
  readonly destinationAnswer: readonly string[] | undefined;
  readonly verifyOnWire: VerifyOnWire | undefined;

  constructor(scope: Construct, id: string, props: VoiceScopeProps) {
    super(scope, id);
    checkProperties(this, "", props, PROPERTIES);
    const problem =
      placeProblem(props) ??
      props.server.placeProblem?.(props) ??
      (props.verifyOnWire && wireProblem(props.verifyOnWire, props));
    if (problem) throw new ConfigurationError(this, ...problem);
    const source = props.sourceAnswer === "inherited" ? undefined : props.sourceAnswer;
    this.checkAnswer("sourceAnswer", source, 'Name the TFTP servers, or write "inherited".');
    this.checkAnswer("destinationAnswer", props.destinationAnswer, "Name the TFTP servers.");
    const shared = source?.find((address) => props.destinationAnswer?.includes(address));
    if (shared !== undefined)
      throw new ConfigurationError(
        this,
        `${shared} is in both answers.`,
        "A TFTP server belongs to one cluster: remove it from the other answer.",
      );
    this.server = props.server;
    const { subnet, pool, sharedNetwork, global, phone } = props;
    this.place = { subnet, pool, sharedNetwork, global, phone };
    this.placeName = placeName(props);
    this.sourceAnswer = props.sourceAnswer ?? (phone === undefined ? undefined : "inherited");
    this.destinationAnswer = props.destinationAnswer;
    this.verifyOnWire = props.verifyOnWire;
  }

  /**
   * A pilot of this subnet: the scope of one phone in it, on the same server and with the same answer for the
   * destination.
   * @param phone its device name or MAC address.
   * @throws ConfigurationError when this scope is not a whole subnet.
   */
  pilot(phone: string): VoiceScope {
    const { subnet } = this.place;
    if (subnet === undefined || this.placeName !== `subnet ${subnet}`)
      throw new ConfigurationError(
        this,
        `${this.placeName} has no pilots.`,
        "A pilot is a phone of a subnet: take it from the VoiceScope of the whole subnet.",
      );
    const { server, destinationAnswer, verifyOnWire } = this;
    return new VoiceScope(this, `pilot-${pilotOf({ phone }) ?? phone}`, {
      server,
      subnet,
      phone,
      destinationAnswer,
      verifyOnWire,
    });
  }

  private checkAnswer(name: string, addresses: readonly string[] | undefined, fix: string) {
    if (addresses?.length === 0) throw new ConfigurationError(this, `${name} is empty.`, fix);
    if (addresses === undefined || Token.isUnresolved(addresses)) return;
    for (const [i, address] of addresses.entries()) {
      if (!isIpv4(address))
        throw new ConfigurationError(
          this,
          `${name} has "${address}", which is no IPv4 address.`,
          "Option 150 carries IPv4 addresses only.",
        );
      if (addresses.indexOf(address) !== i)
        throw new ConfigurationError(this, `${name} has ${address} twice.`, "Remove one.");
    }
  }
}
