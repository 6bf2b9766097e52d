import type { DhcpError } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, op, SCOPE, SOURCE } from "../../support/backend";
import {
  AS_FOUND,
  broken,
  CONFIGURATION,
  dhcpdOn,
  type FakeDhcpHost,
  FILE,
  failing,
  host,
  LOCK,
  lost,
  MAIN,
  OK,
  PENDING,
  SECRET,
  THERE,
} from "../../support/fake-dhcpd";

const temporary = (h: FakeDhcpHost) => [...h.files.keys()].filter((path) => path.includes(".tmp."));

test("one file is replaced, tested and served; nothing else is written", async () => {
  const h = host();
  const dhcpd = dhcpdOn([h]);
  const reading = await dhcpd.apply(SCOPE, THERE, op());
  expect(reading.answer).toEqual(DESTINATION);
  expect(h.served.get(FILE)).toBe(
    `# Option 150 for Cisco phones. Written by phone-migration: do not edit.\noption cisco-tftp ${DESTINATION.join(", ")};\n`,
  );
  expect(h.calls.filter((c) => !c.startsWith("read"))).toEqual([
    "open",
    "lock",
    `create ${PENDING}.tmp`,
    `rename ${PENDING}`,
    `create ${FILE}.tmp`,
    `rename ${FILE}`,
    "run test",
    "run restart",
    "run status",
    "run status",
    `remove ${PENDING}`,
  ]);
  expect(h.files.get(MAIN)).toBe(CONFIGURATION);
});

test("the way back brings the bytes that were found", async () => {
  const h = host();
  const { original } = await dhcpdOn([h]).read(SCOPE, op());
  await dhcpdOn([h]).apply(SCOPE, THERE, op());
  await dhcpdOn([h]).apply(
    SCOPE,
    { answer: SOURCE, expected: [DESTINATION], restore: original, unsaved: "keep" },
    op(),
  );
  expect(h.served.get(FILE)).toBe(AS_FOUND);
});

test("nothing is written, tested or restarted where it is answered already", async () => {
  const h = host();
  await dhcpdOn([h]).apply(SCOPE, { ...THERE, answer: SOURCE }, op());
  expect(h.calls.filter((c) => /create|run/.test(c))).toEqual([]);
});

test("an include that overrides an earlier statement of the administrator, and lets it be again", async () => {
  const h = host();
  const theirs = CONFIGURATION.replace(
    "option routers",
    `option cisco-tftp ${SOURCE.join(", ")};\n option routers`,
  );
  h.files.set(MAIN, theirs).set(FILE, "");
  const { original, answer } = await dhcpdOn([h]).read(SCOPE, op());
  expect(answer).toEqual(SOURCE);
  expect((await dhcpdOn([h]).apply(SCOPE, THERE, op())).answer).toEqual(DESTINATION);
  const back = { answer: SOURCE, expected: [DESTINATION], restore: original, unsaved: "keep" } as const;
  await dhcpdOn([h]).apply(SCOPE, back, op());
  expect(h.files.get(FILE)).toBe("");
});

