import type { Certificate } from "../../../trust/certificate";
import { Role } from "../../../trust/roles";
import { buildSignedFile } from "../../../trust/signed-file";
import { buildTrustList, type RecordInput } from "../../../trust/trust-list";
import type { LabCluster } from "../cluster";
import type { LabNode } from "../node";

const DAY = 24 * 3600 * 1000;

/**
 * The cluster's CTL, without USB tokens, as 10.5(2) and 11.0 make it: signed by the publisher's CallManager; SAST
 * are that and ITLRecovery (security guide, signers of the CTL by release). One file for all nodes.
 */
export function buildCtl(cluster: LabCluster, timestamp = new Date(Date.now() - 30 * DAY)): Buffer {
  const { publisher } = cluster;
  return buildTrustList({
    kind: "CTL",
    ...signing(cluster, publisher, timestamp),
    records: [
      record(publisher, Role.SAST, "CallManager"),
      ...cluster.nodes.map((node) => record(node, Role.CCM_TFTP, "CallManager")),
      record(publisher, Role.CAPF, "CAPF"),
      record(publisher, Role.SAST, "ITLRecovery"),
    ],
  });
}

/**
 * The ITL of one TFTP node, up to 11.5: signed by its own CallManager, with the TVS certificates of every node.
 * With the rollback parameter set only the CAPF record is left.
 */
export function buildItl(
  cluster: LabCluster,
  node: LabNode,
  options: { rollback: boolean; tvs?: ReadonlyMap<LabNode, Certificate>; timestamp?: Date },
): Buffer {
  const capf = record(cluster.publisher, Role.CAPF, "CAPF");
  const full = () => [
    record(node, Role.SAST, "CallManager"),
    record(node, Role.SAST, "ITLRecovery"),
    record(node, node.services.isUp("Cisco CallManager") ? Role.CCM_TFTP : Role.TFTP, "CallManager"),
    ...cluster.nodes.map((one) => ({
      ...record(one, Role.TVS, "TVS"),
      ...(options.tvs === undefined ? {} : { certificate: options.tvs.get(one)! }),
    })),
    capf,
  ];
  return buildTrustList({
    kind: "ITL",
    ...signing(cluster, node, options.timestamp ?? new Date()),
    records: options.rollback ? [capf] : full(),
  });
}

/** A configuration file as its TFTP node signs it. */
export function signFile(cluster: LabCluster, node: LabNode, filename: string, payload: Uint8Array): Buffer {
  return buildSignedFile({ ...signing(cluster, node, new Date()), filename, payload });
}

function signing(cluster: LabCluster, node: LabNode, timestamp: Date) {
  const { certificate, key } = node.identity("CallManager");
  return {
    signer: certificate,
    privateKey: key,
    digest: cluster.options.digest ?? "sha1",
    timestamp,
  } as const;
}

function record(
  node: LabNode,
  role: number,
  unit: "CallManager" | "ITLRecovery" | "TVS" | "CAPF",
): RecordInput {
  return { role, certificate: node.identity(unit).certificate, dnsName: node.name, ipAddress: node.address };
}
