/** Holds one cluster against docs/assumptions.md. Everything is read, and nothing is changed. */
import type { ClusterNode } from "../cluster/cluster";
import { type Check, type Finding, type Result, unknown } from "./check";
import { CERTIFICATES } from "./checks/certificates";
import { SERVICES } from "./checks/services";
import { SPELLINGS } from "./checks/spellings";
import { FILES } from "./checks/trust-lists";
import { NOT_TRIED } from "./not-tried";
import { type Patient, reasonOf } from "./patient";

export const CHECKS: readonly Check[] = [...SERVICES, ...SPELLINGS, ...CERTIFICATES, ...FILES];

/** Nodes side by side, and one question after the other to each. @throws when the run is cancelled */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const nodes = await patient.nodes().catch((error: unknown) => onlyPublisher(patient, error));
  const ofCluster: Finding[] = [];
  for (const check of CHECKS)
    if (check.where === "cluster")
      ofCluster.push(await finding(patient, check.assumption, null, () => check.run(patient)));
  const ofNodes = await Promise.all(nodes.map((node) => examineNode(patient, node)));
  const rest = NOT_TRIED.flatMap(({ because, assumptions }) =>
    assumptions.map(
      (assumption): Finding => ({ assumption, node: null, verdict: "not tried", detail: because }),
    ),
  );
  return [...ofCluster, ...ofNodes.flat(), ...rest];
}

async function examineNode(patient: Patient, node: ClusterNode): Promise<Finding[]> {
  const concerned = { node: true, publisher: node.role === "publisher", tftp: node.tftp, tvs: node.tvs };
  const findings: Finding[] = [];
  for (const check of CHECKS)
    if (check.where !== "cluster" && concerned[check.where])
      findings.push(await finding(patient, check.assumption, node.name, () => check.run(patient, node)));
  return findings;
}

/** @throws when the run is cancelled */
async function finding(
  patient: Patient,
  assumption: string,
  node: string | null,
  run: () => Promise<Result>,
): Promise<Finding> {
  try {
    return { assumption, node, ...(await run()) };
  } catch (error) {
    if (patient.signal.aborted) throw error;
    return { assumption, node, ...unknown(reasonOf(error)) };
  }
}

/** Its server table cannot be read: what is asked of a node is asked of the one that is declared. */
function onlyPublisher({ config, signal }: Patient, error: unknown): readonly ClusterNode[] {
  if (signal.aborted) throw error;
  const { publisher } = config;
  const node = { name: publisher, address: publisher, role: "publisher" } as const;
  return [{ ...node, tftp: true, tvs: true, callManager: true }];
}
