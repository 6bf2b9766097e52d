import { attr } from "../../../../providers/framework/schema/attribute";
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
