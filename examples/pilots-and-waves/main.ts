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

/** A migration on its way: the pilots are over, the first wave is next, two more wait. */
class PilotsAndWaves extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const source = new SecureCluster(this, "source", {
      publisher: "10.10.0.11",
      identity: pins.source,
      credentials: fromEnv("SOURCE"),
      resetsPerMinute: 60, // for all waves together
    });
    const destination = new SecureCluster(this, "destination", {
      publisher: "10.20.0.11",
      identity: pins.destination,
      credentials: fromEnv("DESTINATION"),
    });
    const trust = new TrustExchange(this, "trust", { source, destination, migrateBack: true });

    const kea = new KeaServer(this, "kea", {
      endpoints: ["https://10.1.0.5:8004", "https://10.1.0.6:8004"], // a pair that must agree
      identity: pins.kea,
      credentials: fromEnv("KEA"),
      persist: "config-write", // otherwise a restart of Kea brings the old answer back
    });
    const hq = new VoiceScope(this, "hq", { server: kea, subnet: "10.1.20.0/24" });
    const north = new VoiceScope(this, "north", { server: kea, subnet: "10.41.0.0/22" });
    const south = new VoiceScope(this, "south", { server: kea, subnet: "10.42.0.0/22" });

    new PhoneMigration(this, "move", {
      trust,
      waves: [
        // Each pilot gets an option 150 of its own, so the other phones of its subnet notice nothing. No limits: one
        // pilot that does not follow stops all that comes behind it.
        {
          name: "pilot",
          scopes: csv("waves/pilots.csv").map((phone) => hq.pilot(phone)),
          registeredOn: "destination",
        },
        // The first wave is watched closely. Small batches; one phone may fail; with a second one option 150 goes back
        // at once, so that nobody follows who has not been reset. And it does not begin while RIS shows a phone in the
        // subnet that is in no list: everything in a scope moves when it reboots.
        {
          name: "hq",
          scopes: [hq],
          phones: csv("waves/hq.csv"),
          registeredOn: "source",
          limits: { maxFailures: 1, batchSize: 10 },
          onStop: "restoreScope",
          requireCoverage: true,
        },
        // Larger ones go by a ratio. A stop holds: option 150 stays, and the next deploy goes on.
        {
          name: "north",
          scopes: [north],
          phones: csv("waves/north.csv"),
          registeredOn: "source",
          limits: { maxFailureRatio: 0.05, batchSize: 50 },
        },
        {
          name: "south",
          scopes: [south],
          phones: csv("waves/south.csv"),
          registeredOn: "source",
          limits: { maxFailureRatio: 0.05, batchSize: 50 },
          // In a room that nobody enters before May: it is reset by hand then.
          acceptLockouts: ["SEP00112233440C"],
        },
      ],
    });
  }
}

const app = new App();
new PilotsAndWaves(app, "pilots-and-waves");
app.synth();
