// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of the provider `cucm` (docs/cucm/index.md). */
export interface CucmProviderConfig {
  /** The clusters, by a name that resources use. */
  readonly clusters: { [key: string]: CucmProviderClusters } | cdktf.IResolvable;
  /** SFTP servers for `method = "bulk"`, by a name that resources use. */
  readonly sftpServers?: { [key: string]: CucmProviderSftpServers } | cdktf.IResolvable;
  /** Tells several configurations of this provider apart. */
  readonly alias?: string;
}

export interface CucmProviderClustersPorts {
  /** Port of the OS CLI (22). */
  readonly ssh?: number;
  /** Port of AXL, Control Center and RIS (8443). */
  readonly https?: number;
  /** Port of TFTP over HTTP (6970). */
  readonly tftpHttp?: number;
  /** Port of TVS (2445). */
  readonly tvs?: number;
  /** Port of phones' web servers (80). */
  readonly phoneHttp?: number;
  /** Port of Certificate Management REST and OS administration (443). */
  readonly platform?: number;
}

export function cucmProviderClustersPortsToTerraform(struct?: CucmProviderClustersPorts | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    ssh: cdktf.numberToTerraform(struct!.ssh),
    https: cdktf.numberToTerraform(struct!.https),
    tftp_http: cdktf.numberToTerraform(struct!.tftpHttp),
    tvs: cdktf.numberToTerraform(struct!.tvs),
    phone_http: cdktf.numberToTerraform(struct!.phoneHttp),
    platform: cdktf.numberToTerraform(struct!.platform),
  };
}

export function cucmProviderClustersPortsToHclTerraform(struct?: CucmProviderClustersPorts | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    ssh: cdktf.numberToHclTerraform(struct!.ssh),
    https: cdktf.numberToHclTerraform(struct!.https),
    tftp_http: cdktf.numberToHclTerraform(struct!.tftpHttp),
    tvs: cdktf.numberToHclTerraform(struct!.tvs),
    phone_http: cdktf.numberToHclTerraform(struct!.phoneHttp),
    platform: cdktf.numberToHclTerraform(struct!.platform),
  };
}

export interface CucmProviderClustersIdentities {
  /** SHA-256 (hex) of accepted TLS certificates. */
  readonly tlsSha256?: string[];
  /** Accepted SSH host keys, `SHA256:...` as ssh-keygen prints. */
  readonly sshSha256?: string[];
}

export function cucmProviderClustersIdentitiesToTerraform(struct?: CucmProviderClustersIdentities | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    tls_sha256: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.tlsSha256),
    ssh_sha256: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.sshSha256),
  };
}

export function cucmProviderClustersIdentitiesToHclTerraform(struct?: CucmProviderClustersIdentities | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    tls_sha256: cdktf.listMapperHcl(hclText, false)(struct!.tlsSha256),
    ssh_sha256: cdktf.listMapperHcl(hclText, false)(struct!.sshSha256),
  };
}

export interface CucmProviderClustersSpellingsWebForms {
  /** Path that takes the login. */
  readonly loginPath?: string;
  /** Path of the list, with `{page}` for the number of the page. */
  readonly listPath?: string;
  /** Path of the upload. */
  readonly uploadPath?: string;
  /** Field of the upload that chooses the store. */
  readonly storeField?: string;
  /** Field of the upload that takes the file. */
  readonly fileField?: string;
  /** Link or button that deletes, on the page of a certificate. */
  readonly deleteButton?: string;
  /** Link or button that fetches it, on the same page. */
  readonly downloadButton?: string;
}

export function cucmProviderClustersSpellingsWebFormsToTerraform(struct?: CucmProviderClustersSpellingsWebForms | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    login_path: cdktf.stringToTerraform(struct!.loginPath),
    list_path: cdktf.stringToTerraform(struct!.listPath),
    upload_path: cdktf.stringToTerraform(struct!.uploadPath),
    store_field: cdktf.stringToTerraform(struct!.storeField),
    file_field: cdktf.stringToTerraform(struct!.fileField),
    delete_button: cdktf.stringToTerraform(struct!.deleteButton),
    download_button: cdktf.stringToTerraform(struct!.downloadButton),
  };
}

