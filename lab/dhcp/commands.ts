/**
 * Kea's control API as the lab's own server answers it. Texts and results are those of Kea 2.2.0, with the additions
 * of 2.4 and later (hash of the configuration) when it plays a later version.
 */
import { createHash } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { withDefaults } from "./defaults";
import { type Dhcp4, type Json, type JsonMap, readDocument } from "./document";
import { hookCommands, runHook } from "./hooks";
import { DocumentError } from "./option-data";
import { versionOf } from "./version";

export interface Answer {
  /** 0 ok, 1 error, 2 unsupported, 3 nothing there. */
  readonly result: number;
  readonly text?: string;
  readonly arguments?: Json;
}

export interface Listener {
  /** A new configuration is in force; null: the server has lost its sockets and answers nobody. */
  applied(config: Dhcp4 | null): void;
}

export class Commands {
  private document: JsonMap;
  private readonly started = Date.now();
  private reloaded = Date.now();
  /** Newest first. */
  private readonly configured: string[] = [timestamp()];

  /** @throws DocumentError when the first document is not valid. */
  constructor(
    readonly version: string,
    document: JsonMap,
    /** What config-write writes when no name is given. */
    private readonly file: string,
    private readonly listener: Listener,
  ) {
    const model = readDocument(document, version);
    this.document = { Dhcp4: withDefaults(document.Dhcp4 as JsonMap, version) };
    listener.applied(model);
  }

  private get hashes(): boolean {
    return versionOf(this.version).hashes;
  }

  run(command: string, args: Json | undefined): Answer {
    const handler = this.known().includes(command) ? this.table[command] : undefined;
    try {
      if (handler !== undefined) return handler(args);
      return this.hook(command, args) ?? { result: 2, text: `'${command}' command not supported.` };
    } catch (error) {
      if (error instanceof DocumentError) return { result: 1, text: error.message };
      throw error;
    }
  }

  private readonly table: { readonly [command: string]: ((args: Json | undefined) => Answer) | undefined } = {
    "list-commands": () => ({
      result: 0,
      arguments: [...this.known(), ...hookCommands(this.document.Dhcp4 as JsonMap, this.version)].sort(),
    }),
    "statistic-get": (args) => {
      const name = (args as JsonMap | undefined)?.name;
      if (name !== COUNTED_ANEW) return { result: 0, arguments: {} };
      return { result: 0, arguments: { [name]: this.configured.map((time) => [0, time]) } };
    },
    "version-get": () => ({ result: 0, text: this.version, arguments: { extended: `${this.version}\nlab` } }),
    "status-get": () => ({
      result: 0,
      arguments: {
        "multi-threading-enabled": false,
        pid: process.pid,
        reload: Math.floor((Date.now() - this.reloaded) / 1000),
        // Kea 2.2 says so even when it has lost its sockets.
        sockets: { status: "ready" },
        uptime: Math.floor((Date.now() - this.started) / 1000),
      },
    }),
    "config-get": () => ({
      result: 0,
      arguments: this.hashes ? { ...this.document, hash: this.hash() } : this.document,
    }),
    "config-test": (args) => {
      readDocument(args, this.version);
      return {
        result: 0,
        text: "Configuration seems sane. Control-socket, hook-libraries, and D2 configuration were sanity checked, but not applied.",
      };
    },
    "config-set": (args) => {
      let model: Dhcp4;
      try {
        model = readDocument(args, this.version);
      } catch (error) {
        // Kea before 2.3.6 goes deaf: the old document is still shown, and nobody is answered any more.
        if (!versionOf(this.version).recovers) this.listener.applied(null);
        throw error;
      }
      this.document = { Dhcp4: withDefaults((args as JsonMap).Dhcp4 as JsonMap, this.version) };
      this.reloaded = Date.now();
      this.configured.unshift(timestamp());
      this.configured.splice(20);
      this.listener.applied(model);
      return {
        result: 0,
        text: "Configuration successful.",
        ...(this.hashes ? { arguments: { hash: this.hash() } } : {}),
      };
    },
    "config-write": (args) => {
      const name = (args as JsonMap | undefined)?.filename;
      const file = typeof name === "string" ? name : this.file;
      const text = `${JSON.stringify(this.document, null, 2)}\n`;
      try {
        writeFileSync(file, text, { mode: 0o640, encoding: "latin1" });
        chmodSync(file, 0o640);
      } catch {
        return { result: 1, text: `Error during write-config:Unable to open file ${file} for writing` };
      }
      return {
        result: 0,
        text: `Configuration written to ${file} successful`,
        arguments: { filename: file, size: Buffer.byteLength(text) },
      };
    },
    "config-hash-get": () => ({ result: 0, arguments: { hash: this.hash() } }),
  };

  /** `config-hash-get` came with 2.4. */
  private known(): string[] {
    return Object.keys(this.table)
      .filter((command) => this.hashes || command !== "config-hash-get")
      .sort();
  }

  private hook(command: string, args: Json | undefined): Answer | undefined {
    const done = runHook(command, args, this.document.Dhcp4 as JsonMap, this.version);
    if (!done?.dhcp4) return done?.answer;
    const model = readDocument({ Dhcp4: done.dhcp4 }, this.version);
    this.document = { Dhcp4: withDefaults(done.dhcp4, this.version) };
    this.listener.applied(model);
    return done.answer;
  }

  private hash(): string {
    return createHash("sha256").update(JSON.stringify(this.document)).digest("hex").toUpperCase();
  }
}

/** The statistic that Kea sets to 0 whenever it takes a configuration; it keeps 20 samples. */
const COUNTED_ANEW = "declined-addresses";

/** `2026-11-28 13:51:49.237611`; no two are the same. */
function timestamp(): string {
  const now = (performance.timeOrigin + performance.now()) * 1000;
  const micros = String(Math.floor(now % 1e6)).padStart(6, "0");
  return `${new Date(now / 1000).toISOString().slice(0, 19).replace("T", " ")}.${micros}`;
}
