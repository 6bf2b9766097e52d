import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dhcpProvider } from "../../../../providers/dhcp/provider";
import { cores } from "../../../../providers/framework/testing/core";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { builtProvider } from "../../../../scripts/built-provider";
import { DESTINATION, SOURCE } from "../support/backend";
import { RealDhcpHost, requireDhcpd, SERVER } from "../support/real-dhcpd";

/** What a real dhcpd offers, asked on the ports of production from where a relay stands. */

jest.setTimeout(60_000);
beforeAll(requireDhcpd);

test("dhcpd is asked on port 67, about the subnet of the relay and about another one, and records no lease", async () => {
  const host = await RealDhcpHost.start(
    `ping-check false;
option cisco-tftp code 150 = array of ip-address;
subnet 10.1.20.0 netmask 255.255.255.0 { option cisco-tftp ${SOURCE.join(", ")}; range 10.1.20.100 10.1.20.199; }
subnet 10.1.21.0 netmask 255.255.255.0 { option cisco-tftp ${DESTINATION.join(", ")}; range 10.1.21.100; }`,
    {},
  );
  const core = cores()[0]!;
  const workspace = new Workspace({
    core: { ...core, binary: host.atRelay(core.binary) },
    providers: { dhcp: builtProvider("dhcp", dhcpProvider) },
  });
  const offer = (name: string, subnet: string, addresses: readonly string[]) => `
    data "dhcp_offer" "${name}" {
      server_address = "${SERVER}"
      relay_address  = "10.1.20.2"
      subnet         = "${subnet}"
      phone          = "SEP020000000042"
      expect         = ${JSON.stringify(addresses)}
    }
    output "${name}" { value = data.dhcp_offer.${name} }`;
  try {
    workspace.configure(`provider "dhcp" { servers = {} }
      ${offer("own", "10.1.20.0/24", SOURCE)}
      ${offer("other", "10.1.21.0/24", DESTINATION)}`);
    await workspace.apply();
    const { outputs } = JSON.parse(readFileSync(join(workspace.folder, "terraform.tfstate"), "utf8"));
    expect(outputs.own.value).toMatchObject({
      as_expected: true,
      problem: null,
      addresses: SOURCE,
      offered_address: expect.stringMatching(/^10\.1\.20\.1\d\d$/),
      server_identifier: SERVER,
    });
    expect(outputs.other.value).toMatchObject({
      as_expected: true,
      addresses: DESTINATION,
      offered_address: "10.1.21.100",
    });
    expect(host.leases()).not.toMatch(/binding state active/);
  } finally {
    workspace.remove();
    await host.stop();
  }
});
