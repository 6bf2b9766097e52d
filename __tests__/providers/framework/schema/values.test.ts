import { conform, type Problem } from "../../../../providers/framework/schema/conform";
import { equal, isWhollyKnown } from "../../../../providers/framework/schema/equality";
import { fromJson } from "../../../../providers/framework/schema/from-json";
import { toHook } from "../../../../providers/framework/schema/hook-view";
import { canonicalNumber, isNumberValue, parseNumber } from "../../../../providers/framework/schema/number";
import { showPath, sortedPaths } from "../../../../providers/framework/schema/path";
import {
  BigDecimal,
  type CtyType,
  DynamicValue,
  type Json,
  UNKNOWN,
  type Value,
} from "../../../../providers/framework/schema/value";

const problemsOf = (run: (report: (p: Problem) => void) => unknown): string[] => {
  const problems: string[] = [];
  run(({ path, message }) => problems.push(`${showPath(path)} ${message}`));
  return problems;
};

const fail = ({ message }: Problem) => {
  throw new Error(message);
};
type Obj = { readonly [name: string]: unknown };
const THIRTY = new BigDecimal("0.100000000000000000000000000001");
const THIRTY_UP = 900719925474099312345678901234n;
/** Every number in a value, in no order. */
function numbersIn(value: unknown): string[] {
  if (isNumberValue(value)) return [canonicalNumber(value)];
  const inner = typeof value === "object" && value !== null ? Object.values(value) : [];
  return inner.flatMap(numbersIn).sort();
}

describe("numbers", () => {
  it.each([
    [1500, new BigDecimal("1.5e3")],
    [0.1, new BigDecimal("0.1")],
    [0, new BigDecimal("-0.000")],
    [2n ** 64n, new BigDecimal("18446744073709551616.0")],
    [-25, -25n],
  ])("%p is the same number as %p", (a, b) => expect(canonicalNumber(a)).toBe(canonicalNumber(b)));

  it("does not take neighbours for equal", () => {
    expect(canonicalNumber(2n ** 53n + 1n)).not.toBe(canonicalNumber(2 ** 53));
    expect(canonicalNumber(1)).not.toBe(canonicalNumber(-1));
    expect(canonicalNumber(10)).not.toBe(canonicalNumber(1));
  });

  it("is read into what holds it exactly", () => {
    expect(parseNumber("12")).toBe(12);
    expect(parseNumber("9007199254740993")).toBe(9007199254740993n);
    expect(parseNumber("0.12345678901234567890")).toEqual(new BigDecimal("0.12345678901234567890"));
    expect(parseNumber("1e400")).toBe(10n ** 400n);
    expect(parseNumber("twelve")).toBeUndefined();
    expect(parseNumber(".")).toBeUndefined();
  });
});

describe("equality", () => {
  const person: CtyType = ["object", { name: "string", age: "number" }];
  it.each<[CtyType, Value, Value, boolean]>([
    ["string", "a", "a", true],
    ["string", "a", "b", false],
    ["string", null, UNKNOWN, false],
    ["string", UNKNOWN, UNKNOWN, true],
    ["number", 3, 3n, true],
    [["list", "string"], ["a", "b"], ["b", "a"], false],
    [["set", "string"], ["a", "b"], ["b", "a"], true],
    [["set", "string"], ["a", "a"], ["a"], true],
    [["set", "string"], ["a"], ["a", "b"], false],
    [["map", "string"], { a: "1", b: "2" }, { b: "2", a: "1" }, true],
    [["map", "string"], { a: "1" }, { a: "1", b: null }, false],
    [["map", "string"], { toString: "x" }, {}, false],
    [person, { name: "x", age: 1 }, { age: 1n, name: "x" }, true],
    [["set", person], [{ name: "x", age: 1 }], [{ name: "x", age: 2 }], false],
    [["list", "string"], [], null, false],
    ["dynamic", new DynamicValue("string", "1"), new DynamicValue("number", 1), false],
    ["dynamic", new DynamicValue("number", 1n), new DynamicValue("number", 1), true],
  ])("%j: %p and %p: %p", (type, a, b, expected) => {
    expect(equal(type, a, b)).toBe(expected);
    expect(equal(type, b, a)).toBe(expected);
  });

  it("finds an unknown at any depth", () => {
    expect(isWhollyKnown({ a: [{ b: null }] })).toBe(true);
    expect(isWhollyKnown({ a: [{ b: UNKNOWN }] })).toBe(false);
    expect(isWhollyKnown(new DynamicValue("string", UNKNOWN))).toBe(false);
  });
});

describe("paths", () => {
  it("reads as a user would write it", () =>
    expect(showPath([{ attribute: "clusters" }, { key: 'a"b' }, { attribute: "nodes" }, { index: 3 }])).toBe(
      'clusters["a\\"b"].nodes[3]',
    ));

  it("sorts indices as numbers and drops repetitions", () => {
    const at = (index: number) => [{ attribute: "list" }, { index }];
    expect(sortedPaths([at(10), at(9), [{ attribute: "list" }], at(10)]).map(showPath)).toEqual([
      "list",
      "list[9]",
      "list[10]",
    ]);
  });
});

