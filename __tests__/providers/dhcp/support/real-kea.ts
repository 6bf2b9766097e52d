import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = "kea-dhcp4";

/** @throws a sentence that says how to get it when Kea is not on this machine. */
export function requireKea(): void {
  try {
    execFileSync(PROGRAM, ["-v"], { env: keaEnvironment(tmpdir()) });
  } catch {
    throw new Error(
      `These tests need the program ${PROGRAM} (Debian: apt-get install kea-dhcp4-server). They run it unprivileged, on loopback, on test ports.`,
    );
  }
}

/** One of the hook libraries that come with Kea, for "hooks-libraries". */
export function hookLibrary(name: string, parameters: object = {}): object {
  const folders = ["/usr/local/lib", "/usr/lib", ...readdirSync("/usr/lib").map((f) => join("/usr/lib", f))];
  const library = folders.map((f) => join(f, "kea/hooks", `libdhcp_${name}.so`)).find((f) => existsSync(f));
  if (library === undefined) throw new Error(`Kea's hook library ${name} is not on this machine.`);
  return { library, parameters };
}

const keaEnvironment = (folder: string) => ({
  PATH: `${process.env.PATH}:/usr/sbin`,
  KEA_PIDFILE_DIR: folder,
  KEA_LOCKFILE_DIR: folder,
  KEA_CONTROL_SOCKET_DIR: folder,
});

/** A real server on an interface of a network namespace: raw sockets, and the ports of the standard. */
export interface Attached {
  readonly interface: string;
  /** Program and arguments that run what follows them in the namespace. */
  readonly inside: readonly string[];
}

/** A real Kea on loopback, without any privilege: UDP sockets, ports of our own, no lease file. */
export class RealKea {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    readonly socket: string,
    readonly ports: { readonly server: number; readonly client: number },
  ) {}

  get endpoint(): string {
    return `unix://${this.socket}`;
  }

  /** @param more members of `Dhcp4`; the interface, socket, leases and logging are set here. */
  static async start(more: object, attached?: Attached): Promise<RealKea> {
    const folder = mkdtempSync(join(tmpdir(), "k-"));
    // Later versions want the socket's folder closed to others.
    chmodSync(folder, 0o750);
    const socket = join(folder, "s");
    const ports = { server: await freeUdpPort(), client: await freeUdpPort() };
    const file = join(folder, "kea.conf");
    writeFileSync(
      file,
      JSON.stringify({
        Dhcp4: {
          "interfaces-config": {
            interfaces: [attached?.interface ?? "lo"],
            "dhcp-socket-type": attached ? "raw" : "udp",
          },
          "control-socket": { "socket-type": "unix", "socket-name": socket },
          "lease-database": { type: "memfile", persist: false },
          loggers: [{ name: "kea-dhcp4", output_options: [{ output: "stdout" }], severity: "WARN" }],
          ...more,
        },
      }),
    );
    const onPorts = attached ? [] : ["-p", `${ports.server}`, "-P", `${ports.client}`];
    const [program, ...before] = [...(attached?.inside ?? []), PROGRAM];
    const child = spawn(program!, [...before, ...onPorts, "-c", file], {
      env: keaEnvironment(folder),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (d) => (output += d));
    child.stderr.on("data", (d) => (output += d));
    const kea = new RealKea(folder, child, socket, ports);
    for (let i = 0; i < 100 && !existsSync(socket) && child.exitCode === null; i++) await sleep(50);
    if (!existsSync(socket)) {
      await kea.stop();
      throw new Error(`${PROGRAM} did not start:\n${output}`);
    }
    return kea;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.kill()) {
      await new Promise((resolve) => this.process.once("exit", resolve));
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The file that it was started with. */
  get file(): string {
    return readFileSync(join(this.folder, "kea.conf"), "utf8");
  }

  /** The raw answer to one command, without our client. */
  command(name: string, args?: object): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect(this.socket, () =>
        socket.write(JSON.stringify({ command: name, ...(args ? { arguments: args } : {}) })),
      );
      socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
      socket.on("error", reject);
      socket.on("end", () => resolve(answer));
    });
  }

  /** As somebody else: reads the configuration, changes it, sets it. */
  async edit(change: (dhcp4: { [key: string]: unknown }) => void): Promise<void> {
    const args = JSON.parse(await this.command("config-get")).arguments;
    change(args.Dhcp4);
    const { result, text } = JSON.parse(await this.command("config-set", args));
    if (result !== 0) throw new Error(text);
  }

  /** Option 150 of the OFFER that a client with this MAC gets in the subnet of `relay`, asked through a relay. */
  async offered(mac = "02:00:00:00:00:42"): Promise<readonly string[] | null> {
    const socket = createSocket("udp4");
    await bind(socket, this.ports.client, "127.0.0.1");
    try {
      const request = discover(mac);
      const answer = new Promise<Buffer | null>((resolve) => {
        setTimeout(() => resolve(null), 2000).unref();
        socket.on("message", (m) => m.readUInt32BE(4) === request.readUInt32BE(4) && resolve(m));
      });
      socket.send(request, this.ports.server, "127.0.0.1");
      const offer = await answer;
      return offer && option150(offer);
    } finally {
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    }
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

async function freeUdpPort(): Promise<number> {
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
export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
