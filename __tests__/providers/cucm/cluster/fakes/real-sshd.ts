import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../../../lab/cluster/servers/listener";
import type { SftpServer } from "../../../../../providers/cucm/cluster/config";
import { ADDRESS } from "./setup";

const SSHD = "/usr/sbin/sshd";
const ACCOUNT = "exchange";
const PASSWORD = "xch-s3cret";
/** Of nobody on this machine: only its number is used. */
const UID = 65_432;

/**
 * The OpenSSH server with its own `internal-sftp`, on loopback, with a host key and an account that exist nowhere else:
 * a mount namespace of its own shows it another passwd and shadow, and leaves the machine's files alone.
 */
export class RealSshd {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    readonly server: SftpServer,
    private readonly output: () => string,
  ) {}

  /** @throws a sentence that says what is missing on this machine */
  static async start(): Promise<RealSshd> {
    if (!existsSync(SSHD))
      throw new Error(
        `These tests need ${SSHD} (Debian: apt-get install openssh-server). They run it with a configuration of their own, on loopback.`,
      );
    const root = process.getuid!() === 0;
    const uid = root ? UID : process.getuid!();
    const folder = mkdtempSync(join(tmpdir(), "pm-sshd-"));
    chmodSync(folder, 0o755);
    const directory = join(folder, "exchange");
    mkdirSync(directory);
    if (root) chownSync(directory, uid, uid);
    const file = (name: string, text: string, mode = 0o600) => {
      writeFileSync(join(folder, name), text, { mode });
      return join(folder, name);
    };
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
    const fingerprint = execFileSync("ssh-keygen", ["-lf", join(folder, "key.pub")], { encoding: "utf8" });
    const hash = execFileSync("openssl", ["passwd", "-6", PASSWORD], { encoding: "utf8" }).trim();
    const account = `${ACCOUNT}:x:${uid}:${root ? uid : process.getgid!()}::${folder}:/bin/sh`;
    const passwd = file("passwd", `${readFileSync("/etc/passwd", "utf8")}${account}\n`, 0o644);
    const shadow = file("shadow", `${ACCOUNT}:${hash}:19000:0:99999:7:::\n`);
    const port = await freePort([ADDRESS], new Set());
    const config = file(
      "sshd_config",
      [
        `ListenAddress ${ADDRESS}:${port}`,
        `HostKey ${join(folder, "key")}`,
        "PidFile none",
        "UsePAM no",
        "StrictModes no",
        "PasswordAuthentication yes",
        `AllowUsers ${ACCOUNT}`,
        "Subsystem sftp internal-sftp",
        "ForceCommand internal-sftp",
        "",
      ].join("\n"),
    );
    const script = [
      "set -e",
      `mount --bind ${passwd} /etc/passwd`,
      `mount --bind ${shadow} /etc/shadow`,
      ...(root ? ["mount -t tmpfs none /run", "mkdir -m 755 /run/sshd"] : []),
      // The process that we started becomes the server: it is ended by its id.
      `exec ${SSHD} -D -e -f ${config}`,
    ].join("\n");
    const namespaces = root ? ["--mount"] : ["--user", "--map-current-user", "--mount", "--keep-caps"];
    const child = spawn("unshare", [...namespaces, "sh", "-c", script], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    const server = {
      name: "exchange",
      address: ADDRESS,
      port,
      directory,
      hostKeys: [/SHA256:\S+/.exec(fingerprint)![0]],
      credentials: { username: ACCOUNT, password: PASSWORD },
    };
    const sshd = new RealSshd(folder, child, server, () => output);
    for (let i = 0; i < 100 && !/listening on/.test(output) && child.exitCode === null; i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    if (/listening on/.test(output)) return sshd;
    await sshd.stop();
    throw new Error(
      `${SSHD} did not start in a mount namespace of its own (unshare of util-linux; a container needs the right to it):\n${output}`,
    );
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.kill())
      await new Promise((resolve) => this.process.once("exit", resolve));
    // A session that somebody still holds has them open too.
    this.process.stdout?.destroy();
    this.process.stderr?.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }

  names(): readonly string[] {
    const inside = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? inside(join(folder, entry.name)) : [join(folder, entry.name)],
      );
    return inside(this.server.directory)
      .map((path) => path.slice(this.server.directory.length + 1))
      .sort();
  }
  text(name: string): string {
    return readFileSync(join(this.server.directory, name), "utf8");
  }
  put(name: string, text: string): void {
    writeFileSync(join(this.server.directory, name), text);
  }
  clear(): void {
    for (const name of readdirSync(this.server.directory))
      rmSync(join(this.server.directory, name), { recursive: true });
  }
  setReadOnly(readOnly: boolean): void {
    chmodSync(this.server.directory, readOnly ? 0o555 : 0o755);
  }
  logins(): number {
    return this.output().match(/Accepted password/g)?.length ?? 0;
  }
}
