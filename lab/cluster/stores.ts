import type { Certificate } from "../../trust/certificate";

/** Units of identity certificates; ITLRecovery and TVS are made on every node, CAPF too before CUCM 14. */
export type Unit = "CallManager" | "ITLRecovery" | "TVS" | "CAPF" | "tomcat";
export const UNITS: readonly Unit[] = ["tomcat", "ITLRecovery", "CallManager", "CAPF", "TVS"];

export type Store = "CallManager-trust" | "Phone-SAST-trust" | "CAPF-trust" | "tomcat-trust";
export const STORES: readonly Store[] = [
  "tomcat-trust",
  "CallManager-trust",
  "CAPF-trust",
  "Phone-SAST-trust",
];

/** Whether "Cisco Certificate Change Notification" carries an import to the other nodes (certM.conf). */
export const IMPORT_REPLICATES: { readonly [store in Store]: boolean } = {
  "CallManager-trust": true,
  "Phone-SAST-trust": true,
  "tomcat-trust": true,
  "CAPF-trust": false,
};

/** Enum of table typecertificateservice. Numbers above 16 are not documented. */
export const CERTIFICATE_SERVICES: { readonly [name: string]: number } = {
  "Phone-trust": 1,
  "Phone-VPN-trust": 2,
  CallManager: 3,
  "CallManager-trust": 4,
  tomcat: 5,
  "tomcat-trust": 6,
  ipsec: 7,
  "ipsec-trust": 8,
  CAPF: 9,
  "CAPF-trust": 10,
  TVS: 11,
  "TVS-trust": 12,
  "directory-trust": 13,
  "Phone-SAST-trust": 14,
  "Phone-CTL-trust": 15,
  "userlicensing-trust": 16,
  ITLRecovery: 17,
};

/** Trust roles (table typetrustrole and the TVS protocol). */
export const ROLE = { SAST: 0, CCM: 1, CCM_TFTP: 2, TFTP: 3, CAPF: 4, APP_SERVER: 7, TVS: 21 } as const;

/**
 * CertMgr's own map of units and stores to roles, printed in its log (TechNote 210541). A certificate that sits in
 * CallManager-trust alone has no role, so TVS does not vouch for it.
 */
const ROLES: { readonly [service in Unit | Store]: readonly number[] } = {
  CallManager: [ROLE.SAST, ROLE.CCM_TFTP],
  "Phone-SAST-trust": [ROLE.SAST, ROLE.TFTP],
  "CallManager-trust": [],
  "CAPF-trust": [],
  tomcat: [ROLE.APP_SERVER],
  "tomcat-trust": [ROLE.APP_SERVER],
  TVS: [ROLE.TVS],
  CAPF: [ROLE.CAPF],
  // Made in 10.0, after that log: its role comes from its entry in Phone-SAST-trust.
  ITLRecovery: [],
};

/** One certificate of table `certificate` with what it is used for. */
export interface Row {
  readonly pkid: string;
  readonly certificate: Certificate;
  readonly services: Set<Unit | Store>;
  /** Server-table name of the node that it came from. */
  readonly serverName: string;
}

export function rolesOf(row: Row): number[] {
  const roles = new Set([...row.services].flatMap((service) => ROLES[service]));
  return [...roles].sort((a, b) => a - b);
}

/** Lower-case hex as table `certificate` and file names have it. */
export const serialHex = (certificate: Certificate): string => certificate.serial.toLowerCase();

/** Name of a certificate's file in a trust store. CUCM's own CAPF certificates keep their bare name. */
export function fileName(certificate: Certificate, form: "cn" | "cn-serial"): string {
  const name = certificate.commonName.replace(/[ /]/g, "_");
  const bare = form === "cn" || /^CAPF-[0-9a-f]{8}$/.test(name);
  return `${name}${bare ? "" : `_${serialHex(certificate)}`}.pem`;
}
