import { UNKNOWN } from "../../../../../providers/framework/schema/value";
import { but } from "./mutant";
import { apply, inconsistent, type Mutation, read } from "./mutation";

/** Wrong in what is kept: results of apply, read, import and data sources. */
export const RESULT_MUTATIONS: readonly Mutation[] = [
  {
    rule: "apply-keeps-plan",
    wrong: "a known value comes out of apply as another",
    moment: "create",
    how: apply({ note: "N" }),
    terraform: inconsistent('.note: was cty.StringVal("n"), but now cty.StringVal("N")'),
  },
  {
    rule: "apply-keeps-plan",
    wrong: "what was planned as null comes out as empty",
    moment: "update",
    config: { name: "a", note: "after" },
    how: apply({ tags: [] }),
    terraform: inconsistent(".tags: was null, but now cty.ListValEmpty("),
  },
  {
    rule: "apply-keeps-plan",
    wrong: "a value in a nested object comes out as another",
    moment: "create",
    how: apply({ cells: { k: { x: 5 } } }),
    terraform: inconsistent('.cells["k"].x: was cty.NumberIntVal(1), but now cty.NumberIntVal(5)'),
  },
  {
    rule: "apply-keeps-elements",
    wrong: "a list comes out longer",
    moment: "create",
    how: apply({ tags: ["t", "u"] }),
    terraform: inconsistent(".tags: new element 1 has appeared"),
  },
  {
    rule: "apply-keeps-elements",
    wrong: "a map comes out with another key",
    moment: "create",
    how: apply({ cells: { other: { x: 1 } } }),
    terraform: inconsistent('.cells: element "k" has vanished'),
  },
  {
    rule: "apply-keeps-elements",
    wrong: "a set comes out with another element",
    moment: "create",
    how: apply({ pets: ["q"] }),
    terraform: inconsistent('.pets: planned set element cty.StringVal("p") does not correlate'),
  },
  {
    rule: "apply-keeps-elements",
    wrong: "a nested set comes out with one element less",
    moment: "create",
    how: apply({ bag: [{ x: 1 }] }),
    terraform: inconsistent(".bag: planned set element "),
  },
  {
    rule: "apply-keeps-object",
    wrong: "a create without error returns nothing",
    moment: "create",
    how: { answers: { applyResourceChange: (answer) => ({ ...answer, state: null }) } },
    terraform: inconsistent("Root object was present, but now absent"),
  },
  {
    rule: "apply-knows-everything",
    wrong: "a computed value is still unknown after apply",
    moment: "create",
    how: apply({ id: UNKNOWN }),
    terraform: /invalid result object after apply\n.*unknown value for mutant_thing\.it\.id\./,
  },
  {
    rule: "delete-returns-null",
    wrong: "a delete without error returns an object",
    moment: "destroy",
    how: { answers: { applyResourceChange: (answer, { prior }) => ({ ...answer, state: prior }) } },
    terraform: /invalid result object after apply\n.*returned a non-null object for mutant_thing\.it\./,
  },
  {
    rule: "read-knows-everything",
    wrong: "a value that was read is unknown",
    moment: "refresh",
    how: read({ note: UNKNOWN }),
    terraform:
      /Provider produced invalid object\n.*during refresh: The returned state contains unknown values/,
    tofu: /Failed to marshal plan to json.*value is not known/,
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
    terraform: /Provider produced null object\n.*null value for data\.mutant_source\.it\./,
  },
  {
    rule: "data-knows-everything",
    wrong: "a data source returns an unknown value",
    moment: "data",
    how: {
      answers: { readDataSource: (answer) => ({ ...answer, state: but(answer.state, { value: UNKNOWN }) }) },
    },
    terraform:
      /Provider produced invalid object\n.*value for data\.mutant_source\.it that is not wholly known/,
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
