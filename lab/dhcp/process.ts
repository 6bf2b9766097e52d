/** `node process.ts --options FILE`: the lab's DHCP service, a process of its own. Keeps a real Kea, or is the server. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childMain } from "../supervise/child";
import { labDocument } from "./document-for-lab";
import { findKea, startKea } from "./kea";
import { OwnServer } from "./own-server";

export interface DhcpProcessOptions {
  /** `auto`: a real Kea when it is on the machine and starts, otherwise the lab's own. */
  readonly kind: "auto" | "kea" | "lab";
  /** What the lab's own server plays. */
  readonly version?: string;
  readonly subnet: string;
  readonly more?: readonly string[];
  readonly tftp: readonly string[];
  readonly port: number;
  readonly clientPort: number;
}

export interface DhcpReady {
  readonly kind: "kea" | "lab";
  readonly version: string;
  /** `unix:///...` */
  readonly endpoint: string;
  /** Where DHCP packets go. */
  readonly address: string;
  readonly port: number;
  /** Of kea-dhcp4, so that it can be ended when its keeper was killed. */
  readonly pid: number;
  readonly directory: string;
  /** Why it is not a real Kea; null when it is one. */
  readonly why: string | null;
}

/** Kea on `lo` listens on 127.0.0.1, whatever other loopback addresses are in use. */
const ADDRESS = "127.0.0.1";

childMain<DhcpProcessOptions>(async (options) => {
  // The path of a unix socket has room for about 100 bytes.
  const base = tmpdir().length < 60 ? tmpdir() : "/tmp";
  const directory = mkdtempSync(join(base, "pm-dhcp-"));
  chmodSync(directory, 0o750);
  const socketPath = join(directory, "kea.sock");
  const { subnet, more, tftp } = options;
  const document = labDocument({ subnet, more, tftp, socketPath });
  const common = { document, socketPath, port: options.port, clientPort: options.clientPort };
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const ready = { endpoint: `unix://${socketPath}`, address: ADDRESS, port: options.port, directory };

  const binary = options.kind === "lab" ? null : findKea();
  let why = options.kind === "lab" ? "asked for" : "kea-dhcp4 is not installed";
  if (binary !== null) {
    try {
      const kea = await startKea({ ...common, binary, directory });
      const end = async () => {
        await kea.close();
        remove();
      };
      // Without its server this process has no purpose.
      void kea.ended.then(() => process.kill(process.pid, "SIGTERM"));
      return {
        ready: { ...ready, kind: "kea", version: kea.version, pid: kea.pid, why: null } satisfies DhcpReady,
        close: end,
      };
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
  }
  if (options.kind === "kea") {
    remove();
    throw new Error(why);
  }
  const version = options.version ?? "2.2.0";
  const own = await OwnServer.start({
    ...common,
    version,
    address: ADDRESS,
    file: join(directory, "kea-dhcp4.conf"),
  });
  return {
    ready: { ...ready, kind: "lab", version, pid: process.pid, why } satisfies DhcpReady,
    close: async () => {
      await own.close();
      remove();
    },
  };
});
