/**
 * What comes of asking TVS (Cisco's documents 213407 and 118893, guides of the 8800): a phone asks the servers of
 * the configuration that it holds, and trusts one only by a TVS record of its present ITL. The CTL has no such records.
 */
import { type Certificate, mapId } from "../certificate";
import { sameName } from "../name";
import { Role } from "../roles";
import type { SignedFile } from "../signed-file";
import type { TrustList } from "../trust-list";
import { can, type Held, type Judgement, type Reason, reject, rejectModel, signedBy } from "./judgement";
import type { Cluster, Ends, Phone, TvsAnswer, TvsNode } from "./situation";
import type { Answers } from "./switches";

/** TVS servers of both clusters by address: a phone asks those of its configuration, wherever it comes from. */
export type TvsDirectory = ReadonlyMap<string, { readonly node: TvsNode; readonly cluster: Cluster }>;

export function tvsDirectory({ from, to }: Ends): TvsDirectory {
  return new Map(
    [to, from].flatMap((cluster) => cluster.tvs.map((node) => [node.address, { node, cluster }])),
  );
}

export interface TvsQuestion {
  readonly about: { readonly name: string; readonly serial: string; readonly issuer: string };
  /** The answer must carry one of these. */
  readonly roles: readonly number[];
  /** Whether the certificate of the answer is what is asked for. */
  readonly proves: (certificate: Certificate) => boolean;
}

export function signerOf(file: TrustList | SignedFile, roles: readonly number[]): TvsQuestion {
  return { about: file.signer, roles, proves: ({ publicKey }) => signedBy(file, publicKey) };
}

/** The most telling of the ways in which servers failed: worst first. */
const TELLING: readonly Reason[] = ["tvs-miss", "tvs-not-in-itl", "tvs-unreachable"];

export function askTvs(
  question: TvsQuestion,
  phone: Phone,
  held: Held,
  directory: TvsDirectory,
  answers: Answers,
): Judgement {
  if (!can(phone, "securityByDefault", answers))
    return rejectModel("no-tvs-capability", phone, "securityByDefault");
  if (phone.tvs.length === 0) return reject("no-tvs-list");
  const trusted = held.itl?.records.filter((one) => one.role === Role.TVS) ?? [];
  if (trusted.length === 0) return reject("tvs-not-in-itl");

  const failures = new Set<Reason>();
  for (const [i, address] of phone.tvs.entries()) {
    const server = directory.get(address);
    if (server === undefined) {
      if (strangerVouches(address, answers)) return { accepted: true, by: "tvs", server: address };
      failures.add("tvs-unreachable");
      continue;
    }
    const { node, cluster } = server;
    if (!node.reachable) {
      failures.add("tvs-unreachable");
      continue;
    }
    if (!trusted.some((one) => one.certificate?.sha256 === node.certificate.sha256)) {
      failures.add("tvs-not-in-itl");
      continue;
    }
    const answer = answerOf(node, cluster, question.about, answers);
    if (answer.kind !== "miss") return judge(question, answer, address);
    failures.add("tvs-miss");
    const isLast = i === phone.tvs.length - 1;
    if (!isLast && !answers.setting("tvsTryNextOnMiss")) return reject("tvs-miss", address);
  }
  return reject(TELLING.find((reason) => failures.has(reason)) ?? "tvs-unreachable");
}

/** An answer is final: the phone caches it for this signer. */
function judge({ roles, proves }: TvsQuestion, answer: Known, server: string): Judgement {
  if (answer.kind === "presumably") return { accepted: true, by: "tvs", server };
  if (!answer.roles.some((role) => roles.includes(role))) return reject("tvs-role", server);
  const { certificate } = answer;
  if (!proves(certificate)) return reject("bad-signature", server);
  const { subject, issuer, serial, sha256 } = certificate;
  return { accepted: true, by: "tvs", certificate: { subject, issuer, serial, sha256 }, server };
}

/** `presumably`: one of the possibilities of a doubt, without a certificate that could be named. */
type Known = Extract<TvsAnswer, { kind: "vouches" }> | { readonly kind: "presumably" };

/** Roles of an import into Phone-SAST-trust (CertMgr's own map, Cisco's document 210541). */
const IMPORTED_ROLES: readonly number[] = [Role.SAST, Role.TFTP];

function answerOf(
  node: TvsNode,
  cluster: Cluster,
  signer: TvsQuestion["about"],
  answers: Answers,
): Known | { readonly kind: "miss" } {
  const now = node.answers.get(mapId(signer.serial, signer.issuer));
  const planned = toBeImported(cluster, signer);
  if (planned === undefined) {
    if (now !== undefined) return now;
    const words = `whether TVS vouches for ${signer.name} (serial ${signer.serial}): it was not asked`;
    return { kind: answers.fact(`tvs:${signer.serial}`, words, false) ? "presumably" : "miss" };
  }
  if (now?.kind === "vouches") return { ...now, roles: [...now.roles, ...IMPORTED_ROLES] };
  // TVS compares issuers as text; a token's certificate was seen to be missed although it had been imported.
  if (planned.issuer !== signer.issuer) {
    const words = `whether TVS finds ${signer.name} once it is imported: files spell its issuer "${signer.issuer}", its certificate "${planned.issuer}"`;
    if (!answers.fact(`tvs-spelling:${signer.serial}`, words, false)) return { kind: "miss" };
  }
  return { kind: "vouches", roles: IMPORTED_ROLES, certificate: planned };
}

function toBeImported(
  cluster: Cluster,
  signer: { readonly issuer: string; readonly serial: string },
): Certificate | undefined {
  return cluster.assumeTrusted.find(
    ({ certificate, stores }) =>
      stores.includes("Phone-SAST-trust") &&
      certificate.serial === signer.serial &&
      sameName(certificate.issuer, signer.issuer),
  )?.certificate;
}

/** Also one of a node whose TVS certificate was not read: without it nothing can be said of that server. */
function strangerVouches(address: string, answers: Answers): boolean {
  const words = `whether the TVS server ${address} of the phone's configuration vouches: it belongs to neither cluster, or its certificate was not read`;
  return answers.fact(`tvs-stranger:${address}`, words, false);
}
