/** A phone's persistent memory: one directory with its trust lists, its configuration, its certificates and its status. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseTrustList, type TrustList } from "../../trust/trust-list";
import { type PhoneConfig, parsePhoneConfig } from "./config-file";
import type { Lists, Reason } from "./decide";
import type { ClientIdentity } from "./tls";

/** What survives a power cut beside the files. */
export interface Remembered {
  /** Address from DHCP. */
  readonly address: string | null;
  /** Option 150 of the last lease. */
  readonly tftp: readonly string[];
  /** Where the last files came from. */
  readonly tftpInUse: string | null;
}

export interface StatusFile extends Remembered {
  readonly status: string;
  readonly reason: Reason | null;
  readonly step: string | null;
}

type FlashFile = "ctl.tlv" | "itl.tlv" | "config.xml" | "status.json" | `${"lsc" | "mic"}.${"pem" | "key"}`;

export class Flash {
  private readonly parsed = new Map<"ctl" | "itl", { readonly version: string; readonly list: TrustList }>();

  constructor(readonly directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  get consoleFile(): string {
    return join(this.directory, "console.log");
  }

  lists(): Lists {
    return { ctl: this.list("ctl"), itl: this.list("itl") };
  }

  /** What it shows: its LSC, or else its MIC; null when it has neither. */
  identity(): ClientIdentity | null {
    for (const name of ["lsc", "mic"]) {
      const [cert, key] = [this.read(`${name}.pem`), this.read(`${name}.key`)];
      if (cert !== null && key !== null) return { cert: cert.toString("utf8"), key: key.toString("utf8") };
    }
    return null;
  }

  /** Of {@link identity}. */
  privateKey(): KeyObject | null {
    const identity = this.identity();
    return identity === null ? null : createPrivateKey(identity.key);
  }

  config(): PhoneConfig | null {
    const text = this.read("config.xml");
    return text === null ? null : parsePhoneConfig(text.toString("utf8"));
  }

  status(): StatusFile | null {
    const text = this.read("status.json");
    return text === null ? null : (JSON.parse(text.toString("utf8")) as StatusFile);
  }

  /** Replaces the old file at once, or not at all. */
  keep(name: FlashFile, bytes: Buffer | string): void {
    const file = join(this.directory, name);
    writeFileSync(`${file}.new`, bytes, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  erase(name: "ctl.tlv" | "itl.tlv"): void {
    rmSync(join(this.directory, name), { force: true });
  }

  /** Parsed once: thousands of phones are looked at again and again. */
  private list(which: "ctl" | "itl"): TrustList | null {
    const stat = statSync(join(this.directory, `${which}.tlv`), { throwIfNoEntry: false });
    if (stat === undefined) return null;
    const version = `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
    const known = this.parsed.get(which);
    if (known?.version === version) return known.list;
    const bytes = this.read(`${which}.tlv`);
    if (bytes === null) return null;
    const list = parseTrustList(bytes);
    this.parsed.set(which, { version, list });
    return list;
  }

  private read(name: string): Buffer | null {
    try {
      return readFileSync(join(this.directory, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }
}
