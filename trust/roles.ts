/**
 * What a certificate may do, as one number that CUCM's database, the trust lists (FUNCTION) and TVS's answers share.
 * The numbers are CertMgr's own enumeration.
 */
export const Role = {
  SAST: 0,
  CCM: 1,
  CCM_TFTP: 2,
  TFTP: 3,
  CAPF: 4,
  SRST: 5,
  FIREWALL: 6,
  APP_SERVER: 7,
  CERTIFICATE_AUTHORITY: 20,
  TVS: 21,
  SIGNALING: 22,
  PROVISIONING: 23,
  DATA: 24,
  NETWORK_ELEMENT: 25,
  VPN: 26,
  SERVICEABILITY: 27,
  UNKNOWN: 255,
} as const;

interface RoleWords {
  /** Our word for it. */
  readonly name: string;
  /** What `show ctl` and `show itl` print as FUNCTION. */
  readonly shown: string;
}

const WORDS: { readonly [role: number]: RoleWords } = {
  [Role.SAST]: { name: "SAST", shown: "System Administrator Security Token" },
  [Role.CCM]: { name: "CCM", shown: "CCM" },
  [Role.CCM_TFTP]: { name: "CCM+TFTP", shown: "CCM+TFTP" },
  [Role.TFTP]: { name: "TFTP", shown: "TFTP" },
  [Role.CAPF]: { name: "CAPF", shown: "CAPF" },
  [Role.SRST]: { name: "SRST", shown: "SRST" },
  [Role.FIREWALL]: { name: "FIREWALL", shown: "FIREWALL" },
  [Role.APP_SERVER]: { name: "APP-SERVER", shown: "APP-SERVER" },
  [Role.CERTIFICATE_AUTHORITY]: { name: "CERTIFICATE-AUTHORITY", shown: "CERTIFICATE-AUTHORITY" },
  [Role.TVS]: { name: "TVS", shown: "TVS" },
  [Role.SIGNALING]: { name: "SIGNALING", shown: "SIGNALING" },
  [Role.PROVISIONING]: { name: "PROVISIONING", shown: "PROVISIONING" },
  [Role.DATA]: { name: "DATA", shown: "DATA" },
  [Role.NETWORK_ELEMENT]: { name: "NETWORK-ELEMENT", shown: "NETWORK-ELEMENT" },
  [Role.VPN]: { name: "VPN", shown: "VPN" },
  [Role.SERVICEABILITY]: { name: "SERVICEABILITY", shown: "SERVICEABILITY" },
  [Role.UNKNOWN]: { name: "UNKNOWN", shown: "UNKNOWN" },
};

/** `SAST`, `CCM+TFTP`, ...; `role 99` for a number without a name. */
export function roleName(role: number): string {
  return WORDS[role]?.name ?? `role ${role}`;
}

/** The words that `show ctl` prints. */
export function roleShown(role: number): string {
  return WORDS[role]?.shown ?? `role ${role}`;
}
