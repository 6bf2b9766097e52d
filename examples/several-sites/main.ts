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
  type Wave,
} from "../../constructs";
import { pins } from "../pins";

/** The same two clusters for every stack: each has its own state and lock, and so its own providers. */
function clusters(stack: TerraformStack) {
  const source = new SecureCluster(stack, "source", {
    publisher: "10.10.0.11",
    identity: pins.source,
    credentials: fromEnv("SOURCE"),
  });
  const destination = new SecureCluster(stack, "destination", {
    publisher: "10.20.0.11",
    identity: pins.destination,
    credentials: fromEnv("DESTINATION"),
  });
  return { source, destination };
}

/**
 * Certificates of a pair of clusters are in one state only: two that import and delete the same ones would take them
 * from each other. This stack moves no phone.
 */
class Trust extends TerraformStack {
  readonly trust: TrustExchange;
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.trust = new TrustExchange(this, "trust", {
      ...clusters(this),
      migrateBack: true,
      // Until the last site is done: a destroy of this stack knows nothing of the phones of the others. Synth demands it.
      keepUntil: "2027-09-01",
    });
  }
}

interface SiteProps {
  readonly trust: TrustExchange;
  /** Control socket of the site's Kea. */
  readonly dhcp: string;
  readonly subnet: string;
  readonly registeredOn: Wave["registeredOn"];
}

/** One site: its DHCP server, its phones, its people. They deploy and go back without waiting for another site. */
class Site extends TerraformStack {
  constructor(scope: Construct, id: string, { trust, dhcp, subnet, registeredOn }: SiteProps) {
    super(scope, id);
    // Imports nothing. Before phones of this site move, every TVS node is asked for this site, too. `keptBy` also lets
    // cdktf deploy the trust first, and destroy it last.
    const kept = new TrustExchange(this, "trust", { ...clusters(this), keptBy: trust });
    const kea = new KeaServer(this, "kea", { endpoints: [dhcp], identity: pins.kea });
    const phones = new VoiceScope(this, "phones", { server: kea, subnet });
    new PhoneMigration(this, "move", {
      trust: kept,
      waves: [{ name: id, scopes: [phones], phones: csv(`waves/${id}.csv`), registeredOn }],
    });
  }
}

const app = new App();
const { trust } = new Trust(app, "trust");
new Site(app, "berlin", {
  trust,
  dhcp: "https://10.41.0.5:8004",
  subnet: "10.41.0.0/22",
  registeredOn: "source",
});
new Site(app, "lisbon", {
  trust,
  dhcp: "https://10.42.0.5:8004",
  subnet: "10.42.0.0/22",
  registeredOn: "source",
});
app.synth();
