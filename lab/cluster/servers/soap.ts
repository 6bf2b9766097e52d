import type { IncomingMessage, ServerResponse } from "node:http";
import { XMLParser } from "fast-xml-parser";

/** Parsed XML: texts, or elements by local name; an element that repeats is a list. */
export type Xml = string | { readonly [name: string]: Xml | readonly Xml[] | undefined };

export interface SoapRequest {
  readonly operation: string;
  readonly arguments: Xml;
  /** Namespace prefixes and what they stand for, of the whole envelope. */
  readonly namespaces: ReadonlySet<string>;
}

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: true,
  processEntities: true,
});

/** @returns null when the text is no SOAP envelope with one operation. */
export function parseSoap(body: string): SoapRequest | null {
  let document: Xml;
  try {
    document = parser.parse(body, true) as Xml;
  } catch {
    return null;
  }
  const content = child(child(document, "Envelope"), "Body");
  if (typeof content !== "object") return null;
  const operation = Object.keys(content)[0];
  if (operation === undefined) return null;
  const namespaces = new Set(
    [...body.matchAll(/xmlns(?::[\w.-]+)?\s*=\s*["']([^"']+)["']/g)].map((m) => m[1]!),
  );
  return { operation, arguments: child(content, operation) ?? "", namespaces };
}

export function child(xml: Xml | undefined, name: string): Xml | undefined {
  if (typeof xml !== "object") return undefined;
  const value = xml[name];
  return Array.isArray(value) ? (value[0] as Xml) : (value as Xml | undefined);
}

export function children(xml: Xml | undefined, name: string): readonly Xml[] {
  if (typeof xml !== "object") return [];
  const value = xml[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Xml[]) : [value as Xml];
}

/** Text of a child; empty when it is absent or has elements of its own. */
export function textOf(xml: Xml | undefined, name: string): string {
  const value = child(xml, name);
  return typeof value === "string" ? value : "";
}

export function escapeXml(value: string): string {
  return value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** `<name>value</name>` with the value escaped. */
export function element(name: string, value: string | number): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

export function envelope(content: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">` +
    `<soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`
  );
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  /** @default "text/xml" */
  readonly type?: "text/xml" | "text/html" | `multipart/related; ${string}`;
}

export function fault(code: string, text: string, detail = ""): Reply {
  const content = `<soapenv:Fault><faultcode>${code}</faultcode>${element("faultstring", text)}${
    detail === "" ? "" : `<detail>${detail}</detail>`
  }</soapenv:Fault>`;
  return { status: 500, body: envelope(content) };
}

/** An error page as Tomcat writes it. */
export function errorPage(status: number, message: string): Reply {
  const title = `HTTP Status ${status} - ${message}`;
  return {
    status,
    type: "text/html",
    body:
      `<html><head><title>Apache Tomcat/7.0 - Error report</title></head><body><h1>${escapeXml(title)}</h1>` +
      `<hr size="1" noshade="noshade"><p><b>type</b> Status report</p><p><b>message</b> <u>${escapeXml(message)}</u></p>` +
      `<hr size="1" noshade="noshade"></body></html>`,
  };
}

export function send(
  response: ServerResponse,
  reply: Reply,
  headers: { readonly [name: string]: string } = {},
): void {
  const body = Buffer.from(reply.body, "utf8");
  response.writeHead(reply.status, {
    "Content-Type": `${reply.type ?? "text/xml"};charset=UTF-8`,
    "Content-Length": String(body.length),
    ...headers,
  });
  response.end(body);
}

const MAX_BODY = 8 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > MAX_BODY) throw new Error("request body too large");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
