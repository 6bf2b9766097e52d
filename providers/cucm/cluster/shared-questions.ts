import type { Certificate } from "../../../trust/certificate";
import { Shared } from "./budget";
import type { Cluster, ClusterNode, Operation, TvsAnswer, TvsQuestions } from "./cluster";

const known = new WeakMap<Cluster, SharedQuestions>();

/**
 * Questions that several data sources of a run have for the same node: asked once for all of them, until the cluster
 * may answer otherwise (a write, a restart, {@link Cluster.refresh}). Whoever waits for a change asks the cluster itself.
 */
export class SharedQuestions {
  private readonly answers = new Map<string, Shared<unknown>>();
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

  private once<T>(key: string, op: Operation, ask: (op: Operation) => Promise<T>): Promise<T> {
    if (this.generation !== this.cluster.generation) {
      this.generation = this.cluster.generation;
      this.answers.clear();
    }
    const shared = (this.answers.get(key) ?? new Shared<T>()) as Shared<T>;
    this.answers.set(key, shared);
    return shared.get(op.signal, (signal) => ask({ ...op, signal }));
  }
}
