import { parseNumber } from "../schema/number";
import { BigDecimal, type CtyType, DynamicValue, UNKNOWN, type Value } from "../schema/value";
import { MAX_VALUE_DEPTH, sortedNames } from "./cty-type";
import { MsgpackWriter } from "./msgpack/writer";

/** A value that does not have the type that it is to be sent as. Names the place, never the value. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
}

/** The counterpart of `decodeValue`. Throws {@link EncodeError}; nothing is converted silently. */
export function encodeValue(value: Value, type: CtyType): Buffer {
  const writer = new MsgpackWriter();
  encode(writer, value, type, []);
  return writer.finish();
}

/** Where we are, for messages: one array that grows and shrinks, since nearly every value is right. */
type Place = (string | number)[];

function encodeAt(
  writer: MsgpackWriter,
  value: Value,
  type: CtyType,
  at: Place,
  step: string | number,
): void {
  at.push(step);
  encode(writer, value, type, at);
  at.pop();
}

function encode(writer: MsgpackWriter, value: Value, type: CtyType, at: Place): void {
  if (at.length > MAX_VALUE_DEPTH) throw new EncodeError(`value nests deeper than ${MAX_VALUE_DEPTH} levels`);
  if (value === null) writer.nil();
  else if (value === UNKNOWN) writer.unknown();
  else if (type === "dynamic") encodeDynamic(writer, value, at);
  else if (typeof type === "string") PRIMITIVES[type](writer, value, at);
  else encodeContainer(writer, value, type, at);
}

function encodeContainer(
  writer: MsgpackWriter,
  value: Value,
  type: Exclude<CtyType, string>,
  at: Place,
): void {
  switch (type[0]) {
    case "list":
    case "set": {
      const elements = arrayOf(value, type[0], at);
      writer.array(elements.length);
      for (const [i, element] of elements.entries()) encodeAt(writer, element, type[1], at, i);
      return;
    }
    case "tuple": {
      const elements = arrayOf(value, type[0], at);
      if (elements.length !== type[1].length) throw wrong("a tuple of another length", "tuple", at);
      writer.array(elements.length);
      for (const [i, element] of elements.entries()) encodeAt(writer, element, type[1][i]!, at, i);
      return;
    }
    case "map": {
      const entries = Object.entries(recordOf(value, "map", at));
      writer.map(entries.length);
      for (const [name, element] of entries) {
        writer.string(name);
        encodeAt(writer, element, type[1], at, name);
      }
      return;
    }
    case "object":
      encodeObject(writer, recordOf(value, "object", at), type[1], at);
  }
}

function encodeObject(
  writer: MsgpackWriter,
  value: { readonly [name: string]: Value },
  attributes: { readonly [name: string]: CtyType },
  at: Place,
): void {
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(attributes, name)) throw new EncodeError(`${show([...at, name])} is not declared`);
  }
  // Sorted: equal values have equal bytes.
  const names = sortedNames(attributes);
  writer.map(names.length);
  for (const name of names) {
    if (!Object.hasOwn(value, name)) throw new EncodeError(`${show([...at, name])} is missing`);
    writer.string(name);
    encodeAt(writer, value[name]!, attributes[name]!, at, name);
  }
}

const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

const PRIMITIVES: {
  readonly [P in "string" | "number" | "bool"]: (writer: MsgpackWriter, value: Value, at: Place) => void;
} = {
  string: (writer, value, at) => {
    if (typeof value !== "string") throw wrong(kindOf(value), "string", at);
    writer.string(value);
  },
  bool: (writer, value, at) => {
    if (typeof value !== "boolean") throw wrong(kindOf(value), "bool", at);
    writer.bool(value);
  },
  number: (writer, value, at) => {
    // Text too: JSON of a stored state spells numbers so that JavaScript would round.
    const text = value instanceof BigDecimal ? value.text : value;
    if (typeof text === "string") {
      if (parseNumber(text) === undefined) throw wrong("a text that is no number", "number", at);
      writer.string(text);
    } else if (typeof value === "bigint") {
      if (value >= INT64_MIN && value <= UINT64_MAX) writer.int(value);
      else writer.string(value.toString());
    } else if (typeof value !== "number" || Number.isNaN(value)) throw wrong(kindOf(value), "number", at);
    else if (Number.isSafeInteger(value)) writer.int(value);
    // As text, a tenth stays a tenth; a double would arrive as 0.1000000000000000055.
    else if (Number.isFinite(value)) writer.string(String(value));
    else writer.float(value);
  },
};

function encodeDynamic(writer: MsgpackWriter, value: Value, at: Place): void {
  if (!(value instanceof DynamicValue)) throw wrong(kindOf(value), "dynamic value", at);
  writer.array(2);
  writer.binary(Buffer.from(JSON.stringify(value.type)));
  encode(writer, value.value, value.type, at);
}

function arrayOf(value: Value, kind: string, at: Place): readonly Value[] {
  if (!Array.isArray(value)) throw wrong(kindOf(value), kind, at);
  return value;
}

function recordOf(value: Value, kind: string, at: Place): { readonly [name: string]: Value } {
  if (
    typeof value !== "object" ||
    value === null ||
    Array.isArray(value) ||
    value instanceof BigDecimal ||
    value instanceof DynamicValue
  ) {
    throw wrong(kindOf(value), kind, at);
  }
  return value as { readonly [name: string]: Value };
}

function kindOf(value: Value): string {
  if (value === undefined) return "undefined";
  if (Array.isArray(value)) return "an array";
  if (value instanceof BigDecimal || value instanceof DynamicValue) return `a ${value.constructor.name}`;
  if (typeof value === "number" && Number.isNaN(value)) return "NaN";
  return `a ${typeof value}`;
}

const show = (at: Place): string => (at.length === 0 ? "the value" : at.join("."));

const wrong = (is: string, expected: string, at: Place): EncodeError =>
  new EncodeError(`${show(at)} is ${is}, expected ${expected}`);
