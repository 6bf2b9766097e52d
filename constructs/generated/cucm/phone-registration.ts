// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_phone_registration` (docs/cucm/resources/phone_registration.md). */
export interface CucmPhoneRegistrationConfig extends cdktf.TerraformMetaArguments {
  /** Name of the source cluster in the provider's `clusters`. */
  readonly source: string;
  /** Name of the destination cluster. */
  readonly destination: string;
  /** Device names, sorted and unique, e.g. `SEP001122334455`. */
  readonly phones: string[];
  /** Where the phones are registered. Changing this word moves them. */
  readonly registeredOn: "source" | "destination" | cdktf.IResolvable;
  /** Sentences that must hold before phones move to the destination. Not looked at on the way back. Where phones that strayed are brought back, `its limits allow for the phones that cannot follow` is not asked for. */
  readonly goIf?: { [key: string]: boolean | cdktf.IResolvable } | cdktf.IResolvable;
  /**
   * When to stop: more phones that fail are an error, and stop what depends on this.
   *
   * @default {"max_failures":null,"max_failure_ratio":null,"batch_size":25,"settle_time":5,"timeout":900}
   */
  readonly limits?: CucmPhoneRegistrationLimits | cdktf.IResolvable;
  /** Where the phones get option 150 from, in words: an error that leaves it on the destination names them. Nothing else depends on it. */
  readonly scopes?: string[];
  /** What is read beside RIS of phones that do not follow, for their reason: `tvs_log` (the newest TVS log files of every node of the cluster that they leave). Nothing depends on it. Default: none. */
  readonly evidence?: string[];
  /**
   * When more phones than `limits` allow do not follow to the destination. `error`: fail, and whatever depends on this does not run. `report`: warn and set `stopped`, for a `dhcp_scope_guard` that puts the scopes back and fails instead.
   *
   * @default "error"
   */
  readonly onStop?: "error" | "report" | cdktf.IResolvable;
  /**
   * `refuse`: no destroy while a phone is on the destination or unaccounted for. `keep`: leave the phones where they are.
   *
   * @default "refuse"
   */
  readonly onDestroy?: "refuse" | "keep" | cdktf.IResolvable;
}

export interface CucmPhoneRegistrationLimits {
  /** Phones that may fail to follow. Without it and without `max_failure_ratio`, none may. */
  readonly maxFailures?: number;
  /** Part of `phones` that may fail to follow, between 0 and 1, rounded down to whole phones. With both limits the stricter one counts. */
  readonly maxFailureRatio?: number;
  /**
   * Phones that are reset at a time. How many a minute is said by the provider.
   *
   * @default 25
   */
  readonly batchSize?: number;
  /**
   * Seconds that a phone has to stay back where it was reset before it counts as not following.
   *
   * @default 5
   */
  readonly settleTime?: number;
  /**
   * Seconds for one batch to register.
   *
   * @default 900
   */
  readonly timeout?: number;
}

export function cucmPhoneRegistrationLimitsToTerraform(struct?: CucmPhoneRegistrationLimits | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    max_failures: cdktf.numberToTerraform(struct!.maxFailures),
    max_failure_ratio: cdktf.numberToTerraform(struct!.maxFailureRatio),
    batch_size: cdktf.numberToTerraform(struct!.batchSize),
    settle_time: cdktf.numberToTerraform(struct!.settleTime),
    timeout: cdktf.numberToTerraform(struct!.timeout),
  };
}

export function cucmPhoneRegistrationLimitsToHclTerraform(struct?: CucmPhoneRegistrationLimits | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    max_failures: cdktf.numberToHclTerraform(struct!.maxFailures),
    max_failure_ratio: cdktf.numberToHclTerraform(struct!.maxFailureRatio),
    batch_size: cdktf.numberToHclTerraform(struct!.batchSize),
    settle_time: cdktf.numberToHclTerraform(struct!.settleTime),
    timeout: cdktf.numberToHclTerraform(struct!.timeout),
  };
}

export class CucmPhoneRegistrationLimitsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string) {
    super(terraformResource, terraformAttribute, false);
  }

  public get internalValue(): CucmPhoneRegistrationLimits | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._maxFailures !== undefined) result.maxFailures = this._maxFailures;
    if (this._maxFailureRatio !== undefined) result.maxFailureRatio = this._maxFailureRatio;
    if (this._batchSize !== undefined) result.batchSize = this._batchSize;
    if (this._settleTime !== undefined) result.settleTime = this._settleTime;
    if (this._timeout !== undefined) result.timeout = this._timeout;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: CucmPhoneRegistrationLimits | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as CucmPhoneRegistrationLimits | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._maxFailures = given?.maxFailures;
    this._maxFailureRatio = given?.maxFailureRatio;
    this._batchSize = given?.batchSize;
    this._settleTime = given?.settleTime;
    this._timeout = given?.timeout;
  }

  private _maxFailures?: number;
  /** Phones that may fail to follow. Without it and without `max_failure_ratio`, none may. */
  public get maxFailures() {
    return this.getNumberAttribute("max_failures");
  }
  public set maxFailures(value: number) {
    this._maxFailures = value;
  }
  public resetMaxFailures() {
    this._maxFailures = undefined;
  }
  /** What was configured. */
  public get maxFailuresInput() {
    return this._maxFailures;
  }

  private _maxFailureRatio?: number;
  /** Part of `phones` that may fail to follow, between 0 and 1, rounded down to whole phones. With both limits the stricter one counts. */
  public get maxFailureRatio() {
    return this.getNumberAttribute("max_failure_ratio");
  }
  public set maxFailureRatio(value: number) {
    this._maxFailureRatio = value;
  }
  public resetMaxFailureRatio() {
    this._maxFailureRatio = undefined;
  }
  /** What was configured. */
  public get maxFailureRatioInput() {
    return this._maxFailureRatio;
  }

  private _batchSize?: number;
  /**
   * Phones that are reset at a time. How many a minute is said by the provider.
   *
   * @default 25
   */
  public get batchSize() {
    return this.getNumberAttribute("batch_size");
  }
  public set batchSize(value: number) {
    this._batchSize = value;
  }
  public resetBatchSize() {
    this._batchSize = undefined;
  }
  /** What was configured. */
  public get batchSizeInput() {
    return this._batchSize;
  }

  private _settleTime?: number;
  /**
   * Seconds that a phone has to stay back where it was reset before it counts as not following.
   *
   * @default 5
   */
  public get settleTime() {
    return this.getNumberAttribute("settle_time");
  }
  public set settleTime(value: number) {
    this._settleTime = value;
  }
  public resetSettleTime() {
    this._settleTime = undefined;
  }
  /** What was configured. */
  public get settleTimeInput() {
    return this._settleTime;
  }

  private _timeout?: number;
  /**
   * Seconds for one batch to register.
   *
   * @default 900
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
}

export interface CucmPhoneRegistrationCounts {

}

export function cucmPhoneRegistrationCountsToTerraform(struct?: CucmPhoneRegistrationCounts | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function cucmPhoneRegistrationCountsToHclTerraform(struct?: CucmPhoneRegistrationCounts | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class CucmPhoneRegistrationCountsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string) {
    super(terraformResource, terraformAttribute, false);
  }

  public get internalValue(): CucmPhoneRegistrationCounts | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: CucmPhoneRegistrationCounts | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as CucmPhoneRegistrationCounts | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Phones registered on the source. */
  public get source() {
    return this.getNumberAttribute("source");
  }

  /** Phones registered on the destination. */
  public get destination() {
    return this.getNumberAttribute("destination");
  }

  /** Phones registered nowhere. */
  public get missing() {
    return this.getNumberAttribute("missing");
  }
}

export interface CucmPhoneRegistrationFailed {

}

export function cucmPhoneRegistrationFailedToTerraform(struct?: CucmPhoneRegistrationFailed | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function cucmPhoneRegistrationFailedToHclTerraform(struct?: CucmPhoneRegistrationFailed | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class CucmPhoneRegistrationFailedOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): CucmPhoneRegistrationFailed | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: CucmPhoneRegistrationFailed | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as CucmPhoneRegistrationFailed | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Device name. */
  public get name() {
    return this.getStringAttribute("name");
  }

  /** Why it is not where it should be. */
  public get reason() {
    return this.getStringAttribute("reason");
  }
}

