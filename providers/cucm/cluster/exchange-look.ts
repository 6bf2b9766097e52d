/**
 * A look into the files of an exchange, for people. Nothing depends on it: whatever a file is, it is a line of the
 * report.
 */
import { DeadlineError, withDeadline } from "./budget";
import { ClusterError, type Operation } from "./cluster";
import { excerpt, messageOf } from "./failure";
import { lookInto, MOST_PKCS12_BYTES, type Pkcs12Contents, Pkcs12Problem } from "./pkcs12";
import type { ExchangeDirectory, ExchangeFile } from "./transports/sftp";

/** For all of them together. */
const LOOK_MS = 10_000;
const MOST_FILES = 20;
const MOST_CERTIFICATES = 10;

/** Never rejects. The deadline may end the connection to the directory. */
export async function lookAt(
  directory: ExchangeDirectory,
  files: readonly ExchangeFile[],
  { signal, progress = () => {} }: Operation,
  deadlineMs = LOOK_MS,
): Promise<void> {
  let at = 0;
  try {
    await withDeadline(deadlineMs, signal, async (inner) => {
      for (const file of files.slice(0, MOST_FILES)) {
        const seen = await reported(directory, file, inner);
        inner.throwIfAborted();
        progress(`${excerpt(file.name, 100)} ${seen}`);
        at += 1;
      }
    });
  } catch (error) {
    if (!(error instanceof DeadlineError)) return;
  }
  if (at < files.length) progress(`${files.length - at} more files of the exchange were not looked into`);
}

/** @throws whatever aborted the signal */
async function reported(
  directory: ExchangeDirectory,
  { name, size }: ExchangeFile,
  signal: AbortSignal,
): Promise<string> {
  try {
    // One byte more, as a server may say any size.
    const bytes = size > MOST_PKCS12_BYTES ? null : await directory.read(name, MOST_PKCS12_BYTES + 1, signal);
    if (size > MOST_PKCS12_BYTES || (bytes?.length ?? 0) > MOST_PKCS12_BYTES)
      throw new Pkcs12Problem(`it has more than ${MOST_PKCS12_BYTES} bytes`);
    if (bytes === null) throw new Pkcs12Problem("it is not there any more");
    return text(await lookInto(bytes));
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof ClusterError ? error.summary : messageOf(error);
    return `cannot be looked into: ${excerpt(why)}`;
  }
}

function text({ certificates, privateKeys, closed }: Pkcs12Contents): string {
  const shown = certificates
    .slice(0, MOST_CERTIFICATES)
    .map(({ commonName, sha256 }) => `${excerpt(commonName, 60)} (SHA-256 ${sha256.slice(0, 16)}...)`);
  const more = certificates.length - shown.length;
  const parts = [
    certificates.length > 0 ? `certificates: ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}` : "",
    privateKeys > 0 ? `private keys: ${privateKeys}, which stayed closed` : "",
    closed > 0 ? `parts that neither no passphrase nor an empty one opens: ${closed}` : "",
  ].filter((part) => part !== "");
  return `has ${parts.join("; ") || "nothing in it"}`;
}
