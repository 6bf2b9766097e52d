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
    "Switches DHCP option 150, the TFTP servers of Cisco phones, on the DHCP servers that are there.\n\n" +
    "It is in no registry: `cdktf synth` lays it into each stack, and `npx phone-migration providers --into DIR` into a " +
    "folder of `.tf` files. Credentials are in environment variables, which the configuration names.",
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
    dhcpd = {
      isc_dhcpd = {
        hosts           = ["10.1.0.7", "10.1.0.8"]
        ssh_sha256      = ["SHA256:..."]
        username_env    = "DHCPD_USERNAME"
        private_key_env = "DHCPD_PRIVATE_KEY"
      }
    }
    router = {
      ios_xe = {
        endpoints    = ["https://10.1.20.2"]
        tls_sha256   = ["ab12..."]
        username_env = "ROUTER_USERNAME"
        password_env = "ROUTER_PASSWORD"
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
