/**
 * Questions on the wire, as a relay agent asks: one DISCOVER, no REQUEST, so that nobody gets a lease. One socket for
 * each address and port of ours, however many questions are open on it: two sockets would take each other's answers.
 */
import { randomInt } from "node:crypto";
import type { Socket } from "node:dgram";
import { decodeOffer, encodeDiscover, type Offer } from "./packet";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Question {
  readonly server: Endpoint;
  /** An address of this machine. */
  readonly relay: Endpoint;
  readonly mac: string;
  /** Network address, when the relay is not in the subnet. */
  readonly subnet: string | null;
  readonly vendorClass: string | null;
  /** Milliseconds that each try waits. */
  readonly timeout: number;
  readonly attempts: number;
}

/** Nothing could be asked; not the same as no answer. */
export class WireError extends Error {
  override readonly name = "WireError";
  constructor(
    readonly summary: string,
    readonly detail: string,
  ) {
    super(`${summary}: ${detail}`);
  }
}

interface OpenSocket {
  readonly socket: Promise<Socket>;
  readonly waiting: Map<number, (offer: Offer) => void>;
  users: number;
}

export class Relays {
  private readonly open = new Map<string, OpenSocket>();

  /**
   * The first offer for this phone and this question; null when none came in time.
   *
   * @throws WireError when the relay's address cannot be used or the server cannot be sent to; the signal's reason
   *   when it is aborted. The socket is closed in any case.
   */
  async ask(question: Question, signal: AbortSignal): Promise<Offer | null> {
    signal.throwIfAborted();
    const { relay } = question;
    const key = `${relay.address}:${relay.port}`;
    const entry = this.open.get(key) ?? this.enter(key, relay);
    entry.users += 1;
    try {
      const socket = await entry.socket;
      signal.throwIfAborted();
      return await exchange(socket, entry.waiting, question, signal);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) {
        this.open.delete(key);
        // One that was never bound closes itself.
        await entry.socket.then(
          (socket) => socket.close(),
          () => undefined,
        );
      }
    }
  }

  private enter(key: string, relay: Endpoint): OpenSocket {
    const waiting = new Map<number, (offer: Offer) => void>();
    const entry = { socket: bound(relay, waiting), waiting, users: 0 };
    this.open.set(key, entry);
    return entry;
  }
}

async function bound(relay: Endpoint, waiting: OpenSocket["waiting"]): Promise<Socket> {
  const { createSocket } = await import("node:dgram");
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ address: relay.address, port: relay.port }, resolve);
    });
  } catch (error) {
    socket.close();
    throw notBound(relay, error);
  }
  socket.removeAllListeners("error");
  // Errors that come later are of single packets (an ICMP message, say): the question then has no answer.
  socket.on("error", () => undefined);
  socket.on("message", (bytes) => {
    const offer = decodeOffer(bytes);
    if (offer) waiting.get(offer.xid)?.(offer);
  });
  return socket;
}

async function exchange(
  socket: Socket,
  waiting: OpenSocket["waiting"],
  { server, relay, mac, subnet, vendorClass, timeout, attempts }: Question,
  signal: AbortSignal,
): Promise<Offer | null> {
  let xid = randomInt(2 ** 32);
  while (waiting.has(xid)) xid = randomInt(2 ** 32);
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  try {
    return await new Promise<Offer | null>((resolve, reject) => {
      waiting.set(xid, (offer) => offer.mac === mac && resolve(offer));
      onAbort = () => reject(signal.reason);
      signal.addEventListener("abort", onAbort);
      const attempt = (n: number) => {
        if (n === attempts) return resolve(null);
        const seconds = Math.floor((n * timeout) / 1000);
        const packet = encodeDiscover({ xid, mac, relay: relay.address, subnet, vendorClass, seconds });
        socket.send(packet, server.port, server.address, (error) => error && reject(notSent(server, error)));
        timer = setTimeout(() => attempt(n + 1), timeout);
      };
      attempt(0);
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    waiting.delete(xid);
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "it failed";

/** What to do about each way in which a port cannot be had. */
const REMEDIES: { readonly [code: string]: string } = {
  EACCES:
    "Ports below 1024 need a privilege: give it to Node (setcap cap_net_bind_service=+ep on its program, or " +
    "AmbientCapabilities=CAP_NET_BIND_SERVICE of a service), or run as root. A server that answers relays on another " +
    "port (Kea: -P) can be asked with that as relay_port.",
  EADDRNOTAVAIL: "relay_address has to be an IPv4 address of the machine that this runs on.",
  EADDRINUSE:
    "A DHCP server, a relay or another run has this port. Ask from an address or a machine where nobody has it.",
};

function notBound({ address, port }: Endpoint, error: unknown): WireError {
  const code = codeOf(error);
  return new WireError(
    `Cannot ask as a relay from ${address} port ${port}`,
    `${code}. ${REMEDIES[code] ?? "Look at the network of the machine that this runs on."} Nothing was sent.`,
  );
}

const notSent = ({ address, port }: Endpoint, error: unknown): WireError =>
  new WireError(
    `Cannot send to the DHCP server ${address} port ${port}`,
    `${codeOf(error)}. There has to be a route to it from relay_address, and no firewall that forbids it.`,
  );
