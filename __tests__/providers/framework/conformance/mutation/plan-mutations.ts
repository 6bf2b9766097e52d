import { attr } from "../../../../../providers/framework/schema/attribute";
import { isWhollyKnown } from "../../../../../providers/framework/schema/equality";
import { UNKNOWN } from "../../../../../providers/framework/schema/value";
import { later } from "../../../../../providers/framework/testing/host/config";
import { encodeValue } from "../../../../../providers/framework/wire/encode-value";
import { GrpcError, Status } from "../../../../../providers/framework/wire/grpc/status";
import { rpcs } from "../../../../../providers/framework/wire/tfplugin6";
import { but, memberOf } from "./mutant";
import {
  apply,
  change,
  inconsistent,
  invalidPlan,
  type Mutation,
  NO_WRITE_ONLY,
  plan,
  read,
  schema,
  withAttribute,
} from "./mutation";

const { PlanResourceChange, ApplyResourceChange } = rpcs;

/** Wrong before anything is applied: schemas, failing calls, plans. */
export const PLAN_MUTATIONS: readonly Mutation[] = [
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
    terraform:
      /invalid schema for managed resource type "mutant_thing"[\s\S]*note: cannot set both Computed and Required/,
  },
  {
    rule: "schema-valid",
    wrong: "an attribute in a set is write-only",
    moment: "start",
    how: schema((attributes) => {
      const { nested_type: bag } = attributes.find(({ name }) => name === "bag")!;
      bag!.attributes[0]!.write_only = true;
    }),
    terraform: /invalid schema for managed resource type "mutant_thing".*"bag: NestingSet/,
    withoutWriteOnly: { takes: NO_WRITE_ONLY },
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
    terraform: /Plugin error\n.*PlanResourceChange: rpc error: code = Internal desc = out of order/,
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
    terraform: /an object with 10 attributes is required \(1 given\)/,
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
    terraform: /\["note"\]: string is required/,
  },
  {
    rule: "plan-takes-configuration",
    wrong: "a configured value is planned as another",
    moment: "create",
    how: plan({ note: "another" }),
    terraform: invalidPlan('note: planned value cty.StringVal("another") does not match config value'),
  },
  {
    rule: "plan-takes-configuration",
    wrong: "a configured value is planned as null",
    moment: "update",
    how: plan({ note: null }),
    terraform: invalidPlan("note: planned value cty.NullVal(cty.String) does not match config value"),
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
    terraform: invalidPlan("rows[0].x: planned value cty.NumberIntVal(9) does not match config value"),
  },
  {
    rule: "plan-takes-configuration",
    wrong: "a configured value is planned as unknown",
    moment: "create",
    how: plan({ note: UNKNOWN }),
    terraform: invalidPlan("note: planned value cty.UnknownVal(cty.String) does not match config value"),
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
    terraform: invalidPlan(
      'note: planned value cty.StringVal("guess") does not match config value cty.UnknownVal(',
    ),
  },
  {
    rule: "plan-null-unless-computed",
    wrong: "an optional attribute gets a value that nobody configured",
    moment: "create",
    config: { name: "a" },
    how: plan({ note: "surprise" }),
    terraform: invalidPlan('note: planned value cty.StringVal("surprise") for a non-computed attribute'),
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
    terraform: invalidPlan("rows: count in plan (cty.NumberIntVal(3)) disagrees with count in config"),
  },
  {
    rule: "plan-keeps-elements",
    wrong: "a nested map is planned without a key",
    moment: "create",
    how: plan({ cells: {} }),
    terraform: invalidPlan("cells: count in plan (cty.NumberIntVal(0)) disagrees with count in config"),
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
    terraform: invalidPlan("bag: count in plan (cty.NumberIntVal(3)) disagrees with count in config"),
  },
  {
    rule: "plan-keeps-elements",
    wrong: "two elements of a nested set are planned as the same one",
    moment: "create",
    how: plan({ bag: [{ x: 1 }, { x: 1 }] }),
    terraform: invalidPlan("bag: count in plan (cty.NumberIntVal(1)) disagrees with count in config"),
  },
  {
    rule: "plan-takes-configuration",
    wrong: "a set with two elements that are not known yet is planned with one",
    moment: "create",
    config: { name: "a", pets: ["p", later("q"), later("r")] },
    how: change((answer, { config }) =>
      isWhollyKnown(config) ? answer : { ...answer, planned: but(answer.planned, { pets: ["p", UNKNOWN] }) },
    ),
    terraform: invalidPlan("pets: planned value cty.SetVal("),
  },
  {
    rule: "plan-keeps-object",
    wrong: "the plan of a create is null",
    moment: "create",
    how: change((answer) => ({ ...answer, planned: null })),
    terraform: invalidPlan("mutant_thing.it: planned for absence but config wants existence"),
  },
  {
    rule: "plan-of-destroy-is-null",
    wrong: "the plan of a destroy has an object",
    moment: "destroy",
    how: change((answer, { prior }) => ({ ...answer, planned: prior })),
    terraform: invalidPlan("planned a non-null destroy value for mutant_thing.it"),
  },
  {
    rule: "replace-path-exists",
    wrong: "a replacement is forced by a path that is nowhere",
    moment: "update",
    how: change((answer) => ({ ...answer, requiresReplace: [[{ attribute: "nowhere" }]] })),
    terraform: invalidPlan('"requires replacement" on mutant_thing.it for a non-existent attribute path'),
  },
  {
    rule: "write-only-null",
    wrong: "a write-only value is in the plan",
    moment: "create",
    config: { name: "a" },
    how: plan({ hidden: "leaked" }),
    terraform: /write-only attribute "mutant_thing\.it\.hidden" during planning/,
    withoutWriteOnly: invalidPlan(
      'hidden: planned value cty.StringVal("leaked") for a non-computed attribute',
    ),
  },
  {
    rule: "write-only-null",
    wrong: "a write-only value comes out of apply",
    moment: "create",
    how: apply({ hidden: "leaked" }),
    terraform: /write-only attribute "mutant_thing\.it\.hidden" after apply/,
    withoutWriteOnly: inconsistent('.hidden: was null, but now cty.StringVal("leaked")'),
  },
  {
    rule: "write-only-null",
    wrong: "a write-only value is read",
    moment: "refresh",
    how: read({ hidden: "leaked" }),
    terraform: /write-only attribute "mutant_thing\.it\.hidden" during refresh/,
    withoutWriteOnly: { takes: NO_WRITE_ONLY },
  },
  {
    rule: "final-plan-agrees",
    wrong: "a computed value that was planned is planned as another at apply",
    moment: "create",
    how: change((answer, _, count) => ({
      ...answer,
      planned: but(answer.planned, { label: `label ${count}` }),
    })),
    terraform:
      /inconsistent final plan\n.*\.label: was cty\.StringVal\("label 1"\), but now cty\.StringVal\("label 2"\)/,
  },
  {
    rule: "final-plan-same-action",
    wrong: "an update becomes a replacement at apply",
    moment: "update",
    how: change((answer, _, count) =>
      count === 1 ? answer : { ...answer, requiresReplace: [[{ attribute: "note" }]] },
    ),
    terraform: /inconsistent final plan\n.*changed the planned action from Update to DeleteThenCreate/,
  },
];
