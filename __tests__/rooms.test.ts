/**
 * The rooms of the house and the arrows between them: who may depend on whom. Every import of every file is read,
 * types included: a room that another one must not know of is not known by its types either.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

const ROOT = join(__dirname, "..");

interface Room {
  /** Other rooms, or single files of them. */
  readonly ours?: readonly string[];
  /** Packages. What a provider needs only sometimes is loaded at first use; see the test below. */
  readonly packages?: readonly string[];
  /** Modules of Node: `true` for any. */
  readonly node?: true | readonly string[];
}

/** A file belongs to the longest name that it begins with. */
const ROOMS: { readonly [room: string]: Room } = {
  "main.ts": { ours: ["constructs", "lab/site.ts"], packages: ["cdktf", "constructs"] },
  constructs: {
    ours: ["constructs/generated"],
    packages: ["cdktf", "constructs", "@cdktf/provider-null"],
    node: ["node:fs", "node:path"],
  },
  "constructs/generated": { packages: ["cdktf", "constructs"] },

  "providers/framework": { ours: ["providers/framework/schema"] },
  "providers/framework/schema": { ours: ["providers/framework"] },
  "providers/framework/server": { ours: ["providers/framework", "providers/framework/schema"] },
  "providers/framework/codegen": { ours: ["providers/framework", "providers/framework/schema"] },
  "providers/framework/wire": {
    ours: ["providers/framework", "providers/framework/schema", "providers/framework/server"],
    node: true,
  },
  "providers/framework/serve.ts": {
    ours: ["providers/framework", "providers/framework/server", "providers/framework/wire"],
  },
  // What is public; its users get what they import and no more of it.
  "providers/framework/index.ts": {
    ours: ["providers/framework", "providers/framework/schema", "providers/framework/serve.ts"],
  },
  "providers/framework/testing/index.ts": {
    ours: ["providers/framework/testing", "providers/framework/testing/host"],
  },
  "providers/framework/testing": {
    ours: [
      "providers/framework",
      "providers/framework/schema",
      "providers/framework/serve.ts",
      "providers/framework/wire",
    ],
    packages: ["esbuild"],
    node: true,
  },

  // Judges what the server answers, and so shares nothing with it but the interface and the way to make one.
  "providers/framework/testing/host": {
    ours: [
      "providers/framework",
      "providers/framework/schema",
      "providers/framework/server/create-provider-server.ts",
      "providers/framework/server/provider-server.ts",
      "providers/framework/wire",
    ],
    node: true,
  },

  "providers/rules": { ours: ["providers/framework", "providers/framework/schema"] },
  "providers/cucm": {
    ours: [
      "providers/rules",
      "providers/framework",
      "providers/framework/schema",
      "providers/framework/serve.ts",
      "providers/cucm/cluster",
      "providers/cucm/doctor",
      "trust",
      "package.json",
    ],
    node: ["node:crypto", "node:fs", "node:net", "node:timers/promises", "node:util"],
  },
  // A cluster held against docs/assumptions.md. Knows nothing of Terraform.
  "providers/cucm/doctor": {
    ours: ["providers/cucm/cluster", "trust"],
    node: ["node:crypto", "node:net"],
  },
  "providers/cucm/cluster": {
    ours: ["trust"],
    packages: ["ssh2", "ssh2-sftp-client", "fast-xml-parser", "node-forge"],
    node: true,
  },
  "providers/dhcp": {
    ours: [
      "providers/rules",
      "providers/framework",
      "providers/framework/schema",
      "providers/framework/serve.ts",
      "providers/dhcp/backends",
      "providers/dhcp/backends/kea",
      "providers/dhcp/backends/isc-dhcpd",
      "providers/dhcp/backends/ios-xe",
      "providers/dhcp/wire",
      "trust",
      "package.json",
    ],
    node: ["node:fs", "node:net", "node:util"],
  },
  // A phone's question on the wire. Knows nothing of Terraform.
  "providers/dhcp/wire": { node: ["node:crypto", "node:dgram"] },
  // What they share; none of them knows of another.
  "providers/dhcp/backends": { node: true },
  "providers/dhcp/backends/kea": { ours: ["providers/dhcp/backends"], node: true },
  "providers/dhcp/backends/isc-dhcpd": { ours: ["providers/dhcp/backends"], packages: ["ssh2"], node: true },
  "providers/dhcp/backends/ios-xe": { ours: ["providers/dhcp/backends"], node: true },
  "providers/null-stand-in": {
    ours: ["providers/framework", "providers/framework/schema", "providers/framework/serve.ts"],
    node: ["node:crypto"],
  },

  trust: { node: ["node:buffer", "node:crypto"] },
  lab: { ours: ["trust"], packages: ["ssh2", "fast-xml-parser", "node-forge"], node: true },
  cli: {
    ours: [
      "cli/review",
      "lab",
      "trust",
      "providers/cucm/cluster",
      "providers/dhcp/backends",
      // A list is read by the commands as by the waves.
      "constructs/phone-list.ts",
      // As are the subnets that it is chosen by.
      "providers/cucm/address-range.ts",
      // Where `.tf` files have no synth that lays the providers.
      "constructs/local-providers.ts",
    ],
    packages: ["commander"],
    node: true,
  },
  // What a plan does, in words. Pure.
  "cli/review": { ours: ["trust"] },
};

