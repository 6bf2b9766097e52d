/** CAPF certificates that a cluster had before: phones may still show LSCs that they issued. */
import type { Certificate } from "../../../trust/certificate";
import type { Operation } from "../cluster/cluster";
import type { Side } from "./read-side";
import type { Unread } from "./unread";

/**
 * Only the publisher's CAPF issues LSCs. Its stores also hold those of other nodes, which are present and not former,
 * and others that nobody shows any more: what the publisher had before. While a node is silent they cannot be told
 * apart: see {@link explainedBy}. That of the other cluster is there since somebody imported it, and stays in the
 * answer: phones that have been there may have their LSC of it.
 *
 * @param elsewhere CAPF of the other cluster
 * @returns those of the publisher's stores, beside the one that it shows; null: not read
 */
export async function readFormerCapf(
  { facade, nodes, capf }: Side,
  elsewhere: Certificate | null,
  unread: Unread,
  op: Operation,
): Promise<readonly Certificate[] | null> {
  const publisher = nodes.find(({ role }) => role === "publisher");
  if (publisher === undefined) return [];
  const stored = await unread.unless(null, () => facade.capfCertificates(publisher, op));
  if (stored === null) return null;
  const imported = stored.filter(({ sha256 }) => sha256 === elsewhere?.sha256);
  const others = stored.filter((one) => !imported.includes(one) && one.sha256 !== capf?.sha256);
  if (others.length === 0) return imported;
  const present = await Promise.all(
    nodes
      .filter((node) => node !== publisher)
      .map((node) => unread.unless("unread" as const, () => facade.identityCertificate(node, "CAPF", op))),
  );
  const shown = new Set(present.map((one) => (one === "unread" ? null : one?.sha256)));
  const unseen = others.filter((one) => !shown.has(one.sha256));
  return unseen.length <= explainedBy(present) ? imported : [...unseen, ...imported];
}

/**
 * How many CAPF certificates that nobody shows are those of silent subscribers: each has one where every subscriber
 * that answers has (before 14). More than that, and any of them may be a former one of the publisher.
 */
function explainedBy(subscribers: readonly (Certificate | null | "unread")[]): number {
  const answers = subscribers.filter((one) => one !== "unread");
  const eachHasOne = answers.length > 0 && !answers.includes(null);
  return eachHasOne ? subscribers.length - answers.length : 0;
}
