/** Tables and colours for people, plain lines for programs. */

export interface Style {
  readonly colour: boolean;
}

/** As the parser of the command line does it: https://no-color.org goes first, then FORCE_COLOR, then the terminal. */
export function styleOf(
  { isTTY }: Pick<NodeJS.WriteStream, "isTTY">,
  { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv = process.env,
): Style {
  if (NO_COLOR || FORCE_COLOR === "0" || FORCE_COLOR === "false") return { colour: false };
  return { colour: Boolean(FORCE_COLOR) || (isTTY === true && TERM !== "dumb") };
}

const CODES = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 } as const;

export function paint(style: Style, colour: keyof typeof CODES, text: string): string {
  return style.colour ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}

export type Cell = string | { readonly text: string; readonly colour: keyof typeof CODES };

/** Columns as wide as they must be, two spaces apart; the last one is not padded. */
export function table(style: Style, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const textOf = (cell: Cell) => (typeof cell === "string" ? cell : cell.text);
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((row) => textOf(row[i] ?? "").length)));
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, i) => {
        const text = textOf(cell);
        const padded = i === cells.length - 1 ? text : text.padEnd(widths[i]!);
        return typeof cell === "string" ? padded : paint(style, cell.colour, padded);
      })
      .join("  ")
      .trimEnd();
  return [line(head.map((text) => ({ text, colour: "bold" as const }))), ...rows.map(line)].join("\n");
}
