/** The statements of one dhcpd configuration file (dhcpd.conf(5), dhcp-eval(5)), as far as their shape goes. */

export interface Statement {
  /** Words, numbers and signs as they stand; strings with their quotes. Without the `;`, and without the block. */
  readonly words: readonly string[];
  /** What is between the braces; null when it ends with `;`. */
  readonly block: readonly Statement[] | null;
  /** From 1. */
  readonly line: number;
}

/** The text is not of this shape, or larger than we are ready to read. Says where, never what stands there. */
export class StatementError extends Error {
  override readonly name = "StatementError";
  constructor(
    readonly problem: string,
    readonly line: number,
  ) {
    super(`line ${line}: ${problem}`);
  }
}

/** Blocks in blocks: real files have four or five. */
const DEEPEST = 32;
/** Words of one statement: a list of a few hundred addresses, or a long key. */
const LONGEST = 10_000;

/** @throws StatementError */
export function parseStatements(text: string): readonly Statement[] {
  return new Parser(text).file();
}

/** What a quoted string says; a bare word as it is. */
export function unquoted(word: string): string {
  if (!word.startsWith('"')) return word;
  return word.slice(1, -1).replace(/\\(.)/gs, "$1");
}

interface Token {
  readonly text: string;
  readonly line: number;
}

/** A string, a sign with a meaning for the shape, or a word; `#` begins a comment. */
const TOKEN = /[\s\0]+|#[^\n]*|("[^"\\]*(?:\\[\s\S][^"\\]*)*")|([{};,=()])|([^\s\0#"{};,=()]+)|(")/g;

class Parser {
  private readonly tokens: Iterator<Token>;
  private next: Token | null;
  private line = 1;

  constructor(text: string) {
    this.tokens = this.scan(text);
    this.next = this.advance();
  }

  file(): readonly Statement[] {
    const statements = this.statements(0);
    if (this.next) throw new StatementError("a } without its {", this.next.line);
    return statements;
  }

  private *scan(text: string): Generator<Token> {
    for (const match of text.matchAll(TOKEN)) {
      const [all, quoted, sign, word, open] = match;
      const line = this.line;
      for (let at = all.indexOf("\n"); at >= 0; at = all.indexOf("\n", at + 1)) this.line++;
      if (open) throw new StatementError("a string without its end", line);
      const token = quoted ?? sign ?? word;
      if (token !== undefined) yield { text: token, line };
    }
  }

  private advance(): Token | null {
    const { value, done } = this.tokens.next();
    return done ? null : value;
  }

  private take(): Token {
    const token = this.next;
    if (!token) throw new StatementError("the file ends within a statement", this.line);
    this.next = this.advance();
    return token;
  }

  private statements(depth: number): Statement[] {
    if (depth > DEEPEST) throw new StatementError(`blocks more than ${DEEPEST} deep`, this.line);
    const found: Statement[] = [];
    while (this.next && this.next.text !== "}") {
      // An empty statement: `};` is common.
      if (this.next.text === ";") this.take();
      else found.push(this.statement(depth));
    }
    return found;
  }

  private statement(depth: number): Statement {
    const words: string[] = [];
    const line = this.next!.line;
    for (;;) {
      const { text, line: at } = this.take();
      if (text === ";") return { words, block: null, line };
      if (text === "}") throw new StatementError("a statement without its ;", at);
      if (text === "{" && !isDefinition(words)) {
        const block = this.statements(depth + 1);
        this.take();
        return { words, block, line };
      }
      if (text === "{") this.record(words);
      else words.push(text);
      // `case 1:` and `default:` of a switch end without a `;`.
      if (text.endsWith(":") && (words[0] === "case" || text === "default:"))
        return { words, block: null, line };
      if (words.length > LONGEST) throw new StatementError(`more than ${LONGEST} words in a statement`, at);
    }
  }

  /** `= { ip-address, text }` of an option's definition: part of the statement. */
  private record(words: string[]): void {
    words.push("{");
    for (;;) {
      const { text, line } = this.take();
      if (text === "{" || text === ";") throw new StatementError("a definition without its }", line);
      words.push(text);
      if (text === "}") return;
      if (words.length > LONGEST) throw new StatementError(`more than ${LONGEST} words in a statement`, line);
    }
  }
}

const isDefinition = (words: readonly string[]) =>
  words[0]?.toLowerCase() === "option" && words[2]?.toLowerCase() === "code" && words.includes("=");
