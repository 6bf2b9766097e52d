/**
 * What may leave: an allow-list. Of a text only punctuation, words of {@link VOCABULARY}, names of elements and keys,
 * release numbers and integers of at most three digits stay. Everything else becomes a placeholder, the same for the
 * same value, so that a reader and a parser see the structure and not whose it is.
 */
import { Certificate, CertificateError } from "../../../trust/certificate";
import { spellingsOf } from "../cluster/transports/platform-server";
import { keyWords } from "./certificate-words";
import { isLiteral, isWord } from "./vocabulary";

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

export interface Known {
  readonly kind: Kind;
  readonly value: string;
}

/** Below this many characters a known value counts only as a word of its own. */
const SUBSTRING = 3;

/** A certificate is no longer; a text that never ends its block costs no more than that. */
const PEM = /-----BEGIN ([A-Z0-9 ]{1,40})-----(?:\\[nr]|[^-]|-(?!----)){0,32768}-----END \1-----/g;
const PLACEHOLDER = `<(?:${KINDS.join("|")})-\\d+>|<certificate \\d+: [^<>]*>`;
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const SHAPES: readonly (readonly [Kind, string])[] = [
  ["java-date", String.raw`\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?: [\w:+-]{1,12})? \d{4}\b`],
  ["iso-date", String.raw`\b\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.\d+)?Z?)?\b`],
  ["mac", String.raw`\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b(?![:-])`],
  // A line of a dump, with the characters that the bytes stand for.
  ["hex", String.raw`\b[0-9a-fA-F]{4}: [0-9a-fA-F]{2}(?: [0-9a-fA-F]{2})*[ \t]+\[[^\n]*`],
  ["hex", String.raw`\b[0-9a-fA-F]{2}(?:[ :][0-9a-fA-F]{2}){5,}\b`],
  [
    "address",
    String.raw`(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}(?:${OCTET}(?:\.${OCTET}){3}|[0-9a-fA-F]{0,4})(?![\w:])`,
  ],
];
const DIGESTS: { readonly [digits: number]: Kind } = { 32: "md5", 40: "sha1", 64: "sha256" };
/** Three groups with single colons are a time of day. */
const TIME = /^\d{1,2}:\d\d:\d\d$/;
const BASE64 = "(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}={0,2}";
const TOKEN = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_.@-]*[\p{L}\p{M}\p{N}])?`;

const RELEASE = /^\d{1,2}\.\d\.\d\.\d{5}-\d{1,3}$/;
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const LABELS: readonly (readonly [Kind, RegExp])[] = [
  ["address", IPV4],
  ["device", /^(?:SEP|ATA|VG|AN)[0-9A-F]{10,12}$/i],
  ["mac", /^(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}$/i],
  ["id", /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  ["mail", /^[^@]+@[^@]+$/],
  ["number", /^\d+$/],
  ["hex", /^[0-9a-f]{6,}$/i],
];
const EXTENSION = /^(.+)\.(pem|der|tlv|sgn|xml|txt|log|gz|gzo|p12|do|jsp)$/i;
const HOST = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.\p{L}[\p{L}\p{N}-]*$/u;

export class Redactor {
  /** Certificates in the order of their numbers, which count from 1. */
  readonly certificates: Certificate[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #counts = new Map<Kind, number>();
  readonly #kinds = new Map<string, Kind>();
  #known: RegExp | null = null;

  /** Before the first text. Longer values count first; what is known as two kinds counts as the first. */
  learn(known: readonly Known[]): void {
    for (const { kind, value } of known)
      for (const spelt of kind === "secret" || kind === "user" ? spellingsOf(value) : [value]) {
        const key = folded(spelt);
        if (key !== "" && !this.#kinds.has(key)) this.#kinds.set(key, kind);
      }
    this.#known = null;
  }

  /** The names and serial numbers of all certificates in it. */
  learnFrom(text: string): void {
    for (const [block] of text.matchAll(PEM)) {
      const certificate = certificateIn(block);
      if (certificate !== null) this.learn(namesOf(certificate));
    }
  }

  /** JSON by its strings and keys, so that no escape hides anything. */
  text(text: string): string {
    const json = /^\s*[{[]/.test(text) ? parsed(text) : undefined;
    if (json !== undefined) return JSON.stringify(this.#json(json));
    return this.#plain(plainCharacters(text));
  }

  #json(value: unknown): unknown {
    if (typeof value === "string") return this.#plain(plainCharacters(value));
    if (typeof value === "number")
      return Math.abs(value) < 1000 && Number.isInteger(value) ? value : this.#plain(String(value));
    if (Array.isArray(value)) return value.map((each) => this.#json(each));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [this.#plain(key), this.#json(each)]),
    );
  }

  #plain(text: string): string {
    // Elements of a page are few, and in their place somebody may have written anything.
    const markup = /<\?xml |<(?:\w+:)?Envelope[\s>]/.test(text);
    const pems = text.replace(PEM, (block) => this.#pem(block));
    const without = this.#kinds.size === 0 ? pems : this.#withoutKnown(pems);
    const alternatives = [
      `(?<kept>${PLACEHOLDER})`,
      ...(markup ? [String.raw`(?<tag><\/?[A-Za-z_][\w.-]{0,63}(?::[\w.-]{1,63})?(?=[\s/>]))`] : []),
      ...SHAPES.map(([, shape], i) => `(?<shape${i}>${shape})`),
      `(?<base64>${BASE64})`,
      `(?<token>${TOKEN})`,
    ];
    return without.replace(new RegExp(alternatives.join("|"), "gu"), (...match) =>
      this.#replaced(match[0] as string, match.at(-1) as Groups),
    );
  }

  /** `<certificate 3: RSA 2048, SHA-256>` */
  certificate(certificate: Certificate): string {
    let at = this.certificates.findIndex(({ sha256 }) => sha256 === certificate.sha256);
    if (at < 0) at = this.certificates.push(certificate) - 1;
    return `<certificate ${at + 1}: ${keyWords(certificate)}>`;
  }

  /** Known values first, since they may be parts of what follows; what is a placeholder already stays. */
  #withoutKnown(text: string): string {
    const longestFirst = () => [...this.#kinds.keys()].sort((a, b) => b.length - a.length);
    const known = this.#known ?? new RegExp(longestFirst().map(pattern).join("|"), "giu");
    this.#known = known;
    return text
      .split(new RegExp(`(${PLACEHOLDER})`))
      .map((part, i) =>
        i % 2 === 1
          ? part
          : part.replace(known, (value) => {
              const key = folded(value);
              return this.#placeholder(this.#kinds.get(key) ?? "word", key);
            }),
      )
      .join("");
  }

  #replaced(whole: string, groups: Groups): string {
    if (groups.kept !== undefined) return whole;
    const named = groups.tag;
    // An identifier that holds a number of some length may be somebody's.
    if (named !== undefined)
      return /\d{4}|[0-9a-f]{12}/i.test(named)
        ? named.replace(new RegExp(TOKEN, "gu"), (token) => this.#token(token))
        : named;
    if (groups.token !== undefined) return this.#token(whole);
    if (groups.base64 !== undefined) return this.#base64(whole);
    if (TIME.test(whole)) return whole;
    const kind = SHAPES.find((_, i) => groups[`shape${i}`] !== undefined)?.[0] ?? "word";
    return this.#placeholder(kind, folded(whole));
  }

  /** A path, or a long word, may look the same: then its words are looked at. */
  #base64(text: string): string {
    if (/\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && !text.startsWith("/"))
      return this.#placeholder("base64", text);
    return text.replace(new RegExp(TOKEN, "gu"), (token) => this.#token(token));
  }

  #token(token: string): string {
    if (mayStay(token)) return token;
    const label = LABELS.find(([, shape]) => shape.test(token))?.[0];
    if (label !== undefined) return this.#placeholder(label, folded(token));
    const [, base, extension] = EXTENSION.exec(token) ?? [];
    if (base !== undefined) return `${this.#token(base)}.${extension}`;
    if (HOST.test(token)) return this.#placeholder("name", folded(token));
    const parts = token.split(/([._@-])/);
    if (!parts.some((part) => isWord(part))) return this.#placeholder("word", folded(token));
    return parts.map((part, i) => (i % 2 === 1 || isWord(part) ? part : this.#part(part))).join("");
  }

  #part(part: string): string {
    if (part === "") return "";
    const label = LABELS.find(([, shape]) => shape.test(part))?.[0];
    return this.#placeholder(label ?? "word", folded(part));
  }

  #pem(block: string): string {
    const certificate = certificateIn(block);
    return certificate === null ? this.#placeholder("pem", block) : this.certificate(certificate);
  }

  #placeholder(kind: Kind, key: string): string {
    if (kind === "hex") {
      const digits = key.replace(/[: ]/g, "");
      const digest = DIGESTS[digits.length];
      if (digest !== undefined) return this.#placeholder(digest, digits);
    }
    const known = `${kind} ${key}`;
    let number = this.#numbers.get(known);
    if (number === undefined) {
      number = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, number);
      this.#numbers.set(known, number);
    }
    return `<${kind}-${number}>`;
  }
}

