import { DESTINATION, keaOn, op, SOURCE } from "../../support/backend";
import { classPilots } from "../../support/class-pilots";
import { configuration, entry, type FakeKea, HOOKS } from "../../support/fake-kea";
import { LabKea } from "../../support/lab-kea";
import { MAC, own, PHONE, POOL, SUBNET } from "../../support/scopes";
import { startKea as kea } from "../../support/started-kea";

/** One phone's option 150 by a class of its own, on a server that knows elements of option-data for a class. */

const MODERN = { version: "3.0.4" };
const OTHER = { ...PHONE, mac: "02:00:00:00:00:43" };
const NAME = `option-150 ${SUBNET} ${DESTINATION.join(" ")}`;
const there = { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" } as const;
const back = (restore?: string) =>
  ({ answer: "inherited", expected: [DESTINATION], restore, unsaved: "keep" }) as const;
const edit = (server: FakeKea, key: string) =>
  server.edit(({ Dhcp4 }) => {
    Dhcp4[key] = 1;
  });
const byClass = { pilotsBy: "class" } as const;
const classes = (document: { Dhcp4: { [key: string]: unknown } }) =>
  (document.Dhcp4["client-classes"] ?? []) as { name: string; test: string }[];

describe("the lab's own server as 3.0.4", () => {
  let lab: LabKea | undefined;
  afterEach(() => lab?.stop());
  classPilots(async (more) => {
    lab = await LabKea.start("3.0.4", more);
    return lab;
  });
});

describe("there and back, every byte as it was", () => {
  test.each<[string, string]>([
    ["beside the subnet's own", configuration([own])],
    ["in a subnet that inherits", configuration([])],
    ["in a subnet without a list", configuration([]).replace('"option-data":[],"pools"', '"pools"')],
    [
      "beside classes and elements of somebody",
      configuration([entry("10.0.0.9", { "client-classes": ["x"] }), own], {
        "client-classes": [{ name: "x", test: "member('ALL')" }],
      }),
    ],
    ["with commands for single reservations, which are not used", configuration([own], HOOKS)],
  ])("%s", async (_, before) => {
    const server = await kea(before, MODERN);
    const backend = keaOn([server], byClass);
    const { original } = await backend.read(PHONE, op());
    expect((await backend.apply(PHONE, there, op())).answer).toEqual(DESTINATION);
    expect(server.document.Dhcp4.subnet4[1]!.reservations).toEqual([]);
    expect((await backend.apply(PHONE, back(original), op())).answer).toBe("inherited");
    expect(server.text).toBe(before);
    expect(server.sets).toHaveLength(2);
  });

  test("pilots of one answer share a class, and which of them was first leaves no trace", async () => {
    const before = configuration([own]);
    const texts: string[] = [];
    for (const order of [
      [PHONE, OTHER],
      [OTHER, PHONE],
    ]) {
      const server = await kea(before, MODERN);
      const backend = keaOn([server], byClass);
      for (const scope of order) await backend.apply(scope, there, op());
      expect(classes(server.document)).toEqual([
        {
          name: NAME,
          test: "pkt4.mac == 0x020000000042 or pkt4.mac == 0x020000000043",
          "user-context": { "made-for": "option-150-of-pilots" },
        },
      ]);
      texts.push(server.text);
      for (const scope of order) await backend.apply(scope, back(), op());
      expect(server.text).toBe(before);
    }
    expect(texts[0]).toBe(texts[1]);
  });

  test("pilots and their subnet in one write", async () => {
    const before = configuration([own]);
    const server = await kea(before, MODERN);
    const backend = keaOn([server], byClass);
    const subnet = { kind: "subnet", subnet: SUBNET } as const;
    const { original } = await backend.read(subnet, op());
    await Promise.all([
      backend.apply(PHONE, there, op()),
      backend.apply(OTHER, there, op()),
      backend.apply(subnet, { ...there, expected: [SOURCE] }, op()),
    ]);
    expect(server.sets).toHaveLength(1);
    const readings = await Promise.all([PHONE, OTHER, subnet].map((s) => backend.read(s, op())));
    expect(readings.map((r) => r.answer)).toEqual([DESTINATION, DESTINATION, DESTINATION]);
    expect(readings[2]!.findings).toContainEqual(
      expect.objectContaining({
        kind: "class-tagged",
        severity: "info",
        scope: `subnet ${SUBNET} class ${NAME}`,
      }),
    );
    await Promise.all([
      backend.apply(PHONE, back(), op()),
      backend.apply(OTHER, back(), op()),
      backend.apply(subnet, { ...back(original), answer: SOURCE }, op()),
    ]);
    expect(server.sets).toHaveLength(2);
    expect(server.text).toBe(before);
  });

  test("a pilot that comes while its subnet loses the list that it got is not lost with it", async () => {
    const server = await kea(configuration([]).replace('"option-data":[],"pools"', '"pools"'), MODERN);
    const backend = keaOn([server], byClass);
    const subnet = { kind: "subnet", subnet: SUBNET } as const;
    const { original } = await backend.read(subnet, op());
    await backend.apply(subnet, there, op());
    await Promise.all([
      backend.apply(subnet, back(original), op()),
      backend.apply(PHONE, { ...there, unsaved: "keep" }, op()),
    ]);
    expect(server.sets).toHaveLength(2);
    const readings = await Promise.all([PHONE, subnet].map((s) => backend.read(s, op())));
    expect(readings.map((r) => r.answer)).toEqual([DESTINATION, "inherited"]);
  });

  test("another answer is another class", async () => {
    const server = await kea(configuration([own]), MODERN);
    const backend = keaOn([server], byClass);
    await backend.apply(PHONE, there, op());
    await backend.apply(OTHER, there, op());
    await backend.apply(OTHER, { ...there, answer: ["10.0.0.1"], expected: [DESTINATION] }, op());
    expect((await backend.read(PHONE, op())).answer).toEqual(DESTINATION);
    expect((await backend.read(OTHER, op())).answer).toEqual(["10.0.0.1"]);
    expect(classes(server.document).map((c) => c.test)).toEqual([
      "pkt4.mac == 0x020000000043",
      "pkt4.mac == 0x020000000042",
    ]);
  });
});

describe("what somebody else has made", () => {
  const kinds = (findings: readonly { kind: string; severity: string }[]) =>
    findings.map((f) => `${f.kind}/${f.severity}`);

  test("an element for a class is a finding, and is left as it is", async () => {
    const theirs = entry("10.0.0.9", { "client-classes": ["lab"] });
    const server = await kea(configuration([theirs, own]), MODERN);
    const backend = keaOn([server], byClass);
    const { findings } = await backend.apply(PHONE, there, op());
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: "class-tagged", severity: "warning", value: "10.0.0.9" }),
    );
    expect(server.document.Dhcp4.subnet4[1]!["option-data"][0]).toEqual(theirs);
  });

  test.each<[string, object]>([
    ["a class of the name", { name: NAME, test: "member('ALL')" }],
    [
      "one that was made, and got an option since",
      {
        name: NAME,
        test: "pkt4.mac == 0x020000000043",
        "option-data": [entry("10.0.0.9")],
        "user-context": { "made-for": "option-150-of-pilots" },
      },
    ],
  ])("%s: found, refused, not written over", async (_, theirs) => {
    const server = await kea(configuration([own], { "client-classes": [theirs] }), MODERN);
    const backend = keaOn([server], byClass);
    expect(kinds((await backend.read(PHONE, op())).findings)).toContain("class-taken/error");
    await expect(backend.apply(PHONE, there, op())).rejects.toMatchObject({
      kind: "refused",
      summary: expect.stringContaining(`has a class "${NAME}" that was not made for pilots`),
    });
    expect(server.sets).toEqual([]);
  });

  test("a pool of several with an option of its own is a warning: which pool serves the phone is not known", async () => {
    const pools = [{ pool: POOL.pool, "option-data": [own] }, { pool: "10.1.20.201-10.1.20.202" }];
    const server = await kea(configuration([own], {}, { pools }), MODERN);
    const { findings } = await keaOn([server], byClass).read(PHONE, op());
    expect(kinds(findings)).toContain("shadowed/warning");
  });

  test("a reservation that a run has made goes before the class; the class before a reservation to come", async () => {
    const server = await kea(configuration([own]), MODERN);
    await keaOn([server]).apply(PHONE, there, op());
    expect(kinds((await keaOn([server], byClass).read(PHONE, op())).findings)).toContain("shadowed/error");
    await keaOn([server]).apply(PHONE, back(), op());
    await keaOn([server], byClass).apply(PHONE, there, op());
    expect(kinds((await keaOn([server]).read(PHONE, op())).findings)).toContain("pilot-class/error");
  });

  test("a rival's change just before the write is kept, with our class taken out again or never in", async () => {
    const server = await kea(configuration([own]), MODERN);
    server.before = (command, nth) => {
      if (command === "config-hash-get" && nth === 1) edit(server, "theirs");
    };
    await expect(keaOn([server], byClass).apply(PHONE, there, op())).rejects.toMatchObject({ kind: "rival" });
    expect(server.document.Dhcp4.theirs).toBe(1);
    server.before = (command, nth) => {
      if (
        command === "config-get" &&
        nth === server.commands.filter((c) => c === "config-get").length &&
        server.sets.length === 1 &&
        !server.text.includes("again")
      )
        edit(server, "again");
    };
    await expect(keaOn([server], byClass).apply(PHONE, there, op())).rejects.toMatchObject({ kind: "rival" });
    expect(server.document.Dhcp4.again).toBe(1);
    expect(classes(server.document)).toEqual([]);
  });
});

