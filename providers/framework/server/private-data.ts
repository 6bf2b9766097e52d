import type { Logger } from "../define";
import type { Json } from "../schema/value";

/**
 * Private data as Terraform keeps it for us: `{"v":1,"resource":...}` in JSON.
 *
 * A plan may change it. `before` then holds what the state has, for whoever is handed a plan's private data but
 * means the state: an update that failed, and the delete of a replacement (core passes it that of the create).
 */
export interface PrivateData {
  readonly resource: Json;
  readonly before?: Json;
}

const VERSION = 1;
const NOTHING: PrivateData = { resource: null };

export function decodePrivate(bytes: Uint8Array, log: Logger): PrivateData {
  if (bytes.length === 0) return NOTHING;
  try {
    const envelope: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isEnvelope(envelope)) return "before" in envelope ? envelope : { resource: envelope.resource };
    log.debug("private data of another form, treated as none");
  } catch {
    log.debug("private data that cannot be read, treated as none");
  }
  return NOTHING;
}

/** Throws a TypeError when it is not JSON. */
export function encodePrivate({ resource, before }: PrivateData): Uint8Array {
  if (resource === null && before === undefined) return new Uint8Array();
  return new TextEncoder().encode(JSON.stringify({ v: VERSION, resource, before }));
}

/** What belongs to the state, not to the plan. */
export const privateOfState = (data: PrivateData): Json =>
  data.before === undefined ? data.resource : data.before;

function isEnvelope(value: unknown): value is { v: number; resource: Json; before?: Json } {
  return (
    typeof value === "object" && value !== null && "resource" in value && "v" in value && value.v === VERSION
  );
}
