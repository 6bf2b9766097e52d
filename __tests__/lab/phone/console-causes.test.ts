/** What a lab's phone writes when its move fails, and what is read out of it; the network is a table. */
import { boot } from "../../../lab/phone/boot";
import type { Console } from "../../../lab/phone/console";
import { decisive } from "../../../trust/moves/steps";
import { outcomes, read } from "../../trust/moves/logs";
import { atSource, destination, io, NAME, source, type World, world } from "./boot-world";

async function booted(change: (w: World) => void = () => {}): Promise<readonly string[]> {
  const lines: string[] = [];
  const writes: Console = {
    line: (level, text) => {
      lines.push(
        `${3200 + lines.length} ${level} Nov 29 06:33:59.${String(lines.length).padStart(6, "0")} ${text}`,
      );
    },
  };
  const w = world();
  change(w);
  await boot(atSource(), { ...io(w), console: writes });
  return lines;
}

const decided = async (change?: (w: World) => void) => {
  const [report] = read({ phone: [await booted(change)] });
  expect(report!.device).toBe(NAME);
  const { id, cause } = decisive(report!.steps)!;
  return `${id}: ${cause}`;
};

test("all that a phone writes of itself passes when it moves", async () => {
  const [report] = read({ phone: [await booted()] });
  const tvs = "missing: tvs-log-missing";
  expect(outcomes(report!)).toEqual(["pass", "pass", tvs, "pass", tvs, tvs, "pass", "pass", "pass"]);
});

test.each<[string, (w: World) => void]>([
  ["ctl-download: ctl-not-served", (w) => delete w.files[`${destination.address}/CTL${NAME}.tlv`]],
  [
    "ctl-download: tftp-failed",
    (w) => {
      w.files[destination.address] = "down";
    },
  ],
  [
    "tvs-connection: tvs-unreachable",
    (w) => {
      w.tvs.answer = "down";
    },
  ],
  [
    "tvs-connection: tvs-not-in-itl",
    (w) => {
      w.tvs.shown = destination.tvs;
    },
  ],
  [
    "certificate-found: tvs-miss",
    (w) => {
      w.tvs.answer = "miss";
    },
  ],
  ["itl-download: itl-not-served", (w) => delete w.files[`${destination.address}/ITL${NAME}.tlv`]],
])("%s", async (expected, change) => expect(await decided(change)).toBe(expected));

test("a phone that has not left shows no move, unless its CTL was pre-provisioned", async () => {
  const lines = await booted((w) => {
    w.option150 = [source.address];
  });
  const [report] = read({ phone: [lines] });
  expect(outcomes(report!)).toEqual([
    "pass",
    ...Array(5).fill("missing: no-tvs-needed"),
    ...["pass", "pass", "pass"],
  ]);
  const [accepted] = read({ phone: [lines] }, { withoutTvs: true });
  expect(accepted!.passed).toBe(true);
  expect(outcomes(accepted!)[1]).toBe("not needed");
});

test("the boot that moved counts, whatever came before and after it", async () => {
  const [failed, moved] = [
    await booted((w) => {
      w.tvs.answer = "down";
    }),
    await booted(),
  ];
  const settled = await booted((w) => {
    w.option150 = [source.address];
  });
  const renumbered = [...failed, ...moved, ...settled].map((line, i) =>
    line.replace(/^\d+/, String(3200 + i)),
  );
  const [report] = read({ phone: [renumbered] });
  expect(outcomes(report!).filter((one) => one === "pass")).toHaveLength(6);
  const again = [...moved, ...failed].map((line, i) => line.replace(/^\d+/, String(3200 + i)));
  expect(decisive(read({ phone: [again] })[0]!.steps)).toMatchObject({ cause: "tvs-unreachable" });
});
