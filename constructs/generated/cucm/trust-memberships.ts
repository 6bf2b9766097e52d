// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of `cucm_trust_memberships` (docs/cucm/resources/trust_memberships.md). */
export interface CucmTrustMembershipsConfig extends cdktf.TerraformMetaArguments {
  /** Name of the cluster in the provider's `clusters`. */
  readonly cluster: string;
  /** What the trust stores have to hold, by the SHA-256 of the certificate (lower-case hex). */
  readonly certificates: { [key: string]: CucmTrustMembershipsCertificates } | cdktf.IResolvable;
  /**
   * How certificates get there: `manual` imports each one (Cisco's "Method 2"); `bulk` ("Method 1") lets both clusters export to an SFTP server, imports what they consolidate, and then one by one what that did not bring (ITLRecovery). It may bring certificates that are not declared here; a destroy leaves those, and one that would replace another of the same CN is refused.
   *
   * @default "manual"
   */
  readonly method?: "manual" | "bulk" | cdktf.IResolvable;
  /** For `method = "bulk"`: with whom, and where. */
  readonly bulk?: CucmTrustMembershipsBulk | cdktf.IResolvable;
  /**
   * Also renew the CTL (`utils ctl update CTLFile`, tokenless CTLs only, from 10.0) until every TFTP node serves one that lists the certificates in `Phone-SAST-trust` as SAST: phones that fetched it accept files that those sign without TVS. Restarts Cisco CallManager and Cisco Tftp, node by node, if the CTL has to be renewed; then reset the phones. A destroy renews it again, without them.
   *
   * @default false
   */
  readonly updateCtl?: boolean | cdktf.IResolvable;
  /**
   * Leave the certificates in the stores, and in the CTL, on destroy.
   *
   * @default false
   */
  readonly retainOnDestroy?: boolean | cdktf.IResolvable;
  /**
   * Delete certificates that left `certificates` at once instead of keeping them until destroy. Set it for a deploy in which every node can be read: the certificates of a node that does not answer have left too.
   *
   * @default false
   */
  readonly prune?: boolean | cdktf.IResolvable;
  /** Day (`YYYY-MM-DD`) until which no destroy, removal or `prune` takes certificates out of the stores; from its beginning on (UTC) they may go, and each plan warns of it. A destroy with `retain_on_destroy` is not refused. To let go earlier, apply an earlier day first. */
  readonly keepUntil?: string;
}

export interface CucmTrustMembershipsCertificates {
  /** The certificate in PEM. */
  readonly pem: string;
  /** Trust stores that hold it: `CallManager-trust`, `Phone-SAST-trust`, `CAPF-trust`. */
  readonly stores: string[];
}

export function cucmTrustMembershipsCertificatesToTerraform(struct?: CucmTrustMembershipsCertificates | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    pem: cdktf.stringToTerraform(struct!.pem),
    stores: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.stores),
  };
}

export function cucmTrustMembershipsCertificatesToHclTerraform(struct?: CucmTrustMembershipsCertificates | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    pem: hclText(struct!.pem),
    stores: cdktf.listMapperHcl(hclText, false)(struct!.stores),
  };
}

export class CucmTrustMembershipsCertificatesOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectKey: string) {
    super(terraformResource, terraformAttribute, false, complexObjectKey);
  }

  public get internalValue(): CucmTrustMembershipsCertificates | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._pem !== undefined) result.pem = this._pem;
    if (this._stores !== undefined) result.stores = this._stores;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: CucmTrustMembershipsCertificates | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as CucmTrustMembershipsCertificates | undefined);
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
  /** Trust stores that hold it: `CallManager-trust`, `Phone-SAST-trust`, `CAPF-trust`. */
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

export class CucmTrustMembershipsCertificatesMap extends cdktf.ComplexMap {
  public internalValue?: { [key: string]: CucmTrustMembershipsCertificates } | cdktf.IResolvable;

  /** The member with this key. */
  public get(key: string): CucmTrustMembershipsCertificatesOutputReference {
    return new CucmTrustMembershipsCertificatesOutputReference(this.terraformResource, this.terraformAttribute, mapKey(key));
  }
}

