import { DESTINATION, keaOn, op, SCOPE, SOURCE } from "../../support/backend";
import {
  type Configuration,
  configuration,
  entry,
  type FakeKea,
  type FakeOptions,
  HOOKS,
  plain,
} from "../../support/fake-kea";
import { startKea } from "../../support/started-kea";

const kea = (options?: FakeOptions, data = "192.0.2.21, 192.0.2.22") =>
  startKea(configuration([entry(data)]), options);

const forward = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
const served = (server: FakeKea) => server.document.Dhcp4.subnet4[1]!["option-data"][0]!.data;
const reservation = { "hw-address": "02:00:00:00:00:99" };
const reserve = (d: Configuration) => void d.Dhcp4.subnet4[1]!.reservations.push(reservation);
const apply = (servers: FakeKea[]) => keaOn(servers).apply(SCOPE, forward, op());

const SET = ["config-get", "list-commands", "config-test", "statistic-get"];
const PROOF = ["config-set", "statistic-get", "config-get"];
/** The order of what we send, so that a rival can act before each of them. */
const ORDER = {
  "2.2.0": [...SET, "config-get", ...PROOF],
  "3.0.4": [...SET, "config-hash-get", ...PROOF],
};

describe.each(Object.entries(ORDER))("on %s", (version, order) => {
  test("the order of requests", async () => {
    const server = await kea({ version });
    await apply([server]);
    expect(server.commands).toEqual(order);
  });

  // A rival's change between the re-check and config-set is lost: there is no compare-and-set. It is the only gap.
  const windows = order.map((command, i) => ({ command, i, lost: command === "config-set" }));
  test.each(windows)(
    "a reservation added just before request $i ($command) is kept, or its loss is told",
    async ({ i, lost }) => {
      const server = await kea({ version });
      server.before = () => {
        if (server.commands.length === i + 1) server.edit(reserve);
      };
      const outcome = await apply([server]).catch((e) => e);
      const kept = server.document.Dhcp4.subnet4[1]!.reservations.length === 1;
      expect(kept).toBe(!lost);
      if (i === 0) expect(outcome.answer).toEqual(DESTINATION);
      else expect(outcome.kind).toBe("rival");
      if (lost) expect(outcome.detail).toContain("what they changed is lost");
      expect(served(server)).toBe(
        i === 0 || lost ? "198.51.100.21, 198.51.100.22" : "192.0.2.21, 192.0.2.22",
      );
    },
  );

  test("a server that keeps no such statistic: the change is made, and only that loss is not told", async () => {
    const server = await kea({ version });
    server.instead = (command) => (command === "statistic-get" ? { result: 2 } : undefined);
    server.before = (command) => {
      if (command === "config-set") server.edit(reserve);
    };
    expect((await apply([server])).answer).toEqual(DESTINATION);
  });

  test.each(windows.filter((w) => !w.lost))(
    "another option 150 set just before request $i ($command) is left alone",
    async ({ i }) => {
      const server = await kea({ version });
      server.before = () => {
        if (server.commands.length !== i + 1) return;
        server.edit((d) => {
          d.Dhcp4.subnet4[1]!["option-data"][0]!.data = "203.0.113.9";
        });
      };
      await expect(apply([server])).rejects.toMatchObject({ kind: "rival" });
      expect(served(server)).toBe("203.0.113.9");
    },
  );

  test("what the plan saw is compared: a change since then stops it with nothing written", async () => {
    const server = await kea({ version }, "203.0.113.9");
    const failure = apply([server]);
    await expect(failure).rejects.toMatchObject({
      kind: "rival",
      summary: "Option 150 of subnet 10.1.20.0/24 was changed by somebody else",
      detail: expect.stringMatching(/answered 192\.0\.2\.21, 192\.0\.2\.22; now it answers 203\.0\.113\.9/),
    });
    expect(server.commands).toEqual(["config-get"]);
  });

  test("config-set refused: the saved document goes back at once, and the server serves again", async () => {
    const server = await kea({ version });
    const before = server.text;
    server.instead = (command, nth) =>
      command === "config-set" && nth === 1
        ? { result: 1, text: "cannot open socket for db-s3cret" }
        : undefined;
    const failure = await apply([server]).catch((e) => e);
    expect(failure).toMatchObject({ kind: "refused" });
    expect(failure.message).not.toContain("s3cret");
    expect(server.sets).toEqual([before]);
    expect(server.text).toBe(before);
    expect(server.deaf).toBe(false);
  });

  test("config-set and putting back both refused: the error says to look at once", async () => {
    const server = await kea({ version });
    server.instead = (command) => (command === "config-set" ? { result: 1, text: "no" } : undefined);
    await expect(apply([server])).rejects.toMatchObject({
      summary: 'DHCP server "kea" could not be put back',
      detail: expect.stringContaining("Look at this server at once"),
    });
  });

  test("the answer to config-set lost before it was done: nothing has changed", async () => {
    const server = await kea({ version });
    const before = server.text;
    server.instead = (command) => (command === "config-set" ? "drop" : undefined);
    await expect(apply([server])).rejects.toMatchObject({ kind: "unreachable" });
    expect(server.text).toBe(before);
  });

  test("the answer to config-set lost after it was done: reading finds it done", async () => {
    const server = await kea({ version });
    server.instead = (command) => {
      if (command !== "config-set") return undefined;
      server.edit((d) => {
        d.Dhcp4.subnet4[1]!["option-data"][0]!.data = DESTINATION.join(", ");
      });
      return "drop";
    };
    server.text = plain(server.text);
    const reading = await apply([server]);
    expect(reading.answer).toEqual(DESTINATION);
  });

  test("a server that keeps something else than it was sent", async () => {
    const server = await kea({ version });
    const before = server.text;
    server.alter = (text) =>
      text.includes("198.51.100.21") ? text.replace("10.1.10.0/24", "10.1.11.0/24") : text;
    await expect(apply([server])).rejects.toThrow();
    expect(served(server)).toBe("192.0.2.21, 192.0.2.22");
    // With a hash it is proven that nobody else wrote, and all of it goes back.
    if (version === "3.0.4") expect(server.text).toBe(before);
  });
});

