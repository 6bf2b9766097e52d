import type { Certificate } from "../../../trust/certificate";
import { sameName } from "../../../trust/name";
import { parseSignedFile } from "../../../trust/signed-file";
import { parseTrustList, type SignerId } from "../../../trust/trust-list";
import { type Cluster, ClusterError, type ClusterNode, type IdentityUnit, type Operation } from "./cluster";

/** A certificate that phones of this cluster, or phones that move to it, have to trust. */
export interface Signer {
  readonly certificate: Certificate;
  /** Where it was seen, in words, sorted: `CTL of 10.0.0.1`, `ITLRecovery of 10.0.0.2`. */
  readonly seenIn: readonly string[];
  /** False for a certificate that only issues phones' LSCs (CAPF). */
  readonly signer: boolean;
}

export interface Signers {
  readonly signers: readonly Signer[];
  /** What could not be read because a node did not answer. */
  readonly unread: readonly ClusterError[];
}

/** Files that every TFTP node serves and signs with its real key. */
const SIGNED_FILES = [
  { name: "CTLFile.tlv", label: "CTL" },
  { name: "ITLFile.tlv", label: "ITL" },
  { name: "SPDefault.cnf.xml.sgn", label: "signed configuration" },
] as const;

/**
 * The real signers of a cluster: those named in the headers of the CTL, the ITL and a signed configuration on every
 * TFTP node, plus the CallManager certificate of the publisher and of each TFTP node, plus ITLRecovery and CAPF of
 * every node. The header decides, never the version: up to 11.5 lists are signed by CallManager, from 12.0 by
 * ITLRecovery, and after a key reset by either (Cisco Security Guide, security modes and Security By Default).
 *
 * @throws ClusterError when a header names a signer whose certificate is found nowhere.
 */
export async function collectSigners(cluster: Cluster, op: Operation): Promise<Signers> {
  const nodes = await cluster.nodes(op);
  const perNode = await Promise.all(nodes.map((node) => settle(() => readNode(cluster, node, op))));
  const seen = new Seen();
  const unread: ClusterError[] = [];
  const headers: Header[] = [];
  for (const result of perNode) {
    if (result instanceof ClusterError) unread.push(result);
    else {
      for (const found of result.certificates) seen.add(found);
      headers.push(...result.headers);
    }
  }
  for (const header of headers) {
    const certificate = seen.signerOf(header.signer);
    if (certificate)
      seen.add({ certificate, where: `${header.label} of ${header.node.address}`, signer: true });
    else if (unread.length === 0) throw unknownSigner(cluster, header);
  }
  return { signers: seen.list(), unread };
}

interface Found {
  readonly certificate: Certificate;
  readonly where: string | null;
  readonly signer: boolean;
}
interface Header {
  readonly label: string;
  readonly node: ClusterNode;
  readonly signer: SignerId;
}

async function readNode(cluster: Cluster, node: ClusterNode, op: Operation) {
  const certificates: Found[] = [];
  const headers: Header[] = [];
  const identity = async (unit: IdentityUnit, signer: boolean) => {
    const certificate = await cluster.identityCertificate(node, unit, op);
    if (certificate) certificates.push({ certificate, where: `${unit} of ${node.address}`, signer });
  };
  await Promise.all([
    node.role === "publisher" || node.tftp ? identity("CallManager", true) : undefined,
    identity("ITLRecovery", true),
    identity("CAPF", false),
    ...(node.tftp ? SIGNED_FILES : []).map(async ({ name, label }) => {
      const bytes = await cluster.servedFile(node, name, op);
      if (bytes === null) return;
      const file = parseServed(cluster, node, name, bytes);
      headers.push({ label, node, signer: file.signer });
      for (const certificate of file.certificates)
        certificates.push({ certificate, where: null, signer: true });
    }),
  ]);
  return { certificates, headers };
}

function parseServed(cluster: Cluster, node: ClusterNode, name: string, bytes: Buffer) {
  try {
    if (name.endsWith(".sgn")) return { signer: parseSignedFile(bytes).signer, certificates: [] };
    const list = parseTrustList(bytes);
    return { signer: list.signer, certificates: list.records.flatMap((r) => r.certificate ?? []) };
  } catch (error) {
    throw new ClusterError(
      cluster.name,
      node.address,
      `${name} of ${node.address} is not a valid signed file`,
      `${error instanceof Error ? error.message : error}. Phones would refuse it too: restart Cisco Tftp on this node and look at the file again.`,
      "answer",
    );
  }
}

/** The certificates by SHA-256, with the places where each was seen. */
class Seen {
  private readonly all = new Map<string, Certificate>();
  private readonly places = new Map<string, { where: Set<string>; signer: boolean }>();

  /** A certificate without a place (a record of a list) counts only when a header names it. */
  add({ certificate, where, signer }: Found): void {
    const known = this.all.get(certificate.sha256) ?? certificate;
    this.all.set(known.sha256, known);
    if (where === null) return;
    const place = this.places.get(known.sha256) ?? { where: new Set(), signer: false };
    place.where.add(where);
    place.signer ||= signer;
    this.places.set(known.sha256, place);
  }

  signerOf(name: SignerId): Certificate | undefined {
    for (const certificate of this.all.values()) {
      if (certificate.serial === name.serial && sameName(certificate.issuer, name.issuer)) return certificate;
    }
    return undefined;
  }

  list(): Signer[] {
    return [...this.places]
      .map(([sha256, { where, signer }]) => ({
        certificate: this.all.get(sha256)!,
        seenIn: [...where].sort(),
        signer,
      }))
      .sort((a, b) => (a.certificate.sha256 < b.certificate.sha256 ? -1 : 1));
  }
}

function unknownSigner(cluster: Cluster, { label, node, signer }: Header): ClusterError {
  return new ClusterError(
    cluster.name,
    node.address,
    `The signer of the ${label} of ${node.address} is not to be found`,
    `Its header names serial ${signer.serial}, issuer ${signer.issuer}, but no record of the served lists and no CallManager or ITLRecovery certificate of the cluster is that one. ` +
      "A USB token signed it, or this TFTP node serves files from before a certificate was regenerated: renew the CTL or restart Cisco Tftp on the node.",
    "answer",
  );
}

async function settle<T>(read: () => Promise<T>): Promise<T | ClusterError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ClusterError && (error.kind === "unreachable" || error.kind === "timeout"))
      return error;
    throw error;
  }
}
