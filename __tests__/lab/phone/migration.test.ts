import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKea } from "../../../lab/dhcp/kea";
import type { PhoneView } from "../../../lab/phone/phone";
import { phoneConsole, phonesWhen, readPhones } from "../../../lab/phones";
import { type Lab, startLab } from "../../../lab/up";
import type { PhoneReport } from "../../../trust/moves/correlate";
import { decisive } from "../../../trust/moves/steps";
import { run } from "../../cli/command";
import { outcomes, PASSED, read } from "../../trust/moves/logs";
import { fault, QUICK, resetPhone, serve, state, tftpOf, trustEachOther } from "./lab-tools";

jest.setTimeout(90_000);

describe("a migration by hand", () => {
  const directory = mkdtempSync(join(tmpdir(), "lab-migration-"));
  let lab: Lab;
  const isOn = (name: "source" | "destination") => (phone: PhoneView) =>
    Object.values(lab.site[name].nodeAddresses).includes(phone.registered?.address ?? "");
  const view = async (name: string) =>
    (await readPhones(lab.site.control.phones)).find((p) => p.name === name)!;
  const all = () => [...lab.site.phones.healthy, ...lab.site.phones.stale];
  /** Resets through AXL, waits for the boot and where it led to. */
  const boots = async (names: readonly string[], from: "source" | "destination") => {
    const before = new Map((await readPhones(lab.site.control.phones)).map((p) => [p.name, p.boots]));
    for (const name of names) await resetPhone(lab, from, name);
    return phonesWhen(
      lab.site.control.phones,
      (p) => !names.includes(p.name) || (p.boots > before.get(p.name)! && p.state !== "booting"),
      20_000,
    );
  };

  beforeAll(async () => {
    const clusters = { source: { risPerMinute: 1000 }, destination: { risPerMinute: 1000 } };
    lab = await startLab({
      directory,
      phones: 8,
      delays: QUICK,
      clusters,
      phone: { timing: { retry: 200, backoff: 500 } },
    });
  });
  afterAll(async () => {
    await lab?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test("starts with every phone on the source, on a real Kea where there is one", async () => {
    expect(lab.site.dhcp.kind).toBe(findKea() === null ? "lab" : "kea");
    expect(lab.site.phones).toMatchObject({ healthy: { length: 7 }, stale: ["SEP001122334408"] });
    const phones = await readPhones(lab.site.control.phones);
    expect(phones.every(isOn("source"))).toBe(true);
    expect(phones.every((p) => p.address?.startsWith("10.1.20."))).toBe(true);
    const { registrations } = (await state(lab)).clusters.source;
    expect(Object.values(registrations).map((r) => r.status)).toEqual(Array(8).fill("Registered"));
  });

  test("without trust, no phone follows: each keeps its lists and returns to the source, and says why", async () => {
    await serve(lab, tftpOf(lab, "destination"));
    const name = lab.site.phones.healthy[0]!;
    const before = await view(name);
    await boots([name], "source");
    await phonesWhen(lab.site.control.phones, (p) => p.name !== name || isOn("source")(p));
    const after = await view(name);
    expect(after).toMatchObject({
      status: "Trust List update failed",
      failed: { step: "ctl", reason: "tvs-miss" },
      ctl: before.ctl,
      itl: before.itl,
    });
    expect(after.tftpInUse).toBe(lab.site.destination.publisher);
    const log = await phoneConsole(lab.site.control.phones, name);
    expect(log).toMatch(/SECUREAPP-Attempting connect to TVS server addr \[127\./);
    expect(log).toMatch(/SECUREAPP-verifyFile: sgn verify file failed <CTLFile\.tlv>/);
  });

  test("each single damage is named by the phone", async () => {
    await trustEachOther(lab);
    const [name] = lab.site.phones.healthy as [string];
    const damaged = async () => {
      await boots([name], "source");
      await phonesWhen(lab.site.control.phones, (p) => p.name !== name || isOn("source")(p));
      const { failed } = await view(name);
      await fault(lab, { kind: "heal" });
      return failed;
    };
    await fault(lab, { kind: "corrupt-ctl", cluster: "destination", corrupt: true });
    // The phone keeps its CTL, takes ITL and configuration by TVS, and finds no CallManager: see the next test.
    await serve(lab, []);
    expect(await damaged()).toEqual(expect.objectContaining({ step: "dhcp", reason: "no-option-150" }));

    await serve(lab, tftpOf(lab, "destination"));
    await fault(lab, { kind: "port", cluster: "source", port: "tvs", open: false });
    expect(await damaged()).toEqual(expect.objectContaining({ step: "ctl", reason: "tvs-unreachable" }));

    await fault(lab, { kind: "port", cluster: "destination", port: "tftpHttp", open: false });
    expect(await damaged()).toEqual(expect.objectContaining({ step: "tftp", reason: "tftp-unreachable" }));
  });

  test("with trust, the healthy phones follow and the stale one is locked out with its reason", async () => {
    await boots(all(), "source");
    const { healthy, stale } = lab.site.phones;
    const phones = await phonesWhen(lab.site.control.phones, (p) =>
      healthy.includes(p.name) ? isOn("destination")(p) : isOn("source")(p),
    );
    for (const phone of phones.filter((p) => healthy.includes(p.name))) {
      expect(phone).toMatchObject({ status: "Trust List updated", failed: null });
    }
    expect(phones.find((p) => p.name === stale[0])).toMatchObject({
      status: "Trust List update failed",
      failed: { step: "ctl", reason: "tvs-not-in-itl" },
      ctl: { signer: expect.stringContaining("cucm10-pub") },
    });
    const log = await phoneConsole(lab.site.control.phones, healthy[0]!);
    expect(log).toMatch(/SECUREAPP-Hashes match\.\.\. authentication successful\./);
    expect(log).toMatch(/\[src=ITLSEP0011223344\w\w\.tlv\]/);
  });

  test("the logs show the nine steps of each phone that moved, and the step at which the stale one stayed", async () => {
    const { healthy, stale } = lab.site.phones;
    const consoles = await Promise.all(
      all().map(async (name) => (await phoneConsole(lab.site.control.phones, name)).trimEnd().split("\n")),
    );
    const tvs = await Promise.all(
      Object.keys(lab.site.source.nodeAddresses).map(async (node) => {
        const url = `${lab.site.control.clusters}/tvs-log?cluster=source&node=${node}`;
        return (await (await fetch(url)).json()) as string[];
      }),
    );
    const moved = healthy.map((name) => [name, PASSED, true]);
    const outcome = (reports: readonly PhoneReport[]) =>
      reports.map((one) => [one.device, outcomes(one), one.passed]);
    const locked = [stale[0], expect.arrayContaining(["fail: tvs-not-in-itl", "fail: list-refused"]), false];
    const reports = read({ phone: consoles, tvs });
    expect(outcome(reports)).toEqual([...moved, locked]);
    expect(decisive(reports.at(-1)!.steps)).toMatchObject({ id: "tvs-connection", cause: "tvs-not-in-itl" });

    // A node whose clock is hours behind, so that its log tells of the day before.
    const hours = (text: string) => (Number(text) + 24 - 7) % 24;
    const behind = tvs.map((lines) =>
      lines.map((line) => line.replace(/^\d\d(?=:)/, (hour) => String(hours(hour)).padStart(2, "0"))),
    );
    const shifted = read({ phone: consoles, tvs: behind });
    expect(outcome(shifted)).toEqual([...moved, locked]);
    for (const [i, { offset }] of shifted.slice(0, -1).entries()) {
      expect(Math.round((offset!.between - reports[i]!.offset!.between) / 3.6e9)).toBe(-7);
    }
  });

  test("the command finds the same, with the TVS logs collected from the nodes", async () => {
    const { nodeAddresses, ports, tlsSha256 } = lab.site.source;
    const folder = join(directory, "consoles");
    mkdirSync(folder);
    for (const name of all())
      writeFileSync(join(folder, `${name}.log`), await phoneConsole(lab.site.control.phones, name));
    const nodes = Object.values(nodeAddresses);
    const options = [
      ...nodes.flatMap((address) => ["--collect", `${address}:${ports.https}`]),
      ...nodes.flatMap((address) => tlsSha256[address]!).flatMap((pin) => ["--tls-sha256", pin]),
      ...["--phone-log", folder],
    ];
    const before = process.env;
    process.env = { ...before, ...lab.env };
    try {
      const some = await run("verify", ...options, "--phone", lab.site.phones.healthy[1]!);
      expect(some).toMatchObject({ status: 0, err: "" });
      expect(some.out).toContain(": 9 of 9 steps passed");
      const everyone = await run("verify", ...options, "--json");
      expect(everyone).toMatchObject({
        status: 1,
        err: "phone-migration: 1 of 8 phones did not pass every step.",
      });
      expect(JSON.parse(everyone.out)).toMatchObject({ passed: 7 });
      const early = await run("verify", ...options, "--until", "2000-01-01 00:00");
      expect(early.status).toBe(1);
      expect(early.out).toContain("The TVS logs that were read show no question of this phone".slice(4));
    } finally {
      process.env = before;
    }
  });

  test("and back", async () => {
    await serve(lab, tftpOf(lab, "source"));
    await boots(lab.site.phones.healthy, "destination");
    const phones = await phonesWhen(lab.site.control.phones, isOn("source"));
    expect(phones.filter((p) => p.failed !== null).map((p) => p.name)).toEqual(lab.site.phones.stale);
  });

  test("a closed registration port and a forged CTL leave a phone nowhere until they are mended", async () => {
    await serve(lab, tftpOf(lab, "destination"));
    const [port, ctl] = lab.site.phones.healthy as [string, string];
    await fault(lab, { kind: "port", cluster: "destination", port: "registration", open: false });
    await boots([port], "source");
    await phonesWhen(lab.site.control.phones, (p) => p.name !== port || p.state === "unregistered");
    expect(await view(port)).toMatchObject({
      registered: null,
      failed: { reason: "callmanager-unreachable" },
    });
    await fault(lab, { kind: "heal" });
    await phonesWhen(lab.site.control.phones, (p) => p.name !== port || isOn("destination")(p));

    // Its CTL is refused, ITL and configuration pass by TVS: it follows, and finds no CallManager in its CTL.
    await fault(lab, { kind: "corrupt-ctl", cluster: "destination", corrupt: true });
    await boots([ctl], "source");
    await phonesWhen(lab.site.control.phones, (p) => p.name !== ctl || p.state === "unregistered");
    expect(await view(ctl)).toMatchObject({
      registered: null,
      failed: { step: "ctl", reason: "bad-signature" },
    });
    await fault(lab, { kind: "heal" });
    await phonesWhen(lab.site.control.phones, (p) => p.name !== ctl || isOn("destination")(p));
  });

  test("a vanished entry of Phone-SAST-trust and a new TVS certificate lock phones out", async () => {
    const [, , entry, tvs] = lab.site.phones.healthy as [string, string, string, string];
    const { nodes } = (await state(lab)).clusters.destination;
    const sha256 = nodes["cucm11-pub"]!.identities.CallManager!;
    await fault(lab, {
      kind: "remove-trust",
      cluster: "source",
      store: "Phone-SAST-trust",
      sha256,
      scope: "cluster",
      reload: true,
    });
    await boots([entry], "source");
    await phonesWhen(lab.site.control.phones, (p) => p.name !== entry || isOn("source")(p));
    expect(await view(entry)).toMatchObject({ failed: { step: "ctl", reason: "tvs-miss" } });

    await fault(lab, { kind: "replace-tvs", cluster: "source" });
    await boots([tvs], "source");
    await phonesWhen(lab.site.control.phones, (p) => p.name !== tvs || isOn("source")(p));
    expect(await view(tvs)).toMatchObject({ failed: { step: "ctl", reason: "tvs-not-in-itl" } });
  });

  test("leaves no secret where others can read", () => {
    const site = readFileSync(join(directory, "site.json"), "utf8");
    for (const [name, value] of Object.entries(lab.env)) {
      if (name.endsWith("_PASSWORD")) expect(site).not.toContain(value);
    }
  });
});
