import { drawUnknowns } from "../../../../../lab/cluster/drawn";
import { isCtlRefusal } from "../../../../../providers/cucm/cluster/transports/ctl-commands";

const QUESTION = "This operation updates the CTLFile. Do you want to continue? (y/n):y Updating CTL file ";
const some = <T>(each: () => T): T[] => [...new Set(Array.from({ length: 60 }, each))];

test("an update that the lab's releases refuse is told from one that they made, whatever they say", () => {
  const refusals = some(() => drawUnknowns("14.0.1.10000-20").ctl.restricted);
  const successes = some(() => drawUnknowns("14.0.1.10000-20").ctl.done);
  expect([refusals.length, successes.length]).toEqual([3, 3]);
  expect(refusals.filter((said) => !isCtlRefusal(said))).toEqual([]);
  expect(successes.filter((said) => isCtlRefusal(QUESTION + said))).toEqual([]);
  expect(some(() => drawUnknowns("12.5.1.11900-146").ctl.done)).toHaveLength(1);
});

test("a success that speaks of licences is none", () => {
  expect(isCtlRefusal(`${QUESTION}Warning: the license expires in 3 days. CTL file Updated`)).toBe(false);
  expect(isCtlRefusal("")).toBe(false);
});
