import { answerText, shown } from "../../../../providers/dhcp/backends/answer-text";
import { decoded, shownText } from "../../../../providers/dhcp/backends/shown-text";

const utf8 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

test.each([
  ["ASCII", "voice-1", "voice-1"],
  ["UTF-8", utf8("Büro Łódź"), "Büro Łódź"],
  ["Latin-1", "Büro", "Büro"],
  ["decoded already", "Büro Łódź", "Büro Łódź"],
  ["decoded already, with what UTF-8 could be", "Ł\u00c3\u00bc", "Ł\u00c3\u00bc"],
])("%s", (_, bytes, text) => {
  expect(decoded(bytes)).toBe(text);
  expect(decoded(decoded(bytes))).toBe(text);
});

test("names are composed; paths are not: files are found by their bytes", () => {
  const name = "Bu\u0308ro";
  expect(shownText(utf8(name))).toBe("B\u00fcro");
  expect(decoded(utf8(name))).toBe(name);
});

test("answers in words", () => {
  expect(answerText("inherited")).toBe("nothing of its own (inherited)");
  expect(answerText(["10.0.0.1", "10.0.0.2"])).toBe("10.0.0.1, 10.0.0.2");
  expect(shown([])).toBe("(nothing)");
  expect(shown([utf8("Łódź")])).toBe('"Łódź"');
});
