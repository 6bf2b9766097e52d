/**
 * What Cisco does not document about phones and CallManagers, one named switch each. A forecast tries every setting
 * that matters; where the outcome differs it is `uncertain` and says on which switch it hangs. A setting that a user
 * has found out (in a lab, from Cisco) is handed in and no longer varied.
 */
export interface Switches {
  readonly tvsTryNextOnMiss: boolean;
  readonly fallbackWhenConfigBad: "cached" | "tftpAsCcm";
  readonly firstCtlWithItl: "verify" | "trust";
  readonly ctlRole2AcceptsItl: boolean;
  readonly enforceTftpAddress: boolean;
  readonly ctl404: "keep" | "erase";
  readonly itlProvesCallManager: boolean;
  readonly lscIssuerStore: "CallManager-trust" | "either store";
}
export type SwitchName = keyof Switches;

/** Their names in declarations for a core and on the command line. */
export const SWITCH_ATTRIBUTES = {
  tvsTryNextOnMiss: "tvs_try_next_on_miss",
  fallbackWhenConfigBad: "fallback_when_config_bad",
  firstCtlWithItl: "first_ctl_with_itl",
  ctlRole2AcceptsItl: "ctl_role2_accepts_itl",
  enforceTftpAddress: "enforce_tftp_address",
  ctl404: "ctl_404",
  itlProvesCallManager: "itl_proves_call_manager",
  lscIssuerStore: "lsc_issuer_store",
} as const satisfies { readonly [name in SwitchName]: string };

export interface SwitchRow<V> {
  /** Used for the outcome that is expected. */
  readonly default: V;
  readonly other: V;
  readonly question: string;
  /** Where the default comes from. */
  readonly source: string;
}

export const SWITCHES: { readonly [name in SwitchName]: SwitchRow<Switches[name]> } = {
  tvsTryNextOnMiss: {
    default: false,
    other: true,
    question: "whether a phone asks the next TVS server when one does not know the signer",
    source:
      "not documented; the guides tell of the next server only when one does not answer, so the answer is taken as final",
  },
  fallbackWhenConfigBad: {
    default: "cached",
    other: "tftpAsCcm",
    question:
      "whether a phone that refuses a configuration keeps to the CallManagers that it had, or tries the TFTP server as one",
    source:
      "community articles tell of both; a phone in secure mode can hardly register with a node that its lists do not name",
  },
  firstCtlWithItl: {
    default: "verify",
    other: "trust",
    question: "whether a phone that holds an ITL but no CTL checks the first CTL, or takes it",
    source:
      "not documented for a CTL of another cluster; Cisco's document 221657 shows it for the same cluster, where both give the same",
  },
  ctlRole2AcceptsItl: {
    default: true,
    other: false,
    question: "whether a CCM+TFTP record of the CTL is enough for the signer of an ITL",
    source:
      "a community article on migrating with ITL says so, and phones served by a subscriber before 12.0 would need TVS at each boot otherwise",
  },
  enforceTftpAddress: {
    default: false,
    other: true,
    question: "whether a phone refuses a TFTP server whose address is in neither of its new lists",
    source:
      "the 8800 guide knows the message; Cisco's document 213407 shows an 8861 going on with an unlisted address before the CTL",
  },
  ctl404: {
    default: "keep",
    other: "erase",
    question: "whether a phone keeps its CTL when the TFTP server has none",
    source:
      "not documented; the orders to delete the CTL by hand in Cisco's documents make sense only if it stays",
  },
  itlProvesCallManager: {
    default: false,
    other: true,
    question: "whether a CCM+TFTP record of the ITL alone is enough for a CallManager's TLS",
    source: "the 7911 guide asks for a valid CallManager certificate in the CTL",
  },
  lscIssuerStore: {
    default: "CallManager-trust",
    other: "either store",
    question: "whether CallManager takes a phone whose certificate's issuer is in CAPF-trust only",
    source:
      "Cisco's documents name CAPF-trust (manual) or CallManager-trust (bulk), and both for external authorities: the stricter one is taken",
  },
};

