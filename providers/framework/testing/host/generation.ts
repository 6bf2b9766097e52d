import { MsgpackReader } from "../../wire/msgpack/reader";
import { bytes, message, one } from "../../wire/protobuf/message";
import { ClientCapabilities, type rpcs } from "../../wire/tfplugin6";

/**
 * Which core the host plays on the wire.
 *
 * - `tested`: Terraform 1.11, the newest that this framework has met.
 * - `newest`: what Terraform up to 1.16 and OpenTofu up to 1.12 send and call in addition, after
 *   https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin6.proto (6.11): the capability to
 *   defer, capabilities with more calls, calls about identities and functions, refined unknown values; and fields that
 *   nobody knows yet, as every new version has some. What 6.11 itself adds is not sent by name (`planned_private`, and
 *   the capabilities `store_planned_private` and `computed_blocks_allowed`): the framework reads none of it, so these
 *   are to it as fields that nobody knows.
 */
export type Generation = "tested" | "newest";

export const TERRAFORM_VERSION: { readonly [G in Generation]: string } = {
  tested: "1.11.4",
  newest: "1.16.0",
};

/** What the host asks of every provider beside its schema, before anything else. */
export const ALSO_ASKED: {
  readonly [G in Generation]: readonly ("GetResourceIdentitySchemas" | "GetFunctions")[];
} = {
  tested: [],
  newest: ["GetResourceIdentitySchemas", "GetFunctions"],
};

/** Field 1000 as a varint, 1001 as 64 bits, 1002 as bytes, 1003 as 32 bits. */
const STRANGE_FIELDS = Buffer.from(
  "c03e01" + "c93e0102030405060708" + "d23e0378797a" + "dd3e01020304",
  "hex",
);

/** The calls whose field for the client's capabilities the framework does not read -> its number. */
const CAPABILITIES_FIELD: { readonly [N in keyof typeof rpcs]?: number } = {
  ReadResource: 5,
  PlanResourceChange: 7,
  ImportResourceState: 3,
  ReadDataSource: 4,
};

/** What a newer host has in a request beside the fields that the framework reads. */
export function additions(name: keyof typeof rpcs): Buffer {
  const number = CAPABILITIES_FIELD[name];
  if (number === undefined) return STRANGE_FIELDS;
  const known = ClientCapabilities.encode({ deferral_allowed: true, write_only_attributes_allowed: true });
  const request = message("Request", { client_capabilities: one(number, bytes) });
  const client_capabilities = Buffer.concat([known, STRANGE_FIELDS]);
  return Buffer.concat([request.encode({ client_capabilities }), STRANGE_FIELDS]);
}

/** An unknown value of which is known that it is not null: extension 12 with the map {1: false}. */
const REFINED = Buffer.from("c7030c8101c2", "hex");

/** The same MessagePack with every unknown value refined. */
export function refined(msgpack: Uint8Array): Buffer {
  const plain = Buffer.from(msgpack);
  const reader = new MsgpackReader(plain);
  const parts: Buffer[] = [];
  while (reader.left > 0) {
    const from = plain.length - reader.left;
    const { kind } = reader.next();
    parts.push(kind === "extension" ? REFINED : plain.subarray(from, plain.length - reader.left));
  }
  return Buffer.concat(parts);
}
