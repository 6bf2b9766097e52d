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
  /** Set by the plan of a destroy: a delete without it is half of a replacement, about which nobody was asked. */
  readonly destroy?: true;
}

const VERSION = 1;
const UTF_8 = new TextDecoder("utf-8", { fatal: true });
const NOTHING: PrivateData = { resource: null };

export function decodePrivate(bytes: Uint8Array, log: Logger): PrivateData {
  if (bytes.length === 0) return NOTHING;
  try {
    const envelope: unknown = JSON.parse(UTF_8.decode(bytes));
    if (isEnvelope(envelope)) {
      const { resource, before, destroy } = envelope;
      return { resource, ...(before !== undefined && { before }), ...(destroy && { destroy }) };
    }
    log.debug("private data of another form, treated as none");
  } catch {
    log.debug("private data that cannot be read, treated as none");
  }
  return NOTHING;
}

/** Throws a TypeError when it is not JSON. */
export function encodePrivate({ resource, before, destroy }: PrivateData): Uint8Array {
  if (resource === null && before === undefined && !destroy) return new Uint8Array();
  return new TextEncoder().encode(JSON.stringify({ v: VERSION, resource, before, destroy }));
}

/** What belongs to the state, not to the plan. */
export const privateOfState = (data: PrivateData): Json =>
  data.before === undefined ? data.resource : data.before;

function isEnvelope(value: unknown): value is PrivateData & { v: number } {
  return (
    typeof value === "object" && value !== null && "resource" in value && "v" in value && value.v === VERSION
  );
}
