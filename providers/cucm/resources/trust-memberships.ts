import { createHash } from "node:crypto";
import { type Context, defineResource } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { attr, type PlanOf, type StateOf } from "../../framework/schema/attribute";
import { UNKNOWN } from "../../framework/schema/value";
import { identityChanged, refuseReplacement } from "../../rules/identity";
import { importArguments, importHint } from "../../rules/import-id";
import { broughtBy, checkMethod, inBulk, methodAttributes } from "../bulk-method";
import {
  type Certificates,
  isEmpty,
  keyProblem,
  memberships,
  minus,
  sameMemberships,
  storesProblem,
  union,
} from "../certificate-map";
import { type CucmClient, operation } from "../client";
import { TRUST_STORES } from "../cluster/cluster";
import { renewCtl, requireCtlUpdate } from "../cluster/ctl";
import { type Membership, membershipKey } from "../cluster/membership";
import {
  deleteMemberships,
  importMissing,
  notLoaded,
  readMemberships,
  restartTvs,
} from "../cluster/memberships";
import {
  CTL_DEMANDED,
  ctlAttributes,
  ctlComputed,
  ctlGoal,
  readCtlPending,
  renewOrTell,
  warnOfCtlUpdate,
} from "../ctl-update";
import { warnForgotten } from "../decommissioned";
import { keptAttributes, refuseWhileKept, warnOfIssuers, warnWhenDue } from "../kept-trust";
import { warnUnread } from "../unread";
import {
  asItWas,
  ctlLeft,
  everyNode,
  isKnown,
  own,
  ownKeys,
  planCreate,
  pruned,
  reconcile,
  warnAtUpdate,
  warnRefusal,
} from "./trust-memberships-plan";

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
  ...ctlAttributes,
  retain_on_destroy: attr.bool({
    default: false,
    description: "Leave the certificates in the stores, and in the CTL, on destroy.",
  }),
  prune: attr.bool({
    default: false,
    description:
      "Delete certificates that left `certificates` at once instead of keeping them until destroy. Set it for a deploy " +
      "in which every node can be read: the certificates of a node that does not answer have left too.",
  }),
  ...keptAttributes,
  // Computed
  nodes: attr.map("bool", {
    computed: true,
    description: "By node: whether it holds every certificate. A node that was never read is left out.",
  }),
  missing: attr.list("string", {
    computed: true,
    description: "What a node lacks, `<node>: <store>/<sha256>`, sorted; also what its TVS has not loaded.",
  }),
  ...ctlComputed,
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

export type State = StateOf<typeof attributes>;
export type Plan = PlanOf<typeof attributes>;

const ID_FORM =
  '{"cluster":"source","certificates":{"<sha256>":{"pem":"<PEM>","stores":["Phone-SAST-trust"]}}}';
