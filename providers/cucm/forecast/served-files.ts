/** What TFTP nodes serve, parsed once for all phones that get the same bytes. */
import { createHash } from "node:crypto";
import {
  type Served,
  servedConfiguration,
  servedTrustList,
  type TftpNode,
} from "../../../trust/forecast/situation";
import type { TrustList } from "../../../trust/trust-list";
import type { Cluster, ClusterNode, Operation } from "../cluster/cluster";
import { SharedQuestions } from "../cluster/shared-questions";
import type { Unread } from "./unread";

/** The lists of one phone, as a node serves them. */
export interface ServedLists {
  readonly ctl: Served<TrustList>;
  readonly itl: Served<TrustList>;
}

/** Phones that the cluster knows, whose configurations stand for all: one without and one with encryption of it. */
export interface Samples {
  readonly plain: string | undefined;
  readonly encrypted: string | undefined;
}

/** Lists under a phone's own name. */
const OF_ONE_PHONE = /^[CI]TLSEP/;

/** Phones whose files are asked for at a time; the facade lets fewer through to one node. */
const PHONES_AT_A_TIME = 8;

export class ServedFiles {
  private readonly lists = new Map<string, Served<TrustList>>();
  /** Nodes that did not answer: they are not asked for the files of thousands of phones again. */
  private readonly silent = new Set<ClusterNode>();

  private readonly shared: SharedQuestions;

  constructor(
    private readonly cluster: Cluster,
    private readonly unread: Unread,
    private readonly op: Operation,
  ) {
    this.shared = SharedQuestions.of(cluster);
  }

  /** What a TFTP node serves to everybody, and as the configurations of samples. */
  async node(node: ClusterNode, samples: Samples): Promise<TftpNode> {
    const common = await this.common(node);
    // A phone that the cluster knows has a file of its own, and takes no other.
    const name = `${samples.plain ?? samples.encrypted ?? "SPDefault"}.cnf.xml`;
    const signed = await this.first(node, [`${name}.sgn`]);
    const encrypted =
      samples.encrypted === undefined
        ? null
        : await this.first(node, [`${samples.encrypted}.cnf.xml.enc.sgn`]);
    const plain = await this.first(node, [name]);
    const none = { kind: "absent" } as const;
    return {
      address: node.address,
      reachable: !this.silent.has(node) && common !== null,
      ctl: common?.ctl ?? none,
      itl: common?.itl ?? none,
      configuration: {
        signed: servedConfiguration(signed),
        encrypted: servedConfiguration(encrypted),
        plain: plain === null ? "absent" : "served",
      },
    };
  }

  /** `CTLFile.tlv` and `ITLFile.tlv`; null when the node does not answer. */
  async common(node: ClusterNode): Promise<ServedLists | null> {
    const [ctl, itl] = [await this.list(node, ["CTLFile.tlv"]), await this.list(node, ["ITLFile.tlv"])];
    return ctl === null || itl === null ? null : { ctl, itl };
  }

  /**
   * The lists of each phone under its own name, from the first node that answers, as a phone takes them. A phone
   * that no node has a file for gets the common one (older phones ask for it by that name).
   */
  async ofPhones(
    nodes: readonly ClusterNode[],
    names: readonly string[],
  ): Promise<ReadonlyMap<string, ServedLists>> {
    const found = new Map<string, ServedLists>();
    await inParallel(PHONES_AT_A_TIME, names, async (name) => {
      for (const node of nodes) {
        const ctl = await this.list(node, [`CTL${name}.tlv`, "CTLFile.tlv"]);
        const itl = ctl === null ? null : await this.list(node, [`ITL${name}.tlv`, "ITLFile.tlv"]);
        if (ctl === null || itl === null) continue;
        found.set(name, { ctl, itl });
        return;
      }
    });
    return found;
  }

  private async list(node: ClusterNode, names: readonly string[]): Promise<Served<TrustList> | null> {
    const bytes = await this.first(node, names);
    if (this.silent.has(node)) return null;
    if (bytes === null) return { kind: "absent" };
    const key = createHash("sha256").update(bytes).digest("base64");
    const known = this.lists.get(key) ?? servedTrustList(bytes);
    this.lists.set(key, known);
    return known;
  }

  /** The first of these files that the node has; null when it has none, or does not answer. */
  private async first(node: ClusterNode, names: readonly string[]): Promise<Buffer | null> {
    for (const name of names) {
      if (this.silent.has(node)) return null;
      const bytes = await this.unread.unless(
        "silent" as const,
        // A phone is in one wave, so nobody else asks for its lists.
        () => (OF_ONE_PHONE.test(name) ? this.cluster : this.shared).servedFile(node, name, this.op),
        "file",
      );
      if (bytes === "silent") this.silent.add(node);
      else if (bytes !== null) return bytes;
    }
    return null;
  }
}

async function inParallel<T>(limit: number, all: readonly T[], work: (one: T) => Promise<void>) {
  const left = all.values();
  const worker = async () => {
    for (const one of left) await work(one);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
