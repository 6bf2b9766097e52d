/** Each file that `phone-migration doctor --fixture` wrote: what was found then is found now. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Transcript } from "../../../../providers/cucm/doctor/transcript";
import { replayed } from "./replay";

const FOLDER = join(__dirname, "fixtures");
const transcripts = readdirSync(FOLDER).flatMap((file) =>
  (JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Transcript[]).map(
    (transcript, i) => [`${file} ${i + 1}`, transcript] as const,
  ),
);

test.each(transcripts)("%s", async (_, transcript) => {
  expect(transcript.format).toBe(1);
  expect(await replayed(transcript)).toEqual(transcript.verdicts);
});
