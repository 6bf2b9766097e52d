import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpSocketOptions } from "../../../../lab/dhcp/http-socket";
import { OwnServer } from "../../../../lab/dhcp/own-server";
import { freeUdpPort, offered, type Ports } from "./offered";

/** The lab's own server, as one version of Kea. It is asked as the real one is. */
export class LabKea {
  private constructor(
    private readonly folder: string,
    private readonly server: OwnServer,
    readonly ports: Ports,
  ) {}

  get socket(): string {
    return join(this.folder, "s");
  }
  get endpoint(): string {
    return `unix://${this.socket}`;
  }

  /** @param more members of `Dhcp4`. */
  static async start(version: string, more: object, http?: HttpSocketOptions): Promise<LabKea> {
    const folder = mkdtempSync(join(tmpdir(), "lk-"));
    const ports = { server: await freeUdpPort(), client: await freeUdpPort() };
    const socketPath = join(folder, "s");
    const server = await OwnServer.start({
      version,
      document: {
        Dhcp4: { "control-socket": { "socket-type": "unix", "socket-name": socketPath }, ...more },
      },
      file: join(folder, "kea.conf"),
      socketPath,
      address: "127.0.0.1",
      port: ports.server,
      clientPort: ports.client,
      ...(http ? { http } : {}),
    }).catch((error) => {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    });
    return new LabKea(folder, server, ports);
  }

  async stop(): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  offered(mac?: string): Promise<readonly string[] | null> {
    return offered(this.ports, mac);
  }

  /** The whole configuration, as it is printed. */
  configuration(): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect(this.socket, () => socket.write('{"command":"config-get"}'));
      socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
      socket.on("error", reject);
      socket.on("end", () => resolve(answer));
    });
  }
}
