/**
 * `02:00:00:00:00:42` for a MAC address in any usual spelling, or for a phone's name (`SEP020000000042`); null when it
 * is neither.
 */
export function canonicalMac(text: string): string | null {
  const digits = text
    .trim()
    .replace(/^SEP/i, "")
    .replace(/[:.\-\s]/g, "");
  if (!/^[0-9a-f]{12}$/i.test(digits)) return null;
  return digits.toLowerCase().replace(/..(?=.)/g, "$&:");
}
