// Generated from the provider's declaration. Not to be edited.

import * as cdktf from "cdktf";
import type { Construct } from "constructs";

/** Configuration of the provider `dhcp` (docs/dhcp/index.md). */
export interface DhcpProviderConfig {
  /** The DHCP servers, by a name that resources use. Each is of exactly one kind. */
  readonly servers: { [key: string]: DhcpProviderServers } | cdktf.IResolvable;
  /** Tells several configurations of this provider apart. */
  readonly alias?: string;
}

export interface DhcpProviderServersKea {
  /** Control channels of all servers that must agree: Kea's high availability synchronises leases, not configuration. `unix:///path`, `https://host:port` (the control agent, or Kea 3.0 itself), or `http://` to this machine. */
  readonly endpoints: string[];
  /** SHA-256 of the TLS certificates that are accepted, hex, with or without colons. */
  readonly tlsSha256?: string[];
  /** Certificates (PEM) of the CA that signed the servers' certificates; used when there is no pin. */
  readonly caPem?: string;
  /** Name of the environment variable that holds the user name for basic authentication. */
  readonly usernameEnv?: string;
  /** Name of the environment variable that holds the password for basic authentication. */
  readonly passwordEnv?: string;
  /** PEM file with the certificate to show to a server that demands one. */
  readonly clientCertificateFile?: string;
  /** PEM file with its key. */
  readonly clientKeyFile?: string;
  /** What gives a single phone an option 150 of its own. `reservation` (default): one by its MAC address. `class`: a class of the pilots, and an option for its members only in the subnet (Kea 2.7 and later); the phone needs no reservation, and stays unknown to those that ask. */
  readonly pilotsBy?: "reservation" | "class" | cdktf.IResolvable;
  /** `none` (default): the change lives in the running server, and a restart brings back what its file says. `config-write`: Kea writes its file anew, without comments and includes. */
  readonly persist?: "none" | "config-write" | cdktf.IResolvable;
}

export function dhcpProviderServersKeaToTerraform(struct?: DhcpProviderServersKea | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    endpoints: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.endpoints),
    tls_sha256: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.tlsSha256),
    ca_pem: cdktf.stringToTerraform(struct!.caPem),
    username_env: cdktf.stringToTerraform(struct!.usernameEnv),
    password_env: cdktf.stringToTerraform(struct!.passwordEnv),
    client_certificate_file: cdktf.stringToTerraform(struct!.clientCertificateFile),
    client_key_file: cdktf.stringToTerraform(struct!.clientKeyFile),
    pilots_by: cdktf.stringToTerraform(struct!.pilotsBy),
    persist: cdktf.stringToTerraform(struct!.persist),
  };
}

export function dhcpProviderServersKeaToHclTerraform(struct?: DhcpProviderServersKea | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    endpoints: cdktf.listMapperHcl(hclText, false)(struct!.endpoints),
    tls_sha256: cdktf.listMapperHcl(hclText, false)(struct!.tlsSha256),
    ca_pem: hclText(struct!.caPem),
    username_env: hclText(struct!.usernameEnv),
    password_env: hclText(struct!.passwordEnv),
    client_certificate_file: hclText(struct!.clientCertificateFile),
    client_key_file: hclText(struct!.clientKeyFile),
    pilots_by: hclText(struct!.pilotsBy),
    persist: hclText(struct!.persist),
  };
}

