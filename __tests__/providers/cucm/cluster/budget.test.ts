import {
  DeadlineError,
  Gate,
  RateWindow,
  retry,
  Shared,
  sleep,
  withDeadline,
} from "../../../../providers/cucm/cluster/budget";

const live = () => new AbortController().signal;
const STOP = new Error("stop");

describe("Gate", () => {
  it("lets so many in at a time, in the order of asking", async () => {
    const gate = new Gate(2);
    const order: number[] = [];
    let inside = 0;
    let most = 0;
    await Promise.all(
      [0, 1, 2, 3, 4].map((i) =>
        gate.run(live(), async () => {
          order.push(i);
          most = Math.max(most, ++inside);
          await sleep(5, live());
          inside--;
        }),
      ),
    );
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
  });

  it("lets a caller leave the line, and the next one in", async () => {
    const gate = new Gate(1);
    const impatient = new AbortController();
    const first = gate.run(live(), () => sleep(20, live()));
    const second = gate.run(impatient.signal, async () => "second");
    const third = gate.run(live(), async () => "third");
    impatient.abort(STOP);
    await expect(second).rejects.toBe(STOP);
    await first;
    await expect(third).resolves.toBe("third");
  });
});

describe("RateWindow", () => {
  it("never starts more than the limit within any window", async () => {
    const rate = new RateWindow(3, 200);
    const starts: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        await rate.take(live());
        starts.push(Date.now());
      }),
    );
    for (let i = 3; i < starts.length; i++) expect(starts[i]! - starts[i - 3]!).toBeGreaterThanOrEqual(199);
    expect(starts[2]! - starts[0]!).toBeLessThan(100);
  });

  it("leaves places of its first window to others, but one", async () => {
    for (const [limit, foreign, free] of [
      [5, 3, 2],
      [1, 1, 1],
    ] as const) {
      const rate = new RateWindow(limit, 150, foreign);
      const began = Date.now();
      for (let i = 0; i < free; i++) await rate.take(live());
      expect(Date.now() - began).toBeLessThan(100);
      await rate.take(live());
      expect(Date.now() - began).toBeGreaterThanOrEqual(149);
    }
  });

  it("pauses everybody, and takes the server's own limit, after a refusal", async () => {
    const rate = new RateWindow(100, 150);
    rate.refused(80, 1);
    const began = Date.now();
    await rate.take(live());
    expect(Date.now() - began).toBeGreaterThanOrEqual(79);
    await rate.take(live());
    expect(Date.now() - began).toBeGreaterThanOrEqual(229);
  });

  it("gives up its place when the caller does", async () => {
    const rate = new RateWindow(1, 10_000);
    await rate.take(live());
    const stop = new AbortController();
    const waiting = rate.take(stop.signal);
    stop.abort(STOP);
    await expect(waiting).rejects.toBe(STOP);
  });
});

describe("retry", () => {
  const policy = { attempts: 3, firstDelayMs: 10, maxDelayMs: 50 };

  it("tries again what may be tried again, and no more often than allowed", async () => {
    let tries = 0;
    await expect(
      retry(
        policy,
        live(),
        () => true,
        async () => {
          tries++;
          throw STOP;
        },
      ),
    ).rejects.toBe(STOP);
    expect(tries).toBe(3);
  });

  it("does not repeat anything else", async () => {
    let tries = 0;
    const work = retry(
      policy,
      live(),
      () => false,
      async () => {
        tries++;
        throw STOP;
      },
    );
    await expect(work).rejects.toBe(STOP);
    expect(tries).toBe(1);
  });

  it("stops waiting when cancelled", async () => {
    const cancel = new AbortController();
    const work = retry(
      { ...policy, firstDelayMs: 60_000, maxDelayMs: 60_000 },
      cancel.signal,
      () => true,
      async () => {
        throw new Error("busy");
      },
    );
    setTimeout(() => cancel.abort(STOP), 10);
    await expect(work).rejects.toBe(STOP);
  });
});

describe("Shared", () => {
  it("asks once for all who ask meanwhile, and keeps the answer until it is dropped", async () => {
    const shared = new Shared<number>();
    let made = 0;
    const make = async () => {
      await sleep(5, live());
      return ++made;
    };
    expect(await Promise.all([shared.get(live(), make), shared.get(live(), make)])).toEqual([1, 1]);
    expect(await shared.get(live(), make)).toBe(1);
    shared.drop();
    expect(await shared.get(live(), make)).toBe(2);
  });

  it("does not keep a failure", async () => {
    const shared = new Shared<number>();
    await expect(shared.get(live(), () => Promise.reject(STOP))).rejects.toBe(STOP);
    await expect(shared.get(live(), async () => 7)).resolves.toBe(7);
  });

  it("goes on for the others when one caller gives up, and stops when all did", async () => {
    const shared = new Shared<number>();
    const [one, two] = [new AbortController(), new AbortController()];
    let aborted = false;
    const make = async (signal: AbortSignal) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      await sleep(30, signal);
      return 1;
    };
    const [first, second] = [shared.get(one.signal, make), shared.get(two.signal, make)];
    one.abort(STOP);
    await expect(first).rejects.toBe(STOP);
    expect(aborted).toBe(false);
    await expect(second).resolves.toBe(1);

    shared.drop();
    const third = shared.get(new AbortController().signal, make);
    const lonely = new AbortController();
    shared.drop();
    const fourth = shared.get(lonely.signal, make);
    lonely.abort(STOP);
    await expect(fourth).rejects.toBe(STOP);
    expect(aborted).toBe(true);
    await expect(third).resolves.toBe(1);
  });

  it("asks again when the answer is older than the caller wants", async () => {
    const shared = new Shared<number>();
    let made = 0;
    const make = async () => ++made;
    await shared.get(live(), make);
    await sleep(10, live());
    expect(await shared.get(live(), make, 1000)).toBe(1);
    expect(await shared.get(live(), make, 5)).toBe(2);
  });
});

it("withDeadline tells a deadline from a caller who gave up", async () => {
  await expect(withDeadline(10, live(), (signal) => sleep(1000, signal))).rejects.toBeInstanceOf(
    DeadlineError,
  );
  const cancel = new AbortController();
  const work = withDeadline(1000, cancel.signal, (signal) => sleep(1000, signal));
  cancel.abort(STOP);
  await expect(work).rejects.toBe(STOP);
});
