import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createNet, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonMap } from "../../../../lab/dhcp/document";
import { hookCommands, runHook } from "../../../../lab/dhcp/hooks";
import { versionOf } from "../../../../lab/dhcp/version";
import { canonical, member, parseJsonText, slice } from "../../../../providers/dhcp/backends/kea/json-text";

export interface FakeOptions {
  /** Versions from 2.4 have a hash. */
  readonly version?: string;
  readonly transport?: "unix" | "http" | "https";
  readonly tls?: ServerOptions;
  readonly basic?: { readonly username: string; readonly password: string };
}

/** As much of a configuration as tests change. */
export interface Configuration {
  Dhcp4: {
    subnet4: { "option-data": Record<string, unknown>[]; reservations: unknown[]; [key: string]: unknown }[];
    [key: string]: unknown;
  };
}

type Answer = { result: number; text?: string; arguments?: string };

/**
 * Kea's control channel as far as it was measured, over a document that is kept as text. Hooks let a test act as a
 * rival, or as a server that fails.
 */
export class FakeKea {
  /** Every command, in order. */
  readonly commands: string[] = [];
  /** Documents that config-set was given. */
  readonly sets: string[] = [];
  /** Kea before 2.3.6 serves nobody after a failed config-set, until a good one. */
  deaf = false;
  /** Numbers of the configurations that it took, newest first; a real one has times. */
  private readonly configured = [1];
  /** Called before a command is handled; may act as a rival. */
  before: (command: string, nth: number) => void = () => {};
  /** Called instead of handling; undefined handles it. `drop` closes the connection without an answer. */
  instead: (command: string, nth: number) => Answer | "drop" | undefined = () => undefined;
  /** Whether a command is refused for what its arguments say. */
  refuse: (command: string, args: string) => boolean = () => false;
  /** Changes what config-set stores. */
  alter: (text: string) => string = (text) => text;
  endpoint = "";
  private server: Server | undefined;
  private folder: string | undefined;

  constructor(
    public text: string,
    private readonly options: FakeOptions = {},
  ) {}

  get hasHash(): boolean {
    return versionOf(this.version).hashes;
  }
  get document(): Configuration {
    return JSON.parse(this.text);
  }
  /** A rival's change of anything, by config-set. */
  edit(change: (document: Configuration) => void): void {
    const document = JSON.parse(this.text);
    change(document);
    this.text = JSON.stringify(document);
    this.configures();
  }

