import type { CtyType } from "./value";

/** How deep types and values may nest. Terraform itself has no use for more than a few levels. */
export const MAX_DEPTH = 128;

/** A type in its JSON spelling; undefined when it is none, or nests too deep. */
export function typeFromJson(json: unknown, depth = 0): CtyType | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (json === "string" || json === "number" || json === "bool" || json === "dynamic") return json;
  if (!Array.isArray(json)) return undefined;
  const [kind, of] = json as unknown[];
  if (kind === "list" || kind === "set" || kind === "map") {
    const inner = typeFromJson(of, depth + 1);
    return inner && [kind, inner];
  }
  if (kind === "tuple" && Array.isArray(of)) {
    const types = of.map((type) => typeFromJson(type, depth + 1));
    return types.every((type) => type !== undefined) ? [kind, types] : undefined;
  }
  if (kind !== "object" || typeof of !== "object" || of === null || Array.isArray(of)) return undefined;
  const attributes = Object.entries(of).map(([name, type]) => [name, typeFromJson(type, depth + 1)] as const);
  return attributes.every((entry): entry is readonly [string, CtyType] => entry[1] !== undefined)
    ? [kind, Object.fromEntries(attributes)]
    : undefined;
}
