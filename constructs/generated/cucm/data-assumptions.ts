// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_assumptions` (docs/cucm/data-sources/assumptions.md). */
export interface DataCucmAssumptionsConfig extends cdktf.TerraformMetaArguments {
  /** Name of the cluster in the provider's `clusters`. */
  readonly cluster: string;
  /** Also give `transcript`. Default: `false`. */
  readonly record?: boolean | cdktf.IResolvable;
}

export interface DataCucmAssumptionsFindings {

}

export function dataCucmAssumptionsFindingsToTerraform(struct?: DataCucmAssumptionsFindings | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmAssumptionsFindingsToHclTerraform(struct?: DataCucmAssumptionsFindings | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmAssumptionsFindingsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmAssumptionsFindings | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmAssumptionsFindings | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmAssumptionsFindings | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Its name in docs/assumptions.md. */
  public get assumption() {
    return this.getStringAttribute("assumption");
  }

  /** Name of the node in the server table; null for the cluster as a whole. */
  public get nodeAttribute() {
    return this.getStringAttribute("node");
  }

  /** What was found. */
  public get verdict(): string {
    return this.getStringAttribute("verdict");
  }

  /** What was seen. */
  public get detail() {
    return this.getStringAttribute("detail");
  }

  /** For a deviation, JSON of what to set in the cluster's configuration, if there is anything. */
  public get settings() {
    return this.getStringAttribute("settings");
  }
}

export class DataCucmAssumptionsFindingsList extends cdktf.ComplexList {
  public internalValue?: DataCucmAssumptionsFindings[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmAssumptionsFindingsOutputReference {
    return new DataCucmAssumptionsFindingsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

/**
 * Holds a real cluster against what this project takes for granted (docs/assumptions.md): what holds, what does not, and the lines of configuration that make up for it. Reads every node and changes nothing. Meant for `phone-migration doctor`: it is far too much for every plan. What cannot be read is a finding and no error.
 *
 * See docs/cucm/data-sources/assumptions.md.
 */
export class DataCucmAssumptions extends cdktf.TerraformDataSource {
  public static readonly tfResourceType = "cucm_assumptions";

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
      terraformResourceType: "cucm_assumptions",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DataCucmAssumptionsConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_assumptions",
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
    this._record = config.record;
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

  private _record?: boolean | cdktf.IResolvable;
  /** Also give `transcript`. Default: `false`. */
  public get record() {
    return this.getBooleanAttribute("record");
  }
  public set record(value: boolean | cdktf.IResolvable) {
    this._record = value;
  }
  public resetRecord() {
    this._record = undefined;
  }
  /** What was configured. */
  public get recordInput() {
    return this._record;
  }

  private _findings = new DataCucmAssumptionsFindingsList(this, "findings", false);
  /** One for each assumption, and for each node that shows it. */
  public get findings() {
    return this._findings;
  }

  /** What all of them tell to set, as lines to paste; null when there is nothing. */
  public get linesToSet() {
    return this.getStringAttribute("lines_to_set");
  }

  /** JSON: what was asked and answered, without names of hosts and people, addresses, serial numbers and secrets. */
  public get transcript() {
    return this.getStringAttribute("transcript");
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      cluster: cdktf.stringToTerraform(this._cluster),
      record: cdktf.booleanToTerraform(this._record),
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
      record: {
        value: cdktf.booleanToHclTerraform(this._record),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
    };
    // What was not configured is not written.
    return Object.fromEntries(Object.entries(attrs).filter(([, attribute]) => attribute.value !== undefined));
  }
}
