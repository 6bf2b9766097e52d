/**
 * The phones' way to DHCP: one UDP socket that plays their relay agent (they sit in a voice VLAN that the lab does
 * not have), so the server chooses their subnet by link selection and answers to the relay's address.
 */
import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import {
  addressBytes,
  addressList,
  addressText,
  type DhcpPacket,
  decodePacket,
  encodePacket,
  MESSAGE,
  OPTION,
} from "../dhcp/packet";

export interface RelayOptions {
  /** Address and port that the relay listens on; the address is also giaddr. */
  readonly address: string;
  readonly port: number;
  readonly server: { readonly address: string; readonly port: number };
  /** Address of the subnet that the phones sit in, e.g. `10.1.20.0`. */
  readonly link: string;
  /** Milliseconds that each try waits. */
  readonly timeout: number;
  readonly tries: number;
}

export interface Lease {
  readonly address: string;
  readonly server: string;
  /** Option 150, in order; empty when the server gave none. */
  readonly tftp: readonly string[];
  /** Option 66. */
  readonly tftpName: string | null;
}

/** What a phone asks for: routers, TFTP server name, Cisco TFTP servers. */
const ASKED = [3, 66, 150];

export class DhcpRelay {
  private readonly waiting = new Map<number, (reply: DhcpPacket) => void>();

  private constructor(
    private readonly options: RelayOptions,
    private readonly socket: Socket,
  ) {
    socket.on("message", (bytes) => {
      const reply = decodePacket(bytes);
      if (reply?.op === 2) this.waiting.get(reply.xid)?.(reply);
    });
    socket.on("error", () => {});
  }

  static async open(options: RelayOptions): Promise<DhcpRelay> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(options.port, options.address, resolve);
    });
    return new DhcpRelay(options, socket);
  }

  /**
   * DISCOVER, OFFER, REQUEST, ACK. Null when nobody answers or the server says no: the phone keeps what it had.
   *
   * @param link where the phone sits, if not where most do
   */
  async lease(mac: string, requested: string | null, link = this.options.link): Promise<Lease | null> {
    const offer = await this.exchange(
      mac,
      link,
      MESSAGE.discover,
      MESSAGE.offer,
      requested === null ? [] : [[50, addressBytes(requested)]],
    );
    const server = offer?.options.get(OPTION.serverId);
    if (offer === null || server === undefined) return null;
    const ack = await this.exchange(mac, link, MESSAGE.request, MESSAGE.ack, [
      [OPTION.requestedAddress, addressBytes(offer.yiaddr)],
      [OPTION.serverId, server],
    ]);
    return ack === null ? null : leaseOf(ack, server);
  }

  private async exchange(
    mac: string,
    link: string,
    type: number,
    expected: number,
    more: readonly (readonly [number, Buffer])[],
  ): Promise<DhcpPacket | null> {
    const hardware = Buffer.from(mac.replaceAll(":", ""), "hex");
    const xid = randomBytes(4).readUInt32BE();
    const packet = encodePacket({
      op: 1,
      xid,
      hops: 1,
      ciaddr: "0.0.0.0",
      yiaddr: "0.0.0.0",
      siaddr: "0.0.0.0",
      giaddr: this.options.address,
      mac,
      sname: "",
      options: new Map<number, Buffer>([
        [OPTION.messageType, Buffer.from([type])],
        [OPTION.clientId, Buffer.concat([Buffer.from([1]), hardware])],
        [OPTION.vendorClass, Buffer.from("Cisco Systems, Inc. IP Phone CP-8861")],
        [OPTION.parameterRequestList, Buffer.from(ASKED)],
        ...more,
        [OPTION.relayAgent, Buffer.concat([Buffer.from([5, 4]), addressBytes(link)])],
      ]),
    });
    for (let attempt = 0; attempt < this.options.tries; attempt++) {
      const reply = await new Promise<DhcpPacket | null>((resolve) => {
        const timer = setTimeout(() => resolve(null), this.options.timeout);
        this.waiting.set(xid, (found) => {
          clearTimeout(timer);
          resolve(found);
        });
        this.socket.send(packet, this.options.server.port, this.options.server.address);
      });
      this.waiting.delete(xid);
      if (reply !== null) return reply.options.get(OPTION.messageType)?.[0] === expected ? reply : null;
    }
    return null;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }
}

function leaseOf(ack: DhcpPacket, server: Buffer): Lease {
  return {
    address: ack.yiaddr,
    server: addressText(server),
    tftp: addressList(ack.options.get(OPTION.ciscoTftp)),
    tftpName: ack.options.get(OPTION.tftpServerName)?.toString("latin1") ?? null,
  };
}
