/** The facade against the emulated clusters: every spelling that is drawn there, from import to delete. */

import type { RequestCounts } from "../../../../lab/cluster/requests";
import type { RunningClusters } from "../../../../lab/cluster/start";
import type { ClusterNode, TrustStore } from "../../../../providers/cucm/cluster/cluster";
import { TRUST_STORES } from "../../../../providers/cucm/cluster/cluster";
import { type ConnectedCluster, connectCluster } from "../../../../providers/cucm/cluster/connect";
import { readCtls, renewCtl, requireCtlUpdate } from "../../../../providers/cucm/cluster/ctl";
import { missingLoads } from "../../../../providers/cucm/firmware";
import { forecastPhones } from "../../../../providers/cucm/forecast/forecast-phones";
import { Unread } from "../../../../providers/cucm/forecast/unread";
import type { Certificate } from "../../../../trust/certificate";
import { ACCOUNTS, labConfig, startBoth } from "./fakes/lab-cluster";
import { failureOf } from "./fakes/setup";

const PHONES = Array.from({ length: 30 }, (_, i) => `SEP0000000000${(16 + i).toString(16).toUpperCase()}`);
const VERSIONS = { source: "10.5.2.10000-5", destination: "11.0.1.10000-10" };

let lab: RunningClusters;
let source: ConnectedCluster;
let destination: ConnectedCluster;
const op = { signal: new AbortController().signal };

function connect(name: "source" | "destination"): ConnectedCluster {
  return connectCluster(labConfig(name, lab.ready[name], ACCOUNTS));
}

