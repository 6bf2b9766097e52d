import { attr } from "../../../../../providers/framework/schema/attribute";
import { UNKNOWN } from "../../../../../providers/framework/schema/value";
import { type Configuration, later } from "../../../../../providers/framework/testing/host/config";
import type { RuleName } from "../../../../../providers/framework/testing/host/rule";
import { encodeValue } from "../../../../../providers/framework/wire/encode-value";
import { GrpcError, Status } from "../../../../../providers/framework/wire/grpc/status";
import { rpcs, type SchemaAttributeFields } from "../../../../../providers/framework/wire/tfplugin6";
import { but, memberOf, mutantProvider, type Wrong } from "./mutant";

/** When the provider becomes wrong, and what is then asked of it. */
export type Moment = "start" | "create" | "update" | "destroy" | "refresh" | "import" | "data";

/** What a core makes of it: the error that it gives, or that it takes it and why. */
export type Verdict = RegExp | { readonly takes: string; readonly after?: "a plan that never ends" };

export interface Mutation {
  readonly rule: RuleName;
  readonly wrong: string;
  readonly moment: Moment;
  /** The configuration at that moment. */
  readonly config?: Configuration;
  readonly how: Wrong;
  readonly terraform: Verdict;
  /** Where it is another one. */
  readonly tofu?: Verdict;
}

/** What there is before an update, a destroy or a refresh. */
export const BEFORE: Configuration = { name: "a", note: "before", tags: ["t"], bag: [{ x: 1 }] };
/** What is created. */
export const FULL: Configuration = {
  name: "a",
  note: "n",
  tags: ["t"],
  pets: ["p"],
  rows: [{ x: 1 }, { x: 2 }],
  cells: { k: { x: 1 } },
  bag: [{ x: 1 }, { x: 2 }],
};

type Answers = NonNullable<Wrong["answers"]>;
type PlanChange = NonNullable<Answers["planResourceChange"]>;
type Members = Parameters<typeof but>[1];

const plan = (members: Members): Wrong => ({
  answers: { planResourceChange: (answer) => ({ ...answer, planned: but(answer.planned, members) }) },
});
const apply = (members: Members): Wrong => ({
  answers: { applyResourceChange: (answer) => ({ ...answer, state: but(answer.state, members) }) },
});
const read = (members: Members): Wrong => ({
  answers: { readResource: (answer) => ({ ...answer, state: but(answer.state, members) }) },
});
const change = (planResourceChange: PlanChange): Wrong => ({ answers: { planResourceChange } });

const INVALID_PLAN = /Provider produced invalid plan/;
const INCONSISTENT = /Provider produced inconsistent result after apply/;
const OLD_WRITE_ONLY = "OpenTofu 1.6 has no write-only attributes";

const { GetProviderSchema, PlanResourceChange, ApplyResourceChange } = rpcs;
/** A resource's schema with something wrong in it. */
const schema = (change: (attributes: SchemaAttributeFields[]) => void): Wrong => ({
  bytes: {
    GetProviderSchema: (answer) => {
      const decoded = GetProviderSchema.response.decode(answer);
      change(decoded.resource_schemas.get("mutant_thing")!.block!.attributes);
      return GetProviderSchema.response.encode(decoded);
    },
  },
});

const withAttribute = (name: string, attribute: ReturnType<typeof attr.string>) => ({
  ...mutantProvider,
  resources: mutantProvider.resources.map((r) => ({
    ...r,
    attributes: { ...r.attributes, [name]: attribute },
  })),
});

