import { type ChildProcess, execFileSync, spawn } from "node:child_process";
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

import { freeUdpPort, offered } from "./offered";

/** Another one than that of this machine: `npm run test:kea-newer`. */
const PROGRAM = process.env.KEA_BIN ?? "kea-dhcp4";

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

/** As one number: 2.3.6 is 2003006. 0 when it is not there, which {@link requireKea} tells. */
export function versionOfKea(): number {
  try {
    const text = execFileSync(PROGRAM, ["-v"], { env: keaEnvironment(tmpdir()), encoding: "utf8" });
    const [major = 0, minor = 0, patch = 0] = text.trim().split(".").map(Number);
    return major * 1e6 + minor * 1e3 + patch;
  } catch {
    return 0;
  }
}

/** One of the hook libraries that come with Kea, for "hooks-libraries"; null when this one has it not. */
export function findHookLibrary(name: string, parameters: object = {}): object | null {
  const roots = PROGRAM.includes("/") ? [join(PROGRAM, "../../lib")] : ["/usr/local/lib", "/usr/lib"];
  const folders = roots
    .filter((root) => existsSync(root))
    .flatMap((root) => [root, ...readdirSync(root).map((f) => join(root, f))])
    .map((folder) => join(folder, "kea/hooks"));
  const library = [process.env.KEA_HOOKS_PATH ?? "", ...folders]
    .map((folder) => join(folder, `libdhcp_${name}.so`))
    .find((file) => existsSync(file));
  return library === undefined ? null : { library, parameters };
}
export function hookLibrary(name: string, parameters: object = {}): object {
  const found = findHookLibrary(name, parameters);
  if (!found) throw new Error(`Kea's hook library ${name} is not on this machine.`);
  return found;
}

const keaEnvironment = (folder: string) => ({
  PATH: `${process.env.PATH}:/usr/sbin`,
  KEA_PIDFILE_DIR: folder,
  KEA_LOCKFILE_DIR: folder,
  KEA_CONTROL_SOCKET_DIR: folder,
  // Of 3.0.
  KEA_DHCP_DATA_DIR: folder,
  KEA_LOG_FILE_DIR: folder,
  ...(process.env.KEA_HOOKS_PATH === undefined ? {} : { KEA_HOOKS_PATH: process.env.KEA_HOOKS_PATH }),
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

  /**
   * @param more members of `Dhcp4`, for the server's own folder; the interface, socket, leases and logging are set here.
   */
  static async start(more: object | ((folder: string) => object), attached?: Attached): Promise<RealKea> {
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
          ...(typeof more === "function" ? more(folder) : more),
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

  /** A file of its folder, which is the only one that 3.0 takes some from. */
  path(name: string): string {
    return join(this.folder, name);
  }
  /** The file that it was started with. */
  get file(): string {
    return readFileSync(this.path("kea.conf"), "utf8");
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
    const { hash: _, ...args } = JSON.parse(await this.command("config-get")).arguments;
    change(args.Dhcp4);
    const { result, text } = JSON.parse(await this.command("config-set", args));
    if (result !== 0) throw new Error(text);
  }

  /** Option 150 of the OFFER that a client with this MAC gets, asked through a relay; null: no answer. */
  offered(mac?: string): Promise<readonly string[] | null> {
    return offered(this.ports, mac);
  }

  /** The whole configuration, as it is printed. */
  configuration(): Promise<string> {
    return this.command("config-get");
  }
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
