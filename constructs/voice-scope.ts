import { Token } from "cdktf";
import { Construct } from "constructs";
import { isIpv4, isSubnet } from "./addresses";
import { ConfigurationError } from "./configuration-error";
import type { IDhcpServer } from "./kea-server";
import { checkProperties, type PropertiesOf } from "./properties";

export interface VoiceScopeProps {
  readonly server: IDhcpServer;
  /** The subnet as the server declares it, e.g. `10.1.20.0/24`. */
  readonly subnet: string;
  /**
   * Option 150 while the phones are on the source, in order; `"inherited"` when this subnet carries none of its own.
   * @default the source cluster's TFTP addresses
   */
  readonly sourceAnswer?: readonly string[] | "inherited";
  /**
   * Option 150 while the phones are on the destination, in order.
   * @default the destination cluster's TFTP addresses
   */
  readonly destinationAnswer?: readonly string[];
}

const PROPERTIES: PropertiesOf<VoiceScopeProps> = {
  server: "needed",
  subnet: "needed",
  sourceAnswer: "optional",
  destinationAnswer: "optional",
};

/** Where a DHCP server keeps option 150 for phones. A wave says which of its two answers it serves. */
export class VoiceScope extends Construct {
  readonly server: IDhcpServer;
  readonly subnet: string;
  readonly sourceAnswer: readonly string[] | "inherited" | undefined;
  readonly destinationAnswer: readonly string[] | undefined;

  constructor(scope: Construct, id: string, props: VoiceScopeProps) {
    super(scope, id);
    checkProperties(this, "", props, PROPERTIES);
    if (!isSubnet(props.subnet))
      throw new ConfigurationError(
        this,
        `subnet "${props.subnet}" is no subnet.`,
        "Write the network address and its length, e.g. 10.1.20.0/24.",
      );
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
    this.subnet = props.subnet;
    this.sourceAnswer = props.sourceAnswer;
    this.destinationAnswer = props.destinationAnswer;
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
