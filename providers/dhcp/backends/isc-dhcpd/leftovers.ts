/** Other ways than option 150 to tell a phone its TFTP server. Which of them wins differs between models. */
import type { Finding } from "../backend";
import { keyword, type Node } from "./configuration";

export interface Leftover {
  readonly node: Node;
  /** Of the finding. */
  readonly kind: Finding["kind"];
  readonly value: string;
}

const KINDS: { readonly [statement: string]: Leftover["kind"] } = {
  "option tftp-server-name": "option-66",
  "next-server": "next-server",
  "server-name": "server-hostname",
};

/** null when the statement is something else. */
export function leftoverIn(node: Node): Leftover | null {
  const words = node.words.map((word) => word.replace(/^dhcp\./i, ""));
  const name = keyword(node) === "option" ? `option ${words[1]?.toLowerCase()}` : keyword(node);
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined || node.children) return null;
  const said = words.slice(kind === "option-66" ? 2 : 1);
  const value = said[0] === "=" ? "(an expression)" : said.join(" ");
  return { node, kind, value: value.slice(0, 200) };
}
