/** The examination of emulated clusters: each deviation is named with the line to set, and with it set all holds. */
import { drawUnknowns } from "../../../../lab/cluster/drawn";
import { type RunningClusters, startClusters } from "../../../../lab/cluster/start";
import { ClusterError } from "../../../../providers/cucm/cluster/cluster";
import {
  type ClusterConfig,
  DEFAULT_SPELLINGS,
  type Spellings,
} from "../../../../providers/cucm/cluster/config";
import { Cli } from "../../../../providers/cucm/cluster/transports/cli";
import { WIRE, type Wire } from "../../../../providers/cucm/cluster/transports/wire";
import { type Finding, settingsOf } from "../../../../providers/cucm/doctor/check";
import { examine } from "../../../../providers/cucm/doctor/examine";
import { Patient } from "../../../../providers/cucm/doctor/patient";
import { Recorder } from "../../../../providers/cucm/doctor/recorder";
import { type Transcript, transcriptOf } from "../../../../providers/cucm/doctor/transcript";
import { Registration } from "../../../lab/cluster/support";
import { LAB_KEYS } from "../../../lab/lab-keys";
import { CliServer } from "../cluster/fakes/cli-server";
import { labConfig } from "../cluster/fakes/lab-cluster";
import { PLATFORM as ADMIN, HOST_PIN, live, silent } from "../cluster/fakes/setup";
import { replayed } from "./replay";

const PLATFORM = { username: "admin", password: "trust.me+certificate" };
const APPLICATION = { username: "axl-Reader", password: "S(e)cr[et]" };
const PHONES = ["SEP001122334455", "SEP001122334456"];
const account = (version: string) => ({ version, platform: PLATFORM, application: APPLICATION });
const CLUSTERS = { source: account("10.5.2.10000-5"), destination: account("14.0.1.10000-20") };

let lab: RunningClusters;
beforeAll(async () => {
  const network = `127.${100 + Math.floor(Math.random() * 100)}`;
  const delays = { cliBanner: [0, 0.01], cliCommand: [0, 0.01] } as const;
  const { spellings, ...rest } = drawUnknowns(CLUSTERS.source.version);
  // What no default finds.
  const odd = {
    rollbackParameter: "PrepareForRollbackToPre80",
    rollbackTrue: ["on"],
    rollbackFalse: ["off"],
  };
  const drawn = { source: { ...rest, spellings: { ...spellings, ...odd } } };
  lab = await startClusters({ clusters: CLUSTERS, network, phones: PHONES, delays, drawn, pki: LAB_KEYS });
}, 120_000);
afterAll(() => lab?.close());

interface Examined {
  readonly findings: readonly Finding[];
  readonly transcript: Transcript;
}

async function examined(
  name: "source" | "destination",
  spellings: Spellings,
  changed: (config: ClusterConfig) => ClusterConfig = (config) => config,
  wire: Wire = WIRE,
): Promise<Examined> {
  const accounts = { platform: PLATFORM, application: APPLICATION };
  const config = changed(labConfig(name, lab.ready[name], accounts, spellings));
  const recorder = new Recorder();
  const patient = new Patient(config, live(), silent, recorder.recording(wire));
  try {
    const findings = await examine(patient);
    return { findings, transcript: await transcriptOf(patient, recorder.exchanges, findings) };
  } finally {
    patient.close();
  }
}

const amiss = ({ findings }: Examined) =>
  findings.filter(({ verdict }) => verdict === "deviates" || verdict === "unknown");

/** What somebody does who sets these lines. */
function withSet(spellings: Spellings, findings: readonly Finding[]): Spellings {
  const set = settingsOf(findings)!.spellings ?? {};
  const value = camelled(set) as Partial<Spellings>;
  return { ...spellings, ...value, webForms: { ...spellings.webForms, ...value.webForms } };
}
function camelled(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [camel(name), camelled(each)]));
}
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

