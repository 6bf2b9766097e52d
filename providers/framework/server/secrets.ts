import type { Logger } from "../define";
import type { Schema } from "../schema/attribute";
import { arrayOrNull, member, objectOrNull } from "../schema/equality";
import { isJsonObject } from "../schema/from-json";
import { isNumberValue, type NumberValue, nearestNumber } from "../schema/number";
import { typeFromJson } from "../schema/type-from-json";
import { BigDecimal, type CtyType, DynamicValue, type Json, type Value } from "../schema/value";
import { derivedLog } from "./derived-log";
import { type Most, Needles } from "./needles";
import { sayable, textOf } from "./sayable";

const MASK = "(sensitive value)";

/** The values of sensitive and write-only attributes, kept out of logs and of the messages that hooks write. */
export class Secrets {
  private readonly texts = new Needles();

  constructor(private readonly outer?: Secrets) {}

  /**
   * Takes in what the schema calls sensitive of these objects. They may be JSON, of another version or type even: what
   * has the name of a sensitive attribute counts.
   * @returns the texts of it, for {@link addTexts} of another one, which then shares them.
   */
  add(schema: Schema, ...objects: readonly (Value | Json)[]): readonly string[] {
    const texts = hasSecrets(schema) ? objects.flatMap((object) => textsOfObject(schema, object)) : [];
    this.addTexts(texts);
    return texts;
  }

  addTexts(texts: readonly string[]): void {
    for (const text of texts) this.texts.add(text);
  }

  /** Keeps the `most` that came last, and those that `kept` has. */
  forget(most: Most, kept: Secrets): void {
    this.texts.forget(most, kept.texts);
  }

  /** What overlaps is masked as one: a secret may hold another one. */
  mask(text: string): string {
    if (this.empty) return text;
    let masked = "";
    let until = 0;
    for (let at = 0; at < text.length; at++) {
      const end = Math.max(this.texts.endAt(text, at), this.outer?.texts.endAt(text, at) ?? 0);
      if (end === 0) continue;
      if (at >= until) masked += text.slice(until, at) + MASK;
      until = Math.max(until, end);
    }
    return masked + text.slice(until);
  }

  private get empty(): boolean {
    return this.texts.size === 0 && (this.outer?.empty ?? true);
  }

  /** Never throws: fields of a log line may be no JSON after all. */
  maskFields(fields: { readonly [name: string]: Json }): { readonly [name: string]: Json } {
    try {
      return this.maskObject(fields);
    } catch {
      return this.maskObject(sayable(fields));
    }
  }

  maskJson(json: Json): Json {
    if (this.empty) return json;
    if (typeof json === "string") return this.mask(json);
    // At run time also a bigint.
    if (isNumberValue(json)) {
      const text = String(json);
      const masked = this.mask(text);
      return masked === text ? json : masked;
    }
    if (Array.isArray(json)) return json.map((item) => this.maskJson(item));
    return isJsonObject(json) ? this.maskObject(json) : json;
  }

  private maskObject(json: { readonly [name: string]: Json }): { readonly [name: string]: Json } {
    if (this.empty) return json;
    return Object.fromEntries(
      Object.entries(json).map(([key, value]) => [this.mask(key), this.maskJson(value)]),
    );
  }
}

function textsOfObject(schema: Schema, object: Value): string[] {
  const members = objectOrNull(object);
  if (!members) return [];
  return Object.entries(schema).flatMap(([name, { options, nested, type }]) => {
    const value = member(members, name);
    if (options.sensitive || options.writeOnly)
      return textsOf(type, type === "dynamic" ? fromStored(value) : value);
    if (!nested) return [];
    return objectsIn(nested.nesting, value).flatMap((inner) => textsOfObject(nested.attributes, inner));
  });
}

function textsOf(type: CtyType, value: Value): string[] {
  if (value instanceof DynamicValue) return textsOf(value.type, value.value);
  // As it was written, and as hooks are given it.
  if (isNumberValue(value)) return spellings(value);
  // A text of several lines is often written one line at a time, and what indents them is no secret: others have it
  // too. Within JSON some characters are written otherwise.
  if (typeof value === "string")
    return [value, ...value.split("\n").map((line) => line.trim()), JSON.stringify(value).slice(1, -1)];
  if (Array.isArray(value)) return value.flatMap((item, i) => textsOf(innerType(type, i), item as Value));
  return Object.entries(objectOrNull(value) ?? {}).flatMap(([key, item]) => {
    const inside = textsOf(innerType(type, key), item);
    // Whoever writes a map chooses its keys; the names of an object's attributes are public.
    return Array.isArray(type) && type[0] === "map" ? [...textsOf("string", key), ...inside] : inside;
  });
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
export const maskedLog = (log: Logger, secrets: Secrets): Logger =>
  derivedLog(
    log,
    (write) => (message, more) => write(secrets.mask(textOf(message)), more && secrets.maskFields(more)),
  );

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
