import type { Certificate } from "../../../trust/certificate";
import { Role } from "../../../trust/roles";
import { buildSignedFile } from "../../../trust/signed-file";
import { buildTrustList, type RecordInput } from "../../../trust/trust-list";
import type { LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { listSignerOf } from "../options";
import { hasRecovery, sastUnits } from "../releases";
import type { Identity } from "./issue";

const DAY = 24 * 3600 * 1000;

/** A CTL that stood there before anybody came. */
const OLD = () => new Date(Date.now() - 30 * DAY);

/**
 * The cluster's CTL; its SASTs by release: the token, and units of the publisher. One file for all nodes.
 *
 * @param others listed as SAST as well
 */
export function buildCtl(
  cluster: LabCluster,
  timestamp = OLD(),
  others: readonly Certificate[] = [],
): Buffer {
  const { publisher, token } = cluster;
  const signers: RecordInput[] = [
    ...(token === null ? [] : [{ role: Role.SAST, certificate: token.certificate }]),
    ...sastUnits(cluster.options.version, token !== null).map((unit) => record(publisher, Role.SAST, unit)),
  ];
  return buildTrustList({
    kind: "CTL",
    ...signing(cluster, token ?? listSigner(cluster, publisher), timestamp),
    records: [
      ...signers,
      ...others.map((certificate) => ({ role: Role.SAST, certificate })),
      ...cluster.nodes.map((node) => record(node, Role.CCM_TFTP, "CallManager")),
      record(publisher, Role.CAPF, "CAPF"),
    ],
  });
}

/** What `utils ctl update CTLFile` makes: what is in Phone-SAST-trust becomes SAST (security guide, 12.5). */
export function renewedCtl(cluster: LabCluster): Buffer {
  const { publisher } = cluster;
  const own = (["CallManager", "ITLRecovery"] as const).map((unit) => publisher.identity(unit).certificate);
  const others = [...publisher.entries("Phone-SAST-trust").values()].filter(
    ({ sha256 }) => !own.some((one) => one.sha256 === sha256),
  );
  return buildCtl(cluster, new Date(), others);
}

/**
 * The ITL of one TFTP node with the TVS certificates of every node: up to 11.5 signed by its own CallManager, later
 * by the publisher's ITLRecovery. With the rollback parameter set only the CAPF record is left.
 */
export function buildItl(
  cluster: LabCluster,
  node: LabNode,
  options: { rollback: boolean; tvs?: ReadonlyMap<LabNode, Certificate>; timestamp?: Date },
): Buffer {
  const capf = record(cluster.publisher, Role.CAPF, "CAPF");
  const recovery = listSignerOf(cluster.options) === "ITLRecovery" ? cluster.publisher : node;
  const full = () => [
    record(node, Role.SAST, "CallManager"),
    ...(hasRecovery(cluster.options.version) ? [record(recovery, Role.SAST, "ITLRecovery")] : []),
    record(node, node.services.isUp("Cisco CallManager") ? Role.CCM_TFTP : Role.TFTP, "CallManager"),
    ...cluster.nodes.map((one) => ({
      ...record(one, Role.TVS, "TVS"),
      ...(options.tvs === undefined ? {} : { certificate: options.tvs.get(one)! }),
    })),
    capf,
  ];
  return buildTrustList({
    kind: "ITL",
    ...signing(cluster, listSigner(cluster, node), options.timestamp ?? new Date()),
    records: options.rollback ? [capf] : full(),
  });
}

/** A configuration file as its TFTP node signs it. */
export function signFile(cluster: LabCluster, node: LabNode, filename: string, payload: Uint8Array): Buffer {
  const signer = node.identity("CallManager");
  return buildSignedFile({ ...signing(cluster, signer, new Date()), filename, payload });
}

/** Of lists that no token signs. */
function listSigner(cluster: LabCluster, node: LabNode): Identity {
  return listSignerOf(cluster.options) === "ITLRecovery"
    ? cluster.publisher.identity("ITLRecovery")
    : node.identity("CallManager");
}

function signing(cluster: LabCluster, { certificate, key }: Identity, timestamp: Date) {
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
