import { type Configuration, later } from "../../../../providers/framework/testing/host/config";
import type { PlannedAction } from "../../../../providers/framework/testing/host/lifecycle";
import type { Device, Thing } from "./fixture/device";

/**
 * Lives of the fixture's resources, told once and lived on every host: the real cores and our own. What a host must
 * show is written here, and not taken from any of them.
 */
export interface Story {
  readonly name: string;
  readonly type: "conf_everything" | "conf_twist";
  readonly steps: readonly Step[];
}

export type Step =
  | {
      /** Plans, applies, and plans again: there must be nothing left to do. */
      readonly apply: Configuration;
      readonly action: PlannedAction;
      /** Members of the state afterwards. */
      readonly state?: object;
      /** Members of the plan; `unknown` stands for what is known after apply. */
      readonly planned?: object;
      readonly replaces?: readonly string[];
      readonly warning?: RegExp;
    }
  | { readonly plan: Configuration; readonly action: PlannedAction; readonly planned?: object }
  | {
      readonly fails: Configuration;
      readonly error: RegExp;
      readonly at?: string;
      /** What is recorded afterwards: members of the state, or null for nothing. */
      readonly leaves?: object | null;
      readonly tainted?: boolean;
    }
  | { readonly outside: (device: Device) => void }
  | { readonly destroy: true }
  | { readonly destroyFails: RegExp }
  | { readonly importVerify: string; readonly ignore?: readonly string[] }
  | { readonly upgrade: { readonly version: number; readonly state: Thing }; readonly config: Configuration };

/** Stands for an unknown value in a plan. */
export const unknown = "(known after apply)";

const full = {
  name: "full",
  amount: 123456789012345678901234567890n,
  open: false,
  size: 3,
  token: "t0psecret",
  words: ["b", "a", "b"],
  numbers: [0.1, 1e21, -5],
  flags: [true, false],
  names: ["z", "a"],
  weights: [2, 1.5],
  labels: { "with space": "x", constructor: "y" },
  counts: { one: 1 },
  matrix: [[1, 2], [], [3]],
  stores: { s: ["x", "y"] },
  anything: { list: [1, "two", true], none: null },
  either: "this",
  spelling: "MiXed",
  one: { port: 1 },
  listed: [
    { port: 2, label: "two" },
    { port: 3, mood: "wild" },
  ],
  mapped: { k: { port: 4 }, "other key": { port: 5 } },
  bag: [
    { key: "a", inner: [{ tag: "x" }, { tag: "y" }], rows: [{ port: 6 }] },
    { key: "b", ports: { p: { number: 7 } } },
  ],
};

