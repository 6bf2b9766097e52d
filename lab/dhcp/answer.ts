/**
 * What the lab's own server answers to one packet: which subnet, which lease, which options. Pure but for the
 * leases it is given. Precedence as measured on Kea 2.2, 2.6 and 3.0: host reservation > pool > subnet >
 * shared network > class > global.
 */
import type { ClientClass, Dhcp4, Pool, Reservation, Subnet } from "./document";
import { address } from "./document";
import type { OptionData } from "./option-data";
import { addressBytes, addressText, type DhcpPacket, MESSAGE, OPTION, selectedSubnet } from "./packet";

/** Leased address (as a number) by `<subnet id>/<mac>`. */
export type Leases = Map<string, number>;

/** Null: no answer (not ours, no subnet, pool used up). */
export function answer(
  config: Dhcp4,
  request: DhcpPacket,
  server: string,
  leases: Leases,
): DhcpPacket | null {
  const kind = request.options.get(OPTION.messageType)?.[0];
  if (request.op !== 1 || (kind !== MESSAGE.discover && kind !== MESSAGE.request)) return null;
  const subnet = selectSubnet(config, request);
  if (subnet === null) return null;
  // A REQUEST that names another server is the client's "no" to us.
  const named = request.options.get(OPTION.serverId);
  if (kind === MESSAGE.request && named !== undefined && addressText(named) !== server) return null;

  const host = reservationOf(config, subnet, request.mac);
  const leased = lease(subnet, host, request.mac, leases);
  if (leased === null) return null;
  const wanted = request.options.get(OPTION.requestedAddress);
  const refused = kind === MESSAGE.request && wanted !== undefined && address(addressText(wanted)) !== leased;
  // An offer keeps the address for its client: phones that boot at once must not be offered the same one.
  if (!refused) leases.set(`${subnet.id}/${request.mac}`, leased);

  const pool = subnet.pools.find((p) => leased >= p.first && leased <= p.last) ?? null;
  const type = refused ? MESSAGE.nak : kind === MESSAGE.discover ? MESSAGE.offer : MESSAGE.ack;
  const u32 = (n: number) => Buffer.from([n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
  const options = new Map<number, Buffer>([
    [OPTION.messageType, Buffer.from([type])],
    [OPTION.serverId, addressBytes(server)],
  ]);
  if (!refused) {
    options.set(OPTION.leaseTime, u32(subnet.lifetime));
    const asked = [...(request.options.get(OPTION.parameterRequestList) ?? [])];
    if (asked.includes(OPTION.subnetMask)) options.set(OPTION.subnetMask, u32(subnet.mask));
    for (const [code, bytes] of chosenOptions(config, subnet, pool, host, request, asked))
      options.set(code, bytes);
  }
  const relay = request.options.get(OPTION.relayAgent);
  if (relay !== undefined) options.set(OPTION.relayAgent, relay);
  return {
    op: 2,
    xid: request.xid,
    hops: request.hops,
    ciaddr: "0.0.0.0",
    yiaddr: refused ? "0.0.0.0" : addressText(u32(leased)),
    siaddr: subnet.nextServer,
    giaddr: request.giaddr,
    mac: request.mac,
    sname: "",
    options,
  };
}

/** By link selection (82.5), else subnet selection (118), else the relay's address. */
export function selectSubnet(config: Dhcp4, request: DhcpPacket): Subnet | null {
  const byRelay = config.subnets.find((s) => s.relays.includes(request.giaddr));
  if (byRelay !== undefined) return byRelay;
  const at = address(
    selectedSubnet(request) ?? (request.giaddr !== "0.0.0.0" ? request.giaddr : request.ciaddr),
  );
  return config.subnets.find((s) => (at & s.mask) >>> 0 === s.base) ?? null;
}

function reservationOf(config: Dhcp4, subnet: Subnet, mac: string): Reservation | null {
  const own = subnet.reservations.find((r) => r.mac === mac);
  const global = subnet.reservationsGlobal ? config.reservations.find((r) => r.mac === mac) : undefined;
  return own ?? global ?? null;
}

function lease(subnet: Subnet, host: Reservation | null, mac: string, leases: Leases): number | null {
  if (host?.address != null) return address(host.address);
  const held = leases.get(`${subnet.id}/${mac}`);
  if (held !== undefined && subnet.pools.some((p) => held >= p.first && held <= p.last)) return held;
  const taken = new Set([...leases].filter(([key]) => key.startsWith(`${subnet.id}/`)).map(([, at]) => at));
  for (const reserved of subnet.reservations)
    if (reserved.address !== null) taken.add(address(reserved.address));
  for (const pool of subnet.pools) {
    for (let at = pool.first; at <= pool.last; at++) if (!taken.has(at)) return at;
  }
  return null;
}

function chosenOptions(
  config: Dhcp4,
  subnet: Subnet,
  pool: Pool | null,
  host: Reservation | null,
  request: DhcpPacket,
  asked: readonly number[],
): Map<number, Buffer> {
  const member = config.classes.filter((c) => isMember(c, request));
  const chain: (readonly OptionData[])[] = [
    host?.options ?? [],
    pool?.options ?? [],
    subnet.options,
    subnet.network?.options ?? [],
    ...member.map((c) => c.options),
    config.options,
  ].map((scope) => scope.filter((o) => o.space === "dhcp4"));
  const chosen = new Map<number, Buffer>();
  for (const code of new Set(chain.flatMap((scope) => scope.map((o) => o.code)))) {
    const all = chain.map((scope) => servedOf(scope, code, member, config.version.classTags));
    // `always-send` and `never-send` count wherever in the chain they stand.
    if (all.some((o) => o?.neverSend)) continue;
    if (!asked.includes(code) && !all.some((o) => o?.alwaysSend)) continue;
    const first = all.find((o) => o !== undefined)!;
    if (first.bytes.length > 0) chosen.set(code, first.bytes);
  }
  return chosen;
}

/** One for a class of the client goes before one for all. */
function servedOf(
  scope: readonly OptionData[],
  code: number,
  member: readonly ClientClass[],
  firstWins: boolean,
): OptionData | undefined {
  const of = scope.filter((o) => o.code === code);
  const tagged = of.filter((o) => o.classes.some((name) => member.some((c) => c.name === name)));
  const all = tagged.length > 0 ? tagged : of.filter((o) => o.classes.length === 0);
  return firstWins ? all[0] : all.at(-1);
}

function isMember(one: ClientClass, request: DhcpPacket): boolean {
  if (one.macs !== null) return one.macs.includes(request.mac);
  const vendor = request.options.get(OPTION.vendorClass)?.toString("latin1") ?? "";
  return one.vendorPrefix !== null && vendor.startsWith(one.vendorPrefix);
}