beforeAll(async () => {
  lab = await startBoth(VERSIONS, { phones: PHONES });
  [source, destination] = [connect("source"), connect("destination")];
}, 120_000);
afterAll(async () => {
  await Promise.all([source?.close(), destination?.close()]);
  await lab?.close();
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const began = Date.now(); !(await holds()); ) {
    if (Date.now() - began > 20_000) throw new Error("it never came about");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function everywhere(
  cluster: ConnectedCluster,
  store: TrustStore,
  certificate: Certificate,
  there: boolean,
) {
  const nodes = cluster.replicates(store) ? await cluster.nodes(op) : (await cluster.nodes(op)).slice(0, 1);
  await eventually(async () => {
    cluster.refresh();
    const read = (node: ClusterNode) => cluster.trustEntries(node, store, [certificate], op);
    const entries = await Promise.all(nodes.map(read));
    return entries.every(
      (each) => each.some((entry) => entry.certificate.sha256 === certificate.sha256) === there,
    );
  });
}

it("reads both clusters", async () => {
  for (const [cluster, name] of [
    [source, "source"],
    [destination, "destination"],
  ] as const) {
    expect(await cluster.version(op)).toBe(VERSIONS[name]);
    expect(await cluster.securityMode(op)).toBe("mixed");
    expect(await cluster.rollbackToPre8(op)).toBe(false);
    const nodes = await cluster.nodes(op);
    expect(nodes.map(({ role }) => role)).toEqual(["publisher", "subscriber", "subscriber"]);
    expect(nodes.filter(({ tftp }) => tftp).map(({ address }) => address)).toEqual(lab.ready.tftp[name]);
    expect(await cluster.servedFile(nodes[0]!, "CTLFile.tlv", op)).toBeInstanceOf(Buffer);
    expect(await cluster.servedFile(nodes[0]!, "SEPFFFFFFFFFFFF.cnf.xml.sgn", op)).toBeNull();
  }
});

it("imports, sees it replicated and vouched for, and takes it away again", async () => {
  const [theirs] = await destination.nodes(op);
  const certificate = (await destination.identityCertificate(theirs!, "CallManager", op))!;
  const [publisher] = await source.nodes(op);
  expect(await source.askTvs(publisher!, certificate, op)).toEqual({ kind: "unknown" });
  for (const store of TRUST_STORES) await source.importTrust(publisher!, store, certificate, op);
  for (const store of TRUST_STORES) await everywhere(source, store, certificate, true);
  for (const node of await source.nodes(op)) {
    const { generation } = source;
    await source.restartService(node, "Cisco Trust Verification Service", op);
    // What it answered before counts no more.
    expect(source.generation).toBeGreaterThan(generation);
    const answer = await source.askTvs(node, certificate, op);
    expect(answer).toMatchObject({ kind: "vouched", roles: [0, 3] });
    expect(answer.kind === "vouched" && answer.certificate.sha256).toBe(certificate.sha256);
  }
  for (const store of TRUST_STORES) {
    for (const entry of await source.trustEntries(publisher!, store, [certificate], op)) {
      await source.deleteTrust(publisher!, entry, op);
    }
    await everywhere(source, store, certificate, false);
  }
}, 60_000);

it("renews the CTL by the CLI: every TFTP node lists what is in Phone-SAST-trust, and again does not", async () => {
  const [theirs] = await source.nodes(op);
  const certificate = (await source.identityCertificate(theirs!, "CallManager", op))!;
  const [publisher] = await destination.nodes(op);
  const goal = { listed: [certificate], absent: [] };
  const pending = async () => (await readCtls(destination, goal, op)).ctls.map((one) => one.pending);
  await destination.importTrust(publisher!, "Phone-SAST-trust", certificate, op);
  expect(await pending()).toEqual([[certificate.sha256], [certificate.sha256]]);

  const began = Date.now();
  await requireCtlUpdate(destination, goal, op);
  await renewCtl(destination, goal, op);
  expect(await pending()).toEqual([[], []]);
  for (const node of await destination.nodes(op)) {
    const since = await destination.startedAt(node, "Cisco CallManager", op);
    // Whole seconds of up-time.
    expect(since!.getTime()).toBeGreaterThan(began - 2000);
  }

  for (const entry of await destination.trustEntries(publisher!, "Phone-SAST-trust", [certificate], op))
    await destination.deleteTrust(publisher!, entry, op);
  await renewCtl(destination, { listed: [], absent: [certificate] }, op);
  expect(await pending()).toEqual([[certificate.sha256], [certificate.sha256]]);
}, 60_000);

it("reads phones as the database has them", async () => {
  const names = PHONES.slice(0, 3);
  const devices = await destination.phoneDevices([...names, "SEPFFFFFFFFFFFF"], op);
  const addresses = Object.values(lab.ready.destination.nodeAddresses);
  expect([...devices.keys()].sort()).toEqual(names);
  for (const device of devices.values()) {
    expect(device).toMatchObject({ model: "Cisco 8861", mode: "encrypted", encryptedConfig: false });
    expect([...device.callManagers!].sort()).toEqual(addresses);
  }
  // Neighbours are in different device pools, each with the group that prefers another node.
  expect(new Set([...devices.values()].map(({ callManagers }) => callManagers![0])).size).toBe(3);
  expect((await destination.phoneDevices(PHONES, op)).size).toBe(PHONES.length);
  expect(await destination.phoneDevices([], op)).toEqual(new Map());
});

it("lists all phones, and finds those that RIS shows at an address", async () => {
  const listed = await destination.listedPhones(op);
  expect(listed.map(({ name }) => name)).toEqual([...PHONES].sort());
  expect(new Set(listed.map(({ model }) => model))).toEqual(new Set(["Cisco 8861"]));
  expect(listed.every(({ devicePool }) => devicePool !== "")).toBe(true);
  const there = await destination.registrationsAt(["10.255.255.1", "10.255.255.2"], op);
  expect([there.phones.size, there.silent]).toEqual([0, []]);
  expect(await failureOf(destination.registrationsAt(["10.1.20.*"], op))).toMatchObject({
    kind: "configuration",
  });
});

it("lists a fleet once for all who ask, until something may have changed", async () => {
  const listed = async () => {
    const counts = (await (await fetch(`${lab.ready.control}/requests`)).json()) as RequestCounts;
    return Object.values(counts.source ?? {}).flatMap(({ axl = {} }) => axl.listPhone ?? []);
  };
  source.refresh();
  await fetch(`${lab.ready.control}/requests/reset`, { method: "POST" });
  const [all, some] = await Promise.all([
    source.phoneDevices(PHONES, op),
    source.phoneDevices(PHONES.slice(0, 28), op),
  ]);
  expect([all!.size, some!.size]).toEqual([PHONES.length, 28]);
  expect(await listed()).toEqual([1]);
  source.refresh();
  await source.phoneDevices(PHONES, op);
  expect(await listed()).toEqual([2]);
});

it("reads what the databases say of certificates, and their phone feature lists", async () => {
  const [phone = ""] = PHONES;
  // Before 11.5 nothing says who issued an LSC.
  const facts = (neverEnrolled: boolean) => ({ lscIssuer: null, nothingWaits: true, neverEnrolled });
  expect(await source.phoneCertificates([phone], op)).toEqual(new Map([[phone, facts(false)]]));
  expect(await destination.phoneCertificates([phone], op)).toEqual(new Map([[phone, facts(true)]]));
  const features = await source.phoneFeatures(op);
  expect([...features.keys()].sort()).toEqual(["3072/4096 RSA key size", "Security By Default"]);
  expect(features.get("Security By Default")!.has("Cisco 8861")).toBe(true);
  expect(features.get("Security By Default")!.has("Cisco 7960")).toBe(false);
});

it("finds the CAPF certificates that stores still hold", async () => {
  const nodes = await source.nodes(op);
  const [publisher] = nodes;
  // Every node has one of its own.
  const own = await Promise.all(nodes.map((node) => source.identityCertificate(node, "CAPF", op)));
  const present = own.map((one) => one!.commonName).sort();
  const named = async () =>
    (await source.capfCertificates(publisher!, op)).map((one) => one.commonName).sort();
  expect(await named()).toEqual(present);
  const order = { kind: "plant-trust", cluster: "source", store: "CAPF-trust", commonName: "CAPF-5a1b2c3d" };
  await fetch(`${lab.ready.control}/fault`, { method: "POST", body: JSON.stringify(order) });
  source.refresh();
  expect(await named()).toEqual([...present, "CAPF-5a1b2c3d"].sort());
});

it("is asked once by several forecasts for what they share", async () => {
  const [from, to] = [connect("source"), connect("destination")];
  await fetch(`${lab.ready.control}/requests/reset`, { method: "POST" });
  const waves = [PHONES.slice(0, 1), PHONES.slice(1, 2), PHONES.slice(2, 3)];
  try {
    const answers = await Promise.all(
      waves.map((phones) =>
        forecastPhones(
          {
            source: from,
            destination: to,
            phones,
            to: "destination",
            destinationTftp: [],
            sourceTftp: [],
            assumeTrusted: { source: [], destination: [] },
            switches: {},
            models: {},
            readsFeatureList: true,
            formerCapfInUse: null,
            alternateTftp: [],
            evidence: [],
          },
          new Unread(),
          op,
        ),
      ),
    );
    expect(answers.map(({ forecasts }) => forecasts.map(({ name }) => name))).toEqual(waves);
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
  const counts = (await (await fetch(`${lab.ready.control}/requests`)).json()) as RequestCounts;
  const nodes = Object.values(counts).flatMap((each) => Object.entries(each));
  const ofOneWave = /^(listPhone|executeSQLQuery|.*SEP[0-9A-F]{12}\.tlv)$/;
  // The first call of all is refused once, for its version.
  const once = (operation: string, times: number) =>
    times === 1 || (operation === "listProcessNode" && times === 2);
  const repeated = nodes.flatMap(([node, { tftp = {}, cli = {}, axl = {} }]) =>
    Object.entries({ ...tftp, ...cli, ...axl })
      .filter(([operation, times]) => !ofOneWave.test(operation) && !once(operation, times))
      .map(([operation, times]) => `${node}: ${times} x ${operation}`),
  );
  expect(repeated).toEqual([]);
  // The CallManager certificates of the other cluster's two TFTP nodes sign what phones would be given.
  for (const [, { tvs = {} }] of nodes) expect(tvs).toEqual({ query: 2 });
  // Of each wave its own phones; where they are registered is asked in fewer requests when several wait for a turn.
  for (const [, { axl, ris = {} }] of nodes.filter(([, kinds]) => kinds.axl !== undefined)) {
    expect(axl!.listPhone).toBe(waves.length);
    const [asked, ...others] = Object.values(ris);
    expect(others).toEqual([]);
    expect(asked).toBeGreaterThanOrEqual(1);
    expect(asked).toBeLessThanOrEqual(waves.length);
  }
});

it("knows which firmware phones are told to run, and which TFTP nodes have it", async () => {
  expect(await source.phoneLoads([PHONES[0]!, "SEPFFFFFFFFFFFF"], op)).toEqual(
    new Map([[PHONES[0], "sip88xx.10-3-1-20"]]),
  );
  const tftp = (await source.nodes(op)).filter((node) => node.tftp);
  expect(await missingLoads(source, PHONES, op)).toEqual(new Map());
  expect(await source.servedFile(tftp[0]!, "sip88xx.10-3-1-20.loads", op)).not.toBeNull();
  expect(await source.servedFile(tftp[0]!, "sip88xx.14-2-1.loads", op)).toBeNull();
});

it("resets so many phones within a minute, and the next one when there is room", async () => {
  const polite = connectCluster(labConfig("source", lab.ready.source, ACCOUNTS, {}, { resetsPerMinute: 2 }));
  const said: string[] = [];
  const patience = new AbortController();
  const progress = (line: string) => {
    said.push(line);
    patience.abort(new Error("that is what was to be seen"));
  };
  const resets = PHONES.slice(0, 3).map((name) =>
    polite.resetPhone(name, { signal: patience.signal, progress }),
  );
  expect((await Promise.allSettled(resets)).at(-1)).toMatchObject({ reason: { kind: "cancelled" } });
  expect(said).toEqual([expect.stringMatching(/^source: waiting \d+ s: enough phones were reset within/)]);
  await polite.close();
});

it("finds and resets phones", async () => {
  expect((await source.existingPhones([...PHONES, "SEPFFFFFFFFFFFF"], op)).size).toBe(PHONES.length);
  expect(await source.existingPhones([PHONES[0]!, "SEPFFFFFFFFFFFF"], op)).toEqual(new Set([PHONES[0]]));
  expect((await source.registrations(PHONES, op)).phones.size).toBe(0);
  await source.resetPhone(PHONES[0]!, op);
  expect(await failureOf(source.resetPhone("SEPFFFFFFFFFFFF", op))).toMatchObject({ kind: "refused" });
});
