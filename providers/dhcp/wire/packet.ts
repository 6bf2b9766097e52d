/** The two DHCPv4 packets of a question on the wire (RFC 2131, options of RFC 2132): DISCOVER out, OFFER in. */

const OPTION = {
  hostName: 12,
  overload: 52,
  messageType: 53,
  serverId: 54,
  parameterRequestList: 55,
  vendorClass: 60,
  clientId: 61,
  tftpServerName: 66,
  relayAgent: 82,
  subnetSelection: 118,
  ciscoTftp: 150,
} as const;
const LINK_SELECTION = 5;
const PAD = 0;
const END = 255;

const BOOTREQUEST = 1;
const BOOTREPLY = 2;
const ETHERNET = 1;
const DISCOVER = 1;
const OFFER = 2;

const MAGIC = 0x63825363;
const SNAME = 44;
const FILE = 108;
const COOKIE = 236;
const OPTIONS = 240;
/** BOOTP servers and relays drop what is shorter. */
const LEAST = 300;
/** Bytes. No server sends more than an Ethernet frame holds, not even a jumbo one. */
const MOST = 9000;

/** Mask, router, DNS servers, domain, TFTP server by name and by address: what phones ask for. */
const ASKED = [1, 3, 6, 15, OPTION.tftpServerName, OPTION.ciscoTftp];

export interface Discover {
  readonly xid: number;
  /** `00:11:22:33:44:55` */
  readonly mac: string;
  /** The relay's own address (giaddr): the answer goes there. */
  readonly relay: string;
  /** Network address of another subnet than the relay's: option 82 sub-option 5 (RFC 3527) and option 118 (RFC 3011). */
  readonly subnet: string | null;
  /** Option 60; null: not sent. */
  readonly vendorClass: string | null;
  /** Since the first try. */
  readonly seconds: number;
}

/** As a phone sends it (client identifier 01 and its MAC address, its device name as host name), passed on by a relay. */
export function encodeDiscover({ xid, mac, relay, subnet, vendorClass, seconds }: Discover): Buffer {
  const head = Buffer.alloc(OPTIONS);
  const hardware = Buffer.from(mac.replaceAll(":", ""), "hex");
  head.set([BOOTREQUEST, ETHERNET, hardware.length, 1]);
  head.writeUInt32BE(xid, 4);
  head.writeUInt16BE(Math.min(seconds, 0xffff), 8);
  bytesOf(relay).copy(head, 24);
  hardware.copy(head, 28);
  head.writeUInt32BE(MAGIC, COOKIE);
  const option = (code: number, value: Buffer | readonly number[]) => [code, value.length, ...value];
  const options = Buffer.from([
    ...option(OPTION.messageType, [DISCOVER]),
    ...option(OPTION.clientId, [ETHERNET, ...hardware]),
    ...option(OPTION.hostName, Buffer.from(`SEP${hardware.toString("hex").toUpperCase()}`)),
    ...option(OPTION.parameterRequestList, ASKED),
    ...(vendorClass === null ? [] : option(OPTION.vendorClass, Buffer.from(vendorClass, "latin1"))),
    ...(subnet === null ? [] : option(OPTION.subnetSelection, bytesOf(subnet))),
    // Option 82 comes last (RFC 3046).
    ...(subnet === null ? [] : option(OPTION.relayAgent, option(LINK_SELECTION, bytesOf(subnet)))),
    END,
  ]);
  const packet = Buffer.concat([head, options]);
  return Buffer.concat([packet, Buffer.alloc(Math.max(0, LEAST - packet.length))]);
}

export interface Offer {
  readonly xid: number;
  readonly mac: string;
  /** yiaddr. */
  readonly address: string;
  /** siaddr; null for 0.0.0.0. */
  readonly nextServer: string | null;
  readonly serverIdentifier: string | null;
  /** Option 66, its unprintable characters as `?`. */
  readonly tftpServerName: string | null;
  /** Option 150 as it came; null when it is not in the offer. */
  readonly ciscoTftp: Buffer | null;
}

/** Null for whatever is no well-formed OFFER for Ethernet: there is no telling whom it is from. */
export function decodeOffer(bytes: Buffer): Offer | null {
  if (bytes.length < OPTIONS || bytes.length > MOST || bytes.readUInt32BE(COOKIE) !== MAGIC) return null;
  if (bytes[0] !== BOOTREPLY || bytes[1] !== ETHERNET || bytes[2] !== 6) return null;
  const options = new Map<number, Buffer>();
  if (!collect(bytes.subarray(OPTIONS), options)) return null;
  const overload = options.get(OPTION.overload)?.[0] ?? 0;
  if (overload & 1 && !collect(bytes.subarray(FILE, COOKIE), options)) return null;
  if (overload & 2 && !collect(bytes.subarray(SNAME, FILE), options)) return null;
  const type = options.get(OPTION.messageType);
  if (type?.length !== 1 || type[0] !== OFFER) return null;
  const nextServer = addressAt(bytes, 20);
  const server = options.get(OPTION.serverId);
  return {
    xid: bytes.readUInt32BE(4),
    mac: bytes
      .subarray(28, 34)
      .toString("hex")
      .replace(/..(?=.)/g, "$&:"),
    address: addressAt(bytes, 16),
    nextServer: nextServer === "0.0.0.0" ? null : nextServer,
    serverIdentifier: server?.length === 4 ? addressAt(server, 0) : null,
    tftpServerName: printable(options.get(OPTION.tftpServerName)),
    ciscoTftp: options.get(OPTION.ciscoTftp) ?? null,
  };
}

/** The parts of an option that was split are joined (RFC 3396). @returns false when a length leads beyond the end */
function collect(area: Buffer, into: Map<number, Buffer>): boolean {
  for (let at = 0; at < area.length; ) {
    const code = area[at]!;
    if (code === END) return true;
    if (code === PAD) {
      at += 1;
      continue;
    }
    const length = area[at + 1];
    if (length === undefined || at + 2 + length > area.length) return false;
    const value = area.subarray(at + 2, at + 2 + length);
    const before = into.get(code);
    into.set(code, before === undefined ? value : Buffer.concat([before, value]));
    at += 2 + length;
  }
  return true;
}

/** The addresses of an option 150; null when it is broken: empty, or no multiple of four bytes. */
export function addressesIn(option: Buffer): readonly string[] | null {
  if (option.length === 0 || option.length % 4 !== 0) return null;
  return Array.from({ length: option.length / 4 }, (_, i) => addressAt(option, i * 4));
}

const bytesOf = (address: string): Buffer => Buffer.from(address.split(".").map(Number));
const addressAt = (bytes: Buffer, at: number): string => bytes.subarray(at, at + 4).join(".");

/** Some servers end it with a zero byte. */
function printable(value: Buffer | undefined): string | null {
  const text = value
    ?.toString("latin1")
    .replace(/\0+$/, "")
    .replace(/[^\x20-\x7e]/g, "?");
  return text || null;
}
