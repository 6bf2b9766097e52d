import type { CtyType, Value } from "../schema/value";
import { decodeValue } from "./decode-value";
import { encodeValue } from "./encode-value";
import { parseJson, valueFromJson } from "./json-value";
import type { Draft, MessageOf } from "./protobuf/message";
import type { DynamicValueMessage } from "./tfplugin6";

type DynamicValueFields = MessageOf<typeof DynamicValueMessage>;

/** MessagePack, or else JSON; a value that is absent or empty is null. */
export function readDynamic(fields: DynamicValueFields | undefined, type: CtyType): Value {
  if (fields === undefined) return null;
  if (fields.msgpack.length > 0) return decodeValue(fields.msgpack, type);
  if (fields.json.length > 0) return valueFromJson(parseJson(fields.json), type);
  return null;
}

export const writeDynamic = (value: Value, type: CtyType): Draft<DynamicValueFields> => ({
  msgpack: encodeValue(value, type),
});