describe("what a hook returned", () => {
  const type: CtyType = ["object", { name: "string", tags: ["map", "string"], ids: ["set", "number"] }];

  it("is taken when it conforms", () => {
    expect(problemsOf((r) => conform(type, { name: "n", tags: {}, ids: [1, 1, 2] }, r))).toEqual([]);
    expect(conform(type, { name: "n", tags: null, ids: [1, 1, 2] }, () => {})).toEqual({
      name: "n",
      tags: null,
      ids: [1, 2],
    });
  });

  it.each<[unknown, string]>([
    [{ name: "n", tags: {} }, "ids is missing (an attribute without value is null, never left out)"],
    [{ name: "n", tags: {}, ids: [], extra: 1 }, "extra is no attribute of the schema"],
    [{ name: 1, tags: {}, ids: [] }, "name must be a string, and is a number"],
    [{ name: "n", tags: { a: true }, ids: [] }, 'tags["a"] must be a string, and is a boolean'],
    [{ name: "n", tags: {}, ids: [1, Number.NaN] }, "ids[1] must be a finite number, and is NaN"],
    [
      { name: "n", tags: new Map(), ids: [] },
      "tags must be a map (a plain object), and is an instance of Map",
    ],
    [{ name: "n", tags: {}, ids: {} }, "ids must be an array, and is an object"],
    ["text", " must be an object, and is a string"],
  ])("%p is refused", (value, message) =>
    expect(problemsOf((r) => conform(type, value, r))).toEqual([message]),
  );

  it("has text in the normal form that core compares in", () =>
    expect(conform("string", "e\u0301", () => {})).toBe("\u00e9"));

  it("gets back the exact number that it was shown rounded", () => {
    const exact = { n: 9007199254740993n };
    const numbers: CtyType = ["object", { n: "number" }];
    const shown = toHook(numbers, exact) as { n: number };
    expect(shown.n).toBe(9007199254740992);
    expect(conform(numbers, { ...shown }, () => {}, [exact])).toEqual(exact);
    expect(conform(numbers, { n: 5 }, () => {}, [exact])).toEqual({ n: 5 });
  });

  it.each<[CtyType, Value, (shown: never) => unknown]>([
    [["list", "number"], [9007199254740993n, THIRTY, 1e-7], (shown) => shown],
    [["list", "number"], [9007199254740993n, THIRTY, 3], (shown: unknown[]) => shown.reverse()],
    [["list", "number"], [9007199254740993n, 2 ** 53], (shown) => shown],
    [["set", "number"], [5, 9007199254740993n, 9007199254740997n], (shown: unknown[]) => shown.reverse()],
    [["map", "number"], { a: 10n ** 400n, b: -THIRTY_UP }, ({ a, b }: Obj) => ({ a: b, b: a })],
    [
      ["set", ["object", { n: "number" }]],
      [{ n: THIRTY }, { n: null }],
      (shown: unknown[]) => shown.reverse(),
    ],
    [["tuple", ["string", "number"]], ["x", THIRTY], (shown) => shown],
    ["dynamic", new DynamicValue("number", THIRTY), () => new DynamicValue("number", 0.1)],
  ])("%p: %p is passed on without loss, wherever it is put", (type, value, pass) => {
    const passed = pass(toHook(type, value) as never);
    const back = conform(type, passed, fail, [value]);
    expect(numbersIn(back)).toEqual(numbersIn(value));
  });

  it("means the number of the same place where several look alike to it", () => {
    const type: CtyType = ["object", { a: "number", b: "number" }];
    const planned = { a: 2 ** 53, b: 9007199254740993n };
    const prior = { a: 9007199254740993n, b: null };
    expect(conform(type, toHook(type, planned), fail, [planned, prior])).toEqual(planned);
  });

  it("may say exactly what no number holds", () => {
    const exact = [2n ** 60n + 1n, THIRTY];
    expect(conform(["list", "number"], exact, fail)).toEqual(exact);
  });

  it("is shown a copy that it may change, with every attribute", () => {
    const value = { name: "n", tags: { a: "1" } };
    const shown = toHook(type, value) as { tags: { a: string }; ids: unknown };
    shown.tags.a = "changed";
    expect(value.tags.a).toBe("1");
    expect(shown.ids).toBeNull();
  });

  it("may use any map key", () => {
    const map = JSON.parse('{"__proto__":"a","constructor":"b"}');
    expect(Object.entries(toHook(["map", "string"], map) as object)).toEqual(Object.entries(map));
    expect(Object.entries(conform(["map", "string"], map, () => {}) as object)).toEqual(Object.entries(map));
  });
});

describe("a stored state", () => {
  const type: CtyType = [
    "object",
    { s: "string", n: "number", b: "bool", l: ["list", ["object", { a: "string" }]] },
  ];

  it.each<[Json, Value]>([
    [
      { s: "x", n: 1, b: true, l: [{ a: "1", gone: 1 }], old: 1 },
      { s: "x", n: 1, b: true, l: [{ a: "1" }] },
    ],
    [{}, { s: null, n: null, b: null, l: null }],
    [
      { s: 5, n: "9007199254740993", b: "false", l: [{}] },
      { s: "5", n: 9007199254740993n, b: false, l: [{ a: null }] },
    ],
  ])("%j becomes %p", (json, value) => {
    expect(problemsOf((r) => fromJson(type, json, r))).toEqual([]);
    expect(fromJson(type, json, () => {})).toEqual(value);
  });

  it("says what does not fit", () =>
    expect(problemsOf((r) => fromJson(type, { s: [], n: "x", b: 1, l: { a: 1 } }, r))).toEqual([
      "s must be a string, and is an array",
      "n must be a number, and is a string",
      "b must be true or false, and is a number",
      "l must be an array, and is an object",
    ]));

  it("keeps the type of a dynamic value", () =>
    expect(fromJson("dynamic", { type: ["list", "number"], value: [1] }, () => {})).toEqual(
      new DynamicValue(["list", "number"], [1]),
    ));

  it.each(["text", ["list"], ["map", "text"], ["tuple", "string"], ["object", ["string"]], null])(
    "refuses a dynamic value whose type is %j",
    (type) =>
      expect(problemsOf((r) => fromJson("dynamic", { type, value: [1] }, r))).toEqual([
        expect.stringContaining("with a type of Terraform"),
      ]),
  );
});
