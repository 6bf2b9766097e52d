/** Evidence against a lab: real pages of phones, the TVS log of real questions, the status that the database keeps. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { phonesWhen, rebootPhone } from "../../../../lab/phones";
import { type Lab, startLab } from "../../../../lab/up";
import type { Spellings } from "../../../../providers/cucm/cluster/config";
import { type ConnectedCluster, connectCluster } from "../../../../providers/cucm/cluster/connect";
import { forecastPhones } from "../../../../providers/cucm/forecast/forecast-phones";
import { Unread } from "../../../../providers/cucm/forecast/unread";
import type { EvidenceReader } from "../../../../trust/evidence";
import { QUICK, serve, tftpOf } from "../../../lab/phone/lab-tools";
import { accountsOf, labConfig } from "../cluster/fakes/lab-cluster";

jest.setTimeout(90_000);

const op = { signal: new AbortController().signal };
const directory = mkdtempSync(join(tmpdir(), "lab-evidence-"));
const open = new Map<string, ConnectedCluster>();
let lab: Lab;
/** Current lists; current lists and no web access; an ITL from before TVS got its certificate. */
let current: string;
let closed: string;
let stale: string;

beforeAll(async () => {
  const clusters = { source: { risPerMinute: 1000 }, destination: { risPerMinute: 1000 } };
  const phones = ["SEP001122334401", "SEP001122334402", "SEP001122334403"];
  lab = await startLab({
    directory,
    dhcp: "lab",
    phones,
    stale: 1,
    webAccess: [phones[0]!, phones[2]!],
    clusters,
    delays: QUICK,
    phone: { timing: { retry: 200, backoff: 500 } },
  });
  [current, closed, stale] = phones as [string, string, string];
});
afterAll(async () => {
  await Promise.all([...open.values()].map((cluster) => cluster.close()));
  await lab?.close();
  rmSync(directory, { recursive: true, force: true });
});

function connect(name: "source" | "destination", spelled: Partial<Spellings>): ConnectedCluster {
  const key = `${name} ${JSON.stringify(spelled)}`;
  const known = open.get(key);
  if (known !== undefined) return known;
  const cluster = connectCluster(labConfig(name, lab.site[name], accountsOf(lab, name), spelled));
  open.set(key, cluster);
  return cluster;
}

async function found(evidence: readonly EvidenceReader[], spelled: Partial<Spellings> = {}) {
  const unread = new Unread();
  const { forecasts, ...said } = await forecastPhones(
    {
      source: connect("source", spelled),
      destination: connect("destination", spelled),
      phones: [current, closed, stale],
      to: "destination",
      destinationTftp: [],
      sourceTftp: [],
      assumeTrusted: { source: [], destination: [] },
      switches: {},
      models: {},
      readsFeatureList: false,
      formerCapfInUse: null,
      alternateTftp: [],
      evidence,
    },
    unread,
    op,
  );
  expect(unread.sentences).toEqual([]);
  return { ...said, of: Object.fromEntries(forecasts.map(({ name, evidence }) => [name, evidence!])) };
}

const BEFORE = "registered-since-lists";
const seen = (sentence: string) => ({ against: [sentence], contradicted: [sentence] });

test("web pages: a phone with the lists that are served shows them; one with an old ITL shows that", async () => {
  const { of, lookedAt, notLookedAt } = await found(["web"]);
  expect(of[current]).toEqual({ level: "trust-list-page", against: [] });
  expect(of[closed]).toEqual({ level: BEFORE, against: [] });
  expect(of[stale]!.against).toEqual(["its trust-list page shows other lists"]);
  expect(lookedAt).toEqual([
    expect.stringMatching(
      /^web pages of phones on "source": 2 of 3 phones tell of their lists; 0 .* 0 do not answer; .* on 1$/,
    ),
  ]);
  expect(notLookedAt).toEqual([]);
});

test("where the page of the lists is not known, the last status message counts", async () => {
  const { of } = await found(["web"], { trustListPages: ["/Elsewhere"] });
  expect(of).toMatchObject({ [current]: { level: "web-status" }, [closed]: { level: BEFORE } });
});

test("the ITL status, with the spelling that this lab drew", async () => {
  const { of, notLookedAt } = await found(["itl_status"]);
  expect(of).toEqual({
    [current]: { level: "itl-status", against: [] },
    [closed]: { level: "itl-status", against: [] },
    [stale]: { level: BEFORE, ...seen("the cluster records that its ITL is not the one served") },
  });
  expect(notLookedAt).toEqual([]);
  const unspelled = await found(["itl_status"], { itlStatusQuery: null });
  expect(unspelled.of[current]!.level).toBe(BEFORE);
  expect(unspelled.notLookedAt).toHaveLength(1);
});

test("after a move that failed: TVS has logged who asked, and the phone's page says that it failed", async () => {
  expect((await found(["tvs_log"])).of[current]!.level).toBe(BEFORE);
  const onSource = Object.values(lab.site.source.nodeAddresses);
  await serve(lab, tftpOf(lab, "destination"));
  for (const name of [current, stale]) await rebootPhone(lab.site.control.phones, name);
  await phonesWhen(
    lab.site.control.phones,
    ({ name, boots, registered }) =>
      name === closed || (boots > 0 && onSource.includes(registered?.address ?? "")),
  );
  connect("source", {}).refresh();
  const logged = await found(["tvs_log"]);
  // The stale phone's ITL does not hold TVS's certificate: it never came to ask.
  expect(logged.of).toEqual({
    [current]: { level: "tvs-log", against: [] },
    [closed]: { level: BEFORE, against: [] },
    [stale]: { level: BEFORE, against: [] },
  });
  expect(logged.lookedAt).toEqual([
    expect.stringMatching(/^TVS log of "source", \d+ files: 1 of 3 phones asked/),
  ]);
  // Nobody has imported the destination's signers: TVS told so the phone that asked.
  const source = connect("source", {});
  const refused = await Promise.all((await source.nodes(op)).map((node) => source.tvsRefusals(node, op)));
  const about = refused.flatMap((of) => [...of]);
  expect(new Set(about.map(([name]) => name))).toEqual(new Set([current]));
  expect(about[0]![1]).toEqual({
    subject: expect.stringMatching(/^CN=.*cucm11/),
    serial: expect.stringMatching(/^[0-9A-F]+$/),
  });
  const { of } = await found(["web", "tvs_log", "itl_status"]);
  expect(of[current]).toEqual({
    level: "trust-list-page",
    ...seen(expect.stringMatching(/^its web page says "\[\d\d:\d\d:\d\d\] Trust List [Uu]pdate [Ff]ailed"$/)),
  });
});
