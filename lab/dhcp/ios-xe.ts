/**
 * A router's RESTCONF as its YANG has it, as far as DHCP pools go: Cisco-IOS-XE-dhcp of three spans of releases,
 * answers and errors of RFC 8040. Serves no DHCP. What no document tells (entity tags, order of lists) is an option.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, isIPv4 } from "node:net";
import type { Json, JsonMap } from "./document";

export interface IosXeOptions {
  /** As `native/version` says it, e.g. `17.12`; null: it does not say. */
  readonly version: string | null;
  readonly tls: { readonly cert: string; readonly key: string };
  readonly username: string;
  readonly password: string;
  /** What tags are of: each resource, or all of the configuration (any change makes them stale). @default none */
  readonly etags?: "resource" | "datastore" | "none";
  /** Whether lists that are not `ordered-by user` come out sorted. */
  readonly systemOrder?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** Leaves of an entry of `option-range` by release, and those whose order is not the user's. */
const RELEASES = [
  { since: [17, 15], leaves: ["ascii-new", "hex-new", "ip-ordered", "ip-new"] },
  { since: [17, 3], leaves: ["ascii-new", "hex-new", "ip-new", "ascii", "hex", "ip"] },
  { since: [0, 0], leaves: ["ascii", "hex", "ip"] },
] as const;
const LISTS = ["ip-ordered", "ip-new", "ip"];
const HEX = /^([0-9a-fA-F]{4}\.*)*([0-9a-fA-F]{2}|[0-9a-fA-F]{4})$/;
/** Of the command line, which the YANG does not know of. */
const MOST_ADDRESSES = 8;

const DHCP = "/restconf/data/Cisco-IOS-XE-native:native/ip/dhcp";
const VERSION = "/restconf/data/Cisco-IOS-XE-native:native/version";
const SAVE = "/restconf/operations/cisco-ia:save-config";
const ENTRY = /^\/Cisco-IOS-XE-dhcp:pool=([^/]+)\/option\/option-range=(\d+)$/;

export class IosXeDevice {
  /** `METHOD path`, in order, with the condition of a write behind it. */
  readonly requests: string[] = [];
  /** What a reload would bring back. */
  startup: string;
  /** Called before a request is handled, with its number from 1; may act as a rival. */
  before: (request: string, nth: number) => void | Promise<void> = () => {};
  /** Called instead of handling. `drop` closes the connection. */
  instead: (request: string, nth: number) => Reply | "drop" | undefined = () => undefined;
  /** Closes the connection after the request was done: its answer is lost. */
  losesAnswer: (request: string, nth: number) => boolean = () => false;
  /** Says that it has written, and has not. */
  losesWrites = false;
  /** Milliseconds before each answer. */
  delay = 0;
  endpoint = "";
  private changes = 0;
  private readonly server: Server;

  /** @param dhcp what stands below `ip dhcp`, with the pools in `Cisco-IOS-XE-dhcp:pool`. */
  constructor(
    public dhcp: JsonMap,
    private readonly options: IosXeOptions,
  ) {
    this.startup = this.text;
    this.server = createServer(options.tls, (request, response) => void this.receive(request, response));
  }

