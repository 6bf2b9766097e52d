/**
 * What go-plugin's host and plugin say to each other before the first connection (go-plugin, "Writing plugins
 * without Go"): the host through the environment, we with one line on stdout.
 */

/** Shows that a plugin host started us. The value is Terraform's; OpenTofu has the same. */
export const MAGIC_COOKIE = {
  name: "TF_PLUGIN_MAGIC_COOKIE",
  value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
} as const;

const CORE_PROTOCOL_VERSION = 1;
export const PROTOCOL_VERSION = 6;

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** What the host asks for. */
export interface HandshakeRequest {
  /** PEM of the only client that may connect; undefined means plaintext (TF_DISABLE_PLUGIN_TLS). */
  readonly clientCertificate: string | undefined;
  readonly socketDirectory: string | undefined;
  /** Name or number of the group that may use the socket. */
  readonly socketGroup: string | undefined;
  readonly ports: { readonly min: number; readonly max: number } | undefined;
  /** The host knows the handshake's seventh field. */
  readonly multiplex: boolean;
  /** False when the host speaks none of our versions; it reports that itself. */
  readonly protocolAgreed: boolean;
}

/** undefined when no plugin host started us. */
export function readHandshake(env: Environment): HandshakeRequest | undefined {
  if (env[MAGIC_COOKIE.name] !== MAGIC_COOKIE.value) return undefined;
  const versions = env.PLUGIN_PROTOCOL_VERSIONS;
  return {
    clientCertificate: env.PLUGIN_CLIENT_CERT || undefined,
    socketDirectory: env.PLUGIN_UNIX_SOCKET_DIR || undefined,
    socketGroup: env.PLUGIN_UNIX_SOCKET_GROUP || undefined,
    ports: portRange(env.PLUGIN_MIN_PORT, env.PLUGIN_MAX_PORT),
    multiplex: /^(?:1|t|true)$/i.test(env.PLUGIN_MULTIPLEX_GRPC ?? ""),
    protocolAgreed: !versions || versions.split(",").some((v) => Number(v) === PROTOCOL_VERSION),
  };
}

function portRange(min: string | undefined, max: string | undefined): HandshakeRequest["ports"] {
  const range = { min: Number(min), max: Number(max) };
  const sane = Number.isInteger(range.min) && Number.isInteger(range.max);
  return sane && range.min > 0 && range.min <= range.max && range.max < 65_536 ? range : undefined;
}

export interface Address {
  readonly network: "unix" | "tcp";
  readonly address: string;
}

/** The line, with its line feed. The certificate is given exactly when the host sent one. */
export function handshakeLine(
  { network, address }: Address,
  certificateDer: Buffer | undefined,
  multiplex: boolean,
): string {
  // The host decodes base64 without padding and fails on a "=".
  const certificate = certificateDer?.toString("base64").replace(/=+$/, "") ?? "";
  const fields = [CORE_PROTOCOL_VERSION, PROTOCOL_VERSION, network, address, "grpc", certificate];
  // We do not multiplex the broker's connections; a host that asks is told so.
  return `${[...fields, ...(multiplex ? ["false"] : [])].join("|")}\n`;
}
