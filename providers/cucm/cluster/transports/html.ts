/**
 * What a program can do with a page: its text, its tables, its links and its forms. Pure, and tolerant of whatever a
 * server sends: markup that is not understood is passed over, in one pass over the text.
 */
export interface Link {
  readonly href: string;
  readonly text: string;
}
export interface Row {
  readonly cells: readonly string[];
  readonly links: readonly Link[];
}
export interface Button {
  /** Empty when it sends nothing of its own. */
  readonly name: string;
  readonly value: string;
  /** What a person reads on it. */
  readonly label: string;
}
export interface Form {
  readonly action: string;
  readonly method: "GET" | "POST";
  /** Hidden fields and others that have a value already. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Names of all fields, selects and files among them. */
  readonly names: ReadonlySet<string>;
  readonly selects: ReadonlyMap<string, readonly { readonly value: string; readonly text: string }[]>;
  /** Those that submit it. */
  readonly buttons: readonly Button[];
}
export interface Page {
  readonly text: string;
  readonly rows: readonly Row[];
  readonly links: readonly Link[];
  readonly forms: readonly Form[];
}

type Attributes = ReadonlyMap<string, string>;

interface Builder {
  readonly rows: { cells: string[]; links: Link[] }[];
  readonly links: { href: string; text: string }[];
  readonly forms: FormBuilder[];
  row: { cells: string[]; links: Link[] } | null;
  form: FormBuilder | null;
  link: { href: string; text: string } | null;
  select: { value: string; text: string; open: boolean }[] | null;
  button: { name: string; value: string; label: string } | null;
}
interface FormBuilder {
  action: string;
  method: "GET" | "POST";
  fields: [string, string][];
  names: Set<string>;
  selects: Map<string, { value: string; text: string; open: boolean }[]>;
  buttons: { name: string; value: string; label: string }[];
}

export function readPage(html: string): Page {
  const page: Builder = {
    rows: [],
    links: [],
    forms: [],
    row: null,
    form: null,
    link: null,
    select: null,
    button: null,
  };
  const texts: string[] = [];
  for (const token of tokens(html)) {
    if (typeof token === "string") {
      texts.push(token);
      addText(page, token);
      continue;
    }
    if (BREAKS.has(token.name)) texts.push("\n");
    (token.closing ? CLOSED : OPENED)[token.name]?.(page, token.attributes);
  }
  const tidy = (link: Link) => ({ href: link.href, text: squeezed(link.text) });
  return {
    text: texts.join(""),
    rows: page.rows.map(({ cells, links }) => ({ cells: cells.map(squeezed), links: links.map(tidy) })),
    links: page.links.map(tidy),
    forms: page.forms.map((form) => ({
      ...form,
      selects: new Map(
        [...form.selects].map(([name, options]) => [
          name,
          options.map(({ value, text }) => ({ value: value || squeezed(text), text: squeezed(text) })),
        ]),
      ),
      buttons: form.buttons.map((button) => ({ ...button, label: squeezed(button.label) })),
    })),
  };
}

/** A page as a person would read it, on one line. */
export function pageText(html: string): string {
  return squeezed(readPage(html).text);
}

const BREAKS = new Set(["br", "p", "div", "tr", "td", "th", "li", "h1", "h2", "h3", "title"]);

