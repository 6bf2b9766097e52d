/** Which phones asked one node's TVS, by its newest log files. */
import { nodeTime, TvsLogReader } from "../../../trust/tvs-log";
import type { TvsQuestions } from "./cluster";
import type { LogCollection } from "./transports/log-collection";

/** Of one node's logs: a trace at level Detailed fills a file of a megabyte or two in some hours. */
const FILES = 40;
const BYTES = 100 * 1024 * 1024;

/** @param wanted device names */
export async function tvsQuestions(
  logs: LogCollection,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<TvsQuestions> {
  const listed = (await logs.list("Cisco Trust Verification Service", signal)).map((file) => ({
    ...file,
    time: nodeTime(file.modified),
  }));
  const dated = listed.flatMap((file) =>
    file.time === null || /\.gzo?$/.test(file.path) ? [] : [{ ...file, time: file.time }],
  );
  const open = new Set(wanted.map((name) => name.toUpperCase()));
  const asked = new Map<string, number>();
  let read = 0;
  let bytes = 0;
  for (const { path, time } of dated.sort((a, b) => b.time - a.time)) {
    if (open.size === 0 || read === FILES || bytes > BYTES) break;
    const reader = new TvsLogReader(open);
    const there = await logs.read(
      path,
      (chunk) => {
        bytes += chunk.length;
        reader.push(chunk);
      },
      signal,
    );
    if (!there) continue;
    read++;
    // Older files have older questions.
    for (const [device, at] of reader.end(time)) {
      asked.set(device, at);
      open.delete(device);
    }
  }
  return { asked, read, listed: listed.length };
}
