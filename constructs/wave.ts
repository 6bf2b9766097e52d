import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { ConfigurationError } from "./configuration-error";
import { deviceNameProblem } from "./phone-list";
import { type PropertiesOf, propertyFix, propertyProblem } from "./properties";
import { pilotOf } from "./scope-place";
import type { VoiceScope } from "./voice-scope";

export interface WaveLimits {
  /**
   * Phones that may fail to follow; one more stops the wave and what comes after it. Those that cannot follow, since the
   * destination does not have them or they are registered nowhere, count at plan, before option 150 switches.
   * @default as many as maxFailureRatio allows; without it none
   */
  readonly maxFailures?: number;
  /**
   * Part of the wave's phones that may fail to follow, between 0 and 1, rounded down to whole phones. With both, the
   * stricter one counts.
   * @default as many as maxFailures allows
   */
  readonly maxFailureRatio?: number;
  /**
   * Phones that are reset at a time.
   * @default 25
   */
  readonly batchSize?: number;
  /**
   * Seconds that a phone has to stay back where it was reset before it counts as not following.
   * @default 5
   */
  readonly settleTime?: number;
  /**
   * Seconds for one batch to register.
   * @default 900
   */
  readonly timeout?: number;
}

export interface Wave {
  /** Name in plans and messages: lower-case letters, digits and -. */
  readonly name: string;
  /** Where the wave's phones get option 150. Everything in them moves as soon as it reboots. */
  readonly scopes: readonly VoiceScope[];
  /**
   * Device names, from a committed list ({@link csv}): never a live query.
   * @default the phones of `scopes`, when each of them is a pilot
   */
  readonly phones?: readonly string[];
  /** The one word that moves phones, and that brings them back. */
  readonly registeredOn: "source" | "destination";
  readonly limits?: WaveLimits;
  /**
   * When more phones than `limits` allow do not follow: leave option 150 where it is, so that the next deploy goes on
   * from there; or `restoreScope`, put it back on the source at once, so that no further phone follows by itself. Phones
   * that did follow then come back when they ask for their files the next time. The deploy fails either way.
   * @default "hold"
   */
  readonly onStop?: "hold" | "restoreScope";
  /**
   * Phones that you accept to lose, whatever their forecast: each one that is at risk has to be named here, or the
   * wave does not move.
   * @default none
   */
  readonly acceptLockouts?: readonly string[];
  /**
   * Phones on which somebody has switched *Alternate TFTP* on: they ignore option 150, and CUCM does not show it.
   * @default none that is known of
   */
  readonly alternateTftp?: readonly string[];
  /**
   * Whether the wave moves only when nothing else is in its scopes and none of its phones outside them, as far as RIS
   * of the source shows. Without it that is a warning. Not with a shared network or the global options.
   * @default false
   */
  readonly requireCoverage?: boolean;
}

const PROPERTIES: PropertiesOf<Wave> = {
  name: "needed",
  scopes: "needed",
  phones: "optional",
  registeredOn: "needed",
  limits: "optional",
  onStop: "optional",
  acceptLockouts: "optional",
  alternateTftp: "optional",
  requireCoverage: "optional",
};

const LIMITS: PropertiesOf<WaveLimits> = {
  maxFailures: "optional",
  maxFailureRatio: "optional",
  batchSize: "optional",
  settleTime: "optional",
  timeout: "optional",
};

/** The least that each limit may be that is a whole number. */
const LEAST: { readonly [limit in Exclude<keyof WaveLimits, "maxFailureRatio">]: number } = {
  maxFailures: 0,
  batchSize: 1,
  settleTime: 0,
  timeout: 1,
};

/** A wave whose phones are named, by its declaration or by its pilots. */
export interface NamedWave extends Wave {
  readonly phones: readonly string[];
}

/**
 * @param elsewhere waves of other migrations in the stack
 * @throws ConfigurationError for the first mistake in the waves of a migration.
 */
