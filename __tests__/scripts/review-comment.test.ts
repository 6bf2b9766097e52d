/** The one comment of a review, with a `gh` that keeps what it is told. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-comment-"));
  // `--jq` has found what is in the file `found`, for the marker that it was given.
  writeFileSync(
    join(folder, "gh"),
    `#!/bin/sh\necho "$*" >> "${folder}/told"\ncase "$*" in *--jq*) echo "$MARKER" > "${folder}/marker"; cat "${folder}/found";; esac\n`,
  );
  chmodSync(join(folder, "gh"), 0o755);
  writeFileSync(join(folder, "review.md"), "<!-- phone-migration review: hq -->\n## hq\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

function comment(found: string, file = "review.md") {
  writeFileSync(join(folder, "found"), found);
  return spawnSync(join(ROOT, "scripts/review-comment.sh"), ["voice/phones", "7", join(folder, file)], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: "utf8",
  });
}
const told = () => readFileSync(join(folder, "told"), "utf8").trim().split("\n");

test("the first review is a new comment", () => {
  expect(comment("").status).toBe(0);
  expect(told().at(-1)).toBe(
    `api --method POST repos/voice/phones/issues/7/comments -F body=@${folder}/review.md --silent`,
  );
  expect(readFileSync(join(folder, "marker"), "utf8")).toBe("<!-- phone-migration review: hq -->\n");
});

test("the next one replaces it, and of several the first", () => {
  expect(comment("101\n102\n").status).toBe(0);
  expect(told().at(-1)).toBe(
    `api --method PATCH repos/voice/phones/issues/comments/101 -F body=@${folder}/review.md --silent`,
  );
});

test("a file that is no review is not written", () => {
  writeFileSync(join(folder, "other.md"), "# hello\n");
  const { status, stderr } = comment("", "other.md");
  expect([status, stderr]).toEqual([2, expect.stringContaining("does not begin with the marker")]);
  expect(existsSync(join(folder, "told"))).toBe(false);
});
