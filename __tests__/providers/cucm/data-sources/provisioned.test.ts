/** CTL pre-provisioning as the forecast sees it: who holds the source's new CTL needs no TVS, and who may not is not promised it. */
import { createHash } from "node:crypto";
import { shownChecksums } from "../../../../trust/phone-page";
import type { Identity } from "../../../trust/authority";
import { certificateOf } from "../certificates";
import {
  type Config,
  type Forecast,
  type ForecastCluster,
  forecastClusters,
  imports,
  OTHER,
  PHONE,
  readForecast,
} from "./forecast-clusters";

const MINUTE = 60_000;
/** Phones of the fixture have registered an hour ago. */
const HOUR = 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms);

let source: ForecastCluster;
let destination: ForecastCluster;
let fleet: ReturnType<typeof forecastClusters>["fleet"];
beforeEach(() => {
  ({ source, destination, fleet } = forecastClusters());
  const { recovery } = destination.keys;
  destination.serve(recovery, "sha1", ago(400 * 24 * HOUR), recovery);
});

/** The source serves a CTL of that age which lists the destination's signer. */
function provision(age: number): void {
  source.provisioned = [destination.keys.recovery];
  source.serve(source.publisherKey, "sha1", ago(age));
}

/** @param tvs whether the source's TVS knows the destination's signers */
async function read(tvs: boolean, config: Config = {}) {
  const both = imports(source, destination);
  const { state } = await readForecast(source, destination, {
    phones: [PHONE, OTHER],
    assume_trusted: { source: tvs ? both.source : {}, destination: both.destination },
    detail: true,
    ...config,
  });
  const of = (name: string) => state.forecasts!.find((one) => one.name === name)!;
  return { state, of, outcomes: [PHONE, OTHER].map((name) => of(name).outcome), words: wordsOf(state) };
}

const wordsOf = ({ chains }: Forecast) =>
  (chains ?? [])
    .flatMap(({ nodes }) => nodes.flatMap(({ steps }) => steps.map(({ words }) => words)))
    .join("\n");

test("without it nobody follows whom TVS does not help", async () => {
  expect((await read(false)).outcomes).toEqual(["locked out", "locked out"]);
});

/** Of a phone, by its trust-list page. */
function show(name: string, address: string): void {
  fleet.openWeb(name, address);
  const checksum = (file: string) =>
    createHash("md5")
      .update(source.files.get(`source-sub2 ${file}`)!)
      .digest("hex");
  source.pages.set(address, {
    checksums: shownChecksums(`CTL File ${checksum("CTLFile.tlv")} ITL File ${checksum("ITLFile.tlv")}`),
  });
}

test("a phone that registered long after the CTL and the restarts is expected to hold it, not promised", async () => {
  provision(4 * HOUR);
  source.started.set("Cisco CallManager", ago(3 * HOUR)).set("Cisco Tftp", ago(3 * HOUR));
  const { of, outcomes } = await read(false);
  expect(outcomes).toEqual(["uncertain", "uncertain"]);
  expect(of(PHONE).expected).toBe("registers");
  expect(of(PHONE).reason).toMatch(
    /hangs on whether it booted when it registered at \S+, and so has fetched the CTL .*without it -> locked out, with it -> registers/,
  );
  expect((await read(true)).outcomes).toEqual(["registers", "registers"]);
});

test("phones whose pages show the CTL need no TVS", async () => {
  provision(4 * HOUR);
  show(PHONE, "10.1.20.5");
  show(OTHER, "10.1.20.6");
  source.fail("askTvs");
  const { outcomes, words, state } = await read(false, { evidence: ["web"] });
  expect(outcomes).toEqual(["registers", "registers"]);
  expect(words).toContain("CTL, signed by CN=ITLRECOVERY_destination-pub");
  expect(words.match(/known by the phone's CTL/g)).toHaveLength(8);
  expect(words).not.toContain("TVS");
  expect(state.assumed).toContainEqual(
    expect.stringContaining('a phone has the CTL of "source", which lists'),
  );
});

test.each([
  ["registered before the CTL was made", () => provision(MINUTE)],
  [
    "registered because CallManager was restarted, which fetches nothing",
    () => {
      provision(2 * HOUR);
      source.started.set("Cisco CallManager", ago(HOUR + 5 * MINUTE));
    },
  ],
  [
    "may have been served by a TFTP node that had not been restarted yet",
    () => {
      provision(2 * HOUR);
      source.started.set("Cisco Tftp", ago(MINUTE));
    },
  ],
  [
    "is registered nowhere",
    () => {
      provision(2 * HOUR);
      for (const name of [PHONE, OTHER]) fleet.put(name, null);
    },
  ],
])("a phone that %s is promised nothing: it hangs on it, or goes by TVS", async (_, given) => {
  given();
  const alone = await read(false);
  expect(alone.outcomes).toEqual(["uncertain", "uncertain"]);
  expect(alone.of(PHONE).expected).toBe("locked out");
  expect(alone.of(PHONE).reason).toMatch(
    /hangs on whether it has fetched the CTL that "source" serves today.*reset it.*without it -> locked out, with it -> registers/,
  );
  const { outcomes, words } = await read(true);
  expect(outcomes).toEqual(["registers", "registers"]);
  expect(words).toContain("TVS");
});

test("where nobody tells since when services run, the reason says why, and only the page is of help", async () => {
  provision(2 * HOUR);
  source.fail("startedAt", "source-sub1", "authorization");
  const { of, outcomes } = await read(false);
  expect(outcomes).toEqual(["uncertain", "uncertain"]);
  expect(of(PHONE)).toMatchObject({
    expected: "locked out",
    reason: expect.stringMatching(
      /whether it has fetched the CTL .*: its registration tells nothing, since the start time of Cisco CallManager on node \S+ of "source" could not be read: .+\. To do: read its web page as evidence: without/,
    ),
  });
  expect(of(PHONE).reason).not.toContain("reset it on its present");
  expect((await read(true)).outcomes).toEqual(["registers", "registers"]);
});

test("a phone whose page shows the new CTL holds it, whenever it registered", async () => {
  provision(MINUTE);
  show(PHONE, "10.1.20.5");
  expect((await read(false, { evidence: ["web"] })).outcomes).toEqual(["registers", "uncertain"]);
});

test("tokens that sign the CTLs of both clusters were not put into the source's for this move", async () => {
  const token = certificateOf({ cn: "SAST-ADN0054e4ef13" });
  destination.serve(token, "sha1", ago(400 * 24 * HOUR), destination.keys.recovery);
  source.provisioned = [token];
  const served = async (signer: Identity) => {
    source.serve(signer, "sha1", ago(MINUTE));
    return (await read(false)).outcomes;
  };
  expect(await served(certificateOf({ cn: "SAST-ADN008580ef" }))).toEqual(["registers", "registers"]);
  // In a CTL without tokens it is new.
  expect(await served(source.publisherKey)).toEqual(["uncertain", "uncertain"]);
});

test("a CTL that lists nobody of the destination asks no Control Center", async () => {
  source.fail("startedAt");
  const { outcomes, state } = await read(true);
  expect(outcomes).toEqual(["registers", "registers"]);
  expect(state.assumed.join()).not.toContain("a phone has the CTL");
});
