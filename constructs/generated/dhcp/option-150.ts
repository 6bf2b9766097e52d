// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `dhcp_option_150` (docs/dhcp/resources/option_150.md). */
export interface DhcpOption150Config extends cdktf.TerraformMetaArguments {
  /** Name of the DHCP server in the provider's `servers`. */
  readonly server: string;
  /** Where the DHCP server keeps the option: subnet; subnet and pool; subnet and phone; shared_network; or global = true. Another scope is another resource. */
  readonly scope: DhcpOption150Scope | cdktf.IResolvable;
  /** TFTP servers of the destination cluster, in the order in which phones ask them. An empty list: the cluster could not be read, and what was declared before stays. */
  readonly destinationAddresses: string[];
  /** Whose answer the scope gives. Changing this word moves the phones. */
  readonly serve: "source" | "destination" | cdktf.IResolvable;
  /** TFTP servers of the source cluster, in order. Left out: the scope inherits its answer and has no option 150 of its own. An empty list: the cluster could not be read, and what was declared before stays. */
  readonly sourceAddresses?: string[];
  /**
   * Sentences that must hold before the scope moves to the destination. Not looked at on the way back.
   *
   * @default {}
   */
  readonly goIf?: { [key: string]: boolean | cdktf.IResolvable } | cdktf.IResolvable;
  /**
   * `refuse`: no destroy unless the scope serves the source. `keep`: let go of the scope and leave it as it is.
   *
   * @default "refuse"
   */
  readonly onDestroy?: "refuse" | "keep" | cdktf.IResolvable;
}

export interface DhcpOption150Scope {
  /** The subnet, e.g. `10.1.20.0/24`. Alone, or with `pool` or `phone`. */
  readonly subnet?: string;
  /** A pool of the subnet by its first and last address, e.g. `10.1.20.10-10.1.20.99`. Not on IOS-XE. */
  readonly pool?: string;
  /** Name of a shared network. Stands alone. Not on IOS-XE. */
  readonly sharedNetwork?: string;
  /** `true`: the options of the whole server. Stands alone. Not on IOS-XE. */
  readonly global?: boolean | cdktf.IResolvable;
  /** One phone of the subnet, a pilot: its MAC address, or its device name, e.g. `SEP001122334455`. It gets an option 150 of its own by a reservation (on IOS-XE in its host pool, which has to be there); `source_addresses` left out means that it has none. */
  readonly phone?: string;
}

export function dhcpOption150ScopeToTerraform(struct?: DhcpOption150Scope | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    subnet: cdktf.stringToTerraform(struct!.subnet),
    pool: cdktf.stringToTerraform(struct!.pool),
    shared_network: cdktf.stringToTerraform(struct!.sharedNetwork),
    global: cdktf.booleanToTerraform(struct!.global),
    phone: cdktf.stringToTerraform(struct!.phone),
  };
}

export function dhcpOption150ScopeToHclTerraform(struct?: DhcpOption150Scope | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    subnet: hclText(struct!.subnet),
    pool: hclText(struct!.pool),
    shared_network: hclText(struct!.sharedNetwork),
    global: cdktf.booleanToHclTerraform(struct!.global),
    phone: hclText(struct!.phone),
  };
}

export class DhcpOption150ScopeOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string) {
    super(terraformResource, terraformAttribute, false);
  }

  public get internalValue(): DhcpOption150Scope | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._subnet !== undefined) result.subnet = this._subnet;
    if (this._pool !== undefined) result.pool = this._pool;
    if (this._sharedNetwork !== undefined) result.sharedNetwork = this._sharedNetwork;
    if (this._global !== undefined) result.global = this._global;
    if (this._phone !== undefined) result.phone = this._phone;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DhcpOption150Scope | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DhcpOption150Scope | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._subnet = given?.subnet;
    this._pool = given?.pool;
    this._sharedNetwork = given?.sharedNetwork;
    this._global = given?.global;
    this._phone = given?.phone;
  }

  private _subnet?: string;
  /** The subnet, e.g. `10.1.20.0/24`. Alone, or with `pool` or `phone`. */
  public get subnet() {
    return this.getStringAttribute("subnet");
  }
  public set subnet(value: string) {
    this._subnet = value;
  }
  public resetSubnet() {
    this._subnet = undefined;
  }
  /** What was configured. */
  public get subnetInput() {
    return this._subnet;
  }

  private _pool?: string;
  /** A pool of the subnet by its first and last address, e.g. `10.1.20.10-10.1.20.99`. Not on IOS-XE. */
  public get pool() {
    return this.getStringAttribute("pool");
  }
  public set pool(value: string) {
    this._pool = value;
  }
  public resetPool() {
    this._pool = undefined;
  }
  /** What was configured. */
  public get poolInput() {
    return this._pool;
  }

  private _sharedNetwork?: string;
  /** Name of a shared network. Stands alone. Not on IOS-XE. */
  public get sharedNetwork() {
    return this.getStringAttribute("shared_network");
  }
  public set sharedNetwork(value: string) {
    this._sharedNetwork = value;
  }
  public resetSharedNetwork() {
    this._sharedNetwork = undefined;
  }
  /** What was configured. */
  public get sharedNetworkInput() {
    return this._sharedNetwork;
  }

  private _global?: boolean | cdktf.IResolvable;
  /** `true`: the options of the whole server. Stands alone. Not on IOS-XE. */
  public get global() {
    return this.getBooleanAttribute("global");
  }
  public set global(value: boolean | cdktf.IResolvable) {
    this._global = value;
  }
  public resetGlobal() {
    this._global = undefined;
  }
  /** What was configured. */
  public get globalInput() {
    return this._global;
  }

  private _phone?: string;
  /** One phone of the subnet, a pilot: its MAC address, or its device name, e.g. `SEP001122334455`. It gets an option 150 of its own by a reservation (on IOS-XE in its host pool, which has to be there); `source_addresses` left out means that it has none. */
  public get phone() {
    return this.getStringAttribute("phone");
  }
  public set phone(value: string) {
    this._phone = value;
  }
  public resetPhone() {
    this._phone = undefined;
  }
  /** What was configured. */
  public get phoneInput() {
    return this._phone;
  }
}

