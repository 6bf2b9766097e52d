/** What a release of CUCM has, by its version. Sources: the references of each function's document. */

/** Major and minor, e.g. 10.5 of `10.5.2.13900-12`. */
const release = (version: string) => Number.parseFloat(version);

/** ITLRecovery came with 10.0 (ITL enhancements), one for the whole cluster with 12.5 (certificate regeneration). */
export const hasRecovery = (version: string) => release(version) >= 10;
export const sharesRecovery = (version: string) => release(version) >= 12.5;
/** From 14 on only the publisher has a CAPF certificate (security guide). */
export const hasCapfEverywhere = (version: string) => release(version) < 14;

/** Who signs a CTL: a USB token before 10.0, which knows no other; ITLRecovery from 12.0 on (security guide). */
export function usualListSigner(version: string): "CallManager" | "ITLRecovery" | "token" {
  if (release(version) < 10) return "token";
  return release(version) >= 12 ? "ITLRecovery" : "CallManager";
}

/**
 * SASTs of a CTL, the signer first (security guide, signers of the CTL by release): beside a token there is none up
 * to 11.0, beside CallManager none up to 10.5(1).
 */
export function sastUnits(version: string, byToken: boolean): readonly ("CallManager" | "ITLRecovery")[] {
  if (byToken) return release(version) >= 11.5 ? ["ITLRecovery", "CallManager"] : [];
  if (release(version) >= 12) return ["ITLRecovery", "CallManager"];
  const [, , third = 0] = version.split(".").map(Number);
  const first = release(version) < 10.5 || (release(version) === 10.5 && third < 2);
  return first ? ["CallManager"] : ["CallManager", "ITLRecovery"];
}

/** `utils ctl` came with 10.0; its answers are in documents for 10.x to 12.5. */
export const hasCtlCommands = (version: string) => release(version) >= 10;
export const documentsCtlCommands = (version: string) => hasCtlCommands(version) && release(version) < 14;

/** Certificate Management REST came with 14. */
export const hasRest = (version: string) => release(version) >= 14;

/** 8.x and 9.x: TLS 1.0, SHA-1, CBC. Inferred from what their clients had to be told. */
export const hasOldCryptography = (version: string) => release(version) < 10;
/** Of a server. Security level 0: OpenSSL of today refuses TLS 1.0 otherwise. */
export const OLD_TLS = {
  minVersion: "TLSv1",
  maxVersion: "TLSv1",
  ciphers: "AES128-SHA:AES256-SHA:@SECLEVEL=0",
} as const;

/** Files of a trust store: `<CN>.pem` on 8.x and 9.x, `<CN>_<serial>.pem` on 14; between them nobody tells. */
export function fileNamesOf(version: string): "cn" | "cn-serial" | null {
  if (release(version) < 10) return "cn";
  return release(version) >= 14 ? "cn-serial" : null;
}
/** On 8.x and 9.x OS administration is the documented way into Phone-SAST-trust, and nobody tells of another. */
export const mayLackSastByCli = (version: string) => release(version) < 10;
/** Before 10.x the list of OS administration links file names. */
export const listsFileNames = (version: string) => release(version) < 10;
