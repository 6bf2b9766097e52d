/** docs/troubleshooting.md is found by the title of a message: each title that the providers have is there, and no other. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { callsIn } from "../support/calls";

const ROOT = join(__dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const below = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ path: `${folder}/${name}`, text: read(`${folder}/${name}`) }));

/** Titles on the page: code in the lines that begin bold. What is one word is an option or a command. */
const SHOWN = read("docs/troubleshooting.md")
  .split("\n")
  .filter((line) => line.startsWith("**"))
  .flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, title]) => title!))
  .filter((title) => title.includes(" "));

/** Argument that is the title. An error of a DHCP server or of certificate interfaces begins with its kind. */
const TITLE: { readonly [callee: string]: number } = {
  warn: 0,
  error: 0,
  DiagnosticError: 0,
  DhcpError: 1,
  ClusterError: 2,
  failure: 2,
};
const KINDS =
  /^(unreachable|timeout|cancelled|answer|refused|identity|credentials|authorization|broken|broken off|left|rival|unsaved|scope|configuration)$/;

interface Title {
  readonly path: string;
  readonly title: string;
}

function titlesOf({ path, text }: { readonly path: string; readonly text: string }): readonly Title[] {
  return callsIn(text, Object.keys(TITLE)).flatMap(({ callee, on, says }) => {
    if (on === "log") return [];
    const first = says[0]?.[0] ?? "";
    const begun = KINDS.test(first);
    const all = says[begun ? 1 : TITLE[callee]!] ?? [];
    return all
      .filter((title) => /[a-z]{3}/i.test(title) && title.includes(" "))
      .map((title) => ({ path, title: begun ? `... ${title}` : title }));
  });
}

/** Whether one of them may be the other: `...` stands for anything. Quotes are around names only. */
function maySay(title: string, shown: string): boolean {
  const [one, other] = [plain(title), plain(shown)];
  return pattern(one).test(other) || pattern(other).test(one);
}
const plain = (title: string) => title.replaceAll('"', "").trim();
const patterns = new Map<string, RegExp>();
function pattern(title: string): RegExp {
  const known = patterns.get(title);
  if (known !== undefined) return known;
  const parts = title.split("...").map((part) => part.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&"));
  // The page shortens titles that begin alike.
  const made = new RegExp(`^${/^[a-z]/.test(title) ? "(?:.* )?" : ""}${parts.join(".*")}$`);
  patterns.set(title, made);
  return made;
}

/** Tests and the wire say nothing to users. */
const titles = below("providers")
  .filter(({ path }) => !/framework\/(testing|wire)\//.test(path))
  .flatMap(titlesOf);

test("titles are found at all", () => {
  expect(titles.length).toBeGreaterThan(150);
  expect(titles.map(({ title }) => title)).toEqual(
    expect.arrayContaining([
      'The trust of cluster "..." is kept until ...',
      "... does not do what it says",
      "... of ... does not answer",
    ]),
  );
});

test("each title of the providers is on the page", () => {
  const missing = titles.filter(({ title }) => !SHOWN.some((shown) => maySay(title, shown)));
  expect(missing).toEqual([]);
});

/** What cores and cdktf say. */
const OTHERS = [
  "Provider produced inconsistent final plan",
  ".findings: new element",
  "Duplicate ... configuration",
  "synth --hcl",
  "Reference to undeclared ...",
  "Warning: Quoted references are deprecated",
  "Warning: Incomplete lock file information for providers",
  "[ERROR] default - getaddrinfo ... checkpoint-api...",
  "[path] ...",
];

test("each title on the page is somewhere in the code", () => {
  const code = ["providers", "cli", "constructs", "lab", "scripts"]
    .flatMap(below)
    .map(({ text }) => text.replaceAll(/\s+/g, " "))
    .join("\n");
  // A title is put together from parts: two words of it stand together somewhere.
  const known = (title: string) => {
    const words = title.split(" ").map((word) => word.replace(/[.,:]$/, ""));
    return words.some((word, i) => i > 0 && code.includes(`${words[i - 1]} ${word}`));
  };
  const gone = SHOWN.filter(
    (title) => !OTHERS.includes(title) && !known(title) && !titles.some((one) => maySay(one.title, title)),
  );
  expect(gone).toEqual([]);
});
