import type { Certificate } from "../certificate";
import type { Evidence } from "../evidence";
import type { PhoneModel } from "../phone-model";
import { parseSignedFile, type SignedFile } from "../signed-file";
import { parseTrustList, type TrustList } from "../trust-list";

/**
 * What a forecast is made from: a phone as we assume it to be, and the two clusters. Everything is plain data that
 * somebody read before; a fact that could not be read is left out, and the outcome then says that it hangs on it.
 */
export type SecurityMode = "non-secure" | "authenticated" | "encrypted";

export interface Phone {
  /** `SEP` and 12 hex digits. */
  readonly name: string;
  readonly model: PhoneModel;
  /** The trust lists that it holds, or is assumed to hold: see `evidence`. Share one object between phones. */
  readonly ctl: TrustList | null;
  readonly itl: TrustList | null;
  /** Addresses of the TVS servers in the configuration that it holds, in their order. */
  readonly tvs: readonly string[];
  /** Addresses of the CallManager group in that configuration; CUCM makes both lists from the same device pool. */
  readonly callManagers: readonly string[];
  /** From that configuration. */
  readonly mode: SecurityMode;
  /** "Alternate TFTP" on: the phone keeps to a TFTP server typed in by hand. */
  readonly alternateTftp: boolean;
  /** Asks for an encrypted configuration first: its configuration says so, or it has a symmetric key. */
  readonly asksForEncrypted: boolean;
  /** Certificates that it can show. The LSC is shown where there is one. */
  readonly lsc: PhoneCertificate | null;
  readonly mic: PhoneCertificate | null;
  readonly evidence: Evidence;
}

export interface PhoneCertificate {
  /** Name text of the issuer, `CN=CAPF-5a1b2c3d;OU=..`. */
  readonly issuer: string;
  /** The issuer's certificate where it is known: then another one of the same name does not count. */
  readonly issuedBy?: Certificate;
  /** Who else may have issued it, as nobody can tell. */
  readonly orIssuedBy?: readonly Certificate[];
  /** Why it is not known whether the phone can show it, as the end of "whether ...". */
  readonly doubt?: string;
}

/** A file of one TFTP node as it was fetched. */
export type Served<F> =
  | { readonly kind: "file"; readonly file: F }
  | { readonly kind: "absent" }
  | { readonly kind: "malformed"; readonly why: string };

export interface TftpNode {
  /** As in option 150. */
  readonly address: string;
  readonly reachable: boolean;
  readonly ctl: Served<TrustList>;
  readonly itl: Served<TrustList>;
  /** Files of one phone, or of two, stand for all: a node signs all of them with the same key. */
  readonly configuration: {
    readonly signed: Served<SignedFile>;
    /** `.enc.sgn` */
    readonly encrypted: Served<SignedFile>;
    readonly plain: "served" | "absent";
  };
}

export type TvsAnswer =
  | { readonly kind: "vouches"; readonly roles: readonly number[]; readonly certificate: Certificate }
  | { readonly kind: "miss" };

export interface TvsNode {
  readonly address: string;
  readonly reachable: boolean;
  /** The one that it shows. */
  readonly certificate: Certificate;
  /** By {@link mapId} of the signer as files name it. A signer that is absent here was not asked about. */
  readonly answers: ReadonlyMap<string, TvsAnswer>;
}

export interface CallManagerNode {
  readonly address: string;
  readonly reachable: boolean;
  readonly certificate: Certificate;
  /** Trust stores of this very node: imports into CAPF-trust do not replicate. */
  readonly callManagerTrust: readonly Certificate[];
  readonly capfTrust: readonly Certificate[];
}

/** The publisher's Certificate Authority Proxy Function. */
export interface Capf {
  readonly reachable: boolean;
  readonly certificate: Certificate;
  /** CAPF-trust of its node. */
  readonly trust: readonly Certificate[];
}

export type Enrolment = "null string" | "authentication string" | "existing certificate";

/** A phone in a cluster's database. */
export interface Device {
  /** Of its security profile. */
  readonly mode: SecurityMode;
  /** The profile encrypts the configuration file. */
  readonly encryptedConfig: boolean;
  /** Whether this cluster's database has the phone's public key, for an encrypted configuration: since it was there. */
  readonly publicKey: "none" | "from before";
  /** CallManager group of its device pool, first choice first. */
  readonly callManagers: readonly string[];
  /** CAPF operation that waits for the phone; `null` for none. */
  readonly enrolment: Enrolment | null | "unknown";
}

export type TrustStore = "CallManager-trust" | "Phone-SAST-trust" | "CAPF-trust";

/** A certificate that the plan will import, on every node. */
export interface AssumedTrust {
  readonly certificate: Certificate;
  readonly stores: readonly TrustStore[];
}

/** Everything about one cluster that a phone coming or leaving meets. */
export interface Cluster {
  readonly mixedMode: boolean;
  /** In the order of option 150. */
  readonly tftp: readonly TftpNode[];
  readonly tvs: readonly TvsNode[];
  readonly callManagers: readonly CallManagerNode[];
  readonly capf: Capf | null;
  /** By device name. */
  readonly devices: ReadonlyMap<string, Device>;
  readonly assumeTrusted: readonly AssumedTrust[];
}

/** Exchange the two to ask about the way back. */
export interface Ends {
  readonly from: Cluster;
  readonly to: Cluster;
}

/** A journey that is judged alone, or one of the two of a way there and back. */
export interface Leg extends Ends {
  readonly part: "alone" | "there" | "back";
}

/** A fetched CTL or ITL; `null`: the server has none. */
export function servedTrustList(bytes: Uint8Array | null): Served<TrustList> {
  return served(bytes, parseTrustList);
}

/** A fetched `.sgn` file; `null`: the server has none. */
export function servedConfiguration(bytes: Uint8Array | null): Served<SignedFile> {
  return served(bytes, parseSignedFile);
}

function served<F>(bytes: Uint8Array | null, parse: (bytes: Uint8Array) => F): Served<F> {
  if (bytes === null) return { kind: "absent" };
  try {
    return { kind: "file", file: parse(bytes) };
  } catch (error) {
    return { kind: "malformed", why: error instanceof Error ? error.message : String(error) };
  }
}
