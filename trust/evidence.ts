/**
 * What a phone holds cannot be read from CUCM: no field of RIS, AXL or the database has a phone's CTL or ITL. A
 * forecast therefore rests on something else, which differs from phone to phone and is told with every outcome.
 */

/**
 * Weakest first. `web-status` and `trust-list-page` are what anybody may write who answers at a phone's address, over
 * plain HTTP; `tvs-log` is the name that a client of TVS gave, and TVS may answer clients without a certificate.
 */
export const EVIDENCE_LEVELS = [
  "served",
  "registered-over-tls",
  "registered-since-lists",
  "tvs-log",
  "itl-status",
  "web-status",
  "trust-list-page",
] as const;
export type EvidenceLevel = (typeof EVIDENCE_LEVELS)[number];

/** What can be read beside RIS, if somebody wants it: it costs requests for every phone, or the logs of every node. */
export const EVIDENCE_READERS = ["web", "tvs_log", "itl_status"] as const;
export type EvidenceReader = (typeof EVIDENCE_READERS)[number];

const FOUND_BY: { readonly [level in EvidenceLevel]?: EvidenceReader } = {
  "tvs-log": "tvs_log",
  "itl-status": "itl_status",
  "web-status": "web",
  "trust-list-page": "web",
};

/** Of these at least one has to be read for a phone to reach a level, its own first; empty: RIS and TFTP suffice. */
export function readersFor(level: EvidenceLevel): readonly EvidenceReader[] {
  if (FOUND_BY[level] === undefined) return [];
  const levels = EVIDENCE_LEVELS.slice(EVIDENCE_LEVELS.indexOf(level));
  return [...new Set(levels.flatMap((one) => FOUND_BY[one] ?? []))];
}

interface LevelWords {
  /** What was seen. */
  readonly seen: string;
  /** What follows for the lists that the phone holds. */
  readonly therefore: string;
  /** Only an observation shows the lists themselves, by their checksums. */
  readonly kind: "inference" | "observation";
}

export const EVIDENCE_WORDS: { readonly [level in EvidenceLevel]: LevelWords } = {
  served: {
    seen: "its cluster's TFTP serves these lists for it",
    therefore: "it is assumed to have taken them",
    kind: "inference",
  },
  "registered-over-tls": {
    seen: "it is registered over TLS now",
    therefore:
      "its CTL presumably names that CallManager; that it holds the lists served today, ITL included, is assumed",
    kind: "inference",
  },
  "registered-since-lists": {
    seen: "it has registered since the lists that TFTP serves were made",
    therefore:
      "it asked for them if it booted then, which a restart of CallManager alone does not make it do; that it accepted them is assumed",
    kind: "inference",
  },
  "tvs-log": {
    seen: "TVS of its cluster logged a question in its name, over TLS",
    therefore: "its ITL presumably holds the TVS certificate that it accepted then; the rest is assumed",
    kind: "inference",
  },
  "itl-status": {
    seen: "the cluster records that its ITL is current",
    therefore: "its ITL is presumably the one served; its CTL is assumed to be",
    kind: "inference",
  },
  "web-status": {
    seen: "the last trust messages that whoever answers at its address shows say that its lists were taken",
    therefore: "it presumably holds the lists served at that time",
    kind: "inference",
  },
  "trust-list-page": {
    seen: "whoever answers at its address shows, as the trust lists that it holds, the lists of this forecast",
    therefore: "if that is the phone, it holds them",
    kind: "observation",
  },
};

export interface Evidence {
  readonly level: EvidenceLevel;
  /** What speaks against the assumption, one sentence each; sorted. */
  readonly against: readonly string[];
  /**
   * Those of them that somebody or something showed; left out where there are none. The other one is a matter of age
   * alone: that lists were made after a phone registered is so of ordinary phones, and nobody has looked at theirs.
   */
  readonly contradicted?: readonly string[];
}

