// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `dhcp_scope_guard` (docs/dhcp/resources/scope_guard.md). */
export interface DhcpScopeGuardConfig extends cdktf.TerraformMetaArguments {
  /** Whether the wave was stopped: `stopped` of its `cucm_phone_registration`, with `on_stop` = `report`. */
  readonly stopped: boolean | cdktf.IResolvable;
  /** The scopes of the wave, as its `dhcp_option_150` declare them. */
  readonly scopes: DhcpScopeGuardScopes[] | cdktf.IResolvable;
}

export interface DhcpScopeGuardScopesScope {
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

export function dhcpScopeGuardScopesScopeToTerraform(struct?: DhcpScopeGuardScopesScope | cdktf.IResolvable): any {
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

export function dhcpScopeGuardScopesScopeToHclTerraform(struct?: DhcpScopeGuardScopesScope | cdktf.IResolvable): any {
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

export class DhcpScopeGuardScopesScopeOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string) {
    super(terraformResource, terraformAttribute, false);
  }

  public get internalValue(): DhcpScopeGuardScopesScope | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._subnet !== undefined) result.subnet = this._subnet;
    if (this._pool !== undefined) result.pool = this._pool;
    if (this._sharedNetwork !== undefined) result.sharedNetwork = this._sharedNetwork;
    if (this._global !== undefined) result.global = this._global;
    if (this._phone !== undefined) result.phone = this._phone;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DhcpScopeGuardScopesScope | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DhcpScopeGuardScopesScope | undefined);
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

export interface DhcpScopeGuardScopes {
  /** Name of the DHCP server in the provider's `servers`. */
  readonly server: string;
  /** Where the DHCP server keeps the option: subnet; subnet and pool; subnet and phone; shared_network; or global = true. */
  readonly scope: DhcpScopeGuardScopesScope | cdktf.IResolvable;
  /** TFTP servers of the destination cluster; a scope that serves anything else is left alone. An empty list: as for `dhcp_option_150`. */
  readonly destinationAddresses: string[];
  /** TFTP servers of the source cluster, which are put back. Left out: the scope inherits its answer. An empty list: as for `dhcp_option_150`. */
  readonly sourceAddresses?: string[];
}

export function dhcpScopeGuardScopesToTerraform(struct?: DhcpScopeGuardScopes | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    server: cdktf.stringToTerraform(struct!.server),
    scope: dhcpScopeGuardScopesScopeToTerraform(struct!.scope),
    destination_addresses: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.destinationAddresses),
    source_addresses: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.sourceAddresses),
  };
}

export function dhcpScopeGuardScopesToHclTerraform(struct?: DhcpScopeGuardScopes | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    server: hclText(struct!.server),
    scope: dhcpScopeGuardScopesScopeToHclTerraform(struct!.scope),
    destination_addresses: cdktf.listMapperHcl(hclText, false)(struct!.destinationAddresses),
    source_addresses: cdktf.listMapperHcl(hclText, false)(struct!.sourceAddresses),
  };
}

export class DhcpScopeGuardScopesOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DhcpScopeGuardScopes | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._server !== undefined) result.server = this._server;
    if (this._scope.internalValue !== undefined) result.scope = this._scope.internalValue;
    if (this._destinationAddresses !== undefined) result.destinationAddresses = this._destinationAddresses;
    if (this._sourceAddresses !== undefined) result.sourceAddresses = this._sourceAddresses;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DhcpScopeGuardScopes | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DhcpScopeGuardScopes | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._server = given?.server;
    this._scope.internalValue = given?.scope;
    this._destinationAddresses = given?.destinationAddresses;
    this._sourceAddresses = given?.sourceAddresses;
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

  private _scope = new DhcpScopeGuardScopesScopeOutputReference(this, "scope");
  /** Where the DHCP server keeps the option: subnet; subnet and pool; subnet and phone; shared_network; or global = true. */
  public get scope() {
    return this._scope;
  }
  public putScope(value: DhcpScopeGuardScopesScope | cdktf.IResolvable) {
    this._scope.internalValue = value;
  }
  /** What was configured. */
  public get scopeInput() {
    return this._scope.internalValue;
  }

  private _destinationAddresses?: string[];
  /** TFTP servers of the destination cluster; a scope that serves anything else is left alone. An empty list: as for `dhcp_option_150`. */
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

  private _sourceAddresses?: string[];
  /** TFTP servers of the source cluster, which are put back. Left out: the scope inherits its answer. An empty list: as for `dhcp_option_150`. */
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
}

export class DhcpScopeGuardScopesList extends cdktf.ComplexList {
  public internalValue?: DhcpScopeGuardScopes[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DhcpScopeGuardScopesOutputReference {
    return new DhcpScopeGuardScopesOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

/**
 * Puts option 150 of a wave's scopes back on the source when the wave was stopped, and stops what comes after it. While the wave is not stopped it does nothing; neither does its destroy.
 *
 * See docs/dhcp/resources/scope_guard.md.
 */
export class DhcpScopeGuard extends cdktf.TerraformResource {
  public static readonly tfResourceType = "dhcp_scope_guard";

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
      terraformResourceType: "dhcp_scope_guard",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DhcpScopeGuardConfig) {
    super(scope, id, {
      terraformResourceType: "dhcp_scope_guard",
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
    this._stopped = config.stopped;
    this._scopes.internalValue = config.scopes;
  }

  private _stopped?: boolean | cdktf.IResolvable;
  /** Whether the wave was stopped: `stopped` of its `cucm_phone_registration`, with `on_stop` = `report`. */
  public get stopped() {
    return this.getBooleanAttribute("stopped");
  }
  public set stopped(value: boolean | cdktf.IResolvable) {
    this._stopped = value;
  }
  /** What was configured. */
  public get stoppedInput() {
    return this._stopped;
  }

  private _scopes = new DhcpScopeGuardScopesList(this, "scopes", false);
  /** The scopes of the wave, as its `dhcp_option_150` declare them. */
  public get scopes() {
    return this._scopes;
  }
  public putScopes(value: DhcpScopeGuardScopes[] | cdktf.IResolvable) {
    this._scopes.internalValue = value;
  }
  /** What was configured. */
  public get scopesInput() {
    return this._scopes.internalValue;
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      stopped: cdktf.booleanToTerraform(this._stopped),
      scopes: cdktf.listMapper(dhcpScopeGuardScopesToTerraform, false)(this._scopes.internalValue),
    };
  }
  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      stopped: {
        value: cdktf.booleanToHclTerraform(this._stopped),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      scopes: {
        value: cdktf.listMapperHcl(dhcpScopeGuardScopesToHclTerraform, false)(this._scopes.internalValue),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
    };
    // What was not configured is not written.
    return Object.fromEntries(Object.entries(attrs).filter(([, attribute]) => attribute.value !== undefined));
  }
}

/** A string inside an HCL expression: line ends (of a PEM text, say) must be escaped there. */
const hclText = (value: any) =>
  typeof value === "string" && !cdktf.Token.isUnresolved(value) ? value.replace(/\n/g, "\\n") : value;
