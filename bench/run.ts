import { calls } from "./calls";
import { coldStart } from "./cold-start";
import { demoPlan } from "./demo-plan";
import { dhcp } from "./dhcp";
import { forecastBench } from "./forecast";
import { plan } from "./plan";
import { scale } from "./scale";
import { transports } from "./transports";
import { trust } from "./trust";
import { verify } from "./verify";
import { waves } from "./waves";

/** `npm run bench [-- <name> ...]`: all measurements, or those named. `BENCH_ROUNDS` says how often each is taken. */
const BENCHES: { readonly [name: string]: (rounds: number) => Promise<void> } = {
  calls,
  "cold-start": coldStart,
  "demo-plan": demoPlan,
  dhcp,
  forecast: forecastBench,
  plan,
  scale,
  transports,
  trust,
  verify,
  waves,
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    throw new Error(`There is no measurement "${unknown}"; there are: ${Object.keys(BENCHES).join(", ")}.`);
  }
  const rounds = Number(process.env.BENCH_ROUNDS ?? 20);
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) await BENCHES[name]!(rounds);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
