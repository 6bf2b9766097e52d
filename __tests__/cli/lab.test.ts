import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, type PidFile, readPidFile } from "../../lab/supervise/pidfile";

jest.setTimeout(90_000);

const CLI = join(__dirname, "../../bin/phone-migration");

interface Run {
  readonly process: ChildProcess;
  readonly ended: Promise<{ status: number | null; out: string; err: string }>;
  /** Resolves when the output has that text, or when the process ends. */
  shows(text: string): Promise<void>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, NODE_OPTIONS: "", NODE_ENV: "" },
  });
  let out = "";
  let err = "";
  const watchers = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString("utf8");
    for (const watcher of watchers) watcher();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString("utf8");
  });
  const ended = new Promise<{ status: number | null; out: string; err: string }>((done) => {
    child.on("close", (status) => done({ status, out, err }));
  });
  return {
    process: child,
    ended,
    shows: (text) =>
      Promise.race([
        ended.then((e) => {
          throw new Error(`ended without "${text}": ${e.out}${e.err}`);
        }),
        new Promise<void>((done) => {
          const watcher = () => {
            if (!out.includes(text)) return;
            watchers.delete(watcher);
            done();
          };
          watchers.add(watcher);
          watcher();
        }),
      ]),
  };
}

async function gone(file: PidFile): Promise<string[]> {
  const all = [file.supervisor, ...file.children];
  for (let i = 0; i < 100 && all.some(isAlive); i++) await new Promise((wait) => setTimeout(wait, 100));
  return all.filter(isAlive).map((one) => one.name);
}

describe("phone-migration lab", () => {
  const directory = mkdtempSync(join(tmpdir(), "lab-cli-"));
  const lab = (verb: string, ...more: string[]) => run("lab", verb, "--dir", directory, ...more);
  let up: Run | undefined;
  afterAll(async () => {
    await lab("down").ended;
    up?.process.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  test("tells what to do when there is no lab", async () => {
    expect(await lab("status").ended).toMatchObject({
      status: 2,
      err: expect.stringContaining(`lab up --dir ${directory}`),
    });
    expect(await lab("down").ended).toMatchObject({ status: 0, out: `No lab runs in ${directory}.\n` });
  });

  test("refuses what it does not understand with status 2", async () => {
    expect((await lab("up", "--phones", "many").ended).status).toBe(2);
    expect((await lab("up", "--dhcp", "windows").ended).status).toBe(2);
    const never: readonly (readonly [string, ...string[]])[] = [
      ["The lab has 1 to 21 phones, not 0.", "--phones", "0"],
      ["The lab has 1 to 21 phones, not 99.", "--phones", "99"],
      ["9 phones cannot have a stale ITL: the lab has 4.", "--phones", "4", "--stale", "9"],
      ["22 phones cannot have web access: the lab has 21.", "--web", "22"],
    ];
    for (const [said, ...options] of never) {
      const { status, out, err } = await lab("up", ...options).ended;
      expect({ status, out, err }).toEqual({ status: 2, out: "", err: expect.stringContaining(said) });
    }
    expect(readdirSync(directory)).toEqual([]);
    expect((await run("lab", "sideways").ended).status).toBe(2);
    expect((await run("--version").ended).status).toBe(0);
  });

  test("up, status, a second up refused, down", async () => {
    up = lab("up", "--phones", "3", "--dhcp", "lab");
    await up.shows("Ctrl-C ends the lab.");
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, "env.sh")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, "env.sh"), "utf8")).toMatch(
      /^export CUCM_SOURCE_PLATFORM_USERNAME='osadmin'$/m,
    );
    expect(readFileSync(join(directory, "env.sh"), "utf8")).toContain(
      `export LAB_SITE='${join(directory, "site.json")}'\n`,
    );

    const status = await lab("status").ended;
    expect(status).toMatchObject({
      status: 0,
      out: expect.stringContaining("3 on source, 0 on destination, 0 nowhere"),
    });
    expect(status.out).not.toContain("\u001b");
    expect(JSON.parse((await lab("status", "--json").ended).out)).toHaveLength(3);

    const second = await lab("up").ended;
    expect(second).toMatchObject({ status: 1, err: expect.stringContaining("A lab runs in") });

    const file = readPidFile(directory)!;
    expect(await lab("down").ended).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^Ended: supervisor, clusters, dhcp/),
    });
    expect(await gone(file)).toEqual([]);
    expect((await up.ended).status).toBe(0);
    expect(file.temporary.filter(existsSync)).toEqual([]);
    expect(readdirSync(directory).filter((name) => /env|options|site|pid/.test(name))).toEqual([]);
  });

  test("a supervisor that is killed leaves no process behind, and the next start is free", async () => {
    up = lab("up", "--phones", "2", "--stale", "0");
    await up.shows("Ctrl-C ends the lab.");
    const file = readPidFile(directory)!;
    up.process.kill("SIGKILL");
    expect(await gone(file)).toEqual([]);
    expect(file.temporary.filter(existsSync)).toEqual([]);

    up = lab("up", "--phones", "2");
    await up.shows("Starting two clusters");
    up.process.kill("SIGINT");
    await up.ended;
    expect(readPidFile(directory)).toBeNull();
  });
});
