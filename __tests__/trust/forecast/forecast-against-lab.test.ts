/**
 * The forecast against the lab's phones, whose decisions are written apart from it: in random situations the two
 * must say the same, whatever the switches, and `uncertain` must mean that it really depends.
 * `FORECAST_SITUATIONS` and `FORECAST_SEED` in the environment; the first failing situation is printed with both.
 */

import { compare } from "./compare";
import { Random } from "./random";
import { drawWorld } from "./world";

jest.mock("../../../trust/trust-list", () => mockOnce("trust/trust-list"));
jest.mock("../../../trust/signed-file", () => mockOnce("trust/signed-file"));
jest.mock("../../../lab/phone/config-file", () => mockOnce("lab/phone/config-file"));

function mockOnce(module: string) {
  const { computedOnce } = jest.requireActual<typeof import("./patchable")>("./patchable");
  return computedOnce(jest.requireActual(`../../../${module}`));
}

const SITUATIONS = Number(process.env.FORECAST_SITUATIONS ?? 800);
const SEED = Number(process.env.FORECAST_SEED ?? Date.now() % 1_000_000);
/** How often each reason must occur; fewer situations are too few to tell more than that it does. */
const TIMES = SITUATIONS >= 5000 ? 30 : 1;

const REACHED = [
  ...["first-use", "local-ctl", "local-itl", "empty-itl", "tvs", "unsigned", "no-tls"],
  ...["alternate-tftp", "tftp-unreachable", "malformed", "digest-not-supported", "key-too-large"],
  ...["bad-signature", "no-tvs-capability", "no-tvs-list", "tvs-not-in-itl", "tvs-miss", "tvs-role"],
  ...["tvs-unreachable", "tftp-not-authorized", "file-not-found", "unknown-at-destination"],
  ...["callmanager-unreachable", "callmanager-not-in-lists", "no-phone-certificate", "issuer-not-trusted"],
  ...["registration-refused", "public-key-unknown", "capf-unreachable", "capf-not-in-lists"],
  ...["capf-refuses", "capf-needs-a-person"],
];

test("what the forecast says is what the phone does", async () => {
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  const settings = new Set<string>();
  for (let i = 0; i < SITUATIONS; i++) {
    const random = new Random(SEED + i);
    const world = drawWorld(random);
    const compared = await compare(world, random, 3);
    if (compared.differences.length > 0)
      throw new Error(
        `FORECAST_SEED=${SEED + i} FORECAST_SITUATIONS=1 (${world.faults.join("; ")}):\n${compared.differences.slice(0, 5).join("\n")}`,
      );
    count(compared.expected);
    if (compared.uncertain) count("uncertain");
    for (const reason of compared.seen) count(reason);
    for (const setting of compared.settings) settings.add(setting);
  }
  const table = [...counts].sort(([, a], [, b]) => b - a).map(([what, n]) => `  ${what.padEnd(28)} ${n}`);
  console.log([`FORECAST_SEED=${SEED}, ${SITUATIONS} situations; in how many of them:`, ...table].join("\n"));
  if (SITUATIONS < 500) return;
  for (const ending of ["registers", "follows", "locked out"])
    expect({ ending, often: counts.get(ending)! >= SITUATIONS / 5 }).toEqual({ ending, often: true });
  expect(REACHED.filter((reason) => (counts.get(reason) ?? 0) < TIMES)).toEqual([]);
  expect(settings.size).toBe(16);
}, 1_200_000);