export const MUTATIONS: readonly Mutation[] = [
  {
    rule: "schema-valid",
    wrong: "an attribute has a capital letter in its name",
    moment: "start",
    how: {
      definition: withAttribute("Label", attr.string({ description: "d", optional: true })),
      answers: {
        planResourceChange: (answer) => ({ ...answer, planned: but(answer.planned, { Label: null }) }),
      },
    },
    terraform: { takes: "names are not checked" },
  },
  {
    rule: "schema-valid",
    wrong: "an attribute is required and computed",
    moment: "start",
    how: schema((attributes) => {
      Object.assign(attributes.find(({ name }) => name === "note")!, { required: true, computed: true });
    }),
    terraform: /note/,
  },
  {
    rule: "schema-valid",
    wrong: "an attribute in a set is write-only",
    moment: "start",
    how: schema((attributes) => {
      const { nested_type: bag } = attributes.find(({ name }) => name === "bag")!;
      bag!.attributes[0]!.write_only = true;
    }),
    terraform: /bag/,
    tofu: { takes: OLD_WRITE_ONLY },
  },
  {
    rule: "answers-with-diagnostics",
    wrong: "a call fails",
    moment: "create",
    how: {
      bytes: {
        PlanResourceChange: () => {
          throw new GrpcError(Status.internal, "out of order");
        },
      },
    },
    terraform: /Plugin error|Internal|out of order|unexpected error/i,
  },
  {
    rule: "type-conforms",
    wrong: "the plan lacks an attribute",
    moment: "create",
    how: {
      bytes: {
        PlanResourceChange: () =>
          PlanResourceChange.response.encode({
            planned_state: { msgpack: encodeValue({ name: "a" }, ["object", { name: "string" }]) },
          }),
      },
    },
    terraform: /./,
  },
  {
    rule: "type-conforms",
    wrong: "the result has a list where a string belongs",
    moment: "create",
    how: {
      bytes: {
        ApplyResourceChange: (answer) => {
          const decoded = ApplyResourceChange.response.decode(answer);
          const text = Buffer.from(decoded.new_state!.msgpack).toString("latin1");
          // `note` is the string "n" (a1 6e); an empty array is 90.
          const wrong = Buffer.from(text.replace("\xa4note\xa1n", "\xa4note\x90"), "latin1");
          return ApplyResourceChange.response.encode({ ...decoded, new_state: { msgpack: wrong } });
        },
      },
    },
    terraform: /./,
  },
  {
    rule: "plan-takes-configuration",
    wrong: "a configured value is planned as another",
    moment: "create",
    how: plan({ note: "another" }),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-takes-configuration",
    wrong: "a configured value is planned as null",
    moment: "update",
    how: plan({ note: null }),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-takes-configuration",
    wrong: "a value in a nested object is planned as another",
    moment: "create",
    how: plan({
      rows: [
        { x: 9, y: UNKNOWN },
        { x: 2, y: UNKNOWN },
      ],
    }),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-takes-configuration",
    wrong: "a configured value is planned as unknown",
    moment: "create",
    how: plan({ note: UNKNOWN }),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-keeps-unknown",
    wrong: "a value that is not known yet is guessed",
    moment: "create",
    config: { name: "a", note: later("n") },
    how: change((answer, { config }) =>
      memberOf(config, "note") === UNKNOWN
        ? { ...answer, planned: but(answer.planned, { note: "guess" }) }
        : answer,
    ),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-null-unless-computed",
    wrong: "an optional attribute gets a value that nobody configured",
    moment: "create",
    config: { name: "a" },
    how: plan({ note: "surprise" }),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-keeps-elements",
    wrong: "a nested list is planned with one more element",
    moment: "create",
    how: plan({
      rows: [
        { x: 1, y: UNKNOWN },
        { x: 2, y: UNKNOWN },
        { x: 3, y: UNKNOWN },
      ],
    }),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-keeps-elements",
    wrong: "a nested map is planned without a key",
    moment: "create",
    how: plan({ cells: {} }),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-keeps-elements",
    wrong: "a nested set is planned with an element that is not configured",
    moment: "create",
    how: plan({ bag: [{ x: 1 }, { x: 7 }] }),
    terraform: { takes: "the elements of a nested set are only counted" },
  },
  {
    rule: "plan-keeps-elements",
    wrong: "a nested set is planned with one more element",
    moment: "create",
    how: plan({ bag: [{ x: 1 }, { x: 2 }, { x: 7 }] }),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-keeps-object",
    wrong: "the plan of a create is null",
    moment: "create",
    how: change((answer) => ({ ...answer, planned: null })),
    terraform: INVALID_PLAN,
  },
  {
    rule: "plan-of-destroy-is-null",
    wrong: "the plan of a destroy has an object",
    moment: "destroy",
    how: change((answer, { prior }) => ({ ...answer, planned: prior })),
    terraform: INVALID_PLAN,
  },
  {
    rule: "replace-path-exists",
    wrong: "a replacement is forced by a path that is nowhere",
    moment: "update",
    how: change((answer) => ({ ...answer, requiresReplace: [[{ attribute: "nowhere" }]] })),
    terraform: INVALID_PLAN,
  },
  {
    rule: "write-only-null",
    wrong: "a write-only value is in the plan",
    moment: "create",
    config: { name: "a" },
    how: plan({ hidden: "leaked" }),
    terraform: /write-only/i,
    tofu: INVALID_PLAN,
  },
  {
    rule: "write-only-null",
    wrong: "a write-only value comes out of apply",
    moment: "create",
    how: apply({ hidden: "leaked" }),
    terraform: /write-only/i,
    tofu: INCONSISTENT,
  },
  {
    rule: "write-only-null",
    wrong: "a write-only value is read",
    moment: "refresh",
    how: read({ hidden: "leaked" }),
    terraform: /write-only/i,
    tofu: { takes: OLD_WRITE_ONLY },
  },
  {
    rule: "final-plan-agrees",
    wrong: "a computed value that was planned is planned as another at apply",
    moment: "create",
    how: change((answer, _, count) => ({
      ...answer,
      planned: but(answer.planned, { label: `label ${count}` }),
    })),
    terraform: /Provider produced inconsistent final plan/,
  },
  {
    rule: "final-plan-same-action",
    wrong: "an update becomes a replacement at apply",
    moment: "update",
    how: change((answer, _, count) =>
      count === 1 ? answer : { ...answer, requiresReplace: [[{ attribute: "note" }]] },
    ),
    terraform: /Provider produced inconsistent final plan/,
  },
  {
    rule: "apply-keeps-plan",
    wrong: "a known value comes out of apply as another",
    moment: "create",
    how: apply({ note: "N" }),
    terraform: INCONSISTENT,
  },
  {
    rule: "apply-keeps-plan",
    wrong: "what was planned as null comes out as empty",
    moment: "update",
    config: { name: "a", note: "after" },
    how: apply({ tags: [] }),
    terraform: INCONSISTENT,
  },
  {
    rule: "apply-keeps-plan",
    wrong: "a value in a nested object comes out as another",
    moment: "create",
    how: apply({ cells: { k: { x: 5 } } }),
    terraform: INCONSISTENT,
  },
  {
    rule: "apply-keeps-elements",
    wrong: "a list comes out longer",
    moment: "create",
    how: apply({ tags: ["t", "u"] }),
    terraform: INCONSISTENT,
  },
  {
    rule: "apply-keeps-elements",
    wrong: "a map comes out with another key",
    moment: "create",
    how: apply({ cells: { other: { x: 1 } } }),
    terraform: INCONSISTENT,
  },
  {
    rule: "apply-keeps-elements",
    wrong: "a set comes out with another element",
    moment: "create",
    how: apply({ pets: ["q"] }),
    terraform: INCONSISTENT,
  },
  {
    rule: "apply-keeps-elements",
    wrong: "a nested set comes out with one element less",
    moment: "create",
    how: apply({ bag: [{ x: 1 }] }),
    terraform: INCONSISTENT,
  },
  {
    rule: "apply-keeps-object",
    wrong: "a create without error returns nothing",
    moment: "create",
    how: { answers: { applyResourceChange: (answer) => ({ ...answer, state: null }) } },
    terraform: INCONSISTENT,
  },
  {
    rule: "apply-knows-everything",
    wrong: "a computed value is still unknown after apply",
    moment: "create",
    how: apply({ id: UNKNOWN }),
    terraform: /Provider returned invalid result object after apply/,
  },
  {
    rule: "delete-returns-null",
    wrong: "a delete without error returns an object",
    moment: "destroy",
    how: { answers: { applyResourceChange: (answer, { prior }) => ({ ...answer, state: prior }) } },
    terraform: /Provider returned invalid result object after apply/,
  },
  {
    rule: "read-knows-everything",
    wrong: "a value that was read is unknown",
    moment: "refresh",
    how: read({ note: UNKNOWN }),
    terraform: /Provider produced invalid object/,
    tofu: /value is not known/,
  },
  {
    rule: "import-returns-object",
    wrong: "an import without error returns nothing",
    moment: "import",
    how: { answers: { importResourceState: (answer) => ({ ...answer, imported: [] }) } },
    terraform: { takes: "`import` succeeds and imports nothing" },
  },
  {
    rule: "import-returns-object",
    wrong: "an import returns a null object",
    moment: "import",
    how: {
      answers: {
        importResourceState: (answer) => ({
          ...answer,
          imported: answer.imported.map((one) => ({ ...one, state: null })),
        }),
      },
    },
    terraform: /Cannot import non-existent remote object/,
  },
  {
    rule: "import-same-type",
    wrong: "an import returns another type",
    moment: "import",
    how: {
      answers: {
        importResourceState: (answer) => ({
          ...answer,
          imported: answer.imported.map((one) => ({ ...one, type: "mutant_other" })),
        }),
      },
    },
    terraform: { takes: "it imports the other type" },
  },
  {
    rule: "data-returns-object",
    wrong: "a data source returns null",
    moment: "data",
    how: { answers: { readDataSource: (answer) => ({ ...answer, state: null }) } },
    terraform: /Provider produced null object/,
  },
  {
    rule: "data-knows-everything",
    wrong: "a data source returns an unknown value",
    moment: "data",
    how: {
      answers: { readDataSource: (answer) => ({ ...answer, state: but(answer.state, { value: UNKNOWN }) }) },
    },
    terraform: /Provider produced invalid object/,
  },
  {
    rule: "data-takes-configuration",
    wrong: "a data source returns another value than configured",
    moment: "data",
    how: {
      answers: { readDataSource: (answer) => ({ ...answer, state: but(answer.state, { key: "other" }) }) },
    },
    terraform: { takes: "nobody checks, and every reference gets the wrong value" },
  },
  {
    rule: "settles",
    wrong: "what is read differs from what was written",
    moment: "create",
    how: read({ note: "spelled otherwise" }),
    terraform: { takes: "it cannot tell it from drift", after: "a plan that never ends" },
  },
  {
    rule: "read-is-stable",
    wrong: "every read gives a computed attribute another value",
    moment: "create",
    how: {
      answers: {
        readResource: (answer, _, count) => ({
          ...answer,
          state: but(answer.state, { label: `read ${count}` }),
        }),
      },
    },
    terraform: { takes: "it cannot tell it from drift" },
  },
];
