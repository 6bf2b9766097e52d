/** Everything of a resource that may be a secret, and what it is set to. */
import { attr } from "../../../../providers/framework/schema/attribute";
import { secret } from "../../../../providers/framework/schema/secret";

export const pin = secret("pin", { description: "The pin." });
export const attributes = {
  token: attr.string({ description: "Token.", required: true, sensitive: true }),
  boxes: attr.mapOf(
    { key: attr.string({ description: "Key.", required: true, sensitive: true }) },
    { description: "Boxes.", optional: true },
  ),
  ...pin.attributes,
};
export const config = {
  token: "t0psecret",
  boxes: { a: { key: "inner-key" } },
  pin_wo: "4711-x",
  pin_wo_version: 1,
};
