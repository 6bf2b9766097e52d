/** `phone-migration verify` on files of every kind; what it reads out of them is tested beside `trust/moves`. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { inRange, rangeTime } from "../../cli/collected-logs";
import { logFiles } from "../../cli/log-files";
import type { SiteCluster } from "../../lab/site";
import { PHONE, seed } from "../trust/moves/logs";
import { run } from "./command";

const phone = `${seed("phone").join("\n")}\n`;
const tvs = `${seed("tvs").join("\n")}\n`;

let folder: string;
const at = (name: string) => join(folder, name);
const file = (name: string, content: string | Buffer) => {
  writeFileSync(at(name), content);
  return at(name);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-verify-"));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const verify = (phoneLog: string, tvsLog: string, ...more: readonly string[]) =>
  run("verify", "--phone-log", phoneLog, "--tvs-log", tvsLog, ...more);

test("nine steps, with their times, places and what they tell; the clocks; exit status 0", async () => {
  const ran = await verify(file("phone.log", phone), file("tvs.log", tvs));
  expect(ran).toMatchObject({ status: 0, err: "" });
  const lines = ran.out.replaceAll(`${folder}/`, "").split("\n");
  expect(lines[0]).toBe(`${PHONE}: 9 of 9 steps passed`);
  expect(lines[3]).toMatch(
    /^2 +pass +Nov 29 06:33:59\.395 +phone\.log:4, 7, 34, 41 +the phone connects to TVS, .*: TVS at 192\.168\.11\.32$/,
  );
  expect(lines[7]).toMatch(
    /^6 +pass +18:01:06\.345 +tvs\.log:42, .*: roles SAST \(0\), TFTP \(3\); session 1001$/,
  );
  expect(lines.at(-1)).toContain("is 11 h 27 min 6.435 s ahead of the phone's");
});

test("a step that failed: why, and what to change; exit status 1", async () => {
  const missed = tvs.replace("Found entry {rolecount : 2}", "Cannot find the certificate in the cache");
  const ran = await verify(file("phone.log", phone), file("tvs.log", missed));
  expect(ran).toMatchObject({ status: 1, err: "phone-migration: 1 of 1 phones did not pass every step." });
  expect(ran.out).toContain("TVS does not know the signer of the CTL");
  expect(ran.out).toMatch(/not in Phone-SAST-trust of that source node.*Deploy TrustExchange/s);
});

test("JSON: every step with its evidence", async () => {
  const ran = await verify(file("phone.log", phone), file("tvs.log", tvs), "--json");
  const { phones, passed } = JSON.parse(ran.out);
  expect(passed).toBe(1);
  expect(phones[0]).toMatchObject({ phone: PHONE, passed: true, decisive: null });
  expect(phones[0].clocks).toMatchObject({ tvsAheadSeconds: 41_226.434_802, file: at("tvs.log") });
  expect(phones[0].steps).toHaveLength(9);
  expect(phones[0].steps[3]).toEqual({
    number: 4,
    id: "query",
    log: "phone",
    status: "pass",
    time: "Nov 29 06:33:59.909",
    evidence: [{ file: at("phone.log"), line: 48, time: "Nov 29 06:33:59.909" }],
    facts: ["153 bytes"],
    cause: null,
    because: null,
    change: null,
  });
});

test("compressed, in several parts, by folder, by pattern, and from standard input", async () => {
  const half = tvs.indexOf("18:01:06.345 | debug 8:UNKNOWN:Incoming");
  const parts = [tvs.slice(0, half), tvs.slice(half)].map((part) => gzipSync(part));
  const packed = file("tvs.log.gz", Buffer.concat(parts));
  mkdirSync(at("phones/deep"), { recursive: true });
  file("phones/deep/console.log.gz", gzipSync(phone));
  expect(await verify(at("phones"), packed)).toMatchObject({ status: 0, err: "" });
  expect(await verify(at("pho*/d?ep/*.gz"), at("tvs*"))).toMatchObject({ status: 0, err: "" });
  const stdin = jest.spyOn(process, "stdin", "get");
  stdin.mockReturnValue(Readable.from([gzipSync(phone)]) as unknown as typeof process.stdin);
  expect(await verify("-", packed)).toMatchObject({ status: 0, err: "" });
});

test("a compressed file that is cut off or damaged, and text in UTF-16, are errors that say so", async () => {
  const good = file("tvs.log", tvs);
  const packed = gzipSync(phone);
  const cut = file("cut.gz", packed.subarray(0, packed.length - 20));
  expect(await verify(cut, good)).toMatchObject({
    status: 1,
    err: `phone-migration: ${cut} ends in the middle of its compressed data: it is truncated. Fetch it again.`,
  });
  const damaged = Buffer.from(packed);
  damaged.fill(0xff, 20, 60);
  expect((await verify(file("damaged.gz", damaged), good)).err).toMatch(/is compressed and damaged \(.*\)\./);
  const wide = file("wide.log", Buffer.from(`\ufeff${phone}`, "utf16le"));
  expect((await verify(wide, good)).err).toMatch(/is text in UTF-16/);
});

test("binary and empty files hold no phone, and a log without a line of its phone is not forgotten", async () => {
  const good = file("tvs.log", tvs);
  const binary = file("core", Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256)));
  expect(await verify(binary, good)).toMatchObject({
    status: 1,
    err: expect.stringContaining(
      `${binary}: no line of it tells of a phone's trust lists.\nphone-migration: The logs show no phone. Give `,
    ),
  });
  const empty = file("SEP001122334455.log", "");
  truncateSync(empty);
  const both = ["--phone-log", empty, file("phone.log", phone)];
  const ran = await run("verify", ...both, "--tvs-log", good);
  expect(ran.status).toBe(1);
  expect(ran.out).toContain("SEP001122334455: 0 of 9 steps passed");
  expect(ran.err).toContain("1 of 2 phones did not pass every step.");
});

describe("a folder with more than logs", () => {
  const other = "SEP001122334455";
  const silentFiles = [`phones/${PHONE}/config.xml`, `phones/${PHONE}/status.json`];
  const keyFiles = ["ctl.tlv", "lsc.key", "lsc.pem"].map((name) => `phones/${PHONE}/${name}`);
  let tvsLog: string;
  // Whoever reads one of these gets an error.
  const unreadable = Buffer.from("\ufeffkey", "utf16le");
  beforeEach(() => {
    for (const name of [PHONE, other]) mkdirSync(at(`phones/${name}`), { recursive: true });
    file(`phones/${PHONE}/console.log`, phone);
    for (const name of silentFiles) file(name, "nothing");
    for (const name of keyFiles) file(name, unreadable);
    file(`phones/${other}/status.json`, "nothing");
    file(`phones/${other}/lsc.key`, unreadable);
    mkdirSync(at("logs"));
    file("logs/tvs.log", tvs);
    file("logs/lab.pid", unreadable);
    tvsLog = at("logs");
  });

  test("what tells nothing is one line, without the files of phones that are not asked for; keys are not read", async () => {
    expect(await verify(at("phones"), tvsLog, "--phone", PHONE)).toMatchObject({
      status: 0,
      err: "2 files tell nothing of phones' trust lists; 4 files were not read, since the name is that of a key, a certificate or the like (--json lists them).",
    });
    const ran = await verify(at("phones"), tvsLog);
    expect(ran.err).toMatch(
      /^3 files tell nothing .*; 5 files were not read, .*\n.*1 of 2 phones did not pass/,
    );
  });

  test("JSON lists them", async () => {
    const ran = await verify(at("phones/*"), tvsLog, "--phone", PHONE, "--json");
    expect(ran).toMatchObject({ status: 0, err: "" });
    const { files } = JSON.parse(ran.out);
    expect([...files.tellNothing].sort()).toEqual(silentFiles.map(at));
    expect([...files.notRead].sort()).toEqual([at("logs/lab.pid"), ...keyFiles.map(at)]);
  });

  test("a phone whose folder holds no log is not forgotten", async () => {
    rmSync(at(`phones/${other}/status.json`));
    expect((await verify(at("phones"), tvsLog)).out).toContain(`${other}: 0 of 9 steps passed`);
  });

  test("a file that is named itself is read, whatever its name, and told", async () => {
    const [named, silent] = [file("console.key", phone), file("silent.pem", "nothing")];
    const ran = await run("verify", "--phone-log", named, silent, "--tvs-log", tvsLog, "--phone", PHONE);
    expect(ran.status).toBe(0);
    expect(ran.err).toMatch(
      /^\S+silent\.pem: no line of it tells of a phone's trust lists\.\n1 file was not read/,
    );
  });

  test("a folder without a log is refused", async () => {
    const ran = await verify(at(`phones/${PHONE}/*.key`), tvsLog);
    expect(ran.status).toBe(2);
    expect(ran.err).toMatch(/There is no log in .*\*\.key \(--phone-log\): by their names .*lsc\.key\./);
  });
});

test("of many phones those that passed are named in a line, and each remedy once", async () => {
  const name = (i: number) => `SEP0000000000${String(i).padStart(2, "0")}`;
  const hex = (text: string) =>
    Buffer.from(text, "latin1")
      .toString("hex")
      .replace(/..(?=.)/g, "$& ");
  mkdirSync(at("phones"));
  for (let i = 1; i <= 14; i++) file(`phones/${name(i)}.log`, phone.replaceAll(PHONE, name(i)));
  // Of the last two no question is in the TVS log.
  const traces = Array.from({ length: 12 }, (_, i) =>
    tvs
      .replace("50 42 30 30 30 42 34 42", hex(name(i + 1).slice(2, 10)))
      .replace("41 30 41 45 45", hex(name(i + 1).slice(10))),
  );
  const ran = await verify(at("phones"), file("tvs.log", traces.join("")));
  expect(ran).toMatchObject({ status: 1, err: "phone-migration: 2 of 14 phones did not pass every step." });
  const named = Array.from({ length: 10 }, (_, i) => name(i + 1)).join(", ");
  expect(ran.out.split("\n")[0]).toBe(`12 phones passed every step: ${named} and 2 more`);
  expect(ran.out.match(/: \d of 9 steps passed/g)).toHaveLength(2);
  expect(ran.out).toContain(
    `the TVS logs that were read show no question of this phone (${name(13)}, ${name(14)})\n`,
  );
});

test("--phone asks for phones that must be there", async () => {
  const [one, two] = [file("phone.log", phone), file("tvs.log", tvs)];
  expect(await verify(one, two, "--phone", PHONE.toLowerCase())).toMatchObject({ status: 0 });
  const none = "in none of the logs: check --phone, or give the logs of that time.";
  const wrong = await verify(one, two, "--phone", "SEP001122334455");
  expect(wrong).toEqual({ status: 1, out: "", err: `phone-migration: SEP001122334455 is ${none}` });
  const some = ["--phone", "SEP001122334455", "--phone", "SEP001122334466", "--phone", PHONE];
  const ran = await verify(one, two, ...some);
  expect(ran).toMatchObject({
    status: 1,
    err: `phone-migration: SEP001122334455, SEP001122334466 are ${none}`,
  });
  expect(ran.out.match(/^SEP.*/gm)).toEqual([`${PHONE}: 9 of 9 steps passed`]);
  const { phones } = JSON.parse((await verify(one, two, "--json", ...some.slice(2))).out);
  expect(phones).toMatchObject([
    { phone: "SEP001122334466", inLogs: false, passed: false },
    { phone: PHONE, inLogs: true, passed: true },
  ]);
});

