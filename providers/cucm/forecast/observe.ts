/**
 * What can be found out about phones beside RIS, where somebody asks for it: `evidence` of the forecast. It changes
 * what an outcome rests on, and makes none better, but for who has fetched a CTL (`provisioned.ts`). What cannot be
 * read was not looked at, and is told once for a source.
 */
import type { EvidenceReader, Observations } from "../../../trust/evidence";
import { compareChecksums } from "../../../trust/phone-page";
import type { TrustList } from "../../../trust/trust-list";
import { isSince } from "../../../trust/tvs-log";
import { ClusterError, type ClusterNode, type Operation, type PhonePages } from "../cluster/cluster";
import { SharedQuestions } from "../cluster/shared-questions";
import { isRegistered } from "../phones";
import type { Side } from "./read-side";

export interface Observed {
  readonly pages: ReadonlyMap<string, PhonePages>;
  /** Devices in whose name TVS logged a question since its certificate was made. */
  readonly askedTvs: ReadonlySet<string>;
  readonly itlStatus: ReadonlyMap<string, "current" | "other">;
  /** What was looked at, in sentences with counts. */
  readonly looked: readonly string[];
  /** What could not be read at all, and what to do. */
  readonly gaps: readonly string[];
}

export const NOTHING_OBSERVED: Observed = {
  pages: new Map(),
  askedTvs: new Set(),
  itlStatus: new Map(),
  looked: [],
  gaps: [],
};

const READERS: {
  readonly [reader in EvidenceReader]: (
    home: Side,
    names: readonly string[],
    op: Operation,
  ) => Promise<Partial<Observed>>;
} = { web: readPages, tvs_log: readTvsLogs, itl_status: readItlStatuses };

/** @param names of phones that `home` has */
export async function observe(
  home: Side,
  names: readonly string[],
  readers: readonly EvidenceReader[],
  op: Operation,
): Promise<Observed> {
  const found = await Promise.all([...new Set(readers)].map((reader) => READERS[reader](home, names, op)));
  return {
    ...Object.assign({}, NOTHING_OBSERVED, ...found),
    looked: found.flatMap(({ looked = [] }) => looked),
    gaps: found.flatMap(({ gaps = [] }) => gaps),
  };
}

/** What they say of one phone that is assumed to hold these lists. */
export function observationsOf(
  { pages, askedTvs, itlStatus }: Observed,
  name: string,
  lists: { readonly ctl: TrustList | null; readonly itl: TrustList | null },
): Pick<Observations, "webStatus" | "trustListPage" | "tvsLog" | "itlStatus"> {
  const { trustMessage, checksums } = pages.get(name) ?? {};
  const page = checksums && compareChecksums(checksums, lists);
  const status = itlStatus.get(name);
  return {
    ...(trustMessage !== undefined && { webStatus: trustMessage }),
    ...(page !== undefined && { trustListPage: page }),
    ...(askedTvs.has(name) && { tvsLog: true }),
    ...(status !== undefined && { itlStatus: status }),
  };
}

async function readPages({ name, facade, registrations }: Side, names: readonly string[], op: Operation) {
  const reports = names.map((phone) => registrations.phones.get(phone)).filter(isRegistered);
  const open = reports.filter(({ webAccess, address }) => webAccess === true && address !== null);
  const read = await Promise.all(
    open.map(async (phone) => [phone.name, await facade.phonePages(phone.address!, op)] as const),
  );
  const pages = new Map(
    read.flatMap(([phone, page]) => (page === null || page === "not asked" ? [] : [[phone, page] as const])),
  );
  const silent = read.filter(([, page]) => page === null).length;
  const notAsked = open.length - pages.size - silent;
  const telling = [...pages.values()].filter(({ trustMessage, checksums }) => trustMessage ?? checksums);
  const parts = [
    `${telling.length} of ${names.length} phones tell of their lists`,
    `${pages.size - telling.length} say nothing of them`,
    `${silent} do not answer`,
    ...(notAsked > 0
      ? [`${notAsked} were not asked: too many in a row did not answer, or they have no IPv4 address`]
      : []),
    `web access is off, or not known, on ${names.length - open.length}`,
  ];
  return { pages, looked: [`web pages of phones on "${name}": ${parts.join("; ")}`] };
}

async function readTvsLogs({ name, facade, nodes }: Side, names: readonly string[], op: Operation) {
  const askedTvs = new Set<string>();
  const gaps: string[] = [];
  const questions = SharedQuestions.of(facade);
  let read = 0;
  const readNode = async (node: ClusterNode) => {
    const [own, { asked, ...files }] = await Promise.all([
      facade.identityCertificate(node, "TVS", op),
      questions.tvsQuestions(node, op),
    ]);
    read += files.read;
    const log = `TVS log of node ${node.address} of "${name}"`;
    if (files.dated === 1)
      gaps.push(`${log}: there is no older file by which the questions in its only one could be dated`);
    else if (files.listed > 0 && files.read === 0)
      gaps.push(`${log}: none of its ${files.listed} files could be read`);
    for (const phone of names) {
      const at = asked.get(phone.toUpperCase());
      if (own !== null && at !== undefined && isSince(at, own.notBefore)) askedTvs.add(phone);
    }
  };
  await Promise.all(
    nodes
      .filter(({ tvs }) => tvs)
      .map((node) =>
        readNode(node).catch((error) => gaps.push(gap(`TVS log of node ${node.address}`, name, error))),
      ),
  );
  const looked = [
    `TVS log of "${name}", ${read} files: ${askedTvs.size} of ${names.length} phones asked, by their names, since TVS has its certificate`,
  ];
  return { askedTvs, looked, gaps: gaps.sort() };
}

async function readItlStatuses({ name, facade }: Side, names: readonly string[], op: Operation) {
  try {
    const statuses = await facade.itlStatuses(names, op);
    if (statuses === null)
      return {
        gaps: [
          `ITL status of "${name}": no document tells where a release records it; set spellings.itl_status_query of this cluster, or do without`,
        ],
      };
    const { phones: itlStatus, unexplained } = statuses;
    const odd = unexplained.slice(0, 5).map((value) => JSON.stringify(value.slice(0, 40)));
    return {
      itlStatus,
      looked: [`ITL status of "${name}": recorded for ${itlStatus.size} of ${names.length} phones`],
      gaps:
        odd.length === 0
          ? []
          : [
              `ITL status of "${name}" says ${odd.join(", ")}: name it in spellings.itl_status_current or spellings.itl_status_other`,
            ],
    };
  } catch (error) {
    return { gaps: [gap("ITL status", name, error)] };
  }
}

/** @throws what is no answer of a cluster, and a cancelled run */
function gap(what: string, cluster: string, error: unknown): string {
  if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
  return `${what} of "${cluster}" could not be read: ${error.summary}. ${error.detail}`;
}
