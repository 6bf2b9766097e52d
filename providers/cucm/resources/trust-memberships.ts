import { createHash } from "node:crypto";
import { Certificate, CertificateError } from "../../../trust/certificate";
import { type Context, defineResource } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { attr, type PlanOf, type StateOf } from "../../framework/schema/attribute";
import { UNKNOWN } from "../../framework/schema/value";
import { type CucmClient, operation } from "../client";
import { TRUST_STORES, type TrustStore } from "../cluster/cluster";
import {
  deleteMemberships,
  importMissing,
  type Membership,
  membershipKey,
  readMemberships,
  refuseSameName,
  restartTvs,
} from "../cluster/memberships";
import { importArguments } from "../import-id";
import { identityChanged } from "../moves";
import { isUnread, warnUnread } from "../unread";

/** `{ sha256 -> pem, stores }`: the shape of `certificates` and `superseded`. */
type Certificates = {
  readonly [sha256: string]: { readonly pem: string; readonly stores: readonly string[] };
};

const certificate = {
  pem: attr.string({ required: true, description: "The certificate in PEM." }),
  stores: attr.list("string", {
    required: true,
    description: `Trust stores that hold it: ${TRUST_STORES.map((s) => `\`${s}\``).join(", ")}.`,
    validate: [
      (stores) => {
        const wrong = stores.find((s) => !TRUST_STORES.includes(s as TrustStore));
        if (wrong !== undefined) return `"${wrong}" is not a trust store; use ${TRUST_STORES.join(", ")}.`;
        return stores.length === 0 ? "Name at least one trust store." : undefined;
      },
    ],
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
  method: attr.string({
    default: "manual",
    oneOf: ["manual"],
    description: "How certificates get there: `manual` imports each one.",
  }),
  retain_on_destroy: attr.bool({
    default: false,
    description: "Leave the certificates in the stores on destroy.",
  }),
  prune: attr.bool({
    default: false,
    description:
      "Delete certificates that left `certificates` at once instead of keeping them until destroy.",
  }),
  // Computed
  nodes: attr.map("bool", { computed: true, description: "By node: whether it holds every certificate." }),
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

    const wanted = planned.certificates as Certificates;
    const kept = planned.prune !== true && isStrictSubset(wanted, prior.certificates);
    const certificates = kept ? prior.certificates : wanted;
    const superseded =
      planned.prune === true ? {} : without({ ...prior.superseded, ...prior.certificates }, certificates);
    const added = without(certificates, { ...prior.certificates, ...prior.superseded });
    await refuseAdded(prior.cluster, added, { ...prior.certificates, ...prior.superseded }, ctx);

    const changed =
      prior.missing.length > 0 ||
      !sameKeys(certificates, prior.certificates) ||
      !sameKeys(superseded, prior.superseded);
    return {
      planned: {
        ...planned,
        certificates,
        superseded,
        nodes: everyNode(Object.keys(prior.nodes)),
        missing: [],
        already_present: Object.keys(added).length > 0 ? UNKNOWN : prior.already_present,
        generation: changed ? UNKNOWN : prior.generation,
      },
    };
  },

  async read({ state }, ctx) {
    const cluster = ctx.client.cluster(state.cluster);
    try {
      const wanted = memberships(state.certificates);
      const { nodes, unread } = await readMemberships(cluster, wanted, operation(ctx));
      for (const { error } of unread) warnUnread(ctx, error, "What was known of its trust stores is kept.");
      const silent = unread.map(({ node }) => node.name);
      const missing = nodes.flatMap(({ node, present, notLoaded }) => [
        ...wanted
          .filter((m) => !present.has(membershipKey(m)))
          .map((m) => `${node.name}: ${membershipKey(m)}`),
        ...[...notLoaded].map((key) => `${node.name}: TVS has not loaded ${key}`),
      ]);
      const remembered = state.missing.filter((line) => silent.some((name) => line.startsWith(`${name}: `)));
      const lines = [...missing, ...remembered].sort();
      return {
        state: {
          ...state,
          missing: lines,
          nodes: Object.fromEntries([
            ...silent.map((name) => [name, state.nodes[name] ?? false]),
            ...nodes.map(({ node }) => [node.name, !lines.some((line) => line.startsWith(`${node.name}: `))]),
          ]),
        },
      };
    } catch (error) {
      if (!isUnread(error)) throw error;
      warnUnread(ctx, error, "What was known of its trust stores is kept.");
      return { state };
    }
  },

  async create({ planned }, ctx) {
    const wanted = memberships(planned.certificates as Certificates);
    if (wanted.length === 0)
      throw new DiagnosticError(
        "No certificates to import",
        "The attribute certificates is empty: the cluster they come from could not be read. See the warnings of this run.",
        [{ attribute: "certificates" }],
      );
    const cluster = ctx.client.cluster(planned.cluster as string);
    const op = operation(ctx);
    const imported = await importMissing(cluster, wanted, op);
    const nodes = await cluster.nodes(op);
    // A run that was interrupted after its import left TVS without the restart: a create always restarts.
    await restartTvs(cluster, nodes, op);
    return {
      state: {
        ...(planned as State),
        nodes: everyNode(nodes.map((n) => n.name)),
        missing: [],
        superseded: {},
        generation: nextGeneration("", wanted, imported),
      },
    };
  },

  async update({ prior, planned }, ctx) {
    const cluster = ctx.client.cluster(prior.cluster);
    const op = operation(ctx);
    const { certificates, superseded } = planned as State;
    const wanted = memberships(certificates);
    const pruned = memberships(
      without({ ...prior.certificates, ...prior.superseded }, { ...certificates, ...superseded }),
    );
    const known = new Set(memberships({ ...prior.certificates, ...prior.superseded }).map(membershipKey));

    const idle = planned.generation !== UNKNOWN;
    const imported = idle ? new Set<string>() : await importMissing(cluster, wanted, op);
    const deleted =
      pruned.length > 0 ? await deleteMemberships(cluster, ours(pruned, prior), op) : new Set<string>();
    const nodes = await cluster.nodes(op);
    if (!idle) await restartTvs(cluster, nodes, op);
    const foundThere = wanted.map(membershipKey).filter((key) => !known.has(key) && !imported.has(key));
    return {
      state: {
        ...(planned as State),
        nodes: everyNode(Object.keys(planned.nodes as object)),
        already_present: [...prior.already_present, ...foundThere].sort(),
        generation: idle
          ? prior.generation
          : nextGeneration(prior.generation, wanted, new Set([...imported, ...deleted])),
      },
    };
  },

  async delete({ prior }, ctx) {
    if (prior.retain_on_destroy) return;
    const cluster = ctx.client.cluster(prior.cluster);
    const op = operation(ctx);
    const mine = ours(memberships({ ...prior.superseded, ...prior.certificates }), prior);
    if ((await deleteMemberships(cluster, mine, op)).size > 0)
      await restartTvs(cluster, await cluster.nodes(op), op);
  },

  import: {
    idForm: ID_FORM,
    async run(id) {
      const { cluster, certificates } = importArguments<{ cluster: string; certificates: Certificates }>(
        id,
        { cluster: "string", certificates: "object" },
        ID_FORM,
      );
      for (const [sha256, c] of Object.entries(certificates)) {
        const problem = keyProblem(sha256, c.pem);
        if (problem) throw new DiagnosticError("The import id names a wrong certificate", problem);
      }
      return {
        state: {
          cluster,
          certificates,
          method: "manual",
          retain_on_destroy: false,
          prune: false,
          nodes: {},
          missing: [],
          already_present: [],
          superseded: {},
          generation: "imported",
        },
      };
    },
  },
});

/** Only a create reads the device here: what is there already is known at plan, and so is a collision of names. */
async function planCreate(planned: Plan, ctx: Context<CucmClient>): Promise<Plan> {
  if (!isKnown(planned.certificates) || planned.cluster === UNKNOWN) return planned;
  const wanted = memberships(planned.certificates as Certificates);
  const cluster = ctx.client.cluster(planned.cluster);
  const { nodes, unread } = await readMemberships(cluster, wanted, operation(ctx));
  // Fails closed: what is there already would not be known, and a destroy could take too much away.
  if (unread.length > 0) throw unread[0]!.error;
  await refuseSameName(cluster, wanted, new Set(), operation(ctx));
  const publisher = nodes.find((n) => n.node.role === "publisher");
  return {
    ...planned,
    nodes: everyNode(nodes.map((n) => n.node.name)),
    missing: [],
    superseded: {},
    already_present: wanted
      .map(membershipKey)
      .filter((key) => publisher?.present.has(key))
      .sort(),
  };
}

/** Reads the device in the plan of an update too, but only to refuse: no planned value comes from it. */
async function refuseAdded(name: string, added: Certificates, known: Certificates, ctx: Context<CucmClient>) {
  const wanted = memberships(added);
  if (wanted.length === 0) return;
  await refuseSameName(ctx.client.cluster(name), wanted, new Set(Object.keys(known)), operation(ctx));
}

function memberships(certificates: Certificates): Membership[] {
  return Object.entries(certificates)
    .flatMap(([, { pem, stores }]) => {
      const certificate = Certificate.fromPem(pem);
      return stores.map((store) => ({ store: store as TrustStore, certificate }));
    })
    .sort((a, b) => (membershipKey(a) < membershipKey(b) ? -1 : 1));
}

function keyProblem(sha256: string, pem: string): string | undefined {
  try {
    const actual = Certificate.fromPem(pem).sha256;
    return actual === sha256
      ? undefined
      : `The key is ${sha256}, but the SHA-256 of the certificate is ${actual}.`;
  } catch (error) {
    if (error instanceof CertificateError) return `The pem of ${sha256} is no certificate: ${error.message}.`;
    throw error;
  }
}

const ours = (all: readonly Membership[], prior: { readonly already_present: readonly string[] }) =>
  all.filter((m) => !prior.already_present.includes(membershipKey(m)));

const everyNode = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, true]));

const without = (all: Certificates, gone: Certificates): Certificates =>
  Object.fromEntries(Object.entries(all).filter(([sha256]) => !(sha256 in gone)));

const sameKeys = (a: Certificates, b: Certificates) => {
  const keys = (c: Certificates) => memberships(c).map(membershipKey).join();
  return keys(a) === keys(b);
};

/** Fewer certificates and nothing new: a node that shows some of them could not be read. */
const isStrictSubset = (wanted: Certificates, prior: Certificates) =>
  Object.keys(wanted).length < Object.keys(prior).length &&
  Object.entries(wanted).every(([sha256, c]) => prior[sha256]?.stores.join() === c.stores.join());

function isKnown(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isKnown);
}

const nextGeneration = (before: string, wanted: readonly Membership[], done: ReadonlySet<string>) =>
  createHash("sha256")
    .update(JSON.stringify([before, wanted.map(membershipKey), [...done].sort()]))
    .digest("hex")
    .slice(0, 16);
