import type { ClusterReview, Proof, Review, StoreChange } from "../model";
import { counted } from "../sentences";
import { code, html, words } from "./escape";
import { folded, list, type Room, table } from "./lists";

/** What being in a store makes of a certificate; docs/assumptions.md says how that is known. */
const ROLES: { readonly [store: string]: string } = {
  "Phone-SAST-trust": "TVS vouches for it (SAST, TFTP): phones take lists and configurations that it signed",
  "CallManager-trust": "CallManager trusts it and, if it is a CAPF, phones with an LSC that it issued",
  "CAPF-trust": "CAPF knows it as an issuer of LSCs",
};

const BECAUSE: { readonly [because in StoreChange["because"]]: string } = {
  new: "enters",
  lost: "is put back",
  pruned: "leaves (prune)",
  destroyed: "leaves (destroy)",
};

export function clusterSection(cluster: ClusterReview, proofs: readonly Proof[], room: Room): string[] {
  const { enters, leaves, restarts, superseded, stays, alreadyPresent, method, version } = cluster;
  const changes = [...enters, ...leaves];
  const own = proofs.filter((proof) => proof.cluster === cluster.cluster);
  return folded(
    `Cluster ${html(cluster.cluster)}${version === null ? "" : ` (CUCM ${html(version)})`}: ${changes.length === 0 ? "trust stores stay" : `${counted(enters.length, "entry", "entries")} into trust stores, ${leaves.length} out`}`,
    [
      ...table(
        room,
        ["Change", "Certificate", "Valid", "What it is", "Stores", "Nodes"],
        rows(changes),
        "certificates",
      ),
      ...(changes.length === 0 ? [] : [""]),
      ...[...new Set(changes.map(({ store }) => store))]
        .sort()
        .map((store) => `- ${code(store)}: ${words(ROLES[store] ?? "a store that a review does not know")}`),
      `- ${counted(stays, "entry", "entries")} stay as they are; ${alreadyPresent} were there before the migration. Method: ${words(method)}.`,
      ...list(
        room,
        superseded.map(
          ({ commonName, sha256, notAfter }) =>
            `${code(commonName)} (${code(short(sha256))}, until ${words(notAfter)}) was replaced by another; it stays in the stores until a destroy`,
        ),
        "replaced certificates",
      ),
      ...restarts.map(
        ({ service, nodes, certain, meaning }) =>
          `- Restarts ${words(service)} on ${nodes.map(code).join(", ") || "no node"}${certain ? "" : ", if the CTL has to be renewed"}: ${words(meaning)}.`,
      ),
      ...own.flatMap((proof) => list(room, proofLines(proof), "answers")),
    ],
  );
}

/** What TVS answered of clusters whose trust another stack keeps. */
export function keptElsewhere({ clusters, proofs }: Review, room: Room): string[] {
  const strangers = proofs.filter((proof) => !clusters.some(({ cluster }) => cluster === proof.cluster));
  return strangers.flatMap((proof) =>
    folded(
      `Cluster ${html(proof.cluster)}: trust stores are not of this plan`,
      list(room, proofLines(proof), "answers"),
    ),
  );
}

/** One for each certificate and what happens to it, whatever the number of stores. */
function rows(changes: readonly StoreChange[]): string[][] {
  const grouped = new Map<string, { readonly change: StoreChange; readonly stores: string[] }>();
  for (const change of changes) {
    const key = JSON.stringify([change.certificate.sha256, change.because, change.nodes]);
    const group = grouped.get(key) ?? { change, stores: [] };
    group.stores.push(change.store);
    grouped.set(key, group);
  }
  return [...grouped.values()].map(({ change, stores }) => row(change, stores));
}

function row({ certificate, nodes, because }: StoreChange, stores: readonly string[]): string[] {
  const { commonName, subject, issuer, serial, sha256, notBefore, notAfter, seenIn } = certificate;
  return [
    BECAUSE[because],
    lines([
      code(commonName),
      issuer === subject ? "issued by itself" : `issued by ${code(issuer)}`,
      `serial ${code(serial)}`,
      `SHA-256 ${code(short(sha256))}`,
    ]),
    lines([`${words(notBefore)} to`, words(notAfter)]),
    lines(seenIn.map(words)) || "(no cluster shows it now)",
    lines(stores.map(code)),
    lines(nodes.map(code)) || "(not known)",
  ];
}

/** Below each other: a comment is narrow, and a wide table hides its last columns. */
const lines = (parts: readonly string[]) => parts.join("<br>");

const SHORT = 12;
const short = (sha256: string) => sha256.slice(0, SHORT);

function proofLines({ proven, signers, answers }: Proof): string[] {
  if (proven === null) return [`TVS of every node is asked at apply about ${counted(signers, "signer")}`];
  return Object.entries(answers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([node, answer]) => `TVS of ${code(node)} ${words(answer)}`);
}
