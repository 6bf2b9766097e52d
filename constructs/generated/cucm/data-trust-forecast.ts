// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_trust_forecast` (docs/cucm/data-sources/trust_forecast.md). */
export interface DataCucmTrustForecastConfig extends cdktf.TerraformMetaArguments {
  /** The cluster that phones leave, by its name in the provider's `clusters`. */
  readonly source: string;
  /** The cluster that they move to. */
  readonly destination: string;
  /** Device names. */
  readonly phones: string[];
  /** Where the phones are to go. `source` asks whether they can come back: phones that have moved from where they are, others from where the move will leave them. Default: `destination`. */
  readonly to?: "destination" | "source" | cdktf.IResolvable;
  /** What option 150 will answer when it serves the destination. Default: every node of it that runs TFTP. */
  readonly destinationTftp?: string[];
  /** What option 150 answers when it serves the source, for the way back. Default: every node of it that runs TFTP. */
  readonly sourceTftp?: string[];
  /** What the plan will import, from data sources and literals only. */
  readonly assumeTrusted?: DataCucmTrustForecastAssumeTrusted | cdktf.IResolvable;
  /** What Cisco does not document and you have found out, in a lab or from Cisco. */
  readonly switches?: DataCucmTrustForecastSwitches | cdktf.IResolvable;
  /** What you know of phone models, by their name in CUCM (`Cisco 8861`); beats the built-in table. */
  readonly models?: { [key: string]: DataCucmTrustForecastModels } | cdktf.IResolvable;
  /** `cluster`: what the source's own *Unified CM Phone Feature List* says of models (tables `productsupportsfeature` and `typesupportsfeature`) beats the built-in table; `models` beats both. A model without a row of which the built-in table is sure that it can is tried both ways. */
  readonly phoneFeatures?: "cluster" | cdktf.IResolvable;
  /** `false`: no phone has an LSC of a former CAPF certificate any more. Default: any that the source's trust stores still hold may have issued one (those of the destination too, for phones that are there), unless the database names the issuer (from 11.5). */
  readonly formerCapfInUse?: boolean | cdktf.IResolvable;
  /** Device names of phones with *Alternate TFTP* on: CUCM does not show it. */
  readonly alternateTftp?: string[];
  /** Device names of phones that somebody accepts to lose, whatever their forecast. */
  readonly acceptLockouts?: string[];
  /** How many of `phones` may be unable to follow: what `limits` of the wave's `cucm_phone_registration` say. Default: none. */
  readonly limits?: DataCucmTrustForecastLimits | cdktf.IResolvable;
  /** The least that what is assumed of each phone must rest on, weakest first. From `tvs-log` on it needs its reader in `evidence`. `tvs-log` rests on the name that somebody gave to TVS, `web-status` and `trust-list-page` on what whoever answers at the phone's address shows: neither is proven to be the phone. */
  readonly requireEvidence?: "served" | "registered-over-tls" | "registered-since-lists" | "tvs-log" | "itl-status" | "web-status" | "trust-list-page" | cdktf.IResolvable;
  /** What is read of phones besides RIS: `web` (their web pages, where RIS says that they are on: a few requests for every phone), `tvs_log` (the TVS log of every node of the cluster where they are), `itl_status` (by `spellings.itl_status_query`). It changes what an outcome rests on; a phone that shows other lists than it is assumed to hold is `uncertain` instead of `registers`. Default: none. */
  readonly evidence?: string[];
  /** Also fill `forecasts` with every phone. Default: `false`. */
  readonly detail?: boolean | cdktf.IResolvable;
}

export interface DataCucmTrustForecastAssumeTrustedSource {
  /** The certificate in PEM. */
  readonly pem: string;
  /** Trust stores: `CallManager-trust`, `Phone-SAST-trust`, `CAPF-trust`. */
  readonly stores: string[];
}

export function dataCucmTrustForecastAssumeTrustedSourceToTerraform(struct?: DataCucmTrustForecastAssumeTrustedSource | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    pem: cdktf.stringToTerraform(struct!.pem),
    stores: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.stores),
  };
}

export function dataCucmTrustForecastAssumeTrustedSourceToHclTerraform(struct?: DataCucmTrustForecastAssumeTrustedSource | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    pem: hclText(struct!.pem),
    stores: cdktf.listMapperHcl(hclText, false)(struct!.stores),
  };
}

export class DataCucmTrustForecastAssumeTrustedSourceOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectKey: string) {
    super(terraformResource, terraformAttribute, false, complexObjectKey);
  }

  public get internalValue(): DataCucmTrustForecastAssumeTrustedSource | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._pem !== undefined) result.pem = this._pem;
    if (this._stores !== undefined) result.stores = this._stores;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastAssumeTrustedSource | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastAssumeTrustedSource | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._pem = given?.pem;
    this._stores = given?.stores;
  }

  private _pem?: string;
  /** The certificate in PEM. */
  public get pem() {
    return this.getStringAttribute("pem");
  }
  public set pem(value: string) {
    this._pem = value;
  }
  /** What was configured. */
  public get pemInput() {
    return this._pem;
  }

  private _stores?: string[];
  /** Trust stores: `CallManager-trust`, `Phone-SAST-trust`, `CAPF-trust`. */
  public get stores() {
    return this.getListAttribute("stores");
  }
  public set stores(value: string[]) {
    this._stores = value;
  }
  /** What was configured. */
  public get storesInput() {
    return this._stores;
  }
}

export class DataCucmTrustForecastAssumeTrustedSourceMap extends cdktf.ComplexMap {
  public internalValue?: { [key: string]: DataCucmTrustForecastAssumeTrustedSource } | cdktf.IResolvable;

  /** The member with this key. */
  public get(key: string): DataCucmTrustForecastAssumeTrustedSourceOutputReference {
    return new DataCucmTrustForecastAssumeTrustedSourceOutputReference(this.terraformResource, this.terraformAttribute, mapKey(key));
  }
}

export interface DataCucmTrustForecastAssumeTrustedDestination {
  /** The certificate in PEM. */
  readonly pem: string;
  /** Trust stores: `CallManager-trust`, `Phone-SAST-trust`, `CAPF-trust`. */
  readonly stores: string[];
}

export function dataCucmTrustForecastAssumeTrustedDestinationToTerraform(struct?: DataCucmTrustForecastAssumeTrustedDestination | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    pem: cdktf.stringToTerraform(struct!.pem),
    stores: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.stores),
  };
}

export function dataCucmTrustForecastAssumeTrustedDestinationToHclTerraform(struct?: DataCucmTrustForecastAssumeTrustedDestination | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    pem: hclText(struct!.pem),
    stores: cdktf.listMapperHcl(hclText, false)(struct!.stores),
  };
}

