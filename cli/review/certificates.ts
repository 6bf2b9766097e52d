/** Which certificate enters or leaves which trust store, and what restarts for it. */
import { Certificate } from "../../trust/certificate";
import {
  type CertificateFacts,
  type ClusterReview,
  type Gap,
  type Paths,
  pathOf,
  type Restart,
  type StoreChange,
} from "./model";
import { type Change, compare, objectOf, type ReviewedPlan, textOf, textsOf, type Values } from "./plan-json";

export interface TrustReview {
  readonly clusters: readonly ClusterReview[];
  readonly gaps: readonly Gap[];
}

const TYPE = "cucm_trust_memberships";

export function trustChanges(plan: ReviewedPlan, paths: Paths): TrustReview {
  const gaps: Gap[] = [];
  const clusters = plan.changes
    .filter(({ type, mode }) => type === TYPE && mode === "managed")
    .map((change) => clusterReview(change, plan, paths, gaps));
  return { clusters: clusters.sort((a, b) => compare(a.cluster, b.cluster)), gaps };
}

interface Held {
  readonly store: string;
  readonly sha256: string;
  readonly pem: string;
}

function clusterReview(change: Change, plan: ReviewedPlan, paths: Paths, gaps: Gap[]): ClusterReview {
  const { address, before, after, unknown } = change;
  const now = objectOf(after ?? before);
  const cluster = textOf(now.cluster);
  const facts = plan.data.find(({ type, values }) => type === "cucm_cluster" && values.cluster === cluster);
  const nodes = Object.keys(objectOf(facts?.values.nodes ?? now.nodes)).sort();
  const had = [...held(before?.certificates), ...held(before?.superseded)];
  const has = [...held(after?.certificates), ...held(after?.superseded)];
  if (unknown.certificates === true)
    gaps.push({
      policy: "unknown",
      sentence: `Which certificates ${address} imports is known only at apply.`,
    });
  const describe = describer(plan, gaps);
  // An update that adds something learns only at apply what was there before it.
  const there = new Set(textsOf(after?.already_present ?? before?.already_present));
  const entry = (
    one: Held,
    because: StoreChange["because"],
    where: readonly string[] = nodes,
  ): StoreChange => ({
    store: one.store,
    certificate: describe(one),
    nodes: where,
    because,
  });
  const lost = lostIn(before);
  const entering = has
    .filter((one) => !had.some((other) => keyOf(other) === keyOf(one)))
    .filter((one) => !there.has(keyOf(one)))
    .map((one) => entry(one, "new"));
  const repaired =
    after === null
      ? []
      : has.flatMap((one) => {
          const where = lost.get(keyOf(one)) ?? [];
          return where.length === 0 ? [] : [entry(one, "lost", where)];
        });
  const leaving =
    after === null
      ? now.retain_on_destroy === true
        ? []
        : had.filter((one) => !there.has(keyOf(one))).map((one) => entry(one, "destroyed"))
      : unknown.certificates === true
        ? []
        : had
            .filter((one) => !has.some((other) => keyOf(other) === keyOf(one)) && !there.has(keyOf(one)))
            .map((one) => entry(one, "pruned"));
  const touched = !change.actions.includes("no-op");
  return {
    address,
    path: pathOf(paths, address),
    cluster,
    version: textOf(facts?.values.version) || null,
    method: textOf(now.method) || "manual",
    enters: sorted([...entering, ...repaired]),
    leaves: sorted(leaving),
    alreadyPresent: there.size,
    superseded: [...new Map(held(after?.superseded).map((one) => [one.sha256, describe(one)])).values()],
    stays: had.length - leaving.length,
    restarts: touched ? restarts(change, facts?.values, nodes) : [],
  };
}

const keyOf = ({ store, sha256 }: Held) => `${store}/${sha256}`;

const held = (map: unknown): Held[] =>
  Object.entries(objectOf(map)).flatMap(([sha256, one]) => {
    const { pem, stores } = objectOf(one);
    return textsOf(stores).map((store) => ({ store, sha256, pem: textOf(pem) }));
  });

