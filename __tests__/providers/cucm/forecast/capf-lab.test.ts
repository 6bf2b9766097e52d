/**
 * Phones that need CAPF, or do not, in a lab: what the forecast says of what the provider reads, and what they do. What
 * no interface tells (which CAPF operation waits in which mode, whether CAPF runs) is told to the forecast.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SERVICE } from "../../../../lab/cluster/services";
import type { PhoneView } from "../../../../lab/phone/phone";
import { phoneConsole, phonesWhen, readPhones, rebootPhone } from "../../../../lab/phones";
import { type Lab, startLab } from "../../../../lab/up";
import { type ConnectedCluster, connectCluster } from "../../../../providers/cucm/cluster/connect";
import { forecastPhones } from "../../../../providers/cucm/forecast/forecast-phones";
import { holdingOf, modelsOf } from "../../../../providers/cucm/forecast/holding";
import { NOTHING_OBSERVED } from "../../../../providers/cucm/forecast/observe";
import { asCluster, readRegistrations, readSide } from "../../../../providers/cucm/forecast/read-side";
import { Unread } from "../../../../providers/cucm/forecast/unread";
import { Certificate } from "../../../../trust/certificate";
import { forecast } from "../../../../trust/forecast/forecast";
import type { Device, Ends, Enrolment, Phone } from "../../../../trust/forecast/situation";
import { fault, QUICK, serve, state, tftpOf, trustEachOther } from "../../../lab/phone/lab-tools";
import { accountsOf, labConfig } from "../cluster/fakes/lab-cluster";

jest.setTimeout(120_000);

const name = (n: number) => `SEP00112233440${n}`;
const NULL_STRING = name(1);
const NOTHING_WAITS = name(2);
const STRING = name(3);
const EXISTING = name(4);
const STOPPED = name(5);
const ENCRYPTED_BEFORE = name(6);
const MIC_ONLY = name(7);
const PHONES = [NULL_STRING, NOTHING_WAITS, STRING, EXISTING, STOPPED, ENCRYPTED_BEFORE, MIC_ONLY];
const ENROLMENTS: { readonly [device: string]: Enrolment } = {
  [NULL_STRING]: "null string",
  [STRING]: "authentication string",
  [EXISTING]: "existing certificate",
  [STOPPED]: "null string",
  [MIC_ONLY]: "null string",
};

const op = { signal: new AbortController().signal };
const unread = new Unread();
const directory = mkdtempSync(join(tmpdir(), "lab-capf-"));
let lab: Lab;
const open: { [side: string]: ConnectedCluster } = {};

beforeAll(async () => {
  lab = await startLab({
    directory,
    dhcp: "lab",
    phones: PHONES,
    stale: 0,
    withoutLsc: [MIC_ONLY],
    clusters: {
      source: { risPerMinute: 1000, encryptedConfig: [ENCRYPTED_BEFORE] },
      destination: {
        risPerMinute: 1000,
        encryptedConfig: PHONES.filter((one) => one !== ENCRYPTED_BEFORE),
        enrolments: ENROLMENTS,
      },
    },
    delays: QUICK,
    phone: { timing: { retry: 100, backoff: 300 } },
  });
  await trustEachOther(lab);
  for (const side of ["source", "destination"] as const) {
    open[side] = connectCluster(labConfig(side, lab.site[side], accountsOf(lab, side)));
  }
});
afterAll(async () => {
  await Promise.all(Object.values(open).map((cluster) => cluster.close()));
  await lab?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Everything that the provider reads of the two clusters and the phones. */
async function read(): Promise<{ ends: Ends; phones: ReadonlyMap<string, Phone> }> {
  const side = async (which: "source" | "destination") => {
    const registrations = await readRegistrations(open[which]!, PHONES, unread, op);
    return (await readSide(open[which]!, PHONES, registrations, unread, op))!;
  };
  const [source, destination] = [await side("source"), await side("destination")];
  const issuers = [source.capf!, destination.capf!];
  const ends = {
    from: await asCluster(source, destination, issuers, [], "from before", unread, op),
    to: await asCluster(destination, source, issuers, [], "none", unread, op),
  };
  const lists = await source.files.ofPhones(
    source.nodes.filter(({ tftp }) => tftp),
    PHONES,
  );
  const told = {
    source,
    modelOf: modelsOf({}, undefined),
    alternateTftp: new Set<string>(),
    formerCapf: { source: [], destination: [] },
    formerCapfInUse: false,
    observed: NOTHING_OBSERVED,
  };
  const phones = PHONES.flatMap((one): [string, Phone][] => {
    const holding = holdingOf(one, lists.get(one), source, told);
    return holding.kind === "phone" ? [[one, holding.phone]] : [];
  });
  expect(unread.sentences).toEqual([]);
  return { ends, phones: new Map(phones) };
}