export class CucmPhoneRegistrationFailedList extends cdktf.ComplexList {
  public internalValue?: CucmPhoneRegistrationFailed[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): CucmPhoneRegistrationFailedOutputReference {
    return new CucmPhoneRegistrationFailedOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

/**
 * The phones of one wave, registered on the source or on the destination. Phones are reset through AXL of the cluster that they are on, and watched on both until they are registered, back, or timed out.
 *
 * See docs/cucm/resources/phone_registration.md.
 */
export class CucmPhoneRegistration extends cdktf.TerraformResource {
  public static readonly tfResourceType = "cucm_phone_registration";

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
      terraformResourceType: "cucm_phone_registration",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: CucmPhoneRegistrationConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_phone_registration",
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
    this._phones = config.phones;
    this._registeredOn = config.registeredOn;
    this._goIf = config.goIf;
    this._limits.internalValue = config.limits;
    this._scopes = config.scopes;
    this._evidence = config.evidence;
    this._onStop = config.onStop;
    this._onDestroy = config.onDestroy;
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

  private _phones?: string[];
  /** Device names, sorted and unique, e.g. `SEP001122334455`. */
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

  private _registeredOn?: "source" | "destination" | cdktf.IResolvable;
  /** Where the phones are registered. Changing this word moves them. */
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

  private _goIf?: { [key: string]: boolean | cdktf.IResolvable } | cdktf.IResolvable;
  /** Sentences that must hold before phones move to the destination. Not looked at on the way back. Where phones that strayed are brought back, `its limits allow for the phones that cannot follow` is not asked for. */
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

  private _limits = new CucmPhoneRegistrationLimitsOutputReference(this, "limits");
  /**
   * When to stop: more phones that fail are an error, and stop what depends on this.
   *
   * @default {"max_failures":null,"max_failure_ratio":null,"batch_size":25,"settle_time":5,"timeout":900}
   */
  public get limits() {
    return this._limits;
  }
  public putLimits(value: CucmPhoneRegistrationLimits | cdktf.IResolvable) {
    this._limits.internalValue = value;
  }
  public resetLimits() {
    this._limits.internalValue = undefined;
  }
  /** What was configured. */
  public get limitsInput() {
    return this._limits.internalValue;
  }

  private _scopes?: string[];
  /** Where the phones get option 150 from, in words: an error that leaves it on the destination names them. Nothing else depends on it. */
  public get scopes() {
    return this.getListAttribute("scopes");
  }
  public set scopes(value: string[]) {
    this._scopes = value;
  }
  public resetScopes() {
    this._scopes = undefined;
  }
  /** What was configured. */
  public get scopesInput() {
    return this._scopes;
  }

  private _evidence?: string[];
  /** What is read beside RIS of phones that do not follow, for their reason: `tvs_log` (the newest TVS log files of every node of the cluster that they leave). Nothing depends on it. Default: none. */
  public get evidence() {
    return this.getListAttribute("evidence");
  }
  public set evidence(value: string[]) {
    this._evidence = value;
  }
  public resetEvidence() {
    this._evidence = undefined;
  }
  /** What was configured. */
  public get evidenceInput() {
    return this._evidence;
  }

  private _onStop?: "error" | "report" | cdktf.IResolvable;
  /**
   * When more phones than `limits` allow do not follow to the destination. `error`: fail, and whatever depends on this does not run. `report`: warn and set `stopped`, for a `dhcp_scope_guard` that puts the scopes back and fails instead.
   *
   * @default "error"
   */
  public get onStop(): string {
    return this.getStringAttribute("on_stop");
  }
  public set onStop(value: "error" | "report" | cdktf.IResolvable) {
    this._onStop = value;
  }
  public resetOnStop() {
    this._onStop = undefined;
  }
  /** What was configured. */
  public get onStopInput() {
    return this._onStop;
  }

  private _onDestroy?: "refuse" | "keep" | cdktf.IResolvable;
  /**
   * `refuse`: no destroy while a phone is on the destination or unaccounted for. `keep`: leave the phones where they are.
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

  /** Whether the last move to the destination was stopped; only with `on_stop` = `report`. */
  public get stopped() {
    return this.getBooleanAttribute("stopped");
  }

  private _counts = new CucmPhoneRegistrationCountsOutputReference(this, "counts");
  /** Where the phones are. */
  public get counts() {
    return this._counts;
  }

  private _failed = new CucmPhoneRegistrationFailedList(this, "failed", false);
  /** Phones that are not on `registered_on`, sorted by name. */
  public get failed() {
    return this._failed;
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      source: cdktf.stringToTerraform(this._source),
      destination: cdktf.stringToTerraform(this._destination),
      phones: cdktf.listMapper(cdktf.stringToTerraform, false)(this._phones),
      registered_on: cdktf.stringToTerraform(this._registeredOn),
      go_if: cdktf.hashMapper(cdktf.booleanToTerraform)(this._goIf),
      limits: cucmPhoneRegistrationLimitsToTerraform(this._limits.internalValue),
      scopes: cdktf.listMapper(cdktf.stringToTerraform, false)(this._scopes),
      evidence: cdktf.listMapper(cdktf.stringToTerraform, false)(this._evidence),
      on_stop: cdktf.stringToTerraform(this._onStop),
      on_destroy: cdktf.stringToTerraform(this._onDestroy),
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
      phones: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._phones),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      registered_on: {
        value: cdktf.stringToHclTerraform(this._registeredOn),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      go_if: {
        value: hclMap(cdktf.booleanToHclTerraform)(this._goIf),
        isBlock: false,
        type: "map",
        storageClassType: "booleanMap",
      },
      limits: {
        value: cucmPhoneRegistrationLimitsToHclTerraform(this._limits.internalValue),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      scopes: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._scopes),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      evidence: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._evidence),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      on_stop: {
        value: cdktf.stringToHclTerraform(this._onStop),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
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

/** CDKTF's HCL writer puts quotes around a key and escapes none that are in it. */
const hclMap = (element: (value: any) => any) => (map: any) => {
  const mapped = cdktf.hashMapperHcl(element)(map);
  if (mapped === map) return map;
  const hclKey = (key: string) => (cdktf.Token.isUnresolved(key) ? key : JSON.stringify(key).slice(1, -1));
  return Object.fromEntries(Object.entries(mapped).map(([key, value]) => [hclKey(key), value]));
};
