/** The waves of a declaration as it lies in a stack's folder, each with a data source that forecasts its phones. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "./command-error";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Block = { readonly [key: string]: Json };
type Blocks = { readonly [type: string]: { readonly [name: string]: Block } };

/** Terraform's JSON syntax, as far as it matters here. */
export interface Declaration {
  readonly terraform?: { readonly required_providers?: { readonly [name: string]: Json } };
  readonly provider?: { readonly [name: string]: Json };
  readonly data?: Blocks;
  readonly resource?: Blocks;
  readonly variable?: Block;
  readonly locals?: Block;
}

/** What constructs leave beside the arguments; cores ignore it. */
interface Comment {
  readonly metadata?: { readonly path?: string };
  /** Arguments of `cucm_trust_forecast`, also of a wave that has none. */
  readonly forecast?: Block;
  /** Arguments that are references, which are not recorded. */
  readonly known_at_plan?: readonly string[];
}

export interface DeclaredWave {
  /** The construct's path where several waves of the stack have the same name. */
  readonly name: string;
  /** Of its `cucm_phone_registration`. */
  readonly address: string;
  /** Of the `dhcp_option_150` that it waits for. */
  readonly scopes: readonly string[];
  readonly registeredOn: string;
  /** `on_stop`; null: the default. */
  readonly onStop: string | null;
  /** Arguments of `cucm_trust_forecast`. */
  readonly forecast: Block;
  /** Arguments that are declared, but cannot be told. */
  readonly untold: readonly string[];
}

/** Names of the clusters that provider cucm has and that are in service; null where they are a reference. */
export function declaredClusters(declaration: Declaration): readonly string[] | null {
  const clusters = clustersOf(declaration);
  const gone = decommissionedClusters(declaration);
  return (
    clusters &&
    Object.keys(clusters)
      .filter((name) => !gone.includes(name))
      .sort()
  );
}

/** Names of those that are switched off for good. */
export const decommissionedClusters = (declaration: Declaration): readonly string[] =>
  Object.entries(clustersOf(declaration) ?? {})
    .filter(([, cluster]) => isObject(cluster) && cluster.decommissioned === true)
    .map(([name]) => name);

function clustersOf({ provider }: Declaration): { readonly [name: string]: unknown } | null {
  const [cucm] = [provider?.cucm].flat().filter((one) => isObject(one) && !("alias" in one)) as Block[];
  const clusters = cucm?.clusters;
  return isObject(clusters) ? clusters : null;
}

/** All `*.tf.json` files of the folder; `cdktf` lays one. @throws CommandError when there is none */
export function readDeclaration(folder: string): Declaration {
  const files = readdirSync(folder).filter((name) => name.endsWith(".tf.json"));
  if (files.length === 0)
    throw new CommandError(
      `${folder} holds no declaration in Terraform's JSON syntax (*.tf.json). Run \`npx cdktf synth\`, or name the folder of such a stack with --folder.${unreadHcl(folder)}`,
      2,
    );
  const parts = files
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Declaration);
  return parts.reduce((all, part) => merged(all, part) as Declaration, {});
}

