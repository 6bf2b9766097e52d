// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Fn, TerraformStack, Testing, Token } from "cdktf";
import { generateBindings } from "../../../../providers/framework/codegen/binding";
import { defineProvider, defineResource } from "../../../../providers/framework/define";
import { attr } from "../../../../providers/framework/schema/attribute";
import { shopProvider } from "./fixture";
import { writeGenerated } from "./generated";

const ROOT = join(__dirname, "../../../..");
const files = generateBindings(shopProvider);
const folder = writeGenerated(files);
afterAll(() => rmSync(folder, { recursive: true }));

// What is generated at test time has no types at test time.
// biome-ignore lint/suspicious/noExplicitAny: the types are proven by the type-check test
const binding = require(folder) as { [name: string]: any };

const REQUIRED = {
  name: "one",
  amount: 2,
  open: true,
  colour: "red",
  tags: ["b", "a"],
  certificates: { ab12: { pem: "-----BEGIN\nX\n-----END\n", stores: ["CallManager-trust"] } },
};

/** The synthesised JSON of a stack that `build` fills. */
function synth(build: (stack: TerraformStack) => void, { validated } = { validated: true }) {
  const stack = new TerraformStack(Testing.app(), "test");
  new binding.ShopProvider(stack, "shop", {
    shops: { main: { address: "127.0.0.1", ports: { ssh: 2222 } } },
  });
  build(stack);
  return JSON.parse(Testing.synth(stack, validated));
}

describe("the text", () => {
  test.each([...files.keys()])("of %s is as last reviewed", (name) => {
    expect(files.get(name)).toMatchSnapshot();
  });

  test("type-checks with this project's settings, and its types accept and refuse what they should", () => {
    writeFileSync(join(folder, "use.ts"), USE);
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(ROOT, "tsconfig.json"),
        include: ["*.ts"],
        compilerOptions: { typeRoots: [join(ROOT, "node_modules/@types")] },
      }),
    );
    const tsc = join(ROOT, "node_modules/.bin/tsc");
    expect(() => execFileSync(tsc, ["-p", folder], { encoding: "utf8" })).not.toThrow();
  }, 60_000);
});

const USE = `
import { Fn, type TerraformStack, Token } from "cdktf";
import { DataShopStock, ShopEveryThing, ShopProvider } from "./index";

export function use(stack: TerraformStack) {
  new ShopProvider(stack, "shop", { shops: { main: { address: "127.0.0.1" } }, alias: "a" });
  const stock = new DataShopStock(stack, "stock", { shop: "main" });
  const base = { name: stock.items.lookup("a"), amount: 1, open: true, tags: stock.fqn ? ["x"] : [] };
  const one = new ShopEveryThing(stack, "one", { ...base, colour: "deep-blue", certificates: {} });
  const two = new ShopEveryThing(stack, "two", {
    ...base,
    colour: Token.asAny(one.colour),
    open: one.proven,
    certificates: one.nodes,
    goIf: { "one is proven": one.proven, "it is so": true },
    limits: { maxFailures: one.counts.source, inner: { deep: false } },
    parts: Token.asAny(Fn.flatten([])),
  });
  two.putLimits({ strategy: "safe" });
  two.colour = "red";
  const address: string = two.nodes.get("n").address;
  const severity: string = two.findings.get(0).severity;
  // @ts-expect-error not one of the choices
  two.colour = "green";
  // @ts-expect-error computed attributes cannot be set
  two.proven = true;
  // @ts-expect-error a required attribute is missing
  new ShopEveryThing(stack, "three", { ...base, colour: "red" });
  // @ts-expect-error not one of the choices
  two.putLimits({ strategy: "slow" });
  return [address, severity];
}
`;

