// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_phone_whereabouts` (docs/cucm/data-sources/phone_whereabouts.md). */
export interface DataCucmPhoneWhereaboutsConfig extends cdktf.TerraformMetaArguments {
  /** Name of the source cluster in the provider's `clusters`. */
  readonly source: string;
  /** Name of the destination cluster. */
  readonly destination: string;
  /** Where they should be. */
  readonly registeredOn: "source" | "destination" | cdktf.IResolvable;
  /** Device names, e.g. `SEP001122334455`. */
  readonly phones: string[];
}

export interface DataCucmPhoneWhereaboutsWhereabouts {

}

export function dataCucmPhoneWhereaboutsWhereaboutsToTerraform(struct?: DataCucmPhoneWhereaboutsWhereabouts | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmPhoneWhereaboutsWhereaboutsToHclTerraform(struct?: DataCucmPhoneWhereaboutsWhereabouts | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmPhoneWhereaboutsWhereaboutsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmPhoneWhereaboutsWhereabouts | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmPhoneWhereaboutsWhereabouts | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmPhoneWhereaboutsWhereabouts | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Device name. */
  public get name() {
    return this.getStringAttribute("name");
  }

  /** Where it is registered; null: nowhere that is known. */
  public get on(): string {
    return this.getStringAttribute("on");
  }

  /** Address of the node that reported it last. */
  public get nodeAttribute() {
    return this.getStringAttribute("node");
  }

  /** Time of that report, ISO 8601: it is there, or gone, at least since then. */
  public get since() {
    return this.getStringAttribute("since");
  }

  /** Why it is not on `registered_on`; null when it is. */
  public get reason() {
    return this.getStringAttribute("reason");
  }
}

export class DataCucmPhoneWhereaboutsWhereaboutsList extends cdktf.ComplexList {
  public internalValue?: DataCucmPhoneWhereaboutsWhereabouts[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmPhoneWhereaboutsWhereaboutsOutputReference {
    return new DataCucmPhoneWhereaboutsWhereaboutsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

/**
 * Where phones are registered now, by RIS of both clusters. Meant for `phone-migration status`: its answer changes by itself, so an output of it would show a change in each plan. A cluster or a node that does not answer is in `unread`.
 *
 * See docs/cucm/data-sources/phone_whereabouts.md.
 */
export class DataCucmPhoneWhereabouts extends cdktf.TerraformDataSource {
  public static readonly tfResourceType = "cucm_phone_whereabouts";

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
      terraformResourceType: "cucm_phone_whereabouts",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DataCucmPhoneWhereaboutsConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_phone_whereabouts",
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
    this._source = config.source;
    this._destination = config.destination;
    this._registeredOn = config.registeredOn;
    this._phones = config.phones;
  }

  private _source?: string;
  /** Name of the source cluster in the provider's `clusters`. */
  public get source() {
    return this.getStringAttribute("source");
  }
  public set source(value: string) {
    this._source = value;
  }
  /** What was configured. */
  public get sourceInput() {
    return this._source;
  }

  private _destination?: string;
  /** Name of the destination cluster. */
  public get destination() {
    return this.getStringAttribute("destination");
  }
  public set destination(value: string) {
    this._destination = value;
  }
  /** What was configured. */
  public get destinationInput() {
    return this._destination;
  }

  private _registeredOn?: "source" | "destination" | cdktf.IResolvable;
  /** Where they should be. */
  public get registeredOn(): string {
    return this.getStringAttribute("registered_on");
  }
  public set registeredOn(value: "source" | "destination" | cdktf.IResolvable) {
    this._registeredOn = value;
  }
  /** What was configured. */
  public get registeredOnInput() {
    return this._registeredOn;
  }

  private _phones?: string[];
  /** Device names, e.g. `SEP001122334455`. */
  public get phones() {
    return this.getListAttribute("phones");
  }
  public set phones(value: string[]) {
    this._phones = value;
  }
  /** What was configured. */
  public get phonesInput() {
    return this._phones;
  }

  private _whereabouts = new DataCucmPhoneWhereaboutsWhereaboutsList(this, "whereabouts", false);
  /** By name, in the order of `phones`. */
  public get whereabouts() {
    return this._whereabouts;
  }

  /** What did not answer, in sentences, sorted: a phone that is registered there is not seen. Empty when all did. */
  public get unread() {
    return this.getListAttribute("unread");
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      source: cdktf.stringToTerraform(this._source),
      destination: cdktf.stringToTerraform(this._destination),
      registered_on: cdktf.stringToTerraform(this._registeredOn),
      phones: cdktf.listMapper(cdktf.stringToTerraform, false)(this._phones),
    };
  }
  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      source: {
        value: cdktf.stringToHclTerraform(this._source),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      destination: {
        value: cdktf.stringToHclTerraform(this._destination),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      registered_on: {
        value: cdktf.stringToHclTerraform(this._registeredOn),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      phones: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._phones),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
    };
    // What was not configured is not written.
    return Object.fromEntries(Object.entries(attrs).filter(([, attribute]) => attribute.value !== undefined));
  }
}
