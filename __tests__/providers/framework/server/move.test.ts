import { DiagnosticError } from "../../../../providers/framework/diagnostic";
import { attr } from "../../../../providers/framework/schema/attribute";
import type { Json } from "../../../../providers/framework/schema/value";
import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import { description, linesOf, providerOf, recordingLog, resourceOf, serve } from "./fixture";

const schema = {
  name: attr.string({ description, required: true }),
  size: attr.number({ description, optional: true }),
  secret: attr.string({ description, optional: true, writeOnly: true }),
};
type Moves = NonNullable<ReturnType<typeof resourceOf<typeof schema>>["moves"]>;

const ours = "example.internal/test/test";
const moves: Moves = [
  { from: "test_old", run: ({ label, ...rest }) => ({ ...rest, name: label ?? null }) },
  {
    from: "null_resource",
    provider: "registry.terraform.io/hashicorp/null",
    run: (_, v) => ({ name: `v${v}` }),
  },
];

async function move(from: string, json: Json, { provider = ours, with: declared = moves, version = 0 } = {}) {
  const server = serve(providerOf(resourceOf(schema, { moves: declared })));
  const source = { provider, type: from, version, json };
  const answer = await server.moveResourceState({ type: "test_thing", source });
  expect(answer.private).toHaveLength(0);
  return { state: answer.state, lines: linesOf(answer.diagnostics) };
}

it("gives the state of this type, without configuration; what is left over is dropped, what is missing is null", async () => {
  expect(await move("test_old", { label: "a", size: "9007199254740993", gone: 1, secret: "hush" })).toEqual({
    state: { name: "a", size: 9007199254740993n, secret: null },
    lines: [],
  });
});

it.each(["registry.terraform.io", "registry.opentofu.org"])(
  "from another provider, of %s",
  async (registry) => {
    const more = { provider: `${registry}/hashicorp/null`, version: 3 };
    expect((await move("null_resource", {}, more)).state).toEqual({ name: "v3", size: null, secret: null });
  },
);

it.each([
  ["test_other", ours],
  ["test_old", "example.internal/test/other"],
  ["null_resource", ours],
])("%s of %s is refused, with what could be moved", async (from, provider) => {
  expect(await move(from, {}, { provider })).toEqual({
    state: null,
    lines: [
      `error: ${from} cannot become test_thing / ${provider} "${from}" is not among the types that can be moved here: ${ours} "test_old", registry.terraform.io/hashicorp/null "null_resource". Remove the one from the state and import the other.`,
    ],
  });
});

it("a type without moves says that there are none", async () => {
  expect((await move("test_old", {}, { with: [] })).lines[0]).toMatch(/moved here: there are none\. Remove/);
});

it("a state that does not fit says where, on either side", async () => {
  expect((await move("test_old", [1])).lines).toEqual([
    "error: State of test_old cannot be read / It is no object.",
  ]);
  expect(await move("test_old", { label: "a", size: "much" })).toEqual({
    state: null,
    lines: [
      'error size: State of test_thing does not fit its schema / The stored "size" must be a number, and is a string.',
    ],
  });
  const bad: Moves = [{ from: "test_old", run: () => "a" }];
  expect((await move("test_old", {}, { with: bad })).lines).toEqual([
    "error: State of test_thing cannot be read / It is no object after the move from test_old.",
  ]);
});

it("a move may refuse; one that breaks is the provider's bug", async () => {
  const throwing = (error: Error): Moves => [
    {
      from: "test_old",
      run: () => {
        throw error;
      },
    },
  ];
  const refusal = new DiagnosticError("Too old", "Import it.");
  expect(await move("test_old", {}, { with: throwing(refusal) })).toEqual({
    state: null,
    lines: ["error: Too old / Import it."],
  });
  expect((await move("test_old", {}, { with: throwing(new Error("oops")) })).lines[0]).toMatch(
    /Bug of the provider \(test_thing\) \/ Its move from test_old failed with Error: oops/,
  );
});

it("moves that make no sense are found at the start", () => {
  const run = () => ({});
  const resource = resourceOf(schema, {
    moves: [
      { from: "test_thing", run },
      { from: "test_old", run },
      { from: "test_old", provider: ours, run },
    ],
  });
  expect(() => createProviderServer(providerOf(resource), { log: recordingLog().log })).toThrow(
    /test_thing: it needs no move from itself\.\n- test_thing: the move from example\.internal\/test\/test test_old is declared twice\./,
  );
});
