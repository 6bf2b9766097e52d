import { createSocket, type Socket } from "node:dgram";
import {
  addressBytes,
  type DhcpPacket,
  decodePacket,
  encodePacket,
  MESSAGE,
  OPTION,
} from "../../../../lab/dhcp/packet";
import { offerDataSource } from "../../../../providers/dhcp/data-sources/offer";
import { DhcpServers } from "../../../../providers/dhcp/servers";

const LOOPBACK = "127.0.0.1";

type Config = Parameters<typeof offerDataSource.read>[0];

/** Reads `dhcp_offer` in a process of its own clients; the warnings beside the state. */
export async function readOffer(
  config: Partial<Config> & Pick<Config, "server_port" | "relay_port">,
  signal = new AbortController().signal,
  client = new DhcpServers({}),
) {
  const said: string[] = [];
  const state = await offerDataSource.read(
    {
      server_address: LOOPBACK,
      relay_address: LOOPBACK,
      subnet: "127.0.0.0/8",
      phone: "SEP020000000042",
      vendor_class: null,
      expect: null,
      timeout: 1,
      attempts: 1,
      ...config,
    } as Config,
    {
      client,
      signal,
      log: { debug() {}, info() {}, warn() {}, error() {}, trace() {} },
      warn: (summary, detail) => said.push(`${summary}: ${detail}`),
      error: () => {},
    },
  );
  return { state: state as Exclude<typeof state, { returned: unknown }>, said };
}

/** Hears DISCOVERs and answers what the test says: packets, or bytes that are none. */
export class FakeDhcp {
  readonly heard: DhcpPacket[] = [];
  private constructor(private readonly socket: Socket) {}

  static async start(answers: (request: DhcpPacket, nth: number) => readonly Buffer[]): Promise<FakeDhcp> {
    const fake = new FakeDhcp(createSocket("udp4"));
    await new Promise<void>((resolve) => fake.socket.bind(0, LOOPBACK, resolve));
    fake.socket.on("message", (bytes, from) => {
      const request = decodePacket(bytes);
      if (!request) return;
      fake.heard.push(request);
      for (const answer of answers(request, fake.heard.length))
        fake.socket.send(answer, from.port, from.address);
    });
    return fake;
  }

  get port(): number {
    return this.socket.address().port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }
}

/** An OFFER of 127.1.0.1 to whoever asked, with these options more. */
export const offer = (
  request: DhcpPacket,
  options: readonly (readonly [code: number, value: Buffer])[] = [],
  more: Partial<DhcpPacket> = {},
): Buffer =>
  encodePacket({
    ...request,
    op: 2,
    yiaddr: "127.1.0.1",
    sname: "",
    options: new Map([
      [OPTION.messageType, Buffer.from([MESSAGE.offer])],
      [OPTION.serverId, addressBytes(LOOPBACK)],
      ...options,
    ]),
    ...more,
  });

export const option150 = (...addresses: string[]) =>
  [OPTION.ciscoTftp, Buffer.concat(addresses.map(addressBytes))] as const;

/** Whether nobody of this process has the port. */
export async function isFree(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(port, LOOPBACK, resolve);
    });
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