export class DataCucmTrustForecastAssumeTrustedDestinationOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectKey: string) {
    super(terraformResource, terraformAttribute, false, complexObjectKey);
  }

  public get internalValue(): DataCucmTrustForecastAssumeTrustedDestination | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._pem !== undefined) result.pem = this._pem;
    if (this._stores !== undefined) result.stores = this._stores;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastAssumeTrustedDestination | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastAssumeTrustedDestination | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._pem = given?.pem;
    this._stores = given?.stores;
  }

  private _pem?: string;
  /** The certificate in PEM. */
  public get pem() {
    return this.getStringAttribute("pem");
  }
  public set pem(value: string) {
    this._pem = value;
  }
  /** What was configured. */
  public get pemInput() {
    return this._pem;
  }

  private _stores?: string[];
  /** Trust stores: `CallManager-trust`, `Phone-SAST-trust`, `CAPF-trust`. */
  public get stores() {
    return this.getListAttribute("stores");
  }
  public set stores(value: string[]) {
    this._stores = value;
  }
  /** What was configured. */
  public get storesInput() {
    return this._stores;
  }
}

export class DataCucmTrustForecastAssumeTrustedDestinationMap extends cdktf.ComplexMap {
  public internalValue?: { [key: string]: DataCucmTrustForecastAssumeTrustedDestination } | cdktf.IResolvable;

  /** The member with this key. */
  public get(key: string): DataCucmTrustForecastAssumeTrustedDestinationOutputReference {
    return new DataCucmTrustForecastAssumeTrustedDestinationOutputReference(this.terraformResource, this.terraformAttribute, mapKey(key));
  }
}

export interface DataCucmTrustForecastAssumeTrusted {
  /** Certificates that the plan will import into the source, by SHA-256 (lower-case hex). */
  readonly source?: { [key: string]: DataCucmTrustForecastAssumeTrustedSource } | cdktf.IResolvable;
  /** Certificates that the plan will import into the destination, by SHA-256 (lower-case hex). */
  readonly destination?: { [key: string]: DataCucmTrustForecastAssumeTrustedDestination } | cdktf.IResolvable;
}

export function dataCucmTrustForecastAssumeTrustedToTerraform(struct?: DataCucmTrustForecastAssumeTrusted | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    source: cdktf.hashMapper(dataCucmTrustForecastAssumeTrustedSourceToTerraform)(struct!.source),
    destination: cdktf.hashMapper(dataCucmTrustForecastAssumeTrustedDestinationToTerraform)(struct!.destination),
  };
}

export function dataCucmTrustForecastAssumeTrustedToHclTerraform(struct?: DataCucmTrustForecastAssumeTrusted | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    source: hclMap(dataCucmTrustForecastAssumeTrustedSourceToHclTerraform)(struct!.source),
    destination: hclMap(dataCucmTrustForecastAssumeTrustedDestinationToHclTerraform)(struct!.destination),
  };
}

export class DataCucmTrustForecastAssumeTrustedOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string) {
    super(terraformResource, terraformAttribute, false);
  }

  public get internalValue(): DataCucmTrustForecastAssumeTrusted | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._source.internalValue !== undefined) result.source = this._source.internalValue;
    if (this._destination.internalValue !== undefined) result.destination = this._destination.internalValue;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastAssumeTrusted | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastAssumeTrusted | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._source.internalValue = given?.source;
    this._destination.internalValue = given?.destination;
  }

  private _source = new DataCucmTrustForecastAssumeTrustedSourceMap(this, "source");
  /** Certificates that the plan will import into the source, by SHA-256 (lower-case hex). */
  public get source() {
    return this._source;
  }
  public putSource(value: { [key: string]: DataCucmTrustForecastAssumeTrustedSource } | cdktf.IResolvable) {
    this._source.internalValue = value;
  }
  public resetSource() {
    this._source.internalValue = undefined;
  }
  /** What was configured. */
  public get sourceInput() {
    return this._source.internalValue;
  }

  private _destination = new DataCucmTrustForecastAssumeTrustedDestinationMap(this, "destination");
  /** Certificates that the plan will import into the destination, by SHA-256 (lower-case hex). */
  public get destination() {
    return this._destination;
  }
  public putDestination(value: { [key: string]: DataCucmTrustForecastAssumeTrustedDestination } | cdktf.IResolvable) {
    this._destination.internalValue = value;
  }
  public resetDestination() {
    this._destination.internalValue = undefined;
  }
  /** What was configured. */
  public get destinationInput() {
    return this._destination.internalValue;
  }
}

export interface DataCucmTrustForecastSwitches {
  /** Settles whether a phone asks the next TVS server when one does not know the signer. Not set: both are tried, `false` is expected (not documented; the guides tell of the next server only when one does not answer, so the answer is taken as final). */
  readonly tvsTryNextOnMiss?: boolean | cdktf.IResolvable;
  /** Settles whether a phone that refuses a configuration keeps to the CallManagers that it had, or tries the TFTP server as one. Not set: both are tried, `cached` is expected (community articles tell of both; a phone in secure mode can hardly register with a node that its lists do not name). */
  readonly fallbackWhenConfigBad?: "cached" | "tftpAsCcm" | cdktf.IResolvable;
  /** Settles whether a phone that holds an ITL but no CTL checks the first CTL, or takes it. Not set: both are tried, `verify` is expected (not documented for a CTL of another cluster; Cisco's document 221657 shows it for the same cluster, where both give the same). */
  readonly firstCtlWithItl?: "verify" | "trust" | cdktf.IResolvable;
  /** Settles whether a CCM+TFTP record of the CTL is enough for the signer of an ITL. Not set: both are tried, `true` is expected (a community article on migrating with ITL says so, and phones served by a subscriber before 12.0 would need TVS at each boot otherwise). */
  readonly ctlRole2AcceptsItl?: boolean | cdktf.IResolvable;
  /** Settles whether a phone refuses a TFTP server whose address is in neither of its new lists. Not set: both are tried, `false` is expected (the 8800 guide knows the message; Cisco's document 213407 shows an 8861 going on with an unlisted address before the CTL). */
  readonly enforceTftpAddress?: boolean | cdktf.IResolvable;
  /** Settles whether a phone keeps its CTL when the TFTP server has none. Not set: both are tried, `keep` is expected (not documented; the orders to delete the CTL by hand in Cisco's documents make sense only if it stays). */
  readonly ctl404?: "keep" | "erase" | cdktf.IResolvable;
  /** Settles whether a CCM+TFTP record of the ITL alone is enough for a CallManager's TLS. Not set: both are tried, `false` is expected (the 7911 guide asks for a valid CallManager certificate in the CTL). */
  readonly itlProvesCallManager?: boolean | cdktf.IResolvable;
  /** Settles whether CallManager takes a phone whose certificate's issuer is in CAPF-trust only. Not set: both are tried, `CallManager-trust` is expected (Cisco's documents name CAPF-trust (manual) or CallManager-trust (bulk), and both for external authorities: the stricter one is taken). */
  readonly lscIssuerStore?: "CallManager-trust" | "either store" | cdktf.IResolvable;
}

