// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_phones` (docs/cucm/data-sources/phones.md). */
export interface DataCucmPhonesConfig extends cdktf.TerraformMetaArguments {
  /** Name of the cluster in the provider's `clusters`. */
  readonly cluster: string;
  /** In one of these device pools. */
  readonly devicePools?: string[];
  /** Of one of these models, by their name in CUCM (`Cisco 8861`). */
  readonly models?: string[];
  /** Registered with an address in one of these, by RIS: `10.1.20.0/24` or `10.1.20.10-10.1.20.99`. */
  readonly subnets?: string[];
  /** With such a device name: `*` stands for any characters, `?` for one. */
  readonly name?: string;
  /** About so many of a hundred, by a hash of the device name: a larger percentage has all phones of a smaller one, and the same question the same answer. */
  readonly percentage?: number;
  /** Not these device names. */
  readonly exclude?: string[];
}

/**
 * The phones of a cluster that meet all of some criteria. Meant for `phone-migration select`, which writes them into a list to commit: a wave whose phones were asked for in every plan would change by itself. Changes nothing.
 *
 * See docs/cucm/data-sources/phones.md.
 */
export class DataCucmPhones extends cdktf.TerraformDataSource {
  public static readonly tfResourceType = "cucm_phones";

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
      terraformResourceType: "cucm_phones",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DataCucmPhonesConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_phones",
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
    this._devicePools = config.devicePools;
    this._models = config.models;
    this._subnets = config.subnets;
    this._name = config.name;
    this._percentage = config.percentage;
    this._exclude = config.exclude;
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

  private _devicePools?: string[];
  /** In one of these device pools. */
  public get devicePools() {
    return this.getListAttribute("device_pools");
  }
  public set devicePools(value: string[]) {
    this._devicePools = value;
  }
  public resetDevicePools() {
    this._devicePools = undefined;
  }
  /** What was configured. */
  public get devicePoolsInput() {
    return this._devicePools;
  }

  private _models?: string[];
  /** Of one of these models, by their name in CUCM (`Cisco 8861`). */
  public get models() {
    return this.getListAttribute("models");
  }
  public set models(value: string[]) {
    this._models = value;
  }
  public resetModels() {
    this._models = undefined;
  }
  /** What was configured. */
  public get modelsInput() {
    return this._models;
  }

  private _subnets?: string[];
  /** Registered with an address in one of these, by RIS: `10.1.20.0/24` or `10.1.20.10-10.1.20.99`. */
  public get subnets() {
    return this.getListAttribute("subnets");
  }
  public set subnets(value: string[]) {
    this._subnets = value;
  }
  public resetSubnets() {
    this._subnets = undefined;
  }
  /** What was configured. */
  public get subnetsInput() {
    return this._subnets;
  }

  private _name?: string;
  /** With such a device name: `*` stands for any characters, `?` for one. */
  public get name() {
    return this.getStringAttribute("name");
  }
  public set name(value: string) {
    this._name = value;
  }
  public resetName() {
    this._name = undefined;
  }
  /** What was configured. */
  public get nameInput() {
    return this._name;
  }

  private _percentage?: number;
  /** About so many of a hundred, by a hash of the device name: a larger percentage has all phones of a smaller one, and the same question the same answer. */
  public get percentage() {
    return this.getNumberAttribute("percentage");
  }
  public set percentage(value: number) {
    this._percentage = value;
  }
  public resetPercentage() {
    this._percentage = undefined;
  }
  /** What was configured. */
  public get percentageInput() {
    return this._percentage;
  }

  private _exclude?: string[];
  /** Not these device names. */
  public get exclude() {
    return this.getListAttribute("exclude");
  }
  public set exclude(value: string[]) {
    this._exclude = value;
  }
  public resetExclude() {
    this._exclude = undefined;
  }
  /** What was configured. */
  public get excludeInput() {
    return this._exclude;
  }

  /** Device names, sorted. */
  public get names() {
    return this.getListAttribute("names");
  }

  /** With `subnets`: device names for which all the rest holds, and of which RIS tells no address, since they are not registered here. Sorted. */
  public get unplaced() {
    return this.getListAttribute("unplaced");
  }

  /** Names that begin with `SEP` or `ATA`, and for which all the rest holds, but have no MAC address in them. Sorted. */
  public get unfit() {
    return this.getListAttribute("unfit");
  }

  /** With `subnets`: nodes that did not answer RIS; phones there are in `unplaced`. Sorted. */
  public get silent() {
    return this.getListAttribute("silent");
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      cluster: cdktf.stringToTerraform(this._cluster),
      device_pools: cdktf.listMapper(cdktf.stringToTerraform, false)(this._devicePools),
      models: cdktf.listMapper(cdktf.stringToTerraform, false)(this._models),
      subnets: cdktf.listMapper(cdktf.stringToTerraform, false)(this._subnets),
      name: cdktf.stringToTerraform(this._name),
      percentage: cdktf.numberToTerraform(this._percentage),
      exclude: cdktf.listMapper(cdktf.stringToTerraform, false)(this._exclude),
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
      device_pools: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._devicePools),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      models: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._models),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      subnets: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._subnets),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      name: {
        value: cdktf.stringToHclTerraform(this._name),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      percentage: {
        value: cdktf.numberToHclTerraform(this._percentage),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      exclude: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._exclude),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
    };
    // What was not configured is not written.
    return Object.fromEntries(Object.entries(attrs).filter(([, attribute]) => attribute.value !== undefined));
  }
}
