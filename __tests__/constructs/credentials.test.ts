import { fromEnv } from "../../constructs";

test("a prefix names variables, and holds no value", () => {
  expect(fromEnv("SOURCE_2")).toEqual({ prefix: "SOURCE_2" });
});

test.each(["source", "2SOURCE", "SOURCE-1", "", "$SOURCE"])(
  "%j cannot be part of a variable's name",
  (prefix) => {
    expect(() => fromEnv(prefix)).toThrow(
      `fromEnv("${prefix}"): use upper-case letters, digits and _, e.g. fromEnv("SOURCE").`,
    );
  },
);
