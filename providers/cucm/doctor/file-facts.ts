/** What is told of a file that phones fetch: its form. Who is in it is a number, as with every certificate. */
import type { Certificate } from "../../../trust/certificate";
import { isSigner, parseFileHeader } from "../../../trust/file-header";
import { FormatError } from "../../../trust/tlv";
import { parseTrustList, type TrustList, verifyTrustList } from "../../../trust/trust-list";

export interface RecordFacts {
  readonly role: number;
  /** `<certificate 3: RSA 2048, SHA-256>`, or null. */
  readonly certificate: string | null;
  readonly hasAddress: boolean;
  readonly hasName: boolean;
  /** Its names are spelt as we spell those of its certificate. */
  readonly spelt: boolean;
  readonly unknownTags: readonly number[];
}

export type FileFacts =
  | {
      readonly file: "trust list";
      readonly version: string;
      readonly name: "CTL" | "ITL" | "other";
      readonly bytes: number;
      readonly header: number;
      readonly digest: string;
      readonly signatureAlgorithm: number;
      readonly modulusCode: number;
      readonly signature: number;
      /** Tags of the header's fields in their order; 13 is padding. */
      readonly tags: readonly number[];
      /** Number of the record that is its signer's, from 0; null when there is none. */
      readonly signer: number | null;
      readonly verifies: boolean;
      readonly records: readonly RecordFacts[];
    }
  | {
      readonly file: "signed file";
      readonly version: string;
      readonly digest: string;
      readonly signatureAlgorithm: number;
      readonly modulusCode: number;
      readonly signature: number;
      readonly tags: readonly number[];
    }
  /** It is neither. */
  | { readonly file: "other"; readonly bytes: number; readonly offset: number; readonly expected: string };

/** How redaction calls what is in a file. */
interface Naming {
  certificate(certificate: Certificate): string;
  text(text: string): string;
}

export function fileFacts(bytes: Buffer, { certificate: numbered, text }: Naming): FileFacts {
  try {
    const header = parseFileHeader(bytes);
    const { version, digest, signatureAlgorithm, modulusCode } = header;
    const tags = header.tlvs.map(({ tag }) => tag);
    const common = {
      version,
      digest,
      signatureAlgorithm,
      modulusCode,
      signature: header.signature.length,
      tags,
    };
    if (!/^(CTL|ITL)|\.tlv$/.test(header.filename ?? "")) return { file: "signed file", ...common };
    return {
      file: "trust list",
      ...common,
      ...listFacts(parseTrustList(bytes, { maxBytes: bytes.length }), numbered),
    };
  } catch (error) {
    if (error instanceof FormatError)
      return { file: "other", bytes: bytes.length, offset: error.offset, expected: text(error.expected) };
    throw error;
  }
}

function listFacts(list: TrustList, numbered: (certificate: Certificate) => string) {
  const signer = list.records.findIndex((record) => isSigner(list.signer, record));
  const key = list.records[signer]?.publicKey;
  return {
    name: list.kind ?? ("other" as const),
    bytes: list.bytes.length,
    header: list.headerLength,
    signer: signer < 0 ? null : signer,
    verifies: key !== undefined && verifyTrustList(list, key),
    records: list.records.map((record): RecordFacts => {
      const { role, certificate, subject, issuer, ipAddress, dnsName, unknown } = record;
      return {
        role,
        certificate: certificate === undefined ? null : numbered(certificate),
        hasAddress: ipAddress !== undefined && ipAddress !== "0.0.0.0",
        hasName: dnsName !== "",
        spelt:
          certificate === undefined || (certificate.subject === subject && certificate.issuer === issuer),
        unknownTags: unknown.map(({ tag }) => tag),
      };
    }),
  };
}

/** The certificates in a list. */
export function certificatesIn(bytes: Buffer): readonly Certificate[] {
  try {
    const { records } = parseTrustList(bytes, { maxBytes: bytes.length });
    return records.flatMap(({ certificate }) => certificate ?? []);
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}
