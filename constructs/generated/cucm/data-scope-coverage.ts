// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_scope_coverage` (docs/cucm/data-sources/scope_coverage.md). */
export interface DataCucmScopeCoverageConfig extends cdktf.TerraformMetaArguments {
  /** The cluster that phones leave, by its name in the provider's `clusters`. */
  readonly cluster: string;
  /** All waves, in the order of moving. */
  readonly waves: DataCucmScopeCoverageWaves[] | cdktf.IResolvable;
}

export interface DataCucmScopeCoverageWavesScopes {
  /** What findings call it. */
  readonly name: string;
  /** The subnet, e.g. `10.1.20.0/24`. */
  readonly subnet?: string;
  /** Only this pool of it, e.g. `10.1.20.10-10.1.20.99`. */
  readonly pool?: string;
  /** A shared network instead, which cannot be looked at. None of the three: the options of a whole server, which cannot either. */
  readonly sharedNetwork?: string;
}

export function dataCucmScopeCoverageWavesScopesToTerraform(struct?: DataCucmScopeCoverageWavesScopes | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    name: cdktf.stringToTerraform(struct!.name),
    subnet: cdktf.stringToTerraform(struct!.subnet),
    pool: cdktf.stringToTerraform(struct!.pool),
    shared_network: cdktf.stringToTerraform(struct!.sharedNetwork),
  };
}

export function dataCucmScopeCoverageWavesScopesToHclTerraform(struct?: DataCucmScopeCoverageWavesScopes | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    name: hclText(struct!.name),
    subnet: hclText(struct!.subnet),
    pool: hclText(struct!.pool),
    shared_network: hclText(struct!.sharedNetwork),
  };
}

export class DataCucmScopeCoverageWavesScopesOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmScopeCoverageWavesScopes | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._name !== undefined) result.name = this._name;
    if (this._subnet !== undefined) result.subnet = this._subnet;
    if (this._pool !== undefined) result.pool = this._pool;
    if (this._sharedNetwork !== undefined) result.sharedNetwork = this._sharedNetwork;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmScopeCoverageWavesScopes | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmScopeCoverageWavesScopes | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._name = given?.name;
    this._subnet = given?.subnet;
    this._pool = given?.pool;
    this._sharedNetwork = given?.sharedNetwork;
  }

  private _name?: string;
  /** What findings call it. */
  public get name() {
    return this.getStringAttribute("name");
  }
  public set name(value: string) {
    this._name = value;
  }
  /** What was configured. */
  public get nameInput() {
    return this._name;
  }

  private _subnet?: string;
  /** The subnet, e.g. `10.1.20.0/24`. */
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
  /** Only this pool of it, e.g. `10.1.20.10-10.1.20.99`. */
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
  /** A shared network instead, which cannot be looked at. None of the three: the options of a whole server, which cannot either. */
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
}

export class DataCucmScopeCoverageWavesScopesList extends cdktf.ComplexList {
  public internalValue?: DataCucmScopeCoverageWavesScopes[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmScopeCoverageWavesScopesOutputReference {
    return new DataCucmScopeCoverageWavesScopesOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

export interface DataCucmScopeCoverageWaves {
  /** Name of the wave, once. */
  readonly name: string;
  /** Where the wave is declared. The scopes of those on the destination are looked at; of the others it matters which phones they have. */
  readonly registeredOn: "source" | "destination" | cdktf.IResolvable;
  /** Device names of the wave, without `pilots`. */
  readonly phones: string[];
  /** Phones of the wave with an option 150 of their own, whatever serves their subnet: never findings. */
  readonly pilots?: string[];
  /** Scopes that have an option 150 of their own while the wave is where it is. A narrower one beats a wider. */
  readonly scopes: DataCucmScopeCoverageWavesScopes[] | cdktf.IResolvable;
}

export function dataCucmScopeCoverageWavesToTerraform(struct?: DataCucmScopeCoverageWaves | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    name: cdktf.stringToTerraform(struct!.name),
    registered_on: cdktf.stringToTerraform(struct!.registeredOn),
    phones: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.phones),
    pilots: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.pilots),
    scopes: cdktf.listMapper(dataCucmScopeCoverageWavesScopesToTerraform, false)(struct!.scopes),
  };
}

export function dataCucmScopeCoverageWavesToHclTerraform(struct?: DataCucmScopeCoverageWaves | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    name: hclText(struct!.name),
    registered_on: hclText(struct!.registeredOn),
    phones: cdktf.listMapperHcl(hclText, false)(struct!.phones),
    pilots: cdktf.listMapperHcl(hclText, false)(struct!.pilots),
    scopes: cdktf.listMapperHcl(dataCucmScopeCoverageWavesScopesToHclTerraform, false)(struct!.scopes),
  };
}

export class DataCucmScopeCoverageWavesOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmScopeCoverageWaves | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._name !== undefined) result.name = this._name;
    if (this._registeredOn !== undefined) result.registeredOn = this._registeredOn;
    if (this._phones !== undefined) result.phones = this._phones;
    if (this._pilots !== undefined) result.pilots = this._pilots;
    if (this._scopes.internalValue !== undefined) result.scopes = this._scopes.internalValue;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmScopeCoverageWaves | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmScopeCoverageWaves | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._name = given?.name;
    this._registeredOn = given?.registeredOn;
    this._phones = given?.phones;
    this._pilots = given?.pilots;
    this._scopes.internalValue = given?.scopes;
  }

  private _name?: string;
  /** Name of the wave, once. */
  public get name() {
    return this.getStringAttribute("name");
  }
  public set name(value: string) {
    this._name = value;
  }
  /** What was configured. */
  public get nameInput() {
    return this._name;
  }

  private _registeredOn?: "source" | "destination" | cdktf.IResolvable;
  /** Where the wave is declared. The scopes of those on the destination are looked at; of the others it matters which phones they have. */
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
  /** Device names of the wave, without `pilots`. */
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

  private _pilots?: string[];
  /** Phones of the wave with an option 150 of their own, whatever serves their subnet: never findings. */
  public get pilots() {
    return this.getListAttribute("pilots");
  }
  public set pilots(value: string[]) {
    this._pilots = value;
  }
  public resetPilots() {
    this._pilots = undefined;
  }
  /** What was configured. */
  public get pilotsInput() {
    return this._pilots;
  }

  private _scopes = new DataCucmScopeCoverageWavesScopesList(this, "scopes", false);
  /** Scopes that have an option 150 of their own while the wave is where it is. A narrower one beats a wider. */
  public get scopes() {
    return this._scopes;
  }
  public putScopes(value: DataCucmScopeCoverageWavesScopes[] | cdktf.IResolvable) {
    this._scopes.internalValue = value;
  }
  /** What was configured. */
  public get scopesInput() {
    return this._scopes.internalValue;
  }
}

export class DataCucmScopeCoverageWavesList extends cdktf.ComplexList {
  public internalValue?: DataCucmScopeCoverageWaves[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmScopeCoverageWavesOutputReference {
    return new DataCucmScopeCoverageWavesOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

export interface DataCucmScopeCoverageFindings {

}

export function dataCucmScopeCoverageFindingsToTerraform(struct?: DataCucmScopeCoverageFindings | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmScopeCoverageFindingsToHclTerraform(struct?: DataCucmScopeCoverageFindings | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmScopeCoverageFindingsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmScopeCoverageFindings | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmScopeCoverageFindings | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmScopeCoverageFindings | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** `in no wave`, `in another wave` (that is on the source): it moves as soon as it reboots. `outside its scopes`: it does not move with its wave. `not looked at`: a shared network, a whole server, or too many addresses. `not read`: something did not answer. */
  public get kind(): string {
    return this.getStringAttribute("kind");
  }

  /** The wave on the destination that it is about; null for all of them. */
  public get wave() {
    return this.getStringAttribute("wave");
  }

  /** The scope that it is about. */
  public get scope() {
    return this.getStringAttribute("scope");
  }

  /** Device name. */
  public get phone() {
    return this.getStringAttribute("phone");
  }

  /** Its address, by RIS. */
  public get address() {
    return this.getStringAttribute("address");
  }

  /** What it means and what to do. */
  public get advice() {
    return this.getStringAttribute("advice");
  }
}

export class DataCucmScopeCoverageFindingsList extends cdktf.ComplexList {
  public internalValue?: DataCucmScopeCoverageFindings[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmScopeCoverageFindingsOutputReference {
    return new DataCucmScopeCoverageFindingsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

/**
 * Whether waves and their scopes fit each other, by the addresses that RIS of the source tells. A scope moves everything in it as soon as it reboots: phones in it that are in no wave, and phones of a wave outside its scopes, are findings, with one warning. They stop no wave by themselves (`covered` is for its `go_if`). Phones that are not registered on the source are no findings. What RIS does not answer is one, too; credentials that are refused are an error.
 *
 * See docs/cucm/data-sources/scope_coverage.md.
 */
export class DataCucmScopeCoverage extends cdktf.TerraformDataSource {
  public static readonly tfResourceType = "cucm_scope_coverage";

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
      terraformResourceType: "cucm_scope_coverage",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DataCucmScopeCoverageConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_scope_coverage",
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
    this._waves.internalValue = config.waves;
  }

  private _cluster?: string;
  /** The cluster that phones leave, by its name in the provider's `clusters`. */
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

  private _waves = new DataCucmScopeCoverageWavesList(this, "waves", false);
  /** All waves, in the order of moving. */
  public get waves() {
    return this._waves;
  }
  public putWaves(value: DataCucmScopeCoverageWaves[] | cdktf.IResolvable) {
    this._waves.internalValue = value;
  }
  /** What was configured. */
  public get wavesInput() {
    return this._waves.internalValue;
  }

  private _findings = new DataCucmScopeCoverageFindingsList(this, "findings", false);
  /** Sorted by kind, wave, scope and phone; not more than 200. RIS is asked about 4500 addresses at most, those of the last waves first. */
  public get findings() {
    return this._findings;
  }

  /** Findings beyond those listed. */
  public get findingsUnlisted() {
    return this.getNumberAttribute("findings_unlisted");
  }

  private _covered = new cdktf.BooleanMap(this, "covered");
  /** For each wave on the destination, whether everything of it was looked at and there is no finding. */
  public get covered() {
    return this._covered;
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      cluster: cdktf.stringToTerraform(this._cluster),
      waves: cdktf.listMapper(dataCucmScopeCoverageWavesToTerraform, false)(this._waves.internalValue),
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
      waves: {
        value: cdktf.listMapperHcl(dataCucmScopeCoverageWavesToHclTerraform, false)(this._waves.internalValue),
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
