/** How a dhcpd server, or a failover pair, is reached and changed. */
export interface IscDhcpdConfig {
  /** The name that the declaration gives to this server, or pair. */
  readonly name: string;
  /** All servers that must agree: failover synchronises leases, not configuration. */
  readonly hosts: readonly string[];
  readonly port: number;
  /** `SHA256:<base64>` as ssh-keygen prints it. */
  readonly hostKeys: readonly string[];
  readonly credentials: SshCredentials;
  readonly configFile: string;
  readonly includeDirectory: string;
  /** Shell commands. */
  readonly testCommand: string;
  readonly restartCommand: string;
  readonly statusCommand: string;
  /** Milliseconds that dhcpd has to run after a restart before it counts. */
  readonly settleMs: number;
}

export type SshCredentials =
  | { readonly username: string; readonly password: string }
  | { readonly username: string; readonly privateKey: string; readonly passphrase: string | null };

export const DEFAULTS = {
  port: 22,
  configFile: "/etc/dhcp/dhcpd.conf",
  includeDirectory: "/etc/dhcp/cucm",
  restartCommand: "sudo -n systemctl restart isc-dhcp-server",
  statusCommand: "systemctl is-active isc-dhcp-server",
  settleMs: 2000,
} as const;

/** @param configFile is put in quotes where the shell needs them */
export const defaultTestCommand = (configFile: string) => `sudo -n dhcpd -t -4 -cf ${quoted(configFile)}`;

/** One word of a shell's command line. */
export const quoted = (word: string) =>
  /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
