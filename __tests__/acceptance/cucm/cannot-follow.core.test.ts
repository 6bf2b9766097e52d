/** A wave with phones that cannot follow: its option 150 stays, unless its limits allow for them. */
import { LIMITS_SENTENCE } from "../../../providers/cucm/resources/phone-registration-return";
import { dhcpProvider } from "../../../providers/dhcp/provider";
import { cores } from "../../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../../providers/framework/testing/expect";
import { resident } from "../../../providers/framework/testing/resident";
import type { CoreError } from "../../../providers/framework/testing/run";
import { Workspace } from "../../../providers/framework/testing/workspace";
import { forecastClusters, OTHER, PHONE } from "../../providers/cucm/data-sources/forecast-clusters";
import { providerFor } from "../../providers/cucm/fake-core";
import { DESTINATION, SOURCE } from "../../providers/dhcp/support/backend";
import { configuration, entry, FakeKea } from "../../providers/dhcp/support/fake-kea";

jest.setTimeout(120_000);

const PHONES = JSON.stringify([PHONE, OTHER]);

const declaration = (kea: FakeKea, word: string, maxFailures: number) => {
  const limits = `{ max_failures = ${maxFailures}, settle_time = 0, timeout = 2 }`;
  const goIf =
    word === "source" ? "" : `go_if = { "${LIMITS_SENTENCE}" = data.cucm_trust_forecast.hq.within_limits }`;
  // What they would hold is another question.
  const forecast = `data "cucm_trust_forecast" "hq" {
    source          = "source"
    destination     = "destination"
    phones          = ${PHONES}
    accept_lockouts = ${PHONES}
    limits          = { max_failures = ${maxFailures} }
  }`;
  return `
  provider "cucm" {
    clusters = { source = { publisher = "127.1.10.11" }, destination = { publisher = "127.1.20.11" } }
  }
  provider "dhcp" {
    servers = { kea = { kea = { endpoints = ["${kea.endpoint}"] } } }
  }
  ${word === "source" ? "" : forecast}
  resource "dhcp_option_150" "hq" {
    server                = "kea"
    scope                 = { subnet = "10.1.20.0/24" }
    source_addresses      = ${JSON.stringify(SOURCE)}
    destination_addresses = ${JSON.stringify(DESTINATION)}
    serve                 = "${word}"
    ${goIf}
  }
  resource "cucm_phone_registration" "hq" {
    source        = "source"
    destination   = "destination"
    phones        = ${PHONES}
    registered_on = "${word}"
    limits        = ${limits}
    ${goIf}
    depends_on    = [dhcp_option_150.hq]
  }`;
};

test.each(cores())("with $name", async (core) => {
  const { source, destination, fleet } = forecastClusters();
  const [cucm, dhcp] = await Promise.all([
    resident(providerFor(source, destination)),
    resident(dhcpProvider),
  ]);
  const kea = await new FakeKea(configuration([entry(SOURCE.join(","))])).start();
  const workspace = new Workspace({ core, providers: { cucm, dhcp } });
  const served = () => kea.document.Dhcp4.subnet4[1]!["option-data"].map(({ data }) => data);
  try {
    workspace.configure(declaration(kea, "source", 0));
    await workspace.apply();
    const before = kea.sets.length;

    fleet.put(PHONE, null);
    workspace.configure(declaration(kea, "destination", 0));
    const plan = await workspace.plan().catch((error: CoreError) => error);
    const { detail } = await expectError(Promise.reject(plan), /Option 150 of .* must not move/);
    expect(detail).toContain(`- ${LIMITS_SENTENCE}: no`);
    expectWarning(
      (plan as CoreError).output,
      /1 of 2 phones cannot follow, and the limits of their wave allow 0.*SEP0+1: registered nowhere/s,
    );
    expect(kea.sets).toHaveLength(before);
    expect(served()).toEqual([SOURCE.join(",")]);
    expect(fleet.resets).toEqual([]);

    workspace.configure(declaration(kea, "destination", 1));
    fleet.serves = "destination";
    await workspace.apply();
    expect(served()).toEqual([DESTINATION.join(",")]);
    expect(fleet.resets).toEqual([`source ${OTHER}`]);
    expectNoChanges(await workspace.plan());

    // One that went back by itself is drift, and is brought back even if the others who are off are too many.
    workspace.configure(declaration(kea, "destination", 0));
    await workspace.apply();
    fleet.put(OTHER, "source");
    expect((await workspace.plan()).actions["cucm_phone_registration.hq"]).toBe("update");
    await workspace.apply();
    expect(fleet.where()).toEqual({ [PHONE]: null, [OTHER]: "destination" });
    expectNoChanges(await workspace.plan());

    // So is one that is off now; it is no reason to refuse anything.
    fleet.put(OTHER, null);
    expect((await workspace.plan()).actions["cucm_phone_registration.hq"]).toBe("update");
    await workspace.apply();
    expectNoChanges(await workspace.plan());
    expect(fleet.resets).toEqual([`source ${OTHER}`, `source ${OTHER}`]);
  } finally {
    workspace.remove();
    await Promise.all([kea.stop(), cucm.close(), dhcp.close()]);
  }
});
