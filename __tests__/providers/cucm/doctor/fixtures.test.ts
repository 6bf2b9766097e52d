/** Each file that `phone-migration doctor --fixture` wrote: what was found then is found now. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NOT_TRIED } from "../../../../providers/cucm/doctor/not-tried";
import type { Transcript } from "../../../../providers/cucm/doctor/transcript";
import { replayed } from "./replay";

const FOLDER = join(__dirname, "fixtures");
const transcripts = readdirSync(FOLDER).flatMap((file) =>
  (JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Transcript[]).map(
    (transcript, i) => [`${file} ${i + 1}`, transcript] as const,
  ),
);

/** Rows that reading never shows come and go without a fixture. */
const tried = (verdicts: Transcript["verdicts"]) =>
  verdicts.filter(({ assumption }) => !NOT_TRIED.some(({ assumptions }) => assumptions.includes(assumption)));

test.each(transcripts)("%s", async (_, transcript) => {
  expect(transcript.format).toBe(1);
  expect(tried(await replayed(transcript))).toEqual(tried(transcript.verdicts));
});
