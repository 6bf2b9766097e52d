/** A phone that is registered on the source, and the network that it boots in, by tables. */
import type { Before, BootIo } from "../../../lab/phone/boot";
import type { CapfReply } from "../../../lab/phone/capf";
import { parsePhoneConfig } from "../../../lab/phone/config-file";
import { DEFAULT_CAPABILITIES, DEFAULT_SWITCHES } from "../../../lab/phone/decide";
import type { Fetched } from "../../../lab/phone/tftp-client";
import type { TvsReply } from "../../../lab/phone/tvs-client";
import type { Certificate } from "../../../trust/certificate";
import { Role } from "../../../trust/roles";
import { parseTrustList } from "../../../trust/trust-list";
import { type PaperCluster, paperCluster } from "./fixtures";

export const NAME = "SEP001122334455";
export const source = paperCluster("source", "10.10.0.11");
export const destination = paperCluster("destination", "10.20.0.11");

/** A network: option 150, files by address, and TVS on the source. */
export interface World {
  option150: readonly string[] | null;
  files: { [path: string]: Buffer | "down" };
  /** What the source's TVS shows and answers. */
  tvs: { shown: PaperCluster["tvs"]; answer: "vouch" | "miss" | "down"; roles?: readonly number[] };
  capf: "down" | { readonly shown: PaperCluster["capf"]; readonly refuses: boolean };
  /** What the destination's TVS answers to whatever it is asked; null: it shows and says what the source's does. */
  destinationTvs: { readonly certificate: Certificate; readonly roles: readonly number[] } | null;
  /** What changes when CAPF has issued an LSC. */
  issued: () => void;
  /** Of the phone's certificate. */
  key: string;
  asked: string[];
  kept: string[];
}

export function world(): World {
  const files: World["files"] = {};
  for (const c of [source, destination]) {
    files[`${c.address}/CTL${NAME}.tlv`] = c.ctl;
    files[`${c.address}/ITL${NAME}.tlv`] = c.itl;
    files[`${c.address}/${NAME}.cnf.xml.sgn`] = c.sgn(`${NAME}.cnf.xml.sgn`);
  }
  const tvs: World["tvs"] = { shown: source.tvs, answer: "vouch" };
  return {
    option150: [destination.address],
    files,
    tvs,
    capf: { shown: destination.capf, refuses: false },
    destinationTvs: null,
    issued: () => {},
    key: "old key",
    asked: [],
    kept: [],
  };
}

export function io(w: World): BootIo {
  return {
    console: { line: () => {} },
    lease: async () =>
      w.option150 === null
        ? null
        : { address: "10.1.20.100", server: "10.1.20.1", tftp: w.option150, tftpName: null },
    fetch: async (address, name): Promise<Fetched> => {
      w.asked.push(`${address}/${name}`);
      const file = w.files[`${address}/${name}`];
      if (file === "down" || w.files[address] === "down") return { kind: "unreachable", why: "down" };
      return file === undefined ? { kind: "not-found" } : { kind: "file", bytes: file };
    },
    askTvs: async (server, question, isTrusted): Promise<TvsReply> => {
      w.asked.push(`tvs ${server.address} ${question.subject}`);
      const own = w.destinationTvs;
      if (own !== null && server.address === destination.address)
        return isTrusted(destination.tvs.certificate)
          ? { kind: "vouch", ...own, timeToLive: 86400 }
          : { kind: "not-in-itl", shown: destination.tvs.certificate };
      if (w.tvs.answer === "down") return { kind: "unreachable", why: "down" };
      const shown = w.tvs.shown.certificate;
      if (!isTrusted(shown)) return { kind: "not-in-itl", shown };
      if (w.tvs.answer === "miss") return { kind: "miss" };
      const certificate = destination.callManager.certificate;
      return { kind: "vouch", certificate, roles: w.tvs.roles ?? [Role.SAST, Role.TFTP], timeToLive: 86400 };
    },
    askCapf: async ({ server }, isTrusted): Promise<CapfReply> => {
      w.asked.push(`capf ${server.address}:${server.port}`);
      if (w.capf === "down") return { kind: "unreachable", why: "down" };
      if (!(await isTrusted(w.capf.shown.certificate))) return { kind: "not-in-lists" };
      if (w.capf.refuses) return { kind: "refused", why: "no" };
      w.key = "new key";
      w.issued();
      return { kind: "issued" };
    },
    pause: async () => {
      w.asked.push("pause");
    },
    decrypt: (payload) => {
      const [key, plain] = payload.toString().split("|") as [string, string];
      return key === w.key ? Buffer.from(plain) : null;
    },
    keep: (name) => w.kept.push(name),
    erase: (name) => w.kept.push(`erase ${name}`),
  };
}

/** A phone that is registered on the source. */
export function atSource(): Before {
  return {
    name: NAME,
    model: "CP-8861",
    lists: { ctl: parseTrustList(source.ctl), itl: parseTrustList(source.itl) },
    config: parsePhoneConfig(source.config),
    remembered: { address: null, tftp: [source.address], tftpInUse: source.address },
    switches: DEFAULT_SWITCHES,
    caps: DEFAULT_CAPABILITIES,
    alternateTftp: null,
    dhcp: true,
  };
}
