// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_cluster` (docs/cucm/data-sources/cluster.md). */
export interface DataCucmClusterConfig extends cdktf.TerraformMetaArguments {
  /** Name of the cluster in the provider's `clusters`. */
  readonly cluster: string;
}

export interface DataCucmClusterNodes {

}

export function dataCucmClusterNodesToTerraform(struct?: DataCucmClusterNodes | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmClusterNodesToHclTerraform(struct?: DataCucmClusterNodes | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmClusterNodesOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectKey: string) {
    super(terraformResource, terraformAttribute, false, complexObjectKey);
  }

  public get internalValue(): DataCucmClusterNodes | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmClusterNodes | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmClusterNodes | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Address that is used to reach the node. */
  public get address() {
    return this.getStringAttribute("address");
  }

  /** Role of the node. */
  public get role(): string {
    return this.getStringAttribute("role");
  }

  /** Whether *Cisco Tftp* is activated. */
  public get tftp() {
    return this.getBooleanAttribute("tftp");
  }

  /** Whether the node runs *Cisco Trust Verification Service*. */
  public get tvs() {
    return this.getBooleanAttribute("tvs");
  }

  /** Whether *Cisco CallManager* is activated. */
  public get callManager() {
    return this.getBooleanAttribute("call_manager");
  }
}

export class DataCucmClusterNodesMap extends cdktf.ComplexMap {
  public internalValue?: { [key: string]: DataCucmClusterNodes } | cdktf.IResolvable;

  /** The member with this key. */
  public get(key: string): DataCucmClusterNodesOutputReference {
    return new DataCucmClusterNodesOutputReference(this.terraformResource, this.terraformAttribute, mapKey(key));
  }
}

/**
 * A CUCM cluster: version, nodes and the two parameters that decide whether phones can move. A cluster that cannot be reached is a warning, and every attribute is then null or empty: reading never blocks the way back. So they are without a warning where the cluster is `decommissioned`.
 *
 * See docs/cucm/data-sources/cluster.md.
 */
export class DataCucmCluster extends cdktf.TerraformDataSource {
  public static readonly tfResourceType = "cucm_cluster";

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
      terraformResourceType: "cucm_cluster",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DataCucmClusterConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_cluster",
      terraformGeneratorMetadata: {
        providerName: "cucm",
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
    this._cluster = config.cluster;
  }

  private _cluster?: string;
  /** Name of the cluster in the provider's `clusters`. */
  public get cluster() {
    return this.getStringAttribute("cluster");
  }
  public set cluster(value: string) {
    this._cluster = value;
  }
  /** What was configured. */
  public get clusterInput() {
    return this._cluster;
  }

  /** Active version, e.g. `10.5.2.11900-3`. */
  public get version() {
    return this.getStringAttribute("version");
  }

  /** Enterprise parameter *Cluster Security Mode*. */
  public get securityMode(): string {
    return this.getStringAttribute("security_mode");
  }

  /** Enterprise parameter *Prepare Cluster for Rollback to Pre 8.0*. When true, phones hold an empty ITL and cannot ask TVS: they would be locked out. */
  public get rollbackToPre8() {
    return this.getBooleanAttribute("rollback_to_pre_8");
  }

  private _nodes = new DataCucmClusterNodesMap(this, "nodes");
  /** Nodes by their name in the server table. */
  public get nodes() {
    return this._nodes;
  }

  /** Addresses of the nodes that run TFTP, the publisher first, then by name. */
  public get tftpAddresses() {
    return this.getListAttribute("tftp_addresses");
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      cluster: cdktf.stringToTerraform(this._cluster),
    };
  }
  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      cluster: {
        value: cdktf.stringToHclTerraform(this._cluster),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
    };
    // What was not configured is not written.
    return Object.fromEntries(Object.entries(attrs).filter(([, attribute]) => attribute.value !== undefined));
  }
}

/** CDKTF writes the key of a nested map as it is given, which is no expression unless it has its quotes. */
const mapKey = (key: string) =>
  cdktf.Token.isUnresolved(key) || key.startsWith('"') ? key : JSON.stringify(key).replace(/([$%])\{/g, "$1$1{");
