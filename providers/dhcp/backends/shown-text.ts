const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A text of a server's configuration, as it is meant: its bytes, which this side keeps one character each so that they
 * go back unchanged, are UTF-8, or else Latin-1.
 */
export function decoded(bytes: string): string {
  // Nearly all are ASCII. What has other characters than bytes is decoded already.
  if (!/[\x80-\uffff]/.test(bytes) || /[\u0100-\uffff]/.test(bytes)) return bytes;
  try {
    return UTF8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return bytes;
  }
}

/** Composed, as Terraform composes the names that it is given. To show and to compare, never to be sent. */
export const shownText = (bytes: string): string => decoded(bytes).normalize("NFC");
