import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { type Core, cores } from "../../../../providers/framework/testing/core";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { serveInProcess } from "../../../../providers/framework/wire/serve-in-process";
import { bundleNoteProvider } from "./fixture/bundle";
import { definition, noteProvider } from "./fixture/note-provider";

/** The wire layer under the real cores: everything that they send and expect. */

const { source, version } = definition;
const bundle = bundleNoteProvider();
afterAll(bundle.remove);

interface RunOptions {
  readonly env?: { readonly [name: string]: string };
  /** Ctrl-C once this is printed. */
  readonly interruptAt?: string;
}

function runIn(workspace: Workspace, args: readonly string[], { env = {}, interruptAt }: RunOptions = {}) {
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(workspace.core.binary, args, {
      cwd: workspace.folder,
      // A process group of its own, as a shell makes it.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...workspace.environment(), TF_CLI_ARGS: "-no-color", ...env },
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

const hcl = (text: string) => `provider "wire" {}
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
`;

describe.each(cores())("with $name", (core: Core) => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = new Workspace({ core, providers: { wire: { source, version, bundle: bundle.file } } });
    await workspace.init();
  });
  afterAll(() => workspace.remove());
  const config = (text: string) => workspace.configure(hcl(text));
  const run = (args: readonly string[], options?: RunOptions) => runIn(workspace, args, options);

  test("plan, apply, no changes, replacement, import and destroy, without a warning in the log", async () => {
    config("hello");
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
    const { code, output } = await run(["apply", "-auto-approve"], {
      interruptAt: "wire_note.a: Creating...",
    });
    expect(code).toBe(1);
    expect(output).toContain("Stopping operation...");
    expect(output).toContain("Error: the run was stopped");
    expect(output).not.toMatch(/did not respond|EOF|transport/);
  }, 60_000);

  test("a host that attaches to this process gets the same answers, and leaves it running", async () => {
    const calls: string[] = [];
    const { reattach, close } = await serveInProcess("wire", () => noteProvider(calls));
    const other = new Workspace({ core, providers: { wire: { source, version, reattach } } });
    other.configure(hcl("attached"));
    for (const code of [2, 2]) {
      expect(await runIn(other, ["plan", "-detailed-exitcode"])).toMatchObject({ code });
    }
    expect(calls.filter((call) => call === "configure")).toHaveLength(2);
    await close();
    expect(fs.existsSync(reattach.Addr.String)).toBe(false);
    other.remove();
  }, 60_000);

  test("TF_DISABLE_PLUGIN_TLS works", async () => {
    config("plain");
    expect(await run(["plan"], { env: { TF_DISABLE_PLUGIN_TLS: "1" } })).toMatchObject({ code: 0 });
  }, 60_000);
});