test("a phone of which one log tells is in the logs", async () => {
  const log = file("other.log", phone.replaceAll(PHONE, "SEP001122334455"));
  const ran = await verify(log, file("tvs.log", tvs), "--phone", PHONE);
  expect(ran).toMatchObject({ status: 1, err: "phone-migration: 1 of 1 phones did not pass every step." });
  expect(ran.out).toContain("no console log of this phone was read");
});

test("without console logs the phones are those that asked TVS", async () => {
  const ran = await run("verify", "--tvs-log", file("tvs.log", tvs));
  expect(ran.status).toBe(1);
  expect(ran.out).toContain(`${PHONE}: 3 of 9 steps passed`);
});

test("nothing from a log reaches the terminal but what can be printed", async () => {
  const evil = phone.replace("[192.168.11.32],", "[\u001b[31m1.2.3.4\u0007],");
  const ran = await verify(file("phone.log", evil), file("tvs.log", tvs));
  expect(ran.out).toContain("TVS at ?[31m1.2.3.4?");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(ran.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test.each([
  [[], "Give --phone-log, and --tvs-log or --collect."],
  [["--phone-log", "-", "--tvs-log", "-"], "Standard input (-) can be one log only."],
  [["--phone-log", "/nowhere/x.log"], "There is no file or folder /nowhere/x.log (--phone-log)."],
  [["--tvs-log", "/nowhere/*.log"], "No file is named like /nowhere/*.log (--tvs-log)."],
  [["--collect", "10.0.0.1"], "--collect needs --tls-sha256 or --ca: a node proves who it is before"],
  [["--collect", "10.0.0.1", "--from", "noon"], 'noon is not a time such as "2026-11-28 17:00".'],
  [
    ["--collect", "10.0.0.1", "--from", "2026-11-28 17:00", "--until", "2026-11-28 16:59"],
    "--until 2026-11-28 16:59 is before --from 2026-11-28 17:00. Give the earlier one as --from.",
  ],
  [
    ["--collect", "10.0.0.1", "--tls-sha256", "AB".repeat(32), "--credentials", "NOBODY"],
    "CUCM_NOBODY_APPLICATION_USERNAME and CUCM_NOBODY_APPLICATION_PASSWORD",
  ],
  [["--tls-sha256", "5E:08"], "phone-migration: 5E:08 is no SHA-256: 64 hex digits"],
  [["--tls-sha256", ""], " is no SHA-256: 64 hex digits"],
  [["--collect", "10.0.0.1", "--tls-sha256", `${"AB:".repeat(31)}AG`], "AB:AG is no SHA-256: 64 hex digits"],
  [
    ["--collect", "10.0.0.1", "--tls-sha256", `${"AB:".repeat(31)}ab`, "--credentials", "NOBODY"],
    "CUCM_NOBODY_APPLICATION_USERNAME",
  ],
  [["--phone", "lobby"], "It must be a device name such as SEP001122334455."],
])("%j is not understood", async (args, says) => {
  const ran = await run("verify", ...args);
  expect(ran.status).toBe(2);
  expect(ran.err).toContain(says);
});

test.each([
  [["10.0.0.1"], "--collect needs --tls-sha256 or --ca"],
  [["10.0.0.1:99999", "--ca", "/nowhere/ca.pem"], "10.0.0.1:99999 is not a host, or host:port."],
  [["10.0.0.1", "--ca", "/nowhere/ca.pem"], "--ca /nowhere/ca.pem cannot be read"],
])("--collect %j is refused before a log is read", async (collect, says) => {
  // To read it would be an error of its own.
  const wide = file("wide.log", Buffer.from(`\ufeff${phone}`, "utf16le"));
  const ran = await verify(wide, wide, "--collect", ...collect);
  expect(ran).toMatchObject({ status: 2, out: "" });
  expect(ran.err).toMatch(/^phone-migration: /);
  expect(ran.err).toContain(says);
});

test.each([
  [["--from", "2026-11-28 17:00"], "--from"],
  [["--until", "noon", "--from", "2026-11-28 17:00"], "--from, --until"],
  [["--credentials", "SOURCE"], "--credentials"],
  [["--tls-sha256", "AB".repeat(32), "--legacy"], "--tls-sha256, --legacy"],
  [["--ca", "/nowhere/ca.pem"], "--ca"],
])("%j without --collect is refused, before a log is read", async (args, names) => {
  const wide = file("wide.log", Buffer.from(`\ufeff${phone}`, "utf16le"));
  const ran = await verify(wide, wide, ...args);
  expect(ran).toMatchObject({ status: 2, out: "" });
  expect(ran.err).toMatch(
    new RegExp(`^phone-migration: ${names}: without --collect nothing is fetched, .* Give --collect NODE`),
  );
});

test("--help says that a node may have a port, and where fingerprints come from", async () => {
  const out: string[] = [];
  const write = jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    out.push(String(text));
    return true;
  });
  const { status } = await run("verify", "--help");
  write.mockRestore();
  expect(status).toBe(0);
  const help = out.join("").replace(/\s+/g, " ");
  expect(help).toContain("--collect <node[:port]>");
  expect(help).toContain("port 8443 unless given");
  expect(help).toContain("openssl x509 -noout -fingerprint -sha256");
  expect(help).toContain(".lab/site.json");
});

test("the documented line for the lab gives options that are understood", async () => {
  const docs = readFileSync(join(__dirname, "../../docs/verify.md"), "utf8");
  const [, script] = /\$\(node -p '([^']*)'\)/.exec(docs)!;
  mkdirSync(at(".lab"));
  const pins = ["AB".repeat(32), "CD".repeat(32)] as const;
  const source: Pick<SiteCluster, "tlsSha256"> & { readonly ports: Pick<SiteCluster["ports"], "https"> } = {
    tlsSha256: { "127.0.0.2": [pins[0]], "127.0.0.3": [pins[1]] },
    ports: { https: 18_443 },
  };
  file(".lab/site.json", JSON.stringify({ source }));
  const printed = execFileSync(process.execPath, ["-p", script!], { cwd: folder, encoding: "utf8" });
  const options = printed.trim().split(" ");
  expect(options).toEqual([
    ...["--collect", "127.0.0.2:18443", "--tls-sha256", pins[0]],
    ...["--collect", "127.0.0.3:18443", "--tls-sha256", pins[1]],
  ]);
  // Which is looked at behind nodes and fingerprints.
  const ran = await run("verify", ...options, "--credentials", "NOBODY");
  expect(ran.err).toContain("CUCM_NOBODY_APPLICATION_USERNAME");
});

