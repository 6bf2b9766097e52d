/**
 * The boot of a phone that one TFTP node serves: CTL, ITL, configuration, in this order. A list that is taken is
 * what the next file is checked against; a list that is refused changes nothing, and the boot goes on (boot order:
 * phone logs in Cisco's documents 213407 and 214528).
 */

import { isSettled } from "../phone-model";
import type { TrustList } from "../trust-list";
import { acceptConfiguration, acceptList, namesConfigurationSigner, namesTftp } from "./accept-list";
import type { Judgement } from "./judgement";
import { type CertificateName, can, type Held, type Means, type Reason, reject } from "./judgement";
import type { Device, Phone, Served, TftpNode } from "./situation";
import type { Answers } from "./switches";
import type { TvsDirectory } from "./tvs";

export type StepName =
  | "option-150"
  | "ctl"
  | "itl"
  | "tftp-address"
  | "configuration"
  | "fallback"
  | "registration";

export interface Step {
  readonly step: StepName;
  /** `kept`: the server has no such file, the old one stays. `skipped`: the model does not ask. */
  readonly result: "accepted" | "rejected" | "kept" | "erased" | "skipped";
  readonly by?: Means;
  /** Accepted: the one that made it pass. Rejected: the one that is missing, where it is known. */
  readonly certificate?: CertificateName;
  readonly reason?: Reason;
  /** How we know what the model can do, where that decided. */
  readonly basis?: string;
  /** TVS server or CallManager concerned. */
  readonly server?: string;
  /** Who signed the file, by its header. */
  readonly signer?: { readonly name: string; readonly serial: string };
}

export interface Booted {
  readonly held: Held;
  /** Whether the phone has the configuration of this node now. */
  readonly configured: boolean;
  readonly steps: readonly Step[];
}

export function boot(
  node: TftpNode,
  phone: Phone,
  device: Device | undefined,
  tvs: TvsDirectory,
  answers: Answers,
): Booted {
  const steps: Step[] = [];
  // If it is a model that never asked for an ITL, it holds none, whatever it was assumed to hold.
  const asksForItl = can(phone, "securityByDefault", answers);
  const holdsItl = asksForItl || isSettled(phone.model.capabilities.securityByDefault);
  let held: Held = { ctl: phone.ctl, itl: holdsItl ? phone.itl : null };

  const take = (which: "ctl" | "itl") => {
    const offered = node[which];
    if (offered.kind === "absent") {
      const erases = which === "ctl" && held.ctl !== null && answers.setting("ctl404") === "erase";
      if (erases) held = { ...held, ctl: null };
      steps.push({ step: which, result: erases ? "erased" : "kept" });
      return;
    }
    const judgement =
      offered.kind === "malformed"
        ? reject("malformed")
        : acceptList(which, offered.file, held, phone, tvs, answers);
    if (judgement.accepted) held = { ...held, [which]: (offered as { file: TrustList }).file };
    steps.push(stepOf(which, judgement, offered));
  };

  take("ctl");
  if (asksForItl) take("itl");
  else steps.push({ step: "itl", result: "skipped" });

  if (!namesTftp(held, node.address) && answers.setting("enforceTftpAddress")) {
    steps.push(stepOf("tftp-address", reject("tftp-not-authorized")));
    return { held, configured: false, steps };
  }
  const { judgement, offered } = configuration(node, phone, device, held, tvs, answers);
  // Where the destination does not know the phone, its files are not there; others' files show who would sign them.
  const missing = judgement.accepted && device === undefined;
  steps.push(stepOf("configuration", missing ? reject("unknown-at-destination") : judgement, offered));
  return { held, configured: judgement.accepted && !missing, steps };
}

function configuration(
  { configuration: files }: TftpNode,
  phone: Phone,
  device: Device | undefined,
  held: Held,
  tvs: TvsDirectory,
  answers: Answers,
): { judgement: Judgement; offered?: Served<Signed> } {
  const asksForEncrypted =
    phone.asksForEncrypted && hasEncrypted(device) && files.encrypted.kind !== "absent";
  const wantsSigned = namesConfigurationSigner(held.ctl) || namesConfigurationSigner(held.itl);
  if (!asksForEncrypted && !wantsSigned) {
    const judgement: Judgement =
      files.plain === "served" ? { accepted: true, by: "unsigned" } : reject("file-not-found");
    return { judgement };
  }
  const offered = asksForEncrypted ? files.encrypted : files.signed;
  return { judgement: acceptSigned(offered, phone, held, tvs, answers), offered };
}

/** What a node serves of that kind may be another phone's. */
const hasEncrypted = (device: Device | undefined): boolean =>
  device?.encryptedConfig === true && device.publicKey !== "none";

/**
 * The encrypted file that a phone asks for once an unsigned one has told it that there is one: it is signed, whatever
 * the lists name. `null`: it was not there yet.
 * @param enrolled it is there by now, since CAPF has the phone's key; signed as the others of this node
 */
export function encryptedFile(
  { configuration: { encrypted, signed } }: TftpNode,
  enrolled: boolean,
  phone: Phone,
  device: Device,
  held: Held,
  tvs: TvsDirectory,
  answers: Answers,
): Step | null {
  if (!enrolled && (encrypted.kind === "absent" || !hasEncrypted(device))) return null;
  const offered = encrypted.kind === "absent" ? signed : encrypted;
  // A node that signs nothing has none for anybody.
  if (offered.kind === "absent") return stepOf("registration", reject("public-key-unknown"));
  return stepOf("configuration", acceptSigned(offered, phone, held, tvs, answers), offered);
}

function acceptSigned(
  offered: Served<Signed>,
  phone: Phone,
  held: Held,
  tvs: TvsDirectory,
  answers: Answers,
): Judgement {
  if (offered.kind === "absent") return reject("file-not-found");
  if (offered.kind === "malformed") return reject("malformed");
  return acceptConfiguration(offered.file, held, phone, tvs, answers);
}

type Signed = Extract<TftpNode["configuration"]["signed"], { kind: "file" }>["file"];

function stepOf(
  step: StepName,
  judgement: Judgement,
  offered?: Served<{ readonly signer: { readonly name: string; readonly serial: string } }>,
): Step {
  const signer = offered?.kind === "file" ? offered.file.signer : undefined;
  const { server } = judgement;
  const about = { server, ...(signer && { signer: { name: signer.name, serial: signer.serial } }) };
  return judgement.accepted
    ? { step, result: "accepted", by: judgement.by, certificate: judgement.certificate, ...about }
    : { step, result: "rejected", reason: judgement.reason, basis: judgement.basis, ...about };
}
