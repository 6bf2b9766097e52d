/** Whether phones can come back: from where they are, or from where the move leaves them. */
import { certificateOf } from "../certificates";
import {
  type Config,
  type ForecastCluster,
  forecastClusters,
  importsBothWays,
  PHONE,
  readForecast,
} from "./forecast-clusters";

let source: ForecastCluster;
let destination: ForecastCluster;
let fleet: ReturnType<typeof forecastClusters>["fleet"];
beforeEach(() => {
  ({ source, destination, fleet } = forecastClusters());
});

const read = (config: Config) => readForecast(source, destination, config);
const bothWays = () => importsBothWays(source, destination);

test("the way back of a phone that never had an LSC is as uncertain", async () => {
  const facts = { lscIssuer: null, nothingWaits: true, neverEnrolled: true };
  for (const cluster of [source, destination]) cluster.certificateFacts.set(PHONE, facts);
  fleet.put(PHONE, "destination", true);
  const { state } = await read({ to: "source", assume_trusted: bothWays() });
  expect(state.at_risk[0]!.reason).toContain('CAPF of "source" never enrolled it');
  // That this could not be read makes it no better.
  source.fail("phoneCertificates");
  const unread = await read({ to: "source", assume_trusted: bothWays() });
  expect(unread.state.at_risk).toMatchObject([
    {
      outcome: "uncertain",
      reason: expect.stringContaining('what the database of "source" says of that could not be read'),
    },
  ]);
  destination.certificateFacts.set(PHONE, { ...facts, lscIssuer: "CAPF-source" });
  expect((await read({ to: "source", assume_trusted: bothWays() })).state.counts.registers).toBe(1);
});

test("the way back is by what option 150 will answer on the source", async () => {
  const [first, second] = source.tftp;
  source.files.set(`${second!.name} CTLFile.tlv`, Buffer.from("not a list"));
  const back = { to: "source", detail: true, assume_trusted: bothWays() };
  expect((await read(back)).state.chains![0]!.nodes).toHaveLength(4);
  const { state } = await read({ ...back, source_tftp: [first!.address] });
  expect(state.chains![0]!.nodes.map(({ address }) => address)).toEqual(
    destination.tftp.map(({ address }) => `${address} and back by ${first!.address}`),
  );
  expect(state.assumed).not.toContain('option 150 will name every TFTP node of "source" again');
  const proxy = await read({ ...back, source_tftp: ["127.1.10.99"] });
  expect(proxy.state.at_risk[0]!.reason).toBe(
    'option 150 will name 127.1.10.99, which is no TFTP node of "source": what is served there is not known',
  );
});

test("a phone comes back as surely before it moves as after it, where the destination shows that it does not enrol it", async () => {
  const back = { to: "source", assume_trusted: bothWays() };
  const outcome = async () => (await read(back)).state.counts;
  expect((await read(back)).state.at_risk).toMatchObject([
    {
      outcome: "uncertain",
      reason: expect.stringContaining(
        "whether a CAPF operation waits for the phone at the cluster that it goes to",
      ),
    },
  ]);
  destination.certificateFacts.set(PHONE, { lscIssuer: null, nothingWaits: true, neverEnrolled: true });
  expect(await outcome()).toMatchObject({ registers: 1 });
  destination.certificateFacts.delete(PHONE);
  fleet.put(PHONE, "destination", true);
  expect((await read(back)).state.at_risk[0]!.reason).toContain(
    `whether CAPF-destination (serial ${destination.keys.capf.certificate.serial}) issued its LSC`,
  );
  destination.certificateFacts.set(PHONE, { lscIssuer: null, nothingWaits: true, neverEnrolled: true });
  expect(await outcome()).toMatchObject({ registers: 1 });
  // Enrolled there: the source does not trust that CAPF.
  destination.certificateFacts.set(PHONE, {
    lscIssuer: "CAPF-destination",
    nothingWaits: true,
    neverEnrolled: false,
  });
  source.certificateFacts.set(PHONE, { lscIssuer: null, nothingWaits: true, neverEnrolled: false });
  expect((await read(back)).state.at_risk[0]).toMatchObject({
    outcome: "follows",
    reason: expect.stringContaining("CN=CAPF-destination"),
  });
  source.seed("CallManager-trust", destination.keys.capf.certificate);
  expect(await outcome()).toMatchObject({ registers: 1 });
});

