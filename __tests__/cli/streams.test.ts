/** What a command writes where, as seen by whoever started it: colours, a pipe that is closed, Ctrl-C. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inScratch } from "../../cli/planned";
import { styleOf } from "../../cli/table";
import { seed } from "../trust/moves/logs";

const ROOT = join(__dirname, "../..");
const ESCAPE = "\u001b";

let folder: string;
let verify: readonly string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-streams-"));
  for (const name of ["phone", "tvs"] as const)
    writeFileSync(join(folder, `${name}.log`), seed(name).join("\n"));
  verify = ["verify", "--phone-log", join(folder, "phone.log"), "--tvs-log", join(folder, "tvs.log")];
});
afterAll(() => rmSync(folder, { recursive: true }));

const CLEAN = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(NO_COLOR|FORCE_COLOR|CLICOLOR_FORCE|NODE_OPTIONS)$/.test(name),
  ),
);

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", join(ROOT, "cli/main.ts"), ...args], {
    cwd: ROOT,
    env: { ...CLEAN, ...env },
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  return { child, said, ended: once(child, "close") };
}

test.each([
  ["no terminal", {}, false],
  ["FORCE_COLOR", { FORCE_COLOR: "1" }, true],
  ["NO_COLOR goes before FORCE_COLOR", { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
])("colours: %s", async (_, env, coloured) => {
  const { said, ended } = start(verify, env);
  expect(await ended).toEqual([0, null]);
  expect(said.out).toContain("9 of 9 steps passed");
  expect(said.out.includes(ESCAPE)).toBe(coloured);
  expect(said.out).not.toContain("\r");
  expect(said.err).not.toContain(ESCAPE);
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: "1" }, false],
  // https://no-color.org: set, and not empty.
  [{ isTTY: true }, { NO_COLOR: "" }, true],
  [{ isTTY: true }, { TERM: "dumb" }, false],
  [{ isTTY: true }, { FORCE_COLOR: "0" }, false],
  [{ isTTY: false }, {}, false],
  [{ isTTY: false }, { FORCE_COLOR: "true", TERM: "dumb" }, true],
])("colours: %j with %j", (stream, environment, colour) => {
  expect(styleOf(stream as NodeJS.WriteStream, environment as NodeJS.ProcessEnv)).toEqual({ colour });
});

test("nothing else colours, and nothing rewrites a line", () => {
  const sources = readdirSync(join(ROOT, "cli"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && name !== "table.ts",
  );
  expect(sources.length).toBeGreaterThan(30);
  const odd = sources.filter((name) =>
    /\\u001b|\\x1b|\\r(?!\?)|clearLine|cursorTo|\.columns = /.test(
      readFileSync(join(ROOT, "cli", name), "utf8"),
    ),
  );
  expect(odd).toEqual([]);
});

test.each([
  ["help", ["--help"], 0],
  ["a table", [], 0],
  ["JSON, with a phone that is in no log", ["--json", "--phone", "SEP001122334455"], 1],
])("a reader that ends early: %s ends quietly, with its own status", async (_, more, status) => {
  const { child, said, ended } = start([...verify, ...more]);
  // Before anything is written.
  child.stdout.destroy();
  expect(await ended).toEqual([status, null]);
  expect(said.err).not.toMatch(/EPIPE|at .*\.js|Unhandled/);
});

test("Ctrl-C ends a command that waits for a log, as a shell expects it", async () => {
  const { child, ended } = start(["verify", "--phone-log", "-"]);
  // More than a pipe holds: when it is gone, somebody reads.
  await new Promise((read) => child.stdin.write("10:00:00 nothing\n".repeat(100_000), read));
  child.kill("SIGINT");
  // A shell makes 130 of it.
  expect(await ended).toEqual([null, "SIGINT"]);
});

test("what is given up because of Ctrl-C is no failure: 130", async () => {
  const given = inScratch("pm-streams-", async () => {
    process.emit("SIGINT", "SIGINT");
    throw new Error("the request was given up");
  });
  await expect(given).rejects.toMatchObject({ name: "CommandError", exitStatus: 130 });
});
