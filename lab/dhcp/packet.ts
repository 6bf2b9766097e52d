/** DHCPv4 packets (RFC 2131, options of RFC 2132): what phones send and what the lab's own server answers. */

export const MESSAGE = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

/** Option codes that the lab speaks of. 118: RFC 3011; 82 with sub-option 5 (link selection): RFC 3527. */
export const OPTION = {
  subnetMask: 1,
  hostName: 12,
  requestedAddress: 50,
  leaseTime: 51,
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

export interface DhcpPacket {
  readonly op: 1 | 2;
  readonly xid: number;
  readonly hops: number;
  readonly ciaddr: string;
  readonly yiaddr: string;
  readonly siaddr: string;
  readonly giaddr: string;
  /** `02:00:00:00:00:42` */
  readonly mac: string;
  readonly sname: string;
  /** By code; the parts of an option that was split (RFC 3396) are joined. */
  readonly options: ReadonlyMap<number, Buffer>;
}

const MAGIC = 0x63825363;
const FIXED = 240;
const PAD = 0;
const END = 255;

/** At least 300 bytes, as BOOTP relays expect. */
export function encodePacket(packet: DhcpPacket): Buffer {
  const head = Buffer.alloc(FIXED);
  head[0] = packet.op;
  head[1] = 1; // Ethernet
  head[2] = 6;
  head[3] = packet.hops;
  head.writeUInt32BE(packet.xid, 4);
  addressBytes(packet.ciaddr).copy(head, 12);
  addressBytes(packet.yiaddr).copy(head, 16);
  addressBytes(packet.siaddr).copy(head, 20);
  addressBytes(packet.giaddr).copy(head, 24);
  Buffer.from(packet.mac.replaceAll(":", ""), "hex").copy(head, 28, 0, 6);
  Buffer.from(packet.sname, "latin1").copy(head, 44, 0, 63);
  head.writeUInt32BE(MAGIC, 236);
  const parts: Buffer[] = [head];
  for (const [code, value] of packet.options) {
    let at = 0;
    do {
      const piece = value.subarray(at, at + 255);
      parts.push(Buffer.from([code, piece.length]), piece);
      at += 255;
    } while (at < value.length);
  }
  parts.push(Buffer.from([END]));
  const bytes = Buffer.concat(parts);
  return bytes.length >= 300 ? bytes : Buffer.concat([bytes, Buffer.alloc(300 - bytes.length)]);
}

/** Null for anything that is not a well-formed Ethernet DHCP packet: a server drops those in silence. */
export function decodePacket(bytes: Buffer): DhcpPacket | null {
  if (bytes.length < FIXED || bytes.readUInt32BE(236) !== MAGIC) return null;
  const op = bytes[0];
  if ((op !== 1 && op !== 2) || bytes[2] !== 6) return null;
  const options = new Map<number, Buffer>();
  for (let at = FIXED; at < bytes.length; ) {
    const code = bytes[at]!;
    if (code === END) break;
    if (code === PAD) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1];
    if (length === undefined || at + 2 + length > bytes.length) return null;
    const value = bytes.subarray(at + 2, at + 2 + length);
    const before = options.get(code);
    options.set(code, before === undefined ? value : Buffer.concat([before, value]));
    at += 2 + length;
  }
  return {
    op,
    hops: bytes[3]!,
    xid: bytes.readUInt32BE(4),
    ciaddr: addressText(bytes.subarray(12, 16)),
    yiaddr: addressText(bytes.subarray(16, 20)),
    siaddr: addressText(bytes.subarray(20, 24)),
    giaddr: addressText(bytes.subarray(24, 28)),
    mac: bytes
      .subarray(28, 34)
      .toString("hex")
      .replace(/..(?=.)/g, "$&:"),
    sname: bytes.subarray(44, 108).toString("latin1").replace(/\0.*$/s, ""),
    options,
  };
}

export function addressBytes(text: string): Buffer {
  return Buffer.from(text.split(".").map(Number));
}

export function addressText(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 4)].join(".");
}

/** The addresses of an option of type "array of IPv4 address"; a rest of less than four bytes is dropped. */
export function addressList(value: Buffer | undefined): string[] {
  const list: string[] = [];
  for (let at = 0; value !== undefined && at + 4 <= value.length; at += 4)
    list.push(addressText(value.subarray(at, at + 4)));
  return list;
}

/** The address of the subnet that a relay (82.5) or a client (118) asks for; null when neither is there. */
export function selectedSubnet(packet: DhcpPacket): string | null {
  const relay = packet.options.get(OPTION.relayAgent);
  for (let at = 0; relay !== undefined && at + 2 <= relay.length; at += 2 + relay[at + 1]!) {
    if (relay[at] === 5 && relay[at + 1] === 4 && at + 6 <= relay.length)
      return addressText(relay.subarray(at + 2, at + 6));
  }
  const selection = packet.options.get(OPTION.subnetSelection);
  return selection !== undefined && selection.length === 4 ? addressText(selection) : null;
}