/** Something that is not known and that the outcome may hang on: a switch, or a fact that nobody could read. */
export interface Doubt {
  /** Name of a switch, or an id of its own. */
  readonly id: string;
  readonly words: string;
}

type Setting = string | boolean;
interface Answered {
  readonly doubt: Doubt;
  readonly setting: Setting;
  readonly others: readonly Setting[];
}

/** Answers the procedure's questions in one run, and remembers which it asked. */
export class Answers {
  private readonly asked = new Map<string, Answered>();
  /** What else the procedure relied on, in sentences, in the order of the questions. */
  readonly rests = new Set<string>();

  constructor(
    private readonly fixed: Partial<Switches>,
    private readonly chosen: ReadonlyMap<string, Setting>,
  ) {}

  setting<S extends SwitchName>(name: S): Switches[S] {
    const known = this.fixed[name];
    if (known !== undefined) return known;
    const row: SwitchRow<Switches[S]> = SWITCHES[name];
    return this.choose({ id: name, words: row.question }, row.default, row.other) as Switches[S];
  }

  rest(sentence: string): void {
    this.rests.add(sentence);
  }

  /** A fact that could not be read: both possibilities are tried. */
  fact(id: string, words: string, expected: boolean): boolean {
    return this.choose({ id, words }, expected, !expected) as boolean;
  }

  /** In the order of the questions. */
  get trail(): readonly Answered[] {
    return [...this.asked.values()];
  }

  private choose(doubt: Doubt, expected: Setting, other: Setting): Setting {
    const earlier = this.asked.get(doubt.id);
    if (earlier !== undefined) return earlier.setting;
    const setting = this.chosen.get(doubt.id) ?? expected;
    const others = setting === expected ? [other] : [expected];
    this.asked.set(doubt.id, { doubt, setting, others });
    return setting;
  }
}

/** One way that things may go. */
export interface Way<T> {
  readonly settings: ReadonlyMap<string, Setting>;
  readonly result: T;
  readonly rests: readonly string[];
}

/** Twice as many for each doubt: 8 that are asked together are followed to the end. */
const MOST_WAYS = 256;

export interface Ways<T> {
  /** The expected one first, then those with fewer unexpected settings before those with more. */
  readonly ways: readonly Way<T>[];
  readonly doubts: ReadonlyMap<string, Doubt>;
  /** There are more: so much is unknown that not every way was followed. */
  readonly cut: boolean;
}

/** Every way that a procedure can go: settings that a run does not ask for are not varied. */
export function everyWay<T>(fixed: Partial<Switches>, run: (answers: Answers) => T): Ways<T> {
  const ways: Way<T>[] = [];
  const doubts = new Map<string, Doubt>();
  const open: Map<string, Setting>[] = [new Map()];
  for (let chosen = open.shift(); chosen !== undefined; chosen = open.shift()) {
    if (ways.length === MOST_WAYS) return { ways, doubts, cut: true };
    const answers = new Answers(fixed, chosen);
    const result = run(answers);
    const settings = new Map<string, Setting>();
    for (const { doubt, setting, others } of answers.trail) {
      doubts.set(doubt.id, doubt);
      if (!chosen.has(doubt.id))
        for (const other of others) open.push(new Map([...settings, [doubt.id, other]]));
      settings.set(doubt.id, setting);
    }
    ways.push({ settings, result, rests: [...answers.rests] });
  }
  return { ways, doubts, cut: false };
}

/** The doubts that decide: two ways that differ in nothing else (as far as both asked) end differently. */
export function decisive<T>(
  ways: readonly Omit<Way<T>, "rests">[],
  same: (a: T, b: T) => boolean,
): Set<string> {
  const found = new Set<string>();
  for (const [i, a] of ways.entries()) {
    for (const b of ways.slice(i + 1)) {
      if (same(a.result, b.result)) continue;
      const differing = [...a.settings].filter(
        ([id, value]) => b.settings.has(id) && b.settings.get(id) !== value,
      );
      if (differing.length === 1) found.add(differing[0]![0]);
    }
  }
  return found;
}