test("inherited: a file that says nothing; one that was not there is as good as an empty one", async () => {
  const h = host();
  h.files.delete(FILE);
  const { original, answer, findings } = await dhcpdOn([h]).read(SCOPE, op());
  expect(answer).toBe("inherited");
  expect(findings).toContainEqual(expect.objectContaining({ kind: "managed-file-missing" }));
  await dhcpdOn([h]).apply(SCOPE, { ...THERE, expected: ["inherited"] }, op());
  const back = { answer: "inherited", expected: [DESTINATION], restore: original, unsaved: "keep" } as const;
  expect((await dhcpdOn([h]).apply(SCOPE, back, op())).answer).toBe("inherited");
  expect(h.served.get(FILE)).toMatch(/^#.*\n$/);
});

describe("when a call fails once", () => {
  const calls = async () => {
    const h = host();
    await dhcpdOn([h]).apply(SCOPE, THERE, op());
    return h.calls;
  };
  test("everything is as before, or it is done and the error says so", async () => {
    const order = await calls();
    const restarted = order.lastIndexOf("run status");
    for (const [at, call] of order.entries()) {
      const h = host();
      const files = new Map(h.files);
      h.before = (_call, index) => {
        if (index === at) throw lost();
      };
      const error = await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
      const told = `${call} (${at}): ${error.message}`;
      expect([told, temporary(h)]).toEqual([told, []]);
      expect([told, h.served.get(FILE)]).toEqual([told, h.files.get(FILE)]);
      if (at <= restarted) expect([told, new Map(h.files)]).toEqual([told, files]);
    }
  });

  test("what fails for good after the file was replaced says what was left", async () => {
    const h = host();
    h.before = (call) => {
      if (h.count(`rename ${FILE}`) > 0 && call !== `rename ${FILE}`) throw lost();
    };
    const error = await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
    expect(error.message).toMatch(
      /was left in between.*Then the undo failed.*Look at .*it has the new content/s,
    );
    expect(error.message).toContain("dhcpd was not restarted");
    expect([h.count("open"), h.sessions]).toEqual([2, 0]);
  });
});

test("dhcpd refuses the file: it is put back, dhcpd is not restarted, and foreign lines are not repeated", async () => {
  const h = host();
  h.test = () =>
    h.files.get(FILE) === AS_FOUND
      ? { status: 0, output: "" }
      : broken(
          `${FILE} line 2: expecting IP address.\noption cisco-tftp x;\n${MAIN} line 3: bad secret ${SECRET}\n secret "${SECRET}"\n ^\nConfiguration file errors encountered -- exiting`,
        );
  const error = await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
  expect(error.kind).toBe("refused");
  expect(error.message).toContain(`${FILE} line 2: expecting IP address`);
  expect(error.message).toContain(`${MAIN} line 3`);
  expect(error.message).toContain("dhcpd was not restarted. The old content was put back.");
  expect(error.message).not.toContain(SECRET);
  expect(h.files.get(FILE)).toBe(AS_FOUND);
  expect(h.count("run restart")).toBe(0);
});

test("a configuration that was broken before is told as such", async () => {
  const h = host();
  h.test = () => broken(`${MAIN} line 9: semicolon expected.`);
  const error = await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
  expect(error.message).toContain("refuses its configuration without this change, too");
});

test.each([
  ["the restart fails", { restart: [broken("sudo: a password is required")] }],
  ["dhcpd is not active after it", { status: [broken("failed")] }],
  ["dhcpd ends a moment after it", { status: [OK, broken("failed")] }],
])("%s: the file is put back and dhcpd restarted with it", async (_, answers) => {
  const h = host();
  const { restart, status } = answers as { [key: string]: { status: number; output: string }[] };
  if (restart) h.restart = () => restart.shift() ?? OK;
  if (status) h.status = () => status.shift() ?? OK;
  const error = await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
  expect(error.message).toMatch(/did not come back .*The old content was put back, and dhcpd runs with it\./);
  expect(h.served.get(FILE)).toBe(AS_FOUND);
});

test("dhcpd is down and takes its configuration no more, as it was: that is said, and it is not started with it", async () => {
  const h = host();
  const tests = [OK];
  h.test = () => tests.shift() ?? broken(`${MAIN} line 9: semicolon expected.`);
  h.status = () => broken("failed");
  const error = await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
  expect(error.message).toMatch(/left in between.*without this change, too.*dhcpd may be down/s);
  expect([h.files.get(FILE), h.files.has(PENDING), h.count("run restart")]).toEqual([AS_FOUND, true, 1]);
});

test("dhcpd does not come back with the old file either: that is said", async () => {
  const h = host();
  h.status = () => broken("failed");
  const error = await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
  expect(error.message).toMatch(/left in between.*The files are as they were\. dhcpd may be down/s);
});

test("a rival's write between any two of our requests is never lost, but for the last step", async () => {
  const first = host();
  await dhcpdOn([first]).apply(SCOPE, THERE, op());
  const RIVAL = `option cisco-tftp 203.0.113.9;\n`;
  const overwritten: string[] = [];
  const lastLook = first.calls.lastIndexOf(`read ${FILE}`);
  for (const [at, call] of first.calls.entries()) {
    const h = host();
    h.before = (_, index) => {
      if (index === at) h.files.set(FILE, RIVAL);
    };
    const error = await dhcpdOn([h])
      .apply(SCOPE, THERE, op())
      .then(
        () => null,
        (e) => e as DhcpError,
      );
    expect(temporary(h)).toEqual([]);
    if (h.files.get(FILE) !== RIVAL) overwritten.push(call);
    else if (at <= lastLook)
      expect([call, at, error?.kind, error?.message]).toEqual([
        call,
        at,
        "rival",
        expect.stringMatching(/somebody else/),
      ]);
  }
  // The gap: one request between our last look and the rename.
  expect(overwritten).toEqual([`rename ${FILE}`]);
});

test("what the plan saw has changed: nothing is written", async () => {
  const h = host();
  const error = await failing(dhcpdOn([h]).apply(SCOPE, { ...THERE, expected: ["inherited"] }, op()));
  expect(error).toMatchObject({ kind: "rival", message: expect.stringContaining("plan again") });
  expect(h.calls.some((c) => c.startsWith("create"))).toBe(false);
});

test("the file is not included: apply is refused before anything is written", async () => {
  const h = host();
  h.files.set(MAIN, CONFIGURATION.replace(`include "${FILE}";`, `option cisco-tftp ${SOURCE.join(",")};`));
  const error = await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
  expect(error.kind).toBe("refused");
  expect(error.message).toContain(`include "${FILE}";`);
  expect(h.calls.filter((c) => /create|run/.test(c))).toEqual([]);
});

test.each([
  [
    "who is known",
    "4711 10.9.9.9\n",
    /by process 4711 for a run on 10\.9\.9\.9\. .*kill 4711 on 10\.1\.0\.5\./,
  ],
  ["who is not known", "$(reboot)\n", /for 60 s\. .*fuser -k \S+\/\.lock on/],
])(
  "another run, %s, holds the lock: nothing is written, and it is said how to free it",
  async (_, text, said) => {
    const h = host();
    h.locked = true;
    h.files.set(LOCK, text);
    const error = await failing(dhcpdOn([h]).apply(SCOPE, THERE, op()));
    expect(error.message).toMatch(/being changed by another run.*Nothing was changed/s);
    expect(error.message).toMatch(said);
    expect(error.message).not.toContain("reboot");
    expect(h.calls).toEqual(["open", "lock", `read ${LOCK}`]);
  },
);

test("a run that is cancelled before the first rename leaves nothing", async () => {
  const stop = new AbortController();
  const h = host();
  stop.abort();
  expect(await failing(dhcpdOn([h]).apply(SCOPE, THERE, { signal: stop.signal }))).toMatchObject({
    kind: "cancelled",
  });
  expect(h.calls).toEqual([]);
});

describe("a pair", () => {
  test("both are changed, and dhcpd is restarted only when both have taken the file", async () => {
    const pair = [host("10.1.0.5"), host("10.1.0.6")];
    const { answers } = await dhcpdOn(pair).apply(SCOPE, { ...THERE, expected: [SOURCE, SOURCE] }, op());
    expect(answers).toEqual([DESTINATION, DESTINATION]);
    pair[1]!.test = () => broken();
    await failing(
      dhcpdOn(pair).apply(SCOPE, { ...THERE, answer: SOURCE, expected: [DESTINATION, DESTINATION] }, op()),
    );
    expect(pair.map((h) => [h.count("run restart"), h.served.get(FILE) === h.files.get(FILE)])).toEqual([
      [1, true],
      [1, true],
    ]);
  });

  test("one that does not answer: nothing is changed on the other", async () => {
    const pair = [host("10.1.0.5"), host("10.1.0.6")];
    pair[1]!.before = () => {
      throw lost();
    };
    expect(await failing(dhcpdOn(pair).apply(SCOPE, THERE, op()))).toMatchObject({ kind: "unreachable" });
    expect(pair[0]!.calls).toEqual(["open"]);
  });

  test("the second fails at its restart: both are put back and restarted", async () => {
    const pair = [host("10.1.0.5"), host("10.1.0.6")];
    const results = [broken(), { status: 0, output: "" }];
    pair[1]!.restart = () => results.shift()!;
    await failing(dhcpdOn(pair).apply(SCOPE, THERE, op()));
    for (const h of pair) expect(h.served.get(FILE)).toBe(AS_FOUND);
  });

  test("one that answers already is left alone; a difference is a finding", async () => {
    const pair = [host("10.1.0.5"), host("10.1.0.6")];
    await dhcpdOn([pair[0]!]).apply(SCOPE, THERE, op());
    const before = await dhcpdOn(pair).read(SCOPE, op());
    expect(before.answers).toEqual([DESTINATION, SOURCE]);
    expect(before.findings).toContainEqual(expect.objectContaining({ kind: "peers-differ" }));
    await dhcpdOn(pair).apply(SCOPE, { ...THERE, expected: [DESTINATION, SOURCE] }, op());
    expect(pair.map((h) => h.count("run restart"))).toEqual([1, 1]);
  });
});