export function cucmProviderClustersSpellingsWebFormsToHclTerraform(struct?: CucmProviderClustersSpellingsWebForms | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    login_path: hclText(struct!.loginPath),
    list_path: hclText(struct!.listPath),
    upload_path: hclText(struct!.uploadPath),
    store_field: hclText(struct!.storeField),
    file_field: hclText(struct!.fileField),
    delete_button: hclText(struct!.deleteButton),
    download_button: hclText(struct!.downloadButton),
  };
}

export interface CucmProviderClustersSpellings {
  /** Unit of `set cert import trust`, by trust store. */
  readonly importUnit?: { [key: string]: string };
  /** What ends a pasted certificate. */
  readonly pasteEnd?: "newline" | "empty-line" | "ctrl-d" | cdktf.IResolvable;
  /** `set cert delete` with `{store}`, `{unit}` and `{file}` filled in. */
  readonly deleteCommand?: string;
  /** `service` of the Certificate Management REST interface, by trust store. */
  readonly restService?: { [key: string]: string };
  /** The pages of OS administration, for `certificate_transport = "web"`. */
  readonly webForms?: CucmProviderClustersSpellingsWebForms | cdktf.IResolvable;
  /** Unit of `set cert bulk export`, `consolidate` and `import`: `tftp` or `all`, say. */
  readonly bulkUnit?: string;
  /** What `set cert bulk sftp` asks for, in its order, from `address`, `port`, `user`, `password`, `directory`. Default: each question is answered by its words. */
  readonly bulkSftpOrder?: string[];
  /** Database name of the rollback parameter. */
  readonly rollbackParameter?: string;
  /** Its values that mean True. */
  readonly rollbackTrue?: string[];
  /** Its values that mean False. */
  readonly rollbackFalse?: string[];
  /** Paths of the web page where a phone shows its CTL and ITL. */
  readonly trustListPages?: string[];
  /** SELECT that answers `name` and `status` (of its ITL) of devices, with `{phones}` for their quoted names. Default: none, since no document tells where newer releases record it. */
  readonly itlStatusQuery?: string;
  /** Its values that mean that a phone has the ITL that is served. */
  readonly itlStatusCurrent?: string[];
  /** Its values that mean that it has not. */
  readonly itlStatusOther?: string[];
}

export function cucmProviderClustersSpellingsToTerraform(struct?: CucmProviderClustersSpellings | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    import_unit: cdktf.hashMapper(cdktf.stringToTerraform)(struct!.importUnit),
    paste_end: cdktf.stringToTerraform(struct!.pasteEnd),
    delete_command: cdktf.stringToTerraform(struct!.deleteCommand),
    rest_service: cdktf.hashMapper(cdktf.stringToTerraform)(struct!.restService),
    web_forms: cucmProviderClustersSpellingsWebFormsToTerraform(struct!.webForms),
    bulk_unit: cdktf.stringToTerraform(struct!.bulkUnit),
    bulk_sftp_order: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.bulkSftpOrder),
    rollback_parameter: cdktf.stringToTerraform(struct!.rollbackParameter),
    rollback_true: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.rollbackTrue),
    rollback_false: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.rollbackFalse),
    trust_list_pages: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.trustListPages),
    itl_status_query: cdktf.stringToTerraform(struct!.itlStatusQuery),
    itl_status_current: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.itlStatusCurrent),
    itl_status_other: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.itlStatusOther),
  };
}

export function cucmProviderClustersSpellingsToHclTerraform(struct?: CucmProviderClustersSpellings | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    import_unit: hclMap(hclText)(struct!.importUnit),
    paste_end: hclText(struct!.pasteEnd),
    delete_command: hclText(struct!.deleteCommand),
    rest_service: hclMap(hclText)(struct!.restService),
    web_forms: cucmProviderClustersSpellingsWebFormsToHclTerraform(struct!.webForms),
    bulk_unit: hclText(struct!.bulkUnit),
    bulk_sftp_order: cdktf.listMapperHcl(hclText, false)(struct!.bulkSftpOrder),
    rollback_parameter: hclText(struct!.rollbackParameter),
    rollback_true: cdktf.listMapperHcl(hclText, false)(struct!.rollbackTrue),
    rollback_false: cdktf.listMapperHcl(hclText, false)(struct!.rollbackFalse),
    trust_list_pages: cdktf.listMapperHcl(hclText, false)(struct!.trustListPages),
    itl_status_query: hclText(struct!.itlStatusQuery),
    itl_status_current: cdktf.listMapperHcl(hclText, false)(struct!.itlStatusCurrent),
    itl_status_other: cdktf.listMapperHcl(hclText, false)(struct!.itlStatusOther),
  };
}

