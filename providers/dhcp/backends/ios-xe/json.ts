/** JSON as RFC 7951 writes YANG data: a member's name may have its module before it. */

export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [key: string]: Json;
}

export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The member of that name, with or without a module before it. */
export function child(value: Json | undefined, name: string): Json | undefined {
  if (!isMap(value)) return undefined;
  for (const [key, member] of Object.entries(value))
    if (key === name || key.endsWith(`:${name}`)) return member;
  return undefined;
}

/** What stands at the end of a path of names. */
export const at = (value: Json | undefined, ...names: readonly string[]): Json | undefined =>
  names.reduce<Json | undefined>(child, value);

/** A list, or what some servers write for a list of one. */
export function items(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as Json];
}

export const textOf = (value: Json | undefined): string | null =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : null;

export const texts = (value: Json | undefined): readonly string[] =>
  items(value).flatMap((item) => textOf(item) ?? []);

/** The same without modules before the names: releases, and requests, may differ in whether they write them. */
export function withoutModules(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutModules);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.slice(key.lastIndexOf(":") + 1),
      withoutModules(member),
    ]),
  );
}
