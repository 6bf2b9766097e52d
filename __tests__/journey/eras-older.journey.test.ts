/** Releases of a user: see support/eras.ts. `ERAS=each` goes through all of them, otherwise a draw does. */
import { travel, words } from "./support/era-journey";
import { erasOf } from "./support/eras";

jest.setTimeout(600_000);

test.each(erasOf(["8.6", "9.1"], process.env.ERAS === "each").map((era) => [words(era), era] as const))(
  "%s",
  (_, era) => travel(era),
);
