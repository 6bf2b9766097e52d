import { asBuffer } from "../bytes";
import { DecodeError } from "../decode-error";
import { BYTES, Reader, VARINT } from "./reader";
import { Writer } from "./writer";

/**
 * Messages described by tables: `message("Name", { field: one(1, string) })` gives the encoder, the decoder and,
 * by inference, the type. Covers what Terraform's protocol uses of proto3: no packed lists, no floats.
 */

/** How one value of a field looks on the wire. */
export interface Kind<T> {
  readonly wireType: typeof VARINT | typeof BYTES;
  /** What proto3 means when the field is absent. */
  readonly zero: T;
  isZero(value: T): boolean;
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
}

const scalar = <T>(
  wireType: Kind<T>["wireType"],
  zero: T,
  read: (reader: Reader) => T,
  write: (writer: Writer, value: T) => void,
): Kind<T> => ({ wireType, zero, isZero: (value) => value === zero, read, write });

export const bool = scalar<boolean>(
  VARINT,
  false,
  (r) => r.boolean(),
  (w, v) => w.unsigned(v ? 1 : 0),
);
export const int64 = scalar<number>(
  VARINT,
  0,
  (r) => r.int64(),
  (w, v) => w.int64(v),
);
/** Enumerations stay numbers: a value that we do not know must not be an error. */
export const enumeration = int64;
export const string = scalar<string>(
  BYTES,
  "",
  (r) => r.string(),
  (w, v) => w.string(v),
);
export const bytes: Kind<Uint8Array> = {
  ...scalar<Uint8Array>(
    BYTES,
    new Uint8Array(0),
    (r) => r.lengthDelimited(),
    (w, v) => w.lengthDelimited(v),
  ),
  isZero: (value) => value.length === 0,
};

/** A field of a message whose decoded value is a `T`. */
export interface Field<T> {
  readonly number: number;
  readonly wireType: Kind<T>["wireType"];
  /** The value when the field is absent; made afresh for each message. */
  initial(): T;
  /** Takes one occurrence of the field in and gives the field's value so far. */
  read(reader: Reader, soFar: T): T;
  write(writer: Writer, value: T): void;
}

/** An ordinary field: the zero value when absent, and never written when it is zero. */
export const one = <T>(number: number, kind: Kind<T>): Field<T> => ({
  number,
  wireType: kind.wireType,
  initial: () => kind.zero,
  read: (reader) => kind.read(reader),
  write: (writer, value) => {
    if (!kind.isZero(value)) writeTagged(writer, number, kind, value);
  },
});

/** `optional`, or a member of a `oneof`: undefined when absent, written even when zero. */
export const optional = <T>(number: number, kind: Kind<T>): Field<T | undefined> => ({
  number,
  wireType: kind.wireType,
  initial: () => undefined,
  read: (reader) => kind.read(reader),
  write: (writer, value) => {
    if (value !== undefined) writeTagged(writer, number, kind, value);
  },
});

/** An embedded message; a thunk where messages contain each other. */
export const embedded = <T>(number: number, of: Message<T> | (() => Message<T>)): Field<T | undefined> => ({
  number,
  wireType: BYTES,
  initial: () => undefined,
  read: (reader) => resolve(of).read(reader.message()),
  write: (writer, value) => {
    if (value !== undefined) writeEmbedded(writer, number, resolve(of), value);
  },
});

export const repeated = <T>(number: number, of: Message<T> | (() => Message<T>)): Field<T[]> => ({
  number,
  wireType: BYTES,
  initial: () => [],
  read: (reader, soFar) => {
    soFar.push(resolve(of).read(reader.message()));
    return soFar;
  },
  write: (writer, values) => {
    for (const value of values) writeEmbedded(writer, number, resolve(of), value);
  },
});

/** `map<string, V>`: on the wire a list of entries `{ key = 1, value = 2 }`. */
export const mapOf = <V>(number: number, value: Field<V>): Field<Map<string, V>> => {
  const entry = message("map entry", { key: one(1, string), value });
  return {
    number,
    wireType: BYTES,
    initial: () => new Map(),
    read: (reader, soFar) => {
      const read = entry.read(reader.message());
      return soFar.set(read.key, read.value);
    },
    write: (writer, values) => {
      for (const [key, value] of values) writeEmbedded(writer, number, entry, { key, value });
    },
  };
};

export interface Message<T> {
  readonly name: string;
  decode(bytes: Uint8Array): T;
  read(reader: Reader): T;
  /** Fields that are left out are not written. */
  encode(value: Draft<T>): Buffer;
}

/** What a message decodes to. */
export type MessageOf<M> = M extends Message<infer T> ? T : never;

/** A message to be written: everything may be left out, at every depth. */
export type Draft<T> = T extends Uint8Array | string | number | boolean | undefined
  ? T
  : T extends (infer E)[]
    ? readonly Draft<E>[]
    : T extends Map<string, infer V>
      ? ReadonlyMap<string, Draft<V>>
      : { readonly [K in keyof T]?: Draft<T[K]> };

// biome-ignore lint/suspicious/noExplicitAny: a table holds fields of every type; each is used with its own values only
type Fields = { readonly [name: string]: Field<any> };
type ValueOf<F extends Fields> = { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export function message<F extends Fields>(name: string, fields: F): Message<ValueOf<F>> {
  const table = Object.entries(fields);
  const byNumber = new Map(table.map(([key, field]) => [field.number, { key, field }]));
  const read = (reader: Reader): ValueOf<F> => {
    const value: { [key: string]: unknown } = {};
    for (const [key, field] of table) value[key] = field.initial();
    while (!reader.done) {
      const tag = reader.tag();
      const known = byNumber.get(tag.number);
      if (known === undefined) {
        reader.skip(tag.number, tag.wireType);
        continue;
      }
      if (known.field.wireType !== tag.wireType) {
        throw new DecodeError(`${name}.${known.key} has wire type ${tag.wireType}`);
      }
      value[known.key] = known.field.read(reader, value[known.key]);
    }
    return value as ValueOf<F>;
  };
  return {
    name,
    read,
    decode: (bytes) => read(new Reader(asBuffer(bytes))),
    encode: (value) => {
      const writer = new Writer();
      const values = value as { readonly [key: string]: unknown };
      for (const [key, field] of table) {
        if (values[key] !== undefined) field.write(writer, values[key]);
      }
      return writer.finish();
    },
  };
}

const resolve = <T>(of: Message<T> | (() => Message<T>)): Message<T> =>
  typeof of === "function" ? of() : of;

function writeTagged<T>(writer: Writer, number: number, kind: Kind<T>, value: T): void {
  writer.tag(number, kind.wireType);
  kind.write(writer, value);
}

function writeEmbedded<T>(writer: Writer, number: number, of: Message<T>, value: T): void {
  writer.tag(number, BYTES);
  writer.lengthDelimited(of.encode(value as Draft<T>));
}
