/**
 * A text of Kea's configuration as people write it: its bytes are UTF-8, which this side keeps as Latin-1 so that they
 * go back unchanged. What is no UTF-8 stays as it is. Composed, as Terraform gives texts. To show and to compare,
 * never to be sent.
 */
export function shownText(text: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text;
  return decoded(text).normalize("NFC");
}

function decoded(text: string): string {
  if (/[\u0100-\uffff]/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "latin1"));
  } catch {
    return text;
  }
}
