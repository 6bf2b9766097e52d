import { basename } from "node:path";
import type { Command } from "commander";
import { ClusterError } from "../providers/cucm/cluster/cluster";
import { Tftp } from "../providers/cucm/cluster/transports/tftp";
import type { Certificate } from "../trust/certificate";
import { describeTrustList, printable } from "../trust/describe";
import { parseFileHeader } from "../trust/file-header";
import { roleName } from "../trust/roles";
import { parseTrustList, type TrustList, TrustListError, type TrustRecord } from "../trust/trust-list";
import { judgeTrustList, type Verdict } from "../trust/verdict";
import { readBytes, readCertificates } from "./certificate-files";
import { CommandError } from "./command-error";
import { explain } from "./explained";
import { extract } from "./extract";
import { repeatable, valued } from "./options";
import { paint, styleOf } from "./table";

/** As TFTP's downloads; what is too large for a phone is said by the parser. */
const MAX_BYTES = 1_048_576;
const TIMEOUT_MS = 30_000;

interface Options {
  readonly json?: true;
  readonly certificate: readonly string[];
  readonly extract?: string;
}

type Result =
  | { readonly from: string; readonly list: TrustList; readonly verdict: Verdict }
  | {
      readonly from: string;
      readonly error: string;
      readonly offset: number | null;
      /** Nothing of it is there; null where it is, and is no list. */
      readonly unread: "file" | "url" | null;
    };

export function registerTrustList(program: Command): void {
  const command = program
    .command("trust-list")
    .description("show CTL and ITL files as `show ctl` does, and say whether they verify")
    .argument("<file-or-url...>", "files, or URLs such as http://10.0.0.1:6970/CTLFile.tlv")
    .addOption(
      repeatable(
        "--certificate <file>",
        "a signer known from elsewhere, PEM or DER: for a list that does not contain its own",
        "those in the list",
      ),
    )
    .addOption(
      valued(
        "--extract <dir>",
        "write the certificates of the records there as PEM, named by role and SHA-256; nothing is overwritten",
        "nothing is written",
      ),
    )
    .option("--json", "print JSON")
    .action(async (sources: readonly string[], options: Options) => {
      const signers = options.certificate.flatMap(readCertificates);
      const results: Result[] = [];
      for (const from of sources) results.push(await read(from, signers));
      const unread = results.flatMap((result) => ("error" in result ? (result.unread ?? []) : []));
      const nothing = unread.length === results.length;
      if (options.json) console.log(JSON.stringify(results.map(asJson), null, 2));
      // What there is to say then is the error.
      else if (!nothing)
        console.log(results.map((result) => asText(result, sources.length > 1)).join("\n\n"));
      if (options.extract !== undefined && !nothing) extracted(results, options.extract, options.json);
      const failed = results.filter((result) => !("verdict" in result && result.verdict.verified));
      if (failed.length > 0) {
        const reasons = failed.map(reasonOf).join("\n  ");
        throw new CommandError(
          sources.length === 1
            ? reasons
            : `${failed.length} of ${sources.length} files do not verify:\n  ${reasons}`,
          nothing && !unread.includes("url") ? 2 : 1,
        );
      }
    });
  explain(command, {
    about: [
      `A URL is fetched as phones fetch it, by HTTP, at most ${MAX_BYTES} bytes within ${TIMEOUT_MS / 1000} s, without credentials. No device is changed.`,
    ],
    examples: [
      ["npx phone-migration trust-list http://10.20.0.11:6970/CTLFile.tlv", "what a TFTP node serves"],
      [
        "npx phone-migration trust-list ITLFile.tlv --certificate CallManager.pem --extract certificates",
        "a file, with its signer, and its certificates for `tvs ask`",
      ],
    ],
    statuses: {
      0: "every file verifies",
      1: "one does not, could not be read (2: none of the files could), or its certificates could not be written",
    },
  });
}

/** Also of a list that does not verify: the signer that it needs may be in another one. */
function extracted(results: readonly Result[], folder: string, json: true | undefined): void {
  const records = results.flatMap((result) => ("list" in result ? result.list.records : []));
  const files = extract(records, folder);
  const say = json ? console.error : console.log;
  say(`\nCertificates in ${folder}:`);
  for (const file of files) say(`  ${basename(file)}`);
}

async function read(from: string, signers: readonly Certificate[]): Promise<Result> {
  const where = /^[a-z][a-z0-9+.-]*:\/\//i.test(from) ? "url" : "file";
  let bytes: Buffer;
  try {
    bytes = where === "url" ? await download(from) : readBytes(from, MAX_BYTES);
  } catch (error) {
    // What is no address of a list is wrong use; what is not to be had tells nothing of the other lists.
    if (error instanceof CommandError && !(error instanceof WrongUrl))
      return { from, error: error.message, offset: null, unread: where };
    throw error;
  }
  try {
    const list = parseTrustList(bytes);
    return { from, list, verdict: judgeTrustList(list, { signers }) };
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    return {
      from,
      error: `not a whole CTL or ITL file: ${error.message}.${hintFor(bytes)}`,
      offset: error.offset,
      unread: null,
    };
  }
}

class WrongUrl extends CommandError {
  constructor(message: string) {
    super(`${message} Write it as http://10.0.0.1:6970/CTLFile.tlv.`, 2);
  }
}

