import { isDeepStrictEqual } from "node:util";
import { Certificate } from "../../../trust/certificate";
import { Role } from "../../../trust/roles";
import { type Context, defineResource } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { attr, type PlanOf, type StateOf } from "../../framework/schema/attribute";
import { UNKNOWN } from "../../framework/schema/value";
import { identityChanged } from "../../rules/identity";
import { importArguments, importHint } from "../../rules/import-id";
import { keyProblem } from "../certificate-map";
import { type CucmClient, operation } from "../client";
import {
  type Cluster,
  ClusterError,
  type ClusterNode,
  isUnreachable,
  type Operation,
  type TvsAnswer,
} from "../cluster/cluster";
import { warnUnread } from "../unread";

const attributes = {
  // Required
  cluster: attr.string({
    required: true,
    description: "The cluster whose TVS nodes are asked: the one that phones leave.",
  }),
  signers: attr.map("string", {
    required: true,
    description:
      "Certificates in PEM that every TVS node must vouch for, by SHA-256 (lower-case hex). Fewer with the same " +
      "`generation`, and none new, means that a node which shows some could not be read: a proof that is true stays.",
  }),
  generation: attr.string({
    required: true,
    description: "`generation` of the memberships: a change asks every node again.",
  }),
  // Computed
  proven: attr.bool({
    computed: true,
    description:
      "Whether every TVS node vouched for every signer, with the roles that lists and configurations need.",
  }),
  answers: attr.map("string", { computed: true, description: "By node: what its TVS answered, in words." }),
} as const;

type State = StateOf<typeof attributes>;

const ID_FORM = '{"cluster":"source","signers":{"<sha256>":"<PEM>"}}';
/** `generation` may be added where the memberships are not imported as well. */
const ID_SHAPE = {
  required: { cluster: "string", signers: "object" },
  optional: { generation: "string" },
} as const;

export const tvsProofResource = defineResource<CucmClient>()({
  type: "cucm_tvs_proof",
  description:
    "The proof that phones will follow: every TVS node of the cluster that they leave is asked, as a phone asks, for " +
    "every signer of the cluster that they move to. An answer that is no proof is a warning and `proven = false`; what " +
    "moves phones refuses then.",
  example: `resource "cucm_tvs_proof" "source" {
  cluster    = "source"
  signers    = { for sha256, c in cucm_trust_memberships.source.certificates : sha256 => c.pem }
  generation = cucm_trust_memberships.source.generation
}`,
  attributes,

  validate({ signers }, ctx) {
    if (signers === UNKNOWN || signers === null) return;
    for (const [sha256, pem] of Object.entries(signers)) {
      if (pem === UNKNOWN) continue;
      const problem = keyProblem(sha256, pem);
      if (problem)
        ctx.error("Signer and key do not agree", problem, [{ attribute: "signers" }, { key: sha256 }]);
    }
  },

  async plan({ config, prior, planned, private: seen }, ctx) {
    if (prior === null) return { planned };
    identityChanged("cluster", prior.cluster, config.cluster);
    // The last answers stay what they are: nobody can be asked.
    if (ctx.client.isDecommissioned(prior.cluster)) return { planned: prior };
    const same = config.generation === prior.generation;
    const signers = same && unreadSince(config.signers, prior) ? prior.signers : planned.signers;
    if (same && isDeepStrictEqual(signers, prior.signers) && prior.proven && !silent(seen))
      return { planned: { ...planned, signers, proven: true, answers: prior.answers } };
    return { planned: { ...planned, signers, proven: UNKNOWN, answers: UNKNOWN } };
  },

  async read({ state }, ctx) {
    if (ctx.client.isDecommissioned(state.cluster)) return { state };
    const cluster = ctx.client.cluster(state.cluster);
    try {
      const { answers, proven, unread, failed } = await ask(cluster, state.signers, operation(ctx));
      if (unread.length === 0) return { state: { ...state, answers, proven }, private: { silent: [] } };
      for (const { error } of unread)
        warnUnread(ctx, error, "What it answered before is kept; a move asks it again.");
      const names = unread.map(({ node }) => node.name).sort();
      const kept = Object.fromEntries(names.map((name) => [name, state.answers[name] ?? "not asked yet"]));
      const denied = failed.some((name) => !names.includes(name));
      return {
        state: { ...state, answers: { ...answers, ...kept }, proven: state.proven && !denied },
        private: { silent: names },
      };
    } catch (error) {
      warnUnread(ctx, error, "What its TVS nodes answered before is kept; a move asks them again.");
      return { state, private: { silent: ["*"] } };
    }
  },

  create: ({ config }, ctx) => prove(config, ctx),
  update: ({ config, planned }, ctx) =>
    prove({ ...config, signers: planned.signers as State["signers"] }, ctx),
  async delete() {},

  import: {
    idForm: ID_FORM,
    hint: importHint(ID_SHAPE, ID_FORM),
    async run(id, ctx) {
      const { cluster, signers, generation } = importArguments<
        Pick<State, "cluster" | "signers"> & Partial<Pick<State, "generation">>
      >(id, ID_SHAPE, ID_FORM);
      for (const [sha256, pem] of Object.entries(signers)) {
        const problem = keyProblem(sha256, pem);
        if (problem) throw new DiagnosticError("The import id names a wrong signer", problem);
      }
      const imported = { cluster, signers, generation: generation ?? "imported" };
      // What it answered then is lost with the state, and nobody asks for it any more.
      if (ctx.client.isDecommissioned(cluster))
        return { state: { ...imported, proven: false, answers: {} }, private: { silent: [] } };
      return prove(imported, ctx);
    },
  },
});

