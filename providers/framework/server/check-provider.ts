import type { AnyProvider, Move } from "../define";
import { checkSchema } from "../schema/check-schema";

/** Everything that is wrong with a provider's definition, one sentence each; empty when it can be served. */
export function checkProvider(definition: AnyProvider): string[] {
  const { name, resources, dataSources } = definition;
  return [
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
