/**
 * Every kind of finding, and what can have it: a kind of server, any pair of servers (`pair`), or the resource itself.
 * A finding of a kind that is not here does not compile, and a test demands that each is produced and is in a plan.
 */
export const FINDING_KINDS = {
  "always-send": ["kea"],
  "class-tagged": ["kea"],
  "class-tags": ["kea"],
  "class-taken": ["kea"],
  conditional: ["isc_dhcpd"],
  "config-control": ["kea"],
  "definition-after": ["isc_dhcpd"],
  "definition-missing": ["kea", "isc_dhcpd"],
  "definition-not-array": ["kea", "isc_dhcpd"],
  "definition-type": ["kea", "isc_dhcpd"],
  duplicate: ["kea", "isc_dhcpd"],
  empty: ["kea"],
  "foreign-content": ["isc_dhcpd"],
  "global-reservation": ["kea"],
  "host-name": ["isc_dhcpd"],
  "hosts-database": ["kea"],
  "identifier-off": ["kea"],
  "include-unread": ["isc_dhcpd"],
  "inherited-value": ["kea", "isc_dhcpd"],
  interrupted: ["isc_dhcpd"],
  "known-clients": ["kea", "isc_dhcpd"],
  "managed-file-missing": ["isc_dhcpd"],
  "never-send": ["kea"],
  "next-server": ["kea", "isc_dhcpd"],
  "not-included": ["isc_dhcpd"],
  "not-persisted": ["kea"],
  "option-66": ["kea", "isc_dhcpd"],
  "peers-differ": ["pair"],
  "pilot-class": ["kea"],
  "reservations-off": ["kea"],
  "server-hostname": ["kea", "isc_dhcpd"],
  shadowed: ["kea", "isc_dhcpd"],
  "third-value": ["resource"],
  unsaved: ["resource"],
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;
