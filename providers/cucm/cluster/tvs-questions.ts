/** In the name of which phones one node's TVS was asked, and what it did not know, by its newest log files. */
import { nodeTime, TvsLogReader } from "../../../trust/tvs-log";
import { type TvsRefusal, TvsRefusals } from "../../../trust/tvs-refusals";
import type { TvsQuestions } from "./cluster";
import type { LogCollection } from "./transports/log-collection";
import { TAKEN_LIMIT } from "./transports/soap";

/** Of one node's logs: a trace at level Detailed fills a file of a megabyte or two in some hours. */
const FILES = 40;
const BYTES = 100 * 1024 * 1024;

/**
 * Lines tell no day, so that only this is sure: a file's lines were written after the next older file was finished.
 * The oldest one may be of any time, and is not read.
 */
export async function tvsQuestions(logs: LogCollection, signal: AbortSignal): Promise<TvsQuestions> {
  const { listed, dated } = await datedFiles(logs, signal);
  const asked = new Map<string, number>();
  let read = 0;
  let bytes = 0;
  for (const { path, size, time } of dated) {
    const older = dated.find((one) => one.time < time);
    if (older === undefined || read === FILES || bytes >= BYTES) break;
    // It may have grown since; of more than is taken none would be read, nor the other files.
    if (!(size <= Math.min(BYTES - bytes, TAKEN_LIMIT / 2))) continue;
    const reader = new TvsLogReader();
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
    for (const device of reader.end()) if (!asked.has(device)) asked.set(device, older.time);
  }
  return { asked, read, dated: dated.length, listed: listed.length };
}

/** Of what was answered last: a file or two have the boots of the last hours. */
const NEWEST = { files: 4, bytes: 20 * 1024 * 1024 };

export async function tvsRefusals(
  logs: LogCollection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TvsRefusal>> {
  const newest = (await datedFiles(logs, signal)).dated.slice(0, NEWEST.files);
  const answers = new TvsRefusals();
  let bytes = 0;
  const affordable = newest.filter(({ size }) => {
    bytes += size;
    return bytes <= NEWEST.bytes;
  });
  for (const { path } of affordable.reverse()) {
    const file = answers.file();
    await logs.read(path, (chunk) => file.push(chunk), signal);
    file.end();
  }
  return answers.refused;
}

/** Plain files whose time is told, newest first. */
async function datedFiles(logs: LogCollection, signal: AbortSignal) {
  const listed = await logs.list("Cisco Trust Verification Service", signal);
  const dated = listed
    .flatMap((file) => {
      const time = nodeTime(file.modified);
      return time === null || /\.gzo?$/.test(file.path) ? [] : [{ ...file, time }];
    })
    .sort((a, b) => b.time - a.time);
  return { listed, dated };
}