export interface DhcpOption150Findings {

}

export function dhcpOption150FindingsToTerraform(struct?: DhcpOption150Findings | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dhcpOption150FindingsToHclTerraform(struct?: DhcpOption150Findings | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DhcpOption150FindingsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DhcpOption150Findings | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DhcpOption150Findings | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DhcpOption150Findings | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** What it is, e.g. `shadowed` or `third-value`. */
  public get kind() {
    return this.getStringAttribute("kind");
  }

  /** `error` stops a move to the destination; `warning` and `info` do not. */
  public get severity() {
    return this.getStringAttribute("severity");
  }

  /** Where. */
  public get scope() {
    return this.getStringAttribute("scope");
  }

  /** What stands there. */
  public get value() {
    return this.getStringAttribute("value");
  }

  /** What to do. */
  public get advice() {
    return this.getStringAttribute("advice");
  }
}

export class DhcpOption150FindingsList extends cdktf.ComplexList {
  public internalValue?: DhcpOption150Findings[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DhcpOption150FindingsOutputReference {
    return new DhcpOption150FindingsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

/**
 * DHCP option 150 (the TFTP servers of Cisco phones) of one scope. Both answers are declared, and `serve` chooses; everything else in the server's configuration stays as it is.
 *
 * See docs/dhcp/resources/option_150.md.
 */
export class DhcpOption150 extends cdktf.TerraformResource {
  public static readonly tfResourceType = "dhcp_option_150";

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
      terraformResourceType: "dhcp_option_150",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DhcpOption150Config) {
    super(scope, id, {
      terraformResourceType: "dhcp_option_150",
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
    this._server = config.server;
    this._scope.internalValue = config.scope;
    this._destinationAddresses = config.destinationAddresses;
    this._serve = config.serve;
    this._sourceAddresses = config.sourceAddresses;
    this._goIf = config.goIf;
    this._onDestroy = config.onDestroy;
  }

  private _server?: string;
  /** Name of the DHCP server in the provider's `servers`. */
  public get server() {
    return this.getStringAttribute("server");
  }
  public set server(value: string) {
    this._server = value;
  }
  /** What was configured. */
  public get serverInput() {
    return this._server;
  }

  private _scope = new DhcpOption150ScopeOutputReference(this, "scope");
  /** Where the DHCP server keeps the option: subnet; subnet and pool; subnet and phone; shared_network; or global = true. Another scope is another resource. */
  public get scope() {
    return this._scope;
  }
  public putScope(value: DhcpOption150Scope | cdktf.IResolvable) {
    this._scope.internalValue = value;
  }
  /** What was configured. */
  public get scopeInput() {
    return this._scope.internalValue;
  }

  private _destinationAddresses?: string[];
  /** TFTP servers of the destination cluster, in the order in which phones ask them. An empty list: the cluster could not be read, and what was declared before stays. */
  public get destinationAddresses() {
    return this.getListAttribute("destination_addresses");
  }
  public set destinationAddresses(value: string[]) {
    this._destinationAddresses = value;
  }
  /** What was configured. */
  public get destinationAddressesInput() {
    return this._destinationAddresses;
  }

  private _serve?: "source" | "destination" | cdktf.IResolvable;
  /** Whose answer the scope gives. Changing this word moves the phones. */
  public get serve(): string {
    return this.getStringAttribute("serve");
  }
  public set serve(value: "source" | "destination" | cdktf.IResolvable) {
    this._serve = value;
  }
  /** What was configured. */
  public get serveInput() {
    return this._serve;
  }

  private _sourceAddresses?: string[];
  /** TFTP servers of the source cluster, in order. Left out: the scope inherits its answer and has no option 150 of its own. An empty list: the cluster could not be read, and what was declared before stays. */
  public get sourceAddresses() {
    return this.getListAttribute("source_addresses");
  }
  public set sourceAddresses(value: string[]) {
    this._sourceAddresses = value;
  }
  public resetSourceAddresses() {
    this._sourceAddresses = undefined;
  }
  /** What was configured. */
  public get sourceAddressesInput() {
    return this._sourceAddresses;
  }

  private _goIf?: { [key: string]: boolean | cdktf.IResolvable } | cdktf.IResolvable;
  /**
   * Sentences that must hold before the scope moves to the destination. Not looked at on the way back.
   *
   * @default {}
   */
  public get goIf() {
    return this.getBooleanMapAttribute("go_if");
  }
  public set goIf(value: { [key: string]: boolean | cdktf.IResolvable } | cdktf.IResolvable) {
    this._goIf = value;
  }
  public resetGoIf() {
    this._goIf = undefined;
  }
  /** What was configured. */
  public get goIfInput() {
    return this._goIf;
  }

  private _onDestroy?: "refuse" | "keep" | cdktf.IResolvable;
  /**
   * `refuse`: no destroy unless the scope serves the source. `keep`: let go of the scope and leave it as it is.
   *
   * @default "refuse"
   */
  public get onDestroy(): string {
    return this.getStringAttribute("on_destroy");
  }
  public set onDestroy(value: "refuse" | "keep" | cdktf.IResolvable) {
    this._onDestroy = value;
  }
  public resetOnDestroy() {
    this._onDestroy = undefined;
  }
  /** What was configured. */
  public get onDestroyInput() {
    return this._onDestroy;
  }

  /** What the scope served when this was planned; empty when it inherits. A pair that disagrees: the first server's. */
  public get observed() {
    return this.getListAttribute("observed");
  }

  private _findings = new DhcpOption150FindingsList(this, "findings", false);
  /** What keeps the option from phones, or competes with it; sorted. */
  public get findings() {
    return this._findings;
  }

  /** Server and scope as JSON, the same for every spelling: `{"server":"kea","scope":{"subnet":"10.1.20.0/24","phone":"00:11:22:33:44:55"}}`. The scope of an import id has the same members. */
  public get id() {
    return this.getStringAttribute("id");
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      server: cdktf.stringToTerraform(this._server),
      scope: dhcpOption150ScopeToTerraform(this._scope.internalValue),
      destination_addresses: cdktf.listMapper(cdktf.stringToTerraform, false)(this._destinationAddresses),
      serve: cdktf.stringToTerraform(this._serve),
      source_addresses: cdktf.listMapper(cdktf.stringToTerraform, false)(this._sourceAddresses),
      go_if: cdktf.hashMapper(cdktf.booleanToTerraform)(this._goIf),
      on_destroy: cdktf.stringToTerraform(this._onDestroy),
    };
  }
  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      server: {
        value: cdktf.stringToHclTerraform(this._server),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      scope: {
        value: dhcpOption150ScopeToHclTerraform(this._scope.internalValue),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      destination_addresses: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._destinationAddresses),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      serve: {
        value: cdktf.stringToHclTerraform(this._serve),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      source_addresses: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._sourceAddresses),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      go_if: {
        value: hclMap(cdktf.booleanToHclTerraform)(this._goIf),
        isBlock: false,
        type: "map",
        storageClassType: "booleanMap",
      },
      on_destroy: {
        value: cdktf.stringToHclTerraform(this._onDestroy),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
    };
    // What was not configured is not written.
    return Object.fromEntries(Object.entries(attrs).filter(([, attribute]) => attribute.value !== undefined));
  }
}

/** A string inside an HCL expression: line ends (of a PEM text, say) must be escaped there. */
const hclText = (value: any) =>
  typeof value === "string" && !cdktf.Token.isUnresolved(value) ? value.replace(/\n/g, "\\n") : value;

/** CDKTF's HCL writer puts quotes around a key and escapes none that are in it. */
const hclMap = (element: (value: any) => any) => (map: any) => {
  const mapped = cdktf.hashMapperHcl(element)(map);
  if (mapped === map) return map;
  const hclKey = (key: string) => (cdktf.Token.isUnresolved(key) ? key : JSON.stringify(key).slice(1, -1));
  return Object.fromEntries(Object.entries(mapped).map(([key, value]) => [hclKey(key), value]));
};
