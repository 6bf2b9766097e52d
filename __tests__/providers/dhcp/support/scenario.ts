import { dhcpProvider } from "../../../../providers/dhcp/provider";
import type { Core } from "../../../../providers/framework/testing/core";
import { type ResidentProvider, resident } from "../../../../providers/framework/testing/resident";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { DESTINATION, SOURCE } from "./backend";
import { configuration, entry, FakeKea } from "./fake-kea";

export const ADDRESS = "dhcp_option_150.hq";

/** One resource, as a user writes it. */
export const hq = (serve: string, more = "", sources: readonly string[] | null = SOURCE) => `
  resource "dhcp_option_150" "hq" {
    server                = "kea"
    scope                 = { subnet = "10.1.20.0/24" }
    ${sources ? `source_addresses = ${JSON.stringify(sources)}` : ""}
    destination_addresses = ${JSON.stringify(DESTINATION)}
    serve                 = "${serve}"
    ${more}
  }`;

/** A server that serves the source, and a workspace with a real core; both anew for each test. */
export class Scenario {
  kea!: FakeKea;
  workspace!: Workspace;
  private provider!: ResidentProvider;

  constructor(private readonly core: Core) {
    beforeAll(async () => {
      this.provider = await resident(dhcpProvider);
    });
    afterAll(() => this.provider.close());
    beforeEach(async () => {
      this.kea = await new FakeKea(configuration([entry("192.0.2.21,192.0.2.22")])).start();
      this.workspace = new Workspace({ core: this.core, providers: { dhcp: this.provider } });
    });
    afterEach(async () => {
      this.workspace.remove();
      await this.kea.stop();
    });
  }

  /** @param others servers that must agree with ours. */
  configure(resources: string, others: readonly FakeKea[] = [], persist = "none"): void {
    const endpoints = [this.kea, ...others].map((k) => k.endpoint);
    this.workspace.configure(`provider "dhcp" {
      servers = { kea = { kea = { endpoints = ${JSON.stringify(endpoints)}, persist = "${persist}" } } }
    }
    ${resources}`);
  }
  served(kea = this.kea): unknown[] {
    return kea.document.Dhcp4.subnet4[1]!["option-data"].map((o) => o.data);
  }
  somebodySets(data: string): void {
    this.kea.edit((d) => {
      d.Dhcp4.subnet4[1]!["option-data"] = [entry(data)];
    });
  }
  async values() {
    return (await this.workspace.state()).values(ADDRESS);
  }
}