describe("a CAPF of the destination that was renewed", () => {
  const former = certificateOf({ cn: "CAPF-5a1b2c3d" }).certificate;
  const says = (lscIssuer: string | null) =>
    destination.certificateFacts.set(PHONE, { lscIssuer, nothingWaits: true, neverEnrolled: false });
  const back = async (config = {}) =>
    (await read({ to: "source", assume_trusted: bothWays(), ...config })).state;
  beforeEach(() => {
    fleet.put(PHONE, "destination", true);
    source.seed("CallManager-trust", destination.keys.capf.certificate);
    source.certificateFacts.set(PHONE, { lscIssuer: null, nothingWaits: true, neverEnrolled: false });
    says(null);
  });

  it("may have issued the LSC of a phone that is there: the source has to trust the former certificate too", async () => {
    expect((await back()).counts.registers).toBe(1);
    destination.seed("CAPF-trust", former, "destination-pub");
    const state = await back();
    expect(state.counts.uncertain).toBe(1);
    expect(state.at_risk[0]!.reason).toContain(
      `whether CAPF-5a1b2c3d (serial ${former.serial}) issued its LSC`,
    );
    expect(Object.keys(state.missing_issuers)).toEqual([former.sha256]);
    says("CAPF-5a1b2c3d");
    expect((await back()).at_risk).toMatchObject([{ outcome: "follows" }]);
    says(null);
    expect((await back({ former_capf_in_use: false })).counts.registers).toBe(1);
    source.seed("CallManager-trust", former);
    expect(await back()).toMatchObject({ counts: { registers: 1 }, missing_issuers: {} });
  });

  it("may have kept its name, and may not be readable", async () => {
    says("CAPF-destination");
    const namesake = certificateOf({ cn: "CAPF-destination", from: "250101" }).certificate;
    destination.seed("CAPF-trust", namesake, "destination-pub");
    expect((await back()).at_risk[0]!.reason).toContain(
      `whether CAPF-destination (serial ${namesake.serial}) issued`,
    );
    destination.fail("capfCertificates", "destination-pub");
    expect((await back()).at_risk[0]!.reason).toContain(
      'whether its LSC is of CAPF-destination: which CAPF certificates "destination" had before could not be read',
    );
    expect((await back({ former_capf_in_use: false })).counts.registers).toBe(1);
  });
});

describe("the way back to an encrypted configuration", () => {
  const back = { to: "source" };
  const says = (lscIssuer: string | null, neverEnrolled = false) =>
    destination.certificateFacts.set(PHONE, { lscIssuer, nothingWaits: true, neverEnrolled });
  const readBack = async () => (await read({ ...back, assume_trusted: bothWays() })).state;
  beforeEach(() => {
    fleet.put(PHONE, "destination", true);
    source.certificateFacts.set(PHONE, { lscIssuer: null, nothingWaits: true, neverEnrolled: false });
  });

  it("needs CAPF again when the destination has enrolled the phone", async () => {
    source.devices.set(PHONE, { encryptedConfig: true, mode: "non-secure" });
    says("CAPF-destination");
    expect((await readBack()).at_risk).toMatchObject([
      { outcome: "follows", reason: expect.stringContaining("does not have the phone's public key") },
    ]);
    says("CAPF-source");
    expect((await readBack()).counts.registers).toBe(1);
    says(null, true);
    expect((await readBack()).counts.registers).toBe(1);
    // A waiting operation would help.
    says("CAPF-destination");
    source.certificateFacts.delete(PHONE);
    expect((await readBack()).at_risk[0]!.reason).toContain("whether a CAPF operation waits for the phone");
  });

  it("hangs on it where nobody tells, also with a secure profile whose issuer the source trusts", async () => {
    source.seed("CallManager-trust", destination.keys.capf.certificate);
    source.devices.set(PHONE, { encryptedConfig: true });
    says("CAPF-destination");
    expect((await readBack()).counts.follows).toBe(1);
    destination.certificateFacts.delete(PHONE);
    expect((await readBack()).at_risk).toMatchObject([
      {
        outcome: "uncertain",
        reason: expect.stringContaining("whether the phone still has the key that the database knows"),
      },
    ]);
  });
});
