/** What does not change an outcome but should be told with it. */
import { type Certificate, mapId } from "../certificate";
import { Role } from "../roles";
import type { TrustList } from "../trust-list";
import { namesTftp } from "./accept-list";
import { effectiveMode, isIssuer } from "./registration";
import type { Ends, Phone, Served } from "./situation";

export interface Note {
  readonly id: NoteId;
  readonly words: string;
}

/** Each says its sentence, or `null`. */
const NOTES = {
  "tftp-node-unreachable": (_, { to }) =>
    listOf(
      to.tftp.filter((node) => !node.reachable).map((node) => node.address),
      (nodes) => `TFTP on ${nodes} does not answer: what it serves could not be looked at`,
    ),
  "more-than-two-tftp-nodes": (_, { to }) =>
    to.tftp.length > 2 ? "option 150 names more than two addresses; phones use the first two" : null,
  "tftp-address-not-listed": (_, { to }) =>
    listOf(
      to.tftp
        .filter((node) => !namesTftp({ ctl: fileOf(node.ctl), itl: fileOf(node.itl) }, node.address))
        .map((node) => node.address),
      (nodes) => `the lists served by ${nodes} do not name its address: some phones may refuse it`,
    ),
  "one-tvs-server": ({ tvs }) =>
    tvs.length === 1 ? `it knows one TVS server only, ${tvs[0]}: when that is down nobody vouches` : null,
  "tvs-server-down": ({ tvs }, { from }) =>
    listOf(
      from.tvs.filter((node) => !node.reachable && tvs.includes(node.address)).map((node) => node.address),
      (nodes) => `TVS on ${nodes} does not answer`,
    ),
  "tvs-servers-disagree": ({ tvs }, ends) =>
    listOf(
      disagreements(tvs, ends),
      (names) => `the TVS servers of this phone answer differently about ${names}`,
    ),
  "no-ctl-at-destination": ({ ctl }, { to }) =>
    ctl !== null && to.tftp.some((node) => node.ctl.kind === "absent")
      ? "the cluster that it goes to has no CTL: the phone presumably keeps the one that it has"
      : null,
  "many-sast-records": ({ model }, { to }) =>
    /^79/.test(model.family ?? "") && to.tftp.some((node) => sastRecords(node.ctl) > 2)
      ? "the CTL offered has more than two SAST records: it is reported that old phones take no more"
      : null,
  "registers-without-tls": ({ name, mode }, { to }) => {
    const device = to.devices.get(name);
    return mode !== "non-secure" && device !== undefined && effectiveMode(to, device) === "non-secure"
      ? "it registers without TLS on the cluster that it goes to: calls lose their protection"
      : null;
  },
  "issuer-missing-on-some-nodes": (phone, { to }) => {
    const shown = phone.lsc ?? phone.mic;
    if (shown === null || !to.mixedMode) return null;
    const group = to.devices.get(phone.name)?.callManagers ?? [];
    const trusts = (certificates: readonly Certificate[]) => certificates.some((one) => isIssuer(one, shown));
    const planned = to.assumeTrusted.filter((one) => one.stores.includes("CallManager-trust"));
    if (trusts(planned.map((one) => one.certificate))) return null;
    const nodes = to.callManagers.filter((one) => group.includes(one.address));
    const without = nodes.filter((one) => !trusts(one.callManagerTrust)).map((one) => one.address);
    if (without.length === 0 || without.length === nodes.length) return null;
    const issuer = `${shown.issuer}${shown.issuedBy === undefined ? "" : ` (serial ${shown.issuedBy.serial})`}`;
    return `CallManager on ${without.join(", ")} does not trust ${issuer}: it cannot fail over there`;
  },
  "model-remark": ({ model }) => (model.remark === "" ? null : `${model.name}: ${model.remark}`),
  "model-unknown": ({ model }) =>
    model.family === null ? `nothing is known of the model ${model.name}: say what it can do` : null,
} as const satisfies { readonly [id: string]: (phone: Phone, ends: Ends) => string | null };
export type NoteId = keyof typeof NOTES;

export function notesOn(phone: Phone, ends: Ends): Note[] {
  return Object.entries(NOTES).flatMap(
    ([id, note]: [string, (phone: Phone, ends: Ends) => string | null]) => {
      const words = note(phone, ends);
      return words === null ? [] : [{ id: id as NoteId, words }];
    },
  );
}

/** Signers of the destination's files that the servers which answer do not all know, or do not all know alike. */
function disagreements(addresses: readonly string[], { from, to }: Ends): string[] {
  const servers = from.tvs.filter((node) => node.reachable && addresses.includes(node.address));
  const signers = to.tftp
    .flatMap((node) => [node.ctl, node.itl, node.configuration.signed])
    .flatMap((one) => (one.kind === "file" ? [one.file.signer] : []));
  const differing = signers.filter(({ serial, issuer }) => {
    const said = servers.map((node) => {
      const answer = node.answers.get(mapId(serial, issuer));
      return answer?.kind === "vouches" ? [...answer.roles].sort().join() : answer?.kind;
    });
    return new Set(said).size > 1;
  });
  return [...new Set(differing.map((signer) => signer.name))].sort();
}

function sastRecords(ctl: Served<TrustList>): number {
  return fileOf(ctl)?.records.filter((one) => one.role === Role.SAST).length ?? 0;
}

function fileOf<F>(one: Served<F>): F | null {
  return one.kind === "file" ? one.file : null;
}

function listOf(items: readonly string[], words: (items: string) => string): string | null {
  return items.length === 0 ? null : words(items.join(", "));
}