export function dataCucmTrustForecastSwitchesToTerraform(struct?: DataCucmTrustForecastSwitches | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    tvs_try_next_on_miss: cdktf.booleanToTerraform(struct!.tvsTryNextOnMiss),
    fallback_when_config_bad: cdktf.stringToTerraform(struct!.fallbackWhenConfigBad),
    first_ctl_with_itl: cdktf.stringToTerraform(struct!.firstCtlWithItl),
    ctl_role2_accepts_itl: cdktf.booleanToTerraform(struct!.ctlRole2AcceptsItl),
    enforce_tftp_address: cdktf.booleanToTerraform(struct!.enforceTftpAddress),
    ctl_404: cdktf.stringToTerraform(struct!.ctl404),
    itl_proves_call_manager: cdktf.booleanToTerraform(struct!.itlProvesCallManager),
    lsc_issuer_store: cdktf.stringToTerraform(struct!.lscIssuerStore),
  };
}

export function dataCucmTrustForecastSwitchesToHclTerraform(struct?: DataCucmTrustForecastSwitches | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    tvs_try_next_on_miss: cdktf.booleanToHclTerraform(struct!.tvsTryNextOnMiss),
    fallback_when_config_bad: hclText(struct!.fallbackWhenConfigBad),
    first_ctl_with_itl: hclText(struct!.firstCtlWithItl),
    ctl_role2_accepts_itl: cdktf.booleanToHclTerraform(struct!.ctlRole2AcceptsItl),
    enforce_tftp_address: cdktf.booleanToHclTerraform(struct!.enforceTftpAddress),
    ctl_404: hclText(struct!.ctl404),
    itl_proves_call_manager: cdktf.booleanToHclTerraform(struct!.itlProvesCallManager),
    lsc_issuer_store: hclText(struct!.lscIssuerStore),
  };
}

export class DataCucmTrustForecastSwitchesOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string) {
    super(terraformResource, terraformAttribute, false);
  }

  public get internalValue(): DataCucmTrustForecastSwitches | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._tvsTryNextOnMiss !== undefined) result.tvsTryNextOnMiss = this._tvsTryNextOnMiss;
    if (this._fallbackWhenConfigBad !== undefined) result.fallbackWhenConfigBad = this._fallbackWhenConfigBad;
    if (this._firstCtlWithItl !== undefined) result.firstCtlWithItl = this._firstCtlWithItl;
    if (this._ctlRole2AcceptsItl !== undefined) result.ctlRole2AcceptsItl = this._ctlRole2AcceptsItl;
    if (this._enforceTftpAddress !== undefined) result.enforceTftpAddress = this._enforceTftpAddress;
    if (this._ctl404 !== undefined) result.ctl404 = this._ctl404;
    if (this._itlProvesCallManager !== undefined) result.itlProvesCallManager = this._itlProvesCallManager;
    if (this._lscIssuerStore !== undefined) result.lscIssuerStore = this._lscIssuerStore;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastSwitches | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastSwitches | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._tvsTryNextOnMiss = given?.tvsTryNextOnMiss;
    this._fallbackWhenConfigBad = given?.fallbackWhenConfigBad;
    this._firstCtlWithItl = given?.firstCtlWithItl;
    this._ctlRole2AcceptsItl = given?.ctlRole2AcceptsItl;
    this._enforceTftpAddress = given?.enforceTftpAddress;
    this._ctl404 = given?.ctl404;
    this._itlProvesCallManager = given?.itlProvesCallManager;
    this._lscIssuerStore = given?.lscIssuerStore;
  }

  private _tvsTryNextOnMiss?: boolean | cdktf.IResolvable;
  /** Settles whether a phone asks the next TVS server when one does not know the signer. Not set: both are tried, `false` is expected (not documented; the guides tell of the next server only when one does not answer, so the answer is taken as final). */
  public get tvsTryNextOnMiss() {
    return this.getBooleanAttribute("tvs_try_next_on_miss");
  }
  public set tvsTryNextOnMiss(value: boolean | cdktf.IResolvable) {
    this._tvsTryNextOnMiss = value;
  }
  public resetTvsTryNextOnMiss() {
    this._tvsTryNextOnMiss = undefined;
  }
  /** What was configured. */
  public get tvsTryNextOnMissInput() {
    return this._tvsTryNextOnMiss;
  }

  private _fallbackWhenConfigBad?: "cached" | "tftpAsCcm" | cdktf.IResolvable;
  /** Settles whether a phone that refuses a configuration keeps to the CallManagers that it had, or tries the TFTP server as one. Not set: both are tried, `cached` is expected (community articles tell of both; a phone in secure mode can hardly register with a node that its lists do not name). */
  public get fallbackWhenConfigBad(): string {
    return this.getStringAttribute("fallback_when_config_bad");
  }
  public set fallbackWhenConfigBad(value: "cached" | "tftpAsCcm" | cdktf.IResolvable) {
    this._fallbackWhenConfigBad = value;
  }
  public resetFallbackWhenConfigBad() {
    this._fallbackWhenConfigBad = undefined;
  }
  /** What was configured. */
  public get fallbackWhenConfigBadInput() {
    return this._fallbackWhenConfigBad;
  }

  private _firstCtlWithItl?: "verify" | "trust" | cdktf.IResolvable;
  /** Settles whether a phone that holds an ITL but no CTL checks the first CTL, or takes it. Not set: both are tried, `verify` is expected (not documented for a CTL of another cluster; Cisco's document 221657 shows it for the same cluster, where both give the same). */
  public get firstCtlWithItl(): string {
    return this.getStringAttribute("first_ctl_with_itl");
  }
  public set firstCtlWithItl(value: "verify" | "trust" | cdktf.IResolvable) {
    this._firstCtlWithItl = value;
  }
  public resetFirstCtlWithItl() {
    this._firstCtlWithItl = undefined;
  }
  /** What was configured. */
  public get firstCtlWithItlInput() {
    return this._firstCtlWithItl;
  }

  private _ctlRole2AcceptsItl?: boolean | cdktf.IResolvable;
  /** Settles whether a CCM+TFTP record of the CTL is enough for the signer of an ITL. Not set: both are tried, `true` is expected (a community article on migrating with ITL says so, and phones served by a subscriber before 12.0 would need TVS at each boot otherwise). */
  public get ctlRole2AcceptsItl() {
    return this.getBooleanAttribute("ctl_role2_accepts_itl");
  }
  public set ctlRole2AcceptsItl(value: boolean | cdktf.IResolvable) {
    this._ctlRole2AcceptsItl = value;
  }
  public resetCtlRole2AcceptsItl() {
    this._ctlRole2AcceptsItl = undefined;
  }
  /** What was configured. */
  public get ctlRole2AcceptsItlInput() {
    return this._ctlRole2AcceptsItl;
  }

  private _enforceTftpAddress?: boolean | cdktf.IResolvable;
  /** Settles whether a phone refuses a TFTP server whose address is in neither of its new lists. Not set: both are tried, `false` is expected (the 8800 guide knows the message; Cisco's document 213407 shows an 8861 going on with an unlisted address before the CTL). */
  public get enforceTftpAddress() {
    return this.getBooleanAttribute("enforce_tftp_address");
  }
  public set enforceTftpAddress(value: boolean | cdktf.IResolvable) {
    this._enforceTftpAddress = value;
  }
  public resetEnforceTftpAddress() {
    this._enforceTftpAddress = undefined;
  }
  /** What was configured. */
  public get enforceTftpAddressInput() {
    return this._enforceTftpAddress;
  }

  private _ctl404?: "keep" | "erase" | cdktf.IResolvable;
  /** Settles whether a phone keeps its CTL when the TFTP server has none. Not set: both are tried, `keep` is expected (not documented; the orders to delete the CTL by hand in Cisco's documents make sense only if it stays). */
  public get ctl404(): string {
    return this.getStringAttribute("ctl_404");
  }
  public set ctl404(value: "keep" | "erase" | cdktf.IResolvable) {
    this._ctl404 = value;
  }
  public resetCtl404() {
    this._ctl404 = undefined;
  }
  /** What was configured. */
  public get ctl404Input() {
    return this._ctl404;
  }

  private _itlProvesCallManager?: boolean | cdktf.IResolvable;
  /** Settles whether a CCM+TFTP record of the ITL alone is enough for a CallManager's TLS. Not set: both are tried, `false` is expected (the 7911 guide asks for a valid CallManager certificate in the CTL). */
  public get itlProvesCallManager() {
    return this.getBooleanAttribute("itl_proves_call_manager");
  }
  public set itlProvesCallManager(value: boolean | cdktf.IResolvable) {
    this._itlProvesCallManager = value;
  }
  public resetItlProvesCallManager() {
    this._itlProvesCallManager = undefined;
  }
  /** What was configured. */
  public get itlProvesCallManagerInput() {
    return this._itlProvesCallManager;
  }

  private _lscIssuerStore?: "CallManager-trust" | "either store" | cdktf.IResolvable;
  /** Settles whether CallManager takes a phone whose certificate's issuer is in CAPF-trust only. Not set: both are tried, `CallManager-trust` is expected (Cisco's documents name CAPF-trust (manual) or CallManager-trust (bulk), and both for external authorities: the stricter one is taken). */
  public get lscIssuerStore(): string {
    return this.getStringAttribute("lsc_issuer_store");
  }
  public set lscIssuerStore(value: "CallManager-trust" | "either store" | cdktf.IResolvable) {
    this._lscIssuerStore = value;
  }
  public resetLscIssuerStore() {
    this._lscIssuerStore = undefined;
  }
  /** What was configured. */
  public get lscIssuerStoreInput() {
    return this._lscIssuerStore;
  }
}