test.each(["source", "destination"] as const)(
  "the lines that it names make up for what %s drew",
  async (name) => {
    let spellings = DEFAULT_SPELLINGS;
    const found = new Set<string>();
    for (let round = 0; ; round++) {
      const all = amiss(await examined(name, spellings));
      if (all.length === 0) break;
      for (const { assumption } of all) found.add(assumption);
      // A deviation that leaves nobody anything to do would never end.
      expect(all.filter(({ settings }) => settings === undefined)).toEqual([]);
      expect(round).toBeLessThan(3);
      spellings = withSet(spellings, all);
    }
    const { rollbackParameter, itlStatusQuery } = lab.ready[name].spellings;
    expect(spellings.rollbackParameter).toBe(rollbackParameter);
    expect(spellings.itlStatusQuery).toBe(itlStatusQuery);
    expect(found).toContain("ITL status");
    if (name === "source")
      expect([...found]).toEqual(expect.arrayContaining(["Rollback parameter", "Rollback values"]));
  },
  60_000,
);

/** A phone that has registered at the source. */
async function registered(device: string): Promise<Registration> {
  const { ready } = lab;
  const { lsc } = ready.phones.find(({ name }) => name === device)!;
  const phone = await Registration.open(ready.source.publisher, ready.registrationPort, lsc);
  phone.send({ type: "register", device, load: "sip88xx.10-3-1-20", ip: "127.0.0.1", securityMode: 3 });
  expect(await phone.next()).toMatchObject({ type: "registered" });
  return phone;
}

test.each(["source", "destination"] as const)(
  "a transcript of %s is answered as the cluster did, and is nobody's",
  async (name) => {
    const phones = name === "source" ? await Promise.all(PHONES.map(registered)) : [];
    const { findings, transcript } = await examined(name, DEFAULT_SPELLINGS);
    for (const { socket } of phones) socket.destroy();
    const text = JSON.stringify(transcript);
    expect(await replayed(JSON.parse(text) as Transcript)).toEqual(transcript.verdicts);
    expect(transcript.verdicts.map(({ verdict }) => verdict)).toEqual(findings.map(({ verdict }) => verdict));
    const { publisher, nodeAddresses, tlsSha256 } = lab.ready[name];
    const private_ = [
      ...Object.values(PLATFORM),
      ...Object.values(APPLICATION),
      ...PHONES,
      publisher,
      ...Object.keys(nodeAddresses),
      ...Object.values(nodeAddresses),
      ...Object.values(tlsSha256).flat(),
      "BEGIN CERTIFICATE",
    ];
    // Our own name of a way to a node.
    const left = text.replaceAll('"OS administration"', "").toLowerCase();
    expect(private_.filter((one) => left.includes(one.toLowerCase()))).toEqual([]);
    // Who is logged in, and whose phone it is: names and numbers that are words of CUCM's, too.
    const fields = [...left.matchAll(/<(loginuserid|description|dirnumber)>([^/]*)<\/\1>/g)];
    // RIS shows each by its name and by its address.
    expect(fields.length).toBe(2 * 3 * phones.length);
    for (const [, , value = ""] of fields) expect(value).toMatch(/^<(word|name|number)-\d+>$/);
  },
  60_000,
);

test("a cluster that cannot be reached is unknown, and no error", async () => {
  const accounts = { platform: PLATFORM, application: APPLICATION };
  const ports = { ssh: 1, https: 1, tftpHttp: 1, tvs: 1, phoneHttp: 1, platform: 1 };
  const patient = new Patient(labConfig("source", lab.ready.source, accounts, {}, { ports }), live(), silent);
  const findings = await examine(patient);
  expect(findings.find(({ assumption }) => assumption === "AXL versions")).toMatchObject({
    verdict: "unknown",
    detail: expect.stringContaining("Cannot reach AXL"),
  });
  expect(findings.filter(({ verdict }) => verdict === "holds" || verdict === "deviates")).toEqual([]);
});

test("another host key than the pinned one says nothing of TVS", async () => {
  const sshSha256 = { "*": [`SHA256:${"A".repeat(43)}`] };
  const { findings } = await examined("source", DEFAULT_SPELLINGS, (config) => ({
    ...config,
    identity: { ...config.identity, sshSha256 },
  }));
  const own = findings.filter(({ assumption }) => assumption === "Its own certificate");
  expect(new Set(own.map(({ verdict }) => verdict))).toEqual(new Set(["unknown"]));
}, 60_000);

