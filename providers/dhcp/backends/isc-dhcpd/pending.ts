/**
 * What a run is about to change on a server, written there before it changes anything and removed when dhcpd runs with
 * it: a run that is ended in between leaves files that dhcpd may not have read. Texts have one character a byte.
 */
export interface Pending {
  readonly files: readonly PendingFile[];
}

export interface PendingFile {
  readonly path: string;
  /** null: there was no such file. */
  readonly before: string | null;
  readonly after: string;
}

/** In the include directory. */
export const PENDING_FILE = ".pending";

/** ASCII: paths may have other characters. */
export const pendingText = (pending: Pending): string =>
  `${JSON.stringify(pending).replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;

/** What is not understood still says that a run was ended. */
export function parsePending(text: string): Pending {
  try {
    const { files } = JSON.parse(text) as Partial<Pending>;
    return { files: Array.isArray(files) ? files.filter(isPendingFile) : [] };
  } catch {
    return { files: [] };
  }
}

function isPendingFile(file: unknown): file is PendingFile {
  const { path, before, after } = (file ?? {}) as Partial<PendingFile>;
  return (
    typeof path === "string" && typeof after === "string" && (before === null || typeof before === "string")
  );
}
