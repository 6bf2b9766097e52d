import { resolve } from "node:path";
import type { Command } from "commander";
import { takeDown } from "../lab/down";
import { explain } from "./explained";
import { directoryOption } from "./lab-directory";

export function registerLabDown(lab: Command): void {
  const command = directoryOption(lab.command("down"))
    .description("end the lab that `lab up` started, whatever is left of it")
    .action(async (options: { dir: string }) => {
      const ended = await takeDown(resolve(options.dir));
      console.log(ended.length === 0 ? `No lab runs in ${options.dir}.` : `Ended: ${ended.join(", ")}.`);
    });
  explain(command, {
    about: ["The lab's processes alone are ended, by their numbers in its directory. No device is changed."],
    examples: [
      ["npx phone-migration lab down", "the lab in .lab, from any terminal"],
      ["npx phone-migration lab down --dir ../second-lab", "that of another directory"],
    ],
    statuses: { 0: "the lab has ended, or none ran", 1: "something of it could not be ended" },
  });
}
