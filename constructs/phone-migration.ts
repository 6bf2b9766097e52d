import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import { Fn, hashMapper, type IResolvable, TerraformStack, Token } from "cdktf";
import { Construct, type IConstruct, type IDependable } from "constructs";
import { ConfigurationError } from "./configuration-error";
import {
  CucmPhoneRegistration,
  DataCucmTrustForecast,
  type DataCucmTrustForecastConfig,
  type DataCucmTrustForecastModels,
  type DataCucmTrustForecastSwitches,
  dataCucmTrustForecastModelsToTerraform,
  dataCucmTrustForecastSwitchesToTerraform,
} from "./generated/cucm";
import { DhcpOption150, DhcpScopeGuard } from "./generated/dhcp";
import { checkProperties, type PropertiesOf } from "./properties";
import { coverageConditions, scopeCoverage } from "./scope-coverage";
import { StackProviders } from "./stack-providers";
import type { Conditions, TrustExchange } from "./trust-exchange";
import { checkWaves, type NamedWave, type Wave, type WaveLimits } from "./wave";
import { offerAfter } from "./wire-check";

export interface PhoneMigrationProps {
  readonly trust: TrustExchange;
  readonly waves: readonly Wave[];
  /**
   * What a destroy does while phones are on the destination: `refuse`, or `keep` phones, option 150 and all that was
   * imported into the destination, also the source's signers. Deploy `keep` before the destroy that ends a finished
   * migration.
   * @default "refuse"
   */
  readonly onDestroy?: "refuse" | "keep";
  /**
   * The least that the forecast of each phone must rest on; a wave with a phone below it does not move.
   * @default what TFTP serves for the phone is enough
   */
  readonly requireEvidence?: Exclude<DataCucmTrustForecastConfig["requireEvidence"], IResolvable>;
  /**
   * What is read of phones besides RIS: `web` (their web pages, where they are on), `tvs_log` (the TVS log of every
   * node), `itl_status` (with `spellings.itlStatusQuery` of the cluster). It changes what an outcome rests on, makes
   * none better, and takes requests for every phone or the logs of every node at each plan. With `tvs_log` the reason of
   * a phone that did not follow also says what TVS did not vouch for.
   * @default none
   */
  readonly evidence?: readonly ("web" | "tvs_log" | "itl_status")[];
  /**
   * What Cisco does not document about phones and you have found out (docs/assumptions.md, "How phones decide").
   * @default nothing is settled: where it matters, the outcome is uncertain
   */
  readonly switches?: DataCucmTrustForecastSwitches;
  /**
   * What you know of phone models, by their name in CUCM, such as `Cisco 8861`.
   * @default the built-in table
   */
  readonly models?: { readonly [model: string]: DataCucmTrustForecastModels };
  /**
   * `cluster`: what the source's own phone feature list says of models beats the built-in table; `models` beats both.
   * A model without a row of which the built-in table is sure that it can is tried both ways.
   * @default the built-in table
   */
  readonly phoneFeatures?: "cluster";
  /**
   * `false`: no phone has an LSC of a former CAPF certificate any more. Otherwise any that the trust stores of the
   * source still hold may have issued one (those of the destination too, for phones that are there), and phones are
   * uncertain while the cluster that they go to does not trust it.
   * @default nobody knows, unless the database names the issuer (from 11.5)
   */
  readonly formerCapfInUse?: boolean;
}

const PROPERTIES: PropertiesOf<PhoneMigrationProps> = {
  trust: "needed",
  waves: "needed",
  onDestroy: "optional",
  requireEvidence: "optional",
  evidence: "optional",
  switches: "optional",
  models: "optional",
  phoneFeatures: "optional",
  formerCapfInUse: "optional",
};

/**
 * Phones that move in waves. A wave on the destination waits for the trust, its proof and the forward waves before
 * it; a wave on the source waits for nothing, so that the way back is never blocked.
 */
export class PhoneMigration extends Construct {
  readonly waves: readonly NamedWave[];
  private readonly keeper: TrustExchange;

  constructor(scope: Construct, id: string, props: PhoneMigrationProps) {
    super(scope, id);
    checkProperties(this, "", props, PROPERTIES);
    this.checkStack(props.trust);
    const others = () => TerraformStack.of(this).node.findAll().filter(isMigration).filter(isNot(this));
    this.keeper = props.trust.keeper;
    this.waves = checkWaves(this, props.waves, [
      ...others().flatMap((other) => other.waves),
      ...this.wavesOfOtherStacks(),
    ]);
    if (props.trust.source.decommissioned) this.checkFinished(props.trust.source);
    const { onDestroy = "refuse" } = props;
    if (onDestroy !== "refuse" && onDestroy !== "keep")
      throw new ConfigurationError(this, `onDestroy is "${onDestroy}".`, 'Write "refuse" or "keep".');
    const stray = strayIn(props.switches);
    if (stray !== undefined)
      throw new ConfigurationError(
        this,
        `switches has "${stray}", which is none of them.`,
        "docs/assumptions.md, How phones decide, lists them.",
      );
    // Also without a forward wave: a gate of the last deploy may still be in the state.
    StackProviders.of(this).requireNullProvider();
    const coverage = props.trust.source.decommissioned
      ? undefined
      : scopeCoverage(this, props.trust.source.clusterName, this.waves, () =>
          others().flatMap(({ node, waves }) =>
            waves.map((wave) => ({ ...wave, name: `${node.id}/${wave.name}` })),
          ),
        );
    if (props.onDestroy === "keep" && this.waves.some((wave) => wave.registeredOn === "destination"))
      props.trust.keepForPhones();
    const earlier: IDependable[] = [];
    for (const wave of this.waves) {
      const last = this.addWave(wave, props, coverageConditions(wave, coverage), earlier);
      if (wave.registeredOn === "destination") earlier.push(last);
    }
  }

