/** How what is private looks, and what is nobody's. */
import { isJoined, isLiteral, isNobody, isWord } from "./vocabulary";

export const KINDS = [
  "name",
  "address",
  "serial",
  "user",
  "secret",
  "device",
  "mac",
  "id",
  "mail",
  // By their lengths, which parsers look at.
  "md5",
  "sha1",
  "sha256",
  "hex",
  "number",
  "word",
  "base64",
  "pem",
  "java-date",
  "iso-date",
] as const;
export type Kind = (typeof KINDS)[number];

/** A certificate is no longer; a text that never ends its block costs no more than that. */
export const PEM = /-----BEGIN ([A-Z0-9 ]{1,40})-----(?:\\[nr]|[^-]|-(?!----)){0,32768}-----END \1-----/g;
/** What we put in the place of something. */
export const PLACEHOLDER = `<(?:${KINDS.join("|")})-\\d+>|<certificate \\d+: [^<>]*>`;
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
/** International, or in three groups. */
const PHONE_NUMBER = String.raw`\+\d[\d ()/-]{3,}\d|(?<![\w.:-])\(?\d{2,}\)?(?:[ /]\d{2,}){2,}(?![\w.:-])`;
export const SHAPES: readonly (readonly [Kind, string])[] = [
  ["java-date", String.raw`\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?: [\w:+-]{1,12})? \d{4}\b`],
  ["iso-date", String.raw`\b\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.\d+)?Z?)?\b`],
  ["number", PHONE_NUMBER],
  ["mac", String.raw`\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b(?![:-])`],
  // A line of a dump, with the characters that the bytes stand for.
  ["hex", String.raw`\b[0-9a-fA-F]{4}: [0-9a-fA-F]{2}(?: [0-9a-fA-F]{2})*[ \t]+\[[^\n]*`],
  ["hex", String.raw`\b[0-9a-fA-F]{2}(?:[ :][0-9a-fA-F]{2}){5,}\b`],
  [
    "address",
    String.raw`(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}(?:${OCTET}(?:\.${OCTET}){3}|[0-9a-fA-F]{0,4})(?![\w:])`,
  ],
];
export const DIGESTS: { readonly [digits: number]: Kind } = { 32: "md5", 40: "sha1", 64: "sha256" };
/** Three groups with single colons are a time of day. */
export const TIME = /^\d{1,2}:\d\d:\d\d$/;
export const BASE64 = "(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}={0,2}";
export const TOKEN = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_.@-]*[\p{L}\p{M}\p{N}])?`;

const RELEASE = /^\d{1,2}\.\d\.\d\.\d{5}-\d{1,3}$/;
export const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const LABELS: readonly (readonly [Kind, RegExp])[] = [
  ["address", IPV4],
  ["device", /^(?:SEP|ATA|VG|AN)[0-9A-F]{10,12}$/i],
  ["mac", /^(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}$/i],
  ["id", /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  ["mail", /^[^@]+@[^@]+$/],
  ["number", /^\d+$/],
  ["hex", /^[0-9a-f]{6,}$/i],
];
export const EXTENSION = /^(.+)\.(pem|der|tlv|sgn|xml|txt|log|gz|gzo|p12|do|jsp)$/i;
export const HOST = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.\p{L}[\p{L}\p{N}-]*$/u;

export const labelOf = (text: string): Kind | undefined => LABELS.find(([, shape]) => shape.test(text))?.[0];

export const kindOf = (text: string): Kind => labelOf(text) ?? (HOST.test(text) ? "name" : "word");

/** Alone, or as words joined by signs: digits joined so may be an address. */
export function mayStay(token: string, own: boolean): boolean {
  if (own ? isWord(token) : isNobody(token)) return true;
  if (isLiteral(token)) return true;
  if (/^(?:[A-Za-z]|\d{1,3}|\d{1,2}\.\d{1,2})$/.test(token) || RELEASE.test(token)) return true;
  if (!own) return isJoined(token);
  // Alias and column of a statement.
  if (/^[a-z]\.[a-z]+$/.test(token)) return isWord(token.slice(2));
  const parts = token.split(/[._@-]/);
  return parts.length > 1 && parts.every((part) => isWord(part));
}

export const isPlain = (value: string) =>
  value.split(/[^\p{L}\p{N}]+/u).every((word) => word === "" || mayStay(word, false));

/** Letters, digits, dots and hyphens that are written as character references or in percent. */
export function plainCharacters(text: string): string {
  const plain = (whole: string, code: number) => {
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    return /^[\p{L}\p{N}.@-]$/u.test(character) ? character : whole;
  };
  return text
    .replace(/&#x([0-9a-f]{1,6});/gi, (whole, hex: string) => plain(whole, Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});/g, (whole, decimal: string) => plain(whole, Number(decimal)))
    .replace(/%([0-7][0-9a-f])/gi, (whole, hex: string) => plain(whole, Number.parseInt(hex, 16)));
}

/** White space may be wrapped. */
export const folded = (text: string) => text.toLowerCase().replace(/\s+/g, " ").trim();
