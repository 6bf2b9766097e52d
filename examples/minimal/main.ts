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

/** The least that is a whole migration: two clusters that trust each other, one subnet, one list of phones. */
class Minimal extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // Only the publisher is named: which other nodes there are is read from it at each plan.
    const source = new SecureCluster(this, "source", {
      publisher: "10.10.0.11",
      identity: pins.source,
      credentials: fromEnv("SOURCE"), // CUCM_SOURCE_PLATFORM_USERNAME, ...: names of variables, never values
    });
    const destination = new SecureCluster(this, "destination", {
      publisher: "10.20.0.11",
      identity: pins.destination,
      credentials: fromEnv("DESTINATION"),
    });

    // With the way back: it is proven, too, before the first phone leaves.
    const trust = new TrustExchange(this, "trust", { source, destination, migrateBack: true });

    const kea = new KeaServer(this, "kea", { endpoints: ["unix:///run/kea/kea4-ctrl-socket"] });
    const hq = new VoiceScope(this, "hq", { server: kea, subnet: "10.1.20.0/24" });

    new PhoneMigration(this, "move", {
      trust,
      // One word moves the phones: "destination" in place of "source", in a pull request.
      waves: [{ name: "hq", scopes: [hq], phones: csv("waves/hq.csv"), registeredOn: "source" }],
    });
  }
}

const app = new App();
new Minimal(app, "minimal");
app.synth();
