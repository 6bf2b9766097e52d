import type { Logger } from "../define";
import type { Schema } from "../schema/attribute";
import { arrayOrNull, member, objectOrNull } from "../schema/equality";
import { isNumberValue, type NumberValue, nearestNumber } from "../schema/number";
import { typeFromJson } from "../schema/type-from-json";
import { BigDecimal, type CtyType, DynamicValue, type Json, type Value } from "../schema/value";

/** Shorter ones are left alone: masking every "a" would only tell what the secret is. */
const SHORTEST = 4;
const MASK = "(sensitive value)";

/** The values of sensitive and write-only attributes, kept out of logs and of the messages that hooks write. */
export class Secrets {
  private readonly texts = new Set<string>();
  /** Sorted when needed: a secret may be a part of another, so the longer one first. */
  private longestFirst: readonly string[] = [];

  constructor(private readonly outer?: Secrets) {}

  /**
   * Takes in what the schema calls sensitive of these objects. They may be JSON, of another version or type even: what
   * has the name of a sensitive attribute counts.
   */
  add(schema: Schema, ...objects: readonly (Value | Json)[]): void {
    if (!hasSecrets(schema)) return;
    for (const object of objects) this.addObject(schema, object);
  }

  mask(text: string): string {
    let masked = this.outer ? this.outer.mask(text) : text;
    if (this.longestFirst.length !== this.texts.size)
      this.longestFirst = [...this.texts].sort((a, b) => b.length - a.length);
    for (const secret of this.longestFirst) {
      if (masked.includes(secret)) masked = masked.replaceAll(secret, MASK);
    }
    return masked;
  }

  maskJson(json: Json): Json {
    if (this.texts.size === 0 && (this.outer === undefined || this.outer.texts.size === 0)) return json;
    if (typeof json === "string") return this.mask(json);
    if (typeof json === "number") {
      const text = String(json);
      const masked = this.mask(text);
      return masked === text ? json : masked;
    }
    if (Array.isArray(json)) return json.map((item) => this.maskJson(item));
    if (typeof json !== "object" || json === null) return json;
    return Object.fromEntries(
      Object.entries(json).map(([key, value]) => [this.mask(key), this.maskJson(value)]),
    );
  }

  private addObject(schema: Schema, object: Value): void {
    const members = objectOrNull(object);
    if (!members) return;
    for (const [name, { options, nested, type }] of Object.entries(schema)) {
      const value = member(members, name);
      if (options.sensitive || options.writeOnly)
        this.addTexts(type, type === "dynamic" ? fromStored(value) : value);
      else if (nested)
        for (const inner of objectsIn(nested.nesting, value)) this.addObject(nested.attributes, inner);
    }
  }

  private addTexts(type: CtyType, value: Value): void {
    if (value instanceof DynamicValue) this.addTexts(value.type, value.value);
    // As it was written, and as hooks are given it.
    else if (isNumberValue(value)) for (const text of new Set(spellings(value))) this.addText(text);
    else if (typeof value === "string") {
      // A text of several lines is often written one line at a time.
      const lines = [value, ...value.split(/\r?\n/)];
      // Within JSON some characters are written otherwise.
      for (const text of [...lines, JSON.stringify(value).slice(1, -1)]) this.addText(text);
    } else if (Array.isArray(value))
      for (const [i, item] of value.entries()) this.addTexts(innerType(type, i), item as Value);
    else
      for (const [key, item] of Object.entries(objectOrNull(value) ?? {})) {
        // Whoever writes a map chooses its keys; the names of an object's attributes are public.
        if (Array.isArray(type) && type[0] === "map") this.addTexts("string", key);
        this.addTexts(innerType(type, key), item);
      }
  }

  private addText(text: string): void {
    if (text.length >= SHORTEST) this.texts.add(text);
  }
}

const spellings = (number: NumberValue): string[] => [
  number instanceof BigDecimal ? number.text : String(number),
  String(nearestNumber(number)),
];

/** The type of what is inside. Stored states may be of another type than is declared. */
function innerType(type: CtyType, key: string | number): CtyType {
  if (typeof type === "string") return "dynamic";
  const [kind, of] = type;
  if (kind === "tuple" || kind === "object")
    return Object.hasOwn(of, key) ? (of as { readonly [key: string | number]: CtyType })[key]! : "dynamic";
  return of;
}

/** A dynamic value in the spelling of stored states, which names its type beside it: no secret. */
function fromStored(value: Value): Value {
  const stored = objectOrNull(value);
  const type = stored && typeFromJson(member(stored, "type"));
  return stored && type && Object.hasOwn(stored, "value")
    ? new DynamicValue(type, member(stored, "value"))
    : value;
}

/** A log in which no line and no field holds one of them. */
export function maskedLog(log: Logger, secrets: Secrets): Logger {
  const level = (name: keyof Logger) => (message: string, more?: { readonly [key: string]: Json }) =>
    log[name](secrets.mask(message), more && (secrets.maskJson(more) as typeof more));
  return {
    trace: level("trace"),
    debug: level("debug"),
    info: level("info"),
    warn: level("warn"),
    error: level("error"),
  };
}

/** Stored states of an older version may nest otherwise: an array holds objects, whatever is declared. */
const objectsIn = (nesting: string, value: Value): readonly Value[] => {
  const items = arrayOrNull(value);
  if (items) return items;
  return nesting === "map" ? Object.values(objectOrNull(value) ?? {}) : [value];
};

/** Worked out once for each schema: most have none. */
const known = new WeakMap<Schema, boolean>();

function hasSecrets(schema: Schema): boolean {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const found = Object.values(schema).some(
    ({ options, nested }) =>
      options.sensitive === true || options.writeOnly === true || (nested && hasSecrets(nested.attributes)),
  );
  known.set(schema, found);
  return found;
}
