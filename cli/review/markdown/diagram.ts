/** The trust exchange as a Mermaid diagram: which cluster's certificates which stores hold, and what the proofs say. */
import type { ClusterReview, Review } from "../model";
import { movesAny } from "../sentences";
import { label } from "./escape";

/** Null when the plan has no trust. */
export function diagram({ clusters, proofs, moves }: Review): string | null {
  if (clusters.length === 0) return null;
  const id = (cluster: string) => `c${clusters.findIndex((one) => one.cluster === cluster)}`;
  const boxes = clusters.flatMap((one) => [
    `  subgraph ${id(one.cluster)}["${label(`cluster ${one.cluster}`)}"]`,
    ...storesOf(one).map(
      ({ store, enters, leaves }, i) =>
        `    ${id(one.cluster)}s${i}[("${label(`${store} +${enters}${leaves > 0 ? ` -${leaves}` : ""}`)}")]`,
    ),
    `    ${id(one.cluster)}t["${label(tvs(one, proofs))}"]`,
    "  end",
  ]);
  const imports = clusters.flatMap((one) => {
    const other = clusters.find(({ cluster }) => cluster !== one.cluster);
    if (other === undefined) return [];
    const certificates = new Set(one.enters.map(({ certificate }) => certificate.sha256)).size;
    const says = certificates > 0 ? `${certificates} enter` : `${one.stays} memberships stay`;
    return [`  ${id(other.cluster)} -->|"${label(says)}"| ${id(one.cluster)}`];
  });
  const phones = moves.flatMap((move, i) => {
    const [from, to] =
      move.to === "destination"
        ? [move.clusters.source, move.clusters.destination]
        : [move.clusters.destination, move.clusters.source];
    if (![from, to].every((name) => clusters.some(({ cluster }) => cluster === name))) return [];
    return [
      `  w${i}(["${label(`wave ${move.wave}, phones: ${move.phones.length}`)}"])`,
      ...(movesAny(move) ? [`  ${id(from)} -.- w${i}`] : []),
      `  w${i} ==>|"${movesAny(move) ? "moves" : "is there"}"| ${id(to)}`,
    ];
  });
  return ["```mermaid", "flowchart LR", ...boxes, ...imports, ...phones, "```"].join("\n");
}

function storesOf({ enters, leaves }: ClusterReview) {
  const stores = [...new Set([...enters, ...leaves].map(({ store }) => store))].sort();
  const count = (changes: ClusterReview["enters"], store: string) =>
    changes.filter((one) => one.store === store).length;
  return stores.map((store) => ({ store, enters: count(enters, store), leaves: count(leaves, store) }));
}

function tvs({ cluster }: ClusterReview, proofs: Review["proofs"]): string {
  const proof = proofs.find((one) => one.cluster === cluster);
  if (proof === undefined) return "TVS (no proof declared)";
  if (proof.proven === null) return `TVS is asked at apply about ${proof.signers} signers`;
  return proof.proven
    ? `TVS vouches for all ${proof.signers} signers`
    : `TVS does not vouch for all ${proof.signers} signers`;
}