describe("a pair", () => {
  test("both are changed", async () => {
    const pair = [await kea(), await kea()];
    const reading = await apply(pair);
    expect(reading.answers).toEqual([DESTINATION, DESTINATION]);
    expect(pair.map(served)).toEqual(Array(2).fill("198.51.100.21, 198.51.100.22"));
  });

  test("one unreachable: nothing is changed, and the error names it", async () => {
    const up = await kea();
    const failure = await keaOn([up, "unix:///nowhere/kea.sock"])
      .apply(SCOPE, forward, op())
      .catch((e) => e);
    expect(failure).toMatchObject({
      kind: "unreachable",
      detail: expect.stringContaining("unix:///nowhere/kea.sock"),
    });
    expect(up.commands).toEqual(["config-get"]);
  });

  test.each(["config-test", "config-set"])(
    "%s refused by the second: the first is as before",
    async (command) => {
      const pair = [await kea(), await kea()];
      const before = pair.map((s) => s.text);
      pair[1]!.instead = (c, nth) => (c === command && nth === 1 ? { result: 1, text: "no" } : undefined);
      await expect(apply(pair)).rejects.toMatchObject({ kind: "refused" });
      expect(pair.map((s) => s.text)).toEqual(before);
    },
  );

  test("a rival on the second while the first is written: the first is put back", async () => {
    const pair = [await kea(), await kea()];
    const before = pair[0]!.text;
    pair[0]!.before = (command) => {
      if (command === "config-set" && pair[0]!.sets.length === 0) pair[1]!.edit(reserve);
    };
    await expect(apply(pair)).rejects.toMatchObject({ kind: "rival" });
    expect(pair[0]!.text).toBe(before);
    expect(pair[1]!.sets).toEqual([]);
  });

  test("a pair that disagrees is read as such, and made to agree", async () => {
    const pair = [await kea(), await kea({}, "198.51.100.21, 198.51.100.22")];
    const backend = keaOn(pair);
    const reading = await backend.read(SCOPE, op());
    expect(reading.answers).toEqual([SOURCE, DESTINATION]);
    expect(reading.findings).toContainEqual(
      expect.objectContaining({ kind: "peers-differ", severity: "warning" }),
    );
    await backend.apply(SCOPE, { ...forward, expected: reading.answers }, op());
    expect(pair.map((s) => s.sets.length)).toEqual([1, 0]);
  });
});

test("our own writers of one server do not race each other", async () => {
  const server = await kea();
  const other = { kind: "subnet", subnet: "10.1.10.0/24" } as const;
  const backends = [keaOn([server]), keaOn([server])];
  await Promise.all([
    backends[0]!.apply(SCOPE, forward, op()),
    backends[1]!.apply(other, { ...forward, expected: [["192.0.2.99"]] }, op()),
  ]);
  expect(server.document.Dhcp4.subnet4.map((s) => s["option-data"][0]!.data)).toEqual(
    Array(2).fill("198.51.100.21, 198.51.100.22"),
  );
});

test("cancelled before the first write: nothing is written; after it, the change is carried through", async () => {
  for (const [at, done] of [
    ["config-test", false],
    ["config-set", true],
  ] as const) {
    const server = await kea();
    const controller = new AbortController();
    server.before = (command) => {
      if (command === at) controller.abort();
    };
    const outcome = await keaOn([server])
      .apply(SCOPE, forward, { signal: controller.signal })
      .then(
        () => "done",
        (e) => e.kind,
      );
    expect(outcome).toBe(done ? "done" : "cancelled");
    expect(server.sets).toHaveLength(done ? 1 : 0);
  }
});