export function checkWaves(
  migration: IConstruct,
  waves: readonly Wave[],
  elsewhere: readonly NamedWave[],
): readonly NamedWave[] {
  if (waves.length === 0)
    throw new ConfigurationError(migration, "waves is empty.", "Declare at least one wave.");
  const names = new Set<string>();
  const claims = new Claims();
  for (const wave of elsewhere) claims.claim(wave, `wave "${wave.name}" of another migration`);
  return waves.map((declared) => {
    const fail = (problem: string, fix: string) =>
      new ConfigurationError(migration, `Wave "${declared.name}": ${problem}`, fix);
    const problem = propertyProblem(declared, PROPERTIES);
    if (problem !== undefined) throw fail(problem, propertyFix(PROPERTIES));
    const wave = { ...declared, phones: declared.phones ?? pilotsOf(declared) };
    const wrong = propertyProblem(wave.limits ?? {}, LIMITS);
    if (wrong !== undefined) throw fail(`limits: ${wrong}`, propertyFix(LIMITS));
    if (!/^[a-z0-9][a-z0-9-]*$/.test(wave.name))
      throw fail("this cannot be a name.", "Use lower-case letters, digits and -.");
    if (names.has(wave.name)) throw fail("another wave has this name.", "Rename one of them.");
    names.add(wave.name);
    // The word may come from a variable or a file that the compiler knows nothing of.
    if (wave.registeredOn !== "source" && wave.registeredOn !== "destination")
      throw fail(`registeredOn is "${wave.registeredOn}".`, 'Write "source" or "destination".');
    if (wave.onStop !== undefined && wave.onStop !== "hold" && wave.onStop !== "restoreScope")
      throw fail(`onStop is "${wave.onStop}".`, 'Write "hold" or "restoreScope".');
    if (!isList(wave.phones))
      throw fail(
        "phones is no list of device names.",
        'Write csv("<file>"), or a list; of readSite().phones, [...phones.healthy, ...phones.stale].',
      );
    if (wave.phones.length === 0)
      throw fail(
        "it has no phones.",
        "Name at least one device, or remove the wave. Only pilots need not be named: scopes of one phone each.",
      );
    if (Token.isUnresolved(wave.phones))
      throw fail(
        "its phones are known only at plan.",
        "Name them in a committed list: which phones move must not change by itself.",
      );
    if (wave.scopes.length === 0)
      throw fail("it has no scopes.", "Name the VoiceScope that its phones get option 150 from.");
    const twice = wave.phones.find((phone, i) => wave.phones.indexOf(phone) !== i);
    if (twice !== undefined) throw fail(`${twice} is listed twice.`, "Remove one.");
    for (const phone of wave.phones) {
      const problem = deviceNameProblem(phone);
      if (problem) throw fail(problem, "Correct the list.");
    }
    for (const list of ["acceptLockouts", "alternateTftp"] as const) {
      const stranger = wave[list]?.find((phone) => !wave.phones.includes(phone));
      if (stranger !== undefined)
        throw fail(
          `${list} names ${stranger}, which is not in the wave.`,
          "Name phones of this wave, or remove it from the list.",
        );
    }
    const mistaken = limitProblem(wave.limits ?? {});
    if (mistaken) throw fail(mistaken.problem, mistaken.fix);
    const open = wave.scopes.find(({ place }) => place.subnet === undefined);
    if (wave.requireCoverage && open !== undefined)
      throw fail(
        `requireCoverage cannot be had for ${open.placeName}.`,
        "Which addresses are in it is not known: declare subnets instead, or leave requireCoverage out.",
      );
    const pilot = wave.scopes
      .map((scope) => pilotOf(scope.place))
      .find((phone) => phone !== undefined && !wave.phones.includes(phone));
    if (pilot !== undefined)
      throw fail(
        `a scope is about ${pilot}, which is not in the wave.`,
        "Add the phone to the wave's phones: nothing is known of it otherwise.",
      );
    const sameId = wave.scopes.find(
      (scope, i) => wave.scopes.findIndex((s) => s.node.id === scope.node.id) !== i,
    );
    const clash = claims.claim(wave, `wave "${wave.name}"`);
    if (clash) throw fail(clash.problem, clash.fix);
    if (sameId)
      throw fail(
        `two of its scopes have the id "${sameId.node.id}".`,
        "Give one of them another id: plans name them by it.",
      );
    return wave;
  });
}

/** A declaration in JavaScript may have anything here. What is known only at plan is told by what follows. */
function isList(phones: unknown): boolean {
  if (Token.isUnresolved(phones)) return true;
  return Array.isArray(phones) && phones.every((phone) => typeof phone === "string");
}

/** The phones of the scopes, when each is one phone's own. */
function pilotsOf({ scopes }: Wave): readonly string[] {
  const pilots = scopes.map((scope) => pilotOf(scope.place));
  const named = pilots.filter((phone) => phone !== undefined);
  return named.length === pilots.length ? named : [];
}

function limitProblem(limits: WaveLimits): { readonly problem: string; readonly fix: string } | undefined {
  for (const [limit, least] of Object.entries(LEAST)) {
    const value = limits[limit as keyof WaveLimits] ?? least;
    if (!Number.isInteger(value) || value < least)
      return { problem: `limits.${limit} is ${value}.`, fix: `Write a whole number of at least ${least}.` };
  }
  const { maxFailureRatio = 0 } = limits;
  if (!(maxFailureRatio >= 0 && maxFailureRatio <= 1))
    return {
      problem: `limits.maxFailureRatio is ${maxFailureRatio}.`,
      fix: "Write a number between 0 and 1: 0.05 for 5 %.",
    };
  return undefined;
}

/** Which wave has a phone or a scope; each belongs to one. */
class Claims {
  private readonly phones = new Map<string, string>();
  private readonly scopes = new Map<string, string>();

  claim(
    { phones, scopes }: NamedWave,
    by: string,
  ): { readonly problem: string; readonly fix: string } | undefined {
    for (const phone of phones) {
      const other = this.phones.get(phone);
      if (other !== undefined)
        return {
          problem: `${phone} is also in ${other}.`,
          fix: "A phone belongs to one wave: remove it from the other list.",
        };
      this.phones.set(phone, by);
    }
    for (const scope of scopes) {
      const place = `${scope.server.serverName} ${scope.placeName}`;
      const other = this.scopes.get(place);
      if (other !== undefined)
        return {
          problem: `scope [${scope.node.path}] (${scope.placeName}) is also in ${other === by ? "this wave's list" : other}.`,
          fix: "A scope moves everything in it, so it belongs to one wave, once.",
        };
      this.scopes.set(place, by);
    }
    return undefined;
  }
}
