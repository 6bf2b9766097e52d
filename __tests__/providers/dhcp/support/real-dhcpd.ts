import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../../lab/cluster/servers/listener";
import { addressList, decodePacket, encodePacket, MESSAGE, OPTION } from "../../../../lab/dhcp/packet";
import type { IscDhcpdConfig } from "../../../../providers/dhcp/backends/isc-dhcpd/config";

const SSHD = "/usr/sbin/sshd";
const DHCPD = "/usr/sbin/dhcpd";
const ADDRESS = "127.0.0.1";
const ACCOUNT = "voice";
const PASSWORD = "dhcp-s3cret";
export const SERVER = "10.1.20.1";

/** @throws a sentence that says what is missing on this machine */
export function requireDhcpd(): void {
  for (const [program, packet] of [
    [DHCPD, "isc-dhcp-server"],
    [SSHD, "openssh-server"],
  ] as const)
    if (!existsSync(program))
      throw new Error(
        `These tests need ${program} (Debian: apt-get install ${packet}). They run it with a configuration of their own.`,
      );
  try {
    execFileSync("unshare", ["--net", "--mount", "true"], { stdio: "pipe" });
  } catch {
    throw new Error(
      "These tests need the right to a network and a mount namespace of their own (unshare of util-linux, ip of iproute2): run them as root.",
    );
  }
}

/**
 * A machine with a real dhcpd, reached through a real sshd on loopback. dhcpd serves in a network namespace that
 * nothing else is connected to but the phones' relay; sshd has an account that exists nowhere else.
 */
export class RealDhcpHost {
  private readonly children: ChildProcess[] = [];
  private output = "";
  private constructor(
    private readonly folder: string,
    readonly port: number,
    readonly hostKey: string,
    private readonly relay: number,
    readonly privateKey: string,
  ) {}

  /** @param configuration of dhcpd; `@` stands for the include directory */
  static async start(
    configuration: string,
    managed: { readonly [name: string]: string },
  ): Promise<RealDhcpHost> {
    const folder = mkdtempSync(join(tmpdir(), "pm-dhcpd-"));
    chmodSync(folder, 0o755);
    for (const name of ["host", "client"])
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
    const fingerprint = execFileSync("ssh-keygen", ["-lf", join(folder, "host.pub")], { encoding: "utf8" });
    const namespaces = [0, 1].map(() =>
      spawn("unshare", ["--net", "sleep", "infinity"], { stdio: "ignore" }),
    );
    const [server, relay] = namespaces.map(({ pid }) => pid!) as [number, number];
    const host = new RealDhcpHost(
      folder,
      await freePort([ADDRESS], new Set()),
      /SHA256:\S+/.exec(fingerprint)![0],
      relay,
      readFileSync(join(folder, "client"), "utf8"),
    );
    host.children.push(...namespaces);
    try {
      await host.connect(server, relay);
      host.writeFiles(configuration, managed, server);
      host.control("restart");
      await host.startSshd();
      return host;
    } catch (error) {
      await host.stop();
      throw error;
    }
  }

  get directory(): string {
    return join(this.folder, "cucm");
  }
  get configFile(): string {
    return join(this.folder, "dhcpd.conf");
  }
  file(name: string): string {
    return readFileSync(join(this.directory, name), "latin1");
  }
  write(name: string, text: string): void {
    writeFileSync(join(this.directory, name), text);
  }

  config(more: Partial<IscDhcpdConfig> = {}) {
    return {
      name: "dhcpd",
      hosts: [ADDRESS],
      port: this.port,
      hostKeys: [this.hostKey],
      credentials: { username: ACCOUNT, password: PASSWORD },
      configFile: this.configFile,
      includeDirectory: this.directory,
      testCommand: `${DHCPD} -t -4 -cf ${this.configFile}`,
      restartCommand: `${join(this.folder, "control")} restart`,
      statusCommand: `${join(this.folder, "control")} status`,
      settleMs: 200,
      ...more,
    } satisfies IscDhcpdConfig;
  }

