import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { diskProvider } from "../../examples/provider-in-40-lines/provider";
import { generateBindings, generateDocs } from "../../providers/framework/codegen";
import {
  type BundledProvider,
  bundled,
  cores,
  expectActions,
  expectNoChanges,
  Workspace,
} from "../../providers/framework/testing";
import { writeGenerated } from "../providers/framework/codegen/generated";

/** The example under plain Terraform, OpenTofu and CDKTF: bundled, and started by the core. */

const EXAMPLE = join(__dirname, "../../examples/provider-in-40-lines");
const HCL = readFileSync(join(EXAMPLE, "main.tf"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "disk-"));
const hello = join(folder, "hello.txt");
let disk: BundledProvider;
beforeAll(async () => {
  disk = await bundled(diskProvider, join(EXAMPLE, "provider.ts"));
});
afterAll(() => {
  disk.remove();
  rmSync(folder, { recursive: true });
});

const content = () => readFileSync(hello, "utf8");

describe.each(cores())("with $name", (core) => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace({ core, providers: { disk }, env: { TF_VAR_folder: folder } });
    // The configurations say themselves what they require.
    workspace.write("versions.tf.json", "{}");
  });
  afterEach(() => workspace.remove());

  test("create, read, update, drift, disappearance, import and delete, in HCL", async () => {
    const address = "disk_text.hello";
    await workspace.configure(HCL).apply();
    expect(content()).toBe("Hello\n");
    expectNoChanges(await workspace.plan());

    workspace.configure(HCL.replace("Hello\\n", "Goodbye"));
    const update = await workspace.plan();
    expectActions(update, { [address]: "update" });
    await workspace.apply(update);
    expect(content()).toBe("Goodbye");

    writeFileSync(hello, "somebody else");
    const repair = await workspace.plan();
    expect(repair.drift).toEqual([address]);
    expect(repair.change(address)).toMatchObject({
      before: { content: "somebody else" },
      after: { content: "Goodbye" },
    });
    await workspace.apply(repair);

    rmSync(hello);
    expectActions(await workspace.plan(), { [address]: "create" });
    await workspace.apply();

    await workspace.run(["state", "rm", address]);
    await workspace.import(address, hello);
    expectNoChanges(await workspace.plan());

    await workspace.destroy();
    expect(content).toThrow("ENOENT");
  }, 120_000);

  test("with CDKTF, through the generated binding", async () => {
    const generated = writeGenerated(generateBindings(diskProvider));
    const output = mkdtempSync(join(folder, "cdktf-"));
    try {
      const { DiskProvider, DiskText } = require(generated);
      const app = new App({ outdir: output });
      const stack = new TerraformStack(app, "files");
      // Otherwise the state would be a file where the test was started.
      new LocalBackend(stack, { path: join(output, "files.tfstate") });
      new DiskProvider(stack, "disk");
      const one = new DiskText(stack, "one", { path: hello, content: "from CDKTF" });
      new DiskText(stack, "two", { path: `${folder}/copy.txt`, content: one.content });
      app.synth();
      workspace.write("cdk.tf.json", readFileSync(join(output, "stacks/files/cdk.tf.json"), "utf8"));

      await workspace.apply();
      expect([content(), readFileSync(join(folder, "copy.txt"), "utf8")]).toEqual([
        "from CDKTF",
        "from CDKTF",
      ]);
      expectNoChanges(await workspace.plan());
      await workspace.destroy();
    } finally {
      rmSync(generated, { recursive: true });
    }
  }, 120_000);
});

test("its documentation pages are generated", () => {
  const pages = generateDocs(diskProvider);
  expect([...pages.keys()]).toEqual(["index.md", "resources/text.md"]);
  expect(pages.get("resources/text.md")).toContain(
    "`path` (String) Where it is. A change replaces the resource.",
  );
});
