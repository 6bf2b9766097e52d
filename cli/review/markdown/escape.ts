/** Names and sentences come from devices: none of them may format, link, mention or end anything in a comment. */
import { printable } from "../../../trust/describe";

/** Nothing in it means anything to GitHub: no markup, no HTML, `@`, `#`, address, hash of a commit, picture, list. */
const PLAIN = /^(?:[A-Za-z0-9"(](?:[A-Za-z0-9 .,:;()%+'"/=?-]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))*)?$/;
const MEANS = /:\/\/|www\.|\bGH-\d|\b[0-9a-f]{7,}\b|:[a-z0-9_+-]+:|^\d+[.)](?: |$)/i;

const isPlain = (text: string) => PLAIN.test(text) && !MEANS.test(text);

/** As it is where that is harmless, otherwise as code: GitHub looks for nothing in code. */
export function words(text: string): string {
  const shown = printable(text);
  return isPlain(shown) ? shown : code(shown);
}

/**
 * A code span, fit for a cell of a table too: a pipe would end a cell even in code, so a broken bar stands for it, and
 * a backtick needs a longer fence.
 */
export function code(text: string): string {
  const shown = printable(text).replaceAll("|", "¦");
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 || shown === "" || /^ | $/.test(shown) ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

/** The same within an HTML element, where there is no Markdown: names that could mention somebody are code. */
export function html(text: string): string {
  const shown = printable(text);
  if (isPlain(shown)) return shown;
  return `<code>${shown.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`)}</code>`;
}

/** A label of Mermaid between double quotes; its entities are numbers between # and ;. */
export const label = (text: string): string =>
  printable(text).replace(/[^A-Za-z0-9 .,:+()-]/gu, (sign) => `#${sign.codePointAt(0)};`);

/** What would end a comment of HTML does not come into one. */
export const comment = (text: string): string =>
  printable(text)
    .replace(/[^A-Za-z0-9 ._/-]/g, "_")
    .replaceAll("--", "__");
