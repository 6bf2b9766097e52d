/** A stack that keeps the trust of two clusters and has no wave: whether it is as declared, by the state. Pure. */
import { type Declaration, decommissionedClusters } from "./declared-waves";
import type { StoredState } from "./planned";
import { instancesOf } from "./source-dependents";

const MEMBERSHIPS = "cucm_trust_memberships";
const PROOF = "cucm_tvs_proof";

export const keepsTrust = ({ resource }: Declaration, state: StoredState): boolean =>
  resource?.[MEMBERSHIPS] !== undefined || instancesOf(state, MEMBERSHIPS).size > 0;

/** Sentences; none when all is well. */
export function trustProblems(declaration: Declaration, state: StoredState): readonly string[] {
  const gone = decommissionedClusters(declaration);
  const [memberships, proofs] = [MEMBERSHIPS, PROOF].map((type) => [...instancesOf(state, type)]);
  const there = [...memberships!, ...proofs!].map(([address]) => address);
  const declared = [MEMBERSHIPS, PROOF].flatMap((type) =>
    Object.keys(declaration.resource?.[type] ?? {}).map((name) => `${type}.${name}`),
  );
  const behind = [
    ...declared.filter((address) => !there.includes(address)),
    ...there.filter((address) => !declared.includes(address)),
  ];
  const lacking = memberships!.filter(
    ([, { cluster, missing }]) => !gone.includes(String(cluster)) && Array.isArray(missing) && missing.length,
  );
  const unproven = proofs!.filter(([, { cluster, proven }]) => !gone.includes(String(cluster)) && !proven);
  const sentence = (words: string, addresses: readonly string[]) =>
    addresses.length === 0 ? [] : [`${words}: ${[...addresses].sort().join(", ")}.`];
  return [
    ...sentence("Not deployed as declared", behind),
    ...sentence(
      "By the state a node lacks certificates",
      lacking.map(([address]) => address),
    ),
    ...sentence(
      "By the state not every TVS node vouches",
      unproven.map(([address]) => address),
    ),
  ];
}
