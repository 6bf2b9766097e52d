import type { Certificate } from "../../../trust/certificate";
import type { TrustStore } from "./cluster";

/** One certificate being in one trust store of one cluster. */
export interface Membership {
  readonly store: TrustStore;
  readonly certificate: Certificate;
}

/** `<store>/<sha256>` */
export const membershipKey = ({ store, certificate }: Membership) => `${store}/${certificate.sha256}`;

export function byStore(memberships: readonly Membership[]): Map<TrustStore, Membership[]> {
  const stores = new Map<TrustStore, Membership[]>();
  for (const m of memberships) stores.set(m.store, [...(stores.get(m.store) ?? []), m]);
  return stores;
}
