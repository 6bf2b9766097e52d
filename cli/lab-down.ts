import { resolve } from "node:path";
import type { Command } from "commander";
import { takeDown } from "../lab/down";
import { directoryOption } from "./lab-directory";

export function registerLabDown(lab: Command): void {
  directoryOption(lab.command("down"))
    .description("end the lab that `lab up` started, whatever is left of it")
    .action(async (options: { dir: string }) => {
      const ended = await takeDown(resolve(options.dir));
      console.log(ended.length === 0 ? `No lab runs in ${options.dir}.` : `Ended: ${ended.join(", ")}.`);
    });
}
