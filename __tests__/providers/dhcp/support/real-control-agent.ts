import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Issued } from "./issued";
import { freeTcpPort } from "./offered";

const PROGRAM = "kea-ctrl-agent";

/** @throws a sentence that says how to get it when the agent is not on this machine. */
export function requireControlAgent(): void {
  try {
    execFileSync(PROGRAM, ["-v"], { env: environment(tmpdir()) });
  } catch {
    throw new Error(
      `These tests need the program ${PROGRAM} (Debian: apt-get install kea-ctrl-agent). They run it unprivileged, on loopback.`,
    );
  }
}

const environment = (folder: string) => ({
  PATH: `${process.env.PATH}:/usr/sbin`,
  KEA_PIDFILE_DIR: folder,
  KEA_LOCKFILE_DIR: folder,
});

export interface AgentOptions {
  /** Serves TLS with this certificate and demands one of `clients` from whoever asks. */
  readonly tls?: { readonly server: Issued; readonly clients: Issued };
  readonly basic?: { readonly user: string; readonly password: string };
}

/** A real Kea control agent on loopback, before the control socket of a real Kea. */
export class RealControlAgent {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    readonly endpoint: string,
  ) {}

  /** @param socket the control socket of kea-dhcp4. */
  static async start(socket: string, { tls, basic }: AgentOptions): Promise<RealControlAgent> {
    const folder = mkdtempSync(join(tmpdir(), "a-"));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const port = await freeTcpPort();
    const configuration = file(
      "agent.conf",
      JSON.stringify({
        "Control-agent": {
          "http-host": "127.0.0.1",
          "http-port": port,
          "control-sockets": { dhcp4: { "socket-type": "unix", "socket-name": socket } },
          ...(tls && {
            "trust-anchor": file("clients.pem", tls.clients.pem),
            "cert-file": file("agent.pem", tls.server.pem),
            "key-file": file("agent.key", tls.server.key),
            "cert-required": true,
          }),
          ...(basic && { authentication: { type: "basic", realm: "kea", clients: [basic] } }),
          loggers: [{ name: PROGRAM, output_options: [{ output: "stdout" }], severity: "WARN" }],
        },
      }),
    );
    const child = spawn(PROGRAM, ["-c", configuration], {
      env: environment(folder),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (d) => (output += d));
    child.stderr.on("data", (d) => (output += d));
    const agent = new RealControlAgent(folder, child, `${tls ? "https" : "http"}://127.0.0.1:${port}`);
    let listens = false;
    for (let i = 0; i < 100 && !listens && child.exitCode === null; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      listens = await accepts(port);
    }
    if (!listens) {
      await agent.stop();
      throw new Error(`${PROGRAM} did not start:\n${output}`);
    }
    return agent;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.kill()) {
      await new Promise((resolve) => this.process.once("exit", resolve));
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
