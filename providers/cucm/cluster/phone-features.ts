/** The phone feature list of Cisco Unified Reporting, as far as trust is concerned, from the tables behind it. */
import type { PhoneFeatures } from "./cluster";
import { rowsOf } from "./phone-certificates";
import { type Axl, sqlLiteral } from "./transports/axl";

/** Names of table `typesupportsfeature`. */
export const SECURITY_BY_DEFAULT = "Security By Default";
export const LARGE_RSA_KEYS = "3072/4096 RSA key size";

export const FEATURES = [SECURITY_BY_DEFAULT, LARGE_RSA_KEYS];

/** Several public programs join these tables like this; that these two features are in them is not documented. */
export const FEATURES_STATEMENT =
  "select m.name as model,f.name as feature from productsupportsfeature p " +
  "inner join typemodel m on p.tkmodel=m.enum " +
  "inner join typesupportsfeature f on p.tksupportsfeature=f.enum " +
  `where f.name in (${FEATURES.map(sqlLiteral).join(",")})`;

/** A feature that no model has is absent: this release does not know it, or calls it otherwise. */
export async function phoneFeatures(axl: Axl, signal: AbortSignal): Promise<PhoneFeatures> {
  const found = new Map<string, Set<string>>();
  for (const { model = "", feature = "" } of await rowsOf(axl, FEATURES_STATEMENT, signal))
    found.set(feature, (found.get(feature) ?? new Set()).add(model));
  return found;
}
