/**
 * What can be broken in the lab, one at a time: the move fails and says where, and the way back (or a repair) works.
 * Where a proof can know it, DHCP is not touched.
 */
import { phonesWhen, rebootPhone } from "../../lab/phones";
import { cores } from "../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../providers/framework/testing/expect";
import type { CoreError, Output } from "../../providers/framework/testing/run";
import { kea, serve, tftpOf } from "../lab/phone/lab-tools";
import type { Declared } from "./support/declaration";
import { Journey, QUICK } from "./support/journey";

jest.setTimeout(120_000);

const [core] = cores();
const TVS = "Cisco Trust Verification Service";
let journey: Journey;
let healthy: readonly string[];
let stale: string;
let dhcp: string;

beforeAll(async () => {
  journey = await Journey.start(core!, { ...QUICK, phones: 3, stale: 1 });
  const { phones } = journey.lab.site;
  healthy = phones.healthy;
  stale = phones.stale[0]!;
  await journey.deploy({ registeredOn: "source" });
  dhcp = await journey.keaConfiguration();
});
afterEach(() => journey?.fault({ kind: "heal" }));
afterAll(() => journey?.close());

const THERE: Declared = { registeredOn: "destination", limits: { settleTime: 1, timeout: 12 } };

/** The way back, and everything as it was before. */
async function back(): Promise<void> {
  await journey.deploy({ registeredOn: "source" });
  expect(new Set(Object.values(await journey.whereabouts()))).toEqual(new Set(["source"]));
  expect(await journey.keaConfiguration()).toBe(dhcp);
}

async function failures(names: readonly string[]) {
  const phones = await journey.phones();
  return names.map((name) => {
    const failed = phones.find((phone) => phone.name === name)?.failed;
    return failed ? { step: failed.step, reason: failed.reason } : null;
  });
}

/** Which phones have booted how often: a phone that was reset has booted once more. */
const boots = async () => (await journey.phones()).map(({ name, boots }) => `${name} ${boots}`);

/** The move is refused before anything is touched: DHCP as it was, no phone reset. Yields what was said. */
async function refused(command: () => Promise<unknown>, pattern: RegExp): Promise<Output> {
  const before = { boots: await boots(), dhcp: await journey.keaConfiguration() };
  const error: unknown = await command().then(
    () => new Error("it was not refused"),
    (reason) => reason,
  );
  await expectError(Promise.reject(error), pattern);
  expect({ boots: await boots(), dhcp: await journey.keaConfiguration() }).toEqual(before);
  return (error as CoreError).output;
}

/** Both healthy phones fail, which is more than the one that may, and each says at which step. */
async function lockedOut(
  command: Promise<unknown>,
  failed: { readonly step: string; readonly reason: string },
): Promise<void> {
  const { detail } = await expectError(command, /3 of 3 phones did not move to the destination/);
  for (const name of healthy) expect(detail).toContain(`- ${name}: did not follow the reset`);
  // A phone that found nobody boots again and again; in between it has not failed yet.
  await phonesWhen(
    journey.lab.site.control.phones,
    (phone) => !healthy.includes(phone.name) || phone.failed?.reason === failed.reason,
    10_000,
  );
  expect(await failures(healthy)).toEqual(healthy.map(() => failed));
}

test("all healthy phones move and return; the one with a stale ITL is reported with its reason", async () => {
  const applied = await journey.deploy(THERE);
  expect(await journey.whereabouts()).toEqual({
    ...Object.fromEntries(healthy.map((name) => [name, "destination"])),
    [stale]: "source",
  });
  expect(expectWarning(applied, /1 of 3 phones are not on the destination/).detail).toContain(
    `${stale}: did not follow the reset: still registered on the source`,
  );
  expect(await failures([...healthy, stale])).toEqual([
    null,
    null,
    { step: "ctl", reason: "tvs-not-in-itl" },
  ]);
  await back();
});

test("stopped with restoreScope: DHCP is as it was before anybody intervenes, and the next deploy goes on", async () => {
  const strict: Declared = {
    ...THERE,
    onStop: "restoreScope",
    limits: { ...THERE.limits, maxFailures: 0 },
  };
  await expectError(
    journey.deploy(strict),
    /The wave was stopped, and its scopes serve the source again(.|\n)*serves .* again/,
  );
  expect(await journey.keaConfiguration()).toBe(dhcp);
  const there = Object.fromEntries(healthy.map((name) => [name, "destination"]));
  expect(await journey.whereabouts()).toEqual({ ...there, [stale]: "source" });

  const before = await boots();
  await journey.deploy({ ...strict, limits: THERE.limits });
  const moved = (of: readonly string[]) => of.filter((each) => !each.startsWith(stale));
  // Who is there already is not reset again.
  expect(moved(await boots())).toEqual(moved(before));
  expectNoChanges(await journey.workspace.plan());
  await back();
});

