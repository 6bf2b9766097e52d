/**
 * What a phone model can do about trust, as far as anybody says: Cisco's guides first, then what others report, then
 * guesses. Every cell says which, because a forecast must not rest on a guess without saying so. A user who knows
 * better overrides cells; a cluster knows best: Cisco Unified Reporting, "Unified CM Phone Feature List".
 */

/** So of the loads of today; nobody is known to tell from which on. A forecast says that it takes this for granted. */
export const BY_LOAD = "one public source; depends on the load";

/** How we know a cell; in the words of docs/assumptions.md. */
export type Confidence =
  | "the user says so"
  | "the cluster's phone feature list"
  | "the cluster's phone feature list could not be read"
  | "the cluster's phone feature list says no, the built-in table yes"
  | "documented"
  | "one public source"
  | typeof BY_LOAD
  | "sources disagree"
  | "not documented: a guess"
  | "not documented";

/** Whether a forecast may take a cell as a fact; otherwise its outcome may hang on it, and says so. */
const SETTLED: { readonly [confidence in Confidence]: boolean } = {
  "the user says so": true,
  "the cluster's phone feature list": true,
  "the cluster's phone feature list could not be read": false,
  "the cluster's phone feature list says no, the built-in table yes": false,
  documented: true,
  "one public source": true,
  [BY_LOAD]: true,
  "sources disagree": false,
  "not documented: a guess": false,
  "not documented": false,
};

export interface Cell {
  /** Where nothing is known: the careful answer, no. */
  readonly value: boolean;
  readonly confidence: Confidence;
}

export interface Capabilities {
  /** Security By Default: asks for an ITL and asks TVS about signers that it does not know. */
  readonly securityByDefault: Cell;
  /** Takes lists and configurations signed with SHA-256. CUCM signs with SHA-1 or SHA-512 only. */
  readonly sha256: Cell;
  /** As CUCM signs when the enterprise parameter "TFTP File Signature Algorithm" is SHA-512. */
  readonly sha512: Cell;
  /** Takes signatures by RSA keys of more than 2048 bits. */
  readonly largeRsaKeys: Cell;
}
export type Capability = keyof Capabilities;

const CAPABILITY_WORDS: { readonly [capability in Capability]: string } = {
  securityByDefault: "has Security By Default",
  sha256: "can check signatures made with SHA-256",
  sha512: "can check signatures made with SHA-512",
  largeRsaKeys: "can check signatures of RSA keys with more than 2048 bits",
};

/** `has Security By Default ...`, or that it has not. */
export function capabilityWords(capability: Capability, value: boolean): string {
  const words = CAPABILITY_WORDS[capability];
  return value ? words : words.replace(/^has /, "has no ").replace(/^can /, "cannot ");
}

export interface PhoneModel {
  /** As the caller names it. */
  readonly name: string;
  /** Row of the table; `null` for a model that is in none. */
  readonly family: string | null;
  readonly capabilities: Capabilities;
  /** What else a migration should know about the family; empty for most. */
  readonly remark: string;
}

interface Family {
  readonly name: string;
  readonly matches: RegExp;
  readonly capabilities: Capabilities;
  readonly remark?: string;
}

const cisco = (value: boolean): Cell => ({ value, confidence: "documented" });
const reported = (value: boolean): Cell => ({ value, confidence: "one public source" });
const byLoad: Cell = { value: true, confidence: BY_LOAD };
const guess = (value: boolean): Cell => ({ value, confidence: "not documented: a guess" });
const disputed = (value: boolean): Cell => ({ value, confidence: "sources disagree" });
const UNKNOWN: Cell = { value: false, confidence: "not documented" };
/** No CUCM signs with it, and no phone is known to refuse it. */
const SHA256 = UNKNOWN;

/** A row for a family: whether it has Security By Default, takes SHA-512, takes large RSA keys. */
const row = (securityByDefault: Cell, sha512: Cell, largeRsaKeys: Cell): Capabilities => ({
  securityByDefault,
  sha256: SHA256,
  sha512,
  largeRsaKeys,
});

