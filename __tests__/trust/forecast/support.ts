/** A healthy situation, changed in one place, forecast. */
import {
  type Forecast,
  type ForecastOptions,
  forecast,
  forecastReturn,
} from "../../../trust/forecast/forecast";
import type { Ends, Phone } from "../../../trust/forecast/situation";
import type { Switches } from "../../../trust/forecast/switches";
import { asEnds, asPhone } from "./as-forecast";
import { type Healthy, trustingWorld, type World } from "./world";

export interface Case extends Healthy {
  readonly world?: (world: World) => void;
  readonly phone?: Partial<Phone>;
  readonly to?: Partial<Ends["to"]>;
  readonly from?: "source";
  readonly switches?: Partial<Switches>;
}

export function situation({ world: change, phone, to, ...healthy }: Case = {}): {
  phone: Phone;
  ends: Ends;
  world: World;
} {
  const world = trustingWorld(healthy);
  change?.(world);
  const ends = asEnds(world, false);
  return { world, phone: { ...asPhone(world), ...phone }, ends: { ...ends, to: { ...ends.to, ...to } } };
}

export function forecastOf(one: Case = {}): Forecast {
  const { phone, ends } = situation(one);
  return forecast(phone, ends, optionsOf(one));
}

export function returnOf(one: Case = {}): Forecast {
  const { phone, ends } = situation(one);
  return forecastReturn(phone, ends, optionsOf(one));
}

function optionsOf({ switches }: Case): ForecastOptions {
  return { switches };
}

/** `outcome reason`, and the steps of the first TFTP node: `ctl tvs`, `itl -malformed`, ... */
export function chain(said: Forecast): readonly string[] {
  const steps = said.nodes[0]!.steps.map(
    ({ step, result, by, reason }) => `${step} ${reason === undefined ? (by ?? result) : `-${reason}`}`,
  );
  return [said.reason === null ? said.outcome : `${said.outcome}: ${said.reason}`, ...steps];
}
