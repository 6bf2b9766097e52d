import {
  type Condition,
  type Operand,
  parseSelect,
  type Reference,
  type Select,
  SqlError,
} from "./sql-parse";
import type { Table, Tables } from "./tables";

export { SqlError } from "./sql-parse";

export interface ResultSet {
  readonly columns: readonly string[];
  /** null is SQL's NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

type Row = { readonly [column: string]: string | null };
/** One row of each table so far, by alias; null where an outer join found none. */
type Joined = ReadonlyMap<string, Row | null>;

/** Answers a SELECT. @throws SqlError with Informix's number */
export function query(sql: string, tables: Tables): ResultSet {
  const select = parseSelect(sql);
  const sources = new Map(select.from.map((source) => [source.alias, tableOf(tables, source.table)]));
  const scope = new Scope(sources);
  let rows: Joined[] = [new Map()];
  for (const { table, alias, join, on } of select.from) {
    const content = tableOf(tables, table).rows;
    rows = rows.flatMap((joined) => {
      const extended = content.map((row): Joined => new Map(joined).set(alias, row));
      const kept = on === null ? extended : extended.filter((one) => scope.holds(on, one));
      return kept.length === 0 && join === "left" ? [new Map(joined).set(alias, null)] : kept;
    });
  }
  const { where } = select;
  if (where !== null) {
    scope.check(where);
    rows = rows.filter((row) => scope.holds(where, row));
  }
  for (const { column, descending } of [...select.orderBy].reverse()) {
    const key = (row: Joined) => scope.column(column, row) ?? "";
    rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (descending ? -1 : 1));
  }
  return project(select, rows, scope, sources);
}

function project(
  select: Select,
  rows: Joined[],
  scope: Scope,
  sources: ReadonlyMap<string, Table>,
): ResultSet {
  if (select.columns.some((column) => column.kind === "count")) {
    return {
      columns: [select.columns[0]!.kind === "count" ? select.columns[0]!.name : "count"],
      rows: [[String(rows.length)]],
    };
  }
  const outputs = select.columns.flatMap((column): { name: string; value: Operand }[] => {
    if (column.kind === "count") return [];
    if (column.kind === "value") return [{ name: column.name, value: column.value }];
    return [...sources]
      .filter(([alias]) => column.alias === null || column.alias === alias)
      .flatMap(([alias, table]) =>
        table.columns.map((name) => ({ name, value: { kind: "column", alias, column: name } as const })),
      );
  });
  for (const { value } of outputs) scope.checkOperand(value);
  let values = rows.map((row) => outputs.map(({ value }) => scope.value(value, row)));
  if (select.distinct) values = [...new Map(values.map((row) => [JSON.stringify(row), row])).values()];
  const rowsOf = select.first === null ? values : values.slice(0, select.first);
  return { columns: outputs.map(({ name }) => name), rows: rowsOf };
}

function tableOf(tables: Tables, name: string): Table {
  const table = tables[name];
  if (table === undefined) throw new SqlError(-206, `The specified table (${name}) is not in the database.`);
  return table;
}

class Scope {
  constructor(private readonly sources: ReadonlyMap<string, Table>) {}

  holds(condition: Condition, row: Joined): boolean {
    switch (condition.kind) {
      case "and":
        return condition.parts.every((part) => this.holds(part, row));
      case "or":
        return condition.parts.some((part) => this.holds(part, row));
      case "not":
        return !this.holds(condition.of, row);
      case "null":
        return this.value(condition.value, row) === null;
      case "in": {
        const value = this.value(condition.value, row);
        return value !== null && condition.list.includes(value);
      }
      case "like": {
        const value = this.value(condition.value, row);
        return value !== null && likePattern(condition.pattern).test(value);
      }
      case "compare": {
        const left = this.value(condition.left, row);
        const right = this.value(condition.right, row);
        return left !== null && right !== null && (left === right) === (condition.operator === "=");
      }
    }
  }

  /** Names are checked even when there is no row to look at. */
  check(condition: Condition): void {
    switch (condition.kind) {
      case "and":
      case "or":
        for (const part of condition.parts) this.check(part);
        break;
      case "not":
        this.check(condition.of);
        break;
      case "compare":
        this.checkOperand(condition.left);
        this.checkOperand(condition.right);
        break;
      default:
        this.checkOperand(condition.value);
    }
  }

  checkOperand(operand: Operand): void {
    if (operand.kind === "column") this.resolve(operand);
    else if (operand.kind !== "literal") this.checkOperand(operand.of);
  }

  value(operand: Operand, row: Joined): string | null {
    switch (operand.kind) {
      case "literal":
        return operand.text;
      case "column":
        return this.column(operand, row);
      case "lower":
        return this.value(operand.of, row)?.toLowerCase() ?? null;
      case "upper":
        return this.value(operand.of, row)?.toUpperCase() ?? null;
    }
  }

  column(reference: Reference, row: Joined): string | null {
    return row.get(this.resolve(reference))?.[reference.column] ?? null;
  }

  private resolve({ alias, column }: Reference): string {
    const candidates = [...this.sources].filter(
      ([name, table]) => (alias === null || alias === name) && table.columns.includes(column),
    );
    if (candidates.length === 0) {
      throw new SqlError(
        -217,
        `Column (${column}) not found in any table in the query (or SLV is undefined).`,
      );
    }
    if (candidates.length > 1) throw new SqlError(-324, `Ambiguous column (${column}).`);
    return candidates[0]![0];
  }
}

function likePattern(pattern: string): RegExp {
  const text = [...pattern].map((c) =>
    c === "%" ? ".*" : c === "_" ? "." : c.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  return new RegExp(`^${text.join("")}$`, "s");
}
