/** The examination of emulated clusters: each deviation is named with the line to set, and with it set all holds. */
import { type RunningClusters, startClusters } from "../../../../lab/cluster/start";
import { DEFAULT_SPELLINGS, type Spellings } from "../../../../providers/cucm/cluster/config";
import type { Finding } from "../../../../providers/cucm/doctor/check";
import { examine } from "../../../../providers/cucm/doctor/examine";
import { Patient } from "../../../../providers/cucm/doctor/patient";
import { Recorder } from "../../../../providers/cucm/doctor/recorder";
import { transcriptOf } from "../../../../providers/cucm/doctor/transcript";
import { WIRE } from "../../../../providers/cucm/cluster/transports/wire";
import { LAB_KEYS, labConfig } from "../cluster/fakes/lab-cluster";
import { live, silent } from "../cluster/fakes/setup";

const ACCOUNT = { username: "someone", password: "s0mething" };
const PHONES = ["SEP001122334455", "SEP001122334456"];
const CLUSTERS = {
  source: { version: "10.5.2.10000-5", platform: ACCOUNT, application: ACCOUNT },
  destination: { version: "14.0.1.10000-20", platform: ACCOUNT, application: ACCOUNT },
};

let lab: RunningClusters;
beforeAll(async () => {
  const network = `127.${100 + Math.floor(Math.random() * 100)}`;
  const delays = { cliBanner: [0, 0.01], cliCommand: [0, 0.01] } as const;
  lab = await startClusters({ clusters: CLUSTERS, network, phones: PHONES, delays, pki: LAB_KEYS });
}, 120_000);
afterAll(() => lab?.close());

async function examined(
  name: "source" | "destination",
  spellings: Partial<Spellings>,
): Promise<readonly Finding[]> {
  const accounts = { platform: ACCOUNT, application: ACCOUNT };
  const config = labConfig(name, lab.ready[name], accounts, spellings);
  const patient = new Patient(config, live(), silent);
  try {
    return await examine(patient);
  } finally {
    patient.close();
  }
}

test("y", async () => {
  const accounts = { platform: ACCOUNT, application: ACCOUNT };
  const recorder = new Recorder();
  const patient = new Patient(labConfig("destination", lab.ready.destination, accounts, DEFAULT_SPELLINGS), live(), silent, recorder.recording(WIRE));
  const findings = await examine(patient);
  require("node:fs").writeFileSync("/tmp/dw/t.json", JSON.stringify(await transcriptOf(patient, recorder.exchanges, findings), null, 1));
  patient.close();
});