  /** The running configuration of DHCP. */
  get text(): string {
    return JSON.stringify(this.dhcp);
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.endpoint = `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Somebody's change of anything, at the command line. */
  edit(change: (pools: { [key: string]: Json }[]) => void): void {
    const dhcp = JSON.parse(this.text);
    change(dhcp["Cisco-IOS-XE-dhcp:pool"]);
    this.dhcp = dhcp;
    this.changes++;
  }
  /** Somebody's option of a pool; null removes it. */
  set(pool: string, code: number, entry: JsonMap | null): void {
    this.dhcp = withEntry(this.dhcp, pool, code, entry);
    this.changes++;
  }
  entry(pool: string, code = 150): JsonMap | null {
    return entryOf(poolOf(this.dhcp, pool), code);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = request.headers;
    const condition = ifMatch ? " if-match" : ifNoneMatch ? " if-none-match" : "";
    const name = `${request.method} ${request.url}${condition}`;
    this.requests.push(name);
    const nth = this.requests.length;
    await this.before(name, nth);
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay).unref());
    const reply = this.instead(name, nth) ?? this.handle(request, Buffer.concat(chunks).toString("utf8"));
    if (reply === "drop" || this.losesAnswer(name, nth)) {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, {
      ...(reply.body === undefined ? {} : { "content-type": "application/yang-data+json" }),
      ...reply.headers,
    });
    response.end(reply.body);
  }

  private handle(request: IncomingMessage, body: string): Reply {
    const { username, password } = this.options;
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    if (request.headers.authorization !== basic) return failure(401, "access-denied", "access denied");
    const path = request.url ?? "";
    if (request.method === "POST" && path === SAVE) {
      if (body !== "") return failure(400, "malformed-message", "no input");
      this.startup = this.text;
      return json(200, { "cisco-ia:output": { result: "Save running-config successful" } });
    }
    if (path === VERSION && request.method === "GET")
      return this.options.version === null
        ? failure(404, "invalid-value", "uri keypath not found")
        : json(200, { "Cisco-IOS-XE-native:version": this.options.version });
    if (path === DHCP && request.method === "GET")
      return Object.keys(this.dhcp).length === 0
        ? { status: 204 }
        : this.tagged({ "Cisco-IOS-XE-native:dhcp": this.dhcp });
    const [, pool, code] = (path.startsWith(DHCP) && ENTRY.exec(path.slice(DHCP.length))) || [];
    if (pool === undefined || code === undefined)
      return failure(404, "invalid-value", "uri keypath not found");
    return this.handleEntry(request, decodeURIComponent(pool), Number(code), body);
  }

  private handleEntry(request: IncomingMessage, pool: string, code: number, body: string): Reply {
    const entry = this.entry(pool, code);
    const there = entry === null ? null : { "Cisco-IOS-XE-dhcp:option-range": [entry] };
    switch (request.method) {
      case "GET":
        return there === null ? failure(404, "invalid-value", "uri keypath not found") : this.tagged(there);
      case "PUT": {
        if (poolOf(this.dhcp, pool) === null) return failure(404, "invalid-value", "uri keypath not found");
        if (this.isStale(request, there)) return failure(412, "operation-failed", "precondition failed");
        const wanted = this.accepted(body, code);
        if (wanted.refused) return wanted.refused;
        if (!this.losesWrites) this.set(pool, code, wanted.entry);
        return { status: there === null ? 201 : 204 };
      }
      case "DELETE":
        if (there === null) return failure(404, "data-missing", "uri keypath not found");
        if (this.isStale(request, there)) return failure(412, "operation-failed", "precondition failed");
        if (!this.losesWrites) this.set(pool, code, null);
        return { status: 204 };
      default:
        return failure(405, "operation-not-supported", "method not allowed");
    }
  }

  private tagged(value: JsonMap): Reply {
    const etag = this.tagOf(value);
    return json(200, value, etag === null ? {} : { etag });
  }
  private tagOf(value: JsonMap): string | null {
    switch (this.options.etags ?? "none") {
      case "none":
        return null;
      case "datastore":
        return `"1700-${this.changes}"`;
      case "resource":
        return `"${createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16)}"`;
    }
  }
  private isStale({ headers }: IncomingMessage, there: JsonMap | null): boolean {
    if ((this.options.etags ?? "none") === "none") return false;
    if (headers["if-none-match"] === "*") return there !== null;
    const { "if-match": match } = headers;
    return match !== undefined && (there === null || match !== this.tagOf(there));
  }

  /** The entry of a body, or why it is refused. */
  private accepted(
    body: string,
    code: number,
  ): { readonly entry: JsonMap; readonly refused?: undefined } | { readonly refused: Reply } {
    const refuse = (tag: string, message: string) => ({ refused: failure(400, tag, message) });
    let parsed: JsonMap;
    try {
      parsed = JSON.parse(body) as JsonMap;
    } catch {
      return refuse("malformed-message", "invalid JSON");
    }
    const list = parsed["Cisco-IOS-XE-dhcp:option-range"];
    const entry = Array.isArray(list) && list.length === 1 ? (list[0] as JsonMap) : null;
    if (entry === null || entry["option-range"] !== code)
      return refuse("invalid-value", "the key of the body is not that of the path");
    const names = Object.keys(entry).filter((name) => name !== "option-range");
    const [major = 0, minor = 0] = (this.options.version ?? "17.15").split(".").map(Number);
    const release = RELEASES.find(({ since: [m, n] }) => major > m || (major === m && minor >= n))!;
    const unknown = names.find((name) => !(release.leaves as readonly string[]).includes(name));
    if (unknown !== undefined) return refuse("unknown-element", `unknown element: ${unknown}`);
    if (names.length > 1) return refuse("bad-element", "more than one case of a choice");
    const hex = (entry["hex-new"] as JsonMap | undefined)?.["hex-line"];
    if (hex !== undefined && !(typeof hex === "string" && HEX.test(hex) && hex.length <= 180))
      return refuse(
        "invalid-value",
        "Incorrect format: input must be an even length dotted-hexadecimal string",
      );
    const stored: { [key: string]: Json | undefined } = { ...entry };
    for (const name of names.filter((each) => LISTS.includes(each))) {
      const addresses = entry[name] as string[];
      if (!addresses.every((a) => typeof a === "string" && isIPv4(a)))
        return refuse("invalid-value", `invalid value for ${name}`);
      if (new Set(addresses).size !== addresses.length)
        return refuse("bad-element", `duplicate value in ${name}`);
      if (addresses.length > MOST_ADDRESSES)
        return refuse("invalid-value", "inconsistent value: Device refused one or more commands");
      if (this.options.systemOrder && name !== "ip-ordered") stored[name] = [...addresses].sort();
    }
    return { entry: stored };
  }
}

const json = (status: number, value: Json, headers: { readonly [name: string]: string } = {}): Reply => ({
  status,
  body: JSON.stringify(value),
  headers,
});

const failure = (status: number, tag: string, message: string): Reply =>
  json(status, {
    "ietf-restconf:errors": {
      error: [{ "error-type": "application", "error-tag": tag, "error-message": message }],
    },
  });

const poolsOf = (dhcp: JsonMap) => (dhcp["Cisco-IOS-XE-dhcp:pool"] ?? []) as JsonMap[];
const poolOf = (dhcp: JsonMap, id: string): JsonMap | null =>
  poolsOf(dhcp).find((pool) => pool.id === id) ?? null;
const optionsOf = (pool: JsonMap | null) =>
  ((pool?.option as JsonMap | undefined)?.["option-range"] ?? []) as JsonMap[];
const entryOf = (pool: JsonMap | null, code: number): JsonMap | null =>
  optionsOf(pool).find((option) => option["option-range"] === code) ?? null;

/** By their keys; a container that has nothing in it is not there. */
function withEntry(dhcp: JsonMap, id: string, code: number, entry: JsonMap | null): JsonMap {
  const pools = poolsOf(dhcp).map((pool) => {
    if (pool.id !== id) return pool;
    const others = optionsOf(pool).filter((option) => option["option-range"] !== code);
    const all = [...others, ...(entry === null ? [] : [entry])].sort(
      (a, b) => Number(a["option-range"]) - Number(b["option-range"]),
    );
    if (all.length > 0) return { ...pool, option: { "option-range": all } };
    const { option: _, ...rest } = pool;
    return rest;
  });
  return { ...dhcp, "Cisco-IOS-XE-dhcp:pool": pools };
}
