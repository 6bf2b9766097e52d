/** Loopback addresses and ports that nobody uses. */

import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** A port that TCP (or UDP) can listen on at every one of these addresses, and that no earlier call handed out. */
export async function freePort(
  kind: "tcp" | "udp",
  addresses: readonly string[],
  taken: Set<number>,
): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    // Below the range that Linux takes for outgoing connections.
    const port = randomInt(12_000, 32_000);
    if (taken.has(port)) continue;
    const free = await Promise.all(
      addresses.map((address) => (kind === "tcp" ? tcpFree : udpFree)(address, port)),
    );
    if (!free.every((one) => one)) continue;
    taken.add(port);
    return port;
  }
  throw new Error(`no free ${kind} port on ${addresses.join(", ")}`);
}

function tcpFree(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(true)));
  });
}

function udpFree(address: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createSocket("udp4");
    socket.once("error", () => done(false));
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => done(true)));
  });
}
