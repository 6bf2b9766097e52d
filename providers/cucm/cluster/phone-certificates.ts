/**
 * What the database says of phones' certificates. Columns of table device: the CAPF operation and its status in all
 * releases, the issuer of the LSC from 11.5 on. A release without a column says nothing.
 */

import { ClusterError, type PhoneCertificateFacts } from "./cluster";
import { type Axl, type AxlRow, sqlLiteral } from "./transports/axl";

/** Names in one statement. */
const AT_A_TIME = 200;
/** `typecertificateoperation`: no operation waits. */
const NO_OPERATION = "1";
/** `typecertificatestatus`: no operation was ever made. */
const NO_STATUS = "1";

/** @param names validated device names */
export async function phoneCertificates(
  axl: Axl,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PhoneCertificateFacts>> {
  const found = new Map<string, PhoneCertificateFacts>();
  for (let i = 0; i < names.length; i += AT_A_TIME) {
    const these = `name in (${names
      .slice(i, i + AT_A_TIME)
      .map(sqlLiteral)
      .join(",")})`;
    const [operations, issuers] = await Promise.all([
      rowsOf(
        axl,
        `select name,tkcertificateoperation,tkcertificatestatus from device where ${these}`,
        signal,
      ),
      rowsOf(
        axl,
        `select name,lscissuername from device where lscissuername is not null and ${these}`,
        signal,
      ),
    ]);
    const issuerOf = new Map(issuers.map(({ name = "", lscissuername = "" }) => [name, lscissuername]));
    for (const { name = "", tkcertificateoperation, tkcertificatestatus } of operations)
      found.set(name, {
        lscIssuer: issuerOf.get(name) || null,
        nothingWaits: tkcertificateoperation === NO_OPERATION,
        neverEnrolled: tkcertificateoperation === NO_OPERATION && tkcertificatestatus === NO_STATUS,
      });
    for (const [name, issuer] of issuerOf)
      if (!found.has(name))
        found.set(name, { lscIssuer: issuer || null, nothingWaits: false, neverEnrolled: false });
  }
  return found;
}

/** None where the database refuses the statement: it does not have what is asked for. */
export async function rowsOf(axl: Axl, statement: string, signal: AbortSignal): Promise<readonly AxlRow[]> {
  try {
    return await axl.sql(statement, signal);
  } catch (error) {
    if (error instanceof ClusterError && error.kind === "refused") return [];
    throw error;
  }
}
