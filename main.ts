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
} from "./constructs";
import { readSite } from "./lab/site";

class Headquarters extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const lab = readSite();

    const source = new SecureCluster(this, "source", {
      ...lab.source,
      identity: lab.source,
      credentials: fromEnv("SOURCE"),
    });
    const destination = new SecureCluster(this, "destination", {
      ...lab.destination,
      identity: lab.destination,
      credentials: fromEnv("DESTINATION"),
    });
    const trust = new TrustExchange(this, "trust", {
      source,
      destination,
      method: "manual",
      migrateBack: true,
    });

    const kea = new KeaServer(this, "kea", { endpoints: lab.dhcp.endpoints });
    const hq = new VoiceScope(this, "hq", { server: kea, subnet: lab.dhcp.subnet });

    new PhoneMigration(this, "move", {
      trust,
      waves: [
        {
          name: "hq",
          scopes: [hq],
          phones: csv("waves/hq.csv"),
          registeredOn: "source",
          limits: { maxFailures: 1, timeout: 60 },
        },
      ],
    });
  }
}

const app = new App();
new Headquarters(app, "headquarters");
app.synth();
