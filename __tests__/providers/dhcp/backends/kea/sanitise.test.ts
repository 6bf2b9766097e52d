import { parseJsonText } from "../../../../../providers/dhcp/backends/kea/json-text";
import { sanitise } from "../../../../../providers/dhcp/backends/kea/sanitise";

const bytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");
const shown = (secret: string, quoted: string) =>
  sanitise(`bad value ${quoted} here`, parseJsonText(JSON.stringify({ password: secret })));

test.each([
  ["UTF-8, quoted as its bytes", bytes("Pässwort-geheim"), bytes("Pässwort-geheim")],
  ["UTF-8, quoted as text", bytes("Pässwort-geheim"), "Pässwort-geheim"],
  ["Latin-1", "Pässwort-geheim", "Pässwort-geheim"],
  ["Latin-1, quoted in UTF-8", "Pässwort-geheim", bytes("Pässwort-geheim")],
  ["quoted with escapes", "Pässwort-geheim", "P\\u00e4sswort-geheim"],
  ["a control character", "Pass\twort-geheim", "Pass\twort-geheim"],
  ["a control character with an escape", "Pass\twort-geheim", "Pass\\twort-geheim"],
  ["brackets, which look like JSON", "Pass{wort}-geheim", "Pass{wort}-geheim"],
])("a secret is replaced as a whole: %s", (_, secret, quoted) => {
  expect(shown(secret, quoted)).toBe("bad value *** here");
});

test("one that is too short to be replaced hides the text, unless only a piece of JSON has it", () => {
  expect(shown("\u00e9", "caf\u00e9")).toMatch(/^\(the text is not shown/);
  expect(shown("xy", '{ "password": "xy" }')).toBe("bad value (...) here");
});

test("other characters that cannot be printed become blanks", () => {
  expect(shown("other-secret", "a\u00e4\nb")).toBe("bad value a b here");
});
