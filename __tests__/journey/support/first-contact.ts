/**
 * Somebody who meets a cluster for the first time and knows only what the errors say: sets the line that an error
 * gives, in turn when there are several, and deploys again.
 */
import type { SecureClusterProps } from "../../../constructs";
import type { Site } from "../../../lab/site";
import { type CoreDiagnostic, CoreError } from "../../../providers/framework/testing/run";

type Name = "source" | "destination";
const NAMES: readonly Name[] = ["source", "destination"];
type Settings = { readonly [name: string]: unknown };

const LINES = /Set for cluster "(source|destination)"[^\n]*:\n((?: {2}[^\n]+\n)+)/;
const REFUSED = /cannot import in bulk[\s\S]*method = "manual"/;
/** What an error names and cannot propose: a look at the CLI or at Enterprise Parameters tells. */
const LOOKED_UP = /\b(bulk_sftp_order|rollback_parameter)\b/;
/** In words, where there is no line: `spellings.web_forms.store_field, file_field`, or all of them. */
const FORMS = /\bspellings\.web_forms\b(?:\.(\w+(?:, \w+)*))?/;

export class FirstContact {
  /** Lines that were set, in their order. */
  readonly said: string[] = [];
  rounds = 0;
  bulkIsRefused = false;
  readonly #settings: { [name in Name]: Settings };
  /** What an error has proposed and was not tried yet, by its title. */
  readonly #left = new Map<string, string[]>();

  constructor(
    start: Settings,
    private readonly site: Site,
  ) {
    this.#settings = { source: start, destination: start };
  }

  settings(name: Name): Partial<SecureClusterProps> {
    return this.#settings[name];
  }

  /** @throws what fails without a line to set, or with all of its lines tried */
  async until<T>(works: () => Promise<T>): Promise<T> {
    for (;;) {
      this.rounds += 1;
      try {
        return await works();
      } catch (error) {
        if (!(error instanceof CoreError) || error.errors.length === 0) throw error;
        const before = this.said.length;
        for (const each of error.errors) this.#heed(each, before, error);
      }
    }
  }

  #heed({ summary, detail }: CoreDiagnostic, before: number, failed: CoreError): void {
    if (REFUSED.test(`${summary}\n${detail}`)) {
      this.bulkIsRefused = true;
      return;
    }
    const [, cluster, block] = LINES.exec(`${detail}\n`) ?? [];
    if (cluster === undefined) {
      if (this.#browse(`${summary}\n${detail}`, before)) return;
      throw failed;
    }
    const proposed = block!
      .trimEnd()
      .split("\n")
      .map((line) => line.trim());
    const words = (line: string) => `${cluster}: ${line}`;
    // Another resource met the same, or both certificates of a store did.
    if (proposed.some((line) => this.said.slice(before).includes(words(line)))) return;
    const left = this.#left.get(summary) ?? proposed;
    const [next, ...rest] = left;
    if (next === undefined) throw failed;
    this.#left.set(summary, rest);
    this.said.push(words(next));
    const name = cluster as Name;
    this.#settings[name] = merged(this.#settings[name], this.#asTyped(name, next));
  }

  /**
   * Where an error tells which settings the pages have, a look at them in a browser tells the values.
   *
   * @param before how much was set before this round
   */
  #browse(text: string, before: number): boolean {
    const named = FORMS.exec(text);
    const name = NAMES.find((one) =>
      Object.values(this.site[one].nodeAddresses).some((address) => text.includes(address)),
    );
    if (named === null || name === undefined) return false;
    const { deleteButton: _, downloadButton: __, ...forms } = this.site[name].spellings.webForms;
    const wanted = named[1]?.split(", ").map(asProperty);
    const webForms = Object.fromEntries(
      Object.entries(forms).filter(([field]) => wanted === undefined || wanted.includes(field)),
    );
    const words = `${name}: in a browser, web_forms ${JSON.stringify(webForms)}`;
    // It was set, and did not help.
    if (this.said.slice(0, before).includes(words)) return false;
    if (!this.said.includes(words)) this.said.push(words);
    this.#settings[name] = merged(this.#settings[name], { spellings: { webForms } });
    return Object.keys(webForms).length > 0;
  }

  #asTyped(name: Name, line: string): Settings {
    const settings = asProperties(line);
    const looked = LOOKED_UP.exec(line)?.[1];
    if (looked === undefined) return settings;
    const { bulkSftpOrder, rollbackParameter } = this.site[name].spellings;
    return { spellings: looked === "bulk_sftp_order" ? { bulkSftpOrder } : { rollbackParameter } };
  }
}

/** An HCL line of strings, lists and objects as the constructs write it. */
function asProperties(line: string): Settings {
  const json = line.replace(/"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|=/g, (token) => {
    if (token === "=") return ":";
    if (token.startsWith('"')) return token.replace(/([$%])\1\{/g, "$1{");
    return JSON.stringify(asProperty(token));
  });
  return JSON.parse(`{${json}}`);
}

const asProperty = (attribute: string) =>
  attribute.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function merged(old: Settings, more: Settings): Settings {
  const isObject = (value: unknown): value is Settings =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(more).map(([name, value]) => {
    const known = old[name];
    return [name, isObject(known) && isObject(value) ? merged(known, value) : value];
  });
  return { ...old, ...Object.fromEntries(entries) };
}