export interface CucmProviderClusters {
  /** Address of the publisher. */
  readonly publisher: string;
  /** The cluster is switched off for good: nothing is read from it or written to it, resources about it keep what is known and may be removed, and no phone is registered there. Needs no credentials. Default: `false`. */
  readonly decommissioned?: boolean | cdktf.IResolvable;
  /** Addresses of nodes whose name in the server table cannot be resolved from here. */
  readonly nodeAddresses?: { [key: string]: string };
  /** Ports, where they are not CUCM's own. */
  readonly ports?: CucmProviderClustersPorts | cdktf.IResolvable;
  /** Pinned host identities by node address; `*` for any node. */
  readonly identities?: { [key: string]: CucmProviderClustersIdentities } | cdktf.IResolvable;
  /** CA certificates (PEM) for the Tomcat certificates of nodes without a pin. */
  readonly caPem?: string;
  /** Name of the environment variable that holds the OS administrator's name. Default: `CUCM_<NAME>_PLATFORM_USERNAME`, with the cluster's name in upper case. */
  readonly platformUsernameEnv?: string;
  /** Name of the environment variable that holds the OS administrator's password. Default: `CUCM_<NAME>_PLATFORM_PASSWORD`, with the cluster's name in upper case. */
  readonly platformPasswordEnv?: string;
  /** Name of the environment variable that holds the application user's name (AXL, Control Center, RIS). Default: `CUCM_<NAME>_APPLICATION_USERNAME`, with the cluster's name in upper case. */
  readonly applicationUsernameEnv?: string;
  /** Name of the environment variable that holds the application user's password. Default: `CUCM_<NAME>_APPLICATION_PASSWORD`, with the cluster's name in upper case. */
  readonly applicationPasswordEnv?: string;
  /** PEM file with the certificate to show to TVS, if it demands one. */
  readonly tvsClientCertificateFile?: string;
  /** PEM file with its key. */
  readonly tvsClientKeyFile?: string;
  /** What no public document spells; see docs/assumptions.md. */
  readonly spellings?: CucmProviderClustersSpellings | cdktf.IResolvable;
  /** What TLS and SSH may negotiate. `legacy` also speaks TLS 1.0, SHA-1 and CBC, which is all that 8.x and 9.x have, and 10.x whose Tomcat has no TLS 1.2. Identities are verified all the same. Default: `modern`. */
  readonly cryptography?: "modern" | "legacy" | cdktf.IResolvable;
  /** What reads and writes the certificates of nodes: `cli` (OS CLI over SSH), `rest` (Certificate Management REST, 14 and later; deletes go through the CLI) or `web` (the forms of OS administration). `auto` takes REST where release and node offer it, otherwise the CLI. Default: `auto`. */
  readonly certificateTransport?: "auto" | "cli" | "rest" | "web" | cdktf.IResolvable;
  /** Seconds that replication to all nodes may take. Default: `2400`. */
  readonly replicationTimeout?: number;
  /** Seconds that a service restart may take. Default: `600`. */
  readonly restartTimeout?: number;
  /** Seconds that one request may take. Default: `60`. */
  readonly requestTimeout?: number;
  /** Enterprise parameter *Allowed Device Queries Per Minute*. Default: `15`. */
  readonly risPerMinute?: number;
  /** Phones that are reset within a minute, whatever wave they are in. Default: `120`, which is ours: no document names a rate. */
  readonly resetsPerMinute?: number;
}