export interface DhcpProviderServersIscDhcpd {
  /** Addresses of all servers that must agree: failover of dhcpd synchronises leases, not configuration. One that does not answer: nothing is changed on any. */
  readonly hosts: string[];
  /** TCP port of SSH (default: 22). */
  readonly port?: number;
  /** SSH host keys that are accepted, `SHA256:...` as `ssh-keygen -lf` prints them. Without one nothing is sent: the error shows the server's key, and the line to add. */
  readonly sshSha256?: string[];
  /** Name of the environment variable that holds the user name of the SSH account. */
  readonly usernameEnv: string;
  /** Name of the environment variable that holds the password of the SSH account. This, or `private_key_env`. */
  readonly passwordEnv?: string;
  /** Name of the environment variable that holds the private key of the SSH account: the text of its file, in OpenSSH's format or PEM (`RSA PRIVATE KEY`, `EC PRIVATE KEY`). */
  readonly privateKeyEnv?: string;
  /** Name of the environment variable that holds the passphrase of the private key. */
  readonly privateKeyPassphraseEnv?: string;
  /** dhcpd's configuration (default: `/etc/dhcp/dhcpd.conf`). It is read, with all that it includes, and never written. */
  readonly configFile?: string;
  /** Where the managed files are (default: `/etc/dhcp/cucm`). The account writes there; dhcpd reads there. */
  readonly includeDirectory?: string;
  /** Says whether dhcpd takes its configuration (default: `sudo -n dhcpd -t -4 -cf /etc/dhcp/dhcpd.conf`, with `config_file`). */
  readonly testCommand?: string;
  /** Restarts dhcpd (default: `sudo -n systemctl restart isc-dhcp-server`). */
  readonly restartCommand?: string;
  /** Succeeds while dhcpd runs (default: `systemctl is-active isc-dhcp-server`). It is asked right after a restart, and 2 s later. */
  readonly statusCommand?: string;
}

export function dhcpProviderServersIscDhcpdToTerraform(struct?: DhcpProviderServersIscDhcpd | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    hosts: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.hosts),
    port: cdktf.numberToTerraform(struct!.port),
    ssh_sha256: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.sshSha256),
    username_env: cdktf.stringToTerraform(struct!.usernameEnv),
    password_env: cdktf.stringToTerraform(struct!.passwordEnv),
    private_key_env: cdktf.stringToTerraform(struct!.privateKeyEnv),
    private_key_passphrase_env: cdktf.stringToTerraform(struct!.privateKeyPassphraseEnv),
    config_file: cdktf.stringToTerraform(struct!.configFile),
    include_directory: cdktf.stringToTerraform(struct!.includeDirectory),
    test_command: cdktf.stringToTerraform(struct!.testCommand),
    restart_command: cdktf.stringToTerraform(struct!.restartCommand),
    status_command: cdktf.stringToTerraform(struct!.statusCommand),
  };
}

export function dhcpProviderServersIscDhcpdToHclTerraform(struct?: DhcpProviderServersIscDhcpd | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    hosts: cdktf.listMapperHcl(hclText, false)(struct!.hosts),
    port: cdktf.numberToHclTerraform(struct!.port),
    ssh_sha256: cdktf.listMapperHcl(hclText, false)(struct!.sshSha256),
    username_env: hclText(struct!.usernameEnv),
    password_env: hclText(struct!.passwordEnv),
    private_key_env: hclText(struct!.privateKeyEnv),
    private_key_passphrase_env: hclText(struct!.privateKeyPassphraseEnv),
    config_file: hclText(struct!.configFile),
    include_directory: hclText(struct!.includeDirectory),
    test_command: hclText(struct!.testCommand),
    restart_command: hclText(struct!.restartCommand),
    status_command: hclText(struct!.statusCommand),
  };
}

export interface DhcpProviderServersIosXe {
  /** `https://host[:port]` of all devices that must agree. One that does not answer: nothing is changed on any. */
  readonly endpoints: string[];
  /** SHA-256 of the TLS certificates that are accepted, hex, with or without colons. */
  readonly tlsSha256?: string[];
  /** Certificates (PEM) of the CA that signed the servers' certificates; used when there is no pin. */
  readonly caPem?: string;
  /** Name of the environment variable that holds the user name: privilege 15, or what NACM rules permit. */
  readonly usernameEnv: string;
  /** Name of the environment variable that holds the password. */
  readonly passwordEnv: string;
  /** Pools of this VRF are meant. Left out: pools without a VRF. */
  readonly vrf?: string;
  /** Where the YANG of the device's release has the addresses of an option. Left out: by the version that it tells, `ip-ordered` from 17.15 on, `ip-new` from 17.3 on, `ip` before. `hex-new` keeps their order in any release. */
  readonly addressLeaf?: "ip-ordered" | "ip-new" | "ip" | "hex-new" | cdktf.IResolvable;
  /** `false` (default): the change lives in the running configuration, and a reload brings back what startup says. `true`: the running configuration, all of it, is copied to startup after a change. */
  readonly saveConfig?: boolean | cdktf.IResolvable;
}

