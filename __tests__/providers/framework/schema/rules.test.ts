import { dynamicOf, jsonOf } from "../../../../providers/framework/schema/dynamic";
import { showPath } from "../../../../providers/framework/schema/path";
import {
  all,
  atLeastOneOf,
  atMostOneOf,
  exactlyOneOf,
  type Rule,
  requiredTogether,
} from "../../../../providers/framework/schema/rules";
import { BigDecimal, DynamicValue, UNKNOWN } from "../../../../providers/framework/schema/value";

function judge(rule: Rule, config: { readonly [name: string]: unknown }): string[] {
  const said: string[] = [];
  rule(config, {
    warn: () => fail("no rule warns"),
    error: (summary, detail, path) => void said.push(`${showPath(path ?? [])}: ${summary} / ${detail}`),
  });
  return said;
}

test.each([
  ["one", { a: 1, b: null }, [true, true, true, false]],
  ["none", { a: null, b: null }, [true, false, false, true]],
  ["both", { a: 1, b: 2 }, [false, true, false, true]],
  ["one and an unknown", { a: 1, b: UNKNOWN }, [true, true, true, true]],
  ["an unknown", { a: UNKNOWN, b: null }, [true, true, true, true]],
  ["unknowns", { a: UNKNOWN, b: UNKNOWN }, [true, true, true, true]],
] as const)("with %s set", (_, config, [most, least, exactly, together]) => {
  expect({
    most: judge(atMostOneOf("a", "b"), config).length === 0,
    least: judge(atLeastOneOf("a", "b"), config).length === 0,
    exactly: judge(exactlyOneOf("a", "b"), config).length === 0,
    together: judge(requiredTogether("a", "b"), config).length === 0,
  }).toEqual({ most, least, exactly, together });
});

test("what they say names the attributes and has a path", () => {
  const rule = all(exactlyOneOf("path", "url"), requiredTogether("user", "password"));
  expect(judge(rule, { path: "p", url: "u", user: "me", password: null })).toEqual([
    'url: "url" conflicts with "path" / Set at most one of "path", "url".',
    'user: "password" is missing / "user", "password" belong together: "user" is set.',
  ]);
});

test("a dynamic value comes from JSON and becomes JSON again", () => {
  const json = { a: [1, "x", null, true], b: { c: 0.5 } };
  const value = dynamicOf(json);
  expect(value.type).toEqual([
    "object",
    { a: ["tuple", ["number", "string", "dynamic", "bool"]], b: ["object", { c: "number" }] },
  ]);
  expect(jsonOf(value)).toEqual(json);
  expect(jsonOf(new DynamicValue(["list", "number"], [5n, new BigDecimal("0.25")]))).toEqual([5, 0.25]);
  expect(() => jsonOf(new DynamicValue("string", UNKNOWN))).toThrow("not known yet");
});
