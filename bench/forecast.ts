import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Identity, issue } from "../lab/cluster/pki/issue";
import { countOutcomes, forecastFleet } from "../trust/forecast/fleet";
import {
  type Cluster,
  type Device,
  type Phone,
  servedConfiguration,
  servedTrustList,
} from "../trust/forecast/situation";
import { phoneModel } from "../trust/phone-model";
import { Role } from "../trust/roles";
import { buildSignedFile } from "../trust/signed-file";
import { buildTrustList, parseTrustList, type RecordInput } from "../trust/trust-list";
import { median, row } from "./numbers";

/**
 * Forecasts of a fleet, as a plan makes them: 100,000 phones kept with their forecasts, then ten times as many,
 * counted only. Processor time. Growth is what a phone costs in the large fleet, compared with the small one.
 */
const PHONES = 100_000;
const AIM = { milliseconds: 2_000, megabytes: 300, growth: 1.5 };
const GROWN = 10;
const NODES = 3;

export async function forecastBench(rounds: number): Promise<void> {
  const times = Math.min(rounds, 5);
  const { ends, home } = clusters(PHONES);
  const small: number[] = [];
  let megabytes = 0;
  // The first round is for the compiler, and nothing is left from another.
  for (let round = -1; round < times; round++) {
    const began = cpu();
    const kept = [...forecastFleet(fleet(PHONES, home), ends)];
    if (round >= 0) small.push(cpu() - began);
    if (round < 0) megabytes = process.memoryUsage().rss / 1e6;
    if (kept.length !== PHONES) throw new Error(`${kept.length} forecasts of ${PHONES} phones`);
  }
  const many = clusters(PHONES * GROWN);
  const large: number[] = [];
  for (let round = 0; round < times; round++) {
    const began = cpu();
    const counts = countOutcomes(forecastFleet(fleet(PHONES * GROWN, many.home), many.ends));
    large.push(cpu() - began);
    if (round === 0) console.log(`Forecast of ${PHONES * GROWN} phones: ${JSON.stringify(counts)}`);
  }
  const growth = median(large) / GROWN / median(small);
  row(`${PHONES} phones`, median(small), `aim ${AIM.milliseconds} ms`);
  row(`${PHONES * GROWN} phones`, median(large), `${growth.toFixed(2)} by the phone (aim ${AIM.growth})`);
  console.log(
    `  whole process with ${PHONES} phones and forecasts: ${megabytes.toFixed(0)} MB (aim ${AIM.megabytes})`,
  );
}

function clusters(size: number) {
  const source = cluster("source", size);
  const destination = cluster("destination", size);
  const signer = { certificate: destination.signer.certificate, stores: ["Phone-SAST-trust"] as const };
  const capf = { certificate: source.capf!.certificate, stores: ["CallManager-trust"] as const };
  const ends = {
    from: { ...source, assumeTrusted: [signer] },
    to: { ...destination, assumeTrusted: [capf] },
  };
  return { ends, home: source };
}

/** Milliseconds of processor time: this is computing only, and the machine may be busy with more. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const MODELS = ["Cisco 8861", "Cisco 7841", "Cisco 7962", "Cisco 7940"].map((name) => phoneModel(name));

/** Phones of a few kinds, each an object of its own. */
function* fleet(size: number, home: Cluster & Made): Generator<Phone> {
  for (let i = 0; i < size; i++) {
    const group = home.groups[i % NODES]!;
    yield {
      name: nameOf(i),
      model: MODELS[i % MODELS.length]!,
      ctl: i % 50 === 0 ? null : home.ctl,
      itl: home.itls[i % NODES]!,
      tvs: group,
      callManagers: group,
      mode: i % 3 === 0 ? "non-secure" : "encrypted",
      alternateTftp: i % 1000 === 0,
      asksForEncrypted: false,
      lsc: { issuer: home.capf!.certificate.subject },
      mic: null,
      evidence: { level: i % 2 === 0 ? "served" : "tvs-log", against: [] },
    };
  }
}

