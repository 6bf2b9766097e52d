import { resident } from "../../../providers/framework/testing/resident";
import { nullStandInProvider } from "../../../providers/null-stand-in/provider";
import type { Certificate } from "../../../trust/certificate";
import { Role } from "../../../trust/roles";
import { buildTrustList } from "../../../trust/trust-list";
import { certificateOf } from "../../providers/cucm/certificates";
import { FakeCluster } from "../../providers/cucm/fake-cluster";
import { providerFor } from "../../providers/cucm/fake-core";
import { FakeFleet } from "../../providers/cucm/fake-fleet";

export const PILOT = "SEP00000000000A";
export const HQ = ["SEP000000000001", "SEP000000000002", "SEP000000000003"];

const clusters: { [name: string]: FakeCluster } = {};

/** Both providers inside the test; the clusters behind them are those of the current {@link twoClusters}. */
export async function hosted() {
  const late = (name: "source" | "destination") =>
    new Proxy({} as FakeCluster, {
      get: (_, property) => {
        const cluster = clusters[name]!;
        const value = Reflect.get(cluster, property, cluster);
        return typeof value === "function" ? value.bind(cluster) : value;
      },
    });
  const provider = providerFor(late("source"), late("destination"));
  const [cucm, gates] = await Promise.all([resident(provider), resident(nullStandInProvider)]);
  return {
    providers: { cucm, null: gates },
    close: async () => {
      await Promise.all([cucm.close(), gates.close()]);
    },
  };
}

/** A source and a destination with signers, a certificate that was in the source's stores before us, and phones. */
export function twoClusters() {
  const fleet = new FakeFleet();
  for (const phone of [PILOT, ...HQ]) fleet.add(phone);
  const [source, destination] = (["source", "destination"] as const).map((name) => {
    const cluster = new FakeCluster(name);
    cluster.fleet = fleet;
    for (const node of cluster.table) {
      const own = certificateOf({ cn: node.name });
      cluster.identities.set(`${node.name} CallManager`, own.certificate);
      cluster.identities.set(
        `${node.name} ITLRecovery`,
        certificateOf({ cn: `ITLRECOVERY_${node.name}` }).certificate,
      );
      if (!node.tftp) continue;
      for (const kind of ["CTL", "ITL"] as const) {
        const list = buildTrustList({
          kind,
          signer: own.certificate,
          privateKey: own.privateKey,
          digest: "sha1",
          timestamp: new Date("2015-03-06T18:45:13Z"),
          records: [{ certificate: own.certificate, role: Role.CCM_TFTP }],
        });
        cluster.files.set(`${node.name} ${kind}File.tlv`, list);
      }
    }
    cluster.identities.set(`${name}-pub CAPF`, certificateOf({ cn: `CAPF-${name}` }).certificate);
    clusters[name] = cluster;
    return cluster;
  }) as [FakeCluster, FakeCluster];
  const before: Certificate = destination.identities.get("destination-sub1 CallManager")!;
  source.seed("CallManager-trust", before);
  return { source, destination, fleet };
}

export interface Wave {
  readonly phones: readonly string[];
  readonly registeredOn: "source" | "destination";
  /** Beside the proof. */
  readonly conditions?: { readonly [sentence: string]: string };
  readonly onDestroy?: "keep";
}

interface More {
  /** The source is switched off for good. */
  readonly decommissioned?: boolean;
  /** Arguments of the memberships of both clusters. */
  readonly trust?: string;
}

/** A migration as the constructs lay it out: only a wave on the destination knows of the trust. */
export function migration(
  waves: { readonly [name: string]: Wave },
  { decommissioned = false, trust = "" }: More = {},
): string {
  return [
    `provider "cucm" {
  clusters = {
    source      = { publisher = "127.1.10.11", decommissioned = ${decommissioned} }
    destination = { publisher = "127.1.20.11" }
  }
}
data "cucm_cluster" "source" { cluster = "source" }
data "cucm_cluster" "destination" { cluster = "destination" }
data "cucm_signers" "source" { cluster = "source" }
data "cucm_signers" "destination" { cluster = "destination" }
resource "cucm_trust_memberships" "source" {
  cluster      = "source"
  certificates = { for sha256, c in data.cucm_signers.destination.certificates : sha256 => { pem = c.pem, stores = ["CallManager-trust", "Phone-SAST-trust"] } if c.signer }
  ${trust}
}
resource "cucm_trust_memberships" "destination" {
  cluster      = "destination"
  certificates = { for sha256, c in data.cucm_signers.source.certificates : sha256 => { pem = c.pem, stores = ["CAPF-trust", "CallManager-trust"] } if !c.signer }
  ${trust}
}
resource "cucm_tvs_proof" "source" {
  cluster    = "source"
  signers    = { for sha256, c in cucm_trust_memberships.source.certificates : sha256 => c.pem if contains(c.stores, "Phone-SAST-trust") }
  generation = cucm_trust_memberships.source.generation
}
`,
    ...Object.entries(waves).map(([name, wave]) =>
      wave.registeredOn === "source" ? resting(name, wave) : moving(name, wave, decommissioned),
    ),
  ].join("");
}

const registration = (name: string, { phones, registeredOn, onDestroy }: Wave, more: string) => `
resource "cucm_phone_registration" "${name}" {
  source        = "source"
  destination   = "destination"
  phones        = ${JSON.stringify(phones)}
  registered_on = "${registeredOn}"
  limits        = { settle_time = 0, timeout = 5 }
${onDestroy ? `  on_destroy = "${onDestroy}"\n` : ""}${more}}
`;

const resting = (name: string, wave: Wave) => registration(name, wave, "");

const OF_SOURCE = `"the source is in mixed mode" = data.cucm_cluster.source.security_mode == "mixed"
    "every source TVS node vouches for every destination signer" = cucm_tvs_proof.source.proven`;

const moving = (name: string, wave: Wave, decommissioned: boolean) => `
resource "null_resource" "gate_${name}" {
  triggers   = { signers = join(",", sort(keys(cucm_tvs_proof.source.signers))) }
  depends_on = [cucm_trust_memberships.source, cucm_trust_memberships.destination, cucm_tvs_proof.source]
}
${registration(
  name,
  wave,
  `  go_if = {
    "every node of the destination showed its signers" = length(data.cucm_signers.destination.unread) == 0
    ${decommissioned ? "" : OF_SOURCE}
${Object.entries(wave.conditions ?? {})
  .map(([sentence, expression]) => `    "${sentence}" = ${expression}\n`)
  .join("")}  }
  depends_on = [null_resource.gate_${name}]
`,
)}`;