export interface DataCucmTrustForecastModels {
  /** Asks for an ITL and asks TVS (*Security By Default* in the phone feature list). */
  readonly securityByDefault?: boolean | cdktf.IResolvable;
  /** Checks signatures made with SHA-256. */
  readonly sha256?: boolean | cdktf.IResolvable;
  /** Checks signatures made with SHA-512. */
  readonly sha512?: boolean | cdktf.IResolvable;
  /** Checks signatures of RSA keys with more than 2048 bits. */
  readonly largeRsaKeys?: boolean | cdktf.IResolvable;
}

export function dataCucmTrustForecastModelsToTerraform(struct?: DataCucmTrustForecastModels | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    security_by_default: cdktf.booleanToTerraform(struct!.securityByDefault),
    sha256: cdktf.booleanToTerraform(struct!.sha256),
    sha512: cdktf.booleanToTerraform(struct!.sha512),
    large_rsa_keys: cdktf.booleanToTerraform(struct!.largeRsaKeys),
  };
}

export function dataCucmTrustForecastModelsToHclTerraform(struct?: DataCucmTrustForecastModels | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    security_by_default: cdktf.booleanToHclTerraform(struct!.securityByDefault),
    sha256: cdktf.booleanToHclTerraform(struct!.sha256),
    sha512: cdktf.booleanToHclTerraform(struct!.sha512),
    large_rsa_keys: cdktf.booleanToHclTerraform(struct!.largeRsaKeys),
  };
}

export class DataCucmTrustForecastModelsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectKey: string) {
    super(terraformResource, terraformAttribute, false, complexObjectKey);
  }

  public get internalValue(): DataCucmTrustForecastModels | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._securityByDefault !== undefined) result.securityByDefault = this._securityByDefault;
    if (this._sha256 !== undefined) result.sha256 = this._sha256;
    if (this._sha512 !== undefined) result.sha512 = this._sha512;
    if (this._largeRsaKeys !== undefined) result.largeRsaKeys = this._largeRsaKeys;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastModels | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastModels | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._securityByDefault = given?.securityByDefault;
    this._sha256 = given?.sha256;
    this._sha512 = given?.sha512;
    this._largeRsaKeys = given?.largeRsaKeys;
  }

  private _securityByDefault?: boolean | cdktf.IResolvable;
  /** Asks for an ITL and asks TVS (*Security By Default* in the phone feature list). */
  public get securityByDefault() {
    return this.getBooleanAttribute("security_by_default");
  }
  public set securityByDefault(value: boolean | cdktf.IResolvable) {
    this._securityByDefault = value;
  }
  public resetSecurityByDefault() {
    this._securityByDefault = undefined;
  }
  /** What was configured. */
  public get securityByDefaultInput() {
    return this._securityByDefault;
  }

  private _sha256?: boolean | cdktf.IResolvable;
  /** Checks signatures made with SHA-256. */
  public get sha256() {
    return this.getBooleanAttribute("sha256");
  }
  public set sha256(value: boolean | cdktf.IResolvable) {
    this._sha256 = value;
  }
  public resetSha256() {
    this._sha256 = undefined;
  }
  /** What was configured. */
  public get sha256Input() {
    return this._sha256;
  }

  private _sha512?: boolean | cdktf.IResolvable;
  /** Checks signatures made with SHA-512. */
  public get sha512() {
    return this.getBooleanAttribute("sha512");
  }
  public set sha512(value: boolean | cdktf.IResolvable) {
    this._sha512 = value;
  }
  public resetSha512() {
    this._sha512 = undefined;
  }
  /** What was configured. */
  public get sha512Input() {
    return this._sha512;
  }

  private _largeRsaKeys?: boolean | cdktf.IResolvable;
  /** Checks signatures of RSA keys with more than 2048 bits. */
  public get largeRsaKeys() {
    return this.getBooleanAttribute("large_rsa_keys");
  }
  public set largeRsaKeys(value: boolean | cdktf.IResolvable) {
    this._largeRsaKeys = value;
  }
  public resetLargeRsaKeys() {
    this._largeRsaKeys = undefined;
  }
  /** What was configured. */
  public get largeRsaKeysInput() {
    return this._largeRsaKeys;
  }
}

