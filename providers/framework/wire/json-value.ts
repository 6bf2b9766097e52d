import { isJsonObject } from "../schema/from-json";
import { parseNumber } from "../schema/number";
import { type CtyType, DynamicValue, type Json, type Value } from "../schema/value";
import { asBuffer } from "./bytes";
import { MAX_VALUE_DEPTH, parseType } from "./cty-type";
import { DecodeError } from "./decode-error";

/**
 * JSON without loss: a number that JavaScript would round comes as a string of its digits, which Terraform's
 * JSON format takes for a number too.
 */
export function parseJson(bytes: Uint8Array): Json {
  const text = asBuffer(bytes).toString("utf8");
  try {
    // Fewer digits than this are always exact.
    return JSON.parse(/\d{16}|\d[eE]|\d\.\d{9}/.test(text) ? quoteInexactNumbers(text) : text) as Json;
  } catch {
    throw new DecodeError("JSON does not parse");
  }
}

function quoteInexactNumbers(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  let position = 0;
  while (position < text.length) {
    const c = text[position]!;
    if (c === '"') {
      position = endOfString(text, position);
    } else if (c === "-" || (c >= "0" && c <= "9")) {
      NUMBER.lastIndex = position;
      const token = NUMBER.exec(text)?.[0] ?? c;
      if (typeof parseNumber(token) !== "number") {
        parts.push(text.slice(copied, position), `"${token}"`);
        copied = position + token.length;
      }
      position += token.length;
    } else position++;
  }
  return parts.join("") + text.slice(copied);
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

/**
 * A value in Terraform's JSON format. Hosts send MessagePack; the protocol lets them send this as well. It must be of
 * the type to the letter, unlike a stored state (`fromJson`), which older versions wrote and which is brought into
 * shape.
 */
export function valueFromJson(json: Json, type: CtyType, depth = 0): Value {
  if (depth > MAX_VALUE_DEPTH) throw new DecodeError(`value nests deeper than ${MAX_VALUE_DEPTH} levels`);
  if (json === null) return null;
  if (typeof type === "string") {
    if (type === "dynamic") {
      const { value, type: spelled } = recordOf(json);
      const actual = parseType(spelled);
      return new DynamicValue(actual, valueFromJson(value ?? null, actual, depth + 1));
    }
    return primitive(json, type);
  }
  switch (type[0]) {
    case "list":
    case "set":
      return arrayOf(json).map((element) => valueFromJson(element, type[1], depth + 1));
    case "tuple": {
      const elements = arrayOf(json);
      if (elements.length !== type[1].length) throw new DecodeError("tuple has another length");
      return elements.map((element, i) => valueFromJson(element, type[1][i]!, depth + 1));
    }
    case "map":
      return mapEntries(recordOf(json), (_, value) => valueFromJson(value, type[1], depth + 1));
    case "object": {
      const record = recordOf(json);
      const attributes = type[1];
      if (Object.keys(record).some((name) => !Object.hasOwn(attributes, name))) {
        throw new DecodeError("object has an undeclared attribute");
      }
      return mapEntries(attributes, (name, of) =>
        Object.hasOwn(record, name) ? valueFromJson(record[name]!, of, depth + 1) : null,
      );
    }
  }
}

function primitive(json: Json, type: "string" | "number" | "bool"): Value {
  if (type === "number" && typeof json === "string") {
    const value = parseNumber(json);
    if (value !== undefined) return value;
  } else if (typeof json === (type === "bool" ? "boolean" : type)) {
    return json as Value;
  }
  throw new DecodeError(`${typeof json} where a ${type} is expected`);
}

function mapEntries<T>(
  record: { readonly [name: string]: T },
  convert: (name: string, value: T) => Value,
): { [name: string]: Value } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, convert(name, value)]));
}

function arrayOf(json: Json): readonly Json[] {
  if (!Array.isArray(json)) throw new DecodeError(`${typeof json} where an array is expected`);
  return json;
}

function recordOf(json: Json): { readonly [name: string]: Json } {
  if (isJsonObject(json)) return json;
  throw new DecodeError(`${typeof json} where an object is expected`);
}
