import { createHash } from "node:crypto";
import { type Context, defineResource } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { attr, type PlanOf, type StateOf } from "../../framework/schema/attribute";
import { UNKNOWN } from "../../framework/schema/value";
import { identityChanged, refuseReplacement } from "../../rules/identity";
import { importArguments } from "../../rules/import-id";
import { checkMethod, inBulk, methodAttributes, refuseBulk } from "../bulk-method";
import {
  type Certificates,
  isEmpty,
  isStrictSubset,
  keyProblem,
  memberships,
  minus,
  sameMemberships,
  storesProblem,
  union,
} from "../certificate-map";
import { type CucmClient, operation } from "../client";
import { type Cluster, ClusterError, type Operation, TRUST_STORES } from "../cluster/cluster";
import {
  deleteMemberships,
  importMissing,
  type Membership,
  membershipKey,
  type NodeMemberships,
  notLoaded,
  readMemberships,
  refuseSameName,
  requireRestart,
  restartTvs,
} from "../cluster/memberships";
import { warnUnread } from "../unread";

const certificate = {
  pem: attr.string({ required: true, description: "The certificate in PEM." }),
  stores: attr.list("string", {
    required: true,
    description: `Trust stores that hold it: ${TRUST_STORES.map((s) => `\`${s}\``).join(", ")}.`,
    validate: [storesProblem],
  }),
};

const attributes = {
  // Required
  cluster: attr.string({ required: true, description: "Name of the cluster in the provider's `clusters`." }),
  certificates: attr.mapOf(certificate, {
    required: true,
    description: "What the trust stores have to hold, by the SHA-256 of the certificate (lower-case hex).",
  }),
  // Optional
  ...methodAttributes,
  retain_on_destroy: attr.bool({
    default: false,
    description: "Leave the certificates in the stores on destroy.",
  }),
  prune: attr.bool({
    default: false,
    description:
      "Delete certificates that left `certificates` at once instead of keeping them until destroy. Set it for a deploy " +
      "in which every node can be read: the certificates of a node that does not answer have left too.",
  }),
  // Computed
  nodes: attr.map("bool", {
    computed: true,
    description: "By node: whether it holds every certificate. A node that was never read is left out.",
  }),
  missing: attr.list("string", {
    computed: true,
    description: "What a node lacks, `<node>: <store>/<sha256>`, sorted; also what its TVS has not loaded.",
  }),
  already_present: attr.list("string", {
    computed: true,
    description: "`<store>/<sha256>` that were there before; destroy leaves them.",
  }),
  superseded: attr.mapOf(
    {
      pem: attr.string({ computed: true, description: "The certificate in PEM." }),
      stores: attr.list("string", { computed: true, description: "Trust stores that hold it." }),
    },
    {
      computed: true,
      description: "Certificates that were replaced; they stay in the stores until destroy.",
    },
  ),
  generation: attr.string({
    computed: true,
    description: "Changes with every import, deletion and restart.",
  }),
} as const;

type State = StateOf<typeof attributes>;
type Plan = PlanOf<typeof attributes>;

const ID_FORM =
  '{"cluster":"source","certificates":{"<sha256>":{"pem":"<PEM>","stores":["Phone-SAST-trust"]}}}';
/** Optional: the other arguments, and what the lost state knew. */
const ID_SHAPE = {
  required: { cluster: "string", certificates: "object" },
  optional: {
    method: "string",
    bulk: "object",
    retain_on_destroy: "boolean",
    prune: "boolean",
    already_present: "array",
    generation: "string",
  },
} as const;
type Imported = Pick<State, "cluster" | "certificates"> &
  Partial<Pick<State, "method" | "bulk" | "retain_on_destroy" | "prune" | "already_present" | "generation">>;

export const trustMembershipsResource = defineResource<CucmClient>()({
  type: "cucm_trust_memberships",
  description:
    "Certificates in trust stores of one cluster: imported on the publisher, awaited on every node, and loaded by TVS, " +
    "which is restarted node by node (Cisco's manual procedure, steps 4 to 6).",
  example: `resource "cucm_trust_memberships" "source" {
  cluster = "source"
  certificates = {
    for sha256, c in data.cucm_signers.destination.certificates :
    sha256 => { pem = c.pem, stores = ["CallManager-trust", "Phone-SAST-trust"] } if c.signer
  }
}`,
  attributes,

  validate(config, ctx) {
    const { certificates } = config;
    checkMethod(config, ctx);
    if (certificates === UNKNOWN || certificates === null) return;
    for (const [sha256, c] of Object.entries(certificates)) {
      if (c === UNKNOWN || c.pem === UNKNOWN) continue;
      const problem = keyProblem(sha256, c.pem);
      if (problem)
        ctx.error("Certificate and key do not agree", problem, [
          { attribute: "certificates" },
          { key: sha256 },
        ]);
    }
  },

  async plan({ config, prior, planned }, ctx) {
    if (prior === null) return { planned: await planCreate(planned, ctx) };
    identityChanged("cluster", prior.cluster, config.cluster);
    if (!isKnown(planned.certificates)) return { planned };

    const { certificates, superseded } = reconcile(planned, prior);
    const added = minus(certificates, union(prior.certificates, prior.superseded));
    if (!isEmpty(added)) await warnRefusal(prior, planned, certificates, ctx);
    const changed =
      prior.missing.length > 0 ||
      !sameMemberships(certificates, prior.certificates) ||
      !sameMemberships(superseded, prior.superseded);
    return {
      planned: {
        ...planned,
        certificates,
        superseded,
        nodes: everyNode(Object.keys(prior.nodes)),
        missing: [],
        already_present: isEmpty(added) ? prior.already_present : UNKNOWN,
        generation: changed ? UNKNOWN : prior.generation,
      },
    };
  },

  async read({ state }, ctx) {
    const cluster = ctx.client.cluster(state.cluster);
    const op = operation(ctx);
    try {
      const wanted = memberships(state.certificates);
      const { nodes, unread } = await readMemberships(cluster, wanted, op);
      for (const { error } of unread) warnUnread(ctx, error, KEPT);
      const lines = await Promise.all(
        nodes.map(async (reading) => [
          ...wanted.filter((m) => !reading.present.has(membershipKey(m))).map(membershipKey),
          ...(await notLoaded(cluster, reading, wanted, op)).map((key) => `TVS has not loaded ${key}`),
        ]),
      );
      const missing = nodes.flatMap(({ node }, i) => lines[i]!.map((line) => `${node.name}: ${line}`));
      const silent = unread.map(({ node }) => node.name);
      const remembered = state.missing.filter((line) => silent.some((name) => line.startsWith(`${name}: `)));
      const known = silent.filter((name) => name in state.nodes);
      return {
        state: {
          ...state,
          missing: [...missing, ...remembered].sort(),
          nodes: Object.fromEntries([
            ...known.map((name) => [name, state.nodes[name]]),
            ...nodes.map(({ node }, i) => [node.name, lines[i]!.length === 0]),
          ]),
        },
      };
    } catch (error) {
      warnUnread(ctx, error, KEPT);
      return { state };
    }
  },

  async create({ planned }, ctx) {
    const wanted = memberships(planned.certificates as Certificates);
    if (wanted.length === 0)
      throw new DiagnosticError(
        "No certificates to import",
        "The attribute certificates is empty: the cluster they come from could not be read, or has none of this kind. See the warnings of this run.",
        [{ attribute: "certificates" }],
      );
    const state = planned as State;
    const cluster = ctx.client.cluster(state.cluster);
    const op = operation(ctx);
    const { imported, found } = await importMissing(
      cluster,
      wanted,
      new Set(),
      op,
      inBulk(cluster.name, state, ctx),
    );
    const nodes = await cluster.nodes(op);
    // A run that was interrupted after its import left TVS without the restart: a create always restarts.
    await restartTvs(cluster, nodes, op);
    return {
      state: {
        ...state,
        nodes: everyNode(nodes.map((n) => n.name)),
        missing: [],
        already_present: planned.already_present === UNKNOWN ? [...found].sort() : state.already_present,
        superseded: {},
        generation: nextGeneration("", wanted, imported),
      },
    };
  },

  async update({ prior, planned }, ctx) {
    const state = planned as State;
    if (planned.generation !== UNKNOWN) return { state };
    const cluster = ctx.client.cluster(prior.cluster);
    const op = operation(ctx);
    const before = union(prior.certificates, prior.superseded);
    const wanted = memberships(state.certificates);
    const pruned = memberships(minus(before, union(state.certificates, state.superseded)));

    // What only has to be repaired is imported one by one.
    const added = !isEmpty(minus(state.certificates, before));
    const way = added ? inBulk(cluster.name, state, ctx) : undefined;
    const { imported, found } = await importMissing(cluster, wanted, ownKeys(prior), op, way);
    const deleted = pruned.length > 0 ? await deleteMemberships(cluster, own(pruned, prior), op) : [];
    await restartTvs(cluster, await cluster.nodes(op), op);

    const known = new Set(memberships(before).map(membershipKey));
    const foundThere = wanted.map(membershipKey).filter((key) => !known.has(key) && found.has(key));
    return {
      state: {
        ...state,
        already_present: [...prior.already_present, ...foundThere].sort(),
        generation: nextGeneration(prior.generation, wanted, new Set([...imported, ...deleted])),
      },
    };
  },

  async delete({ prior, planned }, ctx) {
    refuseReplacement(planned, `The trust of cluster "${prior.cluster}"`);
    if (prior.retain_on_destroy) return;
    const cluster = ctx.client.cluster(prior.cluster);
    const op = operation(ctx);
    const mine = own(memberships(union(prior.certificates, prior.superseded)), prior);
    if (mine.length === 0) return;
    await deleteMemberships(cluster, mine, op);
    // Always: a destroy that was interrupted after its deletions left TVS without the restart.
    await restartTvs(cluster, await cluster.nodes(op), op);
  },

  import: {
    idForm: ID_FORM,
    async run(id) {
      const given = importArguments<Imported>(id, ID_SHAPE, ID_FORM);
      for (const [sha256, c] of Object.entries(given.certificates)) {
        const problem = keyProblem(sha256, c?.pem) ?? storesProblem(c?.stores);
        if (problem) throw new DiagnosticError("The import id names a wrong certificate", problem);
      }
      return {
        state: {
          cluster: given.cluster,
          certificates: given.certificates,
          method: given.method ?? "manual",
          bulk: given.bulk
            ? { ...given.bulk, archive_leftovers: given.bulk.archive_leftovers ?? null }
            : null,
          retain_on_destroy: given.retain_on_destroy ?? false,
          prune: given.prune ?? false,
          nodes: {},
          missing: [],
          already_present: [...(given.already_present ?? [])].sort(),
          superseded: {},
          generation: given.generation ?? "imported",
        },
      };
    },
  },
});

const KEPT = "What was known of its trust stores is kept.";

/**
 * What the stores have to hold, and what stays in them of earlier. A node that cannot be read takes its certificates
 * out of the configuration: fewer certificates and nothing new is therefore no change (unless they are pruned, and
 * even then nobody means to prune all of them).
 */
function reconcile(planned: Plan, prior: State) {
  const wanted = planned.certificates as Certificates;
  const prune = planned.prune === true;
  const certificates =
    isStrictSubset(wanted, prior.certificates) && (!prune || isEmpty(wanted)) ? prior.certificates : wanted;
  const superseded = prune ? {} : minus(union(prior.superseded, prior.certificates), certificates);
  return { certificates, superseded };
}

/** Only a create reads the device here: what is there already is known at plan, and so is a collision of names. */
async function planCreate(planned: Plan, ctx: Context<CucmClient>): Promise<Plan> {
  if (!isKnown(planned.certificates) || planned.cluster === UNKNOWN) return planned;
  const wanted = memberships(planned.certificates as Certificates);
  const next = { ...planned, missing: [], superseded: {} };
  const cluster = ctx.client.cluster(planned.cluster);
  const op = operation(ctx);
  try {
    const { nodes, unread } = await readMemberships(cluster, wanted, op);
    await refuseSameName(cluster, wanted, new Set(), "passes", op);
    const lacking = ({ node, present }: NodeMemberships) =>
      node.role === "publisher" &&
      wanted.some((m) => cluster.replicates(m.store) && !present.has(membershipKey(m)));
    if (nodes.some(lacking)) await refuseBulk(cluster.name, planned, ctx);
    for (const { error } of unread) warnUnread(ctx, error, DEMANDED);
    // An error here would stop other waves' way back as well: the create itself fails closed.
    if (unread.length > 0) return next;
    await warnOfRestart(cluster, nodes, op, ctx);
    const there = new Set(nodes.flatMap((n) => [...n.present]));
    return {
      ...next,
      nodes: everyNode(nodes.map((n) => n.node.name)),
      already_present: wanted.map(membershipKey).filter((key) => there.has(key)),
    };
  } catch (error) {
    warnUnread(ctx, error, DEMANDED);
    return next;
  }
}

/** A plan's account may not be allowed to ask Control Center, which the deploy's has to be. */
async function warnOfRestart(
  cluster: Cluster,
  nodes: Parameters<typeof requireRestart>[1],
  op: Operation,
  ctx: Context<CucmClient>,
): Promise<void> {
  try {
    await requireRestart(cluster, nodes, op);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
    ctx.warn(
      error.summary,
      `${error.detail} The import ends with restarts of TVS and will not begin without them.`,
    );
  }
}

const DEMANDED = "The import needs every node and will not begin without it.";

/**
 * Reads the device in the plan of an update too, but only to warn: no planned value comes from it. The refusal is
 * the update's, since an error here would stop other waves' way back as well.
 */
async function warnRefusal(
  prior: State,
  planned: Plan,
  wanted: Certificates,
  ctx: Context<CucmClient>,
): Promise<void> {
  try {
    await refuseSameName(
      ctx.client.cluster(prior.cluster),
      memberships(wanted),
      ownKeys(prior),
      "passes",
      operation(ctx),
    );
    await refuseBulk(prior.cluster, planned, ctx);
  } catch (error) {
    if (error instanceof ClusterError && error.kind === "refused")
      ctx.warn(error.summary, `${error.detail} The import will be refused.`);
    else warnUnread(ctx, error, DEMANDED);
  }
}

/** Without what was there before us. */
const own = (all: readonly Membership[], { already_present }: State) =>
  all.filter((m) => !already_present.includes(membershipKey(m)));
const ownKeys = (prior: State): ReadonlySet<string> =>
  new Set(own(memberships(union(prior.certificates, prior.superseded)), prior).map(membershipKey));

const everyNode = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, true]));

function isKnown(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isKnown);
}

const nextGeneration = (before: string, wanted: readonly Membership[], done: ReadonlySet<string>) =>
  createHash("sha256")
    .update(JSON.stringify([before, wanted.map(membershipKey), [...done].sort()]))
    .digest("hex")
    .slice(0, 16);