/** Optional: the other arguments, and what the lost state knew. */
const ID_SHAPE = {
  required: { cluster: "string", certificates: "object" },
  optional: {
    method: "string",
    bulk: "object",
    update_ctl: "boolean",
    retain_on_destroy: "boolean",
    prune: "boolean",
    keep_until: "string",
    already_present: "array",
    generation: "string",
  },
} as const;
type Imported = Pick<State, "cluster" | "certificates"> &
  Partial<
    Pick<
      State,
      | "method"
      | "bulk"
      | "update_ctl"
      | "retain_on_destroy"
      | "prune"
      | "keep_until"
      | "already_present"
      | "generation"
    >
  >;

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
    if (ctx.client.isDecommissioned(prior.cluster)) return { planned: asItWas(planned, prior) };
    warnWhenDue({ ...prior, keep_until: planned.keep_until }, ctx);
    if (!isKnown(planned.certificates)) return { planned };

    const { certificates, superseded } = reconcile(planned, prior);
    if (pruned(prior, certificates, superseded).length > 0)
      refuseWhileKept({ ...prior, keep_until: planned.keep_until }, "A prune", ctx);
    const added = minus(certificates, union(prior.certificates, prior.superseded));
    if (!isEmpty(added)) await warnRefusal(prior, planned, certificates, ctx);
    const changed =
      prior.missing.length > 0 ||
      !sameMemberships(certificates, prior.certificates) ||
      !sameMemberships(superseded, prior.superseded);
    if (planned.update_ctl === true && (changed || ctlLeft(prior)))
      await warnAtUpdate(ctx, async () => {
        const brought = isEmpty(added) ? [] : await broughtBy(prior.cluster, planned, "passes", ctx);
        const goal = ctlGoal(certificates, pruned(prior, certificates, superseded), brought);
        await warnOfCtlUpdate(ctx.client.cluster(prior.cluster), goal, CTL_DEMANDED, ctx);
      });
    return {
      planned: {
        ...planned,
        certificates,
        superseded,
        nodes: everyNode(Object.keys(prior.nodes)),
        missing: [],
        ctl_pending: [],
        already_present: isEmpty(added) ? prior.already_present : UNKNOWN,
        generation: changed ? UNKNOWN : prior.generation,
      },
    };
  },

  async planDestroy({ prior }, ctx) {
    if (ctx.client.isDecommissioned(prior.cluster)) return forget(prior, ctx);
    if (prior.retain_on_destroy) return;
    refuseWhileKept(prior, "A destroy", ctx);
    const mine = own(memberships(union(prior.certificates, prior.superseded)), prior);
    warnOfIssuers(prior.cluster, mine, ctx);
    if (!prior.update_ctl) return;
    await warnAtUpdate(ctx, () =>
      warnOfCtlUpdate(ctx.client.cluster(prior.cluster), ctlGoal({}, mine), CTL_DEMANDED, ctx),
    );
  },

  async read({ state }, ctx) {
    if (ctx.client.isDecommissioned(state.cluster)) return { state };
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
      const told = unread.map(({ node }) => node.address);
      const pending = state.update_ctl
        ? await readCtlPending(cluster, ctlGoal(state.certificates), state.ctl_pending, told, KEPT, ctx)
        : [];
      return {
        state: {
          ...state,
          missing: [...missing, ...remembered].sort(),
          ctl_pending: pending,
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
    const brought = state.update_ctl ? await broughtBy(cluster.name, state, "stops", ctx) : [];
    const goal = ctlGoal(state.certificates, [], brought);
    if (state.update_ctl) await requireCtlUpdate(cluster, goal, op);
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
    if (state.update_ctl) await renewCtl(cluster, goal, op);
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
    if (ctx.client.isDecommissioned(prior.cluster)) return { state };
    const inStores = planned.generation === UNKNOWN;
    const inCtl = state.update_ctl && (inStores || ctlLeft(prior));
    if (!inStores && !inCtl) return { state };
    const cluster = ctx.client.cluster(prior.cluster);
    const op = operation(ctx);
    const gone = pruned(prior, state.certificates, state.superseded);
    if (gone.length > 0) refuseWhileKept(state, "A prune", ctx);
    const before = union(prior.certificates, prior.superseded);
    const added = !isEmpty(minus(state.certificates, before));
    const brought = inCtl && added ? await broughtBy(cluster.name, state, "stops", ctx) : [];
    const goal = ctlGoal(state.certificates, gone, brought);
    if (inCtl) await requireCtlUpdate(cluster, goal, op);
    if (!inStores) {
      await renewCtl(cluster, goal, op);
      return { state };
    }
    const wanted = memberships(state.certificates);

    // What only has to be repaired is imported one by one.
    const way = added ? inBulk(cluster.name, state, ctx) : undefined;
    const { imported, found } = await importMissing(cluster, wanted, ownKeys(prior), op, way);
    const deleted = gone.length > 0 ? await deleteMemberships(cluster, gone, op) : [];
    await restartTvs(cluster, await cluster.nodes(op), op);
    const left = inCtl ? await renewOrTell(cluster, goal, ctx) : [];

    const known = new Set(memberships(before).map(membershipKey));
    const foundThere = wanted.map(membershipKey).filter((key) => !known.has(key) && found.has(key));
    return {
      state: {
        ...state,
        ctl_pending: left,
        already_present: [...prior.already_present, ...foundThere].sort(),
        generation: nextGeneration(prior.generation, wanted, new Set([...imported, ...deleted])),
      },
    };
  },

  async delete({ prior, planned }, ctx) {
    refuseReplacement(planned, `The trust of cluster "${prior.cluster}"`);
    if (ctx.client.isDecommissioned(prior.cluster)) return forget(prior, ctx);
    if (prior.retain_on_destroy) return;
    refuseWhileKept(prior, "A destroy", ctx);
    const cluster = ctx.client.cluster(prior.cluster);
    const op = operation(ctx);
    const mine = own(memberships(union(prior.certificates, prior.superseded)), prior);
    if (mine.length === 0) return;
    const goal = ctlGoal({}, mine);
    if (prior.update_ctl) await requireCtlUpdate(cluster, goal, op);
    await deleteMemberships(cluster, mine, op);
    // Always: a destroy that was interrupted after its deletions left TVS without the restart.
    await restartTvs(cluster, await cluster.nodes(op), op);
    if (prior.update_ctl) await renewCtl(cluster, goal, op);
  },

  import: {
    idForm: ID_FORM,
    hint: importHint(ID_SHAPE, ID_FORM),
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
          update_ctl: given.update_ctl ?? false,
          retain_on_destroy: given.retain_on_destroy ?? false,
          prune: given.prune ?? false,
          keep_until: given.keep_until ?? null,
          nodes: {},
          missing: [],
          ctl_pending: [],
          already_present: [...(given.already_present ?? [])].sort(),
          superseded: {},
          generation: given.generation ?? "imported",
        },
      };
    },
  },
});

const KEPT = "What was known of its trust stores is kept.";

const forget = (prior: State, ctx: Context<CucmClient>) =>
  warnForgotten(prior.cluster, memberships(union(prior.certificates, prior.superseded)).length, ctx);

const nextGeneration = (before: string, wanted: readonly Membership[], done: ReadonlySet<string>) =>
  createHash("sha256")
    .update(JSON.stringify([before, wanted.map(membershipKey), [...done].sort()]))
    .digest("hex")
    .slice(0, 16);
