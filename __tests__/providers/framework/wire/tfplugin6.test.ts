import { rpcs, SchemaMessage } from "../../../../providers/framework/wire/tfplugin6";

/**
 * Field numbers against bytes put together by hand from the protocol's definition, so that encoder and decoder
 * cannot agree on a mistake. What is not here is exercised by the tests that run a real host.
 */
const bytes = (...parts: (number | string | number[])[]) =>
  Buffer.concat(parts.map((p) => (typeof p === "string" ? Buffer.from(p) : Buffer.from([p].flat()))));
/** A field of wire type 2. */
const field = (number: number, content: Buffer | string) =>
  bytes((number << 3) | 2, content.length, [...Buffer.from(content)]);
const varint = (number: number, value: number) => bytes(number << 3, value);

test("Schema", () => {
  const attribute = Buffer.concat([
    field(1, "a"),
    field(3, "d"),
    varint(4, 1),
    varint(5, 1),
    varint(6, 1),
    varint(7, 1),
    varint(8, 1),
    varint(9, 1),
    field(10, Buffer.concat([field(1, Buffer.concat([field(1, "n"), field(2, '"bool"')])), varint(3, 4)])),
    varint(11, 1),
  ]);
  const schema = Buffer.concat([
    varint(1, 3),
    field(2, Buffer.concat([field(2, attribute), field(4, "block"), varint(5, 1)])),
  ]);
  const value = {
    version: 3,
    block: {
      attributes: [
        {
          name: "a",
          description: "d",
          required: true,
          optional: true,
          computed: true,
          sensitive: true,
          description_kind: 1,
          deprecated: true,
          nested_type: { attributes: [{ name: "n", type: Buffer.from('"bool"') }], nesting: 4 },
          write_only: true,
        },
      ],
      description: "block",
      description_kind: 1,
    },
  };
  expect(SchemaMessage.encode(value)).toEqual(schema);
});

test("GetProviderSchema", () => {
  const schema = field(2, varint(6, 1));
  const response = rpcs.GetProviderSchema.response.encode({
    provider: { block: { deprecated: true } },
    resource_schemas: new Map([["r", { block: { deprecated: true } }]]),
    data_source_schemas: new Map([["d", { block: { deprecated: true } }]]),
    diagnostics: [{ severity: 2, summary: "s", detail: "t", attribute: { steps: [{ element_key_int: 0 }] } }],
    server_capabilities: { plan_destroy: true, get_provider_schema_optional: true },
  });
  const entry = (key: string) => Buffer.concat([field(1, key), field(2, schema)]);
  expect(response).toEqual(
    Buffer.concat([
      field(1, schema),
      field(2, entry("r")),
      field(3, entry("d")),
      field(4, Buffer.concat([varint(1, 2), field(2, "s"), field(3, "t"), field(4, field(1, varint(3, 0)))])),
      field(6, Buffer.concat([varint(1, 1), varint(2, 1)])),
    ]),
  );
});

test("PlanResourceChange and ApplyResourceChange", () => {
  const dynamic = { msgpack: Buffer.from([0xc0]) };
  const nil = field(1, Buffer.from([0xc0]));
  expect(
    rpcs.PlanResourceChange.request.decode(
      Buffer.concat([
        field(1, "t"),
        field(2, nil),
        field(3, nil),
        field(4, nil),
        field(5, "p"),
        field(7, varint(2, 1)),
      ]),
    ),
  ).toEqual({
    type_name: "t",
    prior_state: { ...dynamic, json: new Uint8Array() },
    proposed_new_state: { ...dynamic, json: new Uint8Array() },
    config: { ...dynamic, json: new Uint8Array() },
    prior_private: Buffer.from("p"),
  });
  expect(
    rpcs.PlanResourceChange.response.encode({
      planned_state: dynamic,
      requires_replace: [{ steps: [{ attribute_name: "a" }, { element_key_string: "k" }] }],
      planned_private: Buffer.from("p"),
      diagnostics: [{ severity: 1 }],
    }),
  ).toEqual(
    Buffer.concat([
      field(1, nil),
      field(2, Buffer.concat([field(1, field(1, "a")), field(1, field(2, "k"))])),
      field(3, "p"),
      field(4, varint(1, 1)),
    ]),
  );
  expect(
    rpcs.ApplyResourceChange.response.encode({
      new_state: dynamic,
      private: Buffer.from("p"),
      diagnostics: [{ severity: 1 }],
    }),
  ).toEqual(Buffer.concat([field(1, nil), field(2, "p"), field(3, varint(1, 1))]));
});
