import type { IosXeDevice } from "../../../../lab/dhcp/ios-xe";
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

const servers = (pair: readonly IosXeDevice[], more = "") => `
  provider "dhcp" {
    servers = { router = { ios_xe = {
      endpoints    = ${JSON.stringify(pair.map(({ endpoint }) => endpoint))}
      tls_sha256   = ["${deviceCertificate().sha256}"]
      username_env = "TEST_IOS_XE_USERNAME"
      password_env = "TEST_IOS_XE_PASSWORD"
      ${more}
    } } }
  }`;

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
        ${servers(pair)}
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

test("a way back that could not be saved is saved on both devices by the next deploy, whichever of them it writes", async () => {
  const pair = [await devices.start(), await devices.start()];
  const workspace = new Workspace({ core: cores()[0]!, providers: { dhcp: provider } });
  const serve = (what: string) =>
    workspace.configure(`
      ${servers(pair, "save_config = true")}
      resource "dhcp_option_150" "hq" {
        server                = "router"
        scope                 = { subnet = "10.1.20.0/24" }
        source_addresses      = ${JSON.stringify(SOURCE)}
        destination_addresses = ${JSON.stringify(DESTINATION)}
        serve                 = "${what}"
      }`);
  try {
    serve("destination");
    await workspace.apply();
    const there = pair.map(({ startup }) => startup);
    for (const device of pair)
      device.instead = (request) => (request.includes("save-config") ? { status: 500 } : undefined);
    serve("source");
    await expectError(workspace.apply(), /cannot save its configuration/);
    expect(pair.map((device) => device.entry(POOL))).toEqual([entry(SOURCE), entry(SOURCE)]);
    expect(pair.map(({ startup }) => startup)).toEqual(there);
    expectWarning(await workspace.plan(), /Option 150 of subnet 10\.1\.20\.0\/24: unsaved/);
    await expectError(workspace.destroy(), /is not let go of/);

    for (const device of pair) device.instead = () => undefined;
    pair[1]!.set(POOL, 150, entry(DESTINATION));
    await workspace.apply();
    for (const device of pair) expect(device.startup).toBe(device.text);
    expect(pair.map((device) => device.entry(POOL))).toEqual([entry(SOURCE), entry(SOURCE)]);
    expectNoChanges(await workspace.plan());
  } finally {
    workspace.remove();
  }
});
