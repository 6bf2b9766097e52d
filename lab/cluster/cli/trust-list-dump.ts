import { createHash } from "node:crypto";
import { roleShown } from "../../../trust/roles";
import { parseTrustList, type TrustList, type TrustRecord, verifyTrustList } from "../../../trust/trust-list";
import { dumpDate } from "./certificate-dump";

/** `show ctl` and `show itl`, in the layout of Cisco's documents 118892 and 118893. */
export function trustListDump(kind: "CTL" | "ITL", bytes: Buffer | null): string {
  if (bytes === null) {
    const hint =
      kind === "CTL"
        ? " . Please run CTLClient plugin or run the CLI - utils ctl.. to generate the CTL file."
        : ".";
    return `Length of ${kind} file: 0\n${kind} File not found${hint}\nError parsing the ${kind} File.`;
  }
  const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest("hex");
  const list = parseTrustList(bytes);
  const signer = list.records.find(
    (record) => record.role === 0 && record.serial === list.signer.serial && record.certificate !== undefined,
  );
  const verified = signer?.certificate !== undefined && verifyTrustList(list, signer.certificate);
  return [
    `The checksum value of the ${kind} file:`,
    `${hash("md5")}(MD5)`,
    `${hash("sha1")}(SHA1)`,
    "",
    `Length of ${kind} file: ${bytes.length}`,
    `The ${kind} File was last modified on ${dumpDate(list.timestamp ?? new Date(0))}`,
    "",
    `Parse ${kind} File`,
    "----------------",
    `Version:        ${list.version}`,
    `HeaderLength:   ${list.headerLength} (BYTES)`,
    "",
    "BYTEPOS TAG             LENGTH  VALUE",
    "------- ---             ------  -----",
    ...header(list),
    ...list.records.flatMap((record, i) => recordLines(record, i + 1, kind, record === signer)),
    "",
    verified ? `The ${kind} file was verified successfully.` : `Verification of the ${kind} file failed.`,
  ].join("\n");
}

function header(list: TrustList): string[] {
  return [
    row(3, "SIGNERID", 2, ""),
    row(4, "SIGNERNAME", list.signer.name.length + 1, list.signer.name),
    row(5, "SERIALNUMBER", list.signer.serial.length / 2, colons(list.signer.serial)),
    row(6, "CANAME", list.signer.issuer.length + 1, list.signer.issuer),
    row(7, "SIGNATUREINFO", 2, "15"),
    row(8, "DIGESTALGORTITHM", 1, ""),
    row(9, "SIGNATUREALGOINFO", 2, "8"),
    row(10, "SIGNATUREALGORTITHM", 1, ""),
    row(11, "SIGNATUREMODULUS", 1, ""),
    row(12, "SIGNATURE", list.signature.length, ""),
    ...(list.signature.toString("hex").match(/.{1,32}/g) ?? []).map((line) => line.replace(/../g, " $& ")),
    row(14, "FILENAME", (list.filename ?? "").length + 1, list.filename ?? ""),
    row(15, "TIMESTAMP", 4, ""),
  ];
}

function recordLines(record: TrustRecord, number: number, kind: string, signed: boolean): string[] {
  return [
    "",
    `        ${kind} Record #:${number}`,
    "                  ----",
    "BYTEPOS TAG             LENGTH  VALUE",
    "------- ---             ------  -----",
    row(1, "RECORDLENGTH", 2, String(record.length)),
    row(2, "DNSNAME", record.dnsName.length + 1, record.dnsName),
    row(3, "SUBJECTNAME", record.subject.length + 1, record.subject),
    row(4, "FUNCTION", 2, roleShown(record.role)),
    row(5, "ISSUERNAME", record.issuer.length + 1, record.issuer),
    row(6, "SERIALNUMBER", record.serial.length / 2, colons(record.serial)),
    row(7, "PUBLICKEY", record.publicKeyBytes?.length ?? 0, ""),
    row(8, "SIGNATURE", record.signature?.length ?? 0, ""),
    row(9, "CERTIFICATE", record.certificate?.der.length ?? 0, certificateHash(record)),
    row(10, "IPADDRESS", 4, record.ipAddress ?? ""),
    ...(signed ? [`This etoken was used to sign the ${kind} file.`] : []),
  ];
}

function certificateHash(record: TrustRecord): string {
  if (record.certificate === undefined) return "";
  const hex = createHash("sha1").update(record.certificate.der).digest("hex").toUpperCase();
  return `${hex.replace(/..(?=.)/g, "$& ")} (SHA1 Hash HEX)`;
}

const row = (position: number, tag: string, length: number, value: string): string =>
  `${String(position).padEnd(8)}${tag.padEnd(16)}${String(length).padEnd(8)}${value}`.trimEnd();

const colons = (hex: string): string => hex.replace(/..(?=.)/g, "$&:");
