import { drawUnknowns } from "../../../lab/cluster/drawn";
import { strangely } from "../../../lab/cluster/strange";
import { DEFAULT_SPELLINGS } from "../../../providers/cucm/cluster/config";
import { deleteCommands, importUnits, restServices } from "../../../providers/cucm/cluster/plausible";

const draws = Array.from({ length: 200 }, () => {
  const usual = drawUnknowns("14.0.1.10000-20").spellings;
  return { usual, drawn: strangely(usual) };
});
const strange = <T>(of: (spellings: (typeof draws)[number]["usual"]) => T): T[] => [
  ...new Set(draws.flatMap(({ usual, drawn }) => (of(usual) === of(drawn) ? [] : [of(drawn)]))),
];
const proposed = (settings: readonly object[], value: string) =>
  settings.some((one) => JSON.stringify(one).includes(`:${JSON.stringify(value)}`));

test("what is strange is what no error proposes", () => {
  const [sast] = strange(({ importUnit }) => importUnit["Phone-SAST-trust"]!);
  const [capf] = strange(({ importUnit }) => importUnit["CAPF-trust"]!);
  const [service] = strange(({ restService }) => restService["CallManager-trust"]!);
  const [command] = strange(({ deleteCommand }) => deleteCommand);
  expect(proposed(importUnits("Phone-SAST-trust", ""), sast!)).toBe(false);
  expect(proposed(importUnits("CAPF-trust", ""), capf!)).toBe(false);
  expect(proposed(restServices("CallManager-trust", ""), service!)).toBe(false);
  expect(proposed(deleteCommands("CAPF-trust", DEFAULT_SPELLINGS, false), command!)).toBe(false);
});

test("the rest is drawn too, and often nothing is", () => {
  expect(strange(({ rollbackParameter }) => rollbackParameter)).toHaveLength(1);
  expect(strange(({ webForms }) => webForms.listPath)).toHaveLength(1);
  expect(strange(({ webForms }) => webForms.uploadPath)).toHaveLength(1);
  expect(strange(({ webForms }) => webForms.fileField)).toHaveLength(1);
  expect(draws.some(({ drawn }) => drawn.webForms.listPath === undefined)).toBe(true);
});
