import type { Operation } from "../../../../../providers/dhcp/backends/backend";
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

const kea = (options?: FakeOptions) => startKea(configuration([entry(SOURCE.join(", "))]), options);

const forward = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
const reserve = (d: Configuration) =>
  void d.Dhcp4.subnet4[1]!.reservations.push({ "hw-address": "02:00:00:00:00:99" });
const apply = (servers: FakeKea[], operation: Operation = op()) =>
  keaOn(servers).apply(SCOPE, forward, operation);

describe.each(["2.2.0", "3.0.4"])("on %s", (version) => {
  test("config-set refused just after a rival's: theirs is set again as it is, and the server serves again", async () => {
    const server = await kea({ version });
    let theirs = "";
    server.before = (command, nth) => {
      if (command !== "config-set" || nth > 1) return;
      server.edit(reserve);
      theirs = server.text;
    };
    server.instead = (command, nth) =>
      command === "config-set" && nth === 1 ? { result: 1, text: "cannot open socket" } : undefined;
    const failure = await apply([server]).catch((e) => e);
    expect(failure).toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(/cannot open socket.*set once more as it was.*Our change is not in it/),
    });
    expect(server.sets).toEqual([theirs]);
    expect(server.text).toBe(theirs);
    expect(server.deaf).toBe(false);
  });
});

describe("a rival's configuration that ours replaced is told of, whatever fails after it", () => {
  /** A rival just before the first config-set. */
  const overwritten = async () => {
    const server = await kea();
    server.before = (command, nth) => {
      if (command === "config-set" && nth === 1) server.edit(reserve);
    };
    return server;
  };
  const told = (server: FakeKea, failure: RegExp) =>
    expect.stringMatching(new RegExp(`${failure.source}.*${server.endpoint}: between .* changed is lost`));

  test("config-write", async () => {
    const server = await overwritten();
    server.instead = (c) => (c === "config-write" ? { result: 1, text: "Unable to open file" } : undefined);
    const outcome = keaOn([server], { persist: "config-write" }).apply(SCOPE, forward, op());
    await expect(outcome).rejects.toMatchObject({ kind: "refused", detail: told(server, /was undone/) });
  });

  test("the answer to config-set, which reading finds done", async () => {
    const server = await overwritten();
    server.text = plain(server.text);
    server.instead = (command) => {
      if (command !== "config-set") return undefined;
      server.edit((d) => {
        d.Dhcp4.subnet4[1]!.reservations = [];
        d.Dhcp4.subnet4[1]!["option-data"][0]!.data = DESTINATION.join(", ");
      });
      return "drop";
    };
    await expect(apply([server])).rejects.toMatchObject({ kind: "rival", detail: told(server, /^/) });
  });

  test("the second of a pair", async () => {
    const pair = [await overwritten(), await kea()];
    pair[1]!.instead = (c, nth) => (c === "config-set" && nth === 1 ? { result: 1, text: "no" } : undefined);
    await expect(apply(pair)).rejects.toMatchObject({
      kind: "refused",
      detail: told(pair[0]!, /result 1: no/),
    });
  });

  test("reading back", async () => {
    const server = await overwritten();
    server.instead = (c, nth) => (c === "config-get" && nth > 2 ? { result: 1, text: "busy" } : undefined);
    await expect(apply([server])).rejects.toMatchObject({ detail: told(server, /busy/) });
  });

  test("a fault of our own", async () => {
    const server = await overwritten();
    const progress = (line: string) => {
      if (line.includes("read back")) throw new TypeError("our fault");
    };
    await expect(apply([server], { ...op(), progress })).rejects.toMatchObject({
      message: told(server, /our fault/),
    });
  });

  test("nothing fails: of a pair both are told", async () => {
    const pair = [await overwritten(), await overwritten()];
    const failure = await apply(pair).catch((e) => e);
    expect(failure).toMatchObject({ kind: "rival", detail: told(pair[0]!, /^/) });
    expect(failure.detail).toEqual(told(pair[1]!, / /));
    expect(failure.detail).toMatch(/Option 150 is as declared\.$/);
  });
});

