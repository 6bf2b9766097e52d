/** What a review says, as `--json` prints it. Members are only ever added; `review` counts up when one changes. */

export interface Review {
  readonly review: 1;
  /** One sentence: what applying this plan does. */
  readonly verdict: string;
  /** Whether the plan changes nothing. Gates, which hold nothing, do not count. */
  readonly unchanged: boolean;
  readonly moves: readonly Move[];
  /** Waves that stay where they are. */
  readonly staying: readonly StayingWave[];
  readonly clusters: readonly ClusterReview[];
  readonly proofs: readonly Proof[];
  readonly scopes: readonly ScopeReview[];
  readonly guards: readonly Place[];
  /** What a deploy cannot take back, in sentences. */
  readonly irreversible: readonly string[];
  /** How to go back, in sentences. */
  readonly wayBack: readonly string[];
  /** What others changed since the last deploy, by the core's `resource_drift`. */
  readonly drift: readonly Drift[];
  /** What this review could not look at, in sentences; see policies `unread` and `unknown`. */
  readonly gaps: readonly Gap[];
  /** What the core warned of while it planned; null where the plan was made elsewhere: a plan does not hold it. */
  readonly warnings: readonly string[] | null;
  /** Which sources are newer than the declaration that synth laid out, in a sentence; null: none is known to be. */
  readonly stale: string | null;
  /** By policy: what speaks against it, in sentences. Policies without any are left out. */
  readonly findings: { readonly [policy: string]: readonly string[] };
  /** Policies of --fail-on that are violated. */
  readonly violated: readonly string[];
}

/** A resource, and the construct that declared it; null where that is not known. */
export interface Place {
  readonly address: string;
  readonly path: string | null;
}

export interface StayingWave extends Place {
  readonly wave: string;
  readonly on: string;
  readonly phones: number;
}

export interface Move extends Place {
  readonly wave: string;
  /** `word`: registeredOn changed. `new`: the wave is new. `joined`: phones were added to it. `rest`: goes on with phones that are not there yet. */
  readonly because: "word" | "new" | "joined" | "rest";
  /** Null for a wave that is new: nobody knows where its phones are. */
  readonly from: string | null;
  readonly to: "source" | "destination";
  readonly clusters: { readonly source: string; readonly destination: string };
  /** Device names of those that move. */
  readonly phones: readonly string[];
  /** How many of them join a wave that was there. */
  readonly joined: number;
  /** How many of them a wave that is new finds on the destination, by its forecast: they are taken over, and not reset. */
  readonly takenOver: number;
  readonly limits: string;
  readonly onStop: "hold" | "restoreScope";
  /** Addresses of the wave's scopes. */
  readonly scopes: readonly string[];
  /** Null on the way back, which waits for no forecast, and where the plan has none. */
  readonly forecast: ForecastReview | null;
  /** Sentences of `go_if` and whether they hold; null is known at apply. */
  readonly conditions: { readonly [sentence: string]: boolean | null };
}

export interface ForecastReview extends Place {
  readonly counts: { readonly [outcome: string]: number };
  readonly evidence: { readonly [level: string]: number };
  readonly moved: number;
  readonly atRisk: readonly {
    readonly name: string;
    readonly outcome: string;
    readonly evidence: string | null;
    readonly reason: string;
    readonly accepted: boolean;
  }[];
  readonly atRiskUnlisted: number;
  /** Phones that move and did not follow at the last deploy, by the state; what the forecast infers of them was wrong then. */
  readonly didNotFollow: readonly { readonly name: string; readonly reason: string }[];
  readonly weakEvidence: readonly string[];
  readonly assumed: readonly string[];
  readonly unread: readonly string[];
  readonly notLookedAt: readonly string[];
}

export interface CertificateFacts {
  readonly sha256: string;
  readonly subject: string;
  readonly commonName: string;
  readonly issuer: string;
  readonly serial: string;
  /** `YYYY-MM-DD`. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Where it was seen, as data source cucm_signers says. */
  readonly seenIn: readonly string[];
}

export interface StoreChange {
  readonly store: string;
  readonly certificate: CertificateFacts;
  /** Nodes that get it, or lose it. */
  readonly nodes: readonly string[];
  /** `new`, `lost` (was there, is put back), `pruned`, `destroyed`. */
  readonly because: "new" | "lost" | "pruned" | "destroyed";
}

export interface Restart {
  readonly service: string;
  readonly nodes: readonly string[];
  readonly certain: boolean;
  readonly meaning: string;
}

export interface ClusterReview extends Place {
  readonly cluster: string;
  readonly version: string | null;
  readonly method: string;
  readonly enters: readonly StoreChange[];
  readonly leaves: readonly StoreChange[];
  /** Found there before the first deploy: a destroy leaves them. */
  readonly alreadyPresent: number;
  /** Replaced by others now; they stay in the stores. */
  readonly superseded: readonly CertificateFacts[];
  /** Memberships (certificate and store) that are there and stay. */
  readonly stays: number;
  readonly restarts: readonly Restart[];
}

export interface Proof extends Place {
  /** The cluster whose TVS nodes are asked. */
  readonly cluster: string;
  /** Null: asked at apply. */
  readonly proven: boolean | null;
  readonly signers: number;
  readonly answers: { readonly [node: string]: string };
}

export interface ScopeFinding {
  readonly kind: string;
  readonly severity: string;
  readonly scope: string;
  readonly value: string;
  readonly advice: string;
}

export interface ScopeReview extends Place {
  readonly server: string;
  readonly scope: string;
  /** Wave that waits for it; null where the configuration does not tell. */
  readonly wave: string | null;
  readonly action: "switch" | "create" | "update" | "delete" | "none";
  readonly serves: { readonly before: string | null; readonly after: string | null };
  /** Option 150; null: not known. Empty: inherited, none at this scope. */
  readonly before: readonly string[] | null;
  readonly after: readonly string[] | null;
  /** Whether somebody puts it back when the wave stops (`onStop: "restoreScope"`). */
  readonly guarded: boolean;
  readonly findings: readonly ScopeFinding[];
}

export interface Drift extends Place {
  readonly type: string;
  /** Sentences. */
  readonly what: readonly string[];
  /** What this plan does about it. */
  readonly afterwards: string;
}

export interface Gap {
  readonly policy: "unread" | "unknown";
  readonly sentence: string;
}

/** Where constructs are: address -> path. */
export type Paths = ReadonlyMap<string, string>;

export const pathOf = (paths: Paths, address: string): string | null => paths.get(address) ?? null;
