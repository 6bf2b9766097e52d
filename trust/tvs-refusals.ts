/** What TVS said that it does not know: the questions in its trace that it answered in the negative. */
import { type Exchange, ExchangeReader } from "./moves/exchanges";
import { LogLines } from "./moves/log-lines";
import { isOfInterest } from "./moves/trace-lines";

/** The certificate of a question that was answered in the negative, as the asker named it. */
export interface TvsRefusal {
  readonly subject: string;
  /** Upper-case hex. */
  readonly serial: string;
}

/** Characters of a name that are kept. */
const LENGTH = 160;
/** As many devices as {@link import("./tvs-log").TvsLogReader} keeps. */
const DEVICES = 100_000;

/** Of one node's files, which are read oldest first: what was asked last counts. */
export class TvsRefusals {
  /** By device name, in upper case. */
  readonly refused = new Map<string, TvsRefusal>();

  /** Reads the next file. Chunks may end anywhere. */
  file(): { push(chunk: Buffer): void; end(): void } {
    const taken: Exchange[] = [];
    const reader = new ExchangeReader("", (exchange) => taken.push(exchange));
    const lines = new LogLines(isOfInterest, (bytes, from, end, at) => reader.line(bytes, from, end, at));
    return {
      push: (chunk) => lines.push(chunk),
      end: () => {
        lines.end();
        reader.end();
        const askedAt = ({ incoming }: Exchange) => incoming?.line ?? 0;
        for (const exchange of taken.sort((a, b) => askedAt(a) - askedAt(b))) this.#settle(exchange);
      },
    };
  }

  #settle({ device, sending, found, subject, serial }: Exchange): void {
    if (device === undefined || sending === undefined) return;
    if (found !== undefined && found.value > 0) this.refused.delete(device);
    else if (subject !== undefined && (this.refused.has(device) || this.refused.size < DEVICES))
      this.refused.set(device, {
        subject: printable(subject.value),
        serial: printable(serial?.value ?? "").toUpperCase(),
      });
  }
}

const printable = (text: string) =>
  text
    .replace(/[^\x20-\x7e]/g, "?")
    .trim()
    .slice(0, LENGTH);
