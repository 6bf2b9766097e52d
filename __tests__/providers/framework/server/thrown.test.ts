import { attr } from "../../../../providers/framework/schema/attribute";
import { describe as described, stackOf } from "../../../../providers/framework/server/thrown";
import { linesOf, NO_BYTES, resourceOf, running, serverFor } from "./fixture";

const attributes = { name: attr.string({ description: "Name.", required: true }) };
const current = { name: "a" };

/** Each throws when one looks at it. */
const strange: readonly [string, unknown, RegExp][] = [
  ["an object without prototype", Object.create(null), /a thrown object that has no text/],
  [
    "a Proxy that throws",
    new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error("no");
        },
        get: () => {
          throw new Error("no");
        },
      },
    ),
    /a thrown object that has no text/,
  ],
  [
    "an error whose message is a symbol",
    Object.defineProperty(new Error(), "message", { value: Symbol("s") }),
    /a thrown object that has no text/,
  ],
  ["nothing", undefined, /a thrown undefined: undefined/],
];

test.each(strange)("%s is reported as a bug, and the call is answered", async (_, thrown, said) => {
  const server = await serverFor(
    resourceOf(attributes, {
      read: () => {
        throw thrown;
      },
    }),
  );
  const answer = await server.readResource({
    type: "test_thing",
    current,
    private: NO_BYTES,
    signal: running,
  });
  expect(answer.state).toEqual(current);
  expect(linesOf(answer.diagnostics)).toEqual([
    expect.stringMatching(/^error: Bug of the provider \(test_thing\)/),
  ]);
  expect(linesOf(answer.diagnostics)[0]).toMatch(said);
});

test.each(strange)("%s is reported as a bug also when the call was aborted", async (_, thrown, said) => {
  const run = new AbortController();
  const server = await serverFor(
    resourceOf(attributes, {
      read: () => {
        run.abort();
        throw thrown;
      },
    }),
  );
  const { signal } = run;
  const answer = await server.readResource({ type: "test_thing", current, private: NO_BYTES, signal });
  expect(linesOf(answer.diagnostics)[0]).toMatch(said);
});

describe("what JSON.parse throws is told without any piece of the text", () => {
  const thrownBy = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch (thrown) {
      return thrown;
    }
  };

  it.each([
    ["hunter2", "Unexpected token 'h', the text is not valid JSON"],
    ["hunter2-very-secret", "Unexpected token 'h', the text is not valid JSON"],
    [
      '{"of":"a","pass":hunter2-very-secret "x" is not valid',
      "Unexpected token 'h', the text is not valid JSON",
    ],
    ['{"pass":"a\nhunter2"}', "Bad control character in string literal in JSON at position 10"],
    ['hunter2\n"', "Unexpected token 'h', the text is not valid JSON"],
    ["undefined", "the text is not valid JSON"],
  ])("%j", (text, said) => {
    const thrown = thrownBy(text);
    expect(described(thrown)).toBe(`SyntaxError: ${said}`);
    expect(stackOf(thrown)).toMatch(/^SyntaxError: .*\n {4}at JSON\.parse/);
    expect(stackOf(thrown)).toContain(said);
  });

  it("and what others throw as it is", () => {
    const thrown = new Error('"a" is not valid JSON');
    expect(described(thrown)).toBe('Error: "a" is not valid JSON');
  });
});
