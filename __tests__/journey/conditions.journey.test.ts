/** Each sentence of go_if, made false in the lab: it stops a forward plan in its own words, and never the way back. */
import type { Fault } from "../../lab/cluster/faults";
import { cores } from "../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../providers/framework/testing/expect";
import type { CoreError } from "../../providers/framework/testing/run";
import type { Declared } from "./support/declaration";
import { Journey, QUICK } from "./support/journey";

jest.setTimeout(180_000);

const [core] = cores();
const THERE: Declared = { registeredOn: "destination", limits: { settleTime: 1, timeout: 20 } };
const BACK: Declared = { registeredOn: "source" };
let journey: Journey;
let dhcp: string;

beforeAll(async () => {
  journey = await Journey.start(core!, { ...QUICK, phones: 2, stale: 0 });
  await journey.deploy(BACK);
  dhcp = await journey.keaConfiguration();
});
afterAll(() => journey?.close());

interface Condition {
  readonly what: string;
  readonly sentence: string;
  /** The forecast finds out by itself what it means for the phones. */
  readonly atRisk?: "no";
  readonly broken: () => Fault;
  readonly mended: () => Fault;
}

const securityMode = (cluster: "source" | "destination", value: string): Fault => ({
  kind: "parameter",
  cluster,
  name: "ClusterSecurityMode",
  value,
});
const rollback = (is: "rollbackTrue" | "rollbackFalse"): Fault => {
  const { spellings } = journey.lab.site.source;
  return {
    kind: "parameter",
    cluster: "source",
    name: spellings.rollbackParameter,
    value: spellings[is][0]!,
  };
};
const HEAL: Fault = { kind: "heal" };

const CONDITIONS: readonly Condition[] = [
  {
    what: "a source that is not in mixed mode",
    sentence: 'the source cluster "source" is in mixed mode: no',
    atRisk: "no",
    broken: () => securityMode("source", "0"),
    mended: () => securityMode("source", "1"),
  },
  {
    what: "a destination that is not in mixed mode",
    sentence: 'the destination cluster "destination" is in mixed mode: no',
    broken: () => securityMode("destination", "0"),
    mended: () => securityMode("destination", "1"),
  },
  {
    what: "a source that is prepared for rollback",
    sentence: '"Prepare Cluster for Rollback to Pre 8.0" is False on "source": no',
    atRisk: "no",
    broken: () => rollback("rollbackTrue"),
    mended: () => rollback("rollbackFalse"),
  },
  {
    what: "a destination without TFTP",
    sentence: '"destination" has a node that runs TFTP: no',
    atRisk: "no",
    broken: () => ({ kind: "activation", cluster: "destination", service: "Cisco Tftp", activated: false }),
    mended: () => HEAL,
  },
  {
    what: "a destination node that does not answer",
    sentence: 'every node of "destination" showed its signers: no',
    broken: () => ({ kind: "node", cluster: "destination", node: "cucm11-sub2", up: false }),
    mended: () => HEAL,
  },
  {
    what: "a signature that is wrong",
    sentence: 'every CTL, ITL and configuration of "destination" is rightly signed: no',
    atRisk: "no",
    broken: () => ({ kind: "corrupt-ctl", cluster: "destination", corrupt: true }),
    mended: () => HEAL,
  },
];

/** Cannot be mended, so it comes last. */
const EXPIRED: Fault = { kind: "expire-signer", cluster: "destination" };
/** No proof. It stops the way there when it is tried: see the journey of faults. */
const NO_TVS: Fault = {
  kind: "service",
  cluster: "source",
  node: "cucm10-sub2",
  service: "Cisco Trust Verification Service",
  order: "Stop",
};

test.each(CONDITIONS)("$what stops the way there", async ({ sentence, atRisk, broken, mended }) => {
  await journey.fault(broken());
  const { summary, detail } = await expectError(journey.declare(THERE).plan(), /must not move/);
  expect(summary).toMatch(/must not move to the destination$/);
  await journey.fault(mended());
  // This sentence, what follows from it for phones, and no other.
  const expected = [`- ${sentence}`, ...(atRisk ? [`- no phone is at risk: ${atRisk}`] : [])];
  expect(
    detail
      .split("\n")
      .filter((line) => line.startsWith("- "))
      .sort(),
  ).toEqual(expected.sort());
});

test("a destination that does not answer is not said to be set up wrongly", async () => {
  await journey.fault({ kind: "node", cluster: "destination", node: "cucm11-pub", up: false });
  const { detail } = await expectError(journey.declare(THERE).plan(), /must not move/);
  expect(detail).toContain('- the destination cluster "destination" is in mixed mode: could not be read');
  expect(detail).toContain('- "destination" has a node that runs TFTP: could not be read');
  await journey.fault(HEAL);
});

test("while it does not matter, none of them is asked: not for phones that are there, nor on the way back", async () => {
  await journey.deploy(THERE);
  expect(Object.values(await journey.whereabouts())).toEqual(["destination", "destination"]);
  expectNoChanges(await journey.workspace.plan());

  for (const { broken } of CONDITIONS) await journey.fault(broken());
  await journey.fault(EXPIRED);
  await journey.fault(NO_TVS);
  const staying = await journey.declare(THERE).plan();
  const moves = Object.entries(staying.actions).filter(([address]) =>
    /option_150|phone_registration/.test(address),
  );
  expect(moves.map(([, action]) => action)).toEqual(["no-op", "no-op"]);

  await journey.deploy(BACK);
  expect(Object.values(await journey.whereabouts())).toEqual(["source", "source"]);
  expect(await journey.keaConfiguration()).toBe(dhcp);
});

test("a signer that has expired stops the way there", async () => {
  await journey.fault(HEAL);
  for (const { mended } of CONDITIONS) await journey.fault(mended());
  const expired = await expectError(journey.declare(THERE).plan(), /must not move/);
  expect(expired.detail).toContain('- no signer of "destination" has expired: no');
  expect(await journey.keaConfiguration()).toBe(dhcp);
});

test("phones that the destination does not have are too many for the limits of their wave, or not", async () => {
  const [phone] = journey.lab.site.phones.healthy;
  await journey.fault({ kind: "delete-phone", cluster: "destination", device: phone! });
  // What has expired refuses either.
  const refused = async (maxFailures: number) => {
    const declared = { ...THERE, acceptLockouts: [phone!], limits: { ...THERE.limits, maxFailures } };
    const plan = await journey
      .declare(declared)
      .plan()
      .catch((error: CoreError) => error);
    const { detail } = await expectError(Promise.reject(plan), /Option 150 of .* must not move/);
    return { detail, output: (plan as CoreError).output };
  };
  const sentence = "- its limits allow for the phones that cannot follow: no";
  const { detail, output } = await refused(0);
  expect(detail).toContain(sentence);
  expectWarning(output, new RegExp(`1 of 2 phones cannot follow, .* allow 0(.|\n)*${phone}: the database`));
  expect((await refused(1)).detail).not.toContain(sentence);
  expect(await journey.keaConfiguration()).toBe(dhcp);
});
