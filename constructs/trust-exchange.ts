import { type IResolvable, TerraformStack, Token } from "cdktf";
import { Construct, type IDependable } from "constructs";
import { ConfigurationError } from "./configuration-error";
import { checkExchangeServer, type ExchangeServer } from "./exchange-server";
import { expression, fqn } from "./expression";
import { CucmTrustMemberships, CucmTvsProof } from "./generated/cucm";
import { checkProperties, type PropertiesOf } from "./properties";
import type { SecureCluster } from "./secure-cluster";
import { StackProviders } from "./stack-providers";

export type SignerStore = "CallManager-trust" | "Phone-SAST-trust";

export interface TrustExchangeProps {
  /** The cluster that phones leave. */
  readonly source: SecureCluster;
  /** The cluster that they move to. */
  readonly destination: SecureCluster;
  /**
   * How signers reach the trust stores: `manual` imports each one (Cisco's "Method 2"). `bulk` ("Method 1") has both
   * clusters export to an SFTP server and imports what they consolidate; what that does not bring (ITLRecovery, CAPF)
   * is imported one by one.
   * @default "manual"
   */
  readonly method?: "manual" | "bulk";
  /** Where clusters exchange certificates; for `method: "bulk"` only. */
  readonly sftp?: ExchangeServer;
  /**
   * Also import the source's signers into the destination and prove them there, so that phones can come back. Taking
   * it out again leaves them in the stores until a destroy, and `onDestroy: "keep"` of a migration also beyond it; a
   * `prune` of `destination-memberships` takes them out.
   * @default false
   */
  readonly migrateBack?: boolean;
  /**
   * Where signers are imported. TVS vouches by `Phone-SAST-trust`; Cisco's procedures also fill `CallManager-trust`.
   * `["Phone-SAST-trust"]` alone is the way out where `CallManager-trust` holds another certificate of the same name,
   * as it does when the new cluster has the old one's host names. Not with `method: "bulk"`, which fills both.
   * @default ["CallManager-trust", "Phone-SAST-trust"]
   */
  readonly signerStores?: readonly SignerStore[];
  /**
   * Also renew the source's CTL (`utils ctl update CTLFile`) so that it lists the destination's signers as SAST: a phone
   * that has fetched it follows without TVS. Restarts Cisco CallManager and Cisco Tftp on the source, node by node,
   * which interrupts calls; then reset the phones. Tokenless CTLs only, from 10.0. A move still demands the proof by TVS.
   * For the way there alone: the destination's CTL is not touched, with `migrateBack` neither.
   * @default false
   */
  readonly preProvisionCtl?: boolean;
  /**
   * Leave the certificates in the stores, and in the source's CTL, when this is destroyed.
   * @default false; true in the destination's stores where `onDestroy: "keep"` leaves phones there, which need them
   */
  readonly retainOnDestroy?: boolean;
  /**
   * Day (`2027-03-01`) until which neither a destroy nor a removal takes the certificates out of the stores. From then
   * on each plan warns that they may go. To let them go earlier, deploy an earlier day first.
   * @default they may go whenever no phone is away
   */
  readonly keepUntil?: string;
  /**
   * The exchange of another stack of this app that keeps the trust of these two clusters, where each site has a stack
   * of its own: certificates of a pair belong to one state. This exchange then imports nothing and has no other
   * setting; its stack is deployed after that one, and proves for itself that every TVS node vouches.
   * A destroy of that one knows nothing of phones of other stacks: it needs `keepUntil` or `retainOnDestroy: true`.
   * What it keeps on destroy for phones of this stack (`onDestroy: "keep"`) it keeps only while this is declared: write
   * `retainOnDestroy: true` there before this goes.
   * @default this exchange keeps the trust
   */
  readonly keptBy?: TrustExchange;
}

const PROPERTIES: PropertiesOf<TrustExchangeProps> = {
  source: "needed",
  destination: "needed",
  method: "optional",
  sftp: "optional",
  migrateBack: "optional",
  signerStores: "optional",
  preProvisionCtl: "optional",
  retainOnDestroy: "optional",
  keepUntil: "optional",
  keptBy: "optional",
};
/** What may stand beside `keptBy`. */
const OF_KEPT: readonly string[] = ["source", "destination", "keptBy"];

/** Sentences that must hold before phones move, each with the expression that says whether it does. */
export type Conditions = { readonly [sentence: string]: boolean | IResolvable };

/**
 * Cross-cluster trust: the destination's signers in the source's trust stores, so that the source's TVS vouches for
 * them, and the source's CAPF certificates in the destination's, so that phones with an LSC can register securely.
 */
