import fc from "fast-check";
import {
  canonical,
  JsonTextError,
  member,
  parseJsonText,
  shallowMembers,
  slice,
} from "../../../../../providers/dhcp/backends/kea/json-text";

test("any JSON is understood as JSON.parse understands it", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const again = canonical(parseJsonText(text));
      expect(JSON.parse(again)).toEqual(JSON.parse(text));
    }),
  );
});

test("numbers and key order stay as written", () => {
  const text = '{ "10": 1.0, "9": 9007199254740993, "e": 1E+2 }';
  const root = parseJsonText(text);
  expect(slice(text, member(root, "9")!)).toBe("9007199254740993");
});

test.each(["", "{", "[1,]", '{"a":1,}', "[1] 2", "01", "nul", '"\\x"', '{"a":1,"a":2}'])(
  "refuses %j without quoting it",
  (text) => expect(() => parseJsonText(text)).toThrow(JsonTextError),
);

test("refuses bottomless nesting", () => {
  expect(() => parseJsonText("[".repeat(5000))).toThrow("nested too deeply");
});

test("members are found without a look into their values", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.jsonValue()), fc.nat(3), (object, indent) => {
      const text = ` ${JSON.stringify(object, null, indent)} `;
      const members = [...shallowMembers(text)!].map(([key, { start, end }]) => [
        key,
        JSON.parse(text.slice(start, end)),
      ]);
      expect(Object.fromEntries(members)).toEqual(JSON.parse(text));
    }),
  );
});

test.each(["", "[]", "{", '{"a":{"b":1}', '{"a":1} x', '{"a" 1}', '{"a":"x}', '{"a":}', '{"a":1,}'])(
  "no object, or not a whole one: %j",
  (text) => expect(shallowMembers(text)).toBeNull(),
);