type Groups = { readonly [name: string]: string | undefined };

/** Alone, or as words joined by signs: digits joined so may be an address. */
function mayStay(token: string): boolean {
  if (isWord(token) || isLiteral(token)) return true;
  if (/^(?:[A-Za-z]|\d{1,3}|\d{1,2}\.\d{1,2})$/.test(token) || RELEASE.test(token)) return true;
  // Alias and column of a statement.
  if (/^[a-z]\.[a-z]+$/.test(token)) return isWord(token.slice(2));
  const parts = token.split(/[._@-]/);
  return parts.length > 1 && parts.every((part) => isWord(part));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Letters, digits, dots and hyphens that are written as character references or in percent. */
function plainCharacters(text: string): string {
  const plain = (whole: string, code: number) => {
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    return /^[\p{L}\p{N}.@-]$/u.test(character) ? character : whole;
  };
  return text
    .replace(/&#x([0-9a-f]{1,6});/gi, (whole, hex: string) => plain(whole, Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});/g, (whole, decimal: string) => plain(whole, Number(decimal)))
    .replace(/%([0-7][0-9a-f])/gi, (whole, hex: string) => plain(whole, Number.parseInt(hex, 16)));
}

function certificateIn(block: string): Certificate | null {
  try {
    return Certificate.fromPem(block.replace(/\\[nr]/g, "\n"));
  } catch (error) {
    if (error instanceof CertificateError) return null;
    throw error;
  }
}

/**
 * Subject, issuer and serial number, by their parts. An organisation that has nothing but words of the vocabulary
 * (`Cisco Systems`) is not whose cluster this is.
 */
export function namesOf(certificate: Certificate): Known[] {
  const values = [certificate.subject, certificate.issuer]
    .flatMap((name) => name.split(/(?<!\\);/))
    .map((part) => part.split(/=(.*)/s))
    .filter(([type, value = ""]) => (type === "CN" && !/^Cisco\b/.test(value)) || !isPlain(value))
    .map(([, value = ""]) => value);
  return [
    ...values.flatMap(hostNames).map((value): Known => ({ kind: "name", value })),
    { kind: "serial", value: certificate.serial },
    { kind: "hex", value: certificate.sha256 },
  ];
}

const isPlain = (value: string) =>
  value.split(/[^\p{L}\p{N}]+/u).every((word) => word === "" || mayStay(word));

/** With a host's name, its first label and its domain. */
export function hostNames(name: string): string[] {
  const [, first, domain] = /^([\w-]+)\.((?:[\w-]+\.)+[\w-]+)$/.exec(name) ?? [];
  return first === undefined || domain === undefined || IPV4.test(name) ? [name] : [name, first, domain];
}

/** White space may be wrapped. */
const folded = (text: string) => text.toLowerCase().replace(/\s+/g, " ").trim();

function pattern(key: string): string {
  const escaped = key.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replaceAll(" ", "\\s+");
  const short = key.length < SUBSTRING || /^[\d.:]+$/.test(key);
  return short ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
}