export class DataCucmTrustForecastModelsMap extends cdktf.ComplexMap {
  public internalValue?: { [key: string]: DataCucmTrustForecastModels } | cdktf.IResolvable;

  /** The member with this key. */
  public get(key: string): DataCucmTrustForecastModelsOutputReference {
    return new DataCucmTrustForecastModelsOutputReference(this.terraformResource, this.terraformAttribute, mapKey(key));
  }
}

export interface DataCucmTrustForecastLimits {
  /** Phones that may fail to follow. Without it and without `max_failure_ratio`, none may. */
  readonly maxFailures?: number;
  /** Part of `phones` that may fail to follow, between 0 and 1, rounded down to whole phones. With both limits the stricter one counts. */
  readonly maxFailureRatio?: number;
}

export function dataCucmTrustForecastLimitsToTerraform(struct?: DataCucmTrustForecastLimits | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    max_failures: cdktf.numberToTerraform(struct!.maxFailures),
    max_failure_ratio: cdktf.numberToTerraform(struct!.maxFailureRatio),
  };
}

export function dataCucmTrustForecastLimitsToHclTerraform(struct?: DataCucmTrustForecastLimits | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    max_failures: cdktf.numberToHclTerraform(struct!.maxFailures),
    max_failure_ratio: cdktf.numberToHclTerraform(struct!.maxFailureRatio),
  };
}

export class DataCucmTrustForecastLimitsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string) {
    super(terraformResource, terraformAttribute, false);
  }

  public get internalValue(): DataCucmTrustForecastLimits | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._maxFailures !== undefined) result.maxFailures = this._maxFailures;
    if (this._maxFailureRatio !== undefined) result.maxFailureRatio = this._maxFailureRatio;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastLimits | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastLimits | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._maxFailures = given?.maxFailures;
    this._maxFailureRatio = given?.maxFailureRatio;
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
}

export interface DataCucmTrustForecastAtRisk {

}

