import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { attr, defineProvider, defineResource, serve } from "../../providers/framework";

type File = { readonly path: string; readonly content: string };

const write = async ({ path, content }: File) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return { state: { path, content } };
};
const read = async (path: string) =>
  existsSync(path) ? { state: { path, content: await readFile(path, "utf8") } } : null;

const text = defineResource()({
  type: "disk_text",
  description: "A text file on this machine.",
  example: 'resource "disk_text" "hello" {\n  path    = "/tmp/hello.txt"\n  content = "Hello"\n}',
  attributes: {
    path: attr.string({ description: "Where it is.", required: true, requiresReplace: true }),
    content: attr.string({ description: "What is in it.", required: true }),
  },
  read: ({ state }) => read(state.path),
  create: ({ config }) => write(config),
  update: ({ config }) => write(config),
  delete: ({ prior }) => rm(prior.path, { force: true }),
  import: { idForm: "<path>", run: async (path) => ({ state: { path, content: "" } }) },
});

export const diskProvider = defineProvider({
  ...{ name: "disk", source: "example.internal/acme/disk", version: "1.0.0" },
  ...{ description: "Files on this machine.", example: 'provider "disk" {}' },
  ...{ attributes: {}, configure: () => undefined, resources: [text], dataSources: [] },
});

if (require.main === module) serve(diskProvider);
