/** Certificates as the resources have them: maps by SHA-256. */
import { Certificate, CertificateError } from "../../trust/certificate";
import { TRUST_STORES, type TrustStore } from "./cluster/cluster";
import { type Membership, membershipKey } from "./cluster/membership";

/** `{ sha256 -> pem, stores }`: the shape of `certificates` and `superseded`. */
export type Certificates = {
  readonly [sha256: string]: { readonly pem: string; readonly stores: readonly string[] };
};

/** In the order of their keys. */
export function memberships(certificates: Certificates): Membership[] {
  return Object.values(certificates)
    .flatMap(({ pem, stores }) => {
      const certificate = Certificate.fromPem(pem);
      return stores.map((store) => ({ store: store as TrustStore, certificate }));
    })
    .sort((a, b) => (membershipKey(a) < membershipKey(b) ? -1 : 1));
}

export function keyProblem(sha256: string, pem: unknown): string | undefined {
  try {
    const actual = Certificate.fromPem(String(pem)).sha256;
    return actual === sha256
      ? undefined
      : `The key is ${sha256}, but the SHA-256 of the certificate is ${actual}.`;
  } catch (error) {
    if (error instanceof CertificateError)
      return `The text of ${sha256} is no certificate: ${error.message}.`;
    throw error;
  }
}

export function storesProblem(stores: unknown): string | undefined {
  if (!Array.isArray(stores) || stores.length === 0) return "Name at least one trust store.";
  const wrong = stores.find((s) => !TRUST_STORES.includes(s));
  if (wrong !== undefined) return `"${wrong}" is not a trust store; use ${TRUST_STORES.join(", ")}.`;
  return new Set(stores).size < stores.length ? "A trust store is named twice." : undefined;
}

export const isEmpty = (certificates: Certificates) => Object.keys(certificates).length === 0;

/** Membership by membership: a certificate may leave one store and stay in another. */
export function union(a: Certificates, b: Certificates): Certificates {
  const both = Object.entries(a).map(([sha256, { pem, stores }]) => {
    const more = (b[sha256]?.stores ?? []).filter((store) => !stores.includes(store));
    return [sha256, { pem, stores: [...stores, ...more] }];
  });
  return { ...b, ...Object.fromEntries(both) };
}

export function minus(all: Certificates, gone: Certificates): Certificates {
  return Object.fromEntries(
    Object.entries(all)
      .map(([sha256, { pem, stores }]) => {
        const left = stores.filter((store) => !gone[sha256]?.stores.includes(store));
        return [sha256, { pem, stores: left }] as const;
      })
      .filter(([, { stores }]) => stores.length > 0),
  );
}

export const sameMemberships = (a: Certificates, b: Certificates) =>
  isEmpty(minus(a, b)) && isEmpty(minus(b, a));

/** Fewer certificates and nothing new: a node that shows some of them could not be read. */
export const isStrictSubset = (wanted: Certificates, prior: Certificates) =>
  Object.keys(wanted).length < Object.keys(prior).length &&
  Object.entries(wanted).every(
    ([sha256, c]) =>
      prior[sha256] !== undefined && sameMemberships({ [sha256]: c }, { [sha256]: prior[sha256] }),
  );
