import { randomBytes } from "node:crypto";
import { defineProvider, defineResource } from "../framework/define";
import { attr } from "../framework/schema/attribute";

const nullResource = defineResource()({
  type: "null_resource",
  description: `Does nothing, and is replaced when its triggers change.

A stand-in for the resource of the same name in hashicorp/null, for the lab and for tests without a network.`,
  example: `resource "null_resource" "gate" {
  triggers = {
    proof = cucm_tvs_proof.destination.generation
  }
}`,
  attributes: {
    // Optional
    triggers: attr.map("string", {
      description: "Any strings; a change of one replaces the resource.",
      optional: true,
      requiresReplace: true,
    }),
    // Computed
    id: attr.string({ description: "A random number.", computed: true, keepPriorValue: true }),
  },
  read: async ({ state }) => ({ state }),
  create: async ({ config }) => ({
    state: { triggers: config.triggers, id: randomBytes(8).readBigUInt64BE().toString() },
  }),
  delete: async () => {},
  import: {
    idForm: "<id>",
    run: async (id) => ({ state: { id, triggers: null } }),
  },
});

export const nullStandInProvider = defineProvider({
  name: "null",
  source: "registry.terraform.io/hashicorp/null",
  version: "3.2.4",
  description: `A stand-in for hashicorp/null, for the lab and for tests without a network. It has \`null_resource\` and
nothing else.`,
  example: 'provider "null" {}',
  attributes: {},
  configure: () => undefined,
  resources: [nullResource],
  dataSources: [],
});
