/**
 * Kea's control API as the lab's own server answers it. Texts and results are those of Kea 2.2.0, with the additions
 * of 2.4 and later (hash of the configuration) when it plays a later version.
 */
import { createHash } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { withDefaults } from "./defaults";
import { type Dhcp4, type Json, type JsonMap, readDocument } from "./document";
import { DocumentError } from "./option-data";

export interface Answer {
  /** 0 ok, 1 error, 2 unsupported. */
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

  /** @throws DocumentError when the first document is not valid. */
  constructor(
    readonly version: string,
    document: JsonMap,
    /** What config-write writes when no name is given. */
    private readonly file: string,
    private readonly listener: Listener,
  ) {
    const model = readDocument(document);
    this.document = { Dhcp4: withDefaults(document.Dhcp4 as JsonMap, version) };
    listener.applied(model);
  }

  private get hashes(): boolean {
    return !this.version.startsWith("2.2");
  }

  run(command: string, args: Json | undefined): Answer {
    const handler = this.known().includes(command) ? this.table[command] : undefined;
    if (handler === undefined) return { result: 2, text: `'${command}' command not supported.` };
    try {
      return handler(args);
    } catch (error) {
      if (error instanceof DocumentError) return { result: 1, text: error.message };
      throw error;
    }
  }

  private readonly table: { readonly [command: string]: ((args: Json | undefined) => Answer) | undefined } = {
    "list-commands": () => ({ result: 0, arguments: this.known() }),
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
      readDocument(args);
      return {
        result: 0,
        text: "Configuration seems sane. Control-socket, hook-libraries, and D2 configuration were sanity checked, but not applied.",
      };
    },
    "config-set": (args) => {
      let model: Dhcp4;
      try {
        model = readDocument(args);
      } catch (error) {
        // Kea before 2.3.6 goes deaf: the old document is still shown, and nobody is answered any more.
        if (!this.hashes) this.listener.applied(null);
        throw error;
      }
      this.document = { Dhcp4: withDefaults((args as JsonMap).Dhcp4 as JsonMap, this.version) };
      this.reloaded = Date.now();
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

  private hash(): string {
    return createHash("sha256").update(JSON.stringify(this.document)).digest("hex").toUpperCase();
  }
}
