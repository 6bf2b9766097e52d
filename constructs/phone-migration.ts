import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import { Fn } from "cdktf";
import { Construct, type IDependable } from "constructs";
import { ConfigurationError } from "./configuration-error";
import { CucmPhoneRegistration } from "./generated/cucm";
import { DhcpOption150 } from "./generated/dhcp";
import { deviceNameProblem } from "./phone-list";
import { StackProviders } from "./stack-providers";
import type { TrustExchange } from "./trust-exchange";
import type { VoiceScope } from "./voice-scope";

export interface WaveLimits {
  /**
   * Phones that may fail to follow; one more stops the wave and what comes after it.
   * @default 0
   */
  readonly maxFailures?: number;
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
  /** Device names, from a committed list ({@link csv}): never a live query. */
  readonly phones: readonly string[];
  /** The one word that moves phones, and that brings them back. */
  readonly registeredOn: "source" | "destination";
  readonly limits?: WaveLimits;
}

export interface PhoneMigrationProps {
  readonly trust: TrustExchange;
  readonly waves: readonly Wave[];
  /**
   * What a destroy does while phones are on the destination: `refuse`, or `keep` everything as it is. Deploy `keep`
   * before the destroy that ends a finished migration.
   * @default "refuse"
   */
  readonly onDestroy?: "refuse" | "keep";
}

/**
 * Phones that move in waves. A wave on the destination waits for the trust, its proof and the forward waves before
 * it; a wave on the source waits for nothing, so that the way back is never blocked.
 */
export class PhoneMigration extends Construct {
  constructor(scope: Construct, id: string, props: PhoneMigrationProps) {
    super(scope, id);
    this.check(props.waves);
    // Also without a forward wave: a gate of the last deploy may still be in the state.
    StackProviders.of(this).requireNullProvider();
    const earlier: IDependable[] = [];
    for (const wave of props.waves) {
      const registration = this.addWave(wave, props, earlier);
      if (wave.registeredOn === "destination") earlier.push(registration);
    }
  }

  private addWave(
    wave: Wave,
    { trust, onDestroy }: PhoneMigrationProps,
    earlier: readonly IDependable[],
  ): IDependable {
    const scope = new Construct(this, wave.name);
    // Only a wave on the destination may refer to the trust: a reference is an edge, and a failing proof would then
    // skip the way back too.
    const forward =
      wave.registeredOn === "destination"
        ? { goIf: trust.conditions, dependsOn: [gate(scope, trust, earlier)] }
        : {};
    const options = wave.scopes.map(
      (voice) =>
        new DhcpOption150(scope, `option-150-${voice.node.id}`, {
          ...forward,
          server: voice.server.serverName,
          scope: { subnet: voice.subnet },
          sourceAddresses:
            voice.sourceAnswer === "inherited"
              ? undefined
              : [...(voice.sourceAnswer ?? trust.source.tftpAddresses)],
          destinationAddresses: [...(voice.destinationAnswer ?? trust.destination.tftpAddresses)],
          serve: wave.registeredOn,
          onDestroy,
        }),
    );
    return new CucmPhoneRegistration(scope, "registration", {
      ...forward,
      source: trust.source.clusterName,
      destination: trust.destination.clusterName,
      phones: [...wave.phones].sort(),
      registeredOn: wave.registeredOn,
      limits: wave.limits,
      onDestroy,
      dependsOn: [...(forward.dependsOn ?? []), ...options],
    });
  }

  private check(waves: readonly Wave[]): void {
    if (waves.length === 0)
      throw new ConfigurationError(this, "waves is empty.", "Declare at least one wave.");
    const names = new Set<string>();
    const waveOf = new Map<string, string>();
    const scopeOf = new Map<VoiceScope, string>();
    for (const wave of waves) {
      const fail = (problem: string, fix: string) =>
        new ConfigurationError(this, `Wave "${wave.name}": ${problem}`, fix);
      if (!/^[a-z0-9][a-z0-9-]*$/.test(wave.name))
        throw fail("this cannot be a name.", "Use lower-case letters, digits and -.");
      if (names.has(wave.name)) throw fail("another wave has this name.", "Rename one of them.");
      names.add(wave.name);
      if (wave.phones.length === 0)
        throw fail("it has no phones.", "Name at least one device, or remove the wave.");
      if (wave.scopes.length === 0)
        throw fail("it has no scopes.", "Name the VoiceScope that its phones get option 150 from.");
      for (const phone of wave.phones) {
        const problem = deviceNameProblem(phone);
        if (problem) throw fail(problem, "Correct the list.");
        const other = waveOf.get(phone);
        if (other !== undefined)
          throw fail(
            `${phone} is ${other === wave.name ? "listed twice" : `also in wave "${other}"`}.`,
            "A phone belongs to one wave: remove it from the other list.",
          );
        waveOf.set(phone, wave.name);
      }
      for (const scope of wave.scopes) {
        const other = scopeOf.get(scope);
        if (other !== undefined)
          throw fail(
            `scope [${scope.node.path}] is also in wave "${other}".`,
            "A scope moves everything in it, so it belongs to one wave.",
          );
        scopeOf.set(scope, wave.name);
      }
    }
  }
}

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
