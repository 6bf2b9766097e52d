import { type KeyObject, randomBytes, randomUUID } from "node:crypto";
import type { Certificate } from "../../../trust/certificate";
import type { LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { hasCapfEverywhere, hasRecovery, sharesRecovery } from "../releases";
import type { Unit } from "../stores";
import { certify, enterpriseSerial, type Identity, issue, type Name } from "./issue";
import type { KeyPool } from "./keys";

/** Organisation that a cluster writes into its certificates. */
export interface Organisation {
  readonly OU: string;
  readonly O: string;
  readonly L: string;
  readonly ST: string;
  readonly C: string;
}

const DAY = 24 * 3600 * 1000;

/** The order in which CUCM encodes a name; lists print it with the CN first. */
export function cucmName(cn: string, org: Organisation): Name {
  return [
    ["C", org.C],
    ["O", org.O],
    ["OU", org.OU],
    ["CN", cn],
    ["ST", org.ST],
    ["L", org.L],
  ];
}

/** A certificate authority of the company, as the seed's destination uses for its CallManager certificates. */
export interface EnterpriseCa {
  readonly identity: Identity;
  readonly name: Name;
}

export async function enterpriseCa(keys: KeyPool, cn: string): Promise<EnterpriseCa> {
  const name: Name = [["CN", cn]];
  const key = await keys.rsa(`ca-${cn}`);
  const identity = issue({ subject: name, key, isCa: true, ...validity(1500, 5000) });
  return { identity, name };
}

/** Validity that began `age` days ago. */
export function validity(age: number, days = 1825): { notBefore: Date; notAfter: Date } {
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000 - age * DAY);
  return { notBefore, notAfter: new Date(notBefore.getTime() + days * DAY) };
}

/** Makes every node's identity certificates and puts into the stores what an installation puts there. */
export async function installIdentities(
  cluster: LabCluster,
  keys: KeyPool,
  org: Organisation,
  age: number,
  ca: EnterpriseCa | null,
): Promise<void> {
  const made = await Promise.all(
    cluster.nodes.map(async (node) => ({ node, identities: await nodeIdentities(node, keys, org, age, ca) })),
  );
  const { version } = cluster.options;
  const recovery = made[0]!.identities.get("ITLRecovery")!;
  for (const { node, identities } of made) {
    if (!hasRecovery(version)) identities.delete("ITLRecovery");
    else if (sharesRecovery(version)) identities.set("ITLRecovery", recovery);
    if (node.role !== "publisher" && !hasCapfEverywhere(version)) identities.delete("CAPF");
    for (const [unit, identity] of identities) {
      node.identities.set(unit, identity);
      const row = { pkid: randomUUID(), certificate: identity.certificate, serverName: node.name };
      for (const holder of cluster.nodes) holder.putRow(unit, row);
    }
    const own = (unit: Unit): Certificate => identities.get(unit)!.certificate;
    cluster.plant("CallManager-trust", own("CallManager"), node.name);
    if (identities.has("ITLRecovery")) cluster.plant("Phone-SAST-trust", own("ITLRecovery"), node.name);
    cluster.plant("tomcat-trust", own("tomcat"), node.name);
    if (!identities.has("CAPF")) continue;
    cluster.plant("CallManager-trust", own("CAPF"), node.name);
    // CAPF-trust does not replicate: a node has its own CAPF certificate there and the publisher's.
    cluster.plant("CAPF-trust", own("CAPF"), node.name, node.role === "publisher" ? cluster.nodes : [node]);
  }
  if (ca !== null) cluster.plant("CallManager-trust", ca.identity.certificate, cluster.publisher.name);
}

async function nodeIdentities(
  node: LabNode,
  keys: KeyPool,
  org: Organisation,
  age: number,
  ca: EnterpriseCa | null,
): Promise<Map<Unit, Identity>> {
  const key = (unit: Unit) => keys.rsa(`${node.fqdn}-${unit}`);
  const [callManager, recovery, tvs, capf, tomcat] = await Promise.all(
    (["CallManager", "ITLRecovery", "TVS", "CAPF", "tomcat"] as const).map(key),
  );
  const own = cucmName(node.fqdn, org);
  const dates = validity(age);
  const capfName = cucmName(`CAPF-${randomBytes(4).toString("hex")}`, org);
  return new Map<Unit, Identity>([
    [
      "CallManager",
      ca === null
        ? issue({ subject: own, key: callManager!, ...dates })
        : issue({
            subject: own,
            key: callManager!,
            ...dates,
            issuer: { name: ca.name, key: ca.identity.key },
            serial: enterpriseSerial(20 + Number(node.address.split(".").at(-1))),
          }),
    ],
    ["ITLRecovery", issue({ subject: cucmName(`ITLRECOVERY_${node.fqdn}`, org), key: recovery!, ...dates })],
    ["TVS", issue({ subject: own, key: tvs!, ...dates })],
    ["CAPF", issue({ subject: capfName, key: capf!, ...dates, isCa: true })],
    ["tomcat", issue({ subject: own, key: tomcat!, ...dates, dnsNames: [node.fqdn] })],
  ]);
}

const MAKER: Name = [
  ["O", "Cisco Systems"],
  ["CN", "Cisco Manufacturing CA"],
];

/** What issues tokens and MICs. */
export async function manufacturingCa(keys: KeyPool): Promise<Identity> {
  const key = await keys.rsa("cisco-manufacturing-ca");
  return issue({ subject: MAKER, key, isCa: true, ...validity(3000, 8000) });
}

/** A token of Cisco's, as its document 118893 shows one: issued by the manufacturing CA. */
export async function usbToken(keys: KeyPool): Promise<Identity> {
  const subject: Name = [
    ["CN", "SAST-ADN008580ef"],
    ["OU", "IPCBU"],
    ["O", "Cisco Systems"],
  ];
  const issuer = { name: MAKER, key: await keys.rsa("cisco-manufacturing-ca") };
  return issue({ subject, key: await keys.rsa("usb-token"), issuer, ...validity(2000, 5000) });
}

/** Another TVS certificate for a node: the one before a regeneration, or the one after it. */
export async function otherTvs(
  node: LabNode,
  keys: KeyPool,
  org: Organisation,
  age: number,
): Promise<Identity> {
  const key = await keys.rsa(`${node.fqdn}-TVS-${age > 0 ? "former" : "new"}`);
  return issue({ subject: cucmName(node.fqdn, org), key, ...validity(age) });
}

const serialNumber = (device: string) => `PID:CP-8861 SN:FCH${device.slice(-8)}`;

/** A phone's LSC for its public key, issued by that node's CAPF. */
export function issueLsc(device: string, key: KeyObject, node: LabNode, org: Organisation): Certificate {
  const capf = node.identity("CAPF");
  const request = {
    subject: [
      ["serialNumber", serialNumber(device)],
      ["C", org.C],
      ["O", org.O],
      ["OU", org.OU],
      ["CN", `CP-8861-${device}`],
    ],
    issuer: { name: cucmName(capf.certificate.commonName, org), key: capf.key },
    ...validity(100),
  } as const;
  return certify(request, key);
}

/** The certificate that a phone was made with. */
export async function makeMic(device: string, keys: KeyPool, maker: Identity): Promise<Identity> {
  return issue({
    subject: [
      ["serialNumber", serialNumber(device)],
      ["O", "Cisco Systems Inc."],
      ["CN", `CP-8861-${device}`],
    ],
    key: await keys.rsa(`mic-${device}`),
    issuer: { name: MAKER, key: maker.key },
    ...validity(1200, 7300),
  });
}
