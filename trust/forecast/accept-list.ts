/**
 * Whether a phone takes a file, by the lists that it holds at that moment (order of checks: phone logs in Cisco's
 * documents 213407 and 118893; security guide on Security By Default). A signer is looked up by issuer and serial
 * number; a signature that does not fit a known signer is refused at once, a signer that is not known goes to TVS.
 */
import { Role } from "../roles";
import type { SignedFile } from "../signed-file";
import { findRecord, type SignerId, type TrustList, type TrustRecord } from "../trust-list";
import { cannotCheck, type Held, type Judgement, type Means, reject, signedBy } from "./judgement";
import type { Phone } from "./situation";
import type { Answers } from "./switches";
import { askTvs, signerOf, type TvsDirectory } from "./tvs";

/** Of the records of the phone's lists that sign configurations. */
export const SIGNS_CONFIGURATIONS: readonly number[] = [Role.CCM_TFTP, Role.TFTP];
const SIGNS_LISTS: readonly number[] = [Role.SAST];

/** A CTL or ITL that a TFTP server offers. */
export function acceptList(
  kind: "ctl" | "itl",
  file: TrustList,
  held: Held,
  phone: Phone,
  tvs: TvsDirectory,
  answers: Answers,
): Judgement {
  const obstacle = cannotCheck(file, phone, answers);
  if (obstacle !== null) return obstacle;
  if (held.ctl === null && held.itl === null) return { accepted: true, by: "first-use" };
  if (kind === "ctl" && held.ctl === null && answers.setting("firstCtlWithItl") === "trust")
    return { accepted: true, by: "first-use" };

  const known =
    recordOf(held.ctl, file.signer, SIGNS_LISTS, "local-ctl") ??
    byTftpRecord(kind, file, held, answers) ??
    recordOf(held.itl, file.signer, SIGNS_LISTS, "local-itl");
  if (known !== null) return byRecord(file, known);

  if (kind === "itl" && isEmptyItl(held.itl) && !namesConfigurationSigner(held.ctl))
    return { accepted: true, by: "empty-itl" };
  return askTvs(signerOf(file, SIGNS_LISTS), phone, held, tvs, answers);
}

/** A signed configuration file; both lists have been brought up to date before. */
export function acceptConfiguration(
  file: SignedFile,
  held: Held,
  phone: Phone,
  tvs: TvsDirectory,
  answers: Answers,
): Judgement {
  const obstacle = cannotCheck(file, phone, answers);
  if (obstacle !== null) return obstacle;
  const known =
    recordOf(held.ctl, file.signer, SIGNS_CONFIGURATIONS, "local-ctl") ??
    recordOf(held.itl, file.signer, SIGNS_CONFIGURATIONS, "local-itl");
  if (known !== null) return byRecord(file, known);
  return askTvs(signerOf(file, SIGNS_CONFIGURATIONS), phone, held, tvs, answers);
}

/** With such a record the phone asks for signed configurations and takes no other. */
export function namesConfigurationSigner(list: TrustList | null): boolean {
  return (
    list?.records.some((one) => one.certificate !== undefined && SIGNS_CONFIGURATIONS.includes(one.role)) ??
    false
  );
}

/** What a cluster prepared for rollback to a release before 8.0 serves: no TVS and no TFTP section. */
export function isEmptyItl(itl: TrustList | null): boolean {
  if (itl === null) return false;
  return itl.records.every((one) => one.role !== Role.TVS && !SIGNS_CONFIGURATIONS.includes(one.role));
}

/** Whether a list names that TFTP server by address, or by a name that is the address. */
export function namesTftp({ ctl, itl }: Held, address: string): boolean {
  return [ctl, itl].some((list) =>
    list?.records.some((one) => one.ipAddress === address || one.dnsName === address),
  );
}

interface Known {
  readonly record: TrustRecord & { readonly publicKey: NonNullable<TrustRecord["publicKey"]> };
  readonly by: Means;
}

function recordOf(
  list: TrustList | null,
  signer: SignerId,
  roles: readonly number[],
  by: Means,
): Known | null {
  const record = list === null ? undefined : findRecord(list, signer, roles);
  return record?.publicKey === undefined ? null : { record: record as Known["record"], by };
}

/** Before 12.0 a CTL names subscribers that sign their own ITL as CCM+TFTP only. */
function byTftpRecord(kind: "ctl" | "itl", file: TrustList, held: Held, answers: Answers): Known | null {
  if (kind === "ctl") return null;
  const found = recordOf(held.ctl, file.signer, [Role.CCM_TFTP], "local-ctl");
  return found !== null && answers.setting("ctlRole2AcceptsItl") ? found : null;
}

function byRecord(file: TrustList | SignedFile, { record, by }: Known): Judgement {
  if (!signedBy(file, record.publicKey)) return reject("bad-signature");
  const { subject, issuer, serial, certificate } = record;
  return { accepted: true, by, certificate: { subject, issuer, serial, sha256: certificate?.sha256 } };
}
