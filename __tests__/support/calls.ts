/** Calls in a source, with what their arguments say: messages as data, without running what would have to fail first. */
import { parseSync } from "@swc/core";

export interface Call {
  /** `warn` of `ctx.warn(...)`, and `ctx`. */
  readonly callee: string;
  readonly on: string;
  /** By argument, what it may say; `...` stands for what only a run knows. */
  readonly says: readonly (readonly string[])[];
}

type Node = { readonly type: string; readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

function visit(value: unknown, see: (node: Node) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (isNode(value)) see(value);
  for (const part of Object.values(value)) visit(part, see);
}

/** Calls and constructions with one of these names. */
export function callsIn(source: string, names: readonly string[]): readonly Call[] {
  if (!new RegExp(`\\b(?:${names.join("|")})\\(`).test(source)) return [];
  const program = parseSync(source, { syntax: "typescript", target: "es2022" });
  const constants = new Map<string, Node>();
  const calls: Node[] = [];
  visit(program.body, (node) => {
    if (node.type === "VariableDeclarator" && isNode(node.id) && isNode(node.init))
      constants.set(String(node.id.value), node.init);
    if (node.type === "CallExpression" || node.type === "NewExpression") calls.push(node);
  });
  return calls.flatMap((node) => {
    const callee = nameOf(node.callee);
    if (!names.includes(callee)) return [];
    const given = (node.arguments ?? []) as readonly { readonly expression: Node }[];
    const on = isNode(node.callee) ? nameOf(node.callee.object) : "";
    return [{ callee, on, says: given.map(({ expression }) => saidBy(expression, constants)) }];
  });
}

function nameOf(callee: unknown): string {
  if (!isNode(callee)) return "";
  return callee.type === "MemberExpression" ? nameOf(callee.property) : String(callee.value ?? "");
}

function saidBy(node: Node, constants: ReadonlyMap<string, Node>): readonly string[] {
  const of = (part: unknown) => saidBy(part as Node, constants);
  switch (node.type) {
    case "StringLiteral":
      return [String(node.value)];
    case "TemplateLiteral": {
      const words = (node.quasis as readonly { readonly cooked: string }[]).map(({ cooked }) => cooked);
      const between = (node.expressions as readonly Node[]).map((one) => {
        const [text = "", ...others] = one.type === "Identifier" ? of(one) : ["..."];
        return others.length === 0 ? text : "...";
      });
      return [words.map((word, i) => word + (between[i] ?? "")).join("")];
    }
    case "BinaryExpression":
      return of(node.left).flatMap((one) => of(node.right).map((other) => one + other));
    case "ConditionalExpression":
      return [...of(node.consequent), ...of(node.alternate)];
    case "ParenthesisExpression":
      return of(node.expression);
    case "Identifier": {
      const constant = constants.get(String(node.value));
      return constant !== undefined && /Literal|BinaryExpression/.test(constant.type)
        ? of(constant)
        : ["..."];
    }
    default:
      return ["..."];
  }
}
