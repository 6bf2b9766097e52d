import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dhcpProvider } from "../../../../providers/dhcp/provider";
import { cores } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges } from "../../../../providers/framework/testing/expect";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { builtProvider } from "../../../../scripts/built-provider";
import { DESTINATION, SOURCE } from "../support/backend";
import { RealDhcpHost, requireDhcpd } from "../support/real-dhcpd";

/** The provider as users run it, a real core, a real dhcpd behind a real sshd, and what a phone is offered. */

jest.setTimeout(120_000);
beforeAll(requireDhcpd);

const SECRET = "c2VjcmV0LWtleS1vZi1vbWFwaQ==";
const FILE = "option150-10.1.20.0-24.conf";
const CONFIGURATION = `
ping-check false;
option cisco-tftp code 150 = array of ip-address;
key k { algorithm hmac-sha256; secret "${SECRET}"; };
include "@/option150-global.conf";
subnet 10.1.20.0 netmask 255.255.255.0 {
  include "@/${FILE}";
  pool { range 10.1.20.100 10.1.20.199; include "@/option150-10.1.20.100-10.1.20.199.conf"; }
}
shared-network "floor 1" {
  include "@/option150-network-floor%201.conf";
  subnet 10.1.22.0 netmask 255.255.255.0 { range 10.1.22.100; }
}
include "@/pilots.conf";
subnet 10.1.21.0 netmask 255.255.255.0 { option cisco-tftp ${SOURCE.join(", ")}; range 10.1.21.100; }
`;

/** The kinds of scope beside a subnet and a phone of it: arguments, and the file of each. */
const KINDS = {
  global: ["global = true", "option150-global.conf"],
  network: ['shared_network = "floor 1"', "option150-network-floor%201.conf"],
  pool: [
    'subnet = "10.1.20.0/24", pool = "10.1.20.100-10.1.20.199"',
    "option150-10.1.20.100-10.1.20.199.conf",
  ],
} as const;

test.each(cores().map((core) => [core.name, core] as const))(
  "with %s: there, no changes, destroy refused, back, destroyed, byte for byte; no secret in state or plan",
  async (_, core) => {
    const asFound = `option   cisco-tftp ${SOURCE.join(",")}; # as it was`;
    const host = await RealDhcpHost.start(CONFIGURATION, {
      [FILE]: asFound,
      "pilots.conf": "",
      ...Object.fromEntries(Object.values(KINDS).map(([, file]) => [file, ""])),
    });
    const workspace = new Workspace({
      core,
      providers: { dhcp: builtProvider("dhcp", dhcpProvider) },
      env: { TEST_DHCPD_USERNAME: "voice", TEST_DHCPD_KEY: host.privateKey },
    });
    const {
      hosts,
      port,
      hostKeys,
      configFile,
      includeDirectory,
      testCommand,
      restartCommand,
      statusCommand,
    } = host.config();
    const resource = (name: string, subnet: string, word: string) => `
      resource "dhcp_option_150" "${name}" {
        server                = "dhcpd"
        scope                 = { subnet = "${subnet}" }
        source_addresses      = ${JSON.stringify(SOURCE)}
        destination_addresses = ${JSON.stringify(DESTINATION)}
        serve                 = "${word}"
      }`;
    const provider = `
      provider "dhcp" {
        servers = { dhcpd = { isc_dhcpd = {
          hosts             = ${JSON.stringify(hosts)}
          port              = ${port}
          ssh_sha256        = ${JSON.stringify(hostKeys)}
          username_env      = "TEST_DHCPD_USERNAME"
          private_key_env   = "TEST_DHCPD_KEY"
          config_file       = "${configFile}"
          include_directory = "${includeDirectory}"
          test_command      = "${testCommand}"
          restart_command   = "${restartCommand}"
          status_command    = "${statusCommand}"
        } } }
      }`;
    const serve = (word: string) => workspace.configure(`${provider}${resource("hq", "10.1.20.0/24", word)}`);
    try {
      serve("source");
      await workspace.apply();
      serve("destination");
      await workspace.apply();
      expect(host.offered()).toEqual(DESTINATION);
      expectNoChanges(await workspace.plan());
      await expectError(workspace.destroy(), /is not let go of/);
      serve("source");
      await workspace.apply();
      expect(host.offered()).toEqual(SOURCE);
      expect(host.file(FILE)).toBe(asFound);

      // One phone ahead of the others.
      const pilot = (word: string) =>
        workspace.configure(`${provider}${resource("hq", "10.1.20.0/24", "source")}
          resource "dhcp_option_150" "pilot" {
            server                = "dhcpd"
            scope                 = { subnet = "10.1.20.0/24", phone = "SEP020000000042" }
            destination_addresses = ${JSON.stringify(DESTINATION)}
            serve                 = "${word}"
          }`);
      pilot("destination");
      await workspace.apply();
      expect([host.offered("02:00:00:00:00:42"), host.offered()]).toEqual([DESTINATION, SOURCE]);
      pilot("source");
      await workspace.apply();
      expectNoChanges(await workspace.plan());
      expect(host.file("pilots.conf")).toBe("");
      expect(host.offered("02:00:00:00:00:42")).toEqual(SOURCE);

      // Every other kind of scope, which inherits on the source.
      const others = (word: string) =>
        workspace.configure(
          `${provider}${resource("hq", "10.1.20.0/24", "source")}${Object.entries(KINDS)
            .map(
              ([name, [scope]]) => `
          resource "dhcp_option_150" "${name}" {
            server                = "dhcpd"
            scope                 = { ${scope} }
            destination_addresses = ${JSON.stringify(DESTINATION)}
            serve                 = "${word}"
          }`,
            )
            .join("")}`,
        );
      others("destination");
      await workspace.apply();
      expectNoChanges(await workspace.plan());
      for (const [, file] of Object.values(KINDS)) expect(host.file(file)).toContain(DESTINATION.join(", "));
      // Phones are in the pool, which goes before the subnet.
      expect(host.offered()).toEqual(DESTINATION);
      others("source");
      await workspace.apply();
      expectNoChanges(await workspace.plan());
      for (const [, file] of Object.values(KINDS)) expect(host.file(file)).toBe("");
      expect(host.offered()).toEqual(SOURCE);

      // What is not included is known at plan, and no move to it is planned.
      workspace.configure(
        `${provider}${resource("hq", "10.1.20.0/24", "source")}${resource("branch", "10.1.21.0/24", "destination")}`,
      );
      await expectError(workspace.plan(), /not-included .*include "[^"]*option150-10\.1\.21\.0-24\.conf";/s);
      const state = readFileSync(join(workspace.folder, "terraform.tfstate"), "utf8");
      expect(state).toContain("dhcp_option_150");
      for (const secret of [SECRET, host.privateKey.slice(60, 100)]) expect(state).not.toContain(secret);
      serve("source");
      await workspace.destroy();
      expect(host.file(FILE)).toBe(asFound);
    } finally {
      workspace.remove();
      await host.stop();
    }
  },
);