describe("synthesis", () => {
  test("writes what was given, with Terraform's names, and nothing else", () => {
    const json = synth((stack) => {
      new binding.ShopEveryThing(stack, "one", {
        ...REQUIRED,
        mood: "wild",
        labels: { a: "1" },
        goIf: { "it is so": true },
        limits: { maxFailures: 0, inner: { deep: false } },
        parts: [{ partName: "lid" }],
        members: [{ id: 7 }],
      });
    });
    expect(json.resource.shop_every_thing.one).toEqual({
      ...REQUIRED,
      mood: "wild",
      labels: { a: "1" },
      go_if: { "it is so": true },
      limits: { max_failures: 0, inner: { deep: false } },
      parts: [{ part_name: "lid" }],
      members: [{ id: 7 }],
    });
    expect(json.provider.shop).toEqual([{ shops: { main: { address: "127.0.0.1", ports: { ssh: 2222 } } } }]);
    expect(json.terraform.required_providers.shop).toEqual({
      source: "example.internal/acme/shop",
      version: "1.2.3",
    });
  });

  test("accepts references and expressions wherever a value goes", () => {
    const json = synth((stack) => {
      const stock = new binding.DataShopStock(stack, "stock", { shop: "main" });
      const one = new binding.ShopEveryThing(stack, "one", REQUIRED);
      new binding.ShopEveryThing(stack, "two", {
        name: stock.items.lookup("x"),
        amount: one.countOfThings,
        open: one.proven,
        colour: Token.asAny(one.colour),
        tags: one.observed,
        certificates: Token.asAny(
          `\${{ for sha, node in ${one.nodes.fqn} : sha => { pem = node.address, stores = ["s"] } }}`,
        ),
        goIf: { proven: one.proven, present: one.present.lookup("n") },
        labels: stock.items,
        limits: one.counts,
        sizes: Token.asNumberList(Fn.range(0, one.counts.source)),
        names: one.names,
        parts: Token.asAny("${[]}"),
      });
      new binding.ShopEveryThing(stack, "three", {
        ...REQUIRED,
        name: Fn.element(one.findings.get(0).value, 0),
        secret: one.nodes.get("pub").address,
        colour: one.certificates.get("ab12").pem,
        flags: [one.nodes.get("pub").tftp],
      });
    });
    const { two, three } = json.resource.shop_every_thing;
    expect(two).toEqual({
      name: '${data.shop_stock.stock.items["x"]}',
      amount: "${shop_every_thing.one.count_of_things}",
      open: "${shop_every_thing.one.proven}",
      colour: "${shop_every_thing.one.colour}",
      tags: "${shop_every_thing.one.observed}",
      certificates:
        '${{ for sha, node in shop_every_thing.one.nodes : sha => { pem = node.address, stores = ["s"] } }}',
      go_if: {
        proven: "${shop_every_thing.one.proven}",
        present: '${shop_every_thing.one.present["n"]}',
      },
      labels: "${data.shop_stock.stock.items}",
      limits: "${shop_every_thing.one.counts}",
      sizes: "${range(0, shop_every_thing.one.counts.source, 1)}",
      names: "${tolist(shop_every_thing.one.names)}",
      parts: "${[]}",
    });
    expect(three.name).toBe("${element(shop_every_thing.one.findings[0].value, 0)}");
    expect(three.secret).toBe('${shop_every_thing.one.nodes["pub"].address}');
    expect(three.colour).toBe('${shop_every_thing.one.certificates["ab12"].pem}');
    expect(three.flags).toEqual(['${shop_every_thing.one.nodes["pub"].tftp}']);
  });

  test("keys of maps stay as they are, in a provider's configuration too", () => {
    const keys = { "127.0.0.1": { address: "127.0.0.1" }, camelCase: { address: "127.0.0.2" } };
    const stack = new TerraformStack(Testing.app(), "test");
    new binding.ShopProvider(stack, "shop", { shops: keys });
    new binding.ShopEveryThing(stack, "one", { ...REQUIRED, labels: { camelCase: "x", "127.0.0.1": "y" } });
    const json = JSON.parse(Testing.synth(stack, true));
    expect(json.provider.shop[0].shops).toEqual(keys);
    expect(json.resource.shop_every_thing.one.labels).toEqual({ camelCase: "x", "127.0.0.1": "y" });
    const { hcl } = stack.toHclTerraform();
    expect(hcl).toContain('"127.0.0.1" = {\naddress = "127.0.0.1"\n}');
    expect(hcl).toContain('camelCase = {\naddress = "127.0.0.2"\n}');
  });

  test("what would end a key in HCL is escaped, a key that is an expression is not", () => {
    const stack = new TerraformStack(Testing.app(), "test");
    const one = new binding.ShopEveryThing(stack, "one", {
      ...REQUIRED,
      goIf: { 'the shop "main" is open': true, "C:\\": true },
      labels: { "two\nlines": "x" },
    });
    new binding.ShopEveryThing(stack, "two", { ...REQUIRED, labels: { [`${one.proven}`]: "y" } });
    const { hcl } = stack.toHclTerraform();
    expect(hcl).toContain(String.raw`"the shop \"main\" is open" = true`);
    expect(hcl).toContain(String.raw`"C:\\" = true`);
    expect(hcl).toContain(String.raw`"two\nlines" = "x"`);
    expect(hcl).toContain('"${shop_every_thing.one.proven}" = "y"');
  });

  test("a value can be read back, replaced and reset", () => {
    const json = synth((stack) => {
      const one = new binding.ShopEveryThing(stack, "one", {
        ...REQUIRED,
        limits: { maxFailures: 3 },
        size: 4,
      });
      expect(one.sizeInput).toBe(4);
      expect(one.limitsInput).toEqual({ maxFailures: 3 });
      expect(one.certificatesInput).toEqual(REQUIRED.certificates);
      one.resetSize();
      one.putLimits({ strategy: "safe" });
      one.limits.maxFailures = 5;
      one.name = "uno";
      one.putParts([{ partName: "lid" }]);
      one.resetParts();
    });
    expect(json.resource.shop_every_thing.one).toEqual({
      ...REQUIRED,
      name: "uno",
      limits: { strategy: "safe", max_failures: 5 },
    });
  });

  test("an empty nested object is written, a reset one is not", () => {
    const json = synth((stack) => {
      new binding.ShopEveryThing(stack, "empty", { ...REQUIRED, limits: {} });
      new binding.ShopEveryThing(stack, "reset", { ...REQUIRED, limits: { maxFailures: 1 } }).resetLimits();
    });
    expect(json.resource.shop_every_thing.empty.limits).toEqual({});
    expect(json.resource.shop_every_thing.reset).not.toHaveProperty("limits");
  });

  test("makes import blocks", () => {
    // To validate one, cdktf asks `terraform` for its version.
    const json = synth(
      (stack) => {
        binding.ShopEveryThing.generateConfigForImport(stack, "one", '{"name":"one"}');
      },
      { validated: false },
    );
    expect(json.import).toEqual([{ to: "shop_every_thing.one", id: '{"name":"one"}' }]);
  });

  test("nested attributes are attributes in HCL too, not blocks", () => {
    const app = new App({ hclOutput: true, outdir: join(folder, "hcl") });
    const stack = new TerraformStack(app, "test");
    new binding.ShopProvider(stack, "shop", {
      shops: { main: { address: "127.0.0.1", ports: { ssh: 2222 } } },
    });
    const one = new binding.ShopEveryThing(stack, "one", {
      ...REQUIRED,
      limits: { inner: { deep: true } },
      parts: [{ partName: "lid" }],
      goIf: { "it is so": true },
    });
    new binding.ShopEveryThing(stack, "two", {
      ...REQUIRED,
      limits: one.counts,
      secret: one.nodes.get("a").address,
    });
    const { hcl } = stack.toHclTerraform();
    expect(hcl).toMatchSnapshot();
  });
});

describe("what cannot have a binding is refused", () => {
  const never = async (): Promise<never> => {
    throw new Error("never run");
  };
  const provider = (...types: { type: string; attribute: string }[]) =>
    defineProvider({
      ...shopProvider,
      dataSources: [],
      resources: types.map(({ type, attribute }) =>
        defineResource()({
          type,
          description: "x",
          example: "x",
          attributes: { [attribute]: attr.string({ description: "x", required: true }) },
          read: never,
          create: never,
          delete: never,
        }),
      ),
    });

  test("an attribute with the name of a meta-argument", () => {
    expect(() => generateBindings(provider({ type: "shop_a", attribute: "count" }))).toThrow(
      'shop_a: "count" is a meta-argument',
    );
  });

  test("two types that would share a file", () => {
    const twice = provider({ type: "shop_a_b", attribute: "x" }, { type: "a_b", attribute: "x" });
    expect(() => generateBindings(twice)).toThrow("Two bindings would be called a-b.ts (a_b).");
  });
});
