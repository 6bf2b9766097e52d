/** What can go wrong with an exchange, and with which exchanges. What each does is in the proxies. */
import type { SeenExchange, Transport } from "./director";

const SOAP: readonly Transport[] = ["axl", "control-center", "ris", "log-collection"];
const HTTPS: readonly Transport[] = [...SOAP, "rest", "web"];
const HTTP: readonly Transport[] = [...HTTPS, "tftp"];
const ALL: readonly Transport[] = [...HTTP, "tvs", "cli"];
const LISTS = /^(show cert list|GET .*snapshot|GET .*FindList)/;

interface FaultKind {
  readonly words: string;
  readonly on: readonly Transport[];
  readonly and?: (exchange: SeenExchange) => boolean;
}

export const LOGIN = "(login)";
const command = ({ transport, operation }: SeenExchange) => transport !== "cli" || operation !== LOGIN;
const paste = ({ operation }: SeenExchange) => operation.startsWith("set cert import");

export const FAULT_TABLE = {
  refused: { words: "connection refused", on: ALL },
  reset: { words: "reset in the middle of the answer", on: ALL },
  drip: { words: "slow drip", on: ALL, and: command },
  silence: { words: "no answer at all", on: ALL, and: command },
  "401": {
    words: "credentials refused",
    on: [...HTTPS, "cli"],
    and: (x) => !command(x) || x.transport !== "cli",
  },
  "403": { words: "HTTP 403", on: HTTP },
  "503": { words: "HTTP 503", on: HTTP },
  "599": { words: "HTTP 599", on: HTTP },
  rate: { words: "rate fault", on: SOAP },
  memory: { words: "memory fault", on: ["axl"] },
  huge: { words: "answer without end", on: ALL, and: command },
  html: { words: "a page instead of an answer", on: [...HTTP, "tvs"] },
  doctype: { words: "XML with a document type", on: SOAP },
  odd: { words: '"Executed command unsuccessfully"', on: ["cli"], and: command },
  truncated: {
    words: "truncated PEM or file",
    on: ["cli", "rest", "web", "tftp"],
    and: (x) => x.pem || x.transport === "tftp",
  },
  paste: { words: "session dropped in the middle of a paste", on: ["cli"], and: paste },
  stale: { words: "listed late", on: ["cli", "rest", "web"], and: ({ operation }) => LISTS.test(operation) },
  restart: { words: "node restarts", on: ALL },
} as const satisfies { readonly [name: string]: FaultKind };

export type FaultName = keyof typeof FAULT_TABLE;
export const FAULTS = Object.keys(FAULT_TABLE) as FaultName[];

export function applies(fault: FaultName, exchange: SeenExchange): boolean {
  const { on, and }: FaultKind = FAULT_TABLE[fault];
  return on.includes(exchange.transport) && (and?.(exchange) ?? true);
}

/** What a plain answer becomes. */
export function truncated(text: string): string {
  return text.replace(
    /(-----BEGIN CERTIFICATE-----)([^-]*)(-----END CERTIFICATE-----)/g,
    (_, begin, body: string, end) => `${begin}${body.slice(0, body.length >> 1)}${end}`,
  );
}
