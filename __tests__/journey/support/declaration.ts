import { TerraformStack, Testing } from "cdktf";
import {
  fromEnv,
  KeaServer,
  PhoneMigration,
  SecureCluster,
  type SecureClusterProps,
  TrustExchange,
  VoiceScope,
  type Wave,
  type WaveLimits,
} from "../../../constructs";
import type { Site } from "../../../lab/site";

/** What a journey may say otherwise than main.ts. */
export interface Declared {
  readonly registeredOn: Wave["registeredOn"];
  /** @default every phone of the lab */
  readonly phones?: readonly string[];
  readonly limits?: WaveLimits;
  readonly onStop?: Wave["onStop"];
  readonly acceptLockouts?: readonly string[];
  readonly migrateBack?: boolean;
  readonly onDestroy?: "refuse" | "keep";
  /** A second wave without scopes of its own is not possible; this replaces the whole list. */
  readonly waves?: (scope: VoiceScope) => readonly Wave[];
  /** Option 150 while the phones are on the destination. @default what the destination's TFTP nodes say */
  readonly destinationAnswer?: readonly string[];
  /** Without the source's CAPF in the destination's trust stores, as after the seed's "Method 2"; no way back either. */
  readonly withoutCapf?: true;
  /** @default "manual" */
  readonly method?: "bulk";
  readonly preProvisionCtl?: true;
  /** What is said of a cluster instead of what its lab says of itself. */
  readonly clusters?: { readonly [name in "source" | "destination"]: Partial<SecureClusterProps> };
  /** Without the migration: only the trust. */
  readonly trustOnly?: boolean;
}

/**
 * The declaration of main.ts over a lab, synthesised: Terraform JSON without `terraform` block, since the workspace
 * declares the providers itself.
 */
export function declaration(site: Site, declared: Declared): object {
  const stack = new TerraformStack(Testing.app(), "journey");
  const cluster = (name: "source" | "destination") =>
    new SecureCluster(stack, name, {
      ...site[name],
      identity: site[name],
      credentials: fromEnv(name.toUpperCase()),
      ...declared.clusters?.[name],
    });
  const trust = new TrustExchange(stack, "trust", {
    source: cluster("source"),
    destination: cluster("destination"),
    ...(declared.method
      ? { method: declared.method, sftp: { ...site.sftp, credentials: fromEnv("EXCHANGE") } }
      : { method: "manual" }),
    preProvisionCtl: declared.preProvisionCtl,
    migrateBack: declared.withoutCapf ? false : (declared.migrateBack ?? true),
  });
  const kea = new KeaServer(stack, "kea", { endpoints: site.dhcp.endpoints });
  const hq = new VoiceScope(stack, "hq", {
    server: kea,
    subnet: site.dhcp.subnet,
    destinationAnswer: declared.destinationAnswer,
  });
  if (!declared.trustOnly)
    new PhoneMigration(stack, "move", {
      trust,
      onDestroy: declared.onDestroy,
      waves: declared.waves?.(hq) ?? [
        {
          name: "hq",
          scopes: [hq],
          phones: declared.phones ?? [...site.phones.healthy, ...site.phones.stale],
          registeredOn: declared.registeredOn,
          acceptLockouts: declared.acceptLockouts,
          limits: { maxFailures: site.phones.stale.length, settleTime: 2, timeout: 60, ...declared.limits },
          onStop: declared.onStop,
        },
      ],
    });
  const { terraform: _, ...json } = JSON.parse(Testing.synth(stack));
  return declared.withoutCapf ? withoutCapf(json) : json;
}

interface Declaration {
  readonly resource: {
    readonly cucm_trust_memberships: { [name: string]: unknown };
    readonly null_resource?: { readonly [name: string]: { depends_on: readonly string[] } };
  };
  readonly data: {
    readonly cucm_trust_forecast?: { readonly [name: string]: { assume_trusted: { destination: unknown } } };
  };
}

/** Nothing is imported into the destination, nobody waits for it, and no forecast is told that it will be. */
function withoutCapf(json: Declaration): object {
  const memberships = json.resource.cucm_trust_memberships;
  const [name] = Object.keys(memberships).filter((key) => key.includes("destination-memberships"));
  delete memberships[name!];
  for (const gate of Object.values(json.resource.null_resource ?? {}))
    gate.depends_on = gate.depends_on.filter((address) => !address.endsWith(`.${name}`));
  for (const { assume_trusted } of Object.values(json.data.cucm_trust_forecast ?? {}))
    assume_trusted.destination = {};
  return json;
}