type Handler = (page: Builder, attributes: Attributes) => void;
const OPENED: { readonly [tag: string]: Handler | undefined } = {
  tr: (page) => {
    page.row = { cells: [], links: [] };
    page.rows.push(page.row);
  },
  td: (page) => void page.row?.cells.push(""),
  th: (page) => void page.row?.cells.push(""),
  a: (page, attributes) => {
    page.link = { href: attributes.get("href") ?? "", text: "" };
    page.links.push(page.link);
    page.row?.links.push(page.link);
  },
  form: (page, attributes) => {
    page.form = {
      action: attributes.get("action") ?? "",
      method: attributes.get("method")?.toUpperCase() === "POST" ? "POST" : "GET",
      fields: [],
      names: new Set(),
      selects: new Map(),
      buttons: [],
    };
    page.forms.push(page.form);
  },
  input: (page, attributes) => {
    if (page.form === null) return;
    const name = attributes.get("name") ?? "";
    const value = attributes.get("value") ?? "";
    const type = attributes.get("type")?.toLowerCase() ?? "text";
    if (type === "submit" || type === "image") page.form.buttons.push({ name, value, label: value });
    if (name === "") return;
    page.form.names.add(name);
    if (type === "hidden" || type === "text") page.form.fields.push([name, value]);
  },
  button: (page, attributes) => {
    if (page.form === null || !["", "submit"].includes(attributes.get("type")?.toLowerCase() ?? "")) return;
    page.button = { name: attributes.get("name") ?? "", value: attributes.get("value") ?? "", label: "" };
    page.form.buttons.push(page.button);
  },
  select: (page, attributes) => {
    page.select = [];
    const name = attributes.get("name") ?? "";
    page.form?.names.add(name);
    page.form?.selects.set(name, page.select);
  },
  option: (page, attributes) => {
    const last = page.select?.at(-1);
    if (last) last.open = false;
    page.select?.push({ value: attributes.get("value") ?? "", text: "", open: true });
  },
};
const CLOSED: { readonly [tag: string]: Handler | undefined } = {
  tr: (page) => {
    page.row = null;
  },
  a: (page) => {
    page.link = null;
  },
  form: (page) => {
    page.form = null;
  },
  button: (page) => {
    page.button = null;
  },
  select: (page) => {
    page.select = null;
  },
  option: (page) => {
    const last = page.select?.at(-1);
    if (last) last.open = false;
  },
};

function addText(page: Builder, text: string): void {
  if (page.row !== null && page.row.cells.length > 0) page.row.cells[page.row.cells.length - 1] += text;
  if (page.link !== null) page.link.text += text;
  if (page.button !== null) page.button.label += text;
  const option = page.select?.at(-1);
  if (option?.open) option.text += text;
}

interface Tag {
  readonly name: string;
  readonly closing: boolean;
  readonly attributes: Attributes;
}

/** Their content is no markup and no text of the page. */
const OPAQUE = new Set(["script", "style"]);

function* tokens(html: string): Generator<string | Tag> {
  const lower = html.toLowerCase();
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf("<", at);
    if (open < 0) return void (yield decoded(html.slice(at)));
    if (open > at) yield decoded(html.slice(at, open));
    if (html.startsWith("<!--", open)) {
      at = after(html, "-->", open + 4);
      continue;
    }
    const head = /[<](\/?)([a-z][a-z0-9]*)/iy;
    head.lastIndex = open;
    const match = head.exec(html);
    if (match === null) {
      // A declaration, or a character that somebody forgot to escape.
      if (html[open + 1] === "!" || html[open + 1] === "?") at = after(html, ">", open);
      else {
        yield "<";
        at = open + 1;
      }
      continue;
    }
    const name = match[2]!.toLowerCase();
    const tag = attributesFrom(html, head.lastIndex);
    at = tag.end;
    yield { name, closing: match[1] === "/", attributes: tag.attributes };
    if (match[1] === "" && OPAQUE.has(name)) {
      const close = lower.indexOf(`</${name}`, at);
      at = close < 0 ? html.length : close;
    }
  }
}

const ATTRIBUTE = /\s*\/?\s*(?:([^\s"'<>/=]+)(\s*=\s*(?:"|'|([^\s"'>][^\s>]*))?)?)?/y;

function attributesFrom(html: string, start: number): { attributes: Attributes; end: number } {
  const attributes = new Map<string, string>();
  let at = start;
  while (at < html.length && html[at] !== ">") {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(html);
    if (match === null || ATTRIBUTE.lastIndex === at) {
      at++;
      continue;
    }
    at = ATTRIBUTE.lastIndex;
    if (match[1] === undefined) continue;
    const quote = match[2]?.at(-1);
    let value = match[3] ?? "";
    if (match[3] === undefined && (quote === '"' || quote === "'")) {
      const close = html.indexOf(quote, at);
      const end = close < 0 ? html.length : close;
      value = html.slice(at, end);
      at = end + 1;
    }
    const name = match[1].toLowerCase();
    if (!attributes.has(name)) attributes.set(name, decoded(value));
  }
  return { attributes, end: Math.min(at + 1, html.length) };
}

function after(html: string, what: string, from: number): number {
  const found = html.indexOf(what, from);
  return found < 0 ? html.length : found + what.length;
}

const ENTITIES: { readonly [name: string]: string } = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
