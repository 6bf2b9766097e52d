// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own
import { later } from "../../../../providers/framework/testing/host/config";
import { type Story, unknown } from "./stories";

/** A string that is not known yet, and is known to be a string. */
const MD5_OF_LATER = "${md5(terraform_data.later_0.output)}";
const MD5_OF_X = "9dd4e461268c8034f5c8564e155c67a6";

/** Lives of what only a core can compute. */
export const EXPRESSION_STORIES: readonly Story[] = [
  {
    name: "fractions that functions computed, numbers of 53 bits",
    type: "conf_everything",
    steps: [
      {
        apply: {
          name: "n",
          amount: "${pow(2, 0.5)}",
          numbers: ["${log(10, 2)}", "${pow(0.1, 1)}", "${1 / 3}"],
        },
        action: "create",
        state: { amount: Math.SQRT2, numbers: [3.3219280948873626, 0.1, 0.3333333333333333] },
      },
      { destroy: true },
    ],
  },
  {
    name: "nulls and unknowns that have a type, in attributes that take any",
    type: "conf_everything",
    steps: [
      {
        apply: { name: "d", anything: "${tostring(null)}", guess: "${tostring(null)}" },
        action: "create",
        planned: { guess: unknown },
        state: { anything: null, guess: "guessed" },
      },
      {
        apply: { name: "d", anything: "${tobool(null)}", guess: "${tonumber(null)}", open: true },
        action: "update",
        state: { anything: null, guess: "guessed" },
      },
      { apply: { name: "d" }, action: "update", state: { anything: null, guess: "guessed" } },
      {
        apply: { name: "d", nick: later("x"), anything: MD5_OF_LATER, guess: MD5_OF_LATER },
        action: "update",
        state: { anything: MD5_OF_X, guess: MD5_OF_X },
      },
      { destroy: true },
    ],
  },
  {
    name: "a plan hook passes them on",
    type: "conf_twist",
    steps: [
      { apply: { name: "h", anything: "${tostring(null)}" }, action: "create", state: { anything: null } },
      { apply: { name: "h", text: "x" }, action: "update", state: { anything: null } },
      {
        apply: { name: "h", text: later("x"), anything: MD5_OF_LATER },
        action: "update",
        planned: { anything: unknown },
        state: { anything: MD5_OF_X },
      },
      { destroy: true },
    ],
  },
];
