/** docs/transcript.md is of the commands that the README has now; `npm run test:newcomer` types them. */
import { steps, typed } from "../journey/support/by-hand";
import { read } from "./pages";

test("the transcript has the commands of the README, in their order", () => {
  const shown = [...read("docs/transcript.md").matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
  const commands = steps().flatMap((step) => ("command" in step ? [typed(step.command)] : []));
  expect(shown.length).toBeGreaterThan(15);
  expect(shown).toEqual(commands);
});
