/**
 * What TVS said that it does not know, from its trace at level Detailed: the lines that Cisco's document 213407 shows
 * of a question, and an answer without a "Found entry" between the two. The text is not trusted.
 */
import type { TvsLogListener } from "./tvs-log";

/** The certificate of a question that was answered in the negative, as the asker named it. */
export interface TvsRefusal {
  readonly subject: string;
  /** Upper-case hex. */
  readonly serial: string;
}

const FIELD = /^tvsHandleQueryCertReq : (Subject Name|Serial Number) is:\s*(.*)$/;
const FOUND = /Found entry \{rolecount : [1-9]/;
const ANSWER = /Sending (?:QUERY|VERIFY)_CERT_RES msg/;
/** Characters of a name that are kept. */
const LENGTH = 160;
/** As many devices as {@link import("./tvs-log").TvsLogReader} keeps. */
const DEVICES = 100_000;

/** Listens to readers of one node's files, oldest first: what was answered last counts. */
export class TvsRefusals implements TvsLogListener {
  /** By device name, in upper case. */
  readonly refused = new Map<string, TvsRefusal>();
  #question: { readonly device: string; subject: string; serial: string; found: boolean } | null = null;
  /** The field whose value stands on the next line. */
  #open: "subject" | "serial" | null = null;

  asked(device: string): void {
    this.#question = { device, subject: "", serial: "", found: false };
    this.#open = null;
  }

  said(line: string): void {
    const question = this.#question;
    if (question === null) return;
    const [, name, value = ""] = FIELD.exec(line) ?? [];
    if (name !== undefined) {
      const field = name === "Subject Name" ? "subject" : "serial";
      this.#open = value === "" ? field : null;
      question[field] = printable(value);
    } else if (this.#open !== null) {
      question[this.#open] = printable(line);
      this.#open = null;
    } else if (FOUND.test(line)) question.found = true;
    else if (ANSWER.test(line)) this.#settle(question);
  }

  #settle({
    device,
    subject,
    serial,
    found,
  }: {
    device: string;
    subject: string;
    serial: string;
    found: boolean;
  }) {
    this.#question = null;
    if (found) this.refused.delete(device);
    else if (subject !== "" && (this.refused.has(device) || this.refused.size < DEVICES))
      this.refused.set(device, { subject, serial: serial.toUpperCase() });
  }
}

const printable = (text: string) =>
  text
    .replace(/[^\x20-\x7e]/g, "?")
    .trim()
    .slice(0, LENGTH);
