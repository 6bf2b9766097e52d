import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cores, isAtLeast } from "../../../../providers/framework/testing/core";
import { type ResidentProvider, resident } from "../../../../providers/framework/testing/resident";
import { start } from "../../../../providers/framework/testing/run";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { shopProvider } from "./fixture";
import { providersSchema } from "./schema-json";

/** What a core reads of the served provider is what the generators were given. */

describe.each(cores())("with $name", (core) => {
  let provider: ResidentProvider;
  let workspace: Workspace;
  beforeAll(async () => {
    provider = await resident(shopProvider);
    workspace = new Workspace({ core, providers: { shop: provider } });
  });
  afterAll(async () => {
    workspace.remove();
    await provider.close();
  });

  // What a core cannot show of a declaration: defaults, choices, and why an attribute is deprecated. And before 1.11,
  // which is when both got them, that an attribute is write-only; nothing else is left out.
  const writeOnly = isAtLeast(core, 1, 11);
  test(`\`providers schema -json\` equals the declaration, ${writeOnly ? "write-only" : "but for write-only"}`, async () => {
    workspace.configure('provider "shop" {\n  shops = {}\n}\n');
    expect(await workspace.providersSchema()).toEqual(providersSchema(shopProvider, { writeOnly }));
  }, 60_000);

  test("the example of each page is valid HCL", () => {
    const examples = [shopProvider, ...shopProvider.resources, ...shopProvider.dataSources].map(
      (d) => d.example,
    );
    for (const example of examples) {
      expect(() =>
        execFileSync(core.binary, ["fmt", "-"], {
          input: example,
          env: workspace.environment(),
          stdio: "pipe",
        }),
      ).not.toThrow();
    }
  });
});

const CDKTF = join(__dirname, "../../../../node_modules/.bin/cdktf");

test.each(cores())(
  "`cdktf get` with $name makes bindings of the served provider",
  async (core) => {
    const folder = mkdtempSync(join(tmpdir(), "cdktf-get-"));
    const provider = await resident(shopProvider);
    const workspace = new Workspace({ core, providers: { shop: provider } });
    try {
      const { source, version } = shopProvider;
      const project = { language: "typescript", app: "true", terraformProviders: [`${source}@${version}`] };
      writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ ...project, sendCrashReports: "false" }));
      const { exitCode, stdout, stderr } = await start(CDKTF, ["get"], {
        cwd: folder,
        env: { ...workspace.environment(), TERRAFORM_BINARY_NAME: core.binary, CI: "1" },
      }).output;
      expect(exitCode === 0 ? "" : stdout + stderr).toBe("");
      const binding = readFileSync(join(folder, ".gen/providers/shop/every-thing/index.ts"), "utf8");
      expect(binding).toContain("readonly certificates: { [key: string]: EveryThingCertificates }");
    } finally {
      workspace.remove();
      await provider.close();
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