test("DHCP answers something else than what is declared: refused, and left alone", async () => {
  const [publisher] = tftpOf(journey.lab, "source");
  await serve(journey.lab, [publisher!, "127.1.2.3"]);
  await refused(
    () => journey.declare(THERE).plan(),
    /neither the source's nor the destination's(.|\n)*127\.1\.2\.3/,
  );
  // What is on the source and stays there is not held up by it.
  expectWarning(
    await journey.declare({ registeredOn: "source" }).plan(),
    /neither the source's nor the destination's/,
  );
  // By hand, to the letter.
  await kea(journey.lab, "config-set", JSON.parse(dhcp));
  expectNoChanges(await journey.workspace.plan());
});

test("DHCP would send the phones where no TFTP server is: refused; accepted, they are locked out, and come back", async () => {
  const answer = { destinationAnswer: ["127.1.2.3"] };
  const said = await refused(
    () => journey.declare({ ...THERE, ...answer }).plan(),
    /no phone is at risk: no/,
  );
  expect(expectWarning(said, /3 of 3 phones are at risk/).detail).toContain(
    "option 150 will name 127.1.2.3, which is no TFTP node",
  );
  await lockedOut(journey.deploy({ ...THERE, ...answer, acceptLockouts: [...healthy, stale] }), {
    step: "tftp",
    reason: "tftp-unreachable",
  });
  await back();
});

test("the signature of the destination's CTL is wrong: refused, and DHCP is not touched", async () => {
  await journey.fault({ kind: "corrupt-ctl", cluster: "destination", corrupt: true });
  const said = await refused(
    () => journey.deploy(THERE),
    /every CTL, ITL and configuration of "destination" is rightly signed: no/,
  );
  expectWarning(said, /The signature of the CTL of 127\.\d+\.20\.11 is wrong/);
});

test("it goes wrong between plan and apply: the phones refuse it, and come back", async () => {
  const plan = await journey.declare(THERE).plan();
  await journey.fault({ kind: "corrupt-ctl", cluster: "destination", corrupt: true });
  await lockedOut(journey.workspace.apply(plan), { step: "ctl", reason: "bad-signature" });
  await back();
});

test("one entry of the source's Phone-SAST-trust is lost between plan and apply", async () => {
  const plan = await journey.declare(THERE).plan();
  const { nodes } = (await journey.clusters()).clusters.destination;
  const signer = Object.values(nodes).find(({ role }) => role === "publisher")!.identities.CallManager!;
  await journey.fault({
    kind: "remove-trust",
    cluster: "source",
    store: "Phone-SAST-trust",
    sha256: signer,
    scope: "cluster",
    reload: true,
  });
  await lockedOut(journey.workspace.apply(plan), { step: "ctl", reason: "tvs-miss" });
  await back();
  // The same deploy has put the entry back.
  for (const node of Object.values((await journey.clusters()).clusters.source.nodes))
    expect(node.stores["Phone-SAST-trust"]!.map(({ sha256 }) => sha256)).toContain(signer);
});

test("TVS of one source node is down: refused, and DHCP is not touched", async () => {
  const node = Object.keys(journey.lab.site.source.nodeAddresses).at(-1)!;
  await journey.fault({ kind: "service", cluster: "source", node, service: TVS, order: "Stop" });
  const said = await refused(
    () => journey.deploy(THERE),
    /must not move to the destination(.|\n)*every TVS node of "source" vouches for every signer of "destination": no/,
  );
  expect(expectWarning(said, new RegExp(`No proof from TVS of ${node}`)).detail).toContain(
    "Cannot reach TVS",
  );
});

test("no CallManager of the destination takes registrations", async () => {
  await journey.fault({ kind: "port", cluster: "destination", port: "registration", open: false });
  await lockedOut(journey.deploy(THERE), { step: "registration", reason: "callmanager-unreachable" });
  await back();
});

test("the source's TVS certificates are replaced: locked out, until the phones have the new ITL", async () => {
  await journey.fault({ kind: "replace-tvs", cluster: "source", rebuildItl: true });
  await lockedOut(journey.deploy(THERE), { step: "ctl", reason: "tvs-not-in-itl" });
  await back();
  // A boot on the source fetches the ITL of today, for the stale one as well.
  const { control } = journey.lab.site;
  const before = await journey.phones();
  for (const { name } of before) await rebootPhone(control.phones, name);
  await phonesWhen(
    control.phones,
    ({ name, boots, registered }) =>
      registered !== null && boots > before.find((phone) => phone.name === name)!.boots,
  );
  await journey.deploy(THERE);
  expect(new Set(Object.values(await journey.whereabouts()))).toEqual(new Set(["destination"]));
  await back();
});
