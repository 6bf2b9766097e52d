import { UNKNOWN } from "../../../../../providers/framework/schema/value";
import { but } from "./mutant";
import { apply, INCONSISTENT, type Mutation, read } from "./mutation";

/** Wrong in what is kept: results of apply, read, import and data sources. */
export const RESULT_MUTATIONS: readonly Mutation[] = [
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