/** Never an error of a cluster: what is true is recorded, and whatever moves phones fails closed on it. */
async function prove(
  { cluster: name, signers, generation }: Pick<State, "cluster" | "signers" | "generation">,
  ctx: Context<CucmClient>,
) {
  const { answers, proven, failed } = await askOrSay(ctx.client.cluster(name), signers, operation(ctx));
  for (const node of failed)
    ctx.warn(
      `No proof from TVS of ${node} (cluster "${name}")`,
      `${answers[node]}. Phones that ask this node would be locked out, so no wave moves to the destination until it vouches.`,
    );
  if (Object.keys(signers).length === 0)
    ctx.warn(
      `Nothing to prove on cluster "${name}"`,
      "The attribute signers is empty, so no wave moves to the destination.",
    );
  else if (!proven && failed.length === 0)
    ctx.warn(
      `No proof from cluster "${name}"`,
      "None of its nodes runs Cisco Trust Verification Service, so no wave moves to the destination.",
    );
  return { state: { cluster: name, signers, generation, proven, answers }, private: { silent: [] } };
}

/** Without its nodes there is nobody to ask: the publisher's failure is then the answer. */
async function askOrSay(cluster: Cluster, signers: State["signers"], op: Operation) {
  try {
    return await ask(cluster, signers, op);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
    const who = error.node ?? "publisher";
    return { answers: { [who]: words(error) }, proven: false, failed: [who] };
  }
}

interface Unread {
  readonly node: ClusterNode;
  readonly error: ClusterError;
}

async function ask(cluster: Cluster, signers: State["signers"], op: Operation) {
  const certificates = Object.values(signers).map((pem) => Certificate.fromPem(pem));
  const unread: Unread[] = [];
  const failed: string[] = [];
  const nodes = (await cluster.nodes(op)).filter((n) => n.tvs);
  const answers = await Promise.all(
    nodes.map(async (node) => {
      const asked = await Promise.all(
        certificates.map(async (certificate) => {
          try {
            return verdict(certificate, await cluster.askTvs(node, certificate, op));
          } catch (error) {
            if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
            if (isUnreachable(error) && !unread.some((u) => u.node === node)) unread.push({ node, error });
            return words(error);
          }
        }),
      );
      const failures = [...new Set(asked.filter((a) => a !== null))].sort();
      if (failures.length > 0) failed.push(node.name);
      return [node.name, failures.join("; ") || `vouches for all ${asked.length}`] as const;
    }),
  );
  const proven = nodes.length > 0 && certificates.length > 0 && failed.length === 0;
  return { answers: Object.fromEntries(answers), proven, unread, failed: failed.sort() };
}

const words = (error: ClusterError) => `${error.summary}: ${error.detail.replace(/\.$/, "")}`;

/**
 * null when the answer is enough for a phone: role 0 for lists, 2 or 3 for signed configurations, never CCM.
 * TVS gives an imported Phone-SAST-trust certificate {0,3} and its own CallManager {0,2} (Cisco TVS logs).
 */
function verdict(certificate: Certificate, answer: TvsAnswer): string | null {
  const name = `${certificate.commonName || certificate.subject} (serial ${certificate.serial})`;
  if (answer.kind === "unknown") return `does not know ${name}`;
  if (answer.certificate.sha256 !== certificate.sha256) return `answers with another certificate for ${name}`;
  const has = (role: number) => answer.roles.includes(role);
  if (has(Role.SAST) && (has(Role.TFTP) || has(Role.CCM_TFTP))) return null;
  return `knows ${name} only with roles ${answer.roles.join(",") || "none"}; phones need 0 and 2 or 3`;
}

/**
 * Whether fewer signers, and none new, are those of a destination that was not read in full, as with memberships. One
 * that TVS vouches for no more has left for good: it is asked for the rest, but never for nothing.
 */
function unreadSince(wanted: PlanOf<typeof attributes>["signers"], { signers, proven }: State): boolean {
  if (wanted === UNKNOWN) return false;
  const names = Object.keys(wanted);
  return (
    names.length < Object.keys(signers).length &&
    names.every((sha256) => wanted[sha256] === signers[sha256]) &&
    (proven || names.length === 0)
  );
}

/** Whether a TVS node did not answer when this was refreshed: the proof has to be made again. */
const silent = (seen: unknown) => ((seen as { silent?: readonly string[] } | null)?.silent?.length ?? 0) > 0;
