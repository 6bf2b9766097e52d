import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  csv,
  fromEnv,
  KeaServer,
  PhoneMigration,
  SecureCluster,
  TrustExchange,
  VoiceScope,
} from "../../constructs";
import { pins } from "../pins";

/** Cisco's "Method 1": both clusters export to an SFTP server, one consolidates, both import. */
class Method1 extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const source = new SecureCluster(this, "source", {
      publisher: "10.10.0.11",
      identity: pins.source,
      credentials: fromEnv("SOURCE"),
    });
    const destination = new SecureCluster(this, "destination", {
      publisher: "10.20.0.11",
      identity: pins.destination,
      credentials: fromEnv("DESTINATION"),
    });

    const trust = new TrustExchange(this, "trust", {
      source,
      destination,
      migrateBack: true,
      // The desired state is that of "manual": the same certificates in the same stores, read back on every node. What
      // an exchange does not bring (ITLRecovery, CAPF) is imported one by one.
      method: "bulk",
      sftp: {
        // Reached by this address from both publishers, and from the machine that deploys.
        address: "10.1.0.9",
        // Its own directory, since nobody documents whether these files hold private keys: close it to others, and
        // empty it when the migration is over.
        directory: "/exchange",
        hostKeySha256: pins.exchange,
        credentials: fromEnv("EXCHANGE"), // SFTP_EXCHANGE_USERNAME, SFTP_EXCHANGE_PASSWORD
      },
    });

    const kea = new KeaServer(this, "kea", { endpoints: ["unix:///run/kea/kea4-ctrl-socket"] });
    const hq = new VoiceScope(this, "hq", { server: kea, subnet: "10.1.20.0/24" });
    new PhoneMigration(this, "move", {
      trust,
      waves: [{ name: "hq", scopes: [hq], phones: csv("waves/hq.csv"), registeredOn: "source" }],
    });
  }
}

const app = new App();
new Method1(app, "method-1");
app.synth();
