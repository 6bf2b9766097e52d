/** Releases of a user: see support/eras.ts. `ERAS=each` goes through all of them, otherwise a draw does. */
import { travel, words } from "./support/era-journey";
import { erasOf, pairsThatNeverMeet } from "./support/eras";

jest.setTimeout(600_000);

test.each(erasOf(["10.5", "12.5"], process.env.ERAS === "each").map((era) => [words(era), era] as const))(
  "%s",
  (_, era) => travel(era),
);

test("every two values of the table meet in one of its rows, if they can", () => {
  expect(pairsThatNeverMeet()).toEqual([]);
});
