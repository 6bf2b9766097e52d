/** Phones as the database has them, put together from what AXL lists: device, security profile, device pool, group. */
import type { ClusterNode, ListedPhone, PhoneDevice } from "./cluster";
import type { Axl, AxlRow } from "./transports/axl";

/** AXL schema: XDeviceSecurityMode. */
const MODES: { readonly [mode: string]: PhoneDevice["mode"] } = {
  "non secure": "non-secure",
  authenticated: "authenticated",
  encrypted: "encrypted",
};

/**
 * `getCallManagerGroup` answers one group at a time and names CallManagers, not nodes; several public programs ask
 * the tables.
 */
export const GROUPS =
  "select g.name as groupname,n.name as node,m.priority as priority from callmanagergroupmember m " +
  "inner join callmanagergroup g on m.fkcallmanagergroup=g.pkid " +
  "inner join callmanager c on m.fkcallmanager=c.pkid " +
  "inner join processnode n on c.fkprocessnode=n.pkid";

/** What devices refer to, the same for every question. */
export interface DeviceDirectory {
  readonly profiles: ReadonlyMap<string, AxlRow>;
  readonly pools: ReadonlyMap<string, AxlRow>;
  /** Addresses by CallManager group, in the order of priorities. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

export async function deviceDirectory(
  axl: Axl,
  nodes: readonly ClusterNode[],
  signal: AbortSignal,
): Promise<DeviceDirectory> {
  const [profiles, pools, members] = await Promise.all([
    axl.objects("PhoneSecurityProfile", ["deviceSecurityMode", "tftpEncryptedConfig"], signal),
    axl.objects("DevicePool", ["callManagerGroupName"], signal),
    axl.sql(GROUPS, signal),
  ]);
  return { profiles: byName(profiles), pools: byName(pools), groups: groupsOf(members, nodes) };
}

/** @param names validated device names */
export async function phoneDevices(
  axl: Axl,
  names: readonly string[],
  { profiles, pools, groups }: DeviceDirectory,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PhoneDevice>> {
  const phones = await axl.phones(names, ["model", "devicePoolName", "securityProfileName"], signal, true);
  return new Map(
    [...phones].map(([name, { model = "", devicePoolName = "", securityProfileName = "" }]) => {
      const profile = profiles.get(securityProfileName);
      const group = pools.get(devicePoolName)?.callManagerGroupName ?? "";
      return [
        name,
        {
          name,
          model,
          mode: MODES[profile?.deviceSecurityMode?.toLowerCase() ?? ""] ?? null,
          encryptedConfig: /^(t|true|1)$/i.test(profile?.tftpEncryptedConfig ?? ""),
          callManagers: groups.get(group) ?? null,
        },
      ];
    }),
  );
}

/** What phones that ask DHCP for option 150 are called, followed by their MAC address. */
const PREFIXES = ["ATA", "SEP"];

/** All of them, by name. */
export async function listedPhones(axl: Axl, signal: AbortSignal): Promise<readonly ListedPhone[]> {
  const rows = await Promise.all(
    PREFIXES.map((prefix) => axl.fleet(prefix, ["model", "devicePoolName"], signal)),
  );
  return rows
    .flat()
    .map(({ name = "", model = "", devicePoolName = "" }) => ({ name, model, devicePool: devicePoolName }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const byName = (rows: readonly AxlRow[]) => new Map(rows.map((row) => [row.name ?? "", row]));

/** Addresses by group, in the order of priorities. Phones of one group share one array. */
function groupsOf(
  members: readonly AxlRow[],
  nodes: readonly ClusterNode[],
): ReadonlyMap<string, readonly string[]> {
  const addressOf = new Map(nodes.map(({ name, address }) => [name, address]));
  const groups = new Map<string, string[]>();
  const ordered = [...members].sort((a, b) => Number(a.priority) - Number(b.priority));
  for (const { groupname = "", node = "" } of ordered) {
    const group = groups.get(groupname) ?? [];
    group.push(addressOf.get(node) ?? node);
    groups.set(groupname, group);
  }
  return groups;
}
