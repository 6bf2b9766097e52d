/** The block `isc_dhcpd` of a declared server, and the backend that it makes. */
import { DiagnosticError } from "../framework/diagnostic";
import { attr, type StateOf } from "../framework/schema/attribute";
import { IscDhcpdBackend } from "./backends/isc-dhcpd/backend";
import { DEFAULTS, defaultTestCommand, type SshCredentials } from "./backends/isc-dhcpd/config";
import { fromEnvironment, VARIABLE_NAME, variable } from "./environment";

const absolutePath = [
  (path: string) =>
    /^\/[^\0\n"\\]*[^\0\n"\\/]$/.test(path)
      ? undefined
      : "Must be an absolute path, without quotes and backslashes, and without / at its end.",
];
const command = (description: string) =>
  attr.string({
    optional: true,
    description,
    validate: [(text) => (/^[^\0\n]+$/.test(text) ? undefined : "Must be one line.")],
  });

export const iscDhcpdAttributes = {
  hosts: attr.list("string", {
    required: true,
    description:
      "Addresses of all servers that must agree: failover of dhcpd synchronises leases, not configuration. One that does not answer: nothing is changed on any.",
    validate: [
      (list) => (list.length > 0 ? undefined : "At least one host is needed."),
      (list) => (new Set(list).size === list.length ? undefined : "Each host may be named once."),
    ],
  }),
  port: attr.number({
    optional: true,
    description: `TCP port of SSH (default: ${DEFAULTS.port}).`,
    validate: [
      (port) => (Number.isInteger(port) && port > 0 && port < 65_536 ? undefined : "Must be a port."),
    ],
  }),
  ssh_sha256: attr.list("string", {
    optional: true,
    description:
      "SSH host keys that are accepted, `SHA256:...` as `ssh-keygen -lf` prints them. Without one nothing is sent: the error shows the server's key, and the line to add.",
    validate: [
      (list) =>
        list.every((pin) => /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(pin))
          ? undefined
          : "Must be SHA256: and 43 characters, as ssh-keygen -l prints it.",
    ],
  }),
  username_env: attr.string({
    required: true,
    description: "Name of the environment variable that holds the user name of the SSH account.",
    validate: VARIABLE_NAME,
  }),
  password_env: variable("password of the SSH account. This, or `private_key_env`"),
  private_key_env: variable("private key of the SSH account, the text in OpenSSH's format or PEM"),
  private_key_passphrase_env: variable("passphrase of the private key"),
  config_file: attr.string({
    optional: true,
    description: `dhcpd's configuration (default: \`${DEFAULTS.configFile}\`). It is read, with all that it includes, and never written.`,
    validate: absolutePath,
  }),
  include_directory: attr.string({
    optional: true,
    description: `Where the managed files are (default: \`${DEFAULTS.includeDirectory}\`). The account writes there; dhcpd reads there.`,
    validate: absolutePath,
  }),
  test_command: command(
    `Says whether dhcpd takes its configuration (default: \`${defaultTestCommand(DEFAULTS.configFile)}\`, with \`config_file\`).`,
  ),
  restart_command: command(`Restarts dhcpd (default: \`${DEFAULTS.restartCommand}\`).`),
  status_command: command(
    `Succeeds while dhcpd runs (default: \`${DEFAULTS.statusCommand}\`). It is asked right after a restart, and ${DEFAULTS.settleMs / 1000} s later.`,
  ),
} as const;

type Declared = StateOf<typeof iscDhcpdAttributes>;

/** @throws DiagnosticError when credentials are missing */
export function iscDhcpdBackend(name: string, d: Declared): IscDhcpdBackend {
  const configFile = d.config_file ?? DEFAULTS.configFile;
  return new IscDhcpdBackend({
    name,
    hosts: d.hosts,
    port: d.port ?? DEFAULTS.port,
    hostKeys: d.ssh_sha256 ?? [],
    credentials: credentials(name, d),
    configFile,
    includeDirectory: d.include_directory ?? DEFAULTS.includeDirectory,
    testCommand: d.test_command ?? defaultTestCommand(configFile),
    restartCommand: d.restart_command ?? DEFAULTS.restartCommand,
    statusCommand: d.status_command ?? DEFAULTS.statusCommand,
    settleMs: DEFAULTS.settleMs,
  });
}

function credentials(server: string, d: Declared): SshCredentials {
  if ((d.password_env === null) === (d.private_key_env === null))
    throw new DiagnosticError(
      `DHCP server "${server}" has ${d.password_env === null ? "neither a password nor a private key" : "a password and a private key"}`,
      "Set password_env or private_key_env of isc_dhcpd: one of them.",
    );
  const username = fromEnvironment(server, d.username_env);
  if (d.password_env !== null) return { username, password: fromEnvironment(server, d.password_env) };
  return {
    username,
    privateKey: fromEnvironment(server, d.private_key_env!),
    passphrase:
      d.private_key_passphrase_env === null ? null : fromEnvironment(server, d.private_key_passphrase_env),
  };
}
