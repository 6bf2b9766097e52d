import { isHeld, type Marker, parseMarker, pidsOf } from "../../../../providers/cucm/cluster/exchange-marker";

const NOW = new Date("2026-01-01T12:00:00Z");
const PIDS = pidsOf("1c2d-boot\n", "pid:[4026531836]");
const MINE = { id: "mine", host: "here", pid: 1, pids: PIDS };
const marker = (run: Partial<Marker["run"]>, at: string | null = "2026-01-01T11:55:00Z"): Marker => ({
  between: ["a", "b"],
  done: "exported",
  files: { source: ["a.p12"] },
  run: { id: "other", host: "elsewhere", pid: 7, pids: PIDS, ...run },
  at,
});

it.each<[string, Marker, boolean]>([
  ["another host's", marker({}), true],
  ["one of a clock that is ahead", marker({}, "2026-01-01T12:05:00Z"), true],
  ["an old one", marker({}, "2026-01-01T11:49:00Z"), false],
  ["one of a run that failed", marker({}, null), false],
  ["our own", marker({ id: "mine" }), false],
  ["one of a process here that runs", marker({ host: "here", pid: 7 }), true],
  ["one of a process here that is gone", marker({ host: "here", pid: 8 }), false],
  ["one of an earlier process here with our number", marker({ host: "here", pid: 1 }), false],
  // 8 runs no more, and 1 is ours: neither says anything of a process that cannot be seen.
  ["one of another container", marker({ host: "here", pid: 1, pids: "1c2d-boot pid:[4026532001]" }), true],
  [
    "one of a namesake",
    marker({ host: "here", pid: 8, pids: pidsOf("9e8f-boot", "pid:[4026531836]") }),
    true,
  ],
  [
    "an old one from before a restart",
    marker({ host: "here", pids: "9e8f pid:[4]" }, "2026-01-01T11:49:00Z"),
    false,
  ],
  ["one of a version that did not tell", marker({ host: "here", pid: 8, pids: undefined }), true],
])("%s", (_, found, held) => {
  expect(isHeld(found, MINE, NOW, (pid) => pid !== 8)).toBe(held);
});

it("reads what it wrote, and nothing else", () => {
  const read = (value: object) => parseMarker(Buffer.from(JSON.stringify(value)));
  expect(read(marker({}))).toEqual(marker({}));
  expect(read(marker({ pids: undefined }))).toEqual(marker({ pids: undefined }));
  const { run, ...without } = marker({});
  for (const odd of [
    without,
    { ...without, run: { ...run, pid: "7" } },
    { ...without, run: { ...run, pids: 4 } },
    marker({}, "some day"),
    [],
  ])
    expect(read(odd)).toBeNull();
  expect(parseMarker(Buffer.from("{"))).toBeNull();
});
