/**
 * CTL pre-provisioning: a CTL that lists, as SAST, signers of where its phones are to go. A phone that holds it needs no
 * TVS; one that has not fetched it yet does. Nothing tells the two apart but what the phone shows. A registration that no
 * restart of CallManager explains (the renewal itself has every phone register anew) lets it be expected, no more: any
 * session that is lost makes a phone register without fetching anything.
 */

import { isSigner } from "../../../trust/file-header";
import type { Ends, Phone } from "../../../trust/forecast/situation";
import { Role } from "../../../trust/roles";
import type { SignerId, TrustList } from "../../../trust/trust-list";
import { ClusterError, type ClusterNode, type Operation, type ServiceName } from "../cluster/cluster";
import { isRegistered } from "../phones";
import type { Side } from "./read-side";

/** Phones that lost their CallManager are registered again by then, whatever the clocks of nodes say. */
const SETTLED_MS = 10 * 60_000;

export class ProvisionedCtl {
  private readonly signers: readonly SignerId[];
  private readonly known = new Map<TrustList, TrustList>();

  constructor({ to }: Ends) {
    this.signers = to.tftp.flatMap(({ ctl, itl }) =>
      [ctl, itl].flatMap((served) => (served.kind === "file" ? [served.file.signer] : [])),
    );
  }

  /** The phone with its CTL as it was before it listed them; the same object where it lists none. */
  before(phone: Phone): Phone {
    if (phone.ctl === null) return phone;
    const older = this.known.get(phone.ctl) ?? this.without(phone.ctl);
    this.known.set(phone.ctl, older);
    return older === phone.ctl ? phone : { ...phone, ctl: older };
  }

  private without(list: TrustList): TrustList {
    // Tokens are in a CTL that tokens sign from the beginning: both clusters may have the same ones.
    const hasTokens = isToken(list.signer.name);
    const records = list.records.filter(
      (record) =>
        record.role !== Role.SAST ||
        isSigner(list.signer, record) ||
        (hasTokens && isToken(record.subject)) ||
        !this.signers.some((signer) => isSigner(signer, record)),
    );
    return records.length === list.records.length ? list : { ...list, records };
  }
}

/** USB tokens of the CTL client by their name, `cn="SAST-ADN0054f509        ";ou=IPCBU;o="Cisco Systems"`. */
const isToken = (name: string): boolean => /(?:^|[;,]\s*)cn="?SAST-ADN/i.test(name);

/**
 * Since when every CallManager and TFTP service of the cluster runs: what phones fetched since came from those. Or why
 * that is not known, as a clause.
 */
export type ServingSince = Date | { readonly unread: string };

export async function servingSince({ name, facade, nodes }: Side, op: Operation): Promise<ServingSince> {
  const startOf = async (node: ClusterNode, service: ServiceName): Promise<ServingSince> => {
    const what = `the start time of ${service} on node ${node.address} of "${name}" could not be read`;
    try {
      return (await facade.startedAt(node, service, op)) ?? { unread: `${what}: it does not run` };
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
      return { unread: `${what}: ${error.summary}` };
    }
  };
  const starts = await Promise.all(
    nodes.flatMap((node) => [
      ...(node.callManager ? [startOf(node, "Cisco CallManager")] : []),
      ...(node.tftp ? [startOf(node, "Cisco Tftp")] : []),
    ]),
  );
  const times = starts.flatMap((one) => (one instanceof Date ? [one.getTime()] : []));
  return starts.find((one) => !(one instanceof Date)) ?? new Date(Math.max(...times));
}

/** Only the phone's own page shows that it has fetched the CTL that its cluster serves today. */
export const showsFetched = ({ evidence }: Phone): boolean => evidence.level === "trust-list-page";

/** What beside its page tells of a phone whether it has fetched the CTL that its cluster serves today. */
export type Sign =
  /** When it registered, presumably at the end of a boot which fetched it. */
  { readonly booted: Date } | "none" | { readonly unread: string };

export function signOf({ name, ctl }: Phone, home: Side, since: ServingSince): Sign {
  if (!(since instanceof Date)) return since;
  const report = home.registrations.phones.get(name);
  if (!isRegistered(report) || ctl?.timestamp === undefined) return "none";
  const registered = report.timestamp * 1000;
  const isLate = registered >= ctl.timestamp.getTime() && registered >= since.getTime() + SETTLED_MS;
  return isLate ? { booted: new Date(registered) } : "none";
}

export function notShown({ name }: Side, sign: Sign): string {
  const ctl = `the CTL that "${name}" serves today, which lists signers of where it is to go`;
  const page = "read its web page as evidence";
  if (sign === "none")
    return `hangs on whether it has fetched ${ctl}: nothing shows it. To do: reset it on its present cluster, and ${page}`;
  if ("unread" in sign)
    return `hangs on whether it has fetched ${ctl}: its registration tells nothing, since ${sign.unread}. To do: ${page}`;
  return (
    `hangs on whether it booted when it registered at ${sign.booted.toISOString()}, and so has fetched ${ctl}: that is ` +
    `expected, but a session that was lost has a phone register anew without fetching anything. To do: ${page}`
  );
}

export const ASSUMED_FETCHED = ({ name }: Side): string =>
  `a phone has the CTL of "${name}", which lists signers of where it is to go, only if its page shows it; it is expected to ` +
  `have it if it registered more than ${SETTLED_MS / 60_000} minutes after the last start of CallManager or TFTP on any node`;
