/** The certificate commands of the platform CLI (Cisco's CLI reference: show cert, set cert). */
import { setTimeout as sleep } from "node:timers/promises";
import type { Certificate } from "../../../../trust/certificate";
import type { CertificateAccess, ListedCertificate } from "../certificate-access";
import type { TrustEntry, TrustStore } from "../cluster";
import type { Spellings } from "../config";
import { type Endpoint, excerpt, failure, messageOf } from "../failure";
import { linesToSet } from "../lines-to-set";
import { deleteCommands, importUnits, OTHER_WAY, pasteEnds } from "../plausible";
import { confirming } from "./cli";
import { asksForPaste, listedCertificates, shownCertificate } from "./cli-text";
import type { CliChannel } from "./wire";

export class CertificateCommands implements CertificateAccess {
  lastAnswer: string | null = null;
  /** Stores in which a delete was seen to delete. */
  readonly #deletes = new Set<TrustStore>();

  constructor(
    private readonly cli: CliChannel,
    private readonly at: Endpoint,
    private readonly spellings: Spellings,
    private readonly timeoutMs: number,
  ) {}

  list(which: "own" | "trust", signal: AbortSignal): Promise<readonly ListedCertificate[]> {
    return this.#list(`show cert list ${which}`, signal);
  }

  async show(which: "own" | "trust", { unit, file }: ListedCertificate, signal: AbortSignal) {
    const line = `show cert ${which} ${this.#word(unit)}/${this.#word(file)}`;
    const answer = await this.#run(line, signal);
    try {
      const certificate = shownCertificate(answer);
      if (certificate !== null) return certificate;
    } catch (error) {
      throw this.#odd(line, `the certificate cannot be read (${messageOf(error)})`);
    }
    // Deleted between the listing and now, or something else went wrong: the listing knows.
    const listed = await this.list(which, signal);
    if (!listed.some((each) => each.unit === unit && each.file === file)) return null;
    throw this.#odd(line, `no certificate in: ${excerpt(answer) || "(empty)"}`);
  }

  async importTrust(store: TrustStore, certificate: Certificate, signal: AbortSignal): Promise<void> {
    const unit = this.#word(this.spellings.importUnit[store]);
    let pasted = false;
    const answer = await this.cli
      .run(
        {
          line: `set cert import trust ${unit}`,
          write: true,
          timeoutMs: this.timeoutMs,
          reply: (tail) => {
            if (pasted || !asksForPaste(tail)) return pasted ? confirming(tail) : null;
            pasted = true;
            return certificate.pem + PASTE_END[this.spellings.pasteEnd];
          },
        },
        signal,
      )
      .catch((error) => {
        throw pasted && isSilence(error) ? this.#unended(error.detail) : error;
      });
    this.lastAnswer = excerpt(answer.split("-----END CERTIFICATE-----").at(-1)!);
    if (pasted) return;
    throw failure(
      this.at,
      "refused",
      `The CLI of ${this.at.address} does not take a certificate for ${store}`,
      `"set cert import trust ${unit}" asked for none and answered: ${excerpt(answer) || "(nothing)"}. Nothing was changed. ` +
        "This release spells the unit otherwise, or takes such a certificate through OS administration only. " +
        linesToSet(this.at.cluster, [...importUnits(store, unit), OTHER_WAY]),
    );
  }

  async deleteTrust({ store, file, certificate }: TrustEntry, signal: AbortSignal): Promise<void> {
    const fill: { readonly [name: string]: string } = { store, unit: this.spellings.importUnit[store], file };
    const line = this.spellings.deleteCommand.replace(/\{(store|unit|file)\}/g, (_, name) =>
      this.#word(fill[name]!),
    );
    const answer = await this.cli.run(
      { line, write: true, reply: confirming, timeoutMs: this.timeoutMs },
      signal,
    );
    this.lastAnswer = excerpt(answer);
    if (this.#deletes.has(store)) return;
    if (!(await this.#isGone({ store, file, certificate }, signal))) throw this.#undeleted(line, store);
    this.#deletes.add(store);
  }

  /** The node that deleted shows it soon, or the command did not mean what we think. */
  async #isGone({ store, file, certificate }: TrustEntry, signal: AbortSignal): Promise<boolean> {
    for (const deadline = Date.now() + this.timeoutMs / DELETE_SHARE; ; ) {
      const listed = (await this.list("trust", signal)).find(
        (each) => each.unit === store && each.file === file,
      );
      // Another certificate may have taken the name.
      if (listed === undefined || (await this.show("trust", listed, signal))?.sha256 !== certificate.sha256)
        return true;
      if (Date.now() >= deadline) return false;
      await sleep(200, undefined, { signal });
    }
  }

  /** Every command is asked anew. */
  refresh(): void {}

  async #list(line: string, signal: AbortSignal): Promise<readonly ListedCertificate[]> {
    const answer = await this.#run(line, signal);
    const listed = listedCertificates(answer);
    // Every node has certificates of both kinds: none at all is an answer that we do not understand.
    if (listed.length === 0)
      throw this.#odd(line, `no certificate listed in: ${excerpt(answer) || "(empty)"}`);
    return listed;
  }

  #run(line: string, signal: AbortSignal): Promise<string> {
    return this.cli.run({ line, timeoutMs: this.timeoutMs }, signal);
  }

  /** One argument: nothing that the CLI could read as two, or as another command. */
  #word(text: string): string {
    if (/^[\w.+:@=,~()[\]*-]+$/.test(text)) return text;
    throw failure(
      this.at,
      "configuration",
      `Not an argument that the CLI of ${this.at.address} can be given`,
      `${JSON.stringify(text)} has characters that a command line could take for something else.`,
    );
  }

  #odd(line: string, what: string) {
    return failure(this.at, "answer", `The CLI of ${this.at.address} answers "${line}" oddly`, `${what}.`);
  }

  #undeleted(line: string, store: TrustStore) {
    return failure(
      this.at,
      "refused",
      `The CLI of ${this.at.address} does not delete from ${store}`,
      `It answered "${line}" with: ${this.lastAnswer || "(nothing)"}, and lists the certificate as before. ` +
        `Nothing was changed. This release spells the command otherwise. ${linesToSet(this.at.cluster, [
          ...deleteCommands(store, this.spellings, this.#deletes.size > 0),
          OTHER_WAY,
        ])}`,
    );
  }

  #unended(detail: string) {
    return failure(
      this.at,
      "timeout",
      `The CLI of ${this.at.address} does not end the import`,
      `The certificate was pasted and the prompt did not come back: this release waits for something else at its end. ${detail} ` +
        linesToSet(this.at.cluster, pasteEnds(this.spellings.pasteEnd)),
    );
  }
}

/** Of the time of a request. */
const DELETE_SHARE = 12;

const PASTE_END: { readonly [end in Spellings["pasteEnd"]]: string } = {
  newline: "",
  "empty-line": "\n",
  "ctrl-d": "\u0004",
};

function isSilence(error: unknown): error is { readonly detail: string } {
  return typeof error === "object" && error !== null && "kind" in error && error.kind === "timeout";
}
