import { childrenOf, type DerNode, DerTag, expectTag, oidText } from "./der";

/** One attribute of a distinguished name, e.g. `{ type: "CN", value: "ucm11pub.stormin.local" }`. */
export interface Attribute {
  readonly type: string;
  readonly value: string;
}
/** Relative distinguished name: nearly always one attribute; several when it is multi-valued. */
export type Rdn = readonly Attribute[];

/** Short names as CUCM and OpenSSL print them; any other type is shown by its dotted number. */
const TYPES: { readonly [oid: string]: string } = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.17": "postalCode",
  "2.5.4.42": "GN",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
};

/** Reads the text of an X.520 string type by its universal tag. */
const STRINGS: { readonly [tag: number]: (content: Buffer) => string } = {
  12: (b) => b.toString("utf8"), // UTF8String
  18: (b) => b.toString("latin1"), // NumericString
  19: (b) => b.toString("latin1"), // PrintableString
  20: (b) => b.toString("latin1"), // TeletexString: Latin-1 in practice
  22: (b) => b.toString("latin1"), // IA5String
  26: (b) => b.toString("latin1"), // VisibleString
  28: (b) => utf32(b), // UniversalString
  30: (b) => Buffer.from(b).swap16().toString("utf16le"), // BMPString
};

/** The RDNs of a DER `Name`, in the certificate's order. @throws DerError */
export function parseName(name: DerNode): Rdn[] {
  return childrenOf(expectTag(name, DerTag.SEQUENCE, "name")).map((rdn) =>
    childrenOf(expectTag(rdn, DerTag.SET, "relative name")).map((pair) => {
      const [type, value] = childrenOf(expectTag(pair, DerTag.SEQUENCE, "attribute of a name"));
      const oid = oidText(expectTag(type, DerTag.OID, "type of an attribute"));
      return { type: TYPES[oid] ?? oid, value: value === undefined ? "" : valueText(value) };
    }),
  );
}

/** CUCM's lists and TVS logs begin with the CN, whatever the order in the certificate. */
const ORDER = ["CN", "OU", "O", "L", "ST", "C"];

/**
 * A name as CUCM's lists spell it: `CN=..;OU=..;O=..;L=..;ST=..;C=..`, other attributes after these.
 * A `;` or `\` inside a value is escaped with `\`, control characters as `\` and two hex digits.
 */
export function nameText(rdns: readonly Rdn[]): string {
  const rank = (rdn: Rdn) => {
    const i = ORDER.indexOf(rdn[0]?.type ?? "");
    return i < 0 ? ORDER.length : i;
  };
  return [...rdns]
    .sort((a, b) => rank(a) - rank(b))
    .map((rdn) => rdn.map(({ type, value }) => `${type}=${escapeValue(value)}`).join("+"))
    .join(";");
}

/**
 * Whether two name texts mean the same name: the same RDNs in any order, types compared without case, white space
 * around a value ignored, values compared exactly. Order must not count: the same certificate appears as
 * `CN=..;OU=..` in a list and as `C=..;..;CN=..` elsewhere.
 */
export function sameName(a: string, b: string): boolean {
  return a === b || normalised(a) === normalised(b);
}

function normalised(text: string): string {
  return splitUnescaped(text)
    .map((rdn) =>
      rdn
        .split(/(?<!\\)\+(?=[A-Za-z0-9.-]{1,64}=)/)
        .map((pair) => {
          const equals = pair.indexOf("=");
          return equals < 0
            ? pair.trim()
            : `${pair.slice(0, equals).trim().toUpperCase()}=${pair.slice(equals + 1).trim()}`;
        })
        .sort()
        .join("+"),
    )
    .filter((rdn) => rdn !== "")
    .sort()
    .join(";");
}

function splitUnescaped(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === ";") {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function escapeValue(value: string): string {
  return value
    .replace(/[\\;]|\+(?=[A-Za-z0-9.-]{1,64}=)/g, "\\$&")
    .replace(/\p{Cc}/gu, (c) => `\\${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function valueText(value: DerNode): string {
  const read = STRINGS[value.tag];
  const whole = value.tag === 30 ? value.content.length % 2 === 0 : true;
  return read !== undefined && whole ? read(value.content) : `#${value.content.toString("hex")}`;
}

function utf32(bytes: Buffer): string {
  let text = "";
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const code = bytes.readUInt32BE(i);
    text += code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
  }
  return text;
}
