/** One `option-data` entry of a Kea document and the bytes it puts on the wire. */
import { addressBytes } from "./packet";

export interface OptionDef {
  readonly name: string;
  readonly code: number;
  readonly space: string;
  readonly type: string;
  readonly array: boolean;
}

/** As written. */
export interface OptionEntry {
  /** Null when only a name is given. */
  readonly code: number | null;
  readonly name: string | null;
  readonly space: string;
  /** Null when the entry does not say. */
  readonly csv: boolean | null;
  readonly data: string;
  readonly alwaysSend: boolean;
  /** Kea 2.4 and later. */
  readonly neverSend: boolean;
  /** Served to members of these only; none: to all. Kea 2.7 and later. */
  readonly classes: readonly string[];
}

/** As sent. No bytes: the option is left out. */
export interface OptionData {
  readonly code: number;
  readonly space: string;
  readonly name: string | null;
  readonly csv: boolean;
  readonly bytes: Buffer;
  readonly alwaysSend: boolean;
  readonly neverSend: boolean;
  readonly classes: readonly string[];
}

/** The sentence that Kea would answer with result 1. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
}

/** Definitions that Kea has built in, as far as voice subnets use them. 150 is not among them, in any version. */
export const STANDARD: readonly OptionDef[] = [
  { name: "subnet-mask", code: 1, space: "dhcp4", type: "ipv4-address", array: false },
  { name: "time-offset", code: 2, space: "dhcp4", type: "int32", array: false },
  { name: "routers", code: 3, space: "dhcp4", type: "ipv4-address", array: true },
  { name: "domain-name-servers", code: 6, space: "dhcp4", type: "ipv4-address", array: true },
  { name: "host-name", code: 12, space: "dhcp4", type: "string", array: false },
  { name: "domain-name", code: 15, space: "dhcp4", type: "string", array: false },
  { name: "broadcast-address", code: 28, space: "dhcp4", type: "ipv4-address", array: false },
  { name: "ntp-servers", code: 42, space: "dhcp4", type: "ipv4-address", array: true },
  { name: "tftp-server-name", code: 66, space: "dhcp4", type: "string", array: false },
  { name: "boot-file-name", code: 67, space: "dhcp4", type: "string", array: false },
];

/** @throws DocumentError */
export function encodeOption(option: OptionEntry, definitions: readonly OptionDef[]): OptionData {
  const { space, alwaysSend, neverSend, classes } = option;
  const def = [...definitions, ...STANDARD].find(
    (d) =>
      d.space === option.space && (option.code === null ? d.name === option.name : d.code === option.code),
  );
  const code = option.code ?? def?.code;
  if (code === undefined) {
    throw new DocumentError(
      `definition for the option '${option.space}.${option.name ?? ""}' does not exist`,
    );
  }
  const csv = option.csv ?? def !== undefined;
  if (option.csv === true && def === undefined) {
    throw new DocumentError(
      `definition for the option '${option.space}.' having code '${code}' does not exist`,
    );
  }
  if (!csv || def === undefined) {
    const hex = option.data.replace(/^0x/i, "");
    if (!/^([0-9a-f]{2})*$/i.test(hex)) {
      throw new DocumentError(`option data is not a valid string of hexadecimal digits: ${option.data}`);
    }
    return {
      code,
      space,
      name: def?.name ?? option.name,
      csv,
      bytes: Buffer.from(hex, "hex"),
      alwaysSend,
      neverSend,
      classes,
    };
  }
  const fail = (why: string): never => {
    throw new DocumentError(
      `option data does not match option definition (space: ${option.space}, code: ${code}): ${why}`,
    );
  };
  // A string is one value; a list is cut at commas. Without `array` only the first value counts, in silence.
  const values =
    option.data === ""
      ? []
      : def.type === "string"
        ? [option.data]
        : option.data.split(",").map((v) => v.trim());
  const bytes = Buffer.concat(
    (def.array ? values : values.slice(0, 1)).map((v) => encodeValue(def.type, v, fail)),
  );
  return { code, space, name: def.name, csv, bytes, alwaysSend, neverSend, classes };
}

function encodeValue(type: string, value: string, fail: (why: string) => never): Buffer {
  switch (type) {
    case "ipv4-address":
      if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(value) || value.split(".").some((p) => Number(p) > 255)) {
        return fail(`Failed to convert string to address '${value}': Invalid argument`);
      }
      return addressBytes(value);
    case "string":
      return Buffer.from(value, "utf8");
    case "int32":
    case "uint32": {
      const b = Buffer.alloc(4);
      b.writeUInt32BE(Number(value) >>> 0);
      return b;
    }
    default:
      return fail(`the lab's own server does not know the type '${type}'`);
  }
}
