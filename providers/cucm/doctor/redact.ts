/**
 * What may leave: an allow-list. Values of elements, columns and keys are placeholders unless their name is listed
 * (fields.ts). Of other text only punctuation, words of the vocabulary that are nobody's name, names of elements and
 * keys, release numbers and integers of at most three digits stay. Everything else becomes a placeholder, the same for
 * the same value, so that a reader and a parser see the structure and not whose it is.
 */
import { Certificate, CertificateError } from "../../../trust/certificate";
import { spellingsOf } from "../cluster/transports/platform-server";
import { keyWords } from "./certificate-words";
import { type Rule, rewriteXml, ruleOf, trimmed } from "./fields";
import {
  BASE64,
  DIGESTS,
  EXTENSION,
  folded,
  HOST,
  IPV4,
  isPlain,
  type Kind,
  kindOf,
  labelOf,
  mayStay,
  PEM,
  PLACEHOLDER,
  plainCharacters,
  SHAPES,
  TIME,
  TOKEN,
} from "./shapes";
import { isJoined, isLiteral, isNobody, isUnit, isWord } from "./vocabulary";

export interface Known {
  readonly kind: Kind;
  readonly value: string;
  /** Counts only as words of their own, and not in names of elements. */
  readonly alone?: true;
}

/** Below this many characters a known value counts only as a word of its own. */
const SUBSTRING = 3;

/** Base and ending of a certificate's file. */
const IN_FILE = "[\\p{L}\\p{M}\\p{N}_.@~+-]";
const FILE = new RegExp(
  `(?<!${IN_FILE})((?:${PLACEHOLDER}|${IN_FILE}){1,250})\\.(pem|der)(?![\\p{L}\\p{N}])`,
  "giu",
);
/** What a list of the CLI says of one, line by line: names may have blanks. */
const LISTED = new RegExp(`^([\\w-]+/)((?:${PLACEHOLDER}|[^\\n/<>:])+)(\\.(?:pem|der):)`, "gm");
const SIGNER = /(\.(?:pem|der): .{0,200}\bsigned(?: by|:(?: by)?) )([^\n]+)$/gim;
/** As CUCM names the file of `Cisco Manufacturing CA`. */
const CISCO_CA = /^Cisco(?:_[A-Za-z]+)*_CA(?:_|$)/;
const isCiscoCa = (name: string) => CISCO_CA.test(name) && isPlain(name);
const PLACED = new RegExp(`^(?:${PLACEHOLDER})$`);

/** `name_serial`, or a name alone. */
function fileParts(base: string): { readonly name: string; readonly serial: string } {
  const [, name = base, serial = ""] = /^(.+)(_(?:[0-9a-f]{6,}|<[a-z0-9]+-\d+>))$/is.exec(base) ?? [];
  return { name, serial };
}

