/** Accounts that the lab draws anew at each start, and the environment that hands them to a plan or an apply. */
import { randomBytes } from "node:crypto";
import type { Account, ClusterName } from "../cluster/options";

export type Credentials = {
  readonly [name in ClusterName]: { readonly platform: Account; readonly application: Account };
} & { readonly sftp: Account };

export function drawCredentials(): Credentials {
  const account = (username: string): Account => ({
    username,
    password: randomBytes(18).toString("base64url"),
  });
  const both = () => ({ platform: account("osadmin"), application: account("migration") });
  return { source: both(), destination: both(), sftp: account("exchange") };
}

export function environmentOf(credentials: Credentials): { readonly [name: string]: string } {
  return {
    SFTP_EXCHANGE_USERNAME: credentials.sftp.username,
    SFTP_EXCHANGE_PASSWORD: credentials.sftp.password,
    ...clustersOf(credentials),
  };
}

function clustersOf(credentials: Credentials): { readonly [name: string]: string } {
  return Object.fromEntries(
    (["source", "destination"] as const).flatMap((cluster) =>
      (["platform", "application"] as const).flatMap((kind) => {
        const name = `CUCM_${cluster}_${kind}`.toUpperCase();
        const { username, password } = credentials[cluster][kind];
        return [
          [`${name}_USERNAME`, username],
          [`${name}_PASSWORD`, password],
        ];
      }),
    ),
  );
}

/** Lines for a POSIX shell to source. */
export function exportLines(environment: { readonly [name: string]: string }): string {
  const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
    .join("");
}
