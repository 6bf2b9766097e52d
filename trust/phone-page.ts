/**
 * What the web pages of a phone say of its trust lists. Nobody has proven who served them: what is read here is
 * evidence at most, bounded, and free of control characters.
 */
import { createHash } from "node:crypto";
import type { TrustList } from "./trust-list";

/** Characters of a page that are looked at, and of a line. */
const PAGE = 256 * 1024;
const LINE = 200;

/** The text of an HTML or XML page, line by line: every tag ends a line. */
function linesOf(page: string): string[] {
  return page
    .slice(0, PAGE)
    .replace(/<[^<>]*>/g, "\n")
    .split(/[\r\n]+/)
    .map((line) => plain(line.slice(0, 4 * LINE)))
    .filter((line) => line !== "");
}

const ENTITIES: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " " };

function plain(line: string): string {
  return line
    .replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name: string) => ENTITIES[name]!)
    .replace(/\p{C}/gu, "?")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, LINE);
}

/** Messages of Cisco's administration guides that speak of a trust list; `File Not Found <CTLFile.tlv>` is none. */
const OF_TRUST = /trust list|\b(?:ctl|itl)\b/i;

/** A list that was refused, or is not there. */
const AGAINST = /fail|\bnot\b|:\s*no\b/i;

/**
 * The line of a status page that tells how its trust lists are: of the last two that speak of one (a CTL's and an
 * ITL's may), the newest that speaks against them, or else the last. Newer messages stand below older ones.
 */
export function tellingTrustMessage(page: string): string | undefined {
  const last = linesOf(page)
    .filter((line) => OF_TRUST.test(line))
    .slice(-2);
  return last.findLast((line) => AGAINST.test(line)) ?? last.at(-1);
}

type Kind = "ctl" | "itl";

/** Checksums as they are shown, in lower-case hex. */
export interface ShownChecksums {
  readonly all: ReadonlySet<string>;
  /** The first one behind the word CTL, or ITL. */
  readonly ctl?: string;
  readonly itl?: string;
}

/** MD5 or SHA-1, the bytes together or with colons between them. */
const CHECKSUM =
  /(?<![0-9a-f:])(?:[0-9a-f]{32}|[0-9a-f]{40}|(?:[0-9a-f]{2}:){15}[0-9a-f]{2}|(?:[0-9a-f]{2}:){19}[0-9a-f]{2})(?![0-9a-f:])/gi;
const LABEL = /\b(ctl|itl)\b/gi;

export function shownChecksums(page: string): ShownChecksums {
  const all = new Set<string>();
  const first: { [kind in Kind]?: string } = {};
  let label: Kind | null = null;
  for (const line of linesOf(page)) {
    const labels = new Set([...line.matchAll(LABEL)].map(([word]) => word.toLowerCase() as Kind));
    if (labels.size > 0) label = labels.size === 1 ? [...labels][0]! : null;
    for (const [text] of line.matchAll(CHECKSUM)) {
      const checksum = text.replaceAll(":", "").toLowerCase();
      all.add(checksum);
      if (label !== null) first[label] ??= checksum;
    }
  }
  return { all, ...first };
}

const checksums = new WeakMap<TrustList, readonly string[]>();
function checksumsOf(list: TrustList): readonly string[] {
  const known =
    checksums.get(list) ??
    ["md5", "sha1"].map((algorithm) => createHash(algorithm).update(list.bytes).digest("hex"));
  checksums.set(list, known);
  return known;
}

/**
 * Compares what a page shows with the lists that a phone is assumed to hold. The form of these pages is not
 * documented, so that only this counts: the checksum of every one of them is there (`same`), or a checksum stands
 * behind the name of one that is not there, or that the phone is assumed not to hold (`other`).
 */
export function compareChecksums(
  shown: ShownChecksums,
  assumed: { readonly [kind in Kind]: TrustList | null },
): "same" | "other" | undefined {
  const lists = (["ctl", "itl"] as const).flatMap((kind) => {
    const list = assumed[kind];
    if (list === null) return shown[kind] === undefined ? [] : [{ there: false, other: true }];
    const there = checksumsOf(list).some((one) => shown.all.has(one));
    return [{ there, other: !there && shown[kind] !== undefined }];
  });
  if (lists.some(({ other }) => other)) return "other";
  return lists.length > 0 && lists.every(({ there }) => there) ? "same" : undefined;
}
