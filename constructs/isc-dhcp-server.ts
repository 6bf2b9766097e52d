import { Token } from "cdktf";
import { Construct } from "constructs";
import { isHost } from "./addresses";
import { ConfigurationError } from "./configuration-error";
import type { EnvironmentCredentials } from "./credentials";
import { wrongPin } from "./fingerprints";
import type { IDhcpServer } from "./kea-server";
import { checkProperties, type PropertiesOf } from "./properties";
import { StackProviders } from "./stack-providers";

export interface IscDhcpServerProps {
  /** Addresses, reached by SSH. More than one is a failover pair: failover synchronises leases, not configuration. */
  readonly hosts: readonly string[];
  /** Of SSH. @default 22 */
  readonly port?: number;
  /**
   * Accepted SSH host keys, `SHA256:...` as ssh-keygen prints.
   * @default none, and the first plan stops and prints what the server shows
   */
  readonly sshSha256?: readonly string[];
  /** The SSH account, from {@link fromEnv}. */
  readonly credentials: EnvironmentCredentials;
  /**
   * What is in `DHCP_<prefix>_PASSWORD`, or instead in `DHCP_<prefix>_PRIVATE_KEY` and
   * `DHCP_<prefix>_PRIVATE_KEY_PASSPHRASE`.
   * @default "password"
   */
  readonly login?: "password" | "private-key" | "private-key-and-passphrase";
  /** dhcpd's configuration: read, never written. @default "/etc/dhcp/dhcpd.conf" */
  readonly configFile?: string;
  /** Where the managed files are, which that configuration includes. @default "/etc/dhcp/cucm" */
  readonly includeDirectory?: string;
  /** @default "sudo -n dhcpd -t -4 -cf" and the configuration */
  readonly testCommand?: string;
  /** @default "sudo -n systemctl restart isc-dhcp-server" */
  readonly restartCommand?: string;
  /** @default "systemctl is-active isc-dhcp-server" */
  readonly statusCommand?: string;
}

const PROPERTIES: PropertiesOf<IscDhcpServerProps> = {
  hosts: "needed",
  port: "optional",
  sshSha256: "optional",
  credentials: "needed",
  login: "optional",
  configFile: "optional",
  includeDirectory: "optional",
  testCommand: "optional",
  restartCommand: "optional",
  statusCommand: "optional",
};

const LOGINS = ["password", "private-key", "private-key-and-passphrase"];

/** An ISC dhcpd on a machine with SSH, or a failover pair that must agree. The construct's id is its name. */
export class IscDhcpServer extends Construct implements IDhcpServer {
  constructor(scope: Construct, id: string, props: IscDhcpServerProps) {
    super(scope, id);
    checkProperties(this, "", props, PROPERTIES);
    const { hosts, port, sshSha256, credentials, login = "password" } = props;
    this.check(props);
    const variable = (name: string) => `DHCP_${credentials.prefix}_${name}`;
    const passphrase = login === "private-key-and-passphrase";
    StackProviders.of(this).addDhcpServer(this, {
      iscDhcpd: {
        hosts: [...hosts],
        port,
        sshSha256: sshSha256 ? [...sshSha256] : undefined,
        usernameEnv: variable("USERNAME"),
        passwordEnv: login === "password" ? variable("PASSWORD") : undefined,
        privateKeyEnv: login === "password" ? undefined : variable("PRIVATE_KEY"),
        privateKeyPassphraseEnv: passphrase ? variable("PRIVATE_KEY_PASSPHRASE") : undefined,
        configFile: props.configFile,
        includeDirectory: props.includeDirectory,
        testCommand: props.testCommand,
        restartCommand: props.restartCommand,
        statusCommand: props.statusCommand,
      },
    });
  }

  get serverName(): string {
    return this.node.id;
  }

  private check(props: IscDhcpServerProps): void {
    const { hosts, port = 22, sshSha256 = [], login = "password" } = props;
    const fail = (problem: string, fix: string) => new ConfigurationError(this, problem, fix);
    if (hosts.length === 0) throw fail("hosts is empty.", "Name the machine that runs dhcpd.");
    for (const host of Token.isUnresolved(hosts) ? [] : hosts)
      if (!isHost(host)) throw fail(`host "${host}" is no address.`, "Write an IPv4 address or a host name.");
    if (!Token.isUnresolved(port) && !(Number.isInteger(port) && port > 0 && port < 65536))
      throw fail(`port is ${port}.`, "Write a port, e.g. 22.");
    const wrong = wrongPin("ssh", "sshSha256", sshSha256);
    if (wrong !== undefined) throw fail(wrong.problem, wrong.fix);
    if (!LOGINS.includes(login)) throw fail(`login is "${login}".`, `Write one of ${LOGINS.join(", ")}.`);
    for (const name of ["configFile", "includeDirectory"] as const) {
      const path = props[name];
      if (path !== undefined && !Token.isUnresolved(path) && !/^\/.*[^/]$/.test(path))
        throw fail(`${name} "${path}" is no absolute path.`, "Begin with /, and end without one.");
    }
  }
}