/** `<node>: <store>/<sha256>`: store and certificate -> nodes. What TVS has not loaded is in its store all the same. */
function lostIn(before: Values | null): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of textsOf(before?.missing)) {
    const [, node, key] = /^(.+?): ([\w-]+\/[0-9a-f]+)$/.exec(line) ?? [];
    if (node === undefined || key === undefined) continue;
    const nodes = found.get(key) ?? [];
    found.set(key, nodes.includes(node) ? nodes : [...nodes, node]);
  }
  return found;
}

const sorted = (changes: readonly StoreChange[]) =>
  [...changes].sort(
    (a, b) =>
      compare(a.certificate.commonName, b.certificate.commonName) ||
      compare(a.certificate.sha256, b.certificate.sha256) ||
      compare(a.store, b.store),
  );

/** What the clusters showed of a certificate; where they did not, what is in it. */
function describer(plan: ReviewedPlan, gaps: Gap[]): (one: Held) => CertificateFacts {
  const shown = new Map<string, Values>();
  for (const { type, values } of plan.data)
    if (type === "cucm_signers")
      for (const [sha256, one] of Object.entries(objectOf(values.certificates)))
        shown.set(sha256, objectOf(one));
  return ({ sha256, pem }) => {
    const seen = shown.get(sha256) ?? {};
    const seenIn = textsOf(seen.seen_in);
    try {
      const certificate = Certificate.fromPem(pem);
      if (certificate.sha256 !== sha256)
        addOnce(gaps, `The certificate that is declared as ${sha256} is another one: ${certificate.sha256}.`);
      const { subject, commonName, issuer, serial, notBefore, notAfter } = certificate;
      return {
        sha256,
        subject,
        commonName: commonName || subject,
        issuer,
        serial,
        notBefore: day(notBefore),
        notAfter: day(notAfter),
        seenIn,
      };
    } catch {
      addOnce(gaps, `The certificate ${sha256} cannot be read: its PEM is not one, or is a sensitive value.`);
      const subject = textOf(seen.subject) || "(not readable)";
      return {
        sha256,
        subject,
        commonName: /(?:^|;)CN=([^;]+)/.exec(subject)?.[1] ?? subject,
        issuer: textOf(seen.issuer),
        serial: textOf(seen.serial),
        notBefore: textOf(seen.not_before).slice(0, 10),
        notAfter: textOf(seen.not_after).slice(0, 10),
        seenIn,
      };
    }
  };
}

function addOnce(gaps: Gap[], sentence: string): void {
  if (!gaps.some((gap) => gap.sentence === sentence)) gaps.push({ policy: "unknown", sentence });
}

const day = (date: Date) => date.toISOString().slice(0, 10);

const TVS = "Cisco Trust Verification Service";
const CALLS =
  "this interrupts calls: phones registered there go to another node meanwhile; afterwards phones have to be reset to fetch the new CTL";

/** As the resource does it: TVS after every import and deletion; CallManager and TFTP for a renewed CTL. */
function restarts(change: Change, facts: Values | undefined, nodes: readonly string[]): Restart[] {
  const { before, after, unknown } = change;
  if (after === null && objectOf(before).retain_on_destroy === true) return [];
  const has = (service: string) =>
    nodes.filter((node) => facts === undefined || objectOf(objectOf(facts.nodes)[node])[service] !== false);
  const stores = before === null || after === null || unknown.generation === true;
  const ctl = objectOf(after ?? before).update_ctl === true;
  return [
    ...(stores
      ? [
          {
            service: TVS,
            nodes: has("tvs"),
            certain: true,
            meaning:
              "node by node; calls go on. A phone that boots meanwhile and has to ask the node that restarts asks another one",
          },
        ]
      : []),
    ...(ctl
      ? [
          { service: "Cisco CallManager", nodes: has("call_manager"), certain: false, meaning: CALLS },
          {
            service: "Cisco Tftp",
            nodes: has("tftp"),
            certain: false,
            meaning:
              "node by node, after CallManager; phones that boot meanwhile fetch their files from another node",
          },
        ]
      : []),
  ];
}