/** With what nobody could read, as it is in this lab. */
function forecastOf(device: string, { ends, phones }: Awaited<ReturnType<typeof read>>): string {
  const row: Device = { ...ends.to.devices.get(device)!, enrolment: ENROLMENTS[device] ?? null };
  const to = {
    ...ends.to,
    devices: new Map([[device, row]]),
    capf: { ...ends.to.capf!, reachable: device !== STOPPED },
  };
  const own = device === MIC_ONLY ? { lsc: null, mic: { issuer: certificate("mic").issuer } } : {};
  const said = forecast({ ...phones.get(device)!, ...own }, { ...ends, to });
  return said.reason === null ? said.outcome : `${said.outcome}: ${said.reason}`;
}

const certificate = (kind: "lsc" | "mic", device = MIC_ONLY) =>
  Certificate.fromPem(readFileSync(join(directory, "phones", device, `${kind}.pem`), "utf8"));

const isThere = ({ registered }: PhoneView) =>
  Object.values(lab.site.destination.nodeAddresses).includes(registered?.address ?? "");

/** In the forecast's words. */
function ended(phone: PhoneView): string {
  return isThere(phone) ? "registers" : `follows: ${phone.failed?.reason}`;
}

async function move(devices: readonly string[]): Promise<{ [device: string]: string }> {
  const { phones } = lab.site.control;
  for (const one of devices) await rebootPhone(phones, one);
  await phonesWhen(
    phones,
    (p) => !devices.includes(p.name) || (p.boots > 0 && (isThere(p) || p.state === "unregistered")),
    20_000,
  );
  const views = (await readPhones(phones)).filter((p) => devices.includes(p.name));
  return Object.fromEntries(views.map((p) => [p.name, ended(p)]));
}

test("what the forecast says is what the phones do", async () => {
  const facts = await read();
  const said = Object.fromEntries(PHONES.map((one) => [one, forecastOf(one, facts)]));
  expect(said).toEqual({
    [NULL_STRING]: "registers",
    [NOTHING_WAITS]: "follows: public-key-unknown",
    [STRING]: "follows: capf-needs-a-person",
    [EXISTING]: "follows: capf-refuses",
    [STOPPED]: "follows: capf-unreachable",
    [ENCRYPTED_BEFORE]: "registers",
    [MIC_ONLY]: "registers",
  });

  const { forecasts } = await forecastPhones(
    {
      source: open.source!,
      destination: open.destination!,
      phones: [NULL_STRING, NOTHING_WAITS],
      to: "destination",
      destinationTftp: [],
      sourceTftp: [],
      assumeTrusted: { source: [], destination: [] },
      switches: {},
      models: {},
      readsFeatureList: false,
      formerCapfInUse: false,
      alternateTftp: [],
      evidence: [],
    },
    unread,
    op,
  );
  // Nothing tells the provider in which mode it waits.
  expect(forecasts.map(({ outcome, expected }) => [outcome, expected])).toEqual([
    ["uncertain", "follows"],
    ["follows", "follows"],
  ]);
  expect(forecasts[0]!.reason).toMatch(/a CAPF operation waits .*false -> follows, true -> registers/);

  await serve(lab, tftpOf(lab, "destination"));
  const capf = {
    kind: "service",
    cluster: "destination",
    node: "cucm11-pub",
    service: SERVICE.capf,
  } as const;
  const others = PHONES.filter((one) => one !== STOPPED);
  const done = await move(others);
  await fault(lab, { ...capf, order: "Stop" });
  expect({ ...done, ...(await move([STOPPED])) }).toEqual(said);
});

test("who was enrolled has an LSC of the destination, and read its configuration with that key", async () => {
  const { nodes } = (await state(lab)).clusters.destination;
  expect(nodes["cucm11-pub"]!.openPorts).not.toContain("capf");
  for (const device of [NULL_STRING, MIC_ONLY])
    expect(certificate("lsc", device).issuer).not.toBe(certificate("lsc", EXISTING).issuer);
  const asked = async (device: string) =>
    [...(await phoneConsole(lab.site.control.phones, device)).matchAll(/src=\w+\.cnf\.xml(\S*)\]/g)].map(
      ([, ending]) => ending,
    );
  expect(await asked(NULL_STRING)).toEqual([".sgn", ".enc.sgn", ".enc.sgn"]);
  expect(await asked(ENCRYPTED_BEFORE)).toEqual([".enc.sgn", ".sgn"]);
});

test("when CAPF runs again, the phone that waits for it registers by itself", async () => {
  await fault(lab, { kind: "heal" });
  await phonesWhen(lab.site.control.phones, (p) => p.name !== STOPPED || isThere(p), 20_000);
});
