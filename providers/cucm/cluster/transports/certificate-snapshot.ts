/** Reading `GET config/snapshot/server`: the certificates of one node in one answer. Pure. */
import { Certificate, CertificateError } from "../../../../trust/certificate";
import type { ListedCertificate } from "../certificate-access";
import { IDENTITY_UNITS, TRUST_STORES, type TrustStore } from "../cluster";
import type { Spellings } from "../config";

/** A certificate that cannot be read is listed all the same: only who asks for it has to know. */
export interface SnapshotEntry extends ListedCertificate {
  readonly problem?: string;
}

export interface Snapshot {
  readonly own: readonly SnapshotEntry[];
  readonly trust: readonly SnapshotEntry[];
  /** The names of the trust stores as this node spells them, sorted. */
  readonly services: readonly string[];
}

export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** @throws SnapshotError when the text is no snapshot */
export function parseSnapshot(text: string, services: Spellings["restService"]): Snapshot {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new SnapshotError("it is no JSON");
  }
  const identities = list(content, "identities");
  const trusts = list(content, "trusts");
  if (identities === null || trusts === null)
    throw new SnapshotError('it has no lists "identities" and "trusts"');
  const own = identities.flatMap((each) => {
    const service = textOf(each, "service");
    const pem = textOf(each, "certificate");
    // Without a certificate it is a signing request that waits.
    const unit = unitOf(service);
    return service === "" || pem === "" ? [] : [entry(unit, `${unit}.pem`, pem)];
  });
  const names = new Set<string>();
  const trust = trusts.flatMap((each) => {
    const service = textOf(each, "service");
    if (service === "") return [];
    names.add(service);
    const store = storeOf(service, services);
    return (list(each, "certificate_data") ?? []).flatMap((data) => {
      const pem = textOf(data, "certificate");
      return pem === "" ? [] : [entry(store, textOf(data, "filename") || "(no name)", pem)];
    });
  });
  return { own, trust, services: [...names].sort() };
}

/** As the CLI spells the units that anybody asks for. */
function unitOf(service: string): string {
  return IDENTITY_UNITS.find((unit) => unit.toLowerCase() === service.toLowerCase()) ?? service;
}

/** Whether that name of a snapshot stands for the store. */
export function shownWith(service: string, store: TrustStore, services: Spellings["restService"]): boolean {
  const is = (name: string) => name.toLowerCase() === service.toLowerCase();
  return is(store) || is(store.replace(/-trust$/, "")) || is(services[store]);
}

/** With or without `-trust`, and as it is spelled for an import. */
function storeOf(service: string, services: Spellings["restService"]): string {
  const known = TRUST_STORES.find((store) => shownWith(service, store, services));
  return known ?? (service.endsWith("-trust") ? service : `${service}-trust`);
}

function entry(unit: string, file: string, pem: string): SnapshotEntry {
  const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(pem)?.[0];
  try {
    if (block === undefined) return { unit, file, problem: "it has no PEM" };
    return { unit, file, certificate: Certificate.fromPem(block) };
  } catch (error) {
    if (error instanceof CertificateError) return { unit, file, problem: error.message };
    throw error;
  }
}

/** A list, or the one element that stands for a list of one; null when there is none. */
function list(value: unknown, name: string): readonly unknown[] | null {
  const found = property(value, name);
  if (Array.isArray(found)) return found;
  return typeof found === "object" && found !== null ? [found] : null;
}

function textOf(value: unknown, name: string): string {
  const found = property(value, name);
  return typeof found === "string" ? found.trim() : "";
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as { readonly [name: string]: unknown })[name]
    : undefined;
}