  async start(): Promise<this> {
    const transport = this.options.transport ?? "unix";
    if (transport === "unix") {
      this.folder = mkdtempSync(join(tmpdir(), "fk-"));
      const path = join(this.folder, "s");
      this.server = createNet({ allowHalfOpen: true }, (socket) => this.onSocket(socket));
      await new Promise<void>((resolve) => this.server!.listen(path, resolve));
      this.endpoint = `unix://${path}`;
      return this;
    }
    const onRequest = (q: IncomingMessage, a: ServerResponse) => this.onRequest(q, a);
    const server =
      transport === "https" ? createHttps(this.options.tls ?? {}, onRequest) : createHttp(onRequest);
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.endpoint = `${transport}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this;
  }
  async stop(): Promise<void> {
    await new Promise((resolve) => this.server?.close(resolve));
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }

  private onSocket(socket: Socket): void {
    let input = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      input += chunk.toString("latin1");
      // A long document comes in many pieces.
      if (!input.trimEnd().endsWith("}")) return;
      let root: ReturnType<typeof parseJsonText>;
      try {
        root = parseJsonText(input);
      } catch {
        return;
      }
      const answer = this.handle(input, root);
      if (answer === null) socket.destroy();
      else socket.end(Buffer.from(answer, "latin1"));
    });
  }

  private onRequest(request: IncomingMessage, response: ServerResponse): void {
    const { basic } = this.options;
    const wanted = basic && `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString("base64")}`;
    const chunks: Buffer[] = [];
    request.on("data", (c) => chunks.push(c));
    request.on("end", () => {
      if (wanted && request.headers.authorization !== wanted) {
        response.writeHead(401, { "content-type": "application/json" });
        response.end('{ "result": 401, "text": "Unauthorized" }');
        return;
      }
      const input = Buffer.concat(chunks).toString("latin1");
      const root = parseJsonText(input);
      const service = member(root, "service");
      if (!service || slice(input, service) !== '[ "dhcp4" ]') {
        response.end('[ { "arguments": { "Control-agent": { "password": "agent-secret" } }, "result": 0 } ]');
        return;
      }
      const answer = this.handle(input, root);
      if (answer === null) request.socket.destroy();
      else response.end(Buffer.from(`[ ${answer} ]`, "latin1"));
    });
  }

  private handle(input: string, root: ReturnType<typeof parseJsonText>): string | null {
    const command = member(root, "command");
    const name = command?.kind === "string" ? command.value : "";
    const nth = this.commands.filter((c) => c === name).length + 1;
    this.commands.push(name);
    this.before(name, nth);
    const args = member(root, "arguments");
    const text = args ? slice(input, args) : undefined;
    const answer =
      this.instead(name, nth) ??
      (text !== undefined && this.refuse(name, text) ? { result: 1, text: "no" } : this.answer(name, text));
    if (answer === "drop") return null;
    if (name === "config-set" && answer.result !== 0 && !this.hasHash) this.deaf = true;
    const parts = [
      ...(answer.arguments === undefined ? [] : [`"arguments": ${answer.arguments}`]),
      `"result": ${answer.result}`,
      ...(answer.text === undefined ? [] : [`"text": ${JSON.stringify(answer.text)}`]),
    ];
    return `{ ${parts.join(", ")} }`;
  }

  private answer(name: string, args: string | undefined): Answer {
    switch (name) {
      case "version-get":
        return { result: 0, text: this.version };
      case "config-get": {
        const inner = this.text.slice(this.text.indexOf("{") + 1, this.text.lastIndexOf("}"));
        return { result: 0, arguments: this.hasHash ? `{${inner}, "hash": "${this.hash}"}` : this.text };
      }
      case "config-hash-get":
        return this.hasHash
          ? { result: 0, arguments: `{ "hash": "${this.hash}" }` }
          : { result: 2, text: "'config-hash-get' command not supported." };
      case "config-test":
        return this.refuses(args) ?? { result: 0, text: "Configuration seems sane." };
      case "config-set": {
        const refused = this.refuses(args);
        if (refused) return refused;
        this.sets.push(args!);
        this.text = this.alter(args!);
        this.configures();
        this.deaf = false;
        return {
          result: 0,
          text: "Configuration successful.",
          ...(this.hasHash ? { arguments: `{ "hash": "${this.hash}" }` } : {}),
        };
      }
      case "config-write":
        return { result: 0, text: "Configuration written" };
      case "list-commands":
        return {
          result: 0,
          arguments: JSON.stringify([...COMMANDS, ...hookCommands(this.dhcp4, this.version)]),
        };
      case "statistic-get": {
        const samples = this.configured.map((n) => [0, `2026-11-28 10:00:00.${String(n).padStart(6, "0")}`]);
        return { result: 0, arguments: JSON.stringify({ "declined-addresses": samples }) };
      }
      default:
        return this.hook(name, args) ?? { result: 2, text: `'${name}' command not supported.` };
    }
  }

  private get version(): string {
    return this.options.version ?? "2.2.0";
  }
  private get dhcp4(): JsonMap {
    return JSON.parse(this.text).Dhcp4;
  }
  private configures(): void {
    this.configured.unshift(this.configured[0]! + 1);
  }
  /** Keeps the text as it is but for what the command changes. */
  private hook(name: string, args: string | undefined): Answer | undefined {
    const done = runHook(name, args === undefined ? undefined : JSON.parse(args), this.dhcp4, this.version);
    if (done?.dhcp4) this.text = this.alter(JSON.stringify({ ...JSON.parse(this.text), Dhcp4: done.dhcp4 }));
    return done && { ...done.answer, arguments: JSON.stringify(done.answer.arguments) };
  }

  private refuses(args: string | undefined): Answer | undefined {
    if (args === undefined) return { result: 1, text: "no arguments" };
    if (member(parseJsonText(args), "hash")) return { result: 1, text: "Unsupported 'hash' parameter." };
    if (
      !versionOf(this.options.version ?? "2.2.0").classTags &&
      /"option-data":\s*\[[^\]]*"client-classes"/.test(args)
    )
      return { result: 1, text: "spurious 'client-classes' parameter" };
    return undefined;
  }

  private get hash(): string {
    return createHash("sha256")
      .update(canonical(parseJsonText(this.text)))
      .digest("hex")
      .toUpperCase();
  }
}

const COMMANDS = ["config-get", "config-set", "config-test", "config-write", "list-commands", "version-get"];

/** What a server of version 3.0 loads to have commands for single options and reservations. */
export const HOOKS = {
  "hooks-libraries": ["subnet_cmds", "host_cmds"].map((name) => ({ library: `libdhcp_${name}.so` })),
};

export const DEFINITION = {
  name: "cisco-tftp",
  code: 150,
  space: "dhcp4",
  type: "ipv4-address",
  array: true,
};

/** An element as config-get gives it. */
export const entry = (data: string, more: Record<string, unknown> = {}) => ({
  "always-send": false,
  code: 150,
  "csv-format": true,
  data,
  name: "cisco-tftp",
  space: "dhcp4",
  ...more,
});

/** Numbers and an order of keys that JSON.parse and JSON.stringify would not give back. */
const PECULIAR = ' "user-context": { "10": 1, "9": 2, "x": 1.0, "big": 9007199254740993 },';
/** For tests whose rival goes through JSON.parse. */
export const plain = (text: string): string => text.replace(PECULIAR, "");

/** A configuration with one subnet 10.1.20.0/24 and things that must survive. */
export function configuration(
  options: unknown[],
  more: Record<string, unknown> = {},
  subnet: Record<string, unknown> = {},
) {
  return JSON.stringify({
    Dhcp4: {
      "control-socket": { "socket-name": "/run/x", "socket-type": "unix", password: "control-s3cret" },
      "lease-database": { type: "mysql", user: "db-user", password: "db-s3cret" },
      "option-def": [DEFINITION],
      subnet4: [
        { id: 1, subnet: "10.1.10.0/24", "option-data": [entry("192.0.2.99")] },
        {
          id: 2,
          subnet: "10.1.20.0/24",
          "option-data": options,
          pools: [{ "option-data": [], pool: "10.1.20.10-10.1.20.200" }],
          reservations: [],
          ...subnet,
        },
      ],
      ...more,
    },
  }).replace('"id":2,', `"id": 2,${PECULIAR}`);
}