/** Blocks of one kind may be in several files. */
function merged(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  if (!isObject(one) || !isObject(other)) return other;
  const both = Object.keys(other).map((key) => [key, key in one ? merged(one[key], other[key]) : other[key]]);
  return { ...one, ...Object.fromEntries(both) };
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where `.tf` files may declare what is missed; empty where cdktf has laid out the folder. */
function unreadHcl(folder: string): string {
  const names = readdirSync(folder);
  return names.includes("cdk.tf.json") || !names.some((name) => name.endsWith(".tf"))
    ? ""
    : ` The *.tf files there are not read: this command knows only *.tf.json. Use \`imports --folder\` or \`review PLAN\` there, which go by a plan.`;
}

export const noWave = (folder: string): string =>
  `There is no wave. Declare one with PhoneMigration in main.ts, and run \`npx cdktf synth\`.${unreadHcl(folder)}`;

/** Sorted by name. */
export function declaredWaves({ data, resource }: Declaration): DeclaredWave[] {
  const memberships = Object.values(resource?.cucm_trust_memberships ?? {});
  const declared = Object.entries(data?.cucm_trust_forecast ?? {});
  const importsInto = (cluster: Json | undefined) =>
    memberships.find((one) => one.cluster === cluster)?.certificates ?? null;
  const waves = Object.entries(resource?.cucm_phone_registration ?? {}).map(([key, registration]) => {
    const { source = null, destination = null, phones = null, registered_on, on_stop } = registration;
    const path = wavePath(key, registration);
    const known = declared.find(([k, one]) => wavePath(k, one) === path)?.[1];
    const { "//": _, ...settings } = known ?? {};
    const { forecast: recorded = {}, known_at_plan = [] } = commentOf(registration);
    const options = resource?.dhcp_option_150 ?? {};
    const there = optionAnswers(registration, options, "destination_addresses");
    const back = optionAnswers(registration, options, "source_addresses");
    const limits = failureLimits(registration.limits);
    const forecast = {
      ...(limits !== null && { limits }),
      ...(there !== null && { destination_tftp: there }),
      ...(back !== null && { source_tftp: back }),
      assume_trusted: { source: importsInto(source), destination: importsInto(destination) },
      ...recorded,
      ...settings,
      source,
      destination,
      phones,
    };
    return {
      path,
      wave: {
        address: `cucm_phone_registration.${key}`,
        scopes: scopesOf(registration),
        registeredOn: String(registered_on),
        onStop: typeof on_stop === "string" ? on_stop : null,
        forecast,
        untold: known ? [] : known_at_plan,
      },
    };
  });
  const names = waves.map(({ path }) => lastOf(path));
  return waves
    .map(({ path, wave }, i) => ({
      name: names.indexOf(names[i]!) === names.lastIndexOf(names[i]!) ? names[i]! : path,
      ...wave,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Address of each resource and data source -> path of the construct that declared it, where constructs did. */
export function constructPaths({ data = {}, resource = {} }: Declaration): ReadonlyMap<string, string> {
  const pathsIn = (blocks: Blocks, prefix: string) =>
    Object.entries(blocks).flatMap(([type, named]) =>
      Object.entries(named).flatMap(([name, block]): [string, string][] => {
        const path = commentOf(block).metadata?.path;
        return path === undefined ? [] : [[`${prefix}${type}.${name}`, path]];
      }),
    );
  return new Map([...pathsIn(resource, ""), ...pathsIn(data, "data.")]);
}

/**
 * What option 150 of the wave's scopes will answer, as an expression; a wave waits for its scopes. Null where one of
 * them inherits its answer: what that is nobody has declared.
 */
function optionAnswers(
  registration: Block,
  options: { readonly [name: string]: Block },
  end: "source_addresses" | "destination_addresses",
): string | null {
  const answers = scopesOf(registration)
    .map((address) => options[address.slice("dhcp_option_150.".length)]?.[end] ?? null)
    .map((answer) =>
      typeof answer === "string" ? answer.replace(/^\$\{(.*)\}$/s, "$1") : answer && JSON.stringify(answer),
    );
  return answers.length === 0 || answers.includes(null)
    ? null
    : `\${distinct(concat(${answers.join(", ")}))}`;
}

/** Of `limits`, those that say how many phones may fail. */
function failureLimits(limits: Json | undefined): Json {
  if (!isObject(limits)) return limits ?? null;
  const { max_failures = null, max_failure_ratio = null } = limits as Block;
  return { max_failures, max_failure_ratio };
}

const scopesOf = ({ depends_on = [] }: Block) =>
  (depends_on as readonly string[]).filter((address) => address.startsWith("dhcp_option_150."));

/** The construct's (`stack/move/hq` of `stack/move/hq/registration`); without one, from the resource's name. */
const wavePath = (key: string, block: Block): string =>
  commentOf(block).metadata?.path?.replace(/\/[^/]*$/, "") ??
  key.replace(/_(?:registration|forecast)(?:_[0-9A-F]{8})?$/, "");

const lastOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

const commentOf = (block: Block) => (block["//"] ?? {}) as Comment;

/** The files of values that cores read by themselves. */
const VALUES = /^terraform\.tfvars(\.json)?$|\.auto\.tfvars(\.json)?$/;

/** Lays the forecasts, with the declaration's data sources that they refer to. The outputs `wave_<i>` hold them. */
export function layForecasts(
  folder: string,
  declaration: Declaration,
  waves: readonly DeclaredWave[],
  scratch: string,
): void {
  const forecasts = Object.fromEntries(waves.map(({ forecast }, i) => [`wave_${i}`, forecast]));
  const { cucm_cluster, cucm_signers } = declaration.data ?? {};
  const data = { cucm_cluster, cucm_signers, cucm_trust_forecast: forecasts };
  layQuestions(folder, declaration, data, "cucm_trust_forecast", scratch);
}

/**
 * Lays a folder in which a core reads these data sources, and nothing else: the declaration's clusters, the variables
 * and locals that are referred to, no resource and no backend. Each of type `told` is an output of its name.
 *
 * @throws CommandError when no provider cucm is declared
 */
export function layQuestions(
  folder: string,
  { terraform, provider, variable, locals }: Declaration,
  data: { readonly [type: string]: Blocks[string] | undefined },
  told: string,
  scratch: string,
): void {
  const cucm = terraform?.required_providers?.cucm;
  if (cucm === undefined || provider?.cucm === undefined)
    throw new CommandError(
      `${folder} declares no provider cucm, so it has no clusters to ask. Name another stack with --stack or --folder.${unreadHcl(folder)}`,
      2,
    );
  const values = readdirSync(folder).filter((name) => VALUES.test(name));
  for (const name of ["terraform.d", ".terraform.lock.hcl", ...values])
    if (existsSync(join(folder, name)))
      cpSync(join(folder, name), join(scratch, name), { recursive: true, verbatimSymlinks: true });
  const outputs = Object.keys(data[told] ?? {}).map((name) => [name, { value: `\${data.${told}.${name}}` }]);
  const asked = {
    terraform: { required_providers: { cucm } },
    provider: { cucm: provider.cucm },
    data,
    output: Object.fromEntries(outputs),
  };
  const declaration = { ...asked, ...referredTo(asked, { variable, locals }) };
  writeFileSync(join(scratch, "asked.tf.json"), JSON.stringify(declaration, null, 2));
}

/** Only what is needed: another local may refer to a resource, and another variable may have no value here. */
function referredTo(
  asked: object,
  { variable = {}, locals = {} }: Pick<Declaration, "variable" | "locals">,
): Pick<Declaration, "variable" | "locals"> {
  const found = { var: new Map<string, Json>(), local: new Map<string, Json>() };
  const lookIn = (part: unknown) => {
    for (const [, kind, name] of JSON.stringify(part).matchAll(/\b(var|local)\.([\w-]+)/g)) {
      const declared = kind === "var" ? variable : locals;
      const names = found[kind as "var" | "local"];
      if (names.has(name!) || !Object.hasOwn(declared, name!)) continue;
      names.set(name!, declared[name!]!);
      lookIn(declared[name!]);
    }
  };
  lookIn(asked);
  return {
    ...(found.var.size > 0 && { variable: Object.fromEntries(found.var) }),
    ...(found.local.size > 0 && { locals: Object.fromEntries(found.local) }),
  };
}
