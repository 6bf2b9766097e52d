import { dhcpProvider } from "../../../../providers/dhcp/provider";
import { cores } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges } from "../../../../providers/framework/testing/expect";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { builtProvider } from "../../../../scripts/built-provider";
import { DESTINATION, SOURCE } from "../support/backend";
import { DEFINITION } from "../support/fake-kea";
import { RealKea, requireKea } from "../support/real-kea";

/** The provider as users run it, a real core, a real kea-dhcp4, and what a phone is offered on the wire. */

jest.setTimeout(120_000);
beforeAll(requireKea);

test.each(cores().map((core) => [core.name, core] as const))(
  "with %s: there, no changes, destroy refused, back, destroyed, byte for byte",
  async (_, core) => {
    const kea = await RealKea.start({
      "option-def": [DEFINITION],
      subnet4: [
        {
          id: 10,
          subnet: "127.0.0.0/8",
          pools: [{ pool: "127.1.0.1-127.1.0.100" }],
          "option-data": [{ name: "cisco-tftp", data: SOURCE.join(",") }],
        },
      ],
    });
    const workspace = new Workspace({ core, providers: { dhcp: builtProvider("dhcp", dhcpProvider) } });
    const serve = (word: string) =>
      workspace.configure(`
        provider "dhcp" { servers = { kea = { kea = { endpoints = ["${kea.endpoint}"] } } } }
        resource "dhcp_option_150" "hq" {
          server                = "kea"
          scope                 = { subnet = "127.0.0.0/8" }
          source_addresses      = ${JSON.stringify(SOURCE)}
          destination_addresses = ${JSON.stringify(DESTINATION)}
          serve                 = "${word}"
        }`);
    try {
      const before = await kea.command("config-get");
      serve("source");
      await workspace.apply();
      expect(await kea.offered()).toEqual(SOURCE);
      serve("destination");
      await workspace.apply();
      expect(await kea.offered()).toEqual(DESTINATION);
      expectNoChanges(await workspace.plan());
      await expectError(workspace.destroy(), /is not let go of/);
      expect(await kea.offered()).toEqual(DESTINATION);
      serve("source");
      await workspace.apply();
      expect(await kea.offered()).toEqual(SOURCE);
      await workspace.destroy();
      expect(await kea.command("config-get")).toBe(before);
    } finally {
      workspace.remove();
      await kea.stop();
    }
  },
);

test.each(cores().map((core) => [core.name, core] as const))(
  "with %s: one phone ahead of its subnet, both back, byte for byte",
  async (_, core) => {
    const kea = await RealKea.start({
      "option-def": [DEFINITION],
      subnet4: [
        {
          id: 10,
          subnet: "127.0.0.0/8",
          pools: [{ pool: "127.1.0.1-127.1.0.100" }],
          "option-data": [{ name: "cisco-tftp", data: SOURCE.join(",") }],
        },
      ],
    });
    const workspace = new Workspace({ core, providers: { dhcp: builtProvider("dhcp", dhcpProvider) } });
    const resource = (name: string, scope: string, source: string, serve: string) => `
      resource "dhcp_option_150" "${name}" {
        server                = "kea"
        scope                 = { subnet = "127.0.0.0/8"${scope} }
        ${source}
        destination_addresses = ${JSON.stringify(DESTINATION)}
        serve                 = "${serve}"
      }`;
    const serve = async (pilot: string, subnet: string) => {
      workspace.configure(`
        provider "dhcp" { servers = { kea = { kea = { endpoints = ["${kea.endpoint}"] } } } }
        ${resource("pilot", ', phone = "SEP020000000042"', "", pilot)}
        ${resource("hq", "", `source_addresses = ${JSON.stringify(SOURCE)}`, subnet)}`);
      await workspace.apply();
      expectNoChanges(await workspace.plan());
      return [await kea.offered("02:00:00:00:00:42"), await kea.offered("02:00:00:00:00:43")];
    };
    try {
      const before = await kea.command("config-get");
      expect(await serve("source", "source")).toEqual([SOURCE, SOURCE]);
      expect(await serve("destination", "source")).toEqual([DESTINATION, SOURCE]);
      expect(await serve("destination", "destination")).toEqual([DESTINATION, DESTINATION]);
      expect(await serve("source", "source")).toEqual([SOURCE, SOURCE]);
      expect(await kea.command("config-get")).toBe(before);
    } finally {
      workspace.remove();
      await kea.stop();
    }
  },
);