  /** Of the same pair of clusters. Without scopes: servers of other stacks are others, whatever they are called. */
  private wavesOfOtherStacks(): readonly NamedWave[] {
    const stack = TerraformStack.of(this);
    return this.node.root.node
      .findAll()
      .filter(isMigration)
      .filter((other) => other.keeper === this.keeper && TerraformStack.of(other) !== stack)
      .flatMap(({ waves }) => waves.map((wave) => ({ ...wave, scopes: [] })));
  }

  /** What it refers to there would not be found here. */
  private checkStack(trust: TrustExchange): void {
    if (TerraformStack.of(trust) === TerraformStack.of(this)) return;
    throw new ConfigurationError(
      this,
      `trust [${trust.node.path}] belongs to another stack.`,
      "Declare the clusters here as well, and a TrustExchange with keptBy that names that one.",
    );
  }

  /** A source that is gone: nobody is there, and nothing may be put back there. */
  private checkFinished({ node }: IConstruct): void {
    const behind = this.waves.find((wave) => wave.registeredOn === "source");
    if (behind !== undefined)
      throw new ConfigurationError(
        this,
        `Wave "${behind.name}" is registered on the source, and [${node.path}] is decommissioned.`,
        "Move the wave to the destination first, or take decommissioned out.",
      );
    const restoring = this.waves.find((wave) => wave.onStop === "restoreScope");
    if (restoring !== undefined)
      throw new ConfigurationError(
        this,
        `Wave "${restoring.name}": onStop is restoreScope, and [${node.path}] is decommissioned.`,
        'Its scopes would be put back on a cluster that is gone: write "hold", or leave it out.',
      );
  }

  /** Returns what comes last in the wave. */
  private addWave(
    wave: NamedWave,
    props: PhoneMigrationProps,
    covered: Conditions,
    earlier: readonly IDependable[],
  ): IDependable {
    const { trust, onDestroy } = props;
    const scope = new Construct(this, wave.name);
    // Only a wave on the destination may refer to the trust: a reference is an edge, and a failing proof would then
    // skip the way back too.
    const forward =
      wave.registeredOn === "destination"
        ? {
            goIf: {
              ...trust.conditions,
              ...(trust.source.decommissioned ? {} : forecastConditions(scope, wave, props)),
              ...covered,
            },
            dependsOn: [gate(scope, trust, earlier)],
          }
        : {};
    const places = wave.scopes.map((voice) => ({
      server: voice.server.serverName,
      scope: voice.place,
      sourceAddresses:
        voice.sourceAnswer === "inherited"
          ? undefined
          : [...(voice.sourceAnswer ?? trust.source.tftpAddresses)],
      destinationAddresses: [...(voice.destinationAnswer ?? trust.destination.tftpAddresses)],
    }));
    const options = wave.scopes.map(
      (voice, i) =>
        new DhcpOption150(scope, `option-150-${voice.node.id}`, {
          ...forward,
          ...places[i]!,
          serve: wave.registeredOn,
          onDestroy,
        }),
    );
    const guarded = wave.registeredOn === "destination" && wave.onStop === "restoreScope";
    const registration = new CucmPhoneRegistration(scope, "registration", {
      ...forward,
      ...(forward.goIf && { goIf: { ...forward.goIf, ...wireConditions(scope, wave, options) } }),
      source: trust.source.clusterName,
      destination: trust.destination.clusterName,
      phones: [...wave.phones].sort(),
      registeredOn: wave.registeredOn,
      limits: wave.limits,
      scopes: wave.scopes.map((voice) => `${voice.placeName} on DHCP server "${voice.server.serverName}"`),
      onStop: guarded ? "report" : undefined,
      evidence: props.evidence?.includes("tvs_log") ? ["tvs_log"] : undefined,
      onDestroy,
      dependsOn: [...(forward.dependsOn ?? []), ...options],
    });
    for (const [name, value] of Object.entries(record(wave, props)))
      registration.addOverride(`//.${name}`, value);
    if (!guarded) return registration;
    return new DhcpScopeGuard(scope, "guard", { stopped: registration.stopped, scopes: places });
  }
}