describe("what cannot be taken out of a rival's configuration leaves that as it is", () => {
  const served = [{ code: 150, data: DESTINATION.join(", "), name: "cisco-tftp", space: "dhcp4" }];
  const back = { answer: "inherited", expected: [DESTINATION], unsaved: "keep" } as const;
  /** Without a definition of the option the element that was there cannot be written again. */
  const withoutDefinition = (d: Configuration) => {
    d.Dhcp4["option-def"] = [];
    reserve(d);
  };

  test("and says so", async () => {
    const server = await startKea(plain(configuration(served)));
    let theirs = "";
    server.before = (command, nth) => {
      if (command !== "config-get" || nth !== 3) return;
      server.edit(withoutDefinition);
      theirs = server.text;
    };
    const failure = await keaOn([server])
      .apply(SCOPE, back, op())
      .catch((e) => e);
    expect(failure).toMatchObject({
      summary: 'DHCP server "kea" could not be put back',
      detail: expect.stringMatching(/in the same moment.*was left as it is.*subnet 10\.1\.20\.0\/24 there/),
    });
    expect(failure.detail).not.toContain("serve nobody");
    expect(server.sets).toHaveLength(1);
    expect(server.text).toBe(theirs);
  });

  test("also when that is no JSON", async () => {
    const server = await kea();
    let theirs = "";
    server.before = (command, nth) => {
      if (command !== "config-get" || nth !== 3) return;
      server.text = server.text.replace('"subnet4"', '"subnet4" "x"');
      theirs = server.text;
    };
    await expect(apply([server])).rejects.toMatchObject({
      detail: expect.stringContaining("was left as it is"),
    });
    expect(server.text).toBe(theirs);
  });
});

describe("a command of a hook library that is refused while nothing has changed: the whole configuration", () => {
  const modern = async () => {
    const text = plain(configuration([entry(SOURCE.join(", "))], HOOKS));
    const server = await startKea(text, { version: "3.0.4" });
    server.refuse = (command) => command === "subnet4-delta-add";
    return server;
  };

  test.each([
    ["there", SOURCE, DESTINATION, "undo"],
    ["back", DESTINATION, SOURCE, "keep"],
  ] as const)("%s, with all that guards it, and told", async (_, from, to, unsaved) => {
    const server = await modern();
    server.edit((d) => {
      d.Dhcp4.subnet4[1]!["option-data"] = [entry(from.join(", "))];
    });
    const lines: string[] = [];
    const progress = (line: string) => lines.push(line);
    const change = { answer: to, expected: [from], unsaved };
    const reading = await keaOn([server]).apply(SCOPE, change, { ...op(), progress });
    expect(reading.answer).toEqual(to);
    expect(server.commands.slice(3)).toEqual([
      "subnet4-delta-add",
      ...["config-get", "config-test", "statistic-get", "config-hash-get"],
      ...["config-set", "statistic-get", "config-get"],
    ]);
    expect(lines.join("\n")).toContain("result 1: no. The whole configuration is set instead.");
  });

  test("which is refused as well: both are told, and nothing is written", async () => {
    const server = await modern();
    server.refuse = (command) => command === "subnet4-delta-add" || command === "config-test";
    await expect(apply([server])).rejects.toMatchObject({
      kind: "refused",
      summary: 'DHCP server "kea" refuses subnet4-delta-add',
      detail: expect.stringContaining("Nor does it take the whole configuration"),
    });
    expect(server.sets).toEqual([]);
  });

  test("a rival in between stops it", async () => {
    const server = await modern();
    server.before = (command) => {
      if (command === "config-test") server.edit(reserve);
    };
    await expect(apply([server])).rejects.toMatchObject({ kind: "rival" });
    expect(server.sets).toEqual([]);
  });

  test("of a pair of which the second fails, the first is put back so", async () => {
    const pair = [await modern(), await modern()];
    const before = pair.map((s) => s.document);
    pair[0]!.refuse = (command, args) => command === "subnet4-delta-add" && args.includes(SOURCE[0]!);
    pair[1]!.refuse = (command) => command === "subnet4-delta-add" || command === "config-test";
    await expect(apply(pair)).rejects.toMatchObject({ kind: "refused" });
    expect(pair.map((s) => s.document)).toEqual(before);
    expect(pair.map((s) => s.sets.length)).toEqual([1, 0]);
  });
});
