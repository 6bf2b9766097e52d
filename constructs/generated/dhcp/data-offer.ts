// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `dhcp_offer` (docs/dhcp/data-sources/offer.md). */
export interface DataDhcpOfferConfig extends cdktf.TerraformMetaArguments {
  /** IPv4 address of the DHCP server; of a pair that shares the phones out, of the one that serves `phone`. */
  readonly serverAddress: string;
  /** IPv4 address of the machine that asks. The answer goes there. */
  readonly relayAddress: string;
  /** The phone's subnet, e.g. `10.1.20.0/24`. When `relay_address` is not in it, it is asked for by option 82 sub-option 5 (link selection) and option 118 (subnet selection). */
  readonly subnet: string;
  /** The phone by its MAC address or device name, e.g. `SEP001122334455`. Name one that is there: what it is offered depends on it, and a server may hold an address for one that is not. */
  readonly phone: string;
  /**
   * UDP port of the DHCP server.
   *
   * @default 67
   */
  readonly serverPort?: number;
  /**
   * UDP port to ask from. Servers answer a relay on port 67, which needs root or CAP_NET_BIND_SERVICE; another one only where the server is set so (Kea: `-P`).
   *
   * @default 67
   */
  readonly relayPort?: number;
  /** Option 60 as the phone sends it, e.g. `Cisco Systems, Inc. IP Phone CP-8861`, for servers that go by it. Left out: not sent. */
  readonly vendorClass?: string;
  /** Option 150 that the phone should be offered, in order; `as_expected` says whether it is. With it nothing here is an error, not even a port that cannot be had: put `as_expected` into a `go_if`. When this is read at apply, after what it depends on, a false one stops that move and nothing else; when it is read at plan, it refuses a plan that would move, and no other plan. */
  readonly expect?: string[];
  /**
   * Seconds that each try waits for an answer.
   *
   * @default 2
   */
  readonly timeout?: number;
  /**
   * How often the question is sent.
   *
   * @default 3
   */
  readonly attempts?: number;
}

/**
 * What a phone in a subnet would be offered now, asked on the wire: one DISCOVER with the phone's MAC address, as a relay agent passes it on, and no REQUEST. Kea leaves no lease (with `offer-lifetime` one of that time); ISC dhcpd records none, but may hold the offered address for a short time. Read at plan; with `depends_on` a resource that is about to change, at apply and after it. No answer is a warning and `answered = false`. The server must take the relay's address for a relay's, and the machine that this runs on must have that address.
 *
 * See docs/dhcp/data-sources/offer.md.
 */
export class DataDhcpOffer extends cdktf.TerraformDataSource {
  public static readonly tfResourceType = "dhcp_offer";

