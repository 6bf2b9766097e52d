import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Scope } from "../../../../../providers/dhcp/backends/backend";
import { DEFAULTS, defaultTestCommand } from "../../../../../providers/dhcp/backends/isc-dhcpd/config";
import { DESTINATION, op } from "../../support/backend";
import { DIRECTORY, dhcpdOn, FakeDhcpHost, MAIN } from "../../support/fake-dhcpd";

/** What docs/isc-dhcpd.md tells people to copy. */
const PAGE = readFileSync(join(__dirname, "../../../../../docs/isc-dhcpd.md"), "utf8");
const blocks = [...PAGE.matchAll(/^```(\w*)\n(.*?)^```/gms)].map(([, , text]) => text!);
const block = (begin: string) => blocks.find((text) => text.startsWith(begin))!;
const TOUCHED = /touch (.*)$/m.exec(PAGE)![1]!.split(" ");

test("sudo lets the account run, as root, what the defaults run with sudo, and nothing else", () => {
  const [, commands] = /^voice ALL=\(root\) NOPASSWD: (.*)$/m.exec(block("voice"))!;
  const allowed = commands!.split(", ").map((command) => {
    const [program, ...args] = command.split(" ");
    expect(program).toMatch(/^\//);
    return ["sudo", "-n", basename(program!), ...args].join(" ");
  });
  expect(allowed).toEqual([defaultTestCommand(DEFAULTS.configFile), DEFAULTS.restartCommand]);
  expect(DEFAULTS.statusCommand).not.toContain("sudo");
});

test("the configuration is in order, and a subnet and a pilot are changed with the files that were made", async () => {
  const host = new FakeDhcpHost({
    [MAIN]: block("option cisco-tftp"),
    ...Object.fromEntries(TOUCHED.map((path) => [path, ""])),
  });
  const subnet = "10.1.20.0/24";
  const scopes: readonly Scope[] = [
    { kind: "subnet", subnet },
    { kind: "reservation", subnet, mac: "02:00:00:00:00:42" },
  ];
  for (const scope of scopes) expect((await dhcpdOn([host]).read(scope, op())).findings).toEqual([]);
  for (const scope of scopes) {
    const change = { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" } as const;
    expect((await dhcpdOn([host]).apply(scope, change, op())).answer).toEqual(DESTINATION);
  }
  expect(TOUCHED.filter((path) => !host.served.get(path)!.includes(DESTINATION[0]!))).toEqual([]);
  expect(block("install")).toContain(`-m 755 ${DIRECTORY} `);
});

describe("the file of each scope", () => {
  const declared = `
    option cisco-tftp code 150 = array of ip-address;
    shared-network hq { subnet 10.1.20.0 netmask 255.255.255.0 { pool { range 10.1.20.10 10.1.20.99; } } }
    host reception { hardware ethernet 02:00:00:00:00:42; }`;
  const rows = PAGE.split("\n").filter((line) => /^\| .*`\S+\.conf`/.test(line));
  const subnet = "10.1.20.0/24";
  const scopes: readonly (readonly [string, Scope])[] = [
    ["subnet 10.1.20.0/24", { kind: "subnet", subnet }],
    ["pool 10.1.20.10-10.1.20.99", { kind: "pool", subnet, pool: "10.1.20.10-10.1.20.99" }],
    ["shared network `hq`", { kind: "shared-network", network: "hq" }],
    ["global", { kind: "global" }],
    ["phone 02:00:00:00:00:42 without", { kind: "reservation", subnet, mac: "02:00:00:00:00:43" }],
    ["phone that somebody", { kind: "reservation", subnet, mac: "02:00:00:00:00:42" }],
  ];

  test("are all there", () => expect(rows).toHaveLength(scopes.length));

  test.each(scopes)("%s", async (row, scope) => {
    const [, name] = /`(\S+\.conf)`/.exec(rows.find((line) => line.startsWith(`| ${row}`))!)!;
    const { findings } = await dhcpdOn([new FakeDhcpHost({ [MAIN]: declared })]).read(scope, op());
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: "not-included",
        value: expect.stringContaining(`${DIRECTORY}/${name} is not included`),
      }),
    );
  });
});