/** Judged by nobody: they put everything together. */
const WORKSHOP = ["__tests__", "bench", "examples", "scripts"];

interface Import {
  /** A file of ours (`trust/certificate.ts`), a package, or `node:...`. */
  readonly target: string;
  readonly kind: "ours" | "package" | "node";
  /** `type`: erased. `lazy`: loaded when that line is reached. */
  readonly how: "value" | "type" | "lazy";
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const sources: readonly Source[] = sourceFiles("").map((path) => {
  const text = withoutComments(readFileSync(join(ROOT, path), "utf8"));
  return { path, text, imports: importsOf(path, text) };
});
const judged = sources.filter(({ path }) => !WORKSHOP.includes(path.split("/")[0]!));

const roomOf = (path: string): string | undefined =>
  Object.keys(ROOMS)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];

test("imports are found at all", () => {
  const found = (path: string) => sources.find((source) => source.path === path)?.imports;
  expect(found("main.ts")).toEqual([
    { target: "cdktf", kind: "package", how: "value" },
    { target: "constructs", kind: "package", how: "type" },
    { target: "constructs/index.ts", kind: "ours", how: "value" },
    { target: "lab/site.ts", kind: "ours", how: "value" },
  ]);
  expect(
    importsOf("trust/a.ts", 'const x = await import("ssh2");\nrequire("node:fs");\nimport "x/y";'),
  ).toEqual([
    { target: "x", kind: "package", how: "value" },
    { target: "ssh2", kind: "package", how: "lazy" },
    { target: "node:fs", kind: "node", how: "lazy" },
  ]);
  expect(
    importsOf("trust/a.ts", 'export {\n  a,\n} from "./certificate";\nimport type { b } from "./der";'),
  ).toEqual([
    { target: "trust/certificate.ts", kind: "ours", how: "value" },
    { target: "trust/der.ts", kind: "ours", how: "type" },
  ]);
});

test("every file belongs to a room", () => {
  expect(judged.map(({ path }) => path).filter((path) => roomOf(path) === undefined)).toEqual([]);
});

describe.each(Object.entries(ROOMS))("%s", (room, { ours = [], packages = [], node = [] }) => {
  const files = judged.filter(({ path }) => roomOf(path) === room);

  test("exists", () => expect(files.length).toBeGreaterThan(0));

  test("depends on nothing else", () => {
    const allowed = ({ kind, target }: Import) => {
      if (kind === "package") return packages.includes(target);
      if (kind === "node") return node === true || node.includes(target);
      const other = roomOf(target) ?? target;
      return other === room || ours.includes(other) || ours.includes(target);
    };
    expect(
      files.flatMap(({ path, imports }) =>
        imports.filter((i) => !allowed(i)).map(({ target }) => `${path} -> ${target}`),
      ),
    ).toEqual([]);
  });
});

