import { child, element, fault, type Reply, type Xml } from "./soap";
import type { ServiceContext } from "./tomcat";

/** Returns what goes inside `<return>`. @throws AxlRefusal */
export type AxlOperation = (request: Xml, context: ServiceContext) => string;

/** An error that AXL answers as a SOAP fault. */
export class AxlRefusal extends Error {
  override readonly name = "AxlRefusal";
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export function axlFault(operation: string, code: number, message: string): Reply {
  const detail = `<axlError>${element("axlcode", code)}${element("axlmessage", message)}${element("request", operation)}</axlError>`;
  return fault("soapenv:Server", message, detail);
}

/** `{UPPER}` as AXL writes what the database keeps in lower case. */
export const axlUuid = (pkid: string): string => `{${pkid.toUpperCase()}}`;

/**
 * One object of a list: only the tags that were asked for, all when none is named.
 * @param fields by tag; null gives an empty element
 */
export function object(
  name: string,
  uuid: string,
  fields: { readonly [tag: string]: string | null },
  tags: Xml | undefined,
): string {
  const asked = typeof tags === "object" ? Object.keys(tags) : [];
  const kept = Object.entries(fields).filter(([tag]) => asked.length === 0 || asked.includes(tag));
  const content = kept.map(([tag, value]) => (value === null ? `<${tag}/>` : element(tag, value))).join("");
  return `<${name} uuid="${axlUuid(uuid)}">${content}</${name}>`;
}

/** SQL's LIKE with `%` only, as search criteria take it; an absent criterion matches everything. */
export function matches(criterion: string, value: string): boolean {
  if (criterion === "") return true;
  const pattern = criterion.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/%/g, ".*");
  return new RegExp(`^${pattern}$`, "i").test(value);
}

/** `skip` and `first` are elements beside the returned tags. */
export function page<T>(items: readonly T[], request: Xml): T[] {
  const number = (name: string, absent: number) => {
    const value = child(request, name);
    return typeof value === "string" && value !== "" ? Number(value) : absent;
  };
  const skip = number("skip", 0);
  return items.slice(skip, skip + number("first", items.length));
}
