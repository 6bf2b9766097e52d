/** `evidence` of the forecast: what is read, what it changes, and what it says of what it could not read. */
import { createHash } from "node:crypto";
import { UNKNOWN } from "../../../../providers/framework/schema/value";
import { shownChecksums } from "../../../../trust/phone-page";
import { FakeCore } from "../fake-core";
import {
  type Config,
  type ForecastCluster,
  forecastClusters,
  imports,
  OTHER,
  PHONE,
  question,
  readForecast,
} from "./forecast-clusters";

let source: ForecastCluster;
let destination: ForecastCluster;
let fleet: ReturnType<typeof forecastClusters>["fleet"];
beforeEach(() => {
  ({ source, destination, fleet } = forecastClusters());
});

async function read(config: Config = {}) {
  const { state, said } = await readForecast(source, destination, {
    phones: [PHONE, OTHER],
    assume_trusted: imports(source, destination),
    detail: true,
    ...config,
  });
  const levels = Object.fromEntries((state.forecasts ?? []).map(({ name, evidence }) => [name, evidence]));
  return { state, said, levels, counts: state.counts };
}

const openWeb = (name: string, address: string) => fleet.openWeb(name, address);
/** What a phone shows that a TFTP node of the source has served. */
function listsOf(node = "source-sub1") {
  const checksum = (file: string) =>
    createHash("md5")
      .update(source.files.get(`${node} ${file}`)!)
      .digest("hex");
  return shownChecksums(`CTL File ${checksum("CTLFile.tlv")} ITL File ${checksum("ITLFile.tlv")}`);
}

test("nothing is read unless somebody asks", async () => {
  openWeb(PHONE, "10.1.20.5");
  source.pages.set("10.1.20.5", { trustMessage: "Trust List Updated" });
  source.fail("phonePages");
  source.fail("tvsQuestions");
  source.fail("itlStatuses");
  const { state, said, levels } = await read();
  expect(said).toEqual([]);
  expect(levels[PHONE]).toBe("registered-since-lists");
  expect(state).toMatchObject({ looked_at: [], not_looked_at: [] });
});

test("web pages, where RIS says that they are on", async () => {
  openWeb(PHONE, "10.1.20.5");
  source.pages.set("10.1.20.5", { trustMessage: "[06:34] Trust List Updated" });
  source.pages.set("127.0.0.1", { trustMessage: "Trust List Updated" });
  const { state, levels } = await read({ evidence: ["web"] });
  expect(levels).toEqual({ [PHONE]: "web-status", [OTHER]: "registered-since-lists" });
  expect(state.looked_at).toEqual([
    'web pages of phones on "source": 1 of 2 phones tell of their lists; 0 say nothing of them; 0 do not answer; web access is off, or not known, on 1',
  ]);
});

test("a phone that was not asked is not one that does not answer", async () => {
  openWeb(PHONE, "10.1.20.5");
  openWeb(OTHER, "10.1.20.6");
  source.pages.set("10.1.20.6", "not asked");
  const { state } = await read({ evidence: ["web"] });
  expect(state.looked_at[0]).toMatch(/; 1 do not answer; 1 were not asked: too many in a row/);
});

test("a page that speaks against it fails every demand, and makes it uncertain", async () => {
  openWeb(PHONE, "10.1.20.5");
  source.pages.set("10.1.20.5", { trustMessage: "Trust List Update Failed" });
  const { state, counts } = await read({ evidence: ["web"], require_evidence: "registered-since-lists" });
  expect(counts).toMatchObject({ registers: 1, uncertain: 1 });
  expect(state.weak_evidence).toEqual([
    { name: PHONE, reason: expect.stringContaining('its web page says "Trust List Update Failed"') },
  ]);
  expect(state.forecasts!.find(({ name }) => name === PHONE)!.because).toMatch(/; but its web page says/);
});

test("no page makes a phone follow that does not", async () => {
  openWeb(PHONE, "10.1.20.5");
  source.pages.set("10.1.20.5", { trustMessage: "Trust List Updated", checksums: listsOf() });
  const { counts } = await read({ evidence: ["web"], assume_trusted: null });
  expect(counts["locked out"]).toBe(2);
});

test("the trust-list page is held against the lists that the forecast assumes", async () => {
  openWeb(PHONE, "10.1.20.5");
  openWeb(OTHER, "10.1.20.6");
  source.pages.set("10.1.20.5", { checksums: listsOf() });
  source.pages.set("10.1.20.6", { checksums: shownChecksums(`CTL File ${"ab".repeat(16)}`) });
  const { levels, state } = await read({ evidence: ["web"], require_evidence: "trust-list-page" });
  expect(levels).toEqual({ [PHONE]: "trust-list-page", [OTHER]: "registered-since-lists" });
  expect(state.weak_evidence).toEqual([
    { name: OTHER, reason: expect.stringContaining("its trust-list page shows other lists") },
  ]);
});

