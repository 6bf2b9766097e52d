/** A phone's console log, line by line in the form of the logs in Cisco's document 213407. */
import { appendFileSync, existsSync, renameSync, statSync } from "node:fs";

export type Level = "NOT" | "INF" | "DEB" | "WRN" | "ERR";

export interface Console {
  line(level: Level, text: string): void;
}

/** One older file is kept beside it. */
const MAX_BYTES = 512 * 1024;

export class ConsoleFile implements Console {
  private number = 3200;

  constructor(private readonly file: string) {}

  /** `3334 WRN Nov 29 06:34:00.412849 SECUREAPP-AUTH: ...` */
  line(level: Level, text: string): void {
    const now = new Date();
    const month = now.toLocaleString("en-US", { month: "short", timeZone: "UTC" });
    const micro = String(Math.floor((performance.now() % 1) * 1000)).padStart(3, "0");
    const day = String(now.getUTCDate()).padStart(2, " ");
    this.number += 1;
    const stamp = `${month} ${day} ${now.toISOString().slice(11, 23)}${micro}`;
    if (this.number % 200 === 0 && existsSync(this.file) && statSync(this.file).size > MAX_BYTES) {
      renameSync(this.file, `${this.file}.1`);
    }
    appendFileSync(this.file, `${this.number} ${level} ${stamp} ${text}\n`, { mode: 0o600 });
  }
}
