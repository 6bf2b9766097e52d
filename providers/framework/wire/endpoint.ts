import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Address } from "./handshake";

export interface EndpointOptions {
  /** TCP on the loopback address instead of a unix socket; the default on Windows, which has none for Go. */
  readonly tcp?: boolean;
  readonly socketDirectory?: string | undefined;
  readonly socketGroup?: string | undefined;
  readonly ports?: { readonly min: number; readonly max: number } | undefined;
}

export interface Endpoint extends Address {
  /** Removes the socket and its folder. Synchronous, so that it can run while the process exits. */
  remove(): void;
}

/** The path of a unix socket has 104 bytes on macOS (`sockaddr_un`), one of them for the terminating zero. */
const MAX_SOCKET_PATH = 103;

/** Starts listening where the host can find us. */
export async function listen(server: net.Server, options: EndpointOptions = {}): Promise<Endpoint> {
  if (options.tcp ?? process.platform === "win32") return listenTcp(server, options.ports);
  const directory = socketDirectory(options.socketDirectory);
  const address = join(directory, "s");
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    await listening(server, (done) => server.listen(address, done));
    if (options.socketGroup !== undefined) shareWithGroup(directory, address, options.socketGroup);
  } catch (error) {
    if (server.listening) server.close();
    remove();
    throw error;
  }
  return { network: "unix", address, remove };
}

/** A fresh folder (mode 0700: `mkdtemp`) that leaves room for the socket's name. */
function socketDirectory(asked: string | undefined): string {
  const room = MAX_SOCKET_PATH - "/tfpXXXXXX/s".length;
  const candidates = [asked, tmpdir(), "/tmp"].filter((d) => d !== undefined);
  const parent = candidates.find((d) => Buffer.byteLength(d) <= room) ?? "/tmp";
  return mkdtempSync(join(parent, "tfp"));
}

function shareWithGroup(directory: string, address: string, group: string): void {
  const gid = groupId(group);
  for (const [file, mode] of [
    [directory, 0o750],
    [address, 0o660],
  ] as const) {
    chownSync(file, -1, gid);
    chmodSync(file, mode);
  }
}

function groupId(group: string): number {
  if (/^\d+$/.test(group)) return Number(group);
  const entry = readFileSync("/etc/group", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === group);
  if (entry?.[2] === undefined) throw new Error(`PLUGIN_UNIX_SOCKET_GROUP names no group: ${group}`);
  return Number(entry[2]);
}

async function listenTcp(server: net.Server, ports: EndpointOptions["ports"]): Promise<Endpoint> {
  const host = "127.0.0.1";
  for (let port = ports?.min ?? 0; ; port++) {
    try {
      await listening(server, (done) => server.listen(port, host, done));
      const bound = server.address() as net.AddressInfo;
      return { network: "tcp", address: `${host}:${bound.port}`, remove: () => undefined };
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!taken || ports === undefined || port >= ports.max) throw error;
    }
  }
}

function listening(server: net.Server, start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    start(() => {
      server.off("error", reject);
      resolve();
    });
  });
}
