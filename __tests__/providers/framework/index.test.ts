import { join } from "node:path";
import { buildSync } from "esbuild";
import * as framework from "../../../providers/framework";
import * as codegen from "../../../providers/framework/codegen";
import * as testing from "../../../providers/framework/testing";

const ROOT = join(__dirname, "../../..");

test("what is public is decided, not what happens to be exported", () => {
  expect(Object.keys(framework).sort()).toEqual([
    "BigDecimal",
    "DiagnosticError",
    "DynamicValue",
    "UNKNOWN",
    "all",
    "atLeastOneOf",
    "atMostOneOf",
    "attr",
    "defineDataSource",
    "defineProvider",
    "defineResource",
    "dynamicOf",
    "exactlyOneOf",
    "jsonOf",
    "requiredTogether",
    "secret",
    "serve",
    "timeouts",
  ]);
  expect(Object.keys(testing).sort()).toEqual([
    "BrokenRule",
    "CoreError",
    "Host",
    "Plan",
    "RULES",
    "Refusal",
    "State",
    "Workspace",
    "bundled",
    "cores",
    "expectActions",
    "expectError",
    "expectNoChanges",
    "expectWarning",
    "findCore",
    "installLauncher",
    "isAtLeast",
    "later",
    "resident",
    "versionOf",
  ]);
  expect(Object.keys(codegen).sort()).toEqual(["generateBindings", "generateDocs"]);
});

/** The files of which a bundle has code: what a provider reads and compiles when it starts. */
function filesIn(imports: string): string[] {
  const { metafile } = buildSync({
    stdin: {
      contents: `${imports}\nserve(defineProvider({ resources: [defineResource()({ attributes: { a: attr.string({}) } })] }));`,
      resolveDir: join(ROOT, "examples/provider-in-40-lines"),
      sourcefile: "provider.ts",
    },
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    write: false,
    outfile: "provider.js",
    metafile: true,
  });
  return Object.entries(metafile.outputs["provider.js"]!.inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => file)
    .sort();
}

test("a provider that imports the public entry starts with what it needs, and nothing else", () => {
  const publicly = filesIn(
    'import { attr, defineProvider, defineResource, serve } from "../../providers/framework";',
  );
  const deeply = filesIn(`
    import { defineProvider, defineResource } from "../../providers/framework/define";
    import { attr } from "../../providers/framework/schema/attribute";
    import { serve } from "../../providers/framework/serve";`);
  expect(publicly).toContain("providers/framework/wire/serve-plugin.ts");
  expect(publicly).toEqual(deeply);
  expect(publicly.filter((file) => /framework\/(testing|codegen)\//.test(file))).toEqual([]);
});
