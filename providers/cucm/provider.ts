import { version } from "../../package.json";
import { defineProvider } from "../framework/define";
import { CucmClient } from "./client";
import type { OpenDirectory } from "./cluster/bulk-exchange";
import type { Cluster } from "./cluster/cluster";
import type { ClusterConfig } from "./cluster/config";
import { connectCluster } from "./cluster/connect";
import type { Log } from "./cluster/log";
import { openSftpDirectory } from "./cluster/transports/sftp";
import { clusterAttributes, declaredClusters } from "./clusters";
import { assumptionsDataSource } from "./data-sources/assumptions";
import { clusterDataSource } from "./data-sources/cluster";
import { phoneWhereaboutsDataSource } from "./data-sources/phone-whereabouts";
import { phonesDataSource } from "./data-sources/phones";
import { scopeCoverageDataSource } from "./data-sources/scope-coverage";
import { signersDataSource } from "./data-sources/signers";
import { trustForecastDataSource } from "./data-sources/trust-forecast";
import { phoneRegistrationResource } from "./resources/phone-registration";
import { trustMembershipsResource } from "./resources/trust-memberships";
import { tvsProofResource } from "./resources/tvs-proof";
import { declaredSftpServers, sftpAttributes } from "./sftp-servers";

/**
 * @param connect how a declared cluster is reached; nothing may be contacted before the first question.
 * @param now what days of the declaration are held against
 */
export const makeCucmProvider = (
  connect: (config: ClusterConfig, log: Log) => Cluster,
  openDirectory: OpenDirectory = openSftpDirectory,
  now: () => Date = () => new Date(),
) =>
  defineProvider({
    name: "cucm",
    source: "phone-migration.internal/voice/cucm",
    version,
    description:
      "Reconciles secure Cisco Unified CM clusters for a phone migration: trust stores, TVS, and where phones are registered.\n\n" +
      "It is in no registry: `cdktf synth` lays it into each stack, and `npx phone-migration providers --into DIR` into a " +
      "folder of `.tf` files. Credentials are in environment variables, by default `CUCM_<NAME>_...` for each cluster.",
    example: `provider "cucm" {
  clusters = {
    # Each node by its own pins.
    source = {
      publisher = "10.10.0.11"
      identities = {
        "10.10.0.11" = { tls_sha256 = ["ab12..."], ssh_sha256 = ["SHA256:..."] }
        "10.10.0.12" = { tls_sha256 = ["ab12..."], ssh_sha256 = ["SHA256:..."] }
      }
    }
    # Tomcat certificates by the CA that signed them; SSH host keys are always pinned.
    destination = {
      publisher  = "10.20.0.11"
      ca_pem     = file("ca.pem")
      identities = { "10.20.0.11" = { ssh_sha256 = ["SHA256:..."] } }
    }
  }
}`,
    attributes: { ...clusterAttributes, ...sftpAttributes },
    configure: (config, ctx) => {
      const sftp = { servers: declaredSftpServers(config), open: openDirectory };
      return new CucmClient(
        declaredClusters(config),
        (cluster) => connect(cluster, ctx.log.debug),
        sftp,
        now,
      );
    },
    resources: [trustMembershipsResource, tvsProofResource, phoneRegistrationResource],
    dataSources: [
      clusterDataSource,
      signersDataSource,
      trustForecastDataSource,
      phoneWhereaboutsDataSource,
      scopeCoverageDataSource,
      phonesDataSource,
      assumptionsDataSource,
    ],
  });

export const cucmProvider = makeCucmProvider(connectCluster);