/** What could be found out about one phone; leave out what was not looked at. */
export interface Observations {
  /** RIS: registered with a secure profile on its cluster's CallManager; since when, if RIS says so. */
  readonly registered?: { readonly secure: boolean; readonly since?: Date };
  /** Time stamps in the headers of the lists that TFTP serves for it: the later one. */
  readonly listsMadeAt?: Date;
  /** What newer releases record of a phone's ITL. */
  readonly itlStatus?: "current" | "other";
  /** The status message that tells how its lists are, as `tellingTrustMessage` picks it. */
  readonly webStatus?: string;
  /** The checksums or signers on the phone's own page are those of the lists that are assumed. */
  readonly trustListPage?: "same" | "other";
  /** Whether the TVS log of its cluster has a question in this phone's name over TLS, since TVS's certificate was made. */
  readonly tvsLog?: boolean;
}

const OLDER = "it last registered before the lists that TFTP serves were made: it may hold older ones";

/** The strongest level that the observations carry, and what they say against it. */
export function evidenceOf(seen: Observations): Evidence {
  const carried: { readonly [level in EvidenceLevel]: boolean } = {
    served: true,
    "registered-over-tls": seen.registered?.secure === true,
    "registered-since-lists":
      seen.registered?.since !== undefined &&
      seen.listsMadeAt !== undefined &&
      seen.registered.since >= seen.listsMadeAt,
    "tvs-log": seen.tvsLog === true,
    "itl-status": seen.itlStatus === "current",
    "web-status": TAKEN.test(seen.webStatus ?? ""),
    "trust-list-page": seen.trustListPage === "same",
  };
  const contradicted = [
    seen.itlStatus === "other" && "the cluster records that its ITL is not the one served",
    FAILED.test(seen.webStatus ?? "") && `its web page says "${printable(seen.webStatus ?? "")}"`,
    NONE.test(seen.webStatus ?? "") && "its web page says that it holds no trust list",
    seen.trustListPage === "other" && "its trust-list page shows other lists",
  ]
    .filter((sentence) => sentence !== false)
    .sort();
  const isOlder =
    seen.registered?.since !== undefined &&
    seen.listsMadeAt !== undefined &&
    seen.registered.since < seen.listsMadeAt;
  const against = isOlder ? [OLDER, ...contradicted].sort() : contradicted;
  const level = EVIDENCE_LEVELS.findLast((one) => carried[one]) ?? "served";
  return { level, against, ...(contradicted.length > 0 && { contradicted }) };
}

/**
 * The words of Cisco's administration guides, and nothing but a time before them; phones differ in upper and lower
 * case. `ITL installed: No` is another line, and so is one that tells of a second list.
 */
const TAKEN =
  /^(?:[^a-z]*\d ?[ap]?m?\b)?[^a-z]*(?:trust list updated|(?:ctl and itl|ctl|itl) installed)\.?$/i;
const FAILED = /(?:trust list|ctl|itl) update failed/i;
const NONE = /no trust list installed/i;

/** Negative, zero or positive: `a` is weaker than, as strong as, stronger than `b`. */
export function compareEvidence(a: EvidenceLevel, b: EvidenceLevel): number {
  return EVIDENCE_LEVELS.indexOf(a) - EVIDENCE_LEVELS.indexOf(b);
}

/**
 * Whether the evidence is good enough for a user who demands a level: `null`, or why not. Evidence against what is
 * assumed fails every level but the weakest, which demands nothing.
 */
export function requireEvidence(evidence: Evidence, level: EvidenceLevel): string | null {
  if (level === "served") return null;
  if (evidence.against.length > 0)
    return `something speaks against what is assumed: ${evidence.against.join("; ")}`;
  if (compareEvidence(evidence.level, level) >= 0) return null;
  return `what is assumed about it rests on "${evidence.level}" (${EVIDENCE_WORDS[evidence.level].seen}); "${level}" is required`;
}

/** One sentence: what was seen, and what is only inferred from it. */
export function describeEvidence(evidence: Evidence): string {
  const { seen, therefore, kind } = EVIDENCE_WORDS[evidence.level];
  const against = evidence.against.map((sentence) => `; but ${sentence}`).join("");
  return `${kind === "observation" ? "seen" : "inferred"}: ${seen}; ${therefore}${against}`;
}

/** Status lines come from the network: no control character of theirs reaches a terminal. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, "?").slice(0, 200);
}