export interface CucmTrustMembershipsBulk {
  /** Name of the other cluster in the provider's `clusters`. */
  readonly peer: string;
  /** Name in the provider's `sftp_servers`. */
  readonly sftpServer: string;
  /** Move files that others left in the server's directory into a folder there, instead of refusing the exchange. */
  readonly archiveLeftovers?: boolean | cdktf.IResolvable;
}

export function cucmTrustMembershipsBulkToTerraform(struct?: CucmTrustMembershipsBulk | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    peer: cdktf.stringToTerraform(struct!.peer),
    sftp_server: cdktf.stringToTerraform(struct!.sftpServer),
    archive_leftovers: cdktf.booleanToTerraform(struct!.archiveLeftovers),
  };
}

export function cucmTrustMembershipsBulkToHclTerraform(struct?: CucmTrustMembershipsBulk | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    peer: hclText(struct!.peer),
    sftp_server: hclText(struct!.sftpServer),
    archive_leftovers: cdktf.booleanToHclTerraform(struct!.archiveLeftovers),
  };
}

export class CucmTrustMembershipsBulkOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string) {
    super(terraformResource, terraformAttribute, false);
  }

  public get internalValue(): CucmTrustMembershipsBulk | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};
    if (this._peer !== undefined) result.peer = this._peer;
    if (this._sftpServer !== undefined) result.sftpServer = this._sftpServer;
    if (this._archiveLeftovers !== undefined) result.archiveLeftovers = this._archiveLeftovers;
    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: CucmTrustMembershipsBulk | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as CucmTrustMembershipsBulk | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
    this._peer = given?.peer;
    this._sftpServer = given?.sftpServer;
    this._archiveLeftovers = given?.archiveLeftovers;
  }

  private _peer?: string;
  /** Name of the other cluster in the provider's `clusters`. */
  public get peer() {
    return this.getStringAttribute("peer");
  }
  public set peer(value: string) {
    this._peer = value;
  }
  /** What was configured. */
  public get peerInput() {
    return this._peer;
  }

  private _sftpServer?: string;
  /** Name in the provider's `sftp_servers`. */
  public get sftpServer() {
    return this.getStringAttribute("sftp_server");
  }
  public set sftpServer(value: string) {
    this._sftpServer = value;
  }
  /** What was configured. */
  public get sftpServerInput() {
    return this._sftpServer;
  }

  private _archiveLeftovers?: boolean | cdktf.IResolvable;
  /** Move files that others left in the server's directory into a folder there, instead of refusing the exchange. */
  public get archiveLeftovers() {
    return this.getBooleanAttribute("archive_leftovers");
  }
  public set archiveLeftovers(value: boolean | cdktf.IResolvable) {
    this._archiveLeftovers = value;
  }
  public resetArchiveLeftovers() {
    this._archiveLeftovers = undefined;
  }
  /** What was configured. */
  public get archiveLeftoversInput() {
    return this._archiveLeftovers;
  }
}

export interface CucmTrustMembershipsSuperseded {

}

export function cucmTrustMembershipsSupersededToTerraform(struct?: CucmTrustMembershipsSuperseded | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export function cucmTrustMembershipsSupersededToHclTerraform(struct?: CucmTrustMembershipsSuperseded | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {

  };
}

export class CucmTrustMembershipsSupersededOutputReference extends cdktf.ComplexObject {
  private isEmptyObject = false;
  private resolvableValue?: cdktf.IResolvable;

  public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string, complexObjectKey: string) {
    super(terraformResource, terraformAttribute, false, complexObjectKey);
  }

  public get internalValue(): CucmTrustMembershipsSuperseded | cdktf.IResolvable | undefined {
    if (this.resolvableValue) return this.resolvableValue;
    const result: any = {};

    return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
  }

  public set internalValue(value: CucmTrustMembershipsSuperseded | cdktf.IResolvable | undefined) {
    const resolvable = cdktf.Tokenization.isResolvable(value);
    const given = resolvable ? undefined : (value as CucmTrustMembershipsSuperseded | undefined);
    this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
    this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;

  }

  /** The certificate in PEM. */
  public get pem() {
    return this.getStringAttribute("pem");
  }

  /** Trust stores that hold it. */
  public get stores() {
    return this.getListAttribute("stores");
  }
}

