/** What docs/isc-dhcpd.md lets the account do, and what it is asked to do by default: sudo compares literally. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULTS, defaultTestCommand } from "../../../../../providers/dhcp/backends/isc-dhcpd/config";

const page = readFileSync(join(__dirname, "../../../../../docs/isc-dhcpd.md"), "utf8");
const allowed = /NOPASSWD: (.*)/
  .exec(page)![1]!
  .split(", ")
  .map((command) => command.replace(/^\S*\//, ""));

test("the line for sudoers allows exactly the default commands", () => {
  const asked = [defaultTestCommand(DEFAULTS.configFile), DEFAULTS.restartCommand];
  expect(asked.map((command) => command.replace("sudo -n ", ""))).toEqual(allowed);
});