export function dataCucmTrustForecastAtRiskToTerraform(struct?: DataCucmTrustForecastAtRisk | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmTrustForecastAtRiskToHclTerraform(struct?: DataCucmTrustForecastAtRisk | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmTrustForecastAtRiskOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmTrustForecastAtRisk | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastAtRisk | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastAtRisk | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Device name. */
  public get name() {
    return this.getStringAttribute("name");
  }

  /** `follows`, `locked out` or `uncertain`. */
  public get outcome() {
    return this.getStringAttribute("outcome");
  }

  /** What the assumptions about it rest on; null when nothing is known of it. */
  public get evidence() {
    return this.getStringAttribute("evidence");
  }

  /** What speaks against these assumptions, in sentences, sorted. */
  public get against() {
    return this.getListAttribute("against");
  }

  /** Why, and what to do. */
  public get reason() {
    return this.getStringAttribute("reason");
  }

  /** The chain of its boot by the TFTP node that decides, in sentences: what is taken by which certificate, and what is not, why. Empty when nothing is known of it. */
  public get steps() {
    return this.getListAttribute("steps");
  }

  /** Whether `accept_lockouts` names it. */
  public get accepted() {
    return this.getBooleanAttribute("accepted");
  }
}

export class DataCucmTrustForecastAtRiskList extends cdktf.ComplexList {
  public internalValue?: DataCucmTrustForecastAtRisk[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmTrustForecastAtRiskOutputReference {
    return new DataCucmTrustForecastAtRiskOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

export interface DataCucmTrustForecastWeakEvidence {

}

export function dataCucmTrustForecastWeakEvidenceToTerraform(struct?: DataCucmTrustForecastWeakEvidence | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmTrustForecastWeakEvidenceToHclTerraform(struct?: DataCucmTrustForecastWeakEvidence | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmTrustForecastWeakEvidenceOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmTrustForecastWeakEvidence | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastWeakEvidence | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastWeakEvidence | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Device name. */
  public get name() {
    return this.getStringAttribute("name");
  }

  /** Why its evidence does not suffice. */
  public get reason() {
    return this.getStringAttribute("reason");
  }
}

export class DataCucmTrustForecastWeakEvidenceList extends cdktf.ComplexList {
  public internalValue?: DataCucmTrustForecastWeakEvidence[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmTrustForecastWeakEvidenceOutputReference {
    return new DataCucmTrustForecastWeakEvidenceOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

export interface DataCucmTrustForecastCannotFollow {

}

export function dataCucmTrustForecastCannotFollowToTerraform(struct?: DataCucmTrustForecastCannotFollow | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmTrustForecastCannotFollowToHclTerraform(struct?: DataCucmTrustForecastCannotFollow | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmTrustForecastCannotFollowOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmTrustForecastCannotFollow | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastCannotFollow | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastCannotFollow | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Device name. */
  public get name() {
    return this.getStringAttribute("name");
  }

  /** Why it cannot. */
  public get reason() {
    return this.getStringAttribute("reason");
  }
}

export class DataCucmTrustForecastCannotFollowList extends cdktf.ComplexList {
  public internalValue?: DataCucmTrustForecastCannotFollow[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmTrustForecastCannotFollowOutputReference {
    return new DataCucmTrustForecastCannotFollowOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

export interface DataCucmTrustForecastMissingIssuers {

}

export function dataCucmTrustForecastMissingIssuersToTerraform(struct?: DataCucmTrustForecastMissingIssuers | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmTrustForecastMissingIssuersToHclTerraform(struct?: DataCucmTrustForecastMissingIssuers | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmTrustForecastMissingIssuersOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectKey: string) {
    super(terraformResource, terraformAttribute, false, complexObjectKey);
  }

  public get internalValue(): DataCucmTrustForecastMissingIssuers | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastMissingIssuers | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastMissingIssuers | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Its name. */
  public get subject() {
    return this.getStringAttribute("subject");
  }

  /** Serial number, upper-case hex. */
  public get serial() {
    return this.getStringAttribute("serial");
  }

  /** The certificate in PEM. */
  public get pem() {
    return this.getStringAttribute("pem");
  }
}

export class DataCucmTrustForecastMissingIssuersMap extends cdktf.ComplexMap {
  public internalValue?: { [key: string]: DataCucmTrustForecastMissingIssuers } | cdktf.IResolvable;

  /** The member with this key. */
  public get(key: string): DataCucmTrustForecastMissingIssuersOutputReference {
    return new DataCucmTrustForecastMissingIssuersOutputReference(this.terraformResource, this.terraformAttribute, mapKey(key));
  }
}

export interface DataCucmTrustForecastForecasts {

}

export function dataCucmTrustForecastForecastsToTerraform(struct?: DataCucmTrustForecastForecasts | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmTrustForecastForecastsToHclTerraform(struct?: DataCucmTrustForecastForecasts | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmTrustForecastForecastsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmTrustForecastForecasts | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastForecasts | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastForecasts | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** Device name. */
  public get name() {
    return this.getStringAttribute("name");
  }

  /** `registers`, `follows`, `locked out` or `uncertain`. */
  public get outcome() {
    return this.getStringAttribute("outcome");
  }

  /** What is expected where it is uncertain; null when nothing is known of it. */
  public get expected() {
    return this.getStringAttribute("expected");
  }

  /** Its level. */
  public get evidence() {
    return this.getStringAttribute("evidence");
  }

  /** The evidence in words. */
  public get because() {
    return this.getStringAttribute("because");
  }

  /** What speaks against what is assumed of it, in sentences, sorted. */
  public get against() {
    return this.getListAttribute("against");
  }

  /** Why it does not register; empty when it does. */
  public get reason() {
    return this.getStringAttribute("reason");
  }

  /** What should be known besides. */
  public get notes() {
    return this.getListAttribute("notes");
  }

  /** Index of its chain in `chains`; null when nothing is known of it. */
  public get chain() {
    return this.getNumberAttribute("chain");
  }
}

export class DataCucmTrustForecastForecastsList extends cdktf.ComplexList {
  public internalValue?: DataCucmTrustForecastForecasts[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmTrustForecastForecastsOutputReference {
    return new DataCucmTrustForecastForecastsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

export interface DataCucmTrustForecastChainsNodesSteps {

}

export function dataCucmTrustForecastChainsNodesStepsToTerraform(struct?: DataCucmTrustForecastChainsNodesSteps | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmTrustForecastChainsNodesStepsToHclTerraform(struct?: DataCucmTrustForecastChainsNodesSteps | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmTrustForecastChainsNodesStepsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmTrustForecastChainsNodesSteps | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastChainsNodesSteps | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastChainsNodesSteps | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** `ctl`, `itl`, `configuration`, ... */
  public get step() {
    return this.getStringAttribute("step");
  }

  /** `accepted`, `rejected`, `kept`, `erased` or `skipped`. */
  public get result() {
    return this.getStringAttribute("result");
  }

  /** Why it is rejected, e.g. `tvs-miss`; null when it is not. */
  public get reason() {
    return this.getStringAttribute("reason");
  }

  /** SHA-256 of the certificate that made it pass, or that is missing; null where it is not known. */
  public get certificate() {
    return this.getStringAttribute("certificate");
  }

  /** The step in a sentence. */
  public get words() {
    return this.getStringAttribute("words");
  }
}

export class DataCucmTrustForecastChainsNodesStepsList extends cdktf.ComplexList {
  public internalValue?: DataCucmTrustForecastChainsNodesSteps[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmTrustForecastChainsNodesStepsOutputReference {
    return new DataCucmTrustForecastChainsNodesStepsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

export interface DataCucmTrustForecastChainsNodes {

}

export function dataCucmTrustForecastChainsNodesToTerraform(struct?: DataCucmTrustForecastChainsNodes | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmTrustForecastChainsNodesToHclTerraform(struct?: DataCucmTrustForecastChainsNodes | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmTrustForecastChainsNodesOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmTrustForecastChainsNodes | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastChainsNodes | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastChainsNodes | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** The TFTP node, as option 150 names it. */
  public get address() {
    return this.getStringAttribute("address");
  }

  /** If this node serves the phone. */
  public get outcome() {
    return this.getStringAttribute("outcome");
  }

  /** What is expected of it. */
  public get expected() {
    return this.getStringAttribute("expected");
  }

  /** Whether the phone's outcome is this one's. */
  public get decides() {
    return this.getBooleanAttribute("decides");
  }

  /** Against what decides; empty for nothing. */
  public get toDo() {
    return this.getStringAttribute("to_do");
  }

  private _steps = new DataCucmTrustForecastChainsNodesStepsList(this, "steps", false);
  /** The boot, step by step, as expected. */
  public get steps() {
    return this._steps;
  }
}

export class DataCucmTrustForecastChainsNodesList extends cdktf.ComplexList {
  public internalValue?: DataCucmTrustForecastChainsNodes[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmTrustForecastChainsNodesOutputReference {
    return new DataCucmTrustForecastChainsNodesOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

export interface DataCucmTrustForecastChains {

}

export function dataCucmTrustForecastChainsToTerraform(struct?: DataCucmTrustForecastChains | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmTrustForecastChainsToHclTerraform(struct?: DataCucmTrustForecastChains | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmTrustForecastChainsOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataCucmTrustForecastChains | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmTrustForecastChains | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmTrustForecastChains | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** What is known of the model and was relied on, each with how it is known. */
  public get restsOn() {
    return this.getListAttribute("rests_on");
  }

  private _nodes = new DataCucmTrustForecastChainsNodesList(this, "nodes", false);
  /** What each TFTP node leads to; the worst counts. */
  public get nodes() {
    return this._nodes;
  }
}

export class DataCucmTrustForecastChainsList extends cdktf.ComplexList {
  public internalValue?: DataCucmTrustForecastChains[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): DataCucmTrustForecastChainsOutputReference {
    return new DataCucmTrustForecastChainsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

/**
 * For every phone, before anything changes: will it follow to the destination and register there, and how do we know. Read at plan from what both clusters serve and trust now; what the plan will import is told by `assume_trusted`, so that the forecast waits for no resource. What cannot be read is a warning, never an error, and whatever outcome hangs on it is `uncertain`: reading never blocks the way back.
 *
 * See docs/cucm/data-sources/trust_forecast.md.
 */
export class DataCucmTrustForecast extends cdktf.TerraformDataSource {
  public static readonly tfResourceType = "cucm_trust_forecast";

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
      terraformResourceType: "cucm_trust_forecast",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DataCucmTrustForecastConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_trust_forecast",
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
    this._to = config.to;
    this._destinationTftp = config.destinationTftp;
    this._sourceTftp = config.sourceTftp;
    this._assumeTrusted.internalValue = config.assumeTrusted;
    this._switches.internalValue = config.switches;
    this._models.internalValue = config.models;
    this._phoneFeatures = config.phoneFeatures;
    this._formerCapfInUse = config.formerCapfInUse;
    this._alternateTftp = config.alternateTftp;
    this._acceptLockouts = config.acceptLockouts;
    this._limits.internalValue = config.limits;
    this._requireEvidence = config.requireEvidence;
    this._evidence = config.evidence;
    this._detail = config.detail;
  }

  private _source?: string;
  /** The cluster that phones leave, by its name in the provider's `clusters`. */
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
  /** The cluster that they move to. */
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
  /** Device names. */
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

  private _to?: "destination" | "source" | cdktf.IResolvable;
  /** Where the phones are to go. `source` asks whether they can come back: phones that have moved from where they are, others from where the move will leave them. Default: `destination`. */
  public get to(): string {
    return this.getStringAttribute("to");
  }
  public set to(value: "destination" | "source" | cdktf.IResolvable) {
    this._to = value;
  }
  public resetTo() {
    this._to = undefined;
  }
  /** What was configured. */
  public get toInput() {
    return this._to;
  }

  private _destinationTftp?: string[];
  /** What option 150 will answer when it serves the destination. Default: every node of it that runs TFTP. */
  public get destinationTftp() {
    return this.getListAttribute("destination_tftp");
  }
  public set destinationTftp(value: string[]) {
    this._destinationTftp = value;
  }
  public resetDestinationTftp() {
    this._destinationTftp = undefined;
  }
  /** What was configured. */
  public get destinationTftpInput() {
    return this._destinationTftp;
  }

  private _sourceTftp?: string[];
  /** What option 150 answers when it serves the source, for the way back. Default: every node of it that runs TFTP. */
  public get sourceTftp() {
    return this.getListAttribute("source_tftp");
  }
  public set sourceTftp(value: string[]) {
    this._sourceTftp = value;
  }
  public resetSourceTftp() {
    this._sourceTftp = undefined;
  }
  /** What was configured. */
  public get sourceTftpInput() {
    return this._sourceTftp;
  }

  private _assumeTrusted = new DataCucmTrustForecastAssumeTrustedOutputReference(this, "assume_trusted");
  /** What the plan will import, from data sources and literals only. */
  public get assumeTrusted() {
    return this._assumeTrusted;
  }
  public putAssumeTrusted(value: DataCucmTrustForecastAssumeTrusted | cdktf.IResolvable) {
    this._assumeTrusted.internalValue = value;
  }
  public resetAssumeTrusted() {
    this._assumeTrusted.internalValue = undefined;
  }
  /** What was configured. */
  public get assumeTrustedInput() {
    return this._assumeTrusted.internalValue;
  }

  private _switches = new DataCucmTrustForecastSwitchesOutputReference(this, "switches");
  /** What Cisco does not document and you have found out, in a lab or from Cisco. */
  public get switches() {
    return this._switches;
  }
  public putSwitches(value: DataCucmTrustForecastSwitches | cdktf.IResolvable) {
    this._switches.internalValue = value;
  }
  public resetSwitches() {
    this._switches.internalValue = undefined;
  }
  /** What was configured. */
  public get switchesInput() {
    return this._switches.internalValue;
  }

  private _models = new DataCucmTrustForecastModelsMap(this, "models");
  /** What you know of phone models, by their name in CUCM (`Cisco 8861`); beats the built-in table. */
  public get models() {
    return this._models;
  }
  public putModels(value: { [key: string]: DataCucmTrustForecastModels } | cdktf.IResolvable) {
    this._models.internalValue = value;
  }
  public resetModels() {
    this._models.internalValue = undefined;
  }
  /** What was configured. */
  public get modelsInput() {
    return this._models.internalValue;
  }

  private _phoneFeatures?: "cluster" | cdktf.IResolvable;
  /** `cluster`: what the source's own *Unified CM Phone Feature List* says of models (tables `productsupportsfeature` and `typesupportsfeature`) beats the built-in table; `models` beats both. A model without a row of which the built-in table is sure that it can is tried both ways. */
  public get phoneFeatures(): string {
    return this.getStringAttribute("phone_features");
  }
  public set phoneFeatures(value: "cluster" | cdktf.IResolvable) {
    this._phoneFeatures = value;
  }
  public resetPhoneFeatures() {
    this._phoneFeatures = undefined;
  }
  /** What was configured. */
  public get phoneFeaturesInput() {
    return this._phoneFeatures;
  }

  private _formerCapfInUse?: boolean | cdktf.IResolvable;
  /** `false`: no phone has an LSC of a former CAPF certificate any more. Default: any that the source's trust stores still hold may have issued one (those of the destination too, for phones that are there), unless the database names the issuer (from 11.5). */
  public get formerCapfInUse() {
    return this.getBooleanAttribute("former_capf_in_use");
  }
  public set formerCapfInUse(value: boolean | cdktf.IResolvable) {
    this._formerCapfInUse = value;
  }
  public resetFormerCapfInUse() {
    this._formerCapfInUse = undefined;
  }
  /** What was configured. */
  public get formerCapfInUseInput() {
    return this._formerCapfInUse;
  }

  private _alternateTftp?: string[];
  /** Device names of phones with *Alternate TFTP* on: CUCM does not show it. */
  public get alternateTftp() {
    return this.getListAttribute("alternate_tftp");
  }
  public set alternateTftp(value: string[]) {
    this._alternateTftp = value;
  }
  public resetAlternateTftp() {
    this._alternateTftp = undefined;
  }
  /** What was configured. */
  public get alternateTftpInput() {
    return this._alternateTftp;
  }

  private _acceptLockouts?: string[];
  /** Device names of phones that somebody accepts to lose, whatever their forecast. */
  public get acceptLockouts() {
    return this.getListAttribute("accept_lockouts");
  }
  public set acceptLockouts(value: string[]) {
    this._acceptLockouts = value;
  }
  public resetAcceptLockouts() {
    this._acceptLockouts = undefined;
  }
  /** What was configured. */
  public get acceptLockoutsInput() {
    return this._acceptLockouts;
  }

  private _limits = new DataCucmTrustForecastLimitsOutputReference(this, "limits");
  /** How many of `phones` may be unable to follow: what `limits` of the wave's `cucm_phone_registration` say. Default: none. */
  public get limits() {
    return this._limits;
  }
  public putLimits(value: DataCucmTrustForecastLimits | cdktf.IResolvable) {
    this._limits.internalValue = value;
  }
  public resetLimits() {
    this._limits.internalValue = undefined;
  }
  /** What was configured. */
  public get limitsInput() {
    return this._limits.internalValue;
  }

  private _requireEvidence?: "served" | "registered-over-tls" | "registered-since-lists" | "tvs-log" | "itl-status" | "web-status" | "trust-list-page" | cdktf.IResolvable;
  /** The least that what is assumed of each phone must rest on, weakest first. From `tvs-log` on it needs its reader in `evidence`. `tvs-log` rests on the name that somebody gave to TVS, `web-status` and `trust-list-page` on what whoever answers at the phone's address shows: neither is proven to be the phone. */
  public get requireEvidence(): string {
    return this.getStringAttribute("require_evidence");
  }
  public set requireEvidence(value: "served" | "registered-over-tls" | "registered-since-lists" | "tvs-log" | "itl-status" | "web-status" | "trust-list-page" | cdktf.IResolvable) {
    this._requireEvidence = value;
  }
  public resetRequireEvidence() {
    this._requireEvidence = undefined;
  }
  /** What was configured. */
  public get requireEvidenceInput() {
    return this._requireEvidence;
  }

  private _evidence?: string[];
  /** What is read of phones besides RIS: `web` (their web pages, where RIS says that they are on: a few requests for every phone), `tvs_log` (the TVS log of every node of the cluster where they are), `itl_status` (by `spellings.itl_status_query`). It changes what an outcome rests on; a phone that shows other lists than it is assumed to hold is `uncertain` instead of `registers`. Default: none. */
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

  private _detail?: boolean | cdktf.IResolvable;
  /** Also fill `forecasts` with every phone. Default: `false`. */
  public get detail() {
    return this.getBooleanAttribute("detail");
  }
  public set detail(value: boolean | cdktf.IResolvable) {
    this._detail = value;
  }
  public resetDetail() {
    this._detail = undefined;
  }
  /** What was configured. */
  public get detailInput() {
    return this._detail;
  }

  private _counts = new cdktf.NumberMap(this, "counts");
  /** Phones by outcome: `registers`, `follows`, `locked out`, `uncertain`. */
  public get counts() {
    return this._counts;
  }

  private _evidenceCounts = new cdktf.NumberMap(this, "evidence_counts");
  /** Phones by what their forecast rests on: level of evidence to number, `none` for those of which nothing is known, and `contradicted` for those that were seen to hold other lists, whatever their level. */
  public get evidenceCounts() {
    return this._evidenceCounts;
  }

  /** Phones that are on the destination already; they are not forecast. 0 for `to = "source"`. */
  public get moved() {
    return this.getNumberAttribute("moved");
  }

  private _atRisk = new DataCucmTrustForecastAtRiskList(this, "at_risk", false);
  /** Phones that do not register for certain, by name; not more than 200, those that are not accepted first. */
  public get atRisk() {
    return this._atRisk;
  }

  /** Phones at risk beyond those listed. */
  public get atRiskUnlisted() {
    return this.getNumberAttribute("at_risk_unlisted");
  }

  /** Whether every phone registers, or is in `accept_lockouts`; null when that is not known because something could not be read. */
  public get noPhoneAtRisk() {
    return this.getBooleanAttribute("no_phone_at_risk");
  }

  private _weakEvidence = new DataCucmTrustForecastWeakEvidenceList(this, "weak_evidence", false);
  /** Phones below `require_evidence` and not in `accept_lockouts`, by name; not more than 200. */
  public get weakEvidence() {
    return this._weakEvidence;
  }

  /** Whether every phone has the evidence that `require_evidence` demands, or is accepted. */
  public get evidenceSuffices() {
    return this.getBooleanAttribute("evidence_suffices");
  }

  private _cannotFollow = new DataCucmTrustForecastCannotFollowList(this, "cannot_follow", false);
  /** Phones that cannot follow, whatever they hold, by name; not more than 200. The destination does not have the device, or it is registered nowhere and was not seen there last, or was rejected there. They cannot be reset, and count as failed. */
  public get cannotFollow() {
    return this._cannotFollow;
  }

  /** Whether they are no more than `limits` allow; null when that hangs on what could not be read. `true` for `to = "source"`. */
  public get withinLimits() {
    return this.getBooleanAttribute("within_limits");
  }

  private _missingIssuers = new DataCucmTrustForecastMissingIssuersMap(this, "missing_issuers");
  /** Former CAPF certificates (of the source; for phones on the destination also of that) that may have issued LSCs of these phones and that not every CallManager trusts where the phones are to go, by SHA-256. Import them there into `CallManager-trust` and `CAPF-trust`; nothing does it by itself. */
  public get missingIssuers() {
    return this._missingIssuers;
  }

  /** What every outcome takes for granted, in sentences, sorted. */
  public get assumed() {
    return this.getListAttribute("assumed");
  }

  /** What was read for `evidence`, in sentences with counts, sorted. */
  public get lookedAt() {
    return this.getListAttribute("looked_at");
  }

  /** What could not be read for `evidence`, and what a cluster does not have and the forecast does without, in sentences, sorted. */
  public get notLookedAt() {
    return this.getListAttribute("not_looked_at");
  }

  /** What could not be read, in sentences, sorted. It is taken for missing, or makes outcomes uncertain. */
  public get unread() {
    return this.getListAttribute("unread");
  }

  private _forecasts = new DataCucmTrustForecastForecastsList(this, "forecasts", false);
  /** Every phone that was forecast, by name; null without `detail`. */
  public get forecasts() {
    return this._forecasts;
  }

  private _chains = new DataCucmTrustForecastChainsList(this, "chains", false);
  /** How the phones boot, step by step; phones that hold the same and are meant for the same share one. Null without `detail`. */
  public get chains() {
    return this._chains;
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      source: cdktf.stringToTerraform(this._source),
      destination: cdktf.stringToTerraform(this._destination),
      phones: cdktf.listMapper(cdktf.stringToTerraform, false)(this._phones),
      to: cdktf.stringToTerraform(this._to),
      destination_tftp: cdktf.listMapper(cdktf.stringToTerraform, false)(this._destinationTftp),
      source_tftp: cdktf.listMapper(cdktf.stringToTerraform, false)(this._sourceTftp),
      assume_trusted: dataCucmTrustForecastAssumeTrustedToTerraform(this._assumeTrusted.internalValue),
      switches: dataCucmTrustForecastSwitchesToTerraform(this._switches.internalValue),
      models: cdktf.hashMapper(dataCucmTrustForecastModelsToTerraform)(this._models.internalValue),
      phone_features: cdktf.stringToTerraform(this._phoneFeatures),
      former_capf_in_use: cdktf.booleanToTerraform(this._formerCapfInUse),
      alternate_tftp: cdktf.listMapper(cdktf.stringToTerraform, false)(this._alternateTftp),
      accept_lockouts: cdktf.listMapper(cdktf.stringToTerraform, false)(this._acceptLockouts),
      limits: dataCucmTrustForecastLimitsToTerraform(this._limits.internalValue),
      require_evidence: cdktf.stringToTerraform(this._requireEvidence),
      evidence: cdktf.listMapper(cdktf.stringToTerraform, false)(this._evidence),
      detail: cdktf.booleanToTerraform(this._detail),
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
      to: {
        value: cdktf.stringToHclTerraform(this._to),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      destination_tftp: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._destinationTftp),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      source_tftp: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._sourceTftp),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      assume_trusted: {
        value: dataCucmTrustForecastAssumeTrustedToHclTerraform(this._assumeTrusted.internalValue),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      switches: {
        value: dataCucmTrustForecastSwitchesToHclTerraform(this._switches.internalValue),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      models: {
        value: hclMap(dataCucmTrustForecastModelsToHclTerraform)(this._models.internalValue),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      phone_features: {
        value: cdktf.stringToHclTerraform(this._phoneFeatures),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      former_capf_in_use: {
        value: cdktf.booleanToHclTerraform(this._formerCapfInUse),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      alternate_tftp: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._alternateTftp),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      accept_lockouts: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._acceptLockouts),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      limits: {
        value: dataCucmTrustForecastLimitsToHclTerraform(this._limits.internalValue),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      require_evidence: {
        value: cdktf.stringToHclTerraform(this._requireEvidence),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      evidence: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._evidence),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      detail: {
        value: cdktf.booleanToHclTerraform(this._detail),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
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

/** CDKTF writes the key of a nested map as it is given, which is no expression unless it has its quotes. */
const mapKey = (key: string) =>
  cdktf.Token.isUnresolved(key) || key.startsWith('"') ? key : JSON.stringify(key).replace(/([$%])\{/g, "$1$1{");
