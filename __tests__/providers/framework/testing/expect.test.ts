import {
  expectActions,
  expectError,
  expectNoChanges,
  expectWarning,
} from "../../../../providers/framework/testing/expect";
import { Plan, type PlanJson } from "../../../../providers/framework/testing/plan";
import { type CoreDiagnostic, CoreError } from "../../../../providers/framework/testing/run";
import { State } from "../../../../providers/framework/testing/state";

/** An assertion that always holds proves nothing: each is seen to fail here. */

const change = (address: string, ...actions: string[]) => ({
  address,
  mode: "managed" as const,
  type: "x",
  change: { actions, before: null, after: { a: 1 }, after_unknown: {} },
});
const plan = (json: PlanJson) => new Plan(json, [], "plan");

test("actions are named as people name them", () => {
  expect(
    plan({
      resource_changes: [
        change("x.a", "no-op"),
        change("x.b", "delete", "create"),
        change("x.c", "create", "delete"),
        change("x.d", "update"),
      ],
    }).actions,
  ).toEqual({ "x.a": "no-op", "x.b": "replace", "x.c": "replace", "x.d": "update" });
});

test("no changes means no action and no changed output", () => {
  expect(() => expectNoChanges(plan({ resource_changes: [change("x.a", "no-op")] }))).not.toThrow();
  expect(() => expectNoChanges(plan({ resource_changes: [change("x.a", "update")] }))).toThrow(
    /"x.a":"update"/,
  );
  expect(() => expectNoChanges(plan({ output_changes: { o: { actions: ["update"] } } }))).toThrow(/"o"/);
});

test("actions are compared whole, no-ops only where they are expected", () => {
  const both = plan({ resource_changes: [change("x.a", "no-op"), change("x.b", "update")] });
  expect(() => expectActions(both, { "x.b": "update" })).not.toThrow();
  expect(() => expectActions(both, { "x.a": "no-op", "x.b": "update" })).not.toThrow();
  expect(() => expectActions(both, {})).toThrow(/but planned are/);
  expect(() => expectActions(both, { "x.b": "update", "x.c": "create" })).toThrow(/but planned are/);
});

test("asking for what is not there says what is", () => {
  expect(() => plan({ resource_changes: [change("x.a", "no-op")] }).change("x.b")).toThrow("it has x.a.");
  expect(() => new State({}).values("x.a")).toThrow("it has nothing.");
});

const failure = (diagnostics: CoreDiagnostic[], stderr = "") =>
  Promise.reject(new CoreError("tofu plan", { exitCode: 1, signal: null, stdout: "", stderr, diagnostics }));
const refused: CoreDiagnostic = {
  severity: "error",
  summary: "It is refused",
  detail: "Because.",
  snippet: { context: null, code: '  serve = "nowhere"' },
};

test("an error is found by its text and its place", async () => {
  expect(await expectError(failure([refused]), /refused\nBecause/, "serve")).toBe(refused);
  await expect(expectError(failure([refused]), /accepted/)).rejects.toThrow(
    /matching \/accepted\/.*It is refused/s,
  );
  await expect(expectError(failure([refused]), /refused/, "scope")).rejects.toThrow(
    /at the attribute "scope"/,
  );
  await expect(expectError(Promise.resolve(), /refused/)).rejects.toThrow("the command succeeded");
});

test("a warning is no error, and an error that is not the core's goes through", async () => {
  const warning: CoreDiagnostic = { ...refused, severity: "warning" };
  await expect(expectError(failure([warning]), /It is refused/)).rejects.toThrow(/Expected an error/);
  await expect(expectError(Promise.reject(new TypeError("x")), /x/)).rejects.toThrow(TypeError);
  expect(expectWarning({ diagnostics: [warning] }, /refused/)).toBe(warning);
  expect(() => expectWarning({ diagnostics: [refused] }, /refused/)).toThrow("there are: none");
});

test("text that was wrapped for a terminal is read as one line", async () => {
  await expectError(failure([], "╷\n│ Error: It is\n│ refused\n╵\n"), /It is refused/);
});
