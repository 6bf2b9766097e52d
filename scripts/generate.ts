import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { commandLine } from "../cli/main";
import { commandLinePage } from "../cli/page";
import { generateBindings } from "../providers/framework/codegen/binding";
import { generateDocs } from "../providers/framework/codegen/docs";
import type { AnyProvider } from "../providers/framework/define";

/**
 * Writes what is generated from declarations: of the providers CDKTF bindings and documentation pages, of the commands
 * of `phone-migration` a page.
 *
 *   npm run generate                 writes what differs, and removes what no declaration yields any more
 *   npm run generate -- --check      writes nothing; exits 1 and names the files that are stale
 *   npm run generate -- dhcp         this provider only; command-line: that page only
 */

const ROOT = join(__dirname, "..");

const PROVIDERS: { readonly [name: string]: () => AnyProvider } = {
  cucm: () => require("../providers/cucm/provider").cucmProvider,
  dhcp: () => require("../providers/dhcp/provider").dhcpProvider,
};

/** Where the products of a provider go; everything in these places is generated. */
const PRODUCTS = [
  {
    folder: (name: string) => join(ROOT, "constructs/generated", name),
    owned: /\.ts$/,
    generate: generateBindings,
  },
  {
    folder: (name: string) => join(ROOT, "docs", name),
    owned: /^(index\.md|(resources|data-sources)\/.*\.md)$/,
    generate: generateDocs,
  },
] as const;

const PAGE = join(ROOT, "docs/command-line.md");

/** Name on the command line -> what of its products differs. */
const PARTS: { readonly [name: string]: () => readonly Difference[] } = {
  ...Object.fromEntries(
    Object.entries(PROVIDERS).map(([name, provider]) => [name, () => differences(provider())]),
  ),
  "command-line": () => {
    const text = commandLinePage(commandLine());
    return text === textOf(PAGE) ? [] : [{ file: PAGE, text }];
  },
};

interface Difference {
  readonly file: string;
  /** undefined: no declaration yields the file any more. */
  readonly text: string | undefined;
}

function differences(provider: AnyProvider): Difference[] {
  return PRODUCTS.flatMap(({ folder, owned, generate }) => {
    const root = folder(provider.name);
    const wanted = generate(provider);
    const present = existsSync(root)
      ? readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
          .filter((name) => owned.test(name))
      : [];
    return [
      ...[...wanted].map(([name, text]) => ({ file: join(root, name), text })),
      ...present
        .filter((name) => !wanted.has(name))
        .map((name) => ({ file: join(root, name), text: undefined })),
    ].filter(({ file, text }) => text !== textOf(file));
  });
}

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

function write({ file, text }: Difference): void {
  if (text === undefined) {
    rmSync(file);
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function main(args: readonly string[]): number {
  const check = args.includes("--check");
  const chosen = args.filter((arg) => arg !== "--check");
  const unknown = chosen.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) {
    console.error(`There is no part "${unknown}"; there are: ${Object.keys(PARTS).join(", ")}.`);
    return 2;
  }
  const stale = (chosen.length > 0 ? chosen : Object.keys(PARTS)).flatMap((name) => PARTS[name]!());
  for (const difference of stale) {
    console.log(`${difference.text === undefined ? "remove" : "write"}  ${relative(ROOT, difference.file)}`);
    if (!check) write(difference);
  }
  if (check && stale.length > 0) {
    console.error("These files are stale. Run `npm run generate` and commit what it writes.");
    return 1;
  }
  return 0;
}

process.exitCode = main(process.argv.slice(2));
