/** The part of Informix's SELECT that documented queries use. */
export interface Select {
  readonly columns: readonly Column[];
  readonly from: readonly Source[];
  readonly where: Condition | null;
  readonly orderBy: readonly { readonly column: Reference; readonly descending: boolean }[];
  readonly distinct: boolean;
  /** `select first 5 ...` */
  readonly first: number | null;
}
export interface Source {
  readonly table: string;
  readonly alias: string;
  readonly join: "cross" | "inner" | "left";
  readonly on: Condition | null;
}
export type Column =
  | { readonly kind: "all"; readonly alias: string | null }
  | { readonly kind: "count"; readonly name: string }
  | { readonly kind: "value"; readonly value: Operand; readonly name: string };
export interface Reference {
  readonly alias: string | null;
  readonly column: string;
}
export type Operand =
  | ({ readonly kind: "column" } & Reference)
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "lower" | "upper"; readonly of: Operand };
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | {
      readonly kind: "compare";
      readonly operator: "=" | "<>";
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: "like"; readonly value: Operand; readonly pattern: string }
  | { readonly kind: "in"; readonly value: Operand; readonly list: readonly string[] }
  | { readonly kind: "null"; readonly value: Operand };

/** Informix number and text, as AXL and the CLI pass them on. */
export class SqlError extends Error {
  override readonly name = "SqlError";
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const syntaxError = () => new SqlError(-201, "A syntax error has occurred.");

interface Token {
  readonly kind: "word" | "text" | "sign";
  readonly value: string;
}

function tokens(sql: string): Token[] {
  const list: Token[] = [];
  const pattern = /\s+|('(?:[^']|'')*')|([A-Za-z_][\w]*|\d+)|(<>|!=|[=,.()*;])|(.)/gs;
  for (const [, quoted, word, sign, other] of sql.matchAll(pattern)) {
    if (other !== undefined) throw syntaxError();
    if (quoted !== undefined) list.push({ kind: "text", value: quoted.slice(1, -1).replace(/''/g, "'") });
    else if (word !== undefined) list.push({ kind: "word", value: word });
    else if (sign !== undefined) list.push({ kind: "sign", value: sign === "!=" ? "<>" : sign });
  }
  return list;
}

const KEYWORDS = new Set([
  "from",
  "where",
  "inner",
  "left",
  "join",
  "on",
  "as",
  "order",
  "and",
  "or",
  "in",
  "like",
]);

/** @throws SqlError */
export function parseSelect(sql: string): Select {
  return new Parser(tokens(sql)).select();
}

class Parser {
  private at = 0;
  constructor(private readonly list: readonly Token[]) {}

  select(): Select {
    this.need("select");
    const first = this.take("first") ? Number(this.literal()) : null;
    const distinct = this.take("distinct");
    const columns = this.separated(() => this.column());
    this.need("from");
    const from: Source[] = [this.source("cross")];
    for (;;) {
      if (this.takeSign(",")) from.push(this.source("cross"));
      else if (this.take("left")) {
        this.take("outer");
        this.need("join");
        from.push(this.source("left"));
      } else if (this.take("inner")) {
        this.need("join");
        from.push(this.source("inner"));
      } else if (this.take("join")) from.push(this.source("inner"));
      else break;
    }
    const where = this.take("where") ? this.condition() : null;
    let orderBy: Select["orderBy"] = [];
    if (this.take("order")) {
      this.need("by");
      orderBy = this.separated(() => {
        const column = this.reference(this.word());
        const descending = this.take("desc");
        if (!descending) this.take("asc");
        return { column, descending };
      });
    }
    this.takeSign(";");
    if (this.at < this.list.length) throw syntaxError();
    return { columns, from, where, orderBy, distinct, first };
  }

  private column(): Column {
    if (this.takeSign("*")) return { kind: "all", alias: null };
    if (this.peek("count") && this.list[this.at + 1]?.value === "(") {
      this.at += 2;
      if (!this.takeSign("*")) throw syntaxError();
      this.needSign(")");
      return { kind: "count", name: this.name() ?? "(count(*))" };
    }
    const first = this.list[this.at];
    if (
      first?.kind === "word" &&
      this.list[this.at + 1]?.value === "." &&
      this.list[this.at + 2]?.value === "*"
    ) {
      this.at += 3;
      return { kind: "all", alias: first.value.toLowerCase() };
    }
    const value = this.operand();
    const own = value.kind === "column" ? value.column : "(expression)";
    return { kind: "value", value, name: this.name() ?? own };
  }

