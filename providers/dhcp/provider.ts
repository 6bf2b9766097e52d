import { version } from "../../package.json";
import { defineProvider } from "../framework/define";
import { UNKNOWN } from "../framework/schema/value";
import { offerDataSource } from "./data-sources/offer";
import { option150Resource } from "./resources/option-150";
import { scopeGuardResource } from "./resources/scope-guard";
import { DhcpServers, kindProblem, serverAttributes } from "./servers";

export const dhcpProvider = defineProvider({
  name: "dhcp",
  source: "phone-migration.internal/voice/dhcp",
  version,
  description:
    "Switches DHCP option 150, the TFTP servers of Cisco phones, on the DHCP servers that are there.",
  example: `provider "dhcp" {
  servers = {
    kea = {
      kea = {
        endpoints    = ["https://10.1.0.5:8004", "https://10.1.0.6:8004"]
        tls_sha256   = ["ab12..."]
        username_env = "KEA_USERNAME"
        password_env = "KEA_PASSWORD"
      }
    }
  }
}`,
  attributes: serverAttributes,
  validate({ servers }, ctx) {
    if (servers === UNKNOWN) return;
    for (const [name, server] of Object.entries(servers)) {
      const problem = server === UNKNOWN ? null : kindProblem(server);
      if (problem)
        ctx.error(`DHCP server "${name}" ${problem.summary}`, problem.detail, [
          { attribute: "servers" },
          { key: name },
        ]);
    }
  },
  configure: (config) => new DhcpServers(config.servers),
  resources: [option150Resource, scopeGuardResource],
  dataSources: [offerDataSource],
});