export class TrustExchange extends Construct {
  readonly source: SecureCluster;
  readonly destination: SecureCluster;
  /** That every TVS node of the source vouches for every signer of the destination. */
  readonly proof: CucmTvsProof;
  /** With `migrateBack`: that every TVS node of the destination vouches for every signer of the source. */
  readonly proofBack: CucmTvsProof | undefined;
  /**
   * What the plan imports into each cluster, from data sources only: a forecast that waited for the memberships
   * would be read after them. Nothing where another stack keeps the trust: only what is there counts.
   */
  readonly imports: { readonly source: IResolvable; readonly destination: IResolvable } | undefined;
  /** Of the source and of the destination; none where another stack has them. */
  private readonly memberships: readonly [CucmTrustMemberships, CucmTrustMemberships] | undefined;
  private readonly retainOnDestroy: boolean | undefined;
  private readonly keepUntil: string | undefined;
  private readonly keptBy: TrustExchange | undefined;

  constructor(scope: Construct, id: string, props: TrustExchangeProps) {
    super(scope, id);
    checkProperties(this, "", props, PROPERTIES);
    const { source, destination, migrateBack = false, retainOnDestroy, keepUntil, keptBy } = props;
    if (source === destination)
      throw new ConfigurationError(
        this,
        "source and destination are the same cluster.",
        "Give the cluster that phones move to as destination.",
      );
    for (const cluster of [source, destination])
      if (TerraformStack.of(cluster) !== TerraformStack.of(this))
        throw new ConfigurationError(
          this,
          `cluster [${cluster.node.path}] belongs to another stack.`,
          "Declare the clusters in the stack that moves their phones: each stack has its own providers and its own state.",
        );
    if (destination.decommissioned)
      throw new ConfigurationError(
        this,
        `the destination [${destination.node.path}] is decommissioned.`,
        "Only a source that every phone has left can be: correct decommissioned.",
      );
    this.source = source;
    this.destination = destination;
    if (keptBy !== undefined) {
      this.checkKept(keptBy, props);
      TerraformStack.of(this).addDependency(TerraformStack.of(keptBy));
      this.keptBy = keptBy;
      this.proof = proofOf(this, "source-proof", source, { signersOf: destination, keptBy });
      // Of a source that is gone no signers are read, and nobody comes back.
      if (keptBy.proofBack && !source.decommissioned)
        this.proofBack = proofOf(this, "destination-proof", destination, { signersOf: source, keptBy });
      return;
    }
    this.checkDay(keepUntil);
    const stores = this.signerStores(props);
    const bulk = this.bulkServer(props);
    if (props.preProvisionCtl) this.checkCli(source, "preProvisionCtl");

    this.imports = {
      source: memberships([{ of: destination, when: "c.signer", stores }]),
      destination: memberships([
        { of: source, when: "!c.signer", stores: CAPF_STORES },
        ...(migrateBack ? [{ of: source, when: "c.signer", stores }] : []),
      ]),
    };
    const outward = new CucmTrustMemberships(this, "source-memberships", {
      cluster: source.clusterName,
      certificates: this.imports.source,
      method: props.method,
      bulk: bulk && { peer: destination.clusterName, ...bulk },
      updateCtl: props.preProvisionCtl,
      retainOnDestroy,
      keepUntil,
    });
    const inward = new CucmTrustMemberships(this, "destination-memberships", {
      cluster: destination.clusterName,
      certificates: this.imports.destination,
      // What it needs for the way there is CAPF, which no bulk exchange of signers brings.
      ...(migrateBack
        ? { method: props.method, bulk: bulk && { peer: source.clusterName, ...bulk } }
        : { method: props.method && "manual" }),
      retainOnDestroy,
      keepUntil,
    });
    this.proof = proofOf(this, "source-proof", source, outward);
    this.proofBack = migrateBack ? proofOf(this, "destination-proof", destination, inward) : undefined;
    this.memberships = [outward, inward];
    this.retainOnDestroy = retainOnDestroy;
    this.keepUntil = keepUntil;
  }

  /**
   * Phones stay on the destination when the stack is destroyed: what it must trust for that, the issuers of their LSCs,
   * stays too, unless `retainOnDestroy` says otherwise. With it stays everything that was imported there, also the
   * source's signers of `migrateBack`: a resource is retained as a whole.
   */
  keepForPhones(): void {
    if (this.memberships === undefined) this.keptBy?.keepForPhones();
    else if (this.retainOnDestroy === undefined) this.memberships[1].retainOnDestroy = true;
  }

