/** Option 150 as dhcpd.conf has it: a definition with any name, and statements with that name. */
import { isIPv4 } from "node:net";
import { keyword, type Node } from "./configuration";

export const CODE = 150;
/** What the definition has to be. */
export const DEFINITION_LINE = "option cisco-tftp code 150 = array of ip-address;";

export interface Definition {
  readonly name: string;
  /** Behind the `=`, e.g. `array of ip-address`. */
  readonly type: string;
  readonly order: number;
}

export interface Option150 {
  readonly node: Node;
  /** What a client is sent: addresses, or what is written when that is something else. */
  readonly served: readonly string[];
}

/** A definition of code 150; dhcpd takes several names for one option. */
export function definitionIn(node: Node): Definition | null {
  const [, name, code, number, equals, ...type] = node.words;
  if (keyword(node) !== "option" || code?.toLowerCase() !== "code" || equals !== "=") return null;
  if (Number(number) !== CODE) return null;
  return { name: bare(name!), type: type.join(" ").toLowerCase(), order: node.order };
}

/** `dhcp.` names the space of ordinary options, and may be left out. */
const bare = (name: string) => name.replace(/^dhcp\./i, "");
const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Without any definition: `option unknown-150 = c0:00:02:15;`. */
const UNDEFINED_NAME = `unknown-${CODE}`;

/** Statements that put an option into the answer. */
const SETS = ["option", "supersede", "default", "append", "prepend"];

/** The statement's option 150; null when it is about something else. */
export function option150In(node: Node, definitions: readonly Definition[]): Option150 | null {
  const [, name, ...rest] = node.words;
  if (name === undefined || !SETS.includes(keyword(node)) || node.children || rest[0] === "code") return null;
  const definition = definitions.findLast((d) => sameName(d.name, bare(name)));
  if (!definition && bare(name) !== UNDEFINED_NAME) return null;
  return { node, served: servedBy(rest, definition) };
}

/** What is no address is returned as it is written, and equals no declared answer. */
function servedBy(words: readonly string[], definition: Definition | undefined): readonly string[] {
  if (!definition) return addressesInHex(words.slice(1).join("")) ?? ["(not addresses)"];
  if (words[0] === "=") return ["(an expression)"];
  const values = words.filter((word) => word !== ",");
  const wrong = definition.type.includes("ip-address") ? values.find((v) => !isIPv4(v)) : values[0];
  if (wrong === undefined) return values;
  return [HOST_NAME.test(wrong) ? values.join(", ") : "(not addresses)"];
}

/** dhcpd looks it up when it answers, and sends what it finds: nothing, maybe. */
export const HOST_NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/;

function addressesInHex(text: string): readonly string[] | null {
  const bytes = text.split(":");
  if (bytes.length % 4 !== 0 || !bytes.every((b) => /^[0-9a-f]{1,2}$/i.test(b))) return null;
  return Array.from({ length: bytes.length / 4 }, (_, i) =>
    bytes
      .slice(i * 4, i * 4 + 4)
      .map((b) => Number.parseInt(b, 16))
      .join("."),
  );
}
