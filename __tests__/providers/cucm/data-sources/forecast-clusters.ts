/** Two clusters in memory whose TFTP nodes serve real lists: what the forecast reads. */
import type { ClusterNode, Operation } from "../../../../providers/cucm/cluster/cluster";
import type { trustForecastDataSource } from "../../../../providers/cucm/data-sources/trust-forecast";
import type { Side } from "../../../../providers/cucm/phones";
import type { StateOf } from "../../../../providers/framework/schema/attribute";
import type { Value } from "../../../../providers/framework/schema/value";
import { Role } from "../../../../trust/roles";
import { buildSignedFile } from "../../../../trust/signed-file";
import { buildTrustList, type RecordInput } from "../../../../trust/trust-list";
import type { Identity } from "../../../trust/authority";
import { certificateOf } from "../certificates";
import { FakeCluster } from "../fake-cluster";
import { FakeCore } from "../fake-core";
import { FakeFleet } from "../fake-fleet";

export const PHONE = "SEP000000000001";
export const OTHER = "SEP000000000002";
const CONFIGURATION = `${PHONE}.cnf.xml.sgn`;
/** Lists are older than any registration. */
const MADE = new Date("2015-03-06T18:45:13Z");

interface Keys {
  readonly own: ReadonlyMap<ClusterNode, Identity>;
  readonly tvs: ReadonlyMap<ClusterNode, Identity>;
  readonly recovery: Identity;
  readonly capf: Identity;
}

export class ForecastCluster extends FakeCluster {
  readonly keys: Keys;
  /** What the CTL lists as SAST beside its own signers. */
  provisioned: readonly Identity[] = [];
  /** Of every phone, by the name of the TFTP node that has built it. */
  readonly configurations = new Map<string, Buffer>();

  constructor(name: Side) {
    super(name);
    const identities = (suffix: string) =>
      new Map(this.table.map((node) => [node, certificateOf({ cn: `${node.name}${suffix}` })]));
    this.keys = {
      own: identities(""),
      tvs: identities("-tvs"),
      recovery: certificateOf({ cn: `ITLRECOVERY_${name}-pub` }),
      capf: certificateOf({ cn: `CAPF-${name}` }),
    };
    for (const [node, { certificate }] of this.keys.own)
      this.identities.set(`${node.name} CallManager`, certificate);
    for (const [node, { certificate }] of this.keys.tvs) this.identities.set(`${node.name} TVS`, certificate);
    this.identities.set(`${name}-pub ITLRecovery`, this.keys.recovery.certificate);
    this.identities.set(`${name}-pub CAPF`, this.keys.capf.certificate);
    // As an installation leaves it.
    this.seed("CallManager-trust", this.keys.capf.certificate);
    this.seed("CAPF-trust", this.keys.capf.certificate);
    this.serve();
  }

  override async servedFile(node: ClusterNode, name: string, op: Operation): Promise<Buffer | null> {
    const file = await super.servedFile(node, name, op);
    return (
      file ?? (/^SEP.*\.cnf\.xml\.sgn$/.test(name) ? (this.configurations.get(node.name) ?? null) : null)
    );
  }

  get tftp(): readonly ClusterNode[] {
    return this.table.filter((node) => node.tftp);
  }
  get publisherKey(): Identity {
    return this.keys.own.get(this.publisher)!;
  }

  /** @param signer of the CTL, else the publisher's CallManager; each node signs its ITL unless `itlSigner` does */
  serve(
    signer: Identity = this.publisherKey,
    digest: "sha1" | "sha512" = "sha1",
    timestamp = MADE,
    itlSigner: Identity | null = null,
  ): void {
    for (const node of this.tftp) {
      const own = this.keys.own.get(node)!;
      const signing = (by: Identity) =>
        ({ signer: by.certificate, privateKey: by.privateKey, digest, timestamp }) as const;
      this.files.set(
        `${node.name} CTLFile.tlv`,
        buildTrustList({ kind: "CTL", ...signing(signer), records: this.ctl(signer) }),
      );
      this.files.set(
        `${node.name} ITLFile.tlv`,
        buildTrustList({ kind: "ITL", ...signing(itlSigner ?? own), records: this.itl(own) }),
      );
      this.configurations.set(
        node.name,
        buildSignedFile({ ...signing(own), filename: CONFIGURATION, payload: Buffer.from("<d/>") }),
      );
    }
  }

  private ctl(signer: Identity): RecordInput[] {
    return [
      record(signer, Role.SAST),
      record(this.keys.recovery, Role.SAST),
      ...this.provisioned.map((one) => record(one, Role.SAST)),
      ...this.table.map((node) => record(this.keys.own.get(node)!, Role.CCM_TFTP, node)),
      record(this.keys.capf, Role.CAPF),
    ];
  }

  itl(own: Identity): RecordInput[] {
    return [
      record(own, Role.SAST),
      record(own, Role.CCM_TFTP),
      ...this.table.map((node) => record(this.keys.tvs.get(node)!, Role.TVS, node)),
      record(this.keys.capf, Role.CAPF),
    ];
  }
}

const record = ({ certificate }: Identity, role: number, node?: ClusterNode): RecordInput => ({
  role,
  certificate,
  ...(node && { dnsName: node.name, ipAddress: node.address }),
});

/** Two phones, registered with the source. */
export function forecastClusters() {
  const fleet = new FakeFleet().add(PHONE).add(OTHER);
  const source = new ForecastCluster("source");
  const destination = new ForecastCluster("destination");
  source.fleet = fleet;
  destination.fleet = fleet;
  return { source, destination, fleet };
}

/** What `TrustExchange` imports into the source, and into the destination. */
export function imports(source: ForecastCluster, destination: ForecastCluster) {
  const entry = ({ certificate: c }: Identity, stores: readonly string[]) =>
    [c.sha256, { pem: c.pem, stores }] as const;
  const signers = [...destination.keys.own.values(), destination.keys.recovery];
  return {
    source: Object.fromEntries(signers.map((one) => entry(one, ["CallManager-trust", "Phone-SAST-trust"]))),
    destination: Object.fromEntries([entry(source.keys.capf, ["CAPF-trust", "CallManager-trust"])]),
  };
}

/** What `TrustExchange` imports with `migrateBack`. */
export function importsBothWays(source: ForecastCluster, destination: ForecastCluster) {
  const forward = imports(source, destination);
  return {
    source: forward.source,
    destination: { ...forward.destination, ...imports(destination, source).source },
  };
}

export type Config = { readonly [name: string]: Value };
export type Forecast = StateOf<typeof trustForecastDataSource.attributes>;

/** The forecast of {@link PHONE} to the destination, unless told otherwise. */
export const question = (config: Config = {}): Config => ({
  source: "source",
  destination: "destination",
  phones: [PHONE],
  ...config,
});

export async function readForecast(
  source: ForecastCluster,
  destination: ForecastCluster,
  config: Config = {},
): Promise<{ readonly state: Forecast; readonly said: readonly string[] }> {
  return (await FakeCore.with(source, destination)).readData("cucm_trust_forecast", question(config));
}