test("files of a folder come oldest first, and by their numbers where they are of one time", () => {
  for (const [name, seconds] of [
    ["log.10", 100],
    ["log.2", 100],
    ["log", 200],
    ["log.11", 50],
  ] as const) {
    file(name, name);
    utimesSync(at(name), seconds, seconds);
  }
  const names = (paths: readonly string[]) => paths.map((path) => path.slice(folder.length + 1));
  expect(names(logFiles([folder], "--tvs-log").read)).toEqual(["log.11", "log.2", "log.10", "log"]);
  expect(names(logFiles([at("log"), at("log*")], "--tvs-log").read)).toEqual([
    "log",
    "log.11",
    "log.2",
    "log.10",
  ]);
});

test("of a node's files those are fetched whose lines may be of the time that is asked for", () => {
  const files = [
    { path: "c", size: 1, modified: "Sat Nov 28 12:00:00 EST 2026" },
    { path: "a", size: 1, modified: "Sat Nov 28 10:00:00 EST 2026" },
    { path: "b", size: 1, modified: "Sat Nov 28 11:00:00 EST 2026" },
    { path: "odd", size: 1, modified: "" },
  ];
  const paths = (from?: string, until?: string) =>
    inRange(files, {
      ...(from !== undefined && { from: rangeTime(from) }),
      ...(until !== undefined && { until: rangeTime(until) }),
    }).map(({ path }) => path);
  expect(paths()).toEqual(["odd", "a", "b", "c"]);
  expect(paths("2026-11-28 10:30")).toEqual(["odd", "b", "c"]);
  expect(paths("2026-11-28 10:30", "2026-11-28 10:59:59")).toEqual(["odd", "b"]);
  expect(paths(undefined, "2026-11-28 11:00")).toEqual(["odd", "a", "b", "c"]);
  expect(paths("2026-11-28 13:00")).toEqual(["odd"]);
});
