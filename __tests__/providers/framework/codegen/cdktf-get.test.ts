import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { generateBindings } from "../../../../providers/framework/codegen/binding";
import { withoutProvider } from "../../../../providers/framework/codegen/names";
import { shopProvider } from "./fixture";
import { writeGenerated } from "./generated";
import { providersSchema } from "./schema-json";

/**
 * The surface of our bindings against that of `cdktf get`, whose generator is run on the same provider: users and
 * tools that know the one know the other.
 */

// biome-ignore lint/suspicious/noExplicitAny: modules that exist only while the test runs
type Module = { [name: string]: any };

let ours: Module;
const theirs: Module = {};
const folders: string[] = [];

/** Runs the generator behind `cdktf get` in a process of its own: it starts the core and reads the environment. */
const GENERATE = `
const generator = require("node:module").createRequire(require.resolve("@cdktf/provider-generator/package.json"));
const { CodeMaker } = generator("codemaker");
const { ConstructsMakerProviderTarget, TerraformProviderConstraint } = generator("@cdktf/commons");
const { TerraformProviderGenerator } = generator("./lib/get/generator/provider-generator.js");
const { schema, constraint, folder } = JSON.parse(process.argv[1]);
const get = new TerraformProviderGenerator(new CodeMaker(), schema);
get.generate(new ConstructsMakerProviderTarget(new TerraformProviderConstraint(constraint), "typescript"));
get.save(folder);
`;

beforeAll(() => {
  const folder = writeGenerated(new Map());
  const request = {
    // `cdktf get` adds the versions, which the core says elsewhere.
    schema: {
      ...providersSchema(shopProvider),
      provider_versions: { [shopProvider.source]: shopProvider.version },
    },
    constraint: `${shopProvider.source}@${shopProvider.version}`,
    folder,
  };
  execFileSync(process.execPath, ["-e", GENERATE, JSON.stringify(request)], {
    cwd: join(__dirname, "../../../.."),
    env: { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "/dev/null" },
  });
  for (const name of readdirSync(join(folder, "providers/shop"), { withFileTypes: true })) {
    if (name.isDirectory()) Object.assign(theirs, require(join(folder, "providers/shop", name.name)));
  }
  folders.push(folder, writeGenerated(generateBindings(shopProvider)));
  ours = require(folders[1]!);
}, 60_000);
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** `cdktf get` drops the provider's name from a resource's type; we keep it. */
const prefixed = (name: string) => {
  const [, data, rest] = /^(Data(?=Shop)|data(?=Shop))?(.*)$/.exec(name)!;
  if (data !== undefined || /^shop/i.test(rest!)) return name;
  return /^[a-z]/.test(name) ? `shop${name.charAt(0).toUpperCase()}${name.slice(1)}` : `Shop${name}`;
};

const members = (module: Module, name: string): string[] =>
  typeof module[name] === "function" && /^class /.test(Function.prototype.toString.call(module[name]))
    ? [
        ...Object.getOwnPropertyNames(module[name].prototype),
        ...Object.getOwnPropertyNames(module[name]),
      ].filter((member) => !["length", "name", "prototype"].includes(member))
    : [];

test("exports the same classes and functions", () => {
  expect(Object.keys(theirs).map(prefixed).sort()).toEqual(Object.keys(ours).sort());
});

test("whose members have the same names", () => {
  for (const name of Object.keys(theirs)) {
    expect([name, members(ours, prefixed(name)).sort()]).toEqual([name, members(theirs, name).sort()]);
  }
});

test("and which synthesise the same JSON, references included", () => {
  const synth = (module: Module, className: (name: string) => string) => {
    const stack = new TerraformStack(Testing.app(), "test");
    new module.ShopProvider(stack, "shop", {
      shops: { main: { address: "127.0.0.1", ports: { ssh: 2222 } } },
      timeout: 3,
    });
    const stock = new module.DataShopStock(stack, "stock", { shop: "main" });
    const EveryThing = module[className("EveryThing")];
    const one = new EveryThing(stack, "one", {
      name: "one",
      amount: 1,
      open: false,
      colour: "red",
      tags: ["a"],
      names: ["n"],
      numbers: [1],
      flags: [true],
      limits: { maxFailures: 1, inner: { deep: true } },
      parts: [{ partName: "p" }],
      members: [{ id: 1 }],
      certificates: { x: { pem: "p", stores: [] } },
      goIf: { a: true },
      weights: { kg: 1.5 },
      matrix: [[1, 2], []],
      stores: { a: ["x"] },
      routes: [{ to: "b" }],
      groups: [["g"]],
      switches: { s: [true] },
    });
    new EveryThing(stack, "two", {
      name: one.id,
      amount: one.countOfThings,
      open: one.proven,
      colour: one.parts.get(0).serial,
      tags: one.observed,
      sizes: one.sizes,
      names: one.names,
      numbers: one.numbers,
      flags: one.flags,
      labels: stock.items,
      weights: one.weights,
      certificates: one.certificates,
      parts: one.findings,
      goIf: {
        present: one.present.lookup("x"),
        tftp: one.nodes.get('"a"').tftp,
        deep: one.limits.inner.deep,
      },
      members: one.members,
      matrix: one.seenRows,
      stores: one.seenStores,
      routes: one.routes,
      groups: one.groups,
      switches: one.switches,
    });
    return JSON.parse(Testing.synth(stack, true));
  };
  const json = synth(ours, prefixed);
  expect(json).toEqual(synth(theirs, (name) => name));
  expect(Object.keys(json.resource.shop_every_thing)).toEqual(["one", "two"]);
});

test("file names follow the resource, not the provider", () => {
  expect(withoutProvider("shop_every_thing", "shop")).toBe("every_thing");
  expect([...generateBindings(shopProvider).keys()].sort()).toEqual([
    "data-stock.ts",
    "every-thing.ts",
    "index.ts",
    "provider.ts",
  ]);
});
