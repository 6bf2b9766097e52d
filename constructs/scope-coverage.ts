import { type IResolvable, Lazy } from "cdktf";
import type { Construct } from "constructs";
import {
  DataCucmScopeCoverage,
  type DataCucmScopeCoverageWaves,
  dataCucmScopeCoverageWavesToTerraform,
} from "./generated/cucm";
import { pilotOf } from "./scope-place";
import type { Conditions } from "./trust-exchange";
import type { NamedWave } from "./wave";

/**
 * Looks at plan who is in the scopes of the waves on the destination. One data source for all of them, since RIS is
 * rationed; it holds literals only. Undefined when no such wave has a scope that is more than one phone's.
 *
 * @param elsewhere waves of other migrations in the stack, also of those that are declared later
 */
export function scopeCoverage(
  migration: Construct,
  cluster: string,
  waves: readonly NamedWave[],
  elsewhere: () => readonly NamedWave[],
): DataCucmScopeCoverage | undefined {
  const looked = waves.filter((wave) => isForward(wave) && wave.scopes.some(({ place }) => !place.phone));
  if (looked.length === 0) return undefined;
  // Scopes of other migrations on the destination are theirs to look at.
  const others = () =>
    elsewhere().map((wave) => ({ ...described(wave), ...(isForward(wave) && { scopes: [] }) }));
  return new DataCucmScopeCoverage(migration, "coverage", {
    cluster,
    waves: Lazy.anyValue({
      produce: () => [...waves.map(described), ...others()].map(dataCucmScopeCoverageWavesToTerraform),
    }) as IResolvable,
  });
}

/** For a wave that demands it. */
export const coverageConditions = (
  { name, requireCoverage }: NamedWave,
  coverage: DataCucmScopeCoverage | undefined,
): Conditions =>
  requireCoverage && coverage !== undefined
    ? { "its scopes hold the wave's phones and no others": coverage.covered.lookup(name) }
    : {};

const isForward = ({ registeredOn }: NamedWave) => registeredOn === "destination";

/** With the scopes and pilots that are served something of their own: what inherits moves with what is around it. */
function described(wave: NamedWave): DataCucmScopeCoverageWaves {
  const served = wave.scopes.filter(
    ({ sourceAnswer }) => isForward(wave) || (sourceAnswer ?? []) !== "inherited",
  );
  const single = served.filter(({ place }) => place.phone !== undefined).map(({ place }) => pilotOf(place));
  // Which phone a token is shows only at plan: then any of the wave may be it.
  const pilots = single.includes(undefined) ? wave.phones : wave.phones.filter((one) => single.includes(one));
  return {
    name: wave.name,
    registeredOn: wave.registeredOn,
    phones: wave.phones.filter((phone) => !pilots.includes(phone)).sort(),
    pilots: pilots.length === 0 ? undefined : [...pilots].sort(),
    scopes: served
      .filter(({ place }) => place.phone === undefined)
      .map(({ node, place: { subnet, pool, sharedNetwork } }) => ({
        name: node.id,
        subnet,
        pool,
        sharedNetwork,
      })),
  };
}
