import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { createServer } from "node:net";

export interface Ports {
  readonly server: number;
  readonly client: number;
}

/** Option 150 of the OFFER that a client with this MAC gets in the subnet of the relay; null: no answer. */
export async function offered(ports: Ports, mac = "02:00:00:00:00:42"): Promise<readonly string[] | null> {
  const socket = createSocket("udp4");
  await bind(socket, ports.client, "127.0.0.1");
  try {
    const request = discover(mac);
    const answer = new Promise<Buffer | null>((resolve) => {
      setTimeout(() => resolve(null), 2000).unref();
      socket.on("message", (m) => m.readUInt32BE(4) === request.readUInt32BE(4) && resolve(m));
    });
    socket.send(request, ports.server, "127.0.0.1");
    const offer = await answer;
    return offer && option150(offer);
  } finally {
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
}

/** A relayed DISCOVER (RFC 2131) with parameter request list 3, 66, 150. */
function discover(mac: string): Buffer {
  const packet = Buffer.alloc(240);
  packet.set([1, 1, 6, 1]);
  packet.writeUInt32BE(randomInt(2 ** 32), 4);
  packet.set([127, 0, 0, 1], 24);
  packet.set(Buffer.from(mac.replaceAll(":", ""), "hex"), 28);
  packet.writeUInt32BE(0x63825363, 236);
  return Buffer.concat([packet, Buffer.from([53, 1, 1, 55, 3, 3, 66, 150, 255]), Buffer.alloc(64)]);
}

function option150(packet: Buffer): string[] {
  for (let at = 240; at < packet.length && packet[at] !== 255; ) {
    if (packet[at] === 0) {
      at++;
      continue;
    }
    const [code, length] = [packet[at]!, packet[at + 1]!];
    const value = packet.subarray(at + 2, at + 2 + length);
    if (code === 150)
      return Array.from({ length: length / 4 }, (_, i) => value.subarray(i * 4, i * 4 + 4).join("."));
    at += 2 + length;
  }
  return [];
}

export async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  await bind(socket, 0, "127.0.0.1");
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
const bind = (socket: Socket, port: number, address: string) =>
  new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, address, () => resolve());
  });

export function freeTcpPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
