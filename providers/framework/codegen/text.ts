/** Pieces of generated source text. */

/** Indents every line that is not empty. */
export const indent = (text: string, by = 2): string => text.replace(/^(?=.)/gm, " ".repeat(by));

/** A literal of the generated language. */
export const quote = (value: string): string => JSON.stringify(value);

/** A doc comment; nothing at all for no lines. */
export function docComment(lines: readonly string[]): string {
  const all = lines.join("\n").replaceAll("*/", "*\\/").trim().split("\n");
  if (all.length === 1) return all[0] === "" ? "" : `/** ${all[0]} */\n`;
  return `/**\n${all.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

/** The blocks that are not empty, with one empty line between them. */
export const paragraphs = (...blocks: readonly string[]): string =>
  blocks
    .map((block) => block.trim())
    .filter((block) => block !== "")
    .join("\n\n");
