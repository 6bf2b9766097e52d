/** What still needs the source, by the state and by what RIS shows: pure. */
import { type Declaration, decommissionedClusters } from "./declared-waves";
import type { StoredState } from "./planned";

/** An entry of `cucm_phone_whereabouts`. */
export interface Whereabouts {
  readonly name: string;
  readonly on: "source" | "destination" | null;
  readonly node: string | null;
  /** ISO 8601, by RIS. */
  readonly since: string | null;
  readonly reason: string | null;
}

export interface WaveStatus {
  readonly name: string;
  readonly address: string;
  readonly scopes: readonly string[];
  readonly source: string;
  readonly destination: string;
  /** null: not declared any more. */
  readonly declared: string | null;
  /** null: not deployed yet. */
  readonly state: string | null;
  readonly stopped: boolean;
  /** It was stopped, and its `dhcp_scope_guard` put its scopes back. */
  readonly put_back: boolean;
  readonly counts: { readonly source: number; readonly destination: number; readonly missing: number };
  /** The newest registration of a phone that is where it should be: the wave has not been complete for longer. */
  readonly last_arrival: string | null;
  readonly on_source: readonly Whereabouts[];
  readonly stragglers: readonly Whereabouts[];
}

export interface Dependent {
  readonly kind: "phone" | "scope" | "trust" | "way back" | "issuer of LSCs";
  /** A device name, or the address of a resource. */
  readonly what: string;
  readonly detail: string;
  /** ISO 8601; null: unknown. */
  readonly since: string | null;
}

export interface Status {
  /** Whether the state has any resource. */
  readonly deployed: boolean;
  readonly waves: readonly WaveStatus[];
  readonly source_needed_by: readonly Dependent[];
  /** Sentences about trust that a stack without waves keeps; where waves are, their deploys say it. */
  readonly trust_problems: readonly string[];
  /** Names of clusters. */
  readonly decommissioned: readonly string[];
  readonly unread: readonly string[];
}

type Attributes = { readonly [name: string]: unknown };

/** Nothing is before the first deploy, and after the last destroy. */
export const isDeployed = ({ resources = [] }: StoredState) =>
  resources.some(({ mode }) => mode === "managed");

/** Attributes of the managed resources of one type, by address. */
export function instancesOf({ resources = [] }: StoredState, type: string): ReadonlyMap<string, Attributes> {
  return new Map(
    resources
      .filter((one) => one.mode === "managed" && one.type === type)
      .flatMap(({ module, name, instances }) => {
        const address = `${module === undefined ? "" : `${module}.`}${type}.${name}`;
        const attributes = instances[0]?.attributes;
        return attributes === undefined ? [] : [[address, attributes] as const];
      }),
  );
}

export function dependents(
  declaration: Declaration,
  state: StoredState,
  waves: readonly WaveStatus[],
): readonly Dependent[] {
  if (!isDeployed(state)) return [];
  const gone = decommissionedClusters(declaration);
  const sources = new Set(waves.map(({ source }) => source).filter((name) => !gone.includes(name)));
  const destinations = new Set(waves.map(({ destination }) => destination));
  return [
    ...waves.flatMap(({ name, on_source }) =>
      on_source.map((phone): Dependent => {
        const { node, since } = phone;
        return { kind: "phone", what: phone.name, detail: `wave ${name}, registered on node ${node}`, since };
      }),
    ),
    ...scopes(declaration, state, waves),
    ...(waves.length === 0 ? trustAlone(state, gone) : trust(state, sources, destinations)),
  ];
}

/** As the last plan that was deployed, or the last deploy, read them: DHCP servers are not asked. */
function scopes({ resource }: Declaration, state: StoredState, waves: readonly WaveStatus[]): Dependent[] {
  const stored = instancesOf(state, "dhcp_option_150");
  const declared = Object.keys(resource?.dhcp_option_150 ?? {}).map((name) => `dhcp_option_150.${name}`);
  return [...new Set([...stored.keys(), ...declared])].flatMap((what): Dependent[] => {
    const { serve = null, server, scope } = stored.get(what) ?? {};
    const place = `${placeOf(scope)} on DHCP server ${server}`;
    // The guard changes it behind the back of the resource, whose state may be older.
    const stopped = waves.find((wave) => wave.put_back && wave.scopes.includes(what));
    if (serve === "destination" && stopped === undefined) return [];
    const detail =
      serve === null
        ? "not deployed yet, so nothing is known of it"
        : serve === "destination"
          ? `${place} was put back on the source when wave ${stopped!.name} was stopped (unless that deploy named it as not put back)`
          : `${place} serves ${serve === "source" ? "the source" : serve}`;
    return [{ kind: "scope", what, detail, since: null }];
  });
}

const placeOf = (scope: unknown): string =>
  Object.entries((scope ?? {}) as Attributes)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => (value === true ? name : `${name} ${value}`))
    .join(", ");

function trust(
  state: StoredState,
  sources: ReadonlySet<string>,
  destinations: ReadonlySet<string>,
): Dependent[] {
  return keptTrust(state).flatMap(({ cluster, signers, issuers, entry }) => [
    ...(sources.has(cluster)
      ? entry("trust", signers + issuers, "for phones that have yet to leave it")
      : []),
    ...(destinations.has(cluster)
      ? [
          ...entry("way back", signers, "only for phones that are to come back"),
          ...entry("issuer of LSCs", issuers, SHOWN_LSC),
        ]
      : []),
  ]);
}

/** Without a wave nothing says which cluster phones leave. */
const trustAlone = (state: StoredState, gone: readonly string[]): Dependent[] =>
  keptTrust(state)
    .filter(({ cluster }) => !gone.includes(cluster))
    .flatMap(({ signers, issuers, entry }) => [
      ...entry("trust", signers, "for phones that are yet to move, or to come back"),
      ...entry("issuer of LSCs", issuers, SHOWN_LSC),
    ]);

const SHOWN_LSC = "for phones that show an LSC of the source's CAPF, wherever they are";

/** Signers are what TVS vouches for; the others issue LSCs. */
function keptTrust(state: StoredState) {
  return [...instancesOf(state, "cucm_trust_memberships")].map(([what, kept]) => {
    const { cluster, keep_until } = kept;
    const all = [kept.certificates, kept.superseded].flatMap((map) =>
      Object.values((map ?? {}) as { readonly [sha256: string]: { readonly stores: readonly string[] } }),
    );
    const signers = all.filter(({ stores }) => stores.includes("Phone-SAST-trust")).length;
    const until = keep_until ? `, kept until ${keep_until}` : "";
    const entry = (kind: Dependent["kind"], count: number, why: string): Dependent[] => {
      const detail = `${count} certificates in the stores of cluster ${cluster}${until}: ${why}`;
      return count === 0 ? [] : [{ kind, what, detail, since: null }];
    };
    return { cluster: String(cluster), signers, issuers: all.length - signers, entry };
  });
}
