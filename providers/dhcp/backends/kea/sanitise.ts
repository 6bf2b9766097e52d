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
  const secrets = document ? [...new Set([...secretsOf(document)].flatMap(spellings))] : [];
  secrets.sort((a, b) => b.length - a.length);
  // Secrets first: what is taken out before may be part of one, and the rest of it would be shown.
  let clean = text;
  for (const secret of secrets) if (secret.length >= SHORT) clean = clean.replaceAll(secret, "***");
  // Pieces of JSON say nothing that a reader needs.
  clean = clean.replace(/[{[][\s\S]*[}\]]/g, "(...)");
  // Too short to be replaced without giving it away by what is left.
  if (secrets.some((secret) => secret.length < SHORT && clean.includes(secret)))
    return "(the text is not shown: it may quote the configuration)";
  clean = clean.replace(/[^\x20-\x7e]+/g, " ");
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}...` : clean;
}

/** Characters. */
const SHORT = 3;

/** How a value may be quoted: as bytes (Latin-1 text) or as characters, in UTF-8 or not, and as JSON writes them. */
function spellings(value: string): readonly string[] {
  const plain = [
    value,
    Buffer.from(value, "utf8").toString("latin1"),
    Buffer.from(value, "latin1").toString("utf8"),
  ];
  return plain.flatMap((p) => {
    const json = JSON.stringify(p).slice(1, -1);
    // Kea writes all bytes that are not ASCII so.
    const ascii = json.replace(/[\x7f-\xff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
    return [p, json, ascii];
  });
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
