/**
 * Phones' own web pages, without credentials: whoever answers at the address that RIS tells may write what it likes.
 * What is read is bounded, and evidence at most.
 */
import { isIPv4 } from "node:net";
import { type ShownChecksums, shownChecksums, tellingTrustMessage } from "../../../../trust/phone-page";
import { Gate } from "../budget";
import type { PhonePages } from "../cluster";
import type { Log } from "../log";
import type { HttpAnswer } from "./http";
import { type HttpChannel, WIRE, type Wire } from "./wire";

/** Of 7800 and 8800, of 7900 in HTML, and of 7900 in XML (docs/assumptions.md: Status page). */
export const STATUS_PAGES = [
  "/CGI/Java/Serviceability?adapter=device.settings.status.messages",
  "/DeviceLog?2",
  "/DeviceLogX?2",
] as const;

const PAGE_LIMIT = 256 * 1024;
const TIMEOUT_MS = 3000;
/** Phones at a time; each is asked for one page after the other. */
const CONCURRENCY = 16;
/** So many phones in a row that do not answer: there is no way from here to phones, and no other one is asked. */
export const SILENT = 50;

export interface PhoneWebOptions {
  readonly port: number;
  /** Where a phone shows its trust lists. */
  readonly trustListPages: readonly string[];
  readonly timeoutMs?: number;
}

export class PhoneWeb {
  readonly #gate = new Gate(CONCURRENCY);
  #silent = 0;

  constructor(
    private readonly options: PhoneWebOptions,
    private readonly log: Log,
    private readonly wire: Wire = WIRE,
  ) {}

  /**
   * null when nothing at that address answers as a web server; `not asked` when it is no IPv4 address, and when nothing
   * answered lately. @throws the signal's reason, and nothing else
   */
  async pages(address: string, signal: AbortSignal): Promise<PhonePages | null | "not asked"> {
    if (!isIPv4(address)) return "not asked";
    return this.#gate.run(signal, async () => {
      if (this.#silent >= SILENT) return "not asked";
      const server = this.wire.http(address, { port: this.options.port, clear: true, service: "phone" }, 1);
      try {
        const trustMessage = await this.#first(server, STATUS_PAGES, tellingTrustMessage, signal);
        const checksums = await this.#first(server, this.options.trustListPages, anyChecksums, signal);
        this.#silent = 0;
        return { trustMessage, checksums };
      } catch (error) {
        if (signal.aborted) throw error;
        // Asleep, behind a firewall, somebody else's: it was not looked at.
        this.#silent++;
        this.log("phone's web page: not read", { address, why: String(error) });
        return null;
      } finally {
        server.close();
      }
    });
  }

  /** What the first page tells that tells something. Redirections are not followed. */
  async #first<T>(
    server: HttpChannel,
    paths: readonly string[],
    read: (page: string) => T | undefined,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    for (const path of paths) {
      const { status, body }: HttpAnswer = await server.send(
        { method: "GET", path, limit: PAGE_LIMIT, timeoutMs: this.options.timeoutMs ?? TIMEOUT_MS },
        signal,
      );
      const found = status === 200 ? read(body.toString("utf8")) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function anyChecksums(page: string): ShownChecksums | undefined {
  const shown = shownChecksums(page);
  return shown.all.size > 0 ? shown : undefined;
}