export class Redactor {
  /** Certificates in the order of their numbers, which count from 1. */
  readonly certificates: Certificate[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #counts = new Map<Kind, number>();
  readonly #kinds = new Map<string, Kind>();
  readonly #alone = new Map<string, Kind>();
  #patterns: Patterns | null = null;

  /** Before the first text. Longer values count first; what is known as two kinds counts as the first. */
  learn(known: readonly Known[]): void {
    for (const { kind, value, alone } of known)
      for (const spelt of kind === "secret" || kind === "user" ? spellingsOf(value) : [value]) {
        const key = folded(spelt);
        const kinds = alone ? this.#alone : this.#kinds;
        if (key !== "" && !this.#kinds.has(key) && !kinds.has(key)) kinds.set(key, kind);
      }
    this.#patterns = null;
  }

  /** The names and serial numbers of all certificates in it, and the values that nobody else looks at. */
  learnFrom(text: string): void {
    for (const [block] of text.matchAll(PEM)) {
      const certificate = certificateIn(block);
      if (certificate !== null) this.learn(namesOf(certificate));
    }
    const plain = plainCharacters(text.replace(PEM, ""));
    // What such a file is called by is told beside it, too.
    const listed = [...plain.matchAll(LISTED)].map(([, , base = ""]) => base);
    const others = [...plain.replace(LISTED, "").matchAll(FILE)].map(([, base = ""]) => base);
    for (const base of [...listed, ...others]) {
      const { name } = fileParts(base);
      if (!isUnit(name) && !isCiscoCa(name)) this.learn([{ kind: "name", value: name, alone: true }]);
    }
    if (isXml(plain)) rewriteXml(plain, PLACEHOLDER, { name: (one) => one, value: this.#learned });
    else for (const value of freeOf(parsed(plain))) this.#learned(value, "free");
  }

  /** Words that say nothing by themselves are not learned: elsewhere they are CUCM's. */
  readonly #learned = (value: string, rule: Rule): string => {
    if (rule === "free" && value.length <= LONGEST && !isPlain(value) && kindOf(value) === "word")
      this.learn([{ kind: "word", value, alone: true }]);
    return value;
  };

  /** What was answered. JSON by its strings and keys, so that no escape hides anything. */
  text(text: string): string {
    const json = parsed(text);
    if (json !== undefined) return JSON.stringify(this.#json(json, "free"));
    return this.#redacted(text, isXml(text), false);
  }

  /** What we ask or are set to: words that are names, and the aliases of a statement, are ours here. */
  asked(text: string): string {
    return this.#redacted(text, false, true);
  }

  #json(value: unknown, rule: Rule): unknown {
    if (typeof value === "string") return trimmed(value, (text) => this.#value(this.#safe(text), rule));
    if (typeof value === "number")
      return rule !== "free" && Math.abs(value) < 1000 && Number.isInteger(value)
        ? value
        : this.#value(String(value), "free");
    if (Array.isArray(value)) return value.map((each) => this.#json(each, rule));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [this.#key(key), this.#json(each, ruleOf(key))]),
    );
  }

  /** Names of keys are identifiers. */
  #key(key: string): string {
    return isNobody(key) || isLiteral(key) || isJoined(key)
      ? this.#withoutKnown(key)
      : this.#words(this.#safe(key), false);
  }

  #redacted(text: string, xml: boolean, own: boolean): string {
    const safe = this.#safe(text);
    if (!xml) return this.#words(safe, own);
    return rewriteXml(safe, PLACEHOLDER, {
      // An identifier that holds a number of some length may be somebody's.
      name: (one) => (/\d{4}|[0-9a-f]{12}/i.test(one) ? this.#words(one, false) : one),
      value: (one, rule) => this.#value(one, rule),
    });
  }

  /** Without what looks like one of our placeholders, certificates, and what is known anywhere. */
  #safe(text: string): string {
    const raw = plainCharacters(text).replace(new RegExp(PLACEHOLDER, "g"), (one) => `(${one.slice(1, -1)})`);
    return this.#withoutKnown(raw.replace(PEM, (block) => this.#pem(block)));
  }

  #value(text: string, rule: Rule): string {
    if (rule === "text") return this.#words(text, false);
    const [, base = text, end = ""] = /^(.*)(\.(?:pem|der))$/i.exec(text) ?? [];
    if (rule === "file") return `${this.#file(base)}${end}`;
    if (
      rule === "choice" &&
      text.split(/[^\p{L}\p{N}]+/u).every((word) => word === "" || mayStay(word, true))
    )
      return text;
    if (PLACED.test(text) || text === "EnterpriseWideData") return text;
    const key = folded(text);
    return this.#placeholder(this.#alone.get(key) ?? kindOf(text), key);
  }

  /** Word by word. */
  #words(text: string, own: boolean): string {
    const listed = text
      .replace(LISTED, (_, unit: string, base: string, end: string) => `${unit}${this.#file(base)}${end}`)
      .replace(SIGNER, (_, before: string, who: string) => `${before}${this.#value(who, "free")}`);
    const named = listed.replace(FILE, (_, base: string, end: string) => `${this.#file(base)}.${end}`);
    const alternatives = [
      `(?<kept>${PLACEHOLDER}|\\bmethod=["']?(?:post|get)\\b|</?(?:head|li|legend|link|frame|hr|td|b)(?=[\\s/>]))`,
      ...SHAPES.map(([, shape], i) => `(?<shape${i}>${shape})`),
      `(?<base64>${BASE64})`,
      `(?<token>${TOKEN})`,
    ];
    const pattern = new RegExp(alternatives.join("|"), "gu");
    return this.#replaceKnown(named, this.#alone, this.#compiled().alone).replace(pattern, (...match) =>
      this.#replaced(match[0] as string, match.at(-1) as Groups, own),
    );
  }

  /** A file is called by a host or a person, unless it is a node's own or a CA of Cisco's. */
  #file(base: string): string {
    if (isUnit(base) || PLACED.test(base)) return base;
    const { name, serial } = fileParts(base);
    const ours = PLACED.test(name) || isCiscoCa(name);
    const number = serial.replace(/[0-9a-f]{6,}$/i, (digits) => this.#placeholder("hex", folded(digits)));
    return `${ours ? name : this.#placeholder("name", folded(name))}${number}`;
  }

  /** `<certificate 3: RSA 2048, SHA-256>` */
  certificate(certificate: Certificate): string {
    let at = this.certificates.findIndex(({ sha256 }) => sha256 === certificate.sha256);
    if (at < 0) at = this.certificates.push(certificate) - 1;
    return `<certificate ${at + 1}: ${keyWords(certificate)}>`;
  }

  /** Known values first, since they may be parts of what follows. */
  #withoutKnown(text: string): string {
    return this.#replaceKnown(text, this.#kinds, this.#compiled().kinds);
  }

  /** What is a placeholder already stays. */
  #replaceKnown(text: string, kinds: ReadonlyMap<string, Kind>, known: RegExp): string {
    if (kinds.size === 0) return text;
    return text
      .split(new RegExp(`(${PLACEHOLDER})`))
      .map((part, i) =>
        i % 2 === 1
          ? part
          : part.replace(known, (value) => {
              const key = folded(value);
              return this.#placeholder(kinds.get(key) ?? "word", key);
            }),
      )
      .join("");
  }

  #compiled(): Patterns {
    const of = (kinds: ReadonlyMap<string, Kind>, alone: boolean) => {
      const longestFirst = [...kinds.keys()].sort((a, b) => b.length - a.length);
      return new RegExp(longestFirst.map((key) => pattern(key, alone)).join("|"), "giu");
    };
    this.#patterns ??= { kinds: of(this.#kinds, false), alone: of(this.#alone, true) };
    return this.#patterns;
  }

  #replaced(whole: string, groups: Groups, own: boolean): string {
    if (groups.kept !== undefined) return whole;
    if (groups.token !== undefined) return this.#token(whole, own);
    if (groups.base64 !== undefined) return this.#base64(whole, own);
    if (TIME.test(whole)) return whole;
    const kind = SHAPES.find((_, i) => groups[`shape${i}`] !== undefined)?.[0] ?? "word";
    return this.#placeholder(kind, folded(whole));
  }

  /** A path, or a long word, may look the same: then its words are looked at. */
  #base64(text: string, own: boolean): string {
    if (/\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && !text.startsWith("/"))
      return this.#placeholder("base64", text);
    return text.replace(new RegExp(TOKEN, "gu"), (token) => this.#token(token, own));
  }

  #token(token: string, own: boolean): string {
    if (mayStay(token, own) || isCiscoCa(token)) return token;
    const label = labelOf(token);
    if (label !== undefined) return this.#placeholder(label, folded(token));
    const [, base, extension] = EXTENSION.exec(token) ?? [];
    if (base !== undefined) return `${this.#token(base, own)}.${extension}`;
    const parts = token.split(/([._@-])/);
    if (!own || HOST.test(token) || !parts.some((part) => isWord(part)))
      return this.#placeholder(kindOf(token), folded(token));
    return parts.map((part, i) => (i % 2 === 1 || isWord(part) ? part : this.#part(part))).join("");
  }

  #part(part: string): string {
    return part === "" ? "" : this.#placeholder(kindOf(part), folded(part));
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

interface Patterns {
  readonly kinds: RegExp;
  readonly alone: RegExp;
}

/** Beyond that it is no name. */
const LONGEST = 120;

/** Also a part of it; elements of a page are few, and in their place somebody may have written anything. */
const isXml = (text: string): boolean =>
  /<\?xml |<(?:\w+:)?Envelope[\s>]/.test(text) || (/^\s*<[A-Za-z]/.test(text) && !/<html[\s>]/i.test(text));

function parsed(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The strings of keys that nobody looks at. */
function freeOf(value: unknown, rule: Rule = "free"): readonly string[] {
  if (typeof value === "string") return rule === "free" ? [value.trim()] : [];
  if (Array.isArray(value)) return value.flatMap((each: unknown) => freeOf(each, rule));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => freeOf(each, ruleOf(key)));
}

function certificateIn(block: string): Certificate | null {
  try {
    return Certificate.fromPem(block.replace(/\\[nr]/g, "\n"));
  } catch (error) {
    if (error instanceof CertificateError) return null;
    throw error;
  }
}

/** Subject, issuer and serial number, by their parts; of Cisco's own, only what is not the same everywhere. */
export function namesOf(certificate: Certificate): Known[] {
  const parts = [certificate.subject, certificate.issuer]
    .flatMap((name) => name.split(/(?<!\\);/))
    .map((part) => part.split(/=(.*)/s))
    .filter(([type = "", value = ""]) => !(type === "CN" ? CISCO_CN : CISCO_O).test(value));
  return [
    ...parts.flatMap(([type, value = ""]): Known[] =>
      type !== "CN" && isPlain(value)
        ? [{ kind: "name", value, alone: true }]
        : hostNames(value).map((one) => ({ kind: "name", value: one })),
    ),
    { kind: "serial", value: certificate.serial },
    { kind: "hex", value: certificate.sha256 },
  ];
}

const CISCO_CN = /^Cisco(?: [A-Za-z]+)* CA(?: |$)/;
const CISCO_O = /^Cisco(?: Systems)?(?:,? Inc\.?)?$/i;

/** With a host's name, its first label and its domain. */
export function hostNames(name: string): string[] {
  const [, first, domain] = /^([\w-]+)\.((?:[\w-]+\.)+[\w-]+)$/.exec(name) ?? [];
  return first === undefined || domain === undefined || IPV4.test(name) ? [name] : [name, first, domain];
}

function pattern(key: string, alone: boolean): string {
  const escaped = key.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replaceAll(" ", "\\s+");
  const short = alone || key.length < SUBSTRING || /^[\d.:]+$/.test(key);
  return short ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
}
