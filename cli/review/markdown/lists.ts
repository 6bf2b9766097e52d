/** Tables and lists that end at some row, and say so. */

/** Rows that each list may have; see render.ts. */
export type Room = number;

/** Never silently: what is left out is counted, in a sentence. */
export function list(room: Room, lines: readonly string[], what: string): string[] {
  return [...lines.slice(0, room).map((line) => `- ${line}`), ...leftOut(room, lines.length, what, "- ")];
}

export function table(
  room: Room,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  what: string,
): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const shown = rows.slice(0, room);
  return [
    ...(shown.length > 0 ? [line(head), line(head.map(() => "---")), ...shown.map(line)] : []),
    ...leftOut(room, rows.length, what, shown.length > 0 ? "\n" : ""),
  ];
}

function leftOut(room: Room, all: number, what: string, before: string): string[] {
  const count = all - Math.min(room, all);
  return count === 0
    ? []
    : [`${before}${count} ${what} are left out here, for want of room in a comment; \`--json\` has all.`];
}

/** `summary` is HTML. */
export function folded(summary: string, body: readonly string[], open = false): string[] {
  if (body.length === 0) return [];
  return [`<details${open ? " open" : ""}><summary>${summary}</summary>`, "", ...body, "", "</details>", ""];
}
