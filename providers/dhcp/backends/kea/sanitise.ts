import type { JsonNode } from "./json-text";

/** Keys below which everything may be secret: credentials, and what only their owner understands. */
const SECRET_KEY =
  /pass|secret|key|user|auth|token|credential|client|database|control-socket|parameters|user-context/i;
const MAX_LENGTH = 300;

/**
 * A server's error text with nothing of the configuration's secrets in it. Kea quotes values, and for a syntax
 * error whole pieces, of the document that it was sent.
 */
export function sanitise(text: string, document?: JsonNode): string {
  const secrets = document ? [...new Set(secretsOf(document))].sort((a, b) => b.length - a.length) : [];
  // Pieces of JSON say nothing that a reader needs.
  let clean = text.replace(/[{[][\s\S]*[}\]]/g, "(...)").replace(/[^\x20-\x7e]+/g, " ");
  for (const secret of secrets) {
    if (!clean.includes(secret)) continue;
    // Too short to be replaced without giving it away by what is left.
    if (secret.length < 3) return "(the text is not shown: it may quote the configuration)";
    clean = clean.replaceAll(secret, "***");
  }
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}...` : clean;
}

function* secretsOf(node: JsonNode, secret = false): Generator<string> {
  switch (node.kind) {
    case "object":
      for (const m of node.members) yield* secretsOf(m.value, secret || SECRET_KEY.test(m.key));
      return;
    case "array":
      for (const item of node.items) yield* secretsOf(item, secret);
      return;
    case "string":
      if (secret && node.value !== "" && !WORDS.has(node.value)) yield node.value;
  }
}

/** Values that stand under such keys in every configuration. */
const WORDS: ReadonlySet<string> = new Set([
  "unix",
  "http",
  "https",
  "memfile",
  "basic",
  "kea",
  "dhcp4",
  "hw-address",
  "duid",
  "client-id",
  "circuit-id",
]);