export function cucmProviderClustersToTerraform(struct?: CucmProviderClusters | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    publisher: cdktf.stringToTerraform(struct!.publisher),
    decommissioned: cdktf.booleanToTerraform(struct!.decommissioned),
    node_addresses: cdktf.hashMapper(cdktf.stringToTerraform)(struct!.nodeAddresses),
    ports: cucmProviderClustersPortsToTerraform(struct!.ports),
    identities: cdktf.hashMapper(cucmProviderClustersIdentitiesToTerraform)(struct!.identities),
    ca_pem: cdktf.stringToTerraform(struct!.caPem),
    platform_username_env: cdktf.stringToTerraform(struct!.platformUsernameEnv),
    platform_password_env: cdktf.stringToTerraform(struct!.platformPasswordEnv),
    application_username_env: cdktf.stringToTerraform(struct!.applicationUsernameEnv),
    application_password_env: cdktf.stringToTerraform(struct!.applicationPasswordEnv),
    tvs_client_certificate_file: cdktf.stringToTerraform(struct!.tvsClientCertificateFile),
    tvs_client_key_file: cdktf.stringToTerraform(struct!.tvsClientKeyFile),
    spellings: cucmProviderClustersSpellingsToTerraform(struct!.spellings),
    cryptography: cdktf.stringToTerraform(struct!.cryptography),
    certificate_transport: cdktf.stringToTerraform(struct!.certificateTransport),
    replication_timeout: cdktf.numberToTerraform(struct!.replicationTimeout),
    restart_timeout: cdktf.numberToTerraform(struct!.restartTimeout),
    request_timeout: cdktf.numberToTerraform(struct!.requestTimeout),
    ris_per_minute: cdktf.numberToTerraform(struct!.risPerMinute),
    resets_per_minute: cdktf.numberToTerraform(struct!.resetsPerMinute),
  };
}

export function cucmProviderClustersToHclTerraform(struct?: CucmProviderClusters | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    publisher: hclText(struct!.publisher),
    decommissioned: cdktf.booleanToHclTerraform(struct!.decommissioned),
    node_addresses: hclMap(hclText)(struct!.nodeAddresses),
    ports: cucmProviderClustersPortsToHclTerraform(struct!.ports),
    identities: hclMap(cucmProviderClustersIdentitiesToHclTerraform)(struct!.identities),
    ca_pem: hclText(struct!.caPem),
    platform_username_env: hclText(struct!.platformUsernameEnv),
    platform_password_env: hclText(struct!.platformPasswordEnv),
    application_username_env: hclText(struct!.applicationUsernameEnv),
    application_password_env: hclText(struct!.applicationPasswordEnv),
    tvs_client_certificate_file: hclText(struct!.tvsClientCertificateFile),
    tvs_client_key_file: hclText(struct!.tvsClientKeyFile),
    spellings: cucmProviderClustersSpellingsToHclTerraform(struct!.spellings),
    cryptography: hclText(struct!.cryptography),
    certificate_transport: hclText(struct!.certificateTransport),
    replication_timeout: cdktf.numberToHclTerraform(struct!.replicationTimeout),
    restart_timeout: cdktf.numberToHclTerraform(struct!.restartTimeout),
    request_timeout: cdktf.numberToHclTerraform(struct!.requestTimeout),
    ris_per_minute: cdktf.numberToHclTerraform(struct!.risPerMinute),
    resets_per_minute: cdktf.numberToHclTerraform(struct!.resetsPerMinute),
  };
}

export interface CucmProviderSftpServers {
  /** Its address, the same for the publishers and from here. */
  readonly address: string;
  /** Its port. Default: `22`. */
  readonly port?: number;
  /** A directory for these two clusters alone, which exists and is empty at first. */
  readonly directory: string;
  /** Accepted host keys, `SHA256:...` as ssh-keygen prints. Without one nothing is sent; the error prints what the server shows. */
  readonly hostKeySha256?: string[];
  /** Name of the environment variable that holds the user name. Default: `SFTP_<NAME>_USERNAME`, with the server's name in upper case. */
  readonly usernameEnv?: string;
  /** Name of the environment variable that holds the password. Default: `SFTP_<NAME>_PASSWORD`, with the server's name in upper case. */
  readonly passwordEnv?: string;
}

