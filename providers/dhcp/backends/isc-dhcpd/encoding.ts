/** Files are read one character a byte, whatever they hold. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A name or a path in them, as a text that can be compared: UTF-8, or else Latin-1. */
export function decoded(bytes: string): string {
  // Nearly all are ASCII.
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  try {
    return UTF8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return bytes;
  }
}
