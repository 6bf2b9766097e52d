/** The provider's attribute `sftp_servers`: where clusters exchange certificates in bulk (Cisco's "Method 1"). */
import { DiagnosticError } from "../framework/diagnostic";
import { attr, type UnknownConfigOf } from "../framework/schema/attribute";
import { type AttributePath, UNKNOWN } from "../framework/schema/value";
import type { SftpServer } from "./cluster/config";

const variable = (what: string, suffix: string) =>
  attr.string({
    optional: true,
    description: `Name of the environment variable that holds the ${what}. Default: \`SFTP_<NAME>_${suffix}\`, with the server's name in upper case.`,
    validate: [
      (name) =>
        /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
          ? undefined
          : "This is the name of an environment variable, not a value.",
    ],
  });

const server = {
  address: attr.string({
    required: true,
    description: "Its address, the same for the publishers and from here.",
    validate: [oneLine],
  }),
  port: attr.number({
    optional: true,
    description: "Its port. Default: `22`.",
    validate: [
      (n) =>
        Number.isInteger(n) && n > 0 && n < 65536 ? undefined : "A port is a whole number from 1 to 65535.",
    ],
  }),
  directory: attr.string({
    required: true,
    description: "A directory for these two clusters alone, which exists and is empty at first.",
    validate: [oneLine],
  }),
  host_key_sha256: attr.list("string", {
    optional: true,
    description:
      "Accepted host keys, `SHA256:...` as ssh-keygen prints. Without one nothing is sent; the error prints what the server shows.",
  }),
  username_env: variable("user name", "USERNAME"),
  password_env: variable("password", "PASSWORD"),
} as const;

export const sftpAttributes = {
  sftp_servers: attr.mapOf(server, {
    optional: true,
    description: 'SFTP servers for `method = "bulk"`, by a name that resources use.',
  }),
} as const;

/** Fails at first use, when a variable is not set or a part is not known yet. */
export type SftpSource = () => SftpServer;

export interface SftpSources {
  readonly declared: ReadonlyMap<string, SftpSource>;
  /** Set when `sftp_servers` as a whole is not known yet. */
  readonly unknown: boolean;
}

export function declaredSftpServers({ sftp_servers }: UnknownConfigOf<typeof sftpAttributes>): SftpSources {
  if (sftp_servers === UNKNOWN || sftp_servers === null)
    return { declared: new Map(), unknown: sftp_servers === UNKNOWN };
  const declared = new Map(
    Object.entries(sftp_servers).map(([name, declared]) => [
      name,
      () => {
        const path: AttributePath = [{ attribute: "sftp_servers" }, { key: name }];
        const value = known(declared, path);
        const env = (given: string | null, suffix: string) =>
          fromEnvironment(
            given ?? `SFTP_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_${suffix}`,
            name,
            path,
          );
        return {
          name,
          address: known(value.address, path),
          port: known(value.port, path) ?? 22,
          directory: known(value.directory, path),
          hostKeys: (known(value.host_key_sha256, path) ?? []).map((key) => known(key, path)),
          credentials: {
            username: env(known(value.username_env, path), "USERNAME"),
            password: env(known(value.password_env, path), "PASSWORD"),
          },
        };
      },
    ]),
  );
  return { declared, unknown: false };
}

/** It is typed at a prompt: a line feed in it would end the answer. */
function oneLine(text: string): string | undefined {
  return text !== "" && !/\p{Cc}/u.test(text) ? undefined : "Write one line, without control characters.";
}

function known<T>(value: T | typeof UNKNOWN, path: AttributePath): T {
  if (value !== UNKNOWN) return value;
  throw new DiagnosticError(
    "The SFTP server of the provider is not known yet",
    "It depends on something that is known only after apply, and the server is needed now. Give it values that are known at plan.",
    path,
  );
}

function fromEnvironment(name: string, server: string, path: AttributePath): string {
  const value = process.env[name];
  const used = `SFTP server "${server}" takes a credential from it, which never reaches the plan or the state.`;
  if (!value)
    throw new DiagnosticError(
      `Environment variable ${name} is not set`,
      `${used} Export it before the run.`,
      path,
    );
  if (oneLine(value) === undefined) return value;
  throw new DiagnosticError(
    `Environment variable ${name} cannot be typed`,
    `${used} The publishers' CLI asks for it, and it has a control character (a line feed at its end?).`,
    path,
  );
}
