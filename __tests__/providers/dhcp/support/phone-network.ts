import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attached } from "./real-kea";

/** @throws a sentence that says what is missing for a network of one's own. */
export function requirePhoneNetwork(): void {
  try {
    execFileSync("ip", ["netns", "list"], { env: PATH });
    execFileSync("dhclient", ["--version"], { env: PATH, stdio: "ignore" });
  } catch {
    throw new Error(
      "These tests need ip and dhclient (Debian: apt-get install iproute2 isc-dhcp-client), and root: they make network namespaces of their own.",
    );
  }
  if (process.getuid?.() !== 0) throw new Error("These tests need root: they make network namespaces.");
}

const PATH = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
const ip = (...args: readonly string[]) => execFileSync("ip", args, { env: PATH, stdio: "pipe" });

/** Two network namespaces joined by a cable: a DHCP server is in one, a phone in the other. */
export class PhoneNetwork {
  private readonly server = `pm-s-${process.pid}`;
  private readonly phone = `pm-p-${process.pid}`;

  /** @param address of the server's end, with its prefix length. */
  constructor(address: string) {
    ip("netns", "add", this.server);
    try {
      ip("netns", "add", this.phone);
      // Both ends are born inside: nothing of ours is ever seen outside.
      ip(
        "-n",
        this.server,
        "link",
        "add",
        "voice",
        "type",
        "veth",
        "peer",
        "name",
        "port",
        "netns",
        this.phone,
      );
      ip("-n", this.server, "address", "add", address, "dev", "voice");
      ip("-n", this.server, "link", "set", "voice", "up");
      // Kea opens no socket on an interface without a carrier.
      ip("-n", this.phone, "link", "set", "port", "up");
      ip("-n", this.server, "link", "set", "lo", "up");
    } catch (cause) {
      this.remove();
      throw cause;
    }
  }

  get attached(): Attached {
    return { interface: "voice", inside: ["ip", "netns", "exec", this.server] };
  }

  /**
   * Option 150 of the lease that a real client with this MAC is bound to: DISCOVER, OFFER, REQUEST, ACK.
   * @throws when there is no lease within 20 s.
   */
  async leased(mac: string): Promise<readonly string[]> {
    ip("-n", this.phone, "link", "set", "port", "down");
    ip("-n", this.phone, "link", "set", "port", "address", mac, "up");
    const folder = mkdtempSync(join(tmpdir(), "c-"));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    try {
      const bound = join(folder, "bound");
      const script = file(
        "script",
        `#!/bin/sh\ncase "$reason" in BOUND) echo "$new_cisco_tftp" > ${bound} ;; esac\n`,
      );
      chmodSync(script, 0o755);
      const configuration = file(
        "dhclient.conf",
        "option cisco-tftp code 150 = array of ip-address;\nrequest subnet-mask, cisco-tftp;\ninitial-interval 1;\n",
      );
      const leases = join(folder, "leases");
      const pid = join(folder, "pid");
      const client = spawn(
        "ip",
        ["netns", "exec", this.phone, "dhclient", "-1", "-d", "-v"].concat([
          "-cf",
          configuration,
          "-sf",
          script,
          "-lf",
          leases,
          "-pf",
          pid,
          "port",
        ]),
        { env: PATH, stdio: ["ignore", "ignore", "pipe"] },
      );
      const ended = new Promise((resolve) => client.once("exit", resolve));
      let output = "";
      client.stderr.on("data", (d) => (output += d));
      try {
        for (let i = 0; i < 200 && client.exitCode === null; i++) {
          const text = textOf(bound);
          if (text !== null) return text.split(/\s+/).filter((word) => word !== "");
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`dhclient has no lease:\n${output}`);
      } finally {
        client.kill();
        await ended;
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  remove(): void {
    for (const name of [this.phone, this.server]) {
      try {
        ip("netns", "delete", name);
      } catch {
        // It was never made.
      }
    }
  }
}

/** null while the script has not written its whole line. */
function textOf(file: string): string | null {
  try {
    const text = readFileSync(file, "utf8");
    return text.endsWith("\n") ? text : null;
  } catch {
    return null;
  }
}
