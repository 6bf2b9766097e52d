// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such text must survive generation
import { defineDataSource, defineProvider, defineResource } from "../../../../providers/framework/define";
import { attr } from "../../../../providers/framework/schema/attribute";

/** A provider with every kind of attribute, for the generators only: nothing here is ever served. */

const never = async (): Promise<never> => {
  throw new Error("the fixture is only described, never run");
};

const everything = defineResource()({
  type: "shop_every_thing",
  description: "One of everything.\n\nHas `*/` and ${no} interpolation in its text.",
  example: `resource "shop_every_thing" "one" {\n  name = "one"\n}`,
  attributes: {
    // Required
    name: attr.string({ description: "The name.", required: true, requiresReplace: true }),
    amount: attr.number({ description: "How many.", required: true }),
    open: attr.bool({ description: "Whether it is open.", required: true }),
    colour: attr.string({
      description: "The colour.",
      required: true,
      oneOf: ["red", "deep-blue"],
    }),
    tags: attr.list("string", { description: "Tags in order.", required: true }),
    // Optional
    secret: attr.string({ description: "A secret.", optional: true, sensitive: true }),
    token: attr.string({ description: "A token.", optional: true, sensitive: true, writeOnly: true }),
    mood: attr.string({ description: "The mood.", oneOf: ["calm", "wild"], default: "calm" }),
    size: attr.number({ description: "The size, in metres.", default: 3 }),
    old: attr.string({ description: "An old one.", optional: true, deprecated: "Use `name`." }),
    sizes: attr.list("number", { description: "Sizes.", optional: true }),
    flags: attr.list("bool", { description: "Flags.", optional: true }),
    names: attr.set("string", { description: "Names.", optional: true }),
    numbers: attr.set("number", { description: "Numbers.", optional: true }),
    labels: attr.map("string", { description: "Labels.", optional: true }),
    weights: attr.map("number", { description: "Weights.", optional: true }),
    go_if: attr.map("bool", { description: "Conditions.", optional: true }),
    matrix: attr.list(["list", "number"], { description: "Rows.", optional: true }),
    stores: attr.map(["set", "string"], { description: "Stores by name.", optional: true }),
    routes: attr.list(["map", "string"], { description: "Routes.", optional: true }),
    groups: attr.set(["list", "string"], { description: "Groups.", optional: true }),
    switches: attr.map(["list", "bool"], { description: "Switches.", optional: true }),
    limits: attr.object(
      {
        max_failures: attr.number({ description: "How many may fail.", default: 0 }),
        strategy: attr.string({ description: "How.", optional: true, oneOf: ["fast", "safe"] }),
        inner: attr.object(
          {
            deep: attr.bool({ description: "Deep.", required: true }),
            shallow: attr.bool({ description: "Shallow.", optional: true, deprecated: "Use `deep`." }),
            key: attr.string({ description: "A key.", optional: true, writeOnly: true }),
          },
          { description: "Inside.", optional: true },
        ),
      },
      { description: "Limits.", optional: true },
    ),
    parts: attr.listOf(
      {
        part_name: attr.string({ description: "Its name.", required: true }),
        serial: attr.string({ description: "Its serial.", computed: true }),
      },
      { description: "Parts.", optional: true },
    ),
    certificates: attr.mapOf(
      {
        pem: attr.string({ description: "PEM.", required: true }),
        stores: attr.list("string", { description: "Stores.", required: true }),
      },
      { description: "Certificates by SHA-256.", required: true },
    ),
    members: attr.setOf(
      { id: attr.number({ description: "Number.", required: true }) },
      { description: "Members.", optional: true },
    ),
    // Computed
    id: attr.string({ description: "The id.", computed: true }),
    count_of_things: attr.number({ description: "Count.", computed: true }),
    proven: attr.bool({ description: "Proven.", computed: true }),
    seen_rows: attr.list(["list", "number"], { description: "Rows.", computed: true }),
    seen_stores: attr.map(["set", "string"], { description: "Stores.", computed: true }),
    seen_groups: attr.set(["list", "string"], { description: "Groups.", computed: true }),
    observed: attr.list("string", { description: "Observed.", computed: true }),
    present: attr.map("bool", { description: "Present by node.", computed: true }),
    findings: attr.listOf(
      {
        severity: attr.string({ description: "Severity.", computed: true, oneOf: ["info", "warning"] }),
        value: attr.list("string", { description: "Value.", computed: true }),
      },
      { description: "Findings.", computed: true },
    ),
    nodes: attr.mapOf(
      {
        address: attr.string({ description: "Address.", computed: true }),
        tftp: attr.bool({ description: "Runs TFTP.", computed: true }),
      },
      { description: "Nodes by name.", computed: true },
    ),
    counts: attr.object(
      { source: attr.number({ description: "On the source.", computed: true }) },
      { description: "Counts.", computed: true },
    ),
  },
  version: 1,
  upgraders: { 0: (state) => state },
  read: never,
  create: never,
  delete: never,
  import: { idForm: '{"name":"one"}', hint: "The till prints it.", run: never },
});

const stock = defineDataSource()({
  type: "shop_stock",
  description: "What is in stock.",
  example: `data "shop_stock" "all" {\n  shop = "main"\n}`,
  attributes: {
    shop: attr.string({ description: "Which shop.", required: true }),
    items: attr.map("string", { description: "Items.", computed: true }),
  },
  read: never,
});

export const shopProvider = defineProvider({
  name: "shop",
  source: "example.internal/acme/shop",
  version: "1.2.3",
  description: "A shop.",
  example: `provider "shop" {\n  shops = { main = { address = "127.0.0.1" } }\n}`,
  attributes: {
    shops: attr.mapOf(
      {
        address: attr.string({ description: "Address.", required: true }),
        ports: attr.object(
          { ssh: attr.number({ description: "SSH port.", default: 22 }) },
          { description: "Ports.", optional: true },
        ),
      },
      { description: "Shops by name.", required: true },
    ),
    timeout: attr.number({ description: "Seconds.", optional: true }),
  },
  configure: () => undefined,
  resources: [everything],
  dataSources: [stock],
});