test("up to 11.5 each TFTP node has an ITL of its own, and a phone may show any of them", async () => {
  openWeb(PHONE, "10.1.20.5");
  source.pages.set("10.1.20.5", { checksums: listsOf("source-sub2") });
  const config = { evidence: ["web"], require_evidence: "trust-list-page", phones: [PHONE] };
  const { levels, state } = await read(config);
  expect(levels[PHONE]).toBe("trust-list-page");
  expect(state.evidence_suffices).toBe(true);
});

test("the TVS log counts from when that TVS has its certificate", async () => {
  const { notBefore } = source.identities.get("source-sub1 TVS")!;
  const DAY = 24 * 3600 * 1000;
  source.tvsAsked.set("source-sub1", new Map([[PHONE, notBefore.getTime() + DAY]]));
  source.tvsAsked.set("source-sub2", new Map([[OTHER, notBefore.getTime() - DAY]]));
  const { levels, state, said } = await read({ evidence: ["tvs_log"] });
  expect(said).toEqual([]);
  expect(levels).toEqual({ [PHONE]: "tvs-log", [OTHER]: "registered-since-lists" });
  expect(state.looked_at).toEqual([
    'TVS log of "source", 3 files: 1 of 2 phones asked, by their names, since TVS has its certificate',
  ]);
});

test("a node with one log file only is told: nothing dates the questions in it", async () => {
  source.tvsFiles = { read: 0, dated: 1, listed: 1 };
  const { state } = await read({ evidence: ["tvs_log"] });
  expect(state.not_looked_at[0]).toBe(
    'TVS log of node 127.1.10.11 of "source": there is no older file by which the questions in its only one could be dated',
  );
});

test("logs that cannot be read are told once for a node, and make nothing uncertain", async () => {
  source.fail("tvsQuestions", null, "authorization");
  const { state, said, counts } = await read({ evidence: ["tvs_log"] });
  expect(counts.registers).toBe(2);
  expect(state.unread).toEqual([]);
  expect(state.not_looked_at).toHaveLength(3);
  expect(state.not_looked_at[0]).toBe(
    'TVS log of node 127.1.10.11 of "source" could not be read: Cannot do tvsQuestions on 127.1.10.11. The test says so (authorization).',
  );
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^warning: Not read as evidence of what phones hold \/ TVS log of node/);
});

test("the ITL status of newer releases, where a spelling is known", async () => {
  expect((await read({ evidence: ["itl_status"] })).state.not_looked_at[0]).toMatch(
    /set spellings\.itl_status_query/,
  );
  source.recordedItl = {
    phones: new Map([
      [PHONE, "current"],
      [OTHER, "other"],
    ]),
    unexplained: ["Pending\u001b"],
  };
  const { levels, state } = await read({ evidence: ["itl_status"], require_evidence: "itl-status" });
  expect(levels).toEqual({ [PHONE]: "itl-status", [OTHER]: "registered-since-lists" });
  expect(state.weak_evidence[0]!.reason).toContain("its ITL is not the one served");
  expect(state.not_looked_at).toEqual([
    'ITL status of "source" says "Pending\\u001b": name it in spellings.itl_status_current or spellings.itl_status_other',
  ]);
});

test("phones that have moved are looked at where they are", async () => {
  fleet.put(PHONE, "destination", true);
  openWeb(PHONE, "10.1.20.5");
  destination.pages.set("10.1.20.5", { trustMessage: "Trust List Updated" });
  const { levels } = await read({ evidence: ["web"], to: "source" });
  expect(levels[PHONE]).toBe("web-status");
});

async function validate(config: Config) {
  const core = await FakeCore.with(source, destination);
  return core.validateData("cucm_trust_forecast", question(config));
}

test("a level that nothing is read for is refused before anything is asked", async () => {
  const [said] = await validate({ require_evidence: "web-status" });
  expect(said).toMatch(
    /^error evidence: This evidence cannot be had \/ require_evidence: web-status needs evidence: \["web"\]/,
  );
  expect(await validate({ require_evidence: "itl-status", evidence: ["tvs_log"] })).toHaveLength(1);
  expect(await validate({ evidence: ["webb"] })).toEqual([expect.stringContaining('evidence has "webb"')]);
});

test.each<Config>([
  { require_evidence: "web-status", evidence: ["web"] },
  { require_evidence: "tvs-log", evidence: ["itl_status"] },
  { require_evidence: "registered-since-lists" },
  { require_evidence: "web-status", evidence: UNKNOWN },
  { require_evidence: "web-status", evidence: [UNKNOWN] },
  { require_evidence: UNKNOWN, evidence: null },
])("nothing is wrong with %j", async (config) => {
  expect(await validate(config)).toEqual([]);
});