const WRONG = { username: "somebody", password: "not-the-one" };
const of = ({ findings }: Examined, name: string) => findings.filter(({ assumption }) => assumption === name);
const verdictsOf = (one: Examined, name: string) => [...new Set(of(one, name).map(({ verdict }) => verdict))];

test("a refused application user leaves unknown what AXL alone tells, and nothing else", async () => {
  const application = (config: ClusterConfig) => ({ ...config, application: WRONG });
  const older = await examined("source", DEFAULT_SPELLINGS, application);
  expect(verdictsOf(older, "AXL versions")).toEqual(["unknown"]);
  // This release does not have them, as its CLI tells.
  for (const name of ["REST service", "Where REST is", "Snapshot", "Issuer in the database"])
    expect([name, ...verdictsOf(older, name)]).toEqual([name, "not tried"]);
  expect(of(older, "Where REST is")[0]!.detail).toContain("releases before 14");
  expect(of(older, "Files without credentials")).toMatchObject([{ verdict: "holds" }]);
  const newer = await examined("destination", DEFAULT_SPELLINGS, application);
  expect(verdictsOf(newer, "Where REST is")).toEqual(["holds"]);
  expect(verdictsOf(newer, "Issuer in the database")).toEqual(["unknown"]);
}, 60_000);

test("files are fetched without credentials, whoever is refused", async () => {
  const platform = (config: ClusterConfig) => ({ ...config, platform: WRONG });
  const one = await examined("source", DEFAULT_SPELLINGS, platform);
  expect(verdictsOf(one, "Login")).toEqual(["unknown"]);
  expect(verdictsOf(one, "Files without credentials")).toEqual(["holds"]);
}, 60_000);

test("which certificate TVS shows is told as it was seen", async () => {
  const detailsOf = (one: Examined) => [
    ...new Set(of(one, "Its own certificate").map(({ detail }) => detail)),
  ];
  expect(detailsOf(await examined("source", DEFAULT_SPELLINGS))).toEqual([
    "it shows the node's TVS certificate",
  ]);
  const another = new ClusterError("source", null, "TVS shows another", "no", "identity");
  const pinned: Wire = {
    ...WIRE,
    tvs: (...target) => {
      const channel = WIRE.tvs(...target);
      return {
        ask: (asked, sha256, signal) =>
          sha256.length === 1 ? Promise.reject(another) : channel.ask(asked, sha256, signal),
      };
    },
  };
  expect(detailsOf(await examined("source", DEFAULT_SPELLINGS, undefined, pinned))).toEqual([
    "it shows a pinned certificate, which is not the node's TVS certificate",
  ]);
}, 60_000);

test("a CLI that takes the login and never prompts is waited for once by each node, not by each question", async () => {
  const silentCli = await CliServer.start({ startDelayMs: 3000 });
  const pointed: Wire = {
    ...WIRE,
    cli: (target, log) => {
      const { port } = silentCli;
      const endpoint = { ...target.endpoint, address: "127.0.0.1" };
      const stand = { ...target, endpoint, port, hostKeys: [HOST_PIN], credentials: ADMIN };
      return new Cli(stand, log, { start: 300, slow: 200, hung: 60_000 });
    },
  };
  try {
    const one = await examined("source", DEFAULT_SPELLINGS, undefined, pointed);
    expect(silentCli.sessions).toBe(Object.keys(lab.ready.source.nodeAddresses).length);
    for (const name of ["Login", "Paging", "Certificate lists", "Shown certificates"])
      for (const { verdict, detail } of of(one, name))
        expect([name, verdict, detail]).toEqual([
          name,
          "unknown",
          expect.stringMatching(/^The CLI of 127\.0\.0\.1 does not answer: /),
        ]);
    expect(verdictsOf(one, "Login")).toEqual(["unknown"]);
    expect(verdictsOf(one, "Files without credentials")).toEqual(["holds"]);
  } finally {
    await silentCli.stop();
  }
}, 60_000);