describe("a server before 2.7", () => {
  test("is asked, refused at plan and at apply, and the error says what to use", async () => {
    const server = await kea(configuration([own]), { version: "2.6.3" });
    const backend = keaOn([server], byClass);
    const { findings } = await backend.read(PHONE, op());
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: "class-tags",
        severity: "error",
        advice: expect.stringContaining('Set pilots_by to "reservation"'),
      }),
    );
    await expect(backend.apply(PHONE, there, op())).rejects.toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(/spurious 'client-classes' parameter.*Set pilots_by to "reservation"/),
    });
    expect(server.sets).toEqual([]);
  });

  test("is asked once, and not for scopes that do without", async () => {
    const server = await kea(configuration([own]), { version: "2.6.3" });
    const backend = keaOn([server], byClass);
    await backend.read({ kind: "subnet", subnet: SUBNET }, op());
    expect(server.commands).not.toContain("config-test");
    await backend.read(PHONE, op());
    await backend.read(OTHER, op());
    expect(server.commands.filter((c) => c === "config-test")).toHaveLength(1);
  });

  test.each([
    ["3.0.4", true],
    ["2.6.3", false],
  ])(
    "where a reservation is no way, the class is offered if there is one: %s %s",
    async (version, offered) => {
      const server = await kea(configuration([own], {}, { "client-class": "UNKNOWN" }), { version });
      const { findings } = await keaOn([server]).read(PHONE, op());
      const known = findings.find((f) => f.kind === "known-clients");
      expect(known?.severity).toBe("error");
      expect(known!.advice.includes('Or set pilots_by to "class"')).toBe(offered);
      if (!offered) return;
      const byOne = (await keaOn([server], byClass).read({ ...PHONE, mac: MAC }, op())).findings;
      expect(byOne.filter((f) => f.severity === "error")).toEqual([]);
    },
  );
});
