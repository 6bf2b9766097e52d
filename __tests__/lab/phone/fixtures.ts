/** Two small secure clusters on paper: keys, certificates, lists and configurations as their TFTP would serve them. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Identity, issue } from "../../../lab/cluster/pki/issue";
import { Role } from "../../../trust/roles";
import { buildSignedFile } from "../../../trust/signed-file";
import { buildTrustList, type RecordInput } from "../../../trust/trust-list";

const keys = new Map<string, KeyObject>();

export function identity(cn: string): Identity {
  const key = keys.get(cn) ?? generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  keys.set(cn, key);
  const day = 24 * 3600 * 1000;
  return issue({
    subject: [["CN", cn]],
    key,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 1000 * day),
  });
}

export interface PaperCluster {
  readonly address: string;
  readonly callManager: Identity;
  readonly tvs: Identity;
  readonly capf: Identity;
  readonly ctl: Buffer;
  readonly itl: Buffer;
  readonly config: string;
  /** Signed configuration under a name. @param payload @default config */
  sgn(name: string, payload?: string): Buffer;
  list(kind: "CTL" | "ITL", records: readonly RecordInput[], signer?: Identity): Buffer;
}

export function paperCluster(name: string, address: string): PaperCluster {
  const callManager = identity(`${name}-pub`);
  const tvs = identity(`${name}-tvs`);
  const capf = identity(`CAPF-${name}`);
  const signing = (signer: Identity) =>
    ({ signer: signer.certificate, privateKey: signer.key, digest: "sha1", timestamp: new Date() }) as const;
  const list = (kind: "CTL" | "ITL", records: readonly RecordInput[], signer = callManager) =>
    buildTrustList({ kind, records, ...signing(signer) });
  const record = (role: number, one: Identity): RecordInput => ({
    role,
    certificate: one.certificate,
    dnsName: `${name}-pub`,
    ipAddress: address,
  });
  const config = `<device><devicePool><callManagerGroup><members>
    <member priority="0"><callManager><name>${name}</name><ports><securedSipPort>5061</securedSipPort></ports><processNodeName>${address}</processNodeName></callManager></member>
    </members></callManagerGroup></devicePool>
    <TVS><members><member priority="0"><port>2445</port><address>${address}</address></member></members></TVS>
    <loadInformation>sip88xx.10-3-1-20</loadInformation><deviceSecurityMode>3</deviceSecurityMode></device>`;
  return {
    address,
    callManager,
    tvs,
    capf,
    config,
    list,
    ctl: list("CTL", [
      record(Role.SAST, callManager),
      record(Role.CCM_TFTP, callManager),
      record(Role.CAPF, capf),
    ]),
    itl: list("ITL", [
      record(Role.SAST, callManager),
      record(Role.CCM_TFTP, callManager),
      record(Role.TVS, tvs),
    ]),
    sgn: (filename, payload = config) =>
      buildSignedFile({ ...signing(callManager), filename, payload: Buffer.from(payload) }),
  };
}
