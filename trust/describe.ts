import { createHash } from "node:crypto";
import { Role, roleShown } from "./roles";
import { findSigner, type TrustList, type TrustRecord } from "./trust-list";
import { judgeTrustList, type Verdict } from "./verdict";

/**
 * A trust list in the layout of `show ctl` and `show itl` (transcripts in Cisco's documents 118892 and 118893), with
 * Cisco's spelling of ALGORTITHM. The time is the one in the header, in UTC; the checksums are those that phones show.
 * Fields whose tag is not known are shown as UNKNOWN, in hex.
 */
export function describeTrustList(list: TrustList, verdict: Verdict = judgeTrustList(list)): string {
  const kind = list.kind ?? "CTL";
  return [
    `The checksum value of the ${kind} file:`,
    `${hash("md5", list.bytes)}(MD5)`,
    `${hash("sha1", list.bytes)}(SHA1)`,
    "",
    `Length of ${kind} file: ${list.bytes.length}`,
    ...(list.timestamp === undefined
      ? []
      : [`The ${kind} File was last modified on ${ctime(list.timestamp)}`]),
    "",
    `Parse ${kind} File`,
    "----------------",
    "",
    `Version:        ${list.version}`,
    `HeaderLength:   ${list.headerLength} (BYTES)`,
    "",
    ...HEADINGS,
    ...headerLines(list),
    "",
    ...list.records.flatMap((record, i) => recordLines(list, kind, record, i + 1)),
    verdict.verified
      ? `The ${kind} file was verified successfully.`
      : `Verification of the ${kind} file failed: ${verdict.reason}.`,
    "",
  ].join("\n");
}

const HEADINGS = ["BYTEPOS TAG             LENGTH  VALUE", "------- ---             ------  -----"];

function headerLines(list: TrustList): string[] {
  const { signer } = list;
  return [
    row(3, "SIGNERID", 2, fieldLength(list, 3)),
    row(4, "SIGNERNAME", textLength(signer.name), signer.name),
    row(5, "SERIALNUMBER", signer.serial.length / 2, colons(signer.serial)),
    row(6, "CANAME", textLength(signer.issuer), signer.issuer),
    row(7, "SIGNATUREINFO", 2, fieldLength(list, 7)),
    row(8, "DIGESTALGORTITHM", 1, list.digest.toUpperCase()),
    row(9, "SIGNATUREALGOINFO", 2, 8),
    row(10, "SIGNATUREALGORTITHM", 1, list.signatureAlgorithm),
    row(11, "SIGNATUREMODULUS", 1, list.modulusCode),
    row(12, "SIGNATURE", list.signature.length),
    ...(list.signature.toString("hex").match(/.{1,16}/g) ?? []).map((line) =>
      line.replace(/../g, "$&  ").trimEnd(),
    ),
    ...(list.filename === undefined ? [] : [row(14, "FILENAME", textLength(list.filename), list.filename)]),
    ...(list.timestamp === undefined ? [] : [row(15, "TIMESTAMP", 4)]),
    ...(list.signerVersion === undefined
      ? []
      : [row(28, "SIGNERVERSION", list.signerVersion.length, list.signerVersion.join("."))]),
    ...list.unknown.map(({ tag, value }) => row(tag, "UNKNOWN", value.length, value.toString("hex"))),
  ];
}

function recordLines(list: TrustList, kind: string, record: TrustRecord, number: number): string[] {
  const size = (tag: number) => record.tlvs.find((tlv) => tlv.tag === tag)?.value?.length;
  const fields: readonly [tag: number, name: string, value?: string | number][] = [
    [1, "RECORDLENGTH", record.length],
    [2, "DNSNAME", record.dnsName],
    [3, "SUBJECTNAME", record.subject],
    [4, "FUNCTION", roleShown(record.role)],
    [5, "ISSUERNAME", record.issuer],
    [6, "SERIALNUMBER", colons(record.serial)],
    [7, "PUBLICKEY"],
    [8, "SIGNATURE"],
    [9, "CERTIFICATE", record.certificate && `${fingerprint(record.certificate.der)} (SHA1 Hash HEX)`],
    [10, "IPADDRESS", record.ipAddress],
    [11, "CERTIFICATEHASH", record.certificateHash?.toString("hex")],
    [12, "HASHALGORITHM", record.hashAlgorithm],
  ];
  return [
    `        ${kind} Record #:${number}`,
    "                  ----",
    ...HEADINGS,
    ...fields.flatMap(([tag, name, value]) => {
      const length = size(tag);
      return length === undefined ? [] : [row(tag, name, length, value)];
    }),
    ...record.unknown.map(({ tag, value }) => row(tag, "UNKNOWN", value.length, value.toString("hex"))),
    ...(record.role === Role.SAST
      ? [`This etoken was ${record === findSigner(list) ? "" : "not "}used to sign the ${kind} file.`]
      : []),
    "",
  ];
}

function row(tag: number, name: string, length: number, value: string | number = ""): string {
  return `${`${tag}`.padEnd(8)}${name.padEnd(15)} ${`${length}`.padEnd(8)}${printable(`${value}`)}`.trimEnd();
}

/** Names come from the network: no control character of theirs, and no line's end, reaches a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
}

function fieldLength(list: TrustList, tag: number): number {
  return list.tlvs.find((tlv) => tlv.tag === tag)?.value?.length ?? 0;
}
function textLength(text: string): number {
  return Buffer.byteLength(text) + 1;
}
function hash(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
function fingerprint(bytes: Buffer): string {
  return colons(hash("sha1", bytes).toUpperCase()).replaceAll(":", " ");
}
function colons(hex: string): string {
  return hex.replace(/..(?=.)/g, "$&:");
}
/** `Fri Mar 06 19:45:13 UTC 2015` */
function ctime(date: Date): string {
  const [week, day, month, year, time] = date.toUTCString().replace(",", "").split(" ");
  return `${week} ${month} ${day} ${time} UTC ${year}`;
}
