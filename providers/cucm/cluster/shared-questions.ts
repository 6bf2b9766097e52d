import type { Certificate } from "../../../trust/certificate";
import { Shared } from "./budget";
import type {
  Cluster,
  ClusterNode,
  Operation,
  PhoneRegistration,
  Registrations,
  TvsAnswer,
  TvsQuestions,
} from "./cluster";

/** One question about registrations. */
interface Round {
  readonly names: readonly string[];
  readonly answer: Shared<Registrations>;
}

const known = new WeakMap<Cluster, SharedQuestions>();

/**
 * Questions that several data sources of a run have for the same node: asked once for all of them, until the cluster
 * may answer otherwise (a write, a restart, {@link Cluster.refresh}). Whoever waits for a change asks the cluster itself.
 */
export class SharedQuestions {
  private readonly answers = new Map<string, Shared<unknown>>();
  private readonly rounds = new Map<string, Round>();
  private generation: number;

  private constructor(private readonly cluster: Cluster) {
    this.generation = cluster.generation;
  }

  /** One for each cluster of the process. */
  static of(cluster: Cluster): SharedQuestions {
    const questions = known.get(cluster) ?? new SharedQuestions(cluster);
    known.set(cluster, questions);
    return questions;
  }

  servedFile(node: ClusterNode, name: string, op: Operation): Promise<Buffer | null> {
    return this.once(`file ${node.address} ${name}`, op, (one) => this.cluster.servedFile(node, name, one));
  }

  /** A node's log is megabytes, and tells of the phones of every wave. */
  tvsQuestions(node: ClusterNode, op: Operation): Promise<TvsQuestions> {
    return this.once(`tvs log ${node.address}`, op, (one) => this.cluster.tvsQuestions(node, one));
  }

  askTvs(node: ClusterNode, certificate: Certificate, op: Operation): Promise<TvsAnswer> {
    return this.once(`tvs ${node.address} ${certificate.sha256}`, op, (one) =>
      this.cluster.askTvs(node, certificate, one),
    );
  }

  /** RIS is rationed: only those are asked about of whom nobody has asked yet. */
  async registrations(names: readonly string[], op: Operation): Promise<Registrations> {
    this.renew();
    const fresh = [...new Set(names)].filter((name) => !this.rounds.has(name));
    const round: Round = { names: fresh, answer: new Shared() };
    for (const name of fresh) this.rounds.set(name, round);
    const asked = new Set(names.flatMap((name) => this.rounds.get(name) ?? []));
    const answers = await Promise.all(
      [...asked].map((one) =>
        one.answer.get(op.signal, (signal) => this.cluster.registrations(one.names, { ...op, signal })),
      ),
    );
    const phones = new Map<string, PhoneRegistration>();
    for (const name of names) {
      const report = answers.map((one) => one.phones.get(name)).find((found) => found !== undefined);
      if (report !== undefined) phones.set(name, report);
    }
    return { phones, silent: [...new Set(answers.flatMap(({ silent }) => silent))].sort() };
  }

  registrationsAt(addresses: readonly string[], op: Operation): Promise<Registrations> {
    return this.once(`at ${addresses.join(" ")}`, op, (one) => this.cluster.registrationsAt(addresses, one));
  }

  private renew(): void {
    if (this.generation === this.cluster.generation) return;
    this.generation = this.cluster.generation;
    this.answers.clear();
    this.rounds.clear();
  }

  private once<T>(key: string, op: Operation, ask: (op: Operation) => Promise<T>): Promise<T> {
    this.renew();
    const shared = (this.answers.get(key) ?? new Shared<T>()) as Shared<T>;
    this.answers.set(key, shared);
    return shared.get(op.signal, (signal) => ask({ ...op, signal }));
  }
}
