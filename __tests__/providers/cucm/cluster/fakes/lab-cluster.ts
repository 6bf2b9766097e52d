/** An emulated cluster as a provider would be configured for it: from what the lab says of itself. */
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { SiteCluster } from "../../../../../lab/site";
import {
  type ClusterConfig,
  type Credentials,
  DEFAULT_PORTS,
  DEFAULT_WEB_FORMS,
  type Spellings,
} from "../../../../../providers/cucm/cluster/config";
import { LEGACY, MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { config } from "./setup";

/** RSA keys that labs of tests share, since making them takes long. */
export const LAB_KEYS = join(tmpdir(), `phone-migration-keys-${userInfo().uid}`);

export function labConfig(
  name: "source" | "destination",
  site: SiteCluster,
  accounts: { readonly platform: Credentials; readonly application: Credentials },
  spelled: Partial<Spellings> = {},
  changes: Partial<ClusterConfig> = {},
): ClusterConfig {
  const { publisher, nodeAddresses, tlsSha256, sshSha256, ports, risPerMinute } = site;
  const webForms = { ...DEFAULT_WEB_FORMS, ...site.spellings.webForms };
  return config({
    name,
    publisher,
    nodeAddresses,
    identity: { tlsSha256, sshSha256, caPem: null },
    ...accounts,
    ports: { ...DEFAULT_PORTS, ...ports },
    spellings: { ...(site.spellings as Spellings), webForms, ...spelled },
    risPerMinute,
    cryptography: site.cryptography === "legacy" ? LEGACY : MODERN,
    timeouts: { replication: 20, restart: 20, request: 10 },
    ...changes,
  });
}