/** As phones fetch it, with a bound and a deadline. @throws CommandError */
async function download(text: string): Promise<Buffer> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw new WrongUrl(`${text} is not a URL.`);
  if (url.protocol !== "http:")
    throw new WrongUrl(
      `${url.protocol}//... is not fetched: TFTP serves these files over http, by default on port 6970.`,
    );
  const name = decodeURIComponent(url.pathname.slice(1));
  if (url.username !== "" || url.search !== "" || name === "" || name.includes("/"))
    throw new WrongUrl(`${url.protocol}//${url.host}${url.pathname} must name one file.`);
  const address = url.hostname.replace(/^\[|\]$/g, "");
  const at = { cluster: "", address, names: [] };
  const tftp = new Tftp(at, Number(url.port || 80), TIMEOUT_MS, () => {});
  try {
    const bytes = await tftp.file(name, new AbortController().signal);
    if (bytes !== null) return bytes;
    throw new CommandError(
      `${url.host} has no ${name} (HTTP 404).${absent(name)} Name a file that it serves.`,
    );
  } catch (error) {
    if (error instanceof ClusterError) throw new CommandError(error.message);
    throw error;
  } finally {
    tftp.close();
  }
}

function absent(name: string): string {
  return name.startsWith("CTL") ? " A cluster that was never in mixed mode has no CTL." : "";
}

/** What it may be when it is not a trust list. */
function hintFor(bytes: Buffer): string {
  try {
    const { filename, headerLength } = parseFileHeader(bytes);
    if (filename !== undefined && !/^[CI]TL/.test(filename))
      return ` Its header is well-formed and names ${printable(filename)}: a signed file, whose content begins at byte ${headerLength}, and no trust list.`;
  } catch {
    if (/^\s*</.test(bytes.toString("latin1", 0, 64))) return " It looks like XML or HTML.";
    if (bytes.length === 0) return " The file is empty.";
  }
  return "";
}

function reasonOf(result: Result): string {
  if (!("error" in result)) return `${result.from}: does not verify: ${result.verdict.reason}.`;
  // Who could not read a file has named it.
  return result.unread === "file" ? result.error : `${result.from}: ${result.error}`;
}

function asText(result: Result, several: boolean): string {
  const style = styleOf(process.stdout);
  const title = several ? `${paint(style, "bold", `=== ${result.from}`)}\n` : "";
  if ("error" in result) return `${title}${paint(style, "red", `Not read: ${result.error}`)}`;
  const { list, verdict } = result;
  return [
    `${title}${describeTrustList(list, verdict)}`,
    verdict.verified
      ? paint(style, "green", `Verified: ${signedBy(list, verdict)}.`)
      : paint(style, "red", `Not verified: ${verdict.reason}. ${verdict.tampered ? CHANGED : named(list)}`),
    ...verdict.warnings.map((warning) => paint(style, "yellow", `Warning: ${printable(warning)}`)),
  ].join("\n");
}

function signedBy(list: TrustList, { by }: Verdict): string {
  const how = `${list.digest.toUpperCase()}, RSA of ${list.signature.length * 8} bits`;
  if (by?.kind === "record") {
    const { subject, role } = by.record;
    return `signed by record ${by.number} (${roleName(role)}), ${printable(subject)}; ${how}`;
  }
  return `signed by the given certificate, ${printable(by?.certificate.subject ?? "")}, which is no SAST record of this list; ${how}`;
}

const CHANGED =
  "The file was changed after it was signed, or damaged on the way: fetch it again; if it stays so, restart Cisco Tftp on the node that serves it, and for a CTL run `utils ctl update CTLFile` on its publisher.";

function named(list: TrustList): string {
  const { name, serial, issuer } = list.signer;
  return `Its header names ${printable(name)}, serial number ${serial}, issuer ${printable(issuer)}: give that certificate with --certificate.`;
}

function asJson(result: Result) {
  if ("error" in result)
    return { from: result.from, verified: false, error: result.error, offset: result.offset };
  const { from, list, verdict } = result;
  const { by } = verdict;
  return {
    from,
    verified: verdict.verified,
    verifiedBy:
      by === null
        ? null
        : by.kind === "record"
          ? {
              record: by.number,
              role: roleName(by.record.role),
              sha256: by.record.certificate?.sha256 ?? null,
            }
          : { record: null, role: null, sha256: by.certificate.sha256 },
    reason: verdict.reason || null,
    warnings: verdict.warnings,
    kind: list.kind ?? null,
    version: list.version,
    filename: list.filename ?? null,
    timestamp: list.timestamp?.toISOString() ?? null,
    bytes: list.bytes.length,
    digest: list.digest,
    signatureBits: list.signature.length * 8,
    modulusCode: list.modulusCode,
    signerVersion: list.signerVersion?.join(".") ?? null,
    signer: list.signer,
    unknown: list.unknown.map(hexField),
    records: list.records.map(recordAsJson),
  };
}

function recordAsJson(record: TrustRecord, i: number) {
  const { certificate, publicKey } = record;
  return {
    record: i + 1,
    role: roleName(record.role),
    roleNumber: record.role,
    dnsName: record.dnsName,
    ipAddress: record.ipAddress ?? null,
    subject: record.subject,
    issuer: record.issuer,
    serial: record.serial,
    key: publicKey === undefined ? null : keyText(publicKey),
    sha256: certificate?.sha256 ?? null,
    notBefore: certificate?.notBefore.toISOString() ?? null,
    notAfter: certificate?.notAfter.toISOString() ?? null,
    unknown: record.unknown.map(hexField),
  };
}

function keyText({ asymmetricKeyType, asymmetricKeyDetails }: NonNullable<TrustRecord["publicKey"]>): string {
  const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {};
  return `${asymmetricKeyType} ${modulusLength ?? namedCurve ?? ""}`.trim();
}

function hexField({ tag, value }: { readonly tag: number; readonly value: Buffer }) {
  return { tag, value: value.toString("hex") };
}
