/** Just enough XML for SOAP: escaping, and reading an answer without entities, document types or surprises. */

export interface XmlElement {
  readonly [name: string]: XmlValue;
}
export type XmlValue = string | XmlElement | readonly (string | XmlElement)[];

/** The answer is not the XML that it should be. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

const ESCAPES: { readonly [char: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char]!);
}

/** `{ name: "SEP1" }` -> `<name>SEP1</name>`, with an optional prefix; arrays repeat, nested objects nest. */
export function elements(content: XmlContent, prefix = ""): string {
  return Object.entries(content)
    .map(([name, value]) => {
      const tag = prefix + name;
      const each = (item: string | number | XmlContent) => {
        const inner = typeof item === "object" ? elements(item, prefix) : escapeXml(String(item));
        return `<${tag}>${inner}</${tag}>`;
      };
      return Array.isArray(value) ? value.map(each).join("") : each(value as string | number | XmlContent);
    })
    .join("");
}
export interface XmlContent {
  readonly [name: string]: string | number | XmlContent | readonly (string | XmlContent)[];
}

/**
 * Of one answer, opening and closing. A thousand phones with all that is asked of them have a tenth; many small
 * elements take a hundred times the memory of their text, and minutes.
 */
const TAGS = 400_000;

/** Local names only; all values are text. @throws XmlError */
export async function parseXml(text: string): Promise<XmlElement> {
  if (/<!DOCTYPE/i.test(text)) throw new XmlError("it carries a document type (<!DOCTYPE)");
  if (tags(text) > TAGS) throw new XmlError(`it has more than ${TAGS} tags`);
  const { XMLParser } = await import("fast-xml-parser");
  const parser = new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    removeNSPrefix: true,
    parseTagValue: false,
    processEntities: false,
  });
  try {
    return parser.parse(text, true) as XmlElement;
  } catch (cause) {
    throw new XmlError("it is not well-formed XML", { cause });
  }
}

function tags(text: string): number {
  let count = 0;
  for (let at = text.indexOf("<"); at >= 0 && count <= TAGS; at = text.indexOf("<", at + 1)) count++;
  return count;
}

/** The Body of a SOAP envelope. @throws XmlError */
export async function parseEnvelope(text: string): Promise<XmlElement> {
  const body = child(child(await parseXml(text), "Envelope"), "Body");
  if (body === undefined) throw new XmlError("it is not a SOAP envelope");
  return body;
}

export function child(parent: XmlValue | undefined, name: string): XmlElement | undefined {
  return children(parent, name)[0];
}

/** All child elements of that name that have children themselves. */
export function children(parent: XmlValue | undefined, name: string): readonly XmlElement[] {
  return values(parent, name).filter((value): value is XmlElement => typeof value === "object");
}

/** Text of the first child of that name; undefined when there is none. */
export function text(parent: XmlValue | undefined, name: string): string | undefined {
  const first = values(parent, name).find((value) => typeof value === "string");
  return first === undefined ? undefined : decode(first as string);
}

function values(parent: XmlValue | undefined, name: string): readonly (string | XmlElement)[] {
  if (typeof parent !== "object" || Array.isArray(parent) || !Object.hasOwn(parent, name)) return [];
  const value = (parent as XmlElement)[name]!;
  return Array.isArray(value) ? value : [value as string | XmlElement];
}

const NAMED: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The five predefined entities and character references; nothing can be defined, so nothing can expand. */
function decode(value: string): string {
  return value.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex, decimal, name) => {
      if (name !== undefined) return NAMED[String(name).toLowerCase()]!;
      const point = Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
