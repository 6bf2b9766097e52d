import { dhcpProvider } from "../../../../providers/dhcp/provider";
import { type Core, cores } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../../../providers/framework/testing/expect";
import { type ResidentProvider, resident } from "../../../../providers/framework/testing/resident";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { DESTINATION, SOURCE } from "../support/backend";
import {
  Devices,
  deviceCertificate,
  entry,
  hostPool,
  native,
  PASSWORD,
  POOL,
  USER,
  voice,
} from "../support/ios-xe";

/** A real core, the provider, and a pair of devices that answer as the YANG has it. */

jest.setTimeout(120_000);

const devices = new Devices();
let provider: ResidentProvider;
beforeAll(async () => {
  process.env.TEST_IOS_XE_USERNAME = USER;
  process.env.TEST_IOS_XE_PASSWORD = PASSWORD;
  provider = await resident(dhcpProvider);
});
afterAll(() => provider.close());
afterEach(() => devices.stop());

test.each(cores().map((core) => [core.name, core] as const))(
  "with %s: there, no changes, destroy refused, and back, byte for byte; a pilot; no secret in the state",
  async (_, core: Core) => {
    const dhcp = () => native(voice([entry(SOURCE)]), [hostPool()]);
    const pair = [
      await devices.start({ etags: "resource" }, dhcp()),
      await devices.start({ etags: "datastore" }, dhcp()),
    ];
    const before = pair[0]!.text;
    const workspace = new Workspace({ core, providers: { dhcp: provider } });
    const resource = (name: string, scope: string, sources: boolean, serve: string) => `
      resource "dhcp_option_150" "${name}" {
        server                = "router"
        scope                 = { ${scope} }
        ${sources ? `source_addresses = ${JSON.stringify(SOURCE)}` : ""}
        destination_addresses = ${JSON.stringify(DESTINATION)}
        serve                 = "${serve}"
      }`;
    const serve = (hq: string, pilot: string) =>
      workspace.configure(`
        provider "dhcp" {
          servers = { router = { ios_xe = {
            endpoints    = ${JSON.stringify(pair.map(({ endpoint }) => endpoint))}
            tls_sha256   = ["${deviceCertificate().sha256}"]
            username_env = "TEST_IOS_XE_USERNAME"
            password_env = "TEST_IOS_XE_PASSWORD"
          } } }
        }
        ${resource("hq", 'subnet = "10.1.20.0/24"', true, hq)}
        ${resource("pilot", 'subnet = "10.1.20.0/24", phone = "SEP020000000042"', false, pilot)}`);
    try {
      serve("source", "source");
      await workspace.apply();
      serve("source", "destination");
      await workspace.apply();
      for (const device of pair)
        expect([device.entry(POOL), device.entry("SEP020000000042")]).toEqual([
          entry(SOURCE),
          entry(DESTINATION),
        ]);
      serve("destination", "destination");
      const plan = await workspace.plan();
      expectWarning(plan, /not-persisted/);
      await workspace.apply(plan);
      for (const device of pair) expect(device.entry(POOL)).toEqual(entry(DESTINATION));
      expectNoChanges(await workspace.plan());
      await expectError(workspace.destroy(), /is not let go of/);
      serve("source", "source");
      await workspace.apply();
      expectNoChanges(await workspace.plan());
      expect(pair.map(({ text }) => text)).toEqual([before, before]);
      expect(workspace.stateFile()).not.toContain(PASSWORD);
      await workspace.destroy();
      expect(pair.map(({ text }) => text)).toEqual([before, before]);
    } finally {
      workspace.remove();
    }
  },
);
