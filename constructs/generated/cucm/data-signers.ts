// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_signers` (docs/cucm/data-sources/signers.md). */
export interface DataCucmSignersConfig extends cdktf.TerraformMetaArguments {
  /** Name of the cluster in the provider's `clusters`. */
  readonly cluster: string;
}

export interface DataCucmSignersCertificates {

}

export function dataCucmSignersCertificatesToTerraform(struct?: DataCucmSignersCertificates | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function dataCucmSignersCertificatesToHclTerraform(struct?: DataCucmSignersCertificates | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class DataCucmSignersCertificatesOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectKey: string) {
    super(terraformResource, terraformAttribute, false, complexObjectKey);
  }

  public get internalValue(): DataCucmSignersCertificates | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: DataCucmSignersCertificates | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as DataCucmSignersCertificates | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** The certificate in PEM. */
  public get pem() {
    return this.getStringAttribute("pem");
  }

  /** Subject, as trust lists spell it. */
  public get subject() {
    return this.getStringAttribute("subject");
  }

  /** Issuer, as trust lists spell it. */
  public get issuer() {
    return this.getStringAttribute("issuer");
  }

  /** Serial number, upper-case hex. */
  public get serial() {
    return this.getStringAttribute("serial");
  }

  /** Start of validity, ISO 8601. */
  public get notBefore() {
    return this.getStringAttribute("not_before");
  }

  /** End of validity, ISO 8601. */
  public get notAfter() {
    return this.getStringAttribute("not_after");
  }

  /** Where it was seen, sorted. */
  public get seenIn() {
    return this.getListAttribute("seen_in");
  }

  /** Whether it signs files that phones fetch; false for an issuer of LSCs only. */
  public get signer() {
    return this.getBooleanAttribute("signer");
  }
}

export class DataCucmSignersCertificatesMap extends cdktf.ComplexMap {
  public internalValue?: { [key: string]: DataCucmSignersCertificates } | cdktf.IResolvable;

  /** The member with this key. */
  public get(key: string): DataCucmSignersCertificatesOutputReference {
    return new DataCucmSignersCertificatesOutputReference(this.terraformResource, this.terraformAttribute, mapKey(key));
  }
}

/**
 * The certificates that a phone must trust to follow files of this cluster: the real signers in the headers of the CTL, the ITL and a signed configuration on every TFTP node, the CallManager certificates of the publisher and of each TFTP node, ITLRecovery, and CAPF (the issuer of LSCs). Empty where the cluster is `decommissioned`.
 *
 * See docs/cucm/data-sources/signers.md.
 */
export class DataCucmSigners extends cdktf.TerraformDataSource {
  public static readonly tfResourceType = "cucm_signers";

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
      terraformResourceType: "cucm_signers",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DataCucmSignersConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_signers",
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

  private _certificates = new DataCucmSignersCertificatesMap(this, "certificates");
  /** By the SHA-256 of the certificate (lower-case hex). */
  public get certificates() {
    return this._certificates;
  }

  /** Subjects of signers that have expired, sorted. */
  public get expired() {
    return this.getListAttribute("expired");
  }

  /** Served files that phones would refuse whatever they trust, in sentences, sorted: broken ones, wrong signatures, signers that are found nowhere, lists that are not served. Each is a warning, too. */
  public get problems() {
    return this.getListAttribute("problems");
  }

  /** Addresses of nodes that did not answer, sorted: signers that only they show are missing. A move should wait until it is empty. */
  public get unread() {
    return this.getListAttribute("unread");
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
