import { type Change, DhcpError } from "../../../../providers/dhcp/backends/backend";
import { IscDhcpdBackend } from "../../../../providers/dhcp/backends/isc-dhcpd/backend";
import type { IscDhcpdConfig } from "../../../../providers/dhcp/backends/isc-dhcpd/config";
import { Pace } from "../../../../providers/dhcp/backends/isc-dhcpd/pace";
import type {
  CommandResult,
  HostFile,
  HostSession,
} from "../../../../providers/dhcp/backends/isc-dhcpd/session";

import { DESTINATION, SOURCE } from "./backend";

export const MAIN = "/etc/dhcp/dhcpd.conf";
export const DIRECTORY = "/etc/dhcp/cucm";
export const FILE = `${DIRECTORY}/option150-10.1.20.0-24.conf`;
export const PILOTS = `${DIRECTORY}/pilots.conf`;
export const SECRET = "c2VjcmV0LWtleQ==";

/** As administrators write them: a key, two subnets, a pool, and what we asked them to add. */
export const CONFIGURATION = `
option cisco-tftp code 150 = array of ip-address;
key omapi { algorithm hmac-sha256; secret "${SECRET}"; };
subnet 10.1.20.0 netmask 255.255.255.0 {
  option routers 10.1.20.1;
  include "${FILE}";
  pool { range 10.1.20.100 10.1.20.199; }
}
subnet 10.1.21.0 netmask 255.255.255.0 {
  include "${DIRECTORY}/option150-10.1.21.0-24.conf";
}
include "${PILOTS}";
`;

const TEST = "test";
const RESTART = "restart";
const STATUS = "status";

/** A machine with dhcpd, without a network. What dhcpd read when it started is `served`. */
export class FakeDhcpHost {
  readonly files = new Map<string, string>();
  /** `read /path`, `create /path`, `rename /path`, `remove /path`, `run restart`, `lock`, `open`: in their order. */
  readonly calls: string[] = [];
  /** Called before each: may change the files, or throw what the network would. */
  before: (call: string, index: number) => void = () => {};
  test: () => CommandResult = () => OK;
  restart: () => CommandResult = () => OK;
  status: () => CommandResult = () => OK;
  locked = false;
  /** Logins that nobody has ended. */
  sessions = 0;
  served: ReadonlyMap<string, string>;

  constructor(
    files: { readonly [path: string]: string },
    readonly address = "10.1.0.5",
  ) {
    this.files = new Map(Object.entries(files));
    this.served = new Map(this.files);
  }

  count(call: string): number {
    return this.calls.filter((c) => c === call).length;
  }

  open(): HostSession {
    this.call("open");
    this.sessions++;
    const files = this.files;
    return {
      label: this.address,
      read: async (path, _, signal): Promise<HostFile> => {
        this.call(`read ${path}`, signal);
        const text = files.get(path);
        return text === undefined
          ? { kind: "missing" }
          : { kind: "bytes", bytes: Buffer.from(text, "latin1") };
      },
      create: async (path, bytes, signal) => {
        this.call(`create ${path.replace(/\.tmp\..*/, ".tmp")}`, signal);
        files.set(path, bytes.toString("latin1"));
      },
      rename: async (from, to, signal) => {
        this.call(`rename ${to}`, signal);
        files.set(to, files.get(from)!);
        files.delete(from);
      },
      remove: async (path, signal) => {
        this.call(`remove ${path.replace(/\.tmp\..*/, ".tmp")}`, signal);
        files.delete(path);
      },
      run: async (command, signal) => {
        this.call(`run ${command}`, signal);
        const result = command === TEST ? this.test() : command === STATUS ? this.status() : this.restart();
        if (command === RESTART && result.status === 0) this.served = new Map(files);
        return result;
      },
      lock: async (_path, _seconds, signal) => {
        this.call("lock", signal);
        return !this.locked;
      },
      close: () => {
        this.sessions--;
      },
    };
  }

  private call(what: string, signal?: AbortSignal): void {
    this.calls.push(what);
    this.before(what, this.calls.length - 1);
    if (signal?.aborted) throw new DhcpError("dhcpd", "It was not waited for", "Cancelled", "cancelled");
  }
}

export const OK: CommandResult = { status: 0, output: "" };
export const broken = (output = ""): CommandResult => ({ status: 1, output });
export const lost = () =>
  new DhcpError("dhcpd", "Cannot reach SSH (TCP 22) of DHCP server 10.1.0.5", "It is gone.", "unreachable");

export const config = (more: Partial<IscDhcpdConfig>): IscDhcpdConfig => ({
  name: "dhcpd",
  hosts: ["10.1.0.5"],
  port: 22,
  hostKeys: [],
  credentials: { username: "voice", password: "unused" },
  configFile: MAIN,
  includeDirectory: DIRECTORY,
  testCommand: TEST,
  restartCommand: RESTART,
  statusCommand: STATUS,
  settleMs: 0,
  ...more,
});

export function dhcpdOn(hosts: readonly FakeDhcpHost[], more: Partial<IscDhcpdConfig> = {}): IscDhcpdBackend {
  return new IscDhcpdBackend(
    config({ hosts: hosts.map(({ address }) => address), ...more }),
    async (_, address) => hosts.find((host) => host.address === address)!.open(),
    () => new Pace(0),
  );
}

export const OTHER = `${DIRECTORY}/option150-10.1.21.0-24.conf`;
export const LOCK = `${DIRECTORY}/.lock`;
export const PENDING = `${DIRECTORY}/.pending`;
export const AS_FOUND = `# ours\noption cisco-tftp ${SOURCE.join(",  ")};`;
/** Serves the source, from a file in somebody's own spelling. */
export const host = (address?: string) =>
  new FakeDhcpHost({ [MAIN]: CONFIGURATION, [FILE]: AS_FOUND, [OTHER]: "", [PILOTS]: "" }, address);
export const THERE: Change = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" };

export const failing = (promise: Promise<unknown>): Promise<DhcpError> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => {
      if (error instanceof DhcpError) return error;
      throw error;
    },
  );