/** First match counts. Names as CUCM's product table and RIS spell them: `Cisco 7942`, `CP-8861`, `Cisco ATA 191`. */
export const FAMILIES: readonly Family[] = [
  {
    name: "7940G, 7960G",
    matches: /\b79[46]0G?\b/,
    capabilities: row(cisco(false), guess(false), guess(false)),
    remark: "takes another cluster's CTL only when its signer is a SAST record of the CTL that it holds",
  },
  {
    name: "7935, 7936, 7937",
    matches: /\b793[567]\b/,
    capabilities: row(cisco(false), guess(false), guess(false)),
  },
  {
    name: "6901, 6911",
    matches: /\b69[01]1\b/,
    capabilities: row(cisco(false), guess(false), guess(false)),
    remark: "never asks for an ITL",
  },
  {
    name: "7906, 7911, 7931, 7941, 7961, 7970, 7971",
    matches: /\b79(?:06|11|31|41|61|70|71)G?(?:-GE)?\b/,
    capabilities: row(byLoad, cisco(false), cisco(false)),
    remark: "has Security By Default with a 9.x load",
  },
  {
    name: "7942, 7945, 7962, 7965, 7975",
    matches: /\b79(?:42|45|62|65|75)G?\b/,
    capabilities: row(cisco(true), cisco(false), guess(false)),
  },
  {
    name: "7925, 7926",
    matches: /\b792[56]G?(?:-EX)?\b/,
    capabilities: row(guess(true), guess(false), guess(false)),
  },
  {
    name: "6921, 6941, 6945, 6961",
    matches: /\b69(?:21|41|45|61)\b/,
    capabilities: row(guess(true), guess(false), guess(false)),
  },
  {
    name: "8941, 8945",
    matches: /\b894[15]\b/,
    capabilities: row(reported(true), cisco(false), guess(false)),
    remark: "its ITL cannot be erased alone: reset the security settings",
  },
  {
    name: "8961, 9951, 9971",
    matches: /\b(?:8961|99[57]1)\b/,
    capabilities: row(cisco(true), disputed(false), guess(false)),
  },
  {
    name: "8861, 8865",
    matches: /\b886[15](?:NR)?\b/,
    capabilities: row(cisco(true), byLoad, UNKNOWN),
  },
  {
    name: "7800 and 8800 series",
    matches: /\b(?:78[123461]1|7832|88[145]1|8845|8831|8832|8821)(?:NR|-EX)?\b/,
    capabilities: row(reported(true), byLoad, UNKNOWN),
  },
  {
    name: "9800 series",
    matches: /\b98[0-9]{2}\b/,
    capabilities: row(guess(true), guess(true), UNKNOWN),
  },
  {
    name: "DX and Android desk devices",
    matches: /\bDX ?[0-9]+\b/i,
    capabilities: row(reported(true), UNKNOWN, UNKNOWN),
  },
  {
    name: "ATA 190, 191, 192",
    matches: /\bATA ?19[0-2]\b/i,
    capabilities: row(cisco(false), UNKNOWN, UNKNOWN),
    remark: "Cisco's guide orders a factory reset when the CTL changes",
  },
  {
    name: "Jabber",
    matches: /Jabber|Client Services Framework|Dual Mode|\b(?:CSF|TCT|BOT|TAB)\b/i,
    capabilities: row(cisco(false), UNKNOWN, UNKNOWN),
  },
  {
    name: "TelePresence and room devices",
    matches: /TelePresence|Room|Board|\bEX[0-9]+|\bSX[0-9]+|\bMX[0-9]+/i,
    capabilities: row({ value: false, confidence: "sources disagree" }, UNKNOWN, UNKNOWN),
    remark: "many have no Security By Default: look the model up in the phone feature list",
  },
  {
    name: "third-party",
    matches: /third-?party/i,
    capabilities: row(reported(false), UNKNOWN, UNKNOWN),
  },
];

const NO_FAMILY: Capabilities = row(UNKNOWN, UNKNOWN, UNKNOWN);

/** What the user or a cluster's feature list says of models; names compared without case and without `Cisco`, `CP-`. */
export type ModelFacts = {
  readonly [model: string]: { readonly [capability in Capability]?: boolean };
};

export interface ModelKnowledge {
  /** Beats everything. */
  readonly user?: ModelFacts;
  /** Of the cluster that the phones are on; beats the table. null: it could not be read, and may say otherwise. */
  readonly featureList?: ModelFacts | null;
}

/** The model's row, with what is known better put over it. */
export function phoneModel(name: string, knowledge: ModelKnowledge = {}): PhoneModel {
  // `CP-8861`: the hyphen is a boundary as the space in `Cisco 8861` is; Jabber's RIS name has none.
  const family = FAMILIES.find((one) => one.matches.test(name)) ?? null;
  const table = family?.capabilities ?? NO_FAMILY;
  const { featureList } = knowledge;
  const list =
    featureList === null
      ? notListed(table)
      : withoutDisputed(factsOf(featureList, name, "the cluster's phone feature list"), table);
  const user = factsOf(knowledge.user, name, "the user says so");
  return {
    name,
    family: family?.name ?? null,
    capabilities: { ...table, ...list, ...user },
    remark: family?.remark ?? "",
  };
}

/** Whether the cell is taken as a fact. */
export function isSettled(cell: Cell): boolean {
  return SETTLED[cell.confidence];
}

/** What a feature list has rows of. */
function notListed({ securityByDefault, largeRsaKeys }: Capabilities): Partial<Capabilities> {
  const unread = ({ value }: Cell): Cell => ({
    value,
    confidence: "the cluster's phone feature list could not be read",
  });
  return { securityByDefault: unread(securityByDefault), largeRsaKeys: unread(largeRsaKeys) };
}

/** A row that is missing is weak evidence: that the list is read from the right tables is not documented. */
function withoutDisputed(listed: Partial<Capabilities>, table: Capabilities): Partial<Capabilities> {
  const disputed = (cell: Cell, known: Cell): Cell =>
    !cell.value && known.value && isSettled(known)
      ? { value: false, confidence: "the cluster's phone feature list says no, the built-in table yes" }
      : cell;
  return Object.fromEntries(
    Object.entries(listed).map(([name, cell]) => [name, disputed(cell, table[name as Capability])]),
  );
}

function factsOf(facts: ModelFacts | undefined, model: string, confidence: Confidence) {
  const said = Object.entries(facts ?? {}).find(([name]) => bareModel(name) === bareModel(model))?.[1] ?? {};
  const cells: { -readonly [capability in Capability]?: Cell } = {};
  for (const [capability, value] of Object.entries(said))
    if (value !== undefined) cells[capability as Capability] = { value, confidence };
  return cells;
}

/** A name as it is compared: however AXL, RIS and people spell it. */
export function bareModel(model: string): string {
  return model
    .toLowerCase()
    .replace(/^cisco\s+|^cp-/, "")
    .trim();
}
