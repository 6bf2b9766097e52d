import { parseNumber } from "../schema/number";
import { type CtyType, DynamicValue, UNKNOWN, type Value } from "../schema/value";
import { MAX_VALUE_DEPTH, parseTypeJson, sortedNames } from "./cty-type";
import { DecodeError } from "./decode-error";
import { fromDouble } from "./msgpack/decimal";
import { MsgpackReader, type Token } from "./msgpack/reader";

/**
 * A MessagePack value of a type, as Terraform's "object wire format" spells it: objects are maps with every
 * attribute, sets and tuples are arrays, any extension is an unknown value (refined ones too: what is known of
 * them is not used), a value of the type `dynamic` is an array of its type and itself.
 */
export function decodeValue(bytes: Uint8Array, type: CtyType): Value {
  // The protocol says nothing and means null.
  if (bytes.length === 0) return null;
  const reader = new MsgpackReader(bytes);
  const value = decode(reader, type, 0);
  if (reader.left > 0) throw new DecodeError("bytes are left over after the value");
  return value;
}

function decode(reader: MsgpackReader, type: CtyType, depth: number): Value {
  if (depth > MAX_VALUE_DEPTH) throw new DecodeError(`value nests deeper than ${MAX_VALUE_DEPTH} levels`);
  const token = reader.next();
  if (token.kind === "nil") return null;
  if (token.kind === "extension") return UNKNOWN;
  if (typeof type === "string") {
    return type === "dynamic" ? decodeDynamic(reader, token, depth) : PRIMITIVES[type](token);
  }
  switch (type[0]) {
    case "list":
    case "set":
      return elements(reader, lengthOf(token, "array"), () => type[1], depth);
    case "tuple":
      if (lengthOf(token, "array") !== type[1].length) throw new DecodeError("tuple has another length");
      return elements(reader, type[1].length, (index) => type[1][index]!, depth);
    case "map":
      return entries(reader, lengthOf(token, "map"), () => type[1], depth);
    case "object": {
      const attributes = type[1];
      const length = lengthOf(token, "map");
      const declared = sortedNames(attributes).length;
      // Names are distinct and all declared, so that the count says whether one is missing.
      if (length !== declared) throw new DecodeError(`object has ${length} attributes, not ${declared}`);
      return entries(
        reader,
        length,
        (name) => {
          if (!Object.hasOwn(attributes, name)) throw new DecodeError("object has an undeclared attribute");
          return attributes[name]!;
        },
        depth,
      );
    }
  }
}

const PRIMITIVES: { readonly [P in "string" | "number" | "bool"]: (token: Token) => Value } = {
  string: (token) => {
    if (token.kind === "string") return token.value;
    throw mismatch("string", token);
  },
  bool: (token) => {
    if (token.kind === "bool") return token.value;
    throw mismatch("bool", token);
  },
  number: (token) => {
    const value =
      token.kind === "int"
        ? token.value
        : token.kind === "float"
          ? fromDouble(token.value)
          : token.kind === "string"
            ? parseNumber(token.value)
            : undefined;
    if (value === undefined) throw mismatch("number", token);
    return value;
  },
};

const mismatch = (expected: string, token: Token): DecodeError =>
  new DecodeError(`${token.kind} where a ${expected} is expected`);

function lengthOf(token: Token, kind: "array" | "map"): number {
  if (token.kind !== kind) throw mismatch(kind, token);
  return token.length;
}

function elements(
  reader: MsgpackReader,
  length: number,
  typeOf: (index: number) => CtyType,
  depth: number,
): Value[] {
  const values: Value[] = [];
  for (let i = 0; i < length; i++) values.push(decode(reader, typeOf(i), depth + 1));
  return values;
}

function entries(
  reader: MsgpackReader,
  length: number,
  typeOf: (name: string) => CtyType,
  depth: number,
): { [name: string]: Value } {
  const values: { [name: string]: Value } = {};
  for (let i = 0; i < length; i++) {
    const token = reader.next();
    if (token.kind !== "string") throw mismatch("name", token);
    const name = token.value;
    if (Object.hasOwn(values, name)) throw new DecodeError("a name occurs twice");
    const value = decode(reader, typeOf(name), depth + 1);
    // An assignment would change the prototype.
    if (name === "__proto__") Object.defineProperty(values, name, { ...OWN, value });
    else values[name] = value;
  }
  return values;
}

const OWN = { configurable: true, enumerable: true, writable: true } as const;

function decodeDynamic(reader: MsgpackReader, token: Token, depth: number): Value {
  if (lengthOf(token, "array") !== 2) throw new DecodeError("dynamic value is not a pair of type and value");
  const spelled = reader.next();
  if (spelled.kind !== "binary" && spelled.kind !== "string") throw mismatch("type", spelled);
  const type = parseTypeJson(spelled.value.toString());
  return new DynamicValue(type, decode(reader, type, depth + 1));
}