  /** One state has the certificates of a pair, and what is to be said of them is said there. */
  private checkKept(keeper: TrustExchange, props: TrustExchangeProps): void {
    const fail = (problem: string, fix: string) => new ConfigurationError(this, problem, fix);
    const there = `[${keeper.node.path}]`;
    if (TerraformStack.of(keeper) === TerraformStack.of(this))
      throw fail(`keptBy ${there} is in this stack.`, "Give that one to the migration, without a second.");
    if (keeper.keptBy !== undefined)
      throw fail(
        `keptBy ${there} keeps no trust itself.`,
        `Name the one that does: [${keeper.keptBy.node.path}].`,
      );
    const stray = Object.entries(props).find(
      ([name, value]) => value !== undefined && !OF_KEPT.includes(name),
    );
    if (stray !== undefined)
      throw fail(
        `${stray[0]} stands beside keptBy.`,
        `Write it where the trust is kept, ${there}, and leave it out here.`,
      );
    if (keeper.keepUntil === undefined && keeper.retainOnDestroy !== true)
      throw fail(
        `keptBy ${there} has neither keepUntil nor retainOnDestroy, and a destroy of its stack knows nothing of the phones of this one.`,
        `Write keepUntil: "<day>" there, a day after the last site is done, or retainOnDestroy: true.`,
      );
    for (const side of ["source", "destination"] as const) {
      const [here, other] = [this[side].publisher, keeper[side].publisher];
      if (here !== other && !Token.isUnresolved(here) && !Token.isUnresolved(other))
        throw fail(
          `the publisher of its ${side} is ${here}, and that of ${there} is ${other}.`,
          "keptBy is for the same two clusters: correct one of the addresses.",
        );
    }
  }