export function cucmProviderSftpServersToTerraform(struct?: CucmProviderSftpServers | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    address: cdktf.stringToTerraform(struct!.address),
    port: cdktf.numberToTerraform(struct!.port),
    directory: cdktf.stringToTerraform(struct!.directory),
    host_key_sha256: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.hostKeySha256),
    username_env: cdktf.stringToTerraform(struct!.usernameEnv),
    password_env: cdktf.stringToTerraform(struct!.passwordEnv),
  };
}

export function cucmProviderSftpServersToHclTerraform(struct?: CucmProviderSftpServers | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    address: hclText(struct!.address),
    port: cdktf.numberToHclTerraform(struct!.port),
    directory: hclText(struct!.directory),
    host_key_sha256: cdktf.listMapperHcl(hclText, false)(struct!.hostKeySha256),
    username_env: hclText(struct!.usernameEnv),
    password_env: hclText(struct!.passwordEnv),
  };
}

/**
 * Reconciles secure Cisco Unified CM clusters for a phone migration: trust stores, TVS, and where phones are registered.
 *
 * It is in no registry: `cdktf synth` lays it into each stack, and `npx phone-migration providers --into DIR` into a folder of `.tf` files. Credentials are in environment variables, by default `CUCM_<NAME>_...` for each cluster.
 *
 * See docs/cucm/index.md.
 */
export class CucmProvider extends cdktf.TerraformProvider {
  public static readonly tfResourceType = "cucm";

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
      terraformResourceType: "cucm",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: CucmProviderConfig) {
    super(scope, id, {
      terraformResourceType: "cucm",
      terraformGeneratorMetadata: {
        providerName: "cucm",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
      terraformProviderSource: "phone-migration.internal/voice/cucm",
    });
    this._clusters = config.clusters;
    this._sftpServers = config.sftpServers;
    this._alias = config.alias;
  }

  private _clusters?: { [key: string]: CucmProviderClusters } | cdktf.IResolvable;
  /** The clusters, by a name that resources use. */
  public get clusters(): { [key: string]: CucmProviderClusters } | cdktf.IResolvable | undefined {
    return this._clusters;
  }
  public set clusters(value: { [key: string]: CucmProviderClusters } | cdktf.IResolvable | undefined) {
    this._clusters = value;
  }
  public get clustersInput() {
    return this._clusters;
  }

  private _sftpServers?: { [key: string]: CucmProviderSftpServers } | cdktf.IResolvable;
  /** SFTP servers for `method = "bulk"`, by a name that resources use. */
  public get sftpServers(): { [key: string]: CucmProviderSftpServers } | cdktf.IResolvable | undefined {
    return this._sftpServers;
  }
  public set sftpServers(value: { [key: string]: CucmProviderSftpServers } | cdktf.IResolvable | undefined) {
    this._sftpServers = value;
  }
  public resetSftpServers() {
    this._sftpServers = undefined;
  }
  public get sftpServersInput() {
    return this._sftpServers;
  }

  private _alias?: string;
  /** Tells several configurations of this provider apart. */
  public override get alias(): string | undefined {
    return this._alias;
  }
  public override set alias(value: string | undefined) {
    this._alias = value;
  }
  public resetAlias() {
    this._alias = undefined;
  }
  public get aliasInput() {
    return this._alias;
  }

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      clusters: verbatim(cdktf.hashMapper(cucmProviderClustersToTerraform)(this._clusters)),
      sftp_servers: verbatim(cdktf.hashMapper(cucmProviderSftpServersToTerraform)(this._sftpServers)),
      alias: verbatim(cdktf.stringToTerraform(this._alias)),
    };
  }
  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      clusters: {
        value: verbatim(hclMap(cucmProviderClustersToHclTerraform)(this._clusters)),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      sftp_servers: {
        value: verbatim(hclMap(cucmProviderSftpServersToHclTerraform)(this._sftpServers)),
        isBlock: false,
        type: "any",
        storageClassType: "any",
      },
      alias: {
        value: verbatim(cdktf.stringToHclTerraform(this._alias)),
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

/** CDKTF puts every key of a provider's configuration in snake case, those of maps too, but looks into no token. */
const verbatim = (value: any) => (value === undefined ? undefined : cdktf.Lazy.anyValue({ produce: () => value }));