/** What is offered on the wire once the options have switched. The phones wait for it; the switch cannot. */
function wireConditions(scope: Construct, wave: NamedWave, options: readonly DhcpOption150[]): Conditions {
  const conditions: { [sentence: string]: IResolvable } = {};
  for (const [i, { node, place, verifyOnWire }] of wave.scopes.entries()) {
    if (verifyOnWire === undefined) continue;
    const offer = offerAfter(scope, `offer-${node.id}`, options[i]!, verifyOnWire, place, wave.phones[0]!);
    conditions[`on the wire a phone in scope "${node.id}" is offered the destination's TFTP servers`] =
      offer.asExpected;
  }
  return conditions;
}

/** Every phone of a forward wave is forecast at plan, from data sources only. */
function forecastConditions(scope: Construct, wave: NamedWave, props: PhoneMigrationProps): Conditions {
  const { trust, requireEvidence } = props;
  const forecast = new DataCucmTrustForecast(scope, "forecast", {
    source: trust.source.clusterName,
    destination: trust.destination.clusterName,
    phones: [...wave.phones].sort(),
    destinationTftp: Fn.distinct(
      Fn.concat(
        wave.scopes.map((voice) => [...(voice.destinationAnswer ?? trust.destination.tftpAddresses)]),
      ),
    ),
    assumeTrusted: trust.imports,
    limits: wave.limits && failureLimits(wave.limits),
    ...settings(wave, props),
  });
  return {
    "no phone is at risk": forecast.noPhoneAtRisk,
    "its limits allow for the phones that cannot follow": forecast.withinLimits,
    ...(requireEvidence && {
      [`what is assumed of every phone rests on "${requireEvidence}" or better`]: forecast.evidenceSuffices,
    }),
  };
}

/** Those that say how many phones may fail. */
const failureLimits = ({ maxFailures, maxFailureRatio }: WaveLimits) => ({ maxFailures, maxFailureRatio });

/** What people say about the phones of a wave. */
function settings(wave: NamedWave, props: PhoneMigrationProps) {
  const { requireEvidence, evidence, switches, models, phoneFeatures, formerCapfInUse } = props;
  return {
    switches,
    models,
    phoneFeatures,
    formerCapfInUse,
    alternateTftp: wave.alternateTftp && [...wave.alternateTftp].sort(),
    acceptLockouts: wave.acceptLockouts && [...wave.acceptLockouts].sort(),
    requireEvidence,
    evidence: evidence && [...evidence],
  };
}

/**
 * The settings for `phone-migration forecast`, which asks also for waves on the source, where no data source holds
 * them. They go into the comment of the registration: cores ignore it. References are named only, because even there
 * cdktf would make a data source of one to another stack, and no read may come before the way back.
 */
function record(wave: NamedWave, props: PhoneMigrationProps): { readonly [name: string]: object } {
  const all = settings(wave, props);
  const { switches, models, alternateTftp, acceptLockouts, requireEvidence, evidence } = all;
  const declared = Object.entries({
    switches: dataCucmTrustForecastSwitchesToTerraform(switches),
    models: hashMapper(dataCucmTrustForecastModelsToTerraform)(models),
    phone_features: all.phoneFeatures,
    former_capf_in_use: all.formerCapfInUse,
    alternate_tftp: alternateTftp,
    accept_lockouts: acceptLockouts,
    require_evidence: requireEvidence,
    evidence,
  }).filter(([, value]) => value !== undefined);
  const references = declared.filter(([, value]) => !isLiteral(value));
  return {
    forecast: Object.fromEntries(declared.filter(([, value]) => isLiteral(value))),
    ...(references.length > 0 && { known_at_plan: references.map(([name]) => name) }),
  };
}

/** A switch that no forecast knows would be dropped without a word. */
function strayIn(switches: DataCucmTrustForecastSwitches = {}): string | undefined {
  const plain = (name: string) => name.replaceAll("_", "").toLowerCase();
  const known = Object.keys(dataCucmTrustForecastSwitchesToTerraform({})).map(plain);
  return Token.isUnresolved(switches)
    ? undefined
    : Object.keys(switches).find((name) => !known.includes(plain(name)));
}

const isLiteral = (value: unknown): boolean =>
  !Token.isUnresolved(value) &&
  (typeof value !== "object" || value === null || Object.values(value).every(isLiteral));

/** What a forward wave waits for, collected in one place; its triggers show which proof it relies on. */
function gate(scope: Construct, trust: TrustExchange, earlier: readonly IDependable[]): NullResource {
  return new NullResource(scope, "gate", {
    triggers: {
      cluster: trust.source.clusterName,
      signers: Fn.join(",", Fn.sort(Fn.keys(trust.proof.signers))),
    },
    dependsOn: [...trust.dependables, ...earlier] as NullResource[],
  });
}

const isNot = (migration: PhoneMigration) => (other: PhoneMigration) => other !== migration;

const isMigration = (construct: IConstruct): construct is PhoneMigration =>
  construct instanceof PhoneMigration;
