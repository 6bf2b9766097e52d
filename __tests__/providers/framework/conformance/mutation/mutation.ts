import type { attr } from "../../../../../providers/framework/schema/attribute";
import type { Configuration } from "../../../../../providers/framework/testing/host/config";
import type { RuleName } from "../../../../../providers/framework/testing/host/rule";
import { rpcs, type SchemaAttributeFields } from "../../../../../providers/framework/wire/tfplugin6";
import { but, mutantProvider, type Wrong } from "./mutant";

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
  /** Of a core before 1.11, Terraform or OpenTofu, where that is another one. */
  readonly withoutWriteOnly?: Verdict;
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

export const plan = (members: Members): Wrong => ({
  answers: { planResourceChange: (answer) => ({ ...answer, planned: but(answer.planned, members) }) },
});
export const apply = (members: Members): Wrong => ({
  answers: { applyResourceChange: (answer) => ({ ...answer, state: but(answer.state, members) }) },
});
export const read = (members: Members): Wrong => ({
  answers: { readResource: (answer) => ({ ...answer, state: but(answer.state, members) }) },
});
export const change = (planResourceChange: PlanChange): Wrong => ({ answers: { planResourceChange } });

/** The error with this title, and these words on the next line. */
const said = (title: string, words: string) =>
  new RegExp(`${title}\\n.*${words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
export const invalidPlan = (words: string) => said("Provider produced invalid plan", words);
export const inconsistent = (words: string) =>
  said("Provider produced inconsistent result after apply", words);
export const NO_WRITE_ONLY = "it has no write-only attributes";

const { GetProviderSchema } = rpcs;
/** A resource's schema with something wrong in it. */
export const schema = (change: (attributes: SchemaAttributeFields[]) => void): Wrong => ({
  bytes: {
    GetProviderSchema: (answer) => {
      const decoded = GetProviderSchema.response.decode(answer);
      change(decoded.resource_schemas.get("mutant_thing")!.block!.attributes);
      return GetProviderSchema.response.encode(decoded);
    },
  },
});

export const withAttribute = (name: string, attribute: ReturnType<typeof attr.string>) => ({
  ...mutantProvider,
  resources: mutantProvider.resources.map((r) => ({
    ...r,
    attributes: { ...r.attributes, [name]: attribute },
  })),
});
