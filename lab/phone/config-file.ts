/** The part of `SEP<MAC>.cnf.xml` that decides where a phone goes. */
import { XMLParser } from "fast-xml-parser";
import { CAPF_MODES, type CapfMode } from "../capf";
import type { SecurityMode } from "../registration";
import type { CapfOrder } from "./capf";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface PhoneConfig {
  /** In order of priority. */
  readonly callManagers: readonly Endpoint[];
  readonly tvs: readonly Endpoint[];
  readonly securityMode: SecurityMode;
  /** Empty when the file names none. */
  readonly load: string;
  /** Its web server is on. */
  readonly webAccess: boolean;
  /** There is an encrypted file, which the phone asks for first. */
  readonly encrypted: boolean;
  /** False of the bare one that stands in for an encrypted one: enough to find CAPF, not to register. */
  readonly full: boolean;
  /** null: nothing is ordered of CAPF. */
  readonly capf: CapfOrder | null;
}

/** @throws Error when the text is not a device configuration. */
export function parsePhoneConfig(text: string): PhoneConfig {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseTagValue: false,
    processEntities: false,
    isArray: (name) => name === "member",
  });
  const device = at(parser.parse(text), "device");
  if (device === undefined) throw new Error("the configuration has no <device>");
  const mode = Number(text1(at(device, "deviceSecurityMode")) || "1");
  return {
    callManagers: members(at(device, "devicePool", "callManagerGroup")).map((member) => {
      const manager = at(member, "callManager");
      return {
        address: text1(at(manager, "processNodeName")),
        port: Number(text1(at(manager, "ports", "securedSipPort")) || "5061"),
      };
    }),
    tvs: members(at(device, "TVS")).map((member) => ({
      address: text1(at(member, "address")),
      port: Number(text1(at(member, "port")) || "2445"),
    })),
    securityMode: mode === 2 || mode === 3 ? mode : 1,
    load: text1(at(device, "loadInformation")),
    webAccess: text1(at(device, "vendorConfig", "webAccess")) === "0",
    encrypted: text1(at(device, "encrConfig")) === "true",
    full: text1(at(device, "fullConfig")) !== "false",
    capf: capfOrder(device),
  };
}

function capfOrder(device: unknown): CapfOrder | null {
  const number = Number(text1(at(device, "capfAuthMode")) || "0");
  const mode = (Object.keys(CAPF_MODES) as CapfMode[]).find((one) => CAPF_MODES[one] === number);
  const server = at(device, "capfList", "capf");
  if (mode === undefined || server === undefined) return null;
  const port = Number(text1(at(server, "phonePort")) || "3804");
  return { mode, server: { address: text1(at(server, "processNodeName")), port } };
}

type Node = { readonly [key: string]: unknown };

function at(node: unknown, ...path: readonly string[]): unknown {
  let found = node;
  for (const key of path)
    found = typeof found === "object" && found !== null ? (found as Node)[key] : undefined;
  return found;
}

function members(group: unknown): unknown[] {
  const list = at(group, "members", "member");
  if (!Array.isArray(list)) return [];
  const priority = (member: unknown) => Number(text1(at(member, "@priority")) || "0");
  return list.sort((a, b) => priority(a) - priority(b));
}

function text1(value: unknown): string {
  const inner = typeof value === "object" && value !== null ? (value as Node)["#text"] : value;
  return typeof inner === "string" ? inner.trim() : "";
}
