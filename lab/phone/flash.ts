/** A phone's persistent memory: one directory with its trust lists, its configuration, its LSC and its status. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseTrustList, type TrustList } from "../../trust/trust-list";
import { type PhoneConfig, parsePhoneConfig } from "./config-file";
import type { Lists, Reason } from "./decide";
import type { ClientIdentity } from "./tvs-client";

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

export class Flash {
  constructor(readonly directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  get consoleFile(): string {
    return join(this.directory, "console.log");
  }

  lists(): Lists {
    return { ctl: this.list("ctl"), itl: this.list("itl") };
  }

  /** @throws Error when there is no LSC: every phone of the lab has one. */
  identity(): ClientIdentity {
    const text = (name: string) => readFileSync(join(this.directory, name), "utf8");
    return { cert: text("lsc.pem"), key: text("lsc.key") };
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
  keep(
    name: "ctl.tlv" | "itl.tlv" | "config.xml" | "status.json" | "lsc.pem" | "lsc.key",
    bytes: Buffer | string,
  ): void {
    const file = join(this.directory, name);
    writeFileSync(`${file}.new`, bytes, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  erase(name: "ctl.tlv" | "itl.tlv"): void {
    rmSync(join(this.directory, name), { force: true });
  }

  private list(which: "ctl" | "itl"): TrustList | null {
    const bytes = this.read(`${which}.tlv`);
    return bytes === null ? null : parseTrustList(bytes);
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
