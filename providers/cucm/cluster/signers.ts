import type { Certificate } from "../../../trust/certificate";
import { sameName } from "../../../trust/name";
import { parseSignedFile, verifySignedFile } from "../../../trust/signed-file";
import { FormatError } from "../../../trust/tlv";
import { parseTrustList, type SignerId, verifyTrustList } from "../../../trust/trust-list";
import {
  type Cluster,
  ClusterError,
  type ClusterNode,
  type IdentityUnit,
  isUnreachable,
  type Operation,
} from "./cluster";
import { SharedQuestions } from "./shared-questions";

/** A certificate that phones of this cluster, or phones that move to it, have to trust. */
export interface Signer {
  readonly certificate: Certificate;
  /** Where it was seen, in words, sorted: `CTL of 10.0.0.1`, `ITLRecovery of 10.0.0.2`. */
  readonly seenIn: readonly string[];
  /** False for a certificate that only issues phones' LSCs (CAPF). */
  readonly signer: boolean;
}

/** A file that phones would refuse, whatever they trust. */
export interface Problem {
  readonly summary: string;
  readonly detail: string;
}

export interface Signers {
  readonly signers: readonly Signer[];
  readonly problems: readonly Problem[];
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
 * Served files come over plain HTTP, so they only name their signer: the certificate itself counts when a node shows
 * it as its own over a verified connection, and never because a list carries it.
 *
 * A file that is broken, not signed by whom its header names, or by somebody who is found nowhere is a problem and no
 * error: it must stop a move to this cluster, and not the way back from it.
 */
export async function collectSigners(cluster: Cluster, op: Operation): Promise<Signers> {
  const nodes = await cluster.nodes(op);
  const perNode = await Promise.all(nodes.map((node) => settle(() => readNode(cluster, node, op))));
  const seen = new Seen();
  const unread: ClusterError[] = [];
  const headers: Header[] = [];
  const problems: Problem[] = [];
  for (const result of perNode) {
    if (result instanceof ClusterError) unread.push(result);
    else {
      for (const found of result.certificates) seen.add(found);
      headers.push(...result.headers);
      problems.push(...result.problems);
    }
  }
  for (const header of headers) {
    const certificate = seen.signerOf(header.signer);
    if (certificate) {
      seen.add({ certificate, where: `${header.label} of ${header.node.address}`, signer: true });
      if (!header.isSignedBy(certificate)) problems.push(wrongSignature(header, certificate));
    } else if (unread.length === 0) problems.push(unknownSigner(header));
  }
  problems.sort((a, b) => (a.summary < b.summary ? -1 : 1));
  return { signers: seen.list(), problems, unread };
}

interface Found {
  readonly certificate: Certificate;
  readonly where: string;
  readonly signer: boolean;
}
interface Header {
  readonly label: string;
  readonly node: ClusterNode;
  readonly signer: SignerId;
  readonly isSignedBy: (certificate: Certificate) => boolean;
}

async function readNode(cluster: Cluster, node: ClusterNode, op: Operation) {
  const certificates: Found[] = [];
  const headers: Header[] = [];
  const problems: Problem[] = [];
  const identity = async (unit: IdentityUnit, signer: boolean) => {
    const certificate = await cluster.identityCertificate(node, unit, op);
    if (certificate) certificates.push({ certificate, where: `${unit} of ${node.address}`, signer });
  };
  await Promise.all([
    node.role === "publisher" || node.tftp ? identity("CallManager", true) : undefined,
    identity("ITLRecovery", true),
    identity("CAPF", false),
    ...(node.tftp ? SIGNED_FILES : []).map(async ({ name, label }) => {
      const bytes = await SharedQuestions.of(cluster).servedFile(node, name, op);
      if (bytes === null) {
        // That there is always a default configuration is not documented.
        if (name.endsWith(".tlv")) problems.push(notServed(label, node));
        return;
      }
      try {
        headers.push({ label, node, ...parseServed(name, bytes) });
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        problems.push(malformed(name, node, error));
      }
    }),
  ]);
  return { certificates, headers, problems };
}

/** @throws FormatError */
function parseServed(name: string, bytes: Buffer): Pick<Header, "signer" | "isSignedBy"> {
  if (name.endsWith(".sgn")) {
    const file = parseSignedFile(bytes);
    return { signer: file.signer, isSignedBy: (by) => verifySignedFile(file, by) };
  }
  const list = parseTrustList(bytes);
  return { signer: list.signer, isSignedBy: (by) => verifyTrustList(list, by) };
}

/** The certificates by SHA-256, with the places where each was seen. */
class Seen {
  private readonly all = new Map<string, Certificate>();
  private readonly places = new Map<string, { where: Set<string>; signer: boolean }>();

  add({ certificate, where, signer }: Found): void {
    const known = this.all.get(certificate.sha256) ?? certificate;
    this.all.set(known.sha256, known);
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

const notServed = (label: string, node: ClusterNode): Problem => ({
  summary: `The TFTP node ${node.address} serves no ${label}`,
  detail:
    "A phone that comes from another cluster keeps that one's list, and finds no CallManager of this cluster in it. " +
    "Is this cluster in mixed mode? Restart Cisco Tftp on the node, or update the CTL.",
});

const malformed = (name: string, node: ClusterNode, error: FormatError): Problem => ({
  summary: `${name} of ${node.address} is not a valid signed file`,
  detail: `${error.message}. Phones would refuse it: restart Cisco Tftp on this node and look at the file again.`,
});

const wrongSignature = ({ label, node }: Header, { commonName, serial }: Certificate): Problem => ({
  summary: `The signature of the ${label} of ${node.address} is wrong`,
  detail: `Its header names ${commonName} (serial ${serial}), whose key did not sign it. Phones would refuse it: renew the CTL, or restart Cisco Tftp on the node.`,
});

const unknownSigner = ({ label, node, signer }: Header): Problem => ({
  summary: `The signer of the ${label} of ${node.address} is not to be found`,
  detail:
    `Its header names serial ${signer.serial}, issuer ${signer.issuer}, but no node shows that certificate as its CallManager or ITLRecovery certificate. ` +
    "A USB token signed it, this TFTP node serves files from before a certificate was regenerated (renew the CTL or restart Cisco Tftp on the node), or somebody altered the file on its way here.",
});

async function settle<T>(read: () => Promise<T>): Promise<T | ClusterError> {
  try {
    return await read();
  } catch (error) {
    if (isUnreachable(error)) return error;
    throw error;
  }
}