  /** `as name` or a bare name. */
  private name(): string | null {
    if (this.take("as")) return this.word().toLowerCase();
    const next = this.list[this.at];
    if (next?.kind !== "word" || KEYWORDS.has(next.value.toLowerCase())) return null;
    return this.word().toLowerCase();
  }

  private source(join: Source["join"]): Source {
    const table = this.word().toLowerCase();
    const alias = this.name() ?? table;
    let on: Condition | null = null;
    if (join !== "cross") {
      this.need("on");
      on = this.condition();
    }
    return { table, alias, join, on };
  }

  private condition(): Condition {
    const parts = [this.conjunction()];
    while (this.take("or")) parts.push(this.conjunction());
    return parts.length === 1 ? parts[0]! : { kind: "or", parts };
  }

  private conjunction(): Condition {
    const parts = [this.primary()];
    while (this.take("and")) parts.push(this.primary());
    return parts.length === 1 ? parts[0]! : { kind: "and", parts };
  }

  private primary(): Condition {
    if (this.take("not")) return { kind: "not", of: this.primary() };
    if (this.takeSign("(")) {
      const inner = this.condition();
      this.needSign(")");
      return inner;
    }
    const value = this.operand();
    const negated = this.take("not");
    const wrap = (condition: Condition): Condition => (negated ? { kind: "not", of: condition } : condition);
    if (this.take("in")) {
      this.needSign("(");
      const list = this.separated(() => this.literal());
      this.needSign(")");
      return wrap({ kind: "in", value, list });
    }
    if (this.take("like")) return wrap({ kind: "like", value, pattern: this.literal() });
    if (this.take("is")) {
      const not = this.take("not");
      this.need("null");
      return not ? { kind: "not", of: { kind: "null", value } } : { kind: "null", value };
    }
    const operator = this.list[this.at++]?.value;
    if (negated || (operator !== "=" && operator !== "<>")) throw syntaxError();
    return { kind: "compare", operator, left: value, right: this.operand() };
  }

  private operand(): Operand {
    const token = this.list[this.at];
    if (token === undefined) throw syntaxError();
    if (token.kind === "text" || /^\d/.test(token.value)) return { kind: "literal", text: this.literal() };
    const word = this.word();
    const lower = word.toLowerCase();
    if ((lower === "lower" || lower === "upper") && this.takeSign("(")) {
      const of = this.operand();
      this.needSign(")");
      return { kind: lower, of };
    }
    return { kind: "column", ...this.reference(word) };
  }

  private reference(first: string): Reference {
    if (!this.takeSign(".")) return { alias: null, column: first.toLowerCase() };
    return { alias: first.toLowerCase(), column: this.word().toLowerCase() };
  }

  private literal(): string {
    const token = this.list[this.at++];
    if (
      token === undefined ||
      (token.kind === "word" && !/^\d+$/.test(token.value)) ||
      token.kind === "sign"
    ) {
      throw syntaxError();
    }
    return token.value;
  }

  private word(): string {
    const token = this.list[this.at++];
    if (token?.kind !== "word") throw syntaxError();
    return token.value;
  }

  private separated<T>(one: () => T): T[] {
    const items = [one()];
    while (this.takeSign(",")) items.push(one());
    return items;
  }

  private peek(keyword: string): boolean {
    const token = this.list[this.at];
    return token?.kind === "word" && token.value.toLowerCase() === keyword;
  }
  private take(keyword: string): boolean {
    if (!this.peek(keyword)) return false;
    this.at++;
    return true;
  }
  private need(keyword: string): void {
    if (!this.take(keyword)) throw syntaxError();
  }
  private takeSign(sign: string): boolean {
    const token = this.list[this.at];
    if (token?.kind !== "sign" || token.value !== sign) return false;
    this.at++;
    return true;
  }
  private needSign(sign: string): void {
    if (!this.takeSign(sign)) throw syntaxError();
  }
}
