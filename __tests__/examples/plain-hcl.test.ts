/** The wave in HCL asks of its forecast what the constructs ask. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { declare, strings, synthesised, wave } from "../constructs/support/declared";

const FORECAST = /data\.cucm_trust_forecast\.\w+\.(\w+)/g;
const asked = (text: string) => [...new Set([...text.matchAll(FORECAST)].map(([, name]) => name))].sort();

test("the conditions of a wave on the destination are those of the constructs", () => {
  const { stack } = declare({ waves: ({ hq }) => [wave("hq", "destination", [hq!])] });
  const { resource } = synthesised(stack);
  const made = asked(strings(resource.cucm_phone_registration).join("\n"));
  expect(made).toHaveLength(2);
  const file = join(__dirname, "../../examples/plain-hcl/wave-pilot.tf");
  expect(asked(readFileSync(file, "utf8"))).toEqual(made);
});