export function dhcpProviderServersIosXeToTerraform(struct?: DhcpProviderServersIosXe | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    endpoints: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.endpoints),
    tls_sha256: cdktf.listMapper(cdktf.stringToTerraform, false)(struct!.tlsSha256),
    ca_pem: cdktf.stringToTerraform(struct!.caPem),
    username_env: cdktf.stringToTerraform(struct!.usernameEnv),
    password_env: cdktf.stringToTerraform(struct!.passwordEnv),
    vrf: cdktf.stringToTerraform(struct!.vrf),
    address_leaf: cdktf.stringToTerraform(struct!.addressLeaf),
    save_config: cdktf.booleanToTerraform(struct!.saveConfig),
  };
}

export function dhcpProviderServersIosXeToHclTerraform(struct?: DhcpProviderServersIosXe | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    endpoints: cdktf.listMapperHcl(hclText, false)(struct!.endpoints),
    tls_sha256: cdktf.listMapperHcl(hclText, false)(struct!.tlsSha256),
    ca_pem: hclText(struct!.caPem),
    username_env: hclText(struct!.usernameEnv),
    password_env: hclText(struct!.passwordEnv),
    vrf: hclText(struct!.vrf),
    address_leaf: hclText(struct!.addressLeaf),
    save_config: cdktf.booleanToHclTerraform(struct!.saveConfig),
  };
}

export interface DhcpProviderServers {
  /** ISC Kea, 2.2 or later. */
  readonly kea?: DhcpProviderServersKea | cdktf.IResolvable;
  /** ISC dhcpd 4.x on a machine that is reached by SSH. */
  readonly iscDhcpd?: DhcpProviderServersIscDhcpd | cdktf.IResolvable;
  /** The DHCP server of Cisco IOS-XE, over RESTCONF. */
  readonly iosXe?: DhcpProviderServersIosXe | cdktf.IResolvable;
}

export function dhcpProviderServersToTerraform(struct?: DhcpProviderServers | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    kea: dhcpProviderServersKeaToTerraform(struct!.kea),
    isc_dhcpd: dhcpProviderServersIscDhcpdToTerraform(struct!.iscDhcpd),
    ios_xe: dhcpProviderServersIosXeToTerraform(struct!.iosXe),
  };
}

export function dhcpProviderServersToHclTerraform(struct?: DhcpProviderServers | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
    kea: dhcpProviderServersKeaToHclTerraform(struct!.kea),
    isc_dhcpd: dhcpProviderServersIscDhcpdToHclTerraform(struct!.iscDhcpd),
    ios_xe: dhcpProviderServersIosXeToHclTerraform(struct!.iosXe),
  };
}

/**
 * Switches DHCP option 150, the TFTP servers of Cisco phones, on the DHCP servers that are there.
 *
 * It is in no registry: `cdktf synth` lays it into each stack, and `npx phone-migration providers --into DIR` into a folder of `.tf` files. Credentials are in environment variables, which the configuration names.
 *
 * See docs/dhcp/index.md.
 */
export class DhcpProvider extends cdktf.TerraformProvider {
  public static readonly tfResourceType = "dhcp";

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
      terraformResourceType: "dhcp",
      importId: importFromId,
      provider,
    });
  }

  public constructor(scope: Construct, id: string, config: DhcpProviderConfig) {
    super(scope, id, {
      terraformResourceType: "dhcp",
      terraformGeneratorMetadata: {
        providerName: "dhcp",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
      terraformProviderSource: "phone-migration.internal/voice/dhcp",
    });
    this._servers = config.servers;
    this._alias = config.alias;
  }

  private _servers?: { [key: string]: DhcpProviderServers } | cdktf.IResolvable;
  /** The DHCP servers, by a name that resources use. Each is of exactly one kind. */
  public get servers(): { [key: string]: DhcpProviderServers } | cdktf.IResolvable | undefined {
    return this._servers;
  }
  public set servers(value: { [key: string]: DhcpProviderServers } | cdktf.IResolvable | undefined) {
    this._servers = value;
  }
  public get serversInput() {
    return this._servers;
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
      servers: verbatim(cdktf.hashMapper(dhcpProviderServersToTerraform)(this._servers)),
      alias: verbatim(cdktf.stringToTerraform(this._alias)),
    };
  }
  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      servers: {
        value: verbatim(hclMap(dhcpProviderServersToHclTerraform)(this._servers)),
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
