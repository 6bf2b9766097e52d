import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { printable } from "../trust/describe";
import { CommandError } from "./command-error";
import { constructPaths, readDeclaration } from "./declared-waves";
import { explain } from "./explained";
import { valued } from "./options";
import {
  CoreError,
  FOLDER_OPTION,
  folderOf,
  PLANS,
  planOf,
  STACK_OPTION,
  type StackOptions,
} from "./planned";
import { asMarkdown, refused } from "./review/markdown/render";
import type { Paths } from "./review/model";
import { PlanError, parsePlan, type ReviewedPlan, readPlan } from "./review/plan-json";
import { POLICIES, POLICY_NAMES, type Policy } from "./review/policies";
import { reviewOf } from "./review/review";
import { newerSources, synthAge } from "./synth-age";

interface Options extends StackOptions {
  readonly title?: string;
  readonly failOn: readonly Policy[];
  readonly json?: true;
}

export function registerReview(program: Command): void {
  const command = program
    .command("review")
    .description(
      "say in Markdown, for a comment on a pull request, what a plan does, to whom, and how to go back",
    )
    .argument(
      "[plan]",
      "what `terraform show -json` or `tofu show -json` prints of a plan: a file, or - (default: a plan is made)",
    )
    .option(...STACK_OPTION)
    .option(...FOLDER_OPTION)
    .addOption(
      valued(
        "--title <text>",
        "heading; comments with the same one are the same comment",
        '"Phone migration", with the stack\'s name where there is one',
      ),
    )
    .addOption(
      new Option(
        "--fail-on <policies>",
        "exit with 1 when one of these is violated, separated by commas; repeatable",
      )
        .argParser(policies)
        .default([], "none"),
    )
    .option("--json", "print JSON (docs/review.md)")
    .action(review);
  explain(command, {
    about: [
      `Without a plan, one is made of the stack (\`npx cdktf synth\` lays it out); with one, nobody is asked, and the stack only tells where constructs are. ${PLANS}`,
    ],
    words: { title: "Policies", rows: POLICY_NAMES.map((name) => [name, POLICIES[name]]) },
    examples: [
      ["npx phone-migration review", "a plan that is made and thrown away, in Markdown"],
      [
        "terraform show -json plan | npx phone-migration review - --fail-on lockout,drift",
        "a plan that is there, against two policies",
      ],
    ],
    statuses: {
      0: "the review is printed, and no policy is violated",
      1: "a policy is violated, or no plan can be made: then its errors are printed instead",
    },
  });
}

async function review(file: string | undefined, options: Options): Promise<void> {
  const named = options.stack !== undefined || options.folder !== undefined;
  const folder = file === undefined || named ? folderOf(options) : null;
  const title =
    options.title ?? (folder === null ? "Phone migration" : `Phone migration: ${basename(folder)}`);
  const stale = folder === null ? null : staleness(folder);
  let warnings: readonly string[] | null = null;
  const plan = await readable(async () => {
    if (file !== undefined) return parsePlan(contents(file));
    const made = await planned(folder!, title, stale, options, (told) => {
      warnings = told;
    });
    return readPlan(made);
  });
  const paths: Paths = folder === null ? new Map() : constructPaths(readDeclaration(folder));
  const result = reviewOf(plan, paths, options.failOn, warnings, stale);
  console.log(options.json ? JSON.stringify(result, null, 2) : asMarkdown(result, title));
  if (result.violated.length > 0)
    throw new CommandError(
      `The plan is against ${result.violated.map((policy) => `${policy} (${POLICIES[policy as Policy]})`).join("; ")}. Mend that, or leave the policy out of --fail-on.`,
    );
}

/** As other commands say it, and for the comment: a change without a synth would be reviewed as none. */
function staleness(folder: string): string | null {
  for (const line of synthAge(folder, process.cwd())) console.error(printable(line));
  const newer = newerSources(folder, process.cwd());
  return newer === null
    ? null
    : `${newer} newer than the declaration that is reviewed here. Run npx cdktf synth, and review again.`;
}

/** Says also in the comment why there is no plan. */
async function planned(
  folder: string,
  title: string,
  stale: string | null,
  { json }: Options,
  warn: (warnings: readonly string[]) => void,
): Promise<unknown> {
  try {
    return await planOf(folder, {}, warn);
  } catch (error) {
    if (error instanceof CoreError)
      console.log(
        json
          ? JSON.stringify({ review: 1, refused: error.message, stale }, null, 2)
          : refused(error.message, title, stale),
      );
    throw error;
  }
}

/** What cannot be read is not a plan that is bad. */
async function readable(read: () => Promise<ReviewedPlan>): Promise<ReviewedPlan> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof PlanError ? new CommandError(error.message, 2) : error;
  }
}

function contents(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new CommandError(
      `${file} cannot be read: ${(error as Error).message}. Give what \`terraform show -json PLAN\` prints: a file, or -.`,
      2,
    );
  }
}

function policies(text: string, before: readonly Policy[]): readonly Policy[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const stranger = names.find((name) => !Object.hasOwn(POLICIES, name));
  if (stranger !== undefined || names.length === 0)
    throw new InvalidArgumentError(
      `There is no policy ${stranger ?? "in it"}. There are: ${POLICY_NAMES.join(", ")}.`,
    );
  return [...new Set([...before, ...(names as Policy[])])];
}