function nameOf(i: number): string {
  return `SEP${i.toString(16).toUpperCase().padStart(12, "0")}`;
}

interface Made {
  readonly ctl: ReturnType<typeof parseTrustList>;
  readonly itls: readonly ReturnType<typeof parseTrustList>[];
  readonly groups: readonly (readonly string[])[];
  readonly signer: Identity;
}

function cluster(name: "source" | "destination", size: number): Cluster & Made {
  const person = (cn: string) => identity(`${name}-${cn}`);
  const nodes = Array.from({ length: NODES }, (_, i) => ({
    address: `10.${name === "source" ? 10 : 20}.0.1${i}`,
    callManager: person(`cm${i}`),
    tvs: person(`tvs${i}`),
  }));
  const recovery = person("recovery");
  const capf = person("capf");
  const record = (role: number, one: Identity, ipAddress?: string): RecordInput => ({
    role,
    certificate: one.certificate,
    ipAddress,
  });
  const signing = (one: Identity) =>
    ({ signer: one.certificate, privateKey: one.key, digest: "sha1", timestamp: new Date() }) as const;
  const ctl = buildTrustList({
    kind: "CTL",
    ...signing(recovery),
    records: [
      record(Role.SAST, recovery),
      record(Role.CAPF, capf),
      ...nodes.map((node) => record(Role.CCM_TFTP, node.callManager, node.address)),
    ],
  });
  const itls = nodes.map((node) =>
    buildTrustList({
      kind: "ITL",
      ...signing(recovery),
      records: [
        record(Role.SAST, recovery),
        record(Role.CCM_TFTP, node.callManager, node.address),
        ...nodes.map((one) => record(Role.TVS, one.tvs, one.address)),
        record(Role.CAPF, capf),
      ],
    }),
  );
  const groups = nodes.map((_, i) => nodes.map((__, k) => nodes[(i + k) % NODES]!.address));
  const profiles: readonly Device[] = groups.flatMap((callManagers) =>
    (["encrypted", "non-secure"] as const).map((mode) => ({
      mode,
      encryptedConfig: false,
      publicKey: "none" as const,
      callManagers,
      enrolment: null,
    })),
  );
  const devices = new Map<string, Device>();
  for (let i = 0; i < size; i++) if (i % 200 !== 0) devices.set(nameOf(i), profiles[i % profiles.length]!);
  return {
    mixedMode: true,
    tftp: nodes.map(({ address, callManager }, i) => ({
      address,
      reachable: true,
      ctl: servedTrustList(ctl),
      itl: servedTrustList(itls[i]!),
      configuration: {
        signed: servedConfiguration(
          buildSignedFile({
            ...signing(callManager),
            filename: "SEP.cnf.xml.sgn",
            payload: Buffer.from("<device/>"),
          }),
        ),
        encrypted: { kind: "absent" },
        plain: "served",
      },
    })),
    tvs: nodes.map(({ address, tvs }) => ({
      address,
      reachable: true,
      certificate: tvs.certificate,
      answers: new Map(),
    })),
    callManagers: nodes.map(({ address, callManager }) => ({
      address,
      reachable: true,
      certificate: callManager.certificate,
      callManagerTrust: [capf.certificate],
      capfTrust: [],
    })),
    capf: { reachable: true, certificate: capf.certificate, trust: [] },
    devices,
    assumeTrusted: [],
    ctl: parseTrustList(ctl),
    itls: itls.map((one) => parseTrustList(one)),
    groups,
    signer: recovery,
  };
}

const keys = new Map<string, KeyObject>();

function identity(cn: string): Identity {
  const key = keys.get(cn) ?? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  keys.set(cn, key);
  const day = 24 * 3600 * 1000;
  return issue({
    subject: [["CN", cn]],
    key,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 1000 * day),
  });
}