  private checkDay(day: string | undefined): void {
    if (day === undefined || Token.isUnresolved(day)) return;
    const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T00:00:00Z`) : new Date(Number.NaN);
    if (!Number.isNaN(time.getTime()) && time.toISOString().startsWith(day)) return;
    throw new ConfigurationError(
      this,
      `keepUntil is "${day}", which is no day.`,
      'Write year, month and day, e.g. "2027-03-01".',
    );
  }

  private signerStores({ signerStores: stores = SIGNER_STORES, method }: TrustExchangeProps) {
    const stranger = stores.find((store) => !SIGNER_STORES.includes(store));
    if (stranger !== undefined || !stores.includes("Phone-SAST-trust"))
      throw new ConfigurationError(
        this,
        stranger === undefined
          ? "signerStores lacks Phone-SAST-trust, by which TVS vouches."
          : `signerStores has "${stranger}".`,
        'Write ["Phone-SAST-trust"], or leave it out for CallManager-trust as well.',
      );
    if (method === "bulk" && !stores.includes("CallManager-trust"))
      throw new ConfigurationError(
        this,
        'signerStores lacks CallManager-trust, and method "bulk" fills it.',
        'Set method: "manual", or leave signerStores out.',
      );
    return [...new Set(stores)];
  }

  private bulkServer({ method, sftp, source, destination }: TrustExchangeProps) {
    if (method !== "bulk") {
      if (sftp === undefined) return undefined;
      throw new ConfigurationError(
        this,
        "sftp is given, and nothing is exchanged there.",
        'Set method: "bulk", or leave sftp out.',
      );
    }
    if (sftp === undefined)
      throw new ConfigurationError(
        this,
        'method "bulk" needs an SFTP server.',
        "Give sftp the address, directory and host key of a server that both publishers reach.",
      );
    checkExchangeServer(this, sftp);
    for (const cluster of [source, destination]) this.checkCli(cluster, 'method "bulk"');
    const sftpServer = StackProviders.of(this).addSftpServer(this, {
      address: sftp.address,
      port: sftp.port,
      directory: sftp.directory,
      hostKeySha256: sftp.hostKeySha256 && [...sftp.hostKeySha256],
      usernameEnv: `SFTP_${sftp.credentials.prefix}_USERNAME`,
      passwordEnv: `SFTP_${sftp.credentials.prefix}_PASSWORD`,
    });
    return { sftpServer, archiveLeftovers: sftp.archiveLeftovers };
  }

  private checkCli({ pinsSsh, publisher, clusterName }: SecureCluster, what: string): void {
    if (pinsSsh) return;
    throw new ConfigurationError(
      this,
      `${what} uses the CLI of ${publisher}, and identity of "${clusterName}" says nothing of its SSH host key.`,
      "Add to sshSha256 what ssh-keygen -l prints of it.",
    );
  }

  /** The exchange that keeps the trust: this one, or that of another stack. */
  get keeper(): TrustExchange {
    return this.keptBy ?? this;
  }

  /** Everything that a move to the destination waits for. */
  get dependables(): IDependable[] {
    return [...(this.memberships ?? []), this.proof, ...(this.proofBack ? [this.proofBack] : [])];
  }

  /**
   * What must hold before a phone moves to the destination. A wave on the source must not refer to it. Of a source that
   * is decommissioned nothing is demanded: phones that join a wave are registered on the destination already.
   */
  get conditions(): Conditions {
    const { source, destination } = this;
    const ofDestination = this.conditionsOfDestination();
    if (source.decommissioned) return ofDestination;
    return {
      [`the source cluster "${source.clusterName}" is in mixed mode`]: expression(
        known(source, "security_mode", '== "mixed"'),
      ),
      [`"Prepare Cluster for Rollback to Pre 8.0" is False on "${source.clusterName}"`]: expression(
        known(source, "rollback_to_pre_8", "== false"),
      ),
      ...ofDestination,
      [`every TVS node of "${source.clusterName}" vouches for every signer of "${destination.clusterName}"`]:
        this.proof.proven,
      ...(this.proofBack && {
        [`every TVS node of "${destination.clusterName}" vouches for every signer of "${source.clusterName}"`]:
          this.proofBack.proven,
      }),
    };
  }

  private conditionsOfDestination(): Conditions {
    const { destination } = this;
    return {
      [`the destination cluster "${destination.clusterName}" is in mixed mode`]: expression(
        known(destination, "security_mode", '== "mixed"'),
      ),
      [`"${destination.clusterName}" has a node that runs TFTP`]: expression(
        `${fqn(destination.facts)}.version == null ? null : length(${fqn(destination.facts)}.tftp_addresses) > 0`,
      ),
      [`every node of "${destination.clusterName}" showed its signers`]: expression(
        `length(${fqn(destination.signers)}.certificates) > 0 && length(${fqn(destination.signers)}.unread) == 0`,
      ),
      [`every CTL, ITL and configuration of "${destination.clusterName}" is rightly signed`]: expression(
        `length(${fqn(destination.signers)}.problems) == 0`,
      ),
      [`no signer of "${destination.clusterName}" has expired`]: expression(
        `length(${fqn(destination.signers)}.expired) == 0`,
      ),
    };
  }
}

/** null while the cluster does not answer: that it could not be read is not that it is wrong. */
function known({ facts }: SecureCluster, attribute: string, condition: string): string {
  const value = `${fqn(facts)}.${attribute}`;
  return `${value} == null ? null : ${value} ${condition}`;
}

const SIGNER_STORES: readonly SignerStore[] = ["CallManager-trust", "Phone-SAST-trust"];
const CAPF_STORES = ["CAPF-trust", "CallManager-trust"];

interface Selection {
  readonly of: SecureCluster;
  /** HCL condition over `c`, one entry of the signers' certificates. */
  readonly when: string;
  readonly stores: readonly string[];
}

/** Synth cannot know how many signers a cluster has: the map is made by an expression at plan. */
function memberships(selections: readonly Selection[]): IResolvable {
  const maps = selections.map(
    ({ of, when, stores }) =>
      `{ for sha256, c in ${fqn(of.signers)}.certificates : sha256 => { pem = c.pem, stores = ${JSON.stringify(stores)} } if ${when} }`,
  );
  return expression(maps.length === 1 ? maps[0]! : `merge(${maps.join(", ")})`);
}

/** What a proof is about: what was imported here, or what has to be there because another stack imports it. */
type Proven = CucmTrustMemberships | { readonly signersOf: SecureCluster; readonly keptBy: TrustExchange };

function proofOf(scope: Construct, id: string, cluster: SecureCluster, of: Proven): CucmTvsProof {
  const [signers, generation] =
    of instanceof CucmTrustMemberships
      ? [
          `{ for sha256, c in ${of.terraformResourceType}.${of.friendlyUniqueId}.certificates : sha256 => c.pem if contains(c.stores, "Phone-SAST-trust") }`,
          of.generation,
        ]
      : [
          `{ for sha256, c in ${fqn(of.signersOf.signers)}.certificates : sha256 => c.pem if c.signer }`,
          // Each plan asks again whatever it says; what it must not do is change by itself.
          `kept by ${of.keptBy.node.path}`,
        ];
  return new CucmTvsProof(scope, id, {
    cluster: cluster.clusterName,
    signers: Token.asStringMap(expression(signers)),
    generation,
  });
}
