/** What the README says under "By hand, on the lab", as steps. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const PAGE = readFileSync(join(__dirname, "../../../README.md"), "utf8");
/** Up to where it goes back; the paths after that have journeys of their own. */
const SECTION = /^## By hand, on the lab\n(.*?)\*\*Or to the end\*\*/ms.exec(PAGE)![1]!;

export type Step =
  | { readonly command: string }
  | { readonly leave: string }
  | { readonly insert: string }
  | { readonly words: string; readonly all: boolean };

/** Commands of blocks, edits of blocks, and what the sentences between them ask for, in their order. */
export function steps(): Step[] {
  const PATTERN =
    /^```(?<language>\w+)\n(?<block>.*?)^```$|take `(?<out>SEP\w+)` out of `(?<list>[\w/.]+)`|write `"(?<word>\w+)"`(?<both> in both waves)?|`(?<inline>npx cdktf (?:deploy|destroy))`/gms;
  return [...SECTION.matchAll(PATTERN)].flatMap(({ groups }): Step[] => {
    const { language, block, out, word, both, inline } = groups!;
    if (out !== undefined) return [{ leave: out }];
    if (word !== undefined) return [{ words: word, all: both !== undefined }];
    if (inline !== undefined) return [{ command: inline }];
    const lines = block!.split("\n").filter((line) => line !== "");
    return language === "diff"
      ? lines.map((line) => ({ insert: line.slice(2) }))
      : lines.map((line) => ({ command: line.replace(/\s+#.*$/, "") }));
  });
}

/** As it is typed: there is nobody to answer "yes". */
export const typed = (command: string) =>
  /cdktf (deploy|destroy)$/.test(command) ? `${command} --auto-approve` : command;
