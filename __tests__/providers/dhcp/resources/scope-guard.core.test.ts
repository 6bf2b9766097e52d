import { type Core, cores } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges } from "../../../../providers/framework/testing/expect";
import { DESTINATION, SOURCE } from "../support/backend";
import { hq, Scenario } from "../support/scenario";

jest.setTimeout(120_000);

/** The scope of {@link hq}, guarded; `stopped` is what the wave reports. */
const guard = (stopped: string, subnets = ["10.1.20.0/24"], source: readonly string[] = SOURCE) => `
  resource "dhcp_scope_guard" "hq" {
    stopped = ${stopped}
    scopes = [${subnets.map(
      (subnet) => `{
      server                = "kea"
      scope                 = { subnet = "${subnet}" }
      source_addresses      = ${JSON.stringify(source)}
      destination_addresses = ${JSON.stringify(DESTINATION)}
    }`,
    )}]
  }`;
/** A wave that is stopped after its scope has moved, in the same deploy; and one that waits for it. */
const stoppedWave = `
  resource "terraform_data" "wave" {
    input      = true
    depends_on = [dhcp_option_150.hq]
  }
  resource "terraform_data" "next" {
    depends_on = [dhcp_scope_guard.hq]
  }`;

describe.each(cores().map((core) => [core.name, core] as const))("with %s", (_, core: Core) => {
  const s = new Scenario(core);

  test("a wave that goes on: nothing is read or written, also at its destroy", async () => {
    s.configure(hq("destination") + guard("false"));
    await s.workspace.apply();
    expectNoChanges(await s.workspace.plan());
    expect(s.served()).toEqual([DESTINATION.join(",")]);
    s.configure(hq("destination"));
    await s.kea.stop();
    await s.workspace.apply({ refresh: false });
    expect(Object.keys((await s.workspace.state()).resources)).not.toContain("dhcp_scope_guard.hq");
  });

  test("a wave that is stopped: its scope is written as it was, what comes after does not run, the next deploy switches again", async () => {
    const hexadecimal = { code: 150, "csv-format": false, data: "c0000215 C0000216" };
    s.kea.edit((d) => {
      d.Dhcp4.subnet4[1]!["option-data"] = [hexadecimal];
    });
    s.configure(hq("destination") + guard("terraform_data.wave.output") + stoppedWave);
    await expectError(
      s.workspace.apply(),
      /The wave was stopped, and its scopes serve the source again.*subnet 10\.1\.20\.0\/24 on DHCP server "kea" serves 192\.0\.2\.21, 192\.0\.2\.22 again/s,
    );
    expect(s.kea.sets).toHaveLength(2);
    expect(s.kea.document.Dhcp4.subnet4[1]!["option-data"]).toEqual([hexadecimal]);
    expect(Object.keys((await s.workspace.state()).resources)).not.toContain("terraform_data.next");

    const plan = await s.workspace.plan();
    expect(plan.change("dhcp_option_150.hq")).toMatchObject({
      actions: ["update"],
      before: { serve: "source" },
      after: { serve: "destination" },
    });
    s.configure(hq("destination") + guard("false"));
    await s.workspace.apply();
    expectNoChanges(await s.workspace.plan());
    expect(s.served()).not.toEqual([hexadecimal.data]);
  });

  test("in a later deploy the answer is written as it is declared; somebody else's answer is left alone, and told", async () => {
    s.configure(hq("destination") + guard("false"));
    await s.workspace.apply();
    s.configure(hq("destination") + guard("true"));
    await expectError(s.workspace.apply(), /serve the source again/);
    expect(s.served()).toEqual([SOURCE.join(",")]);
    await expectError(s.workspace.apply({ refresh: false }), /serves the source already/);

    s.somebodySets("203.0.113.9");
    await expectError(
      s.workspace.apply({ refresh: false }),
      /1 of its 1 scopes could not be put back.*203\.0\.113\.9, which is neither/s,
    );
    expect(s.served()).toEqual(["203.0.113.9"]);
  });

  test("a scope that cannot be put back does not keep the others", async () => {
    s.configure(hq("destination"));
    await s.workspace.apply();
    s.configure(hq("destination") + guard("true", ["10.1.99.0/24", "10.1.20.0/24"]));
    await expectError(s.workspace.apply(), /1 of its 2 scopes could not be put back.*10\.1\.99\.0\/24/s);
    expect(s.served()).toEqual([SOURCE.join(",")]);
  });

  test("a cluster that cannot be read is no change; of one that was never read nothing is put back", async () => {
    s.configure(hq("destination") + guard("false"));
    await s.workspace.apply();
    s.configure(hq("destination") + guard("false", undefined, []));
    expectNoChanges(await s.workspace.plan());
    s.configure(hq("destination"));
    await s.workspace.apply();
    s.configure(hq("destination") + guard("true", undefined, []));
    await expectError(
      s.workspace.apply(),
      /1 of its 1 scopes could not be put back.*source_addresses is empty.*left alone/s,
    );
    expect(s.served()).toEqual([DESTINATION.join(",")]);
  });

  test("imports by its arguments", async () => {
    s.configure(hq("destination"));
    await s.workspace.apply();
    s.configure(hq("destination") + guard("false"));
    const scope = { server: "kea", scope: { subnet: "10.1.20.0/24", pool: null } };
    const id = { scopes: [{ ...scope, source_addresses: SOURCE, destination_addresses: DESTINATION }] };
    await s.workspace.import("dhcp_scope_guard.hq", JSON.stringify(id));
    expectNoChanges(await s.workspace.plan());
  });
});
