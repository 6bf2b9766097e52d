/**
 * A phone and CAPF, as the security guide has it: the configuration orders an enrolment, the phone trusts the server
 * by a CAPF record of its lists or by TVS, authenticates itself in the mode that is ordered, and has a new LSC in the
 * end.
 */
import type { Certificate } from "../../trust/certificate";
import { Role } from "../../trust/roles";
import type { CapfMode } from "../capf";
import type { Endpoint } from "./config-file";
import type { Lists, Reason } from "./decide";

/** What the configuration orders. */
export interface CapfOrder {
  readonly server: Endpoint;
  readonly mode: CapfMode;
}

export type CapfReply =
  /** The new LSC and its key are in the phone's memory. */
  | { readonly kind: "issued" }
  | { readonly kind: "refused"; readonly why: string }
  /** The certificate that it showed is in no CAPF record, and TVS does not vouch for it. */
  | { readonly kind: "not-in-lists" }
  | { readonly kind: "unreachable"; readonly why: string };

export type IsTrusted = (shown: Certificate) => Promise<boolean>;

export interface CapfIo {
  /** One try. What CAPF issues is in the phone's memory when it resolves. */
  ask(order: CapfOrder, isTrusted: IsTrusted): Promise<CapfReply>;
  /** By TVS, as a CAPF. */
  isVouchedFor(shown: Certificate): Promise<boolean>;
  /** Between two tries. */
  pause(): Promise<void>;
}

/** Tries of a server that does not answer (security guide: three, 30 seconds apart). */
const TRIES = 3;

/** @returns null when the phone has a new LSC */
export async function enrol(order: CapfOrder, lists: Lists, io: CapfIo): Promise<Reason | null> {
  // It waits for somebody to type the string before it connects; nobody does.
  if (order.mode === "authentication string") return "capf-needs-a-person";
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (attempt > 1) await io.pause();
    const reply = await io.ask(order, async (shown) => isTrustedCapf(shown, lists) || io.isVouchedFor(shown));
    if (reply.kind === "issued") return null;
    if (reply.kind !== "unreachable") return afterRefusal(reply.kind);
  }
  return "capf-unreachable";
}

function afterRefusal(kind: "refused" | "not-in-lists"): Reason {
  return kind === "refused" ? "capf-refuses" : "capf-not-in-lists";
}

/** The certificate that CAPF shows is the one of a CAPF record of CTL or ITL. */
export function isTrustedCapf(certificate: Certificate, lists: Lists): boolean {
  return [lists.ctl, lists.itl].some((list) =>
    list?.records.some((r) => r.role === Role.CAPF && r.certificate?.sha256 === certificate.sha256),
  );
}