export class CucmTrustMembershipsSupersededMap extends cdktf.ComplexMap {
  public internalValue?: { [key: string]: CucmTrustMembershipsSuperseded } | cdktf.IResolvable;

  /** The member with this key. */
  public get(key: string): CucmTrustMembershipsSupersededOutputReference {
    return new CucmTrustMembershipsSupersededOutputReference(this.terraformResource, this.terraformAttribute, mapKey(key));
  }
}

/**
 * Certificates in trust stores of one cluster: imported on the publisher, awaited on every node, and loaded by TVS, which is restarted node by node (Cisco's manual procedure, steps 4 to 6).
 *
 * See docs/cucm/resources/trust_memberships.md.
 */
export class CucmTrustMemberships extends cdktf.TerraformResource {
  public static readonly tfResourceType = "cucm_trust_memberships";

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
      terraformResourceType: "cucm_trust_memberships",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: CucmTrustMembershipsConfig) {
    super(scope, id, {
      terraformResourceType: "cucm_trust_memberships",
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
    this._certificates.internalValue = config.certificates;
    this._method = config.method;
    this._bulk.internalValue = config.bulk;
    this._updateCtl = config.updateCtl;
    this._retainOnDestroy = config.retainOnDestroy;
    this._prune = config.prune;
    this._keepUntil = config.keepUntil;
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

  private _certificates = new CucmTrustMembershipsCertificatesMap(this, "certificates");
  /** What the trust stores have to hold, by the SHA-256 of the certificate (lower-case hex). */
  public get certificates() {
    return this._certificates;
  }
  public putCertificates(value: { [key: string]: CucmTrustMembershipsCertificates } | cdktf.IResolvable) {
    this._certificates.internalValue = value;
  }
  /** What was configured. */
  public get certificatesInput() {
    return this._certificates.internalValue;
  }

  private _method?: "manual" | "bulk" | cdktf.IResolvable;
  /**
   * How certificates get there: `manual` imports each one (Cisco's "Method 2"); `bulk` ("Method 1") lets both clusters export to an SFTP server, imports what they consolidate, and then one by one what that did not bring (ITLRecovery). It may bring certificates that are not declared here; a destroy leaves those, and one that would replace another of the same CN is refused.
   *
   * @default "manual"
   */
  public get method(): string {
    return this.getStringAttribute("method");
  }
  public set method(value: "manual" | "bulk" | cdktf.IResolvable) {
    this._method = value;
  }
  public resetMethod() {
    this._method = undefined;
  }
  /** What was configured. */
  public get methodInput() {
    return this._method;
  }

  private _bulk = new CucmTrustMembershipsBulkOutputReference(this, "bulk");
  /** For `method = "bulk"`: with whom, and where. */
  public get bulk() {
    return this._bulk;
  }
  public putBulk(value: CucmTrustMembershipsBulk | cdktf.IResolvable) {
    this._bulk.internalValue = value;
  }
  public resetBulk() {
    this._bulk.internalValue = undefined;
  }
  /** What was configured. */
  public get bulkInput() {
    return this._bulk.internalValue;
  }

  private _updateCtl?: boolean | cdktf.IResolvable;
  /**
   * Also renew the CTL (`utils ctl update CTLFile`, tokenless CTLs only, from 10.0) until every TFTP node serves one that lists the certificates in `Phone-SAST-trust` as SAST: phones that fetched it accept files that those sign without TVS. Restarts Cisco CallManager and Cisco Tftp, node by node, if the CTL has to be renewed; then reset the phones. A destroy renews it again, without them.
   *
   * @default false
   */
  public get updateCtl() {
    return this.getBooleanAttribute("update_ctl");
  }
  public set updateCtl(value: boolean | cdktf.IResolvable) {
    this._updateCtl = value;
  }
  public resetUpdateCtl() {
    this._updateCtl = undefined;
  }
  /** What was configured. */
  public get updateCtlInput() {
    return this._updateCtl;
  }

  private _retainOnDestroy?: boolean | cdktf.IResolvable;
  /**
   * Leave the certificates in the stores, and in the CTL, on destroy.
   *
   * @default false
   */
  public get retainOnDestroy() {
    return this.getBooleanAttribute("retain_on_destroy");
  }
  public set retainOnDestroy(value: boolean | cdktf.IResolvable) {
    this._retainOnDestroy = value;
  }
  public resetRetainOnDestroy() {
    this._retainOnDestroy = undefined;
  }
  /** What was configured. */
  public get retainOnDestroyInput() {
    return this._retainOnDestroy;
  }

  private _prune?: boolean | cdktf.IResolvable;
  /**
   * Delete certificates that left `certificates` at once instead of keeping them until destroy. Set it for a deploy in which every node can be read: the certificates of a node that does not answer have left too.
   *
   * @default false
   */
  public get prune() {
    return this.getBooleanAttribute("prune");
  }
  public set prune(value: boolean | cdktf.IResolvable) {
    this._prune = value;
  }
  public resetPrune() {
    this._prune = undefined;
  }
  /** What was configured. */
  public get pruneInput() {
    return this._prune;
  }

  private _keepUntil?: string;
  /** Day (`YYYY-MM-DD`) until which no destroy, removal or `prune` takes certificates out of the stores; from its beginning on (UTC) they may go, and each plan warns of it. A destroy with `retain_on_destroy` is not refused. To let go earlier, apply an earlier day first. */
  public get keepUntil() {
    return this.getStringAttribute("keep_until");
  }
  public set keepUntil(value: string) {
    this._keepUntil = value;
  }
  public resetKeepUntil() {
    this._keepUntil = undefined;
  }
  /** What was configured. */
  public get keepUntilInput() {
    return this._keepUntil;
  }

  private _nodes = new cdktf.BooleanMap(this, "nodes");
  /** By node: whether it holds every certificate. A node that was never read is left out. */
  public get nodes() {
    return this._nodes;
  }

  /** What a node lacks, `<node>: <store>/<sha256>`, sorted; also what its TVS has not loaded. */
  public get missing() {
    return this.getListAttribute("missing");
  }

  /** With `update_ctl`: what the CTL of a TFTP node does not list yet, `<node>: <sha256>`, sorted, or what else is wrong with it. Empty when nothing is left. */
  public get ctlPending() {
    return this.getListAttribute("ctl_pending");
  }

  /** `<store>/<sha256>` that were there before; destroy leaves them. */
  public get alreadyPresent() {
    return this.getListAttribute("already_present");
  }

  private _superseded = new CucmTrustMembershipsSupersededMap(this, "superseded");
  /** Certificates that were replaced; they stay in the stores until destroy. */
  public get superseded() {
    return this._superseded;
  }

  /** Changes with every import, deletion and restart. */
  public get generation() {
    return this.getStringAttribute("generation");
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      cluster: cdktf.stringToTerraform(this._cluster),
      certificates: cdktf.hashMapper(cucmTrustMembershipsCertificatesToTerraform)(this._certificates.internalValue),
      method: cdktf.stringToTerraform(this._method),
      bulk: cucmTrustMembershipsBulkToTerraform(this._bulk.internalValue),
      update_ctl: cdktf.booleanToTerraform(this._updateCtl),
      retain_on_destroy: cdktf.booleanToTerraform(this._retainOnDestroy),
      prune: cdktf.booleanToTerraform(this._prune),
      keep_until: cdktf.stringToTerraform(this._keepUntil),
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
      certificates: {
        value: hclMap(cucmTrustMembershipsCertificatesToHclTerraform)(this._certificates.internalValue),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      method: {
        value: cdktf.stringToHclTerraform(this._method),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      bulk: {
        value: cucmTrustMembershipsBulkToHclTerraform(this._bulk.internalValue),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      update_ctl: {
        value: cdktf.booleanToHclTerraform(this._updateCtl),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      retain_on_destroy: {
        value: cdktf.booleanToHclTerraform(this._retainOnDestroy),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      prune: {
        value: cdktf.booleanToHclTerraform(this._prune),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      keep_until: {
        value: cdktf.stringToHclTerraform(this._keepUntil),
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

/** CDKTF writes the key of a nested map as it is given, which is no expression unless it has its quotes. */
const mapKey = (key: string) =>
  cdktf.Token.isUnresolved(key) || key.startsWith('"') ? key : JSON.stringify(key).replace(/([$%])\{/g, "$1$1{");
