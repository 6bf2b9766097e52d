/** A complete declaration to vary, and what it synthesises to. */
import { TerraformStack, Testing } from "cdktf";
import {
  fromEnv,
  KeaServer,
  type KeaServerProps,
  PhoneMigration,
  type PhoneMigrationProps,
  SecureCluster,
  type SecureClusterProps,
  TrustExchange,
  type TrustExchangeProps,
  VoiceScope,
  type VoiceScopeProps,
  type Wave,
} from "../../../constructs";

export const TLS_PIN = "ab".repeat(32);
export const SSH_PIN = `SHA256:${"A".repeat(43)}`;
export const PHONE = "SEP001122334455";
export const OTHER_PHONE = "SEP0011223344AA";

export const IDENTITY = { tlsSha256: { "*": [TLS_PIN] }, sshSha256: { "*": [SSH_PIN] } };

export interface Varied {
  /** @default a new one */
  readonly stack?: TerraformStack;
  readonly source?: Partial<SecureClusterProps>;
  readonly destination?: Partial<SecureClusterProps>;
  readonly trust?: Partial<TrustExchangeProps>;
  readonly kea?: Partial<KeaServerProps>;
  readonly scope?: Partial<VoiceScopeProps>;
  /** More scopes of the same server: id -> subnet. */
  readonly scopes?: { readonly [id: string]: string };
  readonly waves?: (scopes: { readonly [id: string]: VoiceScope }) => readonly Wave[];
  readonly migration?: Partial<PhoneMigrationProps>;
}

export interface Declared {
  readonly stack: TerraformStack;
  readonly source: SecureCluster;
  readonly destination: SecureCluster;
  readonly trust: TrustExchange;
  readonly kea: KeaServer;
  readonly scopes: { readonly [id: string]: VoiceScope };
  readonly migration: PhoneMigration;
}

/** Two clusters at 10.10.0.11 and 10.20.0.11, one Kea, the scope `hq`, and one wave `hq` on the source. */
export function declare(varied: Varied = {}): Declared {
  const { stack = new TerraformStack(Testing.app(), "stack") } = varied;
  const cluster = (name: "source" | "destination", publisher: string) =>
    new SecureCluster(stack, name, {
      publisher,
      identity: IDENTITY,
      credentials: fromEnv(name.toUpperCase()),
      ...varied[name],
    });
  const source = cluster("source", "10.10.0.11");
  const destination = cluster("destination", "10.20.0.11");
  const trust = new TrustExchange(stack, "trust", { source, destination, ...varied.trust });
  const kea = new KeaServer(stack, "kea", { endpoints: ["unix:///run/kea/socket"], ...varied.kea });
  const scopes: { [id: string]: VoiceScope } = {
    hq: new VoiceScope(stack, "hq", { server: kea, subnet: "10.1.20.0/24", ...varied.scope }),
  };
  for (const [id, subnet] of Object.entries(varied.scopes ?? {}))
    scopes[id] = new VoiceScope(stack, id, { server: kea, subnet });
  const migration = new PhoneMigration(stack, "move", {
    trust,
    waves: varied.waves?.(scopes) ?? [wave("hq", "source", [scopes.hq!])],
    ...varied.migration,
  });
  return { stack, source, destination, trust, kea, scopes, migration };
}

export const wave = (
  name: string,
  registeredOn: Wave["registeredOn"],
  scopes: readonly VoiceScope[],
  phones: readonly string[] = [PHONE],
): Wave => ({ name, registeredOn, scopes, phones });

interface Attributes {
  // biome-ignore lint/suspicious/noExplicitAny: JSON to look into
  readonly [attribute: string]: any;
}
interface Blocks {
  readonly [type: string]: { readonly [name: string]: Attributes };
}

export interface Synthesised {
  readonly terraform: { readonly required_providers: { readonly [name: string]: Attributes } };
  readonly provider: { readonly [name: string]: readonly Attributes[] };
  readonly data: Blocks;
  readonly resource: Blocks;
}

/** The Terraform JSON, cdktf's own validations included. */
export const synthesised = (stack: TerraformStack): Synthesised => JSON.parse(Testing.synth(stack, true));

export const synth = (varied: Varied = {}): Synthesised => synthesised(declare(varied).stack);

/** `type.name` -> attributes, of every managed resource. */
export const resources = (json: Synthesised): { readonly [address: string]: Attributes } =>
  Object.fromEntries(
    Object.entries(json.resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, attributes]) => [`${type}.${name}`, attributes]),
    ),
  );

/** Address of the only resource whose address matches. */
export function addressOf(json: Synthesised, pattern: RegExp): string {
  const found = Object.keys(resources(json)).filter((address) => pattern.test(address));
  if (found.length !== 1)
    throw new Error(`${pattern} matches ${found.length}: ${Object.keys(resources(json))}`);
  return found[0]!;
}

/** Every string in it, keys included. */
export function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : [key]),
    ...strings(inner),
  ]);
}

/** `path: before -> after` of everything that differs; a missing side is `-`. */
export function difference(before: unknown, after: unknown, path = ""): string[] {
  if (isNested(before) && isNested(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => difference(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  const [a, b] = [JSON.stringify(before) ?? "-", JSON.stringify(after) ?? "-"];
  return a === b ? [] : [`${path}: ${a} -> ${b}`];
}

const isNested = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null;
