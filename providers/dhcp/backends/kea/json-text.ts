/**
 * JSON that remembers where each value stands in the text, so that one value can be replaced and every other byte
 * kept: `JSON.parse` would round big numbers, turn `1.0` into `1` and move keys such as "10" to the front.
 *
 * The text is the server's bytes decoded as Latin-1, which gives the same bytes back when it is sent.
 */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonScalar;

export interface Span {
  readonly start: number;
  /** After the last character. */
  readonly end: number;
}
export interface JsonMember extends Span {
  readonly key: string;
  readonly value: JsonNode;
}
export interface JsonObject extends Span {
  readonly kind: "object";
  readonly members: readonly JsonMember[];
}
export interface JsonArray extends Span {
  readonly kind: "array";
  readonly items: readonly JsonNode[];
}
export interface JsonString extends Span {
  readonly kind: "string";
  readonly value: string;
}
export interface JsonScalar extends Span {
  readonly kind: "number" | "true" | "false" | "null";
  /** As written, `1.0` for one. */
  readonly text: string;
}

/** Never quotes the text: it may hold secrets. */
export class JsonTextError extends Error {
  override readonly name = "JsonTextError";
}

const MAX_DEPTH = 100;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const SPACE = /[ \t\r\n]*/y;

/** @throws JsonTextError unless the text is one JSON value without repeated keys. */
export function parseJsonText(text: string): JsonNode {
  let at = 0;

  const fail = (what: string): never => {
    throw new JsonTextError(`${what} at offset ${at}`);
  };
  const skip = () => {
    if (text.charCodeAt(at) > 0x20) return;
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
  };
  const match = (pattern: RegExp, what: string): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return fail(`expected ${what}`);
    at = pattern.lastIndex;
    return found;
  };
  const decode = (literal: string): string => {
    if (!literal.includes("\\")) return literal.slice(1, -1);
    try {
      return JSON.parse(literal) as string;
    } catch {
      return fail("malformed string");
    }
  };
  /** The elements between two brackets, separated by commas. */
  const sequence = (close: string, element: () => void) => {
    at++;
    skip();
    if (text[at] === close) {
      at++;
      return;
    }
    for (;;) {
      element();
      skip();
      const next = text[at++];
      if (next === close) return;
      if (next !== ",") fail(`expected "," or "${close}"`);
      skip();
    }
  };
  const value = (depth: number): JsonNode => {
    if (depth > MAX_DEPTH) fail("nested too deeply");
    const start = at;
    switch (text[at]) {
      case "{": {
        const members: JsonMember[] = [];
        const seen = new Set<string>();
        sequence("}", () => {
          const from = at;
          const key = decode(match(STRING, "a key"));
          if (seen.has(key)) fail("repeated key");
          seen.add(key);
          skip();
          if (text[at++] !== ":") fail('expected ":"');
          skip();
          const of = value(depth + 1);
          members.push({ key, value: of, start: from, end: at });
        });
        return { kind: "object", members, start, end: at };
      }
      case "[": {
        const items: JsonNode[] = [];
        sequence("]", () => items.push(value(depth + 1)));
        return { kind: "array", items, start, end: at };
      }
      case '"': {
        const decoded = decode(match(STRING, "a string"));
        return { kind: "string", value: decoded, start, end: at };
      }
      default: {
        const scalar = match(SCALAR, "a value");
        const kind = scalar === "true" || scalar === "false" || scalar === "null" ? scalar : "number";
        return { kind, text: scalar, start, end: at };
      }
    }
  };

  skip();
  const root = value(0);
  skip();
  if (at !== text.length) fail("text after the value");
  return root;
}

/**
 * The members of an object by where their values stand, without a look into them: a configuration of megabytes is read
 * in milliseconds. Null when the text is no object. What is inside of the values may be anything that is balanced.
 */
export function shallowMembers(text: string): ReadonlyMap<string, Span> | null {
  const found = new Map<string, Span>();
  const blank = (at: number) => {
    SPACE.lastIndex = at;
    SPACE.test(text);
    return SPACE.lastIndex;
  };
  let at = blank(0);
  if (text[at] !== "{") return null;
  at = blank(at + 1);
  if (text[at] === "}") return blank(at + 1) === text.length ? found : null;
  for (;;) {
    STRING.lastIndex = at;
    const key = STRING.exec(text)?.[0];
    if (key === undefined) return null;
    at = blank(STRING.lastIndex);
    if (text[at] !== ":") return null;
    const start = blank(at + 1);
    const end = endOfValue(text, start);
    if (end === null) return null;
    found.set(key.slice(1, -1), { start, end });
    at = blank(end);
    if (text[at] === "}") return blank(at + 1) === text.length ? found : null;
    if (text[at] !== ",") return null;
    at = blank(at + 1);
  }
}

function endOfValue(text: string, start: number): number | null {
  if (text[start] !== "{" && text[start] !== "[") {
    const pattern = text[start] === '"' ? STRING : SCALAR;
    pattern.lastIndex = start;
    return pattern.test(text) ? pattern.lastIndex : null;
  }
  let depth = 0;
  // Character by character: a pattern for each bracket took ten times as long.
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        STRING.lastIndex = at;
        if (!STRING.test(text)) return null;
        at = STRING.lastIndex - 1;
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth++;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        if (--depth === 0) return at + 1;
    }
  }
  return null;
}
const QUOTE = 0x22;

/** The member's value, or undefined; also undefined when `node` is not an object. */
export function member(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.kind === "object" ? node.members.find((m) => m.key === key)?.value : undefined;
}
export function items(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.kind === "array" ? node.items : [];
}
export function stringOf(node: JsonNode | undefined): string | undefined {
  return node?.kind === "string" ? node.value : undefined;
}
export function numberOf(node: JsonNode | undefined): number | undefined {
  return node?.kind === "number" ? Number(node.text) : undefined;
}
export function isTrue(node: JsonNode | undefined): boolean {
  return node?.kind === "true";
}
/** What Kea writes for a member that was not given. */
export const isNothing = (value: JsonNode): boolean =>
  value.kind === "array"
    ? value.items.length === 0
    : value.kind === "object"
      ? value.members.length === 0
      : value.kind === "string"
        ? value.value === "" || value.value === "0.0.0.0"
        : !isTrue(value);
export const slice = (text: string, node: Span): string => text.slice(node.start, node.end);

/**
 * One spelling for texts that mean the same: no white space, keys sorted, numbers as written. Nodes in `without`
 * are left out.
 */
export function canonical(node: JsonNode, without?: ReadonlySet<JsonNode>): string {
  switch (node.kind) {
    case "object":
      return `{${node.members
        .filter((m) => !without?.has(m.value))
        .map((m) => `${JSON.stringify(m.key)}:${canonical(m.value, without)}`)
        .sort()
        .join(",")}}`;
    case "array":
      return `[${node.items
        .filter((item) => !without?.has(item))
        .map((item) => canonical(item, without))
        .join(",")}]`;
    case "string":
      return JSON.stringify(node.value);
    default:
      return node.text;
  }
}
