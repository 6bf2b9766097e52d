/** Reading what the platform CLI prints. Pure; the transcripts in the tests are what it is held against. */
import { Certificate, CertificateError } from "../../../../trust/certificate";
import type { ListedCertificate } from "../certificate-access";

// Escape sequences of a VT100: control sequences, character sets, single characters.
const ESCAPES = new RegExp(String.raw`${"\u001b"}(?:\[[0-?]*[ -/]*[@-~]|[()#][0-9A-Za-z]|[=>0-9A-Zc])`, "g");
const KEPT_CONTROLS = "\t\n\r\b";
/** A backspace rubs out what is before it. */
const RUBBED_OUT = /[^\n][\b]/g;

/** Text as a person would see it: line feeds only, no escape sequences, backspaces applied. */
export function plainText(raw: string): string {
  let text = raw
    .replace(ESCAPES, "")
    .replace(/\p{Cc}/gu, (char) => (KEPT_CONTROLS.includes(char) ? char : ""))
    .replace(/\r+\n/g, "\n")
    .replace(/\r/g, "\n");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(RUBBED_OUT, "");
  }
  return text.replaceAll("\b", "");
}

/**
 * `admin:` alone in the last line; `set commandcount` may put a number around it. Several in a row when line feeds
 * were left over.
 */
const PROMPT =
  /(?:^|\n|(?<=-----END CERTIFICATE-----))(?:(?:[([]?\d{1,6}[)\]]?[ :]{0,2})?admin(?:[([]?\d{1,6}[)\]]?)?:[ \t]*)+$/;
export function endsWithPrompt(text: string): boolean {
  return PROMPT.test(text);
}
/** Something like a prompt, behind output that did not end its line: only silence tells whether it is one. */
export function mayEndWithPrompt(text: string): boolean {
  return /admin:[ \t]*$/.test(text);
}
export function withoutPrompt(text: string): string {
  return text.replace(PROMPT, "").replace(/admin:[ \t]*$/, "");
}

const PAGER =
  /(?:--\s?More\s?--|<--- More --->|Press any key[^\n]*|Press <enter> for 1 line, <space> for one page, or <q> to quit)[ \t]*/i;
const PAGER_AT_END = new RegExp(`${PAGER.source}$`, "i");
export function endsWithPager(text: string): boolean {
  return PAGER_AT_END.test(text);
}
export function withoutPagers(text: string): string {
  return text.replace(new RegExp(PAGER.source, "gi"), "");
}

const CHOICE = /[([]\s*(y|yes)\s*[|/]\s*(n|no)\s*[)\]]\s*\??\s*:?[ \t]*$/i;
const ASKS = /\b(continue|proceed|sure|confirm|delete)\b[^\n]*\?[ \t]*:?[ \t]*$/i;

/** What to answer to a question at the end of the text, or null when there is none. */
export function confirmation(text: string): string | null {
  const choice = CHOICE.exec(text);
  if (choice) return choice[1]!.toLowerCase();
  return ASKS.test(text) ? "yes" : null;
}

export function asksForPaste(text: string): boolean {
  return /paste the certificate[^\n]*[\n \t]*$/i.test(text);
}

const HIDDEN = "***";

/** White space is not compared: a terminal wraps long lines. */
const spaced = (text: string) =>
  [...text.replace(/\s+/g, "")].map((char) => char.replace(/[^\w]/g, "\\$&")).join("\\s*");

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.trim() !== "")
    .reduce((shown, secret) => shown.replace(new RegExp(spaced(secret), "g"), HIDDEN), text);
}

/** Without what the text ends in, if a secret begins so. */
export function withoutBeginning(text: string, secrets: readonly string[]): string {
  for (const secret of secrets)
    for (let length = secret.length - 1; length > 0; length--) {
      const end = new RegExp(`${spaced(secret.slice(0, length))}\\s*$`).exec(text);
      if (end !== null) return text.slice(0, end.index) + HIDDEN;
    }
  return text;
}

/**
 * What follows the echo of `typed`; null while the echo has not been seen. White space is not compared: a terminal
 * wraps long lines.
 */
export function afterEcho(text: string, typed: string): string | null {
  const match = new RegExp(spaced(typed)).exec(text);
  return match === null ? null : text.slice(match.index + match[0].length).replace(/^[ \t]*\n/, "");
}

/** `15.0.1.12900-234` of `show version active`; null when it says nothing of it. */
export function activeVersion(text: string): string | null {
  return /^\s*Active Master Version:\s*(\d+(?:\.\d+)+\S*)/im.exec(text)?.[1] ?? null;
}

/** Lines `<unit>/<file>: <description>` of `show cert list own` and `show cert list trust`. */
export function listedCertificates(text: string): readonly ListedCertificate[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*([A-Za-z][\w-]*)\/(\S+?):(?:\s|$)/.exec(line);
    return match ? [{ unit: match[1]!, file: match[2]! }] : [];
  });
}

/**
 * The certificate in the answer to `show cert own` or `show cert trust`: its PEM follows the closing bracket of the
 * description, on the same line. null when there is none. @throws CertificateError
 */
export function shownCertificate(text: string): Certificate | null {
  const blocks = [...text.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g)];
  if (blocks.length === 0) return null;
  if (blocks.length > 1) throw new CertificateError(`expected one PEM certificate, found ${blocks.length}`);
  const base64 = blocks[0]![1]!.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new CertificateError("its PEM is not base64");
  return Certificate.fromDer(Buffer.from(base64, "base64"));
}