  /** As somebody on the machine. */
  control(what: "restart" | "status" | "stop"): void {
    execFileSync(join(this.folder, "control"), [what], { stdio: "pipe" });
  }

  /** The next dhcpd that is started ends after a second. */
  endSoon(): void {
    writeFileSync(join(this.folder, "ends-soon"), "");
  }
  /** How often dhcpd was started. */
  starts(): number {
    return readFileSync(join(this.folder, "starts"), "utf8").length;
  }
  /** How often somebody has logged in. */
  logins(): number {
    return this.output.match(/Accepted /g)?.length ?? 0;
  }

  /** Option 150 of what a phone is offered through the relay of this subnet; null when nothing is offered. */
  offered(mac = "02:00:00:00:00:99", giaddr = "10.1.20.2"): readonly string[] | null {
    const request = encodePacket({
      op: 1,
      xid: randomInt(2 ** 31),
      hops: 1,
      ciaddr: "0.0.0.0",
      yiaddr: "0.0.0.0",
      siaddr: "0.0.0.0",
      giaddr,
      mac,
      sname: "",
      options: new Map([
        [OPTION.messageType, Buffer.from([MESSAGE.discover])],
        [OPTION.parameterRequestList, Buffer.from([1, 3, OPTION.tftpServerName, OPTION.ciscoTftp])],
      ]),
    });
    const reply = execFileSync(
      "nsenter",
      ["-t", `${this.relay}`, "-n", process.execPath, "-e", PROBE, giaddr, SERVER, request.toString("hex")],
      { encoding: "utf8" },
    );
    const packet = decodePacket(Buffer.from(reply, "hex"));
    return packet && addressList(packet.options.get(OPTION.ciscoTftp));
  }

  /** The lease file. */
  leases(): string {
    return readFileSync(join(this.folder, "leases"), "latin1");
  }

  /** A program that runs this one where the phones' relay is. */
  atRelay(program: string): string {
    const path = join(this.folder, "at-relay");
    writeFileSync(path, `#!/bin/sh\nexec nsenter -t ${this.relay} -n '${program}' "$@"\n`, { mode: 0o755 });
    return path;
  }

