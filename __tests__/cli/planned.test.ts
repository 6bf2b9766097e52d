/** A plan that a command makes: what is said of it, and that nothing of it stays behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planOf } from "../../cli/planned";

const ROOT = join(__dirname, "../..");

let folder: string;
const { env } = process;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-planned-"));
  process.env = { ...env, TERRAFORM_BINARY_NAME: join(folder, "core") };
});
afterEach(() => {
  process.env = env;
  rmSync(folder, { recursive: true });
});

test("errors of the core are ours alone, each once, without the frame around them", async () => {
  const line = (type: string, severity: string, summary: string, detail: string) =>
    JSON.stringify({ "@level": severity, type, diagnostic: { severity, summary, detail } });
  const error = ["error", 'No cluster "x" in the provider\'s configuration', "Declared are: none."] as const;
  const lines = [
    line("diagnostic", "warning", "not this", "no"),
    line("diagnostic", ...error),
    // By another data source.
    line("diagnostic", ...error),
    "not JSON",
  ];
  writeFileSync(join(folder, "lines"), lines.join("\n"));
  writeFileSync(
    join(folder, "core"),
    `#!/bin/sh\nif [ "$1" = plan ]; then cat "$(dirname "$0")/lines"; echo frame >&2; exit 1; fi\n`,
    { mode: 0o755 },
  );
  await expect(planOf(folder)).rejects.toMatchObject({
    exitStatus: 1,
    message: 'No cluster "x" in the provider\'s configuration: Declared are: none.',
  });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s stops the core, and no copy of a value stays behind",
  async (signal) => {
    const temporary = join(folder, "tmp");
    mkdirSync(temporary);
    mkdirSync(join(folder, "stack"));
    writeFileSync(join(folder, "stack/terraform.tfvars"), 'secret = "x"');
    const declared = {
      terraform: { required_providers: { cucm: {} } },
      provider: { cucm: [{}] },
      resource: { cucm_phone_registration: { hq: { phones: ["SEP001122334401"], registered_on: "source" } } },
    };
    writeFileSync(join(folder, "stack/cdk.tf.json"), JSON.stringify(declared));
    writeFileSync(
      join(folder, "core"),
      `#!/bin/sh\ntrap 'echo stopped > "${folder}/stopped"; exit 1' INT TERM\ncp terraform.tfvars "${folder}/seen"\nwhile :; do sleep 0.05; done\n`,
      { mode: 0o755 },
    );
    const child = spawn(
      process.execPath,
      ["--import", "tsx", join(ROOT, "cli/main.ts"), "forecast", "--folder", join(folder, "stack")],
      { env: { ...process.env, TMPDIR: temporary }, cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] },
    );
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    const ended = once(child, "exit");
    while (!existsSync(join(folder, "seen"))) {
      expect(child.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const ours = () => readdirSync(temporary).filter((name) => name.startsWith("phone-migration-"));
    expect(ours()).toHaveLength(2);
    child.kill(signal);
    expect(await ended).toEqual([signal === "SIGINT" ? 130 : 143, null]);
    expect(ours()).toEqual([]);
    expect(existsSync(join(folder, "stopped"))).toBe(true);
    expect(said).toContain(`phone-migration: Stopped by ${signal}.`);
  },
  30_000,
);
