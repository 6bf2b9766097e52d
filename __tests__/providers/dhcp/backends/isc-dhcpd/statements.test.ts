import fc from "fast-check";
import {
  parseStatements,
  type Statement,
  StatementError,
  unquoted,
} from "../../../../../providers/dhcp/backends/isc-dhcpd/statements";

const flat = (statements: readonly Statement[]): unknown[] =>
  statements.map(({ words, block }) => (block ? [words.join(" "), flat(block)] : words.join(" ")));

test("statements, blocks, comments, strings and definitions", () => {
  expect(
    flat(
      parseStatements(`# a comment; with { signs "
option cisco-tftp code 150 = array of ip-address;
option record code 151 = { ip-address, text };
key k { secret "a\\";{#b"; };
subnet 10.0.0.0 netmask 255.0.0.0 { # the voice subnet
  option cisco-tftp 10.0.0.1,10.0.0.2;pool{range 10.0.0.5 10.0.0.9;}
}
if substring (option dhcp-client-identifier, 0, 4) = "SEP;" { next-server 10.0.0.1; } else { }
switch (option x) { case 1: next-server 10.0.0.1; break; default: break; }
`),
    ),
  ).toEqual([
    "option cisco-tftp code 150 = array of ip-address",
    "option record code 151 = { ip-address , text }",
    ["key k", ['secret "a\\";{#b"']],
    [
      "subnet 10.0.0.0 netmask 255.0.0.0",
      ["option cisco-tftp 10.0.0.1 , 10.0.0.2", ["pool", ["range 10.0.0.5 10.0.0.9"]]],
    ],
    ['if substring ( option dhcp-client-identifier , 0 , 4 ) = "SEP;"', ["next-server 10.0.0.1"]],
    ["else", []],
    ["switch ( option x )", ["case 1:", "next-server 10.0.0.1", "break", "default:", "break"]],
  ]);
  expect(unquoted('"a\\"b"')).toBe('a"b');
  expect(parseStatements('a;\n"two\nlines";\nb;').map(({ line }) => line)).toEqual([1, 2, 4]);
});

test.each([
  ["a {", 1, "the file ends within a statement"],
  ["a;\n}", 2, "a } without its {"],
  ["a {\n b }", 2, "a statement without its ;"],
  ["a", 1, "the file ends within a statement"],
  ['a "b', 1, "a string without its end"],
  ["option x code 1 = { text;", 1, "a definition without its }"],
  ["{".repeat(40), 1, "blocks more than 32 deep"],
  [`a ${"b ".repeat(20_000)};`, 1, "more than 10000 words in a statement"],
])("%.30s: where, and never what stands there", (text, line, problem) => {
  const parse = () => parseStatements(text);
  expect(parse).toThrow(StatementError);
  expect(parse).toThrow(`line ${line}: ${problem}`);
});

test("whatever a file has, it is read or refused, in time that grows with its length", () => {
  const words = fc.constantFrom(
    "option",
    "code",
    "150",
    "=",
    "{",
    "}",
    ";",
    '"',
    "\\",
    "#",
    "\n",
    ",",
    "case",
    ":",
    " ",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 3 })), { maxLength: 60 }), (parts) => {
      try {
        parseStatements(parts.join(" "));
      } catch (error) {
        expect(error).toBeInstanceOf(StatementError);
      }
    }),
  );
  for (const hostile of ['"', '"\\', "#", "{", "a;", "a ", "\\"]) {
    const text = hostile.repeat((512 * 1024) / hostile.length);
    try {
      parseStatements(text);
    } catch (error) {
      expect(error).toBeInstanceOf(StatementError);
    }
  }
});