  async stop(): Promise<void> {
    if (existsSync(join(this.folder, "control"))) this.control("stop");
    for (const child of this.children) {
      if (child.exitCode === null && child.kill())
        await new Promise((resolve) => child.once("exit", resolve));
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async connect(server: number, relay: number): Promise<void> {
    const inside = (pid: number, ...command: string[]) =>
      execFileSync("nsenter", ["-t", `${pid}`, "-n", ...command], { stdio: "pipe" });
    // unshare has to have made them.
    const own = () => [server, relay].every((pid) => namespaceOf(pid) !== namespaceOf(process.pid));
    for (let i = 0; i < 100 && !own(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
    inside(
      server,
      "ip",
      "link",
      "add",
      "dhcp0",
      "type",
      "veth",
      "peer",
      "name",
      "relay0",
      "netns",
      `${relay}`,
    );
    inside(server, "ip", "address", "add", `${SERVER}/24`, "dev", "dhcp0");
    inside(server, "ip", "link", "set", "dhcp0", "up");
    for (const address of ["10.1.20.2/24", "10.1.21.2/32"])
      inside(relay, "ip", "address", "add", address, "dev", "relay0");
    inside(relay, "ip", "link", "set", "relay0", "up");
    inside(server, "ip", "route", "add", "default", "via", "10.1.20.2");
  }

  private writeFiles(configuration: string, managed: { readonly [name: string]: string }, server: number) {
    mkdirSync(this.directory);
    writeFileSync(this.configFile, configuration.replaceAll("@", this.directory));
    for (const [name, text] of Object.entries(managed)) this.write(name, text);
    const at = (name: string) => join(this.folder, name);
    for (const name of ["leases", "starts"]) writeFileSync(at(name), "");
    // What systemd does elsewhere. One that has ended may wait for a lazy init to look at it.
    writeFileSync(
      at("control"),
      `#!/bin/sh
running() { [ -s ${at("pid")} ] && grep -qs '^State:.[^ZX]' "/proc/$(cat ${at("pid")})/status"; }
stop() { running && kill "$(cat ${at("pid")})"; while running; do sleep 0.02; done; rm -f ${at("pid")}; }
case "$1" in
  status) if running; then echo active; else echo inactive; exit 3; fi ;;
  stop) stop ;;
  restart)
    [ ! -e ${at("refuse-restart")} ] || exit 1
    stop
    printf . >> ${at("starts")}
    if [ -e ${at("ends-soon")} ]; then rm ${at("ends-soon")}; (sleep 1; stop) >/dev/null 2>&1 & fi
    exec nsenter -t ${server} -n ${DHCPD} -4 -q -cf ${this.configFile} -lf ${at("leases")} -pf ${at("pid")} dhcp0 ;;
esac
`,
      { mode: 0o755 },
    );
  }

  private async startSshd(): Promise<void> {
    const at = (name: string) => join(this.folder, name);
    const hash = execFileSync("openssl", ["passwd", "-6", PASSWORD], { encoding: "utf8" }).trim();
    const account = `${ACCOUNT}:x:0:0::${this.folder}:/bin/sh`;
    writeFileSync(at("passwd"), `${readFileSync("/etc/passwd", "utf8")}${account}\n`);
    writeFileSync(at("shadow"), `${ACCOUNT}:${hash}:19000:0:99999:7:::\n`, { mode: 0o600 });
    writeFileSync(at("authorized"), readFileSync(at("client.pub")));
    writeFileSync(
      at("sshd_config"),
      [
        `ListenAddress ${ADDRESS}:${this.port}`,
        `HostKey ${at("host")}`,
        "PidFile none",
        "UsePAM no",
        "StrictModes no",
        "PermitRootLogin yes",
        "PasswordAuthentication yes",
        `AuthorizedKeysFile ${at("authorized")}`,
        `AllowUsers ${ACCOUNT}`,
        "Subsystem sftp internal-sftp",
        "",
      ].join("\n"),
    );
    const script = [
      "set -e",
      `mount --bind ${at("passwd")} /etc/passwd`,
      `mount --bind ${at("shadow")} /etc/shadow`,
      "mount -t tmpfs none /run",
      "mkdir -m 755 /run/sshd",
      // The process that we started becomes the server: it is ended by its id.
      `exec ${SSHD} -D -e -f ${at("sshd_config")}`,
    ].join("\n");
    const sshd = spawn("unshare", ["--mount", "sh", "-c", script], { stdio: ["ignore", "pipe", "pipe"] });
    this.children.push(sshd);
    for (const stream of [sshd.stdout, sshd.stderr])
      stream.on("data", (data) => {
        this.output += data;
      });
    for (let i = 0; i < 100 && !/listening on/.test(this.output) && sshd.exitCode === null; i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    if (!/listening on/.test(this.output)) throw new Error(`${SSHD} did not start:\n${this.output}`);
  }
}

const namespaceOf = (pid: number) => execFileSync("readlink", [`/proc/${pid}/ns/net`], { encoding: "utf8" });

/** Runs where the relay is: sends one packet to the server, prints what comes back. */
const PROBE = `
const [giaddr, server, hex] = process.argv.slice(1);
const socket = require("node:dgram").createSocket("udp4");
const end = (text) => { process.stdout.write(text); process.exit(0); };
setTimeout(() => end(""), 3000);
socket.on("message", (message) => end(message.toString("hex")));
socket.bind(67, giaddr, () => socket.send(Buffer.from(hex, "hex"), 67, server));
`;
