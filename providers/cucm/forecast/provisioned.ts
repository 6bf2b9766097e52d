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
import { ClusterError, type Operation } from "../cluster/cluster";
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
    const records = list.records.filter(
      (record) =>
        record.role !== Role.SAST ||
        isSigner(list.signer, record) ||
        !this.signers.some((signer) => isSigner(signer, record)),
    );
    return records.length === list.records.length ? list : { ...list, records };
  }
}

/**
 * Since when every CallManager and TFTP service of the cluster runs: what phones fetched since came from those. null:
 * not known.
 */
export async function servingSince({ facade, nodes }: Side, op: Operation): Promise<Date | null> {
  try {
    const started = await Promise.all(
      nodes.flatMap((node) => [
        ...(node.callManager ? [facade.startedAt(node, "Cisco CallManager", op)] : []),
        ...(node.tftp ? [facade.startedAt(node, "Cisco Tftp", op)] : []),
      ]),
    );
    if (started.length === 0 || started.includes(null)) return null;
    return new Date(Math.max(...started.map((date) => date!.getTime())));
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
    return null;
  }
}

/** Only the phone's own page shows that it has fetched the CTL that its cluster serves today. */
export const showsFetched = ({ evidence }: Phone): boolean => evidence.level === "trust-list-page";

/** When the phone registered, where that was presumably the end of a boot which fetched today's CTL; null: it was not. */
export function bootedAt({ name, ctl }: Phone, home: Side, since: Date | null): Date | null {
  const report = home.registrations.phones.get(name);
  if (!isRegistered(report) || since === null || ctl?.timestamp === undefined) return null;
  const registered = report.timestamp * 1000;
  const isLate = registered >= ctl.timestamp.getTime() && registered >= since.getTime() + SETTLED_MS;
  return isLate ? new Date(registered) : null;
}

/** @param booted when it registered, if it presumably fetched the CTL then */
export const NOT_SHOWN = ({ name }: Side, booted: Date | null): string => {
  const ctl = `the CTL that "${name}" serves today, which lists signers of where it is to go`;
  return booted === null
    ? `hangs on whether it has fetched ${ctl}: nothing shows it. ` +
        "To do: reset it on its present cluster, and read its web page as evidence"
    : `hangs on whether it booted when it registered at ${booted.toISOString()}, and so has fetched ${ctl}: that is expected, ` +
        "but a session that was lost has a phone register anew without fetching anything. To do: read its web page as evidence";
};

export const ASSUMED_FETCHED = ({ name }: Side): string =>
  `a phone has the CTL of "${name}", which lists signers of where it is to go, only if its page shows it; it is expected to ` +
  `have it if it registered more than ${SETTLED_MS / 60_000} minutes after the last start of CallManager or TFTP on any node`;