export const STORIES: readonly Story[] = [
  {
    name: "every kind of attribute: created, unchanged, changed, imported, destroyed",
    type: "conf_everything",
    steps: [
      {
        apply: full,
        action: "create",
        planned: { id: unknown, nick: unknown, report: unknown, one: { port: 1, serial: unknown } },
        state: {
          id: "thing-full",
          nick: "fully",
          colour: "red",
          numbers: [0.1, 1e21, -5],
          one: { port: 1, label: null, mood: "calm", serial: "sn-1" },
          report: [{ line: "revision 1" }],
          totals: { words: 3 },
        },
      },
      { apply: { ...full, spelling: "mixed" }, action: "no-op", state: { spelling: "MiXed", revision: 1 } },
      {
        apply: { ...full, names: ["a", "z"], weights: [1.5, 2], bag: [...full.bag].reverse() },
        action: "no-op",
      },
      {
        apply: {
          ...full,
          // Hooks see numbers as `number`, so only such are restored by an import.
          amount: 0.1,
          open: true,
          listed: [{ port: 2, label: "zwei" }],
          bag: [full.bag[1], { key: "c" }],
        },
        action: "update",
        planned: {
          id: "thing-full",
          revision: unknown,
          listed: [{ port: 2, label: "zwei", serial: "sn-1" }],
        },
        state: { revision: 2, open: true },
      },
      { importVerify: "thing-full" },
      {
        apply: { name: "full" },
        action: "update",
        state: { amount: null, bag: null, listed: null, revision: 3 },
      },
      { destroy: true },
    ],
  },
  {
    name: "null, empty and missing are told apart",
    type: "conf_everything",
    steps: [
      {
        apply: { name: "none", words: [], names: [], labels: {}, listed: [], mapped: {}, bag: [], token: "" },
        action: "create",
        state: {
          words: [],
          names: [],
          labels: {},
          listed: [],
          mapped: {},
          bag: [],
          token: "",
          numbers: null,
        },
      },
      {
        apply: { name: "none", words: null },
        action: "update",
        state: { words: null, labels: null, token: null },
      },
      { destroy: true },
    ],
  },
  {
    name: "values that are known only at apply, at every depth",
    type: "conf_everything",
    steps: [
      {
        apply: {
          name: "later",
          nick: later("soon"),
          words: ["now", later("then")],
          labels: { a: later("b") },
          one: { port: later(80), label: later("eighty") },
          mapped: { m: { port: 1, label: later("x") } },
          bag: [{ key: later("k"), inner: [{ tag: later("t") }] }],
        },
        action: "create",
        planned: { nick: unknown, words: ["now", unknown], one: { port: unknown, label: unknown } },
        state: {
          nick: "soon",
          words: ["now", "then"],
          labels: { a: "b" },
          one: { port: 80, label: "eighty" },
        },
      },
      { destroy: true },
    ],
  },
  {
    name: "replaced when it must be, and only then",
    type: "conf_everything",
    steps: [
      { apply: { name: "a", size: 5 }, action: "create", state: { id: "thing-a", revision: 1 } },
      { apply: { name: "a", size: 6 }, action: "update", state: { revision: 2 } },
      {
        apply: { name: "a", size: 2 },
        action: "replace",
        replaces: ["size"],
        state: { revision: 1, size: 2 },
      },
      {
        apply: { name: "b", size: 1 },
        action: "replace",
        replaces: ["name", "size"],
        planned: { id: unknown },
        state: { id: "thing-b" },
      },
      { destroy: true },
    ],
  },
  {
    name: "what somebody else did is seen, and put right",
    type: "conf_everything",
    steps: [
      { apply: { name: "d", open: true, labels: { a: "1" } }, action: "create" },
      { outside: (device) => device.change("thing-d", { open: false, labels: { a: "2", b: "3" } }) },
      {
        apply: { name: "d", open: true, labels: { a: "1" } },
        action: "update",
        state: { labels: { a: "1" }, revision: 2 },
      },
      { outside: (device) => device.put("thing-d", null) },
      { apply: { name: "d", open: true }, action: "create", state: { revision: 1 } },
      { destroy: true },
    ],
  },
  {
    name: "old states are upgraded, one version after another",
    type: "conf_everything",
    steps: [
      { apply: { name: "old", words: ["w"] }, action: "create" },
      {
        upgrade: {
          version: 0,
          state: {
            id: "thing-old",
            title: "old",
            word: "w",
            nick: "oldy",
            colour: "red",
            gone: { x: 1 },
            revision: 1,
          },
        },
        config: { name: "old", words: ["w"] },
      },
      { destroy: true },
    ],
  },
  {
    name: "configurations that are refused, where they are wrong",
    type: "conf_everything",
    steps: [
      { fails: {}, error: /Missing required argument|is required/ },
      { fails: { name: "x", id: "mine" }, error: /read-only|unconfigurable/i, at: "id" },
      { fails: { name: "x", colour: "green" }, error: /"green" is none of "red", "blue"/, at: "colour" },
      { fails: { name: "x", mapped: { k: { port: 1, mood: "sad" } } }, error: /"sad" is none of/ },
      { fails: { name: "x", either: "a", or: "b" }, error: /"or" conflicts with "either"/, at: "or" },
      { fails: { name: "x", timeouts: { create: "soon" } }, error: /"soon" is no duration/ },
      { apply: { name: "x", old: "still" }, action: "create", warning: /"old" is deprecated/ },
      { destroy: true },
    ],
  },
  {
    name: "a plan that knows computed values, and repairs what the configuration does not mention",
    type: "conf_twist",
    steps: [
      { plan: { name: "t", text: later("later") }, action: "create", planned: { shout: unknown } },
      {
        apply: { name: "t", text: "hey" },
        action: "create",
        planned: { shout: "HEY" },
        state: { shout: "HEY" },
      },
      { outside: (device) => device.change("t", { healthy: false }) },
      {
        apply: { name: "t", text: "hey" },
        action: "update",
        planned: { healthy: true, revision: unknown },
        warning: /t is sick/,
        state: { revision: 2, healthy: true },
      },
      { importVerify: "t" },
      { destroy: true },
    ],
  },
  {
    name: "a plan hook and sets with several elements that are not known yet",
    type: "conf_twist",
    steps: [
      {
        apply: {
          name: "u",
          names: ["x", later("y"), later("z")],
          bag: [{ key: later("a") }, { key: later("b") }],
        },
        action: "create",
        state: { names: ["x", "y", "z"] },
      },
      {
        apply: { name: "u", names: ["x", later("y"), later("y")], bag: [{ key: "a" }, { key: later("a") }] },
        action: "update",
        state: { names: ["x", "y"], bag: [{ key: "a", size: 1 }] },
      },
      {
        fails: { name: "u", bag: [{ key: "a" }, { key: "a", size: 1 }] },
        error: /Two elements of "bag" are the same/,
        at: "bag",
      },
      // Only at apply is it seen.
      {
        fails: { name: "u", bag: [{ key: "a" }, { key: later("a"), size: 1 }] },
        error: /Two elements of "bag" are the same/,
      },
      { apply: { name: "u", bag: [{ key: "a" }, { key: "a", size: 2 }] }, action: "update" },
      { destroy: true },
    ],
  },
  {
    name: "warnings of every phase reach the user",
    type: "conf_twist",
    steps: [
      { plan: { name: "w", warn: true }, action: "create" },
      { apply: { name: "w", warn: true }, action: "create", warning: /Creating w/ },
      { destroy: true },
    ],
  },
  {
    name: "failures leave what is true",
    type: "conf_twist",
    steps: [
      { fails: { name: "f", fail: "plan" }, error: /It will not do/, at: "fail", leaves: null },
      { fails: { name: "f", fail: "create" }, error: /The device refuses/, leaves: null },
      {
        fails: { name: "f", fail: "create-partly" },
        error: /broke off/,
        leaves: { revision: 1 },
        tainted: true,
      },
      { apply: { name: "f" }, action: "replace", state: { revision: 1, fail: null } },
      {
        fails: { name: "f", text: "x", fail: "update" },
        error: /refuses/,
        leaves: { revision: 1, text: null },
      },
      {
        fails: { name: "f", text: "x", fail: "update-partly" },
        error: /broke off/,
        leaves: { revision: 2, text: null },
      },
      { apply: { name: "f", text: "x", fail: "delete" }, action: "update", state: { revision: 3 } },
      { destroyFails: /holds on/ },
      { apply: { name: "f", text: "x" }, action: "update" },
      { destroy: true },
    ],
  },
  {
    name: "a destroy that is refused when it is planned",
    type: "conf_twist",
    steps: [
      { apply: { name: "p", protect: true }, action: "create" },
      { destroyFails: /p is protected/ },
      { apply: { name: "p" }, action: "update" },
      { destroy: true },
    ],
  },
];

/** A life that needs write-only attributes, which Terraform has since 1.11 and OpenTofu since 1.11. */
export const SECRET_STORY: Story = {
  name: "a secret that is nowhere, and its version",
  type: "conf_everything",
  steps: [
    {
      apply: { name: "s", password_wo: "hunter2", password_wo_version: 1 },
      action: "create",
      state: { password_wo: null, password_wo_version: 1, secret_writes: 1 },
    },
    {
      fails: { name: "s", password_wo: "other" },
      error: /"password_wo_version" is missing/,
      at: "password_wo",
    },
    { apply: { name: "s", password_wo: "other", password_wo_version: 1 }, action: "no-op" },
    {
      apply: { name: "s", password_wo: "other", password_wo_version: 2 },
      action: "update",
      state: { password_wo: null, secret_writes: 2 },
    },
    { destroy: true },
  ],
};