describe("with commands for single options and reservations", () => {
  const modern = async (options: FakeOptions = { version: "3.0.4" }) => {
    const text = plain(configuration([entry("192.0.2.21, 192.0.2.22")], HOOKS));
    const server = await startKea(text, options);
    return server;
  };
  const phone = { kind: "reservation", subnet: SCOPE.subnet, mac: "02:00:00:00:00:42" } as const;
  const pilot = { ...forward, expected: ["inherited"] } as const;
  const orders = [
    [
      "2.6.3",
      SCOPE,
      forward,
      ["config-get", "list-commands", "config-hash-get", "subnet4-delta-add", "config-get"],
    ],
    [
      "2.2.0",
      SCOPE,
      forward,
      ["config-get", "list-commands", "config-get", "subnet4-delta-add", "config-get"],
    ],
    [
      "3.0.4",
      phone,
      pilot,
      ["config-get", "list-commands", "reservation-get", "config-hash-get", "reservation-add", "config-get"],
    ],
  ] as const;

  describe.each(orders)("%s, %j", (version, scope, change, order) => {
    const run = (server: FakeKea) => keaOn([server]).apply(scope, change, op());

    test("the order of requests", async () => {
      const server = await modern({ version });
      await run(server);
      expect(server.commands).toEqual(order);
    });

    test.each(order.map((command, i) => ({ command, i })))(
      "a reservation added just before request $i ($command) is never lost",
      async ({ i }) => {
        const server = await modern({ version });
        server.before = () => {
          if (server.commands.length === i + 1) server.edit(reserve);
        };
        const outcome = await run(server).catch((e) => e);
        expect(server.document.Dhcp4.subnet4[1]!.reservations).toContainEqual(reservation);
        // Between reading and the last check we stop; after that nothing of it is touched.
        if (i > 0 && i < order.length - 2) expect(outcome.kind).toBe("rival");
        else expect(outcome.answer).toEqual(DESTINATION);
      },
    );
  });

  test.each(orders[0][3].map((command, i) => ({ command, i })))(
    "another option 150 set just before request $i ($command): only between check and command it is replaced unseen",
    async ({ i, command }) => {
      const server = await modern();
      server.before = () => {
        if (server.commands.length !== i + 1) return;
        server.edit((d) => {
          d.Dhcp4.subnet4[1]!["option-data"][0]!.data = "203.0.113.9";
        });
      };
      const outcome = await apply([server]).catch((e) => e);
      if (command === "subnet4-delta-add") expect(outcome.answer).toEqual(DESTINATION);
      else {
        expect(outcome.kind).toBe("rival");
        expect(served(server)).toBe("203.0.113.9");
      }
    },
  );

  test("a rival's reservation for the same phone, just before ours: the server refuses, theirs stays", async () => {
    const server = await modern();
    const theirs = { "hw-address": phone.mac, "ip-address": "10.1.20.5" };
    server.before = (command) => {
      if (command === "reservation-add")
        server.edit((d) => void d.Dhcp4.subnet4[1]!.reservations.push(theirs));
    };
    await expect(keaOn([server]).apply(phone, pilot, op())).rejects.toMatchObject({
      kind: "refused",
      detail: expect.stringContaining("has already been added"),
    });
    expect(server.document.Dhcp4.subnet4[1]!.reservations).toEqual([theirs]);
  });

  test("the answer lost after it was done: reading finds it done; before: nothing has changed", async () => {
    for (const done of [true, false]) {
      const server = await modern();
      const before = server.text;
      server.instead = (command) => {
        if (command !== "subnet4-delta-add") return undefined;
        if (done)
          server.edit((d) => {
            d.Dhcp4.subnet4[1]!["option-data"][0]!.data = DESTINATION.join(", ");
          });
        return "drop";
      };
      if (done) expect((await apply([server])).answer).toEqual(DESTINATION);
      else {
        await expect(apply([server])).rejects.toMatchObject({ kind: "unreachable" });
        expect(server.text).toBe(before);
      }
    }
  });

  test("of a pair, refused by the second: the first is as before, by the same commands", async () => {
    const pair = [await modern(), await modern()];
    const before = pair.map((s) => s.document);
    pair[1]!.refuse = (c) => c === "subnet4-delta-add" || c === "config-test";
    await expect(apply(pair)).rejects.toMatchObject({ kind: "refused" });
    expect(pair.map((s) => s.document)).toEqual(before);
    expect(pair.flatMap((s) => s.sets)).toEqual([]);
  });
});