test("every DHCP backend is a room, and none may use another", () => {
  const folder = "providers/dhcp/backends";
  const folders = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((e) => e.isDirectory());
  const used = folders.map(({ name }) => [name, ROOMS[`${folder}/${name}`]?.ours]);
  expect(used).toEqual(folders.map(({ name }) => [name, [folder]]));
});

test("only the lists and the providers that synth lays are files to the constructs", () => {
  const users = judged.filter(
    (s) => roomOf(s.path) === "constructs" && s.imports.some((i) => i.target.startsWith("node:fs")),
  );
  expect(users.map(({ path }) => path).sort()).toEqual([
    "constructs/local-providers.ts",
    "constructs/phone-list.ts",
  ]);
});

test("in the framework only wire/ touches bytes; private data is passed on as it is", () => {
  const others = judged.filter(
    ({ path }) => path.startsWith("providers/framework/") && !/\/(wire|testing)\//.test(path),
  );
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter(({ text }) => /\bBuffer\b|\bDataView\b/.test(text)).map((s) => s.path)).toEqual([]);
  expect(others.filter(({ text }) => /\bUint8Array\b/.test(text)).map((s) => s.path)).toEqual([
    "providers/framework/server/private-data.ts",
    "providers/framework/server/provider-server.ts",
    "providers/framework/server/read.ts",
  ]);
});

test("providers load packages when they are first used: starting is their main cost", () => {
  const eager = judged
    .filter(({ path }) => path.startsWith("providers/"))
    .flatMap(({ path, imports }) =>
      imports.filter((i) => i.kind === "package" && i.how === "value").map((i) => `${path} -> ${i.target}`),
    );
  expect(eager).toEqual([]);
});

test("the lab decides by its own lights: it knows nothing of the forecast", () => {
  const peeking = judged
    .filter(({ path }) => path.startsWith("lab/"))
    .filter(({ imports }) => imports.some((i) => i.kind === "ours" && i.target.startsWith("trust/forecast")));
  expect(peeking.map(({ path }) => path)).toEqual([]);
});

test("nothing depends on tests, scripts or benchmarks", () => {
  const backwards = judged.flatMap(({ path, imports }) =>
    imports
      .filter((i) => i.kind === "ours" && WORKSHOP.includes(i.target.split("/")[0]!))
      .map((i) => `${path} -> ${i.target}`),
  );
  expect(backwards).toEqual([]);
});

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.name.startsWith(".") || ["node_modules", "dist", "cdktf.out", "coverage"].includes(entry.name))
      return [];
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.ts$/.test(path) ? [path] : [];
  });
}

function withoutComments(text: string): string {
  return text.replace(/^\s*\/\/.*$/gm, "").replace(/^\s*\/\*[\s\S]*?\*\//gm, "");
}

/** Statements begin a line, so that imports in generated text are not meant. */
function importsOf(path: string, text: string): Import[] {
  const statements = [
    ...text.matchAll(/^(?:import|export)\s(?:(type)\s)?(?:[^;"'`]*?\sfrom\s)?["']([^"']+)["']/gm),
  ].map(([, type, name]) => ({ name: name!, how: type ? ("type" as const) : ("value" as const) }));
  const calls = [...text.matchAll(/\b(?:import|require|require\.resolve)\(\s*["']([^"']+)["']/g)].map(
    ([, name]) => ({
      name: name!,
      how: "lazy" as const,
    }),
  );
  return [...statements, ...calls].map(({ name, how }) => {
    if (name.startsWith("node:")) return { target: name, kind: "node", how };
    if (!name.startsWith(".")) return { target: name.match(/^(@[^/]+\/)?[^/]+/)![0], kind: "package", how };
    return { target: resolved(posix.join(posix.dirname(path), name)), kind: "ours", how };
  });
}

function resolved(path: string): string {
  const isFile = (candidate: string) =>
    existsSync(join(ROOT, candidate)) && statSync(join(ROOT, candidate)).isFile();
  return [path, `${path}.ts`, posix.join(path, "index.ts")].find(isFile) ?? `${path} (which is not there)`;
}
