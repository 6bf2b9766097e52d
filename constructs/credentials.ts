import { DeclarationError } from "./configuration-error";

/** Where credentials come from. They are never values of a declaration: only names of variables are. */
export interface EnvironmentCredentials {
  /** Upper-case prefix, e.g. `SOURCE`. */
  readonly prefix: string;
}

/**
 * Credentials from environment variables at run time. A cluster reads `CUCM_<prefix>_PLATFORM_USERNAME`,
 * `..._PLATFORM_PASSWORD`, `..._APPLICATION_USERNAME` and `..._APPLICATION_PASSWORD`; a DHCP server reads
 * `DHCP_<prefix>_USERNAME` and `DHCP_<prefix>_PASSWORD` (or a private key, see `IscDhcpServerProps.login`); an SFTP
 * server reads `SFTP_<prefix>_USERNAME` and `SFTP_<prefix>_PASSWORD`.
 *
 * @throws DeclarationError when the prefix cannot be part of a variable's name.
 */
export function fromEnv(prefix: string): EnvironmentCredentials {
  if (!/^[A-Z][A-Z0-9_]*$/.test(prefix))
    throw new DeclarationError(
      `fromEnv("${prefix}"): use upper-case letters, digits and _, e.g. fromEnv("SOURCE").`,
    );
  return { prefix };
}
