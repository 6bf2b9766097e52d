/** Code on pages: blocks by language, pins filled in, and a compiler as strict as ours. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SSH_PIN, TLS_PIN } from "../constructs/support/declared";

export const ROOT = join(__dirname, "../..");
export const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

export interface Block {
  readonly language: string;
  readonly text: string;
}

export const blocksOf = (text: string): readonly Block[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, inner]) => ({
    language: language!,
    text: inner!,
  }));

/** Pins are shortened on pages. */
export const withPins = (text: string) =>
  text
    .replaceAll(/"SHA256:\.\.\."/g, `"${SSH_PIN}"`)
    .replaceAll(/"[0-9A-F]{2}(:[0-9A-F]{2})*:\.\.\."|"[0-9a-f]{4}\.\.\."/g, `"${TLS_PIN}"`);

/** Where `./constructs` is found, as beside main.ts. */
export function programFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "pm-pages-"));
  for (const name of ["node_modules", "constructs"]) symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

/** Statements of a constructor as a program: a stack that is exported, with the imports that they need. */
export function asStack(statements: string): string {
  const names = [...new Set(statements.match(/\b(?:new [A-Z]\w+|csv|fromEnv)(?=\()/g))].map((name) =>
    name.replace("new ", ""),
  );
  const [backends, ours] = [true, false].map((wanted) =>
    names.filter((name) => name.endsWith("Backend") === wanted),
  ) as [string[], string[]];
  return `import { ${["TerraformStack", ...backends].join(", ")} } from "cdktf";
import type { Construct } from "constructs";
import { ${ours.join(", ")} } from "./constructs";
export class Headquarters extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
${statements}  }
}
`;
}

/** Compiles every program of the folder. A piece may declare what only a later one uses. */
export function compiled(folder: string): { readonly stdout: string; readonly status: number | null } {
  const { compilerOptions } = JSON.parse(read("tsconfig.json"));
  const loose = { ...compilerOptions, noUnusedLocals: false };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: loose, include: ["*.ts"] }));
  const { stdout, status } = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder], {
    encoding: "utf8",
  });
  return { stdout, status };
}
