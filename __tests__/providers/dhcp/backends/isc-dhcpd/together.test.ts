import type { Change } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, op, SCOPE, SOURCE } from "../../support/backend";
import {
  AS_FOUND,
  broken,
  dhcpdOn,
  FILE,
  failing,
  host,
  MAIN,
  OK,
  OTHER,
  PENDING,
  PILOTS,
  THERE,
} from "../../support/fake-dhcpd";

/** Changes that come together share one login, one test and one restart. */

const SECOND = { kind: "subnet", subnet: "10.1.21.0/24" } as const;
const second: Change = { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" };
const phone = (i: number) =>
  ({ kind: "reservation", subnet: "10.1.20.0/24", mac: `02:00:00:00:00:${i + 10}` }) as const;
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test("one test and one restart", async () => {
  const h = host();
  const dhcpd = dhcpdOn([h]);
  const all = await Promise.all([
    dhcpd.apply(SCOPE, THERE, op()),
    dhcpd.apply(SECOND, second, op()),
    ...numbers(2).map((i) => dhcpd.apply(phone(i), second, op())),
  ]);
  expect(all.map(({ answer }) => answer)).toEqual(all.map(() => DESTINATION));
  expect([h.count("run test"), h.count("run restart"), h.count(`rename ${PILOTS}`)]).toEqual([1, 1, 1]);
});

test("one that cannot be made does not keep the others", async () => {
  const h = host();
  const dhcpd = dhcpdOn([h]);
  const [good, stale] = await Promise.allSettled([
    dhcpd.apply(SCOPE, THERE, op()),
    dhcpd.apply(SECOND, { ...second, expected: [SOURCE] }, op()),
  ]);
  expect([good.status, stale.status]).toEqual(["fulfilled", "rejected"]);
});

test("the same scope twice: one after the other, each compared with what the one before made of it", async () => {
  const h = host();
  const dhcpd = dhcpdOn([h]);
  const back: Change = { answer: SOURCE, expected: [DESTINATION], unsaved: "keep" };
  const [there, here] = await Promise.all([dhcpd.apply(SCOPE, THERE, op()), dhcpd.apply(SCOPE, back, op())]);
  expect([there.answer, here.answer, h.count("run restart")]).toEqual([DESTINATION, SOURCE, 2]);
});

test("dhcpd refuses one of 16: halves are tried, not each of them", async () => {
  const h = host();
  h.test = () => (h.files.get(PILOTS)!.includes(phone(5).mac) ? broken() : OK);
  const dhcpd = dhcpdOn([h]);
  const all = await Promise.allSettled(numbers(16).map((i) => dhcpd.apply(phone(i), second, op())));
  expect(all.flatMap(({ status }, i) => (status === "rejected" ? [i] : []))).toEqual([5]);
  expect([h.count("open"), h.count("run restart")]).toEqual([9, 4]);
  expect(h.served.get(PILOTS)!.match(/^host /gm)).toHaveLength(15);
});

describe("dhcpd is broken", () => {
  const both = (dhcpd: ReturnType<typeof dhcpdOn>) =>
    Promise.all([failing(dhcpd.apply(SCOPE, THERE, op())), failing(dhcpd.apply(SECOND, second, op()))]);

  test("and stays down after the undo: nobody restarts it again, until it runs", async () => {
    const h = host();
    h.status = () => broken("failed");
    const dhcpd = dhcpdOn([h]);
    for (const error of await both(dhcpd)) expect(error.message).toContain("was left in between");
    // With the new files, and with the old ones.
    expect([h.count("run restart"), h.count("open")]).toEqual([2, 1]);
    for (const { message } of await both(dhcpd))
      expect(message).toMatch(/does not run: status: it ended with status 1: failed.*earlier change/);
    expect(h.count("run restart")).toBe(2);
    h.status = () => OK;
    expect((await dhcpd.apply(SCOPE, THERE, op())).answer).toEqual(DESTINATION);
    expect(h.files.has(PENDING)).toBe(false);
  });

  test("by the restart, and runs after the undo: no part of the change is tried", async () => {
    const h = host();
    const answers = [broken("failed")];
    h.status = () => answers.shift() ?? OK;
    for (const error of await both(dhcpdOn([h]))) expect(error.message).toContain("dhcpd runs with it");
    expect([h.count("run restart"), h.count("open")]).toEqual([2, 1]);
    expect(h.served.get(FILE)).toBe(AS_FOUND);
  });

  test("without the change, too: no part of it is tried", async () => {
    const h = host();
    h.test = () => broken(`${MAIN} line 9: semicolon expected.`);
    for (const error of await both(dhcpdOn([h]))) expect(error.message).toContain("mend that first");
    expect([h.count("open"), h.count("run restart")]).toEqual([1, 0]);
  });
});

describe("one caller gives up", () => {
  const given = async (when: string, all: boolean) => {
    const h = host();
    const stop = new AbortController();
    h.before = (call) => {
      if (call === when) stop.abort();
    };
    const dhcpd = dhcpdOn([h]);
    const other = all ? { signal: stop.signal } : op();
    const outcomes = await Promise.allSettled([
      dhcpd.apply(SCOPE, THERE, { signal: stop.signal }),
      dhcpd.apply(SECOND, second, other),
    ]);
    return { h, outcomes: outcomes.map((o) => (o.status === "rejected" ? o.reason.kind : "done")) };
  };

  test("before anything is written: its own part is left out, the other goes on", async () => {
    const { h, outcomes } = await given("lock", false);
    expect(outcomes).toEqual(["cancelled", "done"]);
    expect(h.served.get(FILE)).toBe(AS_FOUND);
    expect(h.served.get(OTHER)).toContain(DESTINATION[0]);
  });

  test("after that: both are done", async () => {
    expect((await given(`rename ${FILE}`, false)).outcomes).toEqual(["done", "done"]);
  });

  test("and so does the other: nothing is written", async () => {
    const { h, outcomes } = await given("lock", true);
    expect(outcomes).toEqual(["cancelled", "cancelled"]);
    expect(h.calls.filter((c) => c.startsWith("create"))).toEqual([]);
  });
});
