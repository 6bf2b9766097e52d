/** A real `kea-dhcp4`, unprivileged: UDP sockets on loopback, test ports, everything it writes in one directory. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream, existsSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import type { JsonMap } from "./document";

export interface KeaOptions {
  readonly binary: string;
  readonly document: JsonMap;
  readonly socketPath: string;
  readonly port: number;
  readonly clientPort: number;
  /** Not open to others (Kea 2.6 demands 0750), short: the control socket lives here too. */
  readonly directory: string;
}

export interface Kea {
  readonly version: string;
  readonly pid: number;
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** Path of `kea-dhcp4` on this machine, or null. */
export function findKea(path = process.env.PATH ?? ""): string | null {
  const places = [...path.split(delimiter), "/usr/sbin", "/usr/local/sbin", "/sbin"].filter((p) => p !== "");
  return places.map((place) => join(place, "kea-dhcp4")).find((file) => existsSync(file)) ?? null;
}

/** @throws Error with the last lines that Kea printed */
export async function startKea(options: KeaOptions): Promise<Kea> {
  const version = await versionOf(options.binary);
  const file = join(options.directory, "kea-dhcp4.conf");
  writeFileSync(file, JSON.stringify(options.document, null, 2), { mode: 0o640 });
  const child = spawn(options.binary, ["-p", `${options.port}`, "-P", `${options.clientPort}`, "-c", file], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      KEA_PIDFILE_DIR: options.directory,
      KEA_LOCKFILE_DIR: options.directory,
      KEA_CONTROL_SOCKET_DIR: options.directory,
      KEA_DHCP_DATA_DIR: options.directory,
      KEA_LOG_FILE_DIR: options.directory,
    },
  });
  const log = createWriteStream(join(options.directory, "kea-dhcp4.log"), { mode: 0o640 });
  let tail = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log.write(chunk);
      tail = (tail + chunk.toString("utf8")).slice(-2000);
    });
  }
  const ended = new Promise<string>((done) => {
    child.once("error", (error) => done(error.message));
    child.once("close", (code, signal) => done(signal ?? `exit status ${code}`));
  });
  let over: string | null = null;
  void ended.then((how) => {
    over = how;
  });
  const until = Date.now() + 10_000;
  while (!(await answers(options.socketPath))) {
    if (over === null && Date.now() < until) {
      await new Promise((wait) => setTimeout(wait, 50));
      continue;
    }
    await stop(child, ended);
    const complaints = tail.split("\n").filter((line) => /ERROR|FATAL|error/i.test(line));
    throw new Error(
      `kea-dhcp4 does not serve (${over ?? "no answer in 10 s"}): ${complaints.slice(-3).join(" | ") || tail}`,
    );
  }
  return {
    version,
    pid: child.pid!,
    ended,
    close: async () => {
      await stop(child, ended);
      rmSync(options.socketPath, { force: true });
    },
  };
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), 2000);
  await ended;
  clearTimeout(insist);
}

function versionOf(binary: string): Promise<string> {
  return new Promise((done, fail) =>
    execFile(binary, ["-v"], { timeout: 10_000 }, (error, stdout) =>
      error ? fail(error) : done(stdout.trim()),
    ),
  );
}

/** True once version-get is answered on the control socket. */
function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.setTimeout(2000, () => socket.destroy());
    socket.once("connect", () => socket.write('{"command":"version-get"}'));
    socket.once("data", () => done(true));
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
    socket.once("data", () => socket.destroy());
  });
}
