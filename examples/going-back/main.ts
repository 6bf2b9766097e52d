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

/** Two waves had moved; one of them is on its way back, and the other stays. */
class GoingBack extends TerraformStack {
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
      // What made the way back one word: the destination's TVS vouches for the source's signers, and did so before the
      // first phone left. Where it was left out, add it and deploy that first, or phones refuse the source's files.
      migrateBack: true,
    });

    const kea = new KeaServer(this, "kea", { endpoints: ["unix:///run/kea/kea4-ctrl-socket"] });
    const hq = new VoiceScope(this, "hq", { server: kea, subnet: "10.1.20.0/24" });
    const north = new VoiceScope(this, "north", { server: kea, subnet: "10.41.0.0/22" });

    new PhoneMigration(this, "move", {
      trust,
      waves: [
        { name: "hq", scopes: [hq], phones: csv("waves/hq.csv"), registeredOn: "destination" },
        // `git revert` of the commit that moved it: the word is "source" again, and that is all. Option 150 goes back
        // first, then the phones are reset. Nothing is asked before: no proof, no forecast, no other wave.
        { name: "north", scopes: [north], phones: csv("waves/north.csv"), registeredOn: "source" },
      ],
    });
  }
}

const app = new App();
new GoingBack(app, "going-back");
app.synth();