  /**
   * Adds an import block and has `cdktf plan` print the configuration of the imported object.
   * @param scope The scope in which to define this construct
   * @param importToId The construct id used in the generated configuration
   * @param importFromId The id of the existing object, in the form that the documentation page shows
   * @param provider The provider's configuration, when there are several
   */
  public static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: cdktf.TerraformProvider,
  ) {
    return new cdktf.ImportableResource(scope, importToId, {
      terraformResourceType: "dhcp_offer",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DataDhcpOfferConfig) {
    super(scope, id, {
      terraformResourceType: "dhcp_offer",
      terraformGeneratorMetadata: {
        providerName: "dhcp",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
      provider: config.provider,
      dependsOn: config.dependsOn,
      count: config.count,
      lifecycle: config.lifecycle,
      provisioners: config.provisioners,
      connection: config.connection,
      forEach: config.forEach,
    });
    this._serverAddress = config.serverAddress;
    this._relayAddress = config.relayAddress;
    this._subnet = config.subnet;
    this._phone = config.phone;
    this._serverPort = config.serverPort;
    this._relayPort = config.relayPort;
    this._vendorClass = config.vendorClass;
    this._expect = config.expect;
    this._timeout = config.timeout;
    this._attempts = config.attempts;
  }

  private _serverAddress?: string;
  /** IPv4 address of the DHCP server; of a pair that shares the phones out, of the one that serves `phone`. */
  public get serverAddress() {
    return this.getStringAttribute("server_address");
  }
  public set serverAddress(value: string) {
    this._serverAddress = value;
  }
  /** What was configured. */
  public get serverAddressInput() {
    return this._serverAddress;
  }

  private _relayAddress?: string;
  /** IPv4 address of the machine that asks. The answer goes there. */
  public get relayAddress() {
    return this.getStringAttribute("relay_address");
  }
  public set relayAddress(value: string) {
    this._relayAddress = value;
  }
  /** What was configured. */
  public get relayAddressInput() {
    return this._relayAddress;
  }

  private _subnet?: string;
  /** The phone's subnet, e.g. `10.1.20.0/24`. When `relay_address` is not in it, it is asked for by option 82 sub-option 5 (link selection) and option 118 (subnet selection). */
  public get subnet() {
    return this.getStringAttribute("subnet");
  }
  public set subnet(value: string) {
    this._subnet = value;
  }
  /** What was configured. */
  public get subnetInput() {
    return this._subnet;
  }

  private _phone?: string;
  /** The phone by its MAC address or device name, e.g. `SEP001122334455`. Name one that is there: what it is offered depends on it, and a server may hold an address for one that is not. */
  public get phone() {
    return this.getStringAttribute("phone");
  }
  public set phone(value: string) {
    this._phone = value;
  }
  /** What was configured. */
  public get phoneInput() {
    return this._phone;
  }

  private _serverPort?: number;
  /**
   * UDP port of the DHCP server.
   *
   * @default 67
   */
  public get serverPort() {
    return this.getNumberAttribute("server_port");
  }
  public set serverPort(value: number) {
    this._serverPort = value;
  }
  public resetServerPort() {
    this._serverPort = undefined;
  }
  /** What was configured. */
  public get serverPortInput() {
    return this._serverPort;
  }

  private _relayPort?: number;
  /**
   * UDP port to ask from. Servers answer a relay on port 67, which needs root or CAP_NET_BIND_SERVICE; another one only where the server is set so (Kea: `-P`).
   *
   * @default 67
   */
  public get relayPort() {
    return this.getNumberAttribute("relay_port");
  }
  public set relayPort(value: number) {
    this._relayPort = value;
  }
  public resetRelayPort() {
    this._relayPort = undefined;
  }
  /** What was configured. */
  public get relayPortInput() {
    return this._relayPort;
  }

  private _vendorClass?: string;
  /** Option 60 as the phone sends it, e.g. `Cisco Systems, Inc. IP Phone CP-8861`, for servers that go by it. Left out: not sent. */
  public get vendorClass() {
    return this.getStringAttribute("vendor_class");
  }
  public set vendorClass(value: string) {
    this._vendorClass = value;
  }
  public resetVendorClass() {
    this._vendorClass = undefined;
  }
  /** What was configured. */
  public get vendorClassInput() {
    return this._vendorClass;
  }

  private _expect?: string[];
  /** Option 150 that the phone should be offered, in order; `as_expected` says whether it is. With it nothing here is an error, not even a port that cannot be had: put `as_expected` into a `go_if`. When this is read at apply, after what it depends on, a false one stops that move and nothing else; when it is read at plan, it refuses a plan that would move, and no other plan. */
  public get expect() {
    return this.getListAttribute("expect");
  }
  public set expect(value: string[]) {
    this._expect = value;
  }
  public resetExpect() {
    this._expect = undefined;
  }
  /** What was configured. */
  public get expectInput() {
    return this._expect;
  }

  private _timeout?: number;
  /**
   * Seconds that each try waits for an answer.
   *
   * @default 2
   */
  public get timeout() {
    return this.getNumberAttribute("timeout");
  }
  public set timeout(value: number) {
    this._timeout = value;
  }
  public resetTimeout() {
    this._timeout = undefined;
  }
  /** What was configured. */
  public get timeoutInput() {
    return this._timeout;
  }

  private _attempts?: number;
  /**
   * How often the question is sent.
   *
   * @default 3
   */
  public get attempts() {
    return this.getNumberAttribute("attempts");
  }
  public set attempts(value: number) {
    this._attempts = value;
  }
  public resetAttempts() {
    this._attempts = undefined;
  }
  /** What was configured. */
  public get attemptsInput() {
    return this._attempts;
  }

  /** Whether an offer came. */
  public get answered() {
    return this.getBooleanAttribute("answered");
  }

  /** Whether the phone is offered an address of the subnet, and exactly what `expect` lists; null without `expect`. */
  public get asExpected() {
    return this.getBooleanAttribute("as_expected");
  }

  /** What is wrong, also shown as a warning; null when nothing is. */
  public get problem() {
    return this.getStringAttribute("problem");
  }

  /** Option 150 in its order; null when it is not in the offer, or broken. */
  public get addresses() {
    return this.getListAttribute("addresses");
  }

  /** The phone's own address. */
  public get offeredAddress() {
    return this.getStringAttribute("offered_address");
  }

  /** Option 54: the server that offers. */
  public get serverIdentifier() {
    return this.getStringAttribute("server_identifier");
  }

  /** TFTP server name. Phones may ask it instead: together with option 150 it is a finding. */
  public get option66() {
    return this.getStringAttribute("option_66");
  }

  /** siaddr; null for 0.0.0.0. */
  public get nextServer() {
    return this.getStringAttribute("next_server");
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      server_address: cdktf.stringToTerraform(this._serverAddress),
      relay_address: cdktf.stringToTerraform(this._relayAddress),
      subnet: cdktf.stringToTerraform(this._subnet),
      phone: cdktf.stringToTerraform(this._phone),
      server_port: cdktf.numberToTerraform(this._serverPort),
      relay_port: cdktf.numberToTerraform(this._relayPort),
      vendor_class: cdktf.stringToTerraform(this._vendorClass),
      expect: cdktf.listMapper(cdktf.stringToTerraform, false)(this._expect),
      timeout: cdktf.numberToTerraform(this._timeout),
      attempts: cdktf.numberToTerraform(this._attempts),
    };
  }
  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      server_address: {
        value: cdktf.stringToHclTerraform(this._serverAddress),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      relay_address: {
        value: cdktf.stringToHclTerraform(this._relayAddress),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      subnet: {
        value: cdktf.stringToHclTerraform(this._subnet),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      phone: {
        value: cdktf.stringToHclTerraform(this._phone),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      server_port: {
        value: cdktf.numberToHclTerraform(this._serverPort),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      relay_port: {
        value: cdktf.numberToHclTerraform(this._relayPort),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      vendor_class: {
        value: cdktf.stringToHclTerraform(this._vendorClass),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      expect: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._expect),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      timeout: {
        value: cdktf.numberToHclTerraform(this._timeout),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      attempts: {
        value: cdktf.numberToHclTerraform(this._attempts),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
    };
    // What was not configured is not written.
    return Object.fromEntries(Object.entries(attrs).filter(([, attribute]) => attribute.value !== undefined));
  }
}
