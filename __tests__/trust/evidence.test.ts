import {
  compareEvidence,
  describeEvidence,
  EVIDENCE_LEVELS,
  EVIDENCE_WORDS,
  evidenceOf,
  readersFor,
  requireEvidence,
} from "../../trust/evidence";

const MADE = new Date("2026-01-10T00:00:00Z");
const AFTER = new Date("2026-02-01T00:00:00Z");
const BEFORE = new Date("2026-01-01T00:00:00Z");

test("the strongest observation makes the level", () => {
  expect(evidenceOf({}).level).toBe("served");
  expect(evidenceOf({ registered: { secure: false } }).level).toBe("served");
  expect(evidenceOf({ registered: { secure: true } }).level).toBe("registered-over-tls");
  expect(evidenceOf({ registered: { secure: false, since: AFTER }, listsMadeAt: MADE }).level).toBe(
    "registered-since-lists",
  );
  expect(evidenceOf({ itlStatus: "current" }).level).toBe("itl-status");
  expect(evidenceOf({ webStatus: "12:01:02 Trust List Updated" }).level).toBe("web-status");
  expect(evidenceOf({ tvsLog: true }).level).toBe("tvs-log");
  expect(evidenceOf({ tvsLog: true, itlStatus: "current" }).level).toBe("itl-status");
  expect(evidenceOf({ tvsLog: true, webStatus: "ITL installed" }).level).toBe("web-status");
  expect(evidenceOf({ tvsLog: true, trustListPage: "same" }).level).toBe("trust-list-page");
});

test.each([
  "[12:01:02 11/29/14] Trust List updated",
  "6:34a ITL Installed",
  "6:34 AM CTL and ITL installed.",
])("its lists were taken: %s", (webStatus) => expect(evidenceOf({ webStatus }).level).toBe("web-status"));

test.each([
  "ITL installed: No",
  "CTL not installed / ITL installed",
  "No ITL installed",
  "Trust List updated, not verified",
])("nothing says that its lists were taken: %s", (webStatus) =>
  expect(evidenceOf({ webStatus }).level).toBe("served"),
);

test("what speaks against the assumption is kept, whatever the level", () => {
  const evidence = evidenceOf({
    registered: { secure: true, since: BEFORE },
    listsMadeAt: MADE,
    webStatus: "trust list update failed\u001b[31m",
  });
  expect(evidence).toEqual({
    level: "registered-over-tls",
    against: [
      "it last registered before the lists that TFTP serves were made: it may hold older ones",
      'its web page says "trust list update failed?[31m"',
    ],
    // That lists are younger than a registration is no sign of others.
    contradicted: ['its web page says "trust list update failed?[31m"'],
  });
  expect(requireEvidence(evidence, "registered-over-tls")).toMatch(/^something speaks against/);
  expect(requireEvidence(evidence, "served")).toBeNull();
});

test("levels are ordered, and a demand is met or explained", () => {
  expect(EVIDENCE_LEVELS[0]).toBe("served");
  expect(compareEvidence("served", "tvs-log")).toBeLessThan(0);
  expect(compareEvidence("trust-list-page", "tvs-log")).toBeGreaterThan(0);
  const evidence = evidenceOf({ tvsLog: true });
  expect(requireEvidence(evidence, "registered-since-lists")).toBeNull();
  expect(requireEvidence(evidence, "tvs-log")).toBeNull();
  expect(requireEvidence(evidence, "itl-status")).not.toBeNull();
  expect(requireEvidence(evidence, "trust-list-page")).toBe(
    'what is assumed about it rests on "tvs-log" (TVS of its cluster logged a question in its name, over TLS); "trust-list-page" is required',
  );
});

test("an inference is never worded as knowledge", () => {
  for (const level of EVIDENCE_LEVELS) {
    const text = describeEvidence({ level, against: [] });
    if (EVIDENCE_WORDS[level].kind === "observation") expect(text).toMatch(/^seen: /);
    else {
      expect(text).toMatch(/^inferred: /);
      expect(EVIDENCE_WORDS[level].therefore).toMatch(/\b(presumably|assumed)\b/);
      expect(text).not.toMatch(/\b(knows?|known|certain|proves?|holds exactly)\b/);
    }
  }
});

test("what anybody can write is never told as the phone's own word", () => {
  for (const level of ["web-status", "trust-list-page"] as const)
    expect(EVIDENCE_WORDS[level].seen).toContain("whoever answers at its address");
  expect(EVIDENCE_WORDS["tvs-log"].seen).toContain("in its name");
});

test("what has to be read for a level: its own reader, or that of a stronger one", () => {
  expect(readersFor("registered-since-lists")).toEqual([]);
  expect(readersFor("tvs-log")).toEqual(["tvs_log", "itl_status", "web"]);
  expect(readersFor("itl-status")).toEqual(["itl_status", "web"]);
  expect(readersFor("web-status")).toEqual(["web"]);
  expect(readersFor("trust-list-page")).toEqual(["web"]);
});
