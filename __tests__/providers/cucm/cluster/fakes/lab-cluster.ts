/** Emulated clusters, and a provider configured for them from what the lab says of itself. */
import type { ClusterOptions, Delays, LabOptions } from "../../../../../lab/cluster/options";
import { type RunningClusters, startClusters } from "../../../../../lab/cluster/start";
import type { SiteCluster } from "../../../../../lab/site";
import type { Lab } from "../../../../../lab/up";
import {
  type ClusterConfig,
  type Credentials,
  DEFAULT_PORTS,
  DEFAULT_WEB_FORMS,
  type Spellings,
} from "../../../../../providers/cucm/cluster/config";
import { LEGACY, MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { LAB_KEYS } from "../../../../lab/lab-keys";
import { config } from "./setup";

type Side = "source" | "destination";

/** Of both clusters, for everything. Its password has a character that a form has to escape. */
export const ACCOUNT: Credentials = { username: "someone", password: "s0mething%else" };
export const ACCOUNTS = { platform: ACCOUNT, application: ACCOUNT };

/** Where waiting is not what is tested. */
const SWIFT: Delays = {
  replication: [0.1, 0.2],
  serviceStop: [0.05, 0.1],
  serviceStart: [0.05, 0.1],
  tvsReload: [0.1, 0.2],
  cliBanner: [0, 0.05],
  cliCommand: [0, 0.01],
};

/** Two clusters with {@link ACCOUNT}, at addresses of their own, without phones. */
export function startBoth(
  versions: { readonly [side in Side]: string },
  {
    account = ACCOUNT,
    each,
    ...more
  }: Partial<Omit<LabOptions, "clusters">> & {
    readonly account?: Credentials;
    readonly each?: Partial<ClusterOptions>;
  } = {},
): Promise<RunningClusters> {
  const cluster = (side: Side) => ({
    version: versions[side],
    platform: account,
    application: account,
    ...each,
  });
  return startClusters({
    clusters: { source: cluster("source"), destination: cluster("destination") },
    network: `127.${100 + Math.floor(Math.random() * 100)}`,
    phones: [],
    delays: SWIFT,
    pki: LAB_KEYS,
    ...more,
  });
}

/** The accounts of one cluster of a whole lab. */
export function accountsOf({ env }: Pick<Lab, "env">, side: Side) {
  const account = (kind: string) => ({
    username: env[`CUCM_${side.toUpperCase()}_${kind}_USERNAME`]!,
    password: env[`CUCM_${side.toUpperCase()}_${kind}_PASSWORD`]!,
  });
  return { platform: account("PLATFORM"), application: account("APPLICATION") };
}

export function labConfig(
  name: Side,
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
