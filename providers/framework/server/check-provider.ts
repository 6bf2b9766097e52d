import type { AnyProvider, Move } from "../define";
import { checkSchema } from "../schema/check-schema";

/** Everything that is wrong with a provider's definition, one sentence each; empty when it can be served. */
export function checkProvider(definition: AnyProvider): string[] {
  const { name, resources, dataSources } = definition;
  return [
    ...checkIdentity(definition),
    ...checkSchema(`provider "${name}"`, "provider", definition.attributes),
    ...resources.flatMap((r) => [
      ...checkTypeName(name, "resource", r.type),
      ...checkSchema(r.type, "resource", r.attributes),
      ...checkUpgraders(r.type, r.version ?? 0, Object.keys(r.upgraders ?? {}).map(Number)),
      ...checkMoves(r.type, r.moves ?? [], definition.source),
    ]),
    ...dataSources.flatMap((d) => [
      ...checkTypeName(name, "data source", d.type),
      ...checkSchema(`data ${d.type}`, "data source", d.attributes),
    ]),
    ...twice(
      "resource",
      resources.map((r) => r.type),
    ),
    ...twice(
      "data source",
      dataSources.map((d) => d.type),
    ),
  ];
}

/** How a core finds it: what is not of this form, none would ever start. */
const IDENTITY: readonly (readonly ["name" | "source" | "version", RegExp, string])[] = [
  ["name", /^[a-z][a-z0-9]*$/, "a lower-case letter, and then such letters and digits"],
  [
    "source",
    /^[a-z0-9.-]+(?::\d+)?\/[a-z0-9-]+\/[a-z0-9-]+$/,
    'a whole address in lower case, like "example.internal/acme/disk"',
  ],
  ["version", /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/, 'three numbers, like "1.0.0"'],
];

const checkIdentity = (definition: AnyProvider): string[] =>
  IDENTITY.filter(([part, form]) => !form.test(definition[part])).map(
    ([part, , what]) => `The provider's ${part} is ${JSON.stringify(definition[part])}; it must be ${what}.`,
  );

function checkTypeName(provider: string, kind: string, type: string): string[] {
  const fits = type.startsWith(`${provider}_`) && /^[a-z0-9_]+$/.test(type);
  return fits ? [] : [`The ${kind} "${type}" must be named "${provider}_" and a noun, in lower case.`];
}

function checkUpgraders(type: string, version: number, from: readonly number[]): string[] {
  const missing = Array.from({ length: version }, (_, v) => v).filter((v) => !from.includes(v));
  return [
    ...missing.map(
      (v) => `${type}: its state has version ${version}, and there is no upgrader from version ${v}.`,
    ),
    ...from.filter((v) => v >= version).map((v) => `${type}: the upgrader from version ${v} is never used.`),
  ];
}

function checkMoves(type: string, moves: readonly Move[], ours: string): string[] {
  const sources = moves.map(({ from, provider = ours }) => `${provider} ${from}`);
  return [
    ...sources.filter((s) => s === `${ours} ${type}`).map(() => `${type}: it needs no move from itself.`),
    ...[...new Set(sources.filter((s, i) => sources.indexOf(s) !== i))].map(
      (s) => `${type}: the move from ${s} is declared twice.`,
    ),
  ];
}

const twice = (kind: string, types: readonly string[]): string[] =>
  [...new Set(types.filter((type, i) => types.indexOf(type) !== i))].map(
    (t) => `The ${kind} "${t}" is declared twice.`,
  );
