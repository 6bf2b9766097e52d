import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Change, Scope } from "../../../../../providers/dhcp/backends/backend";
import { IscDhcpdBackend } from "../../../../../providers/dhcp/backends/isc-dhcpd/backend";
import { DEFAULTS } from "../../../../../providers/dhcp/backends/isc-dhcpd/config";
import type { HostSession } from "../../../../../providers/dhcp/backends/isc-dhcpd/session";
import { holderIn } from "../../../../../providers/dhcp/backends/isc-dhcpd/ssh-lock";
import { openSession } from "../../../../../providers/dhcp/backends/isc-dhcpd/ssh-session";
import { DESTINATION, op, SCOPE, SOURCE } from "../../support/backend";
import { failing } from "../../support/fake-dhcpd";
import { RealDhcpHost, requireDhcpd } from "../../support/real-dhcpd";

/** Our backend against the real thing: OpenSSH, its SFTP, dhcpd, and what a phone is offered on the wire. */

jest.setTimeout(60_000);

const SECRET = "c2VjcmV0LWtleS1vZi1vbWFwaQ==";
const CONFIGURATION = `
# An untidy file, as they are.
authoritative; ping-check false; default-lease-time 600;
option cisco-tftp code 150 = array of ip-address;
key k { algorithm hmac-sha256; secret "${SECRET}"; };
include "@/option150-global.conf";
class "pilots" { match if hardware = 01:02:00:00:00:00:77; option cisco-tftp 203.0.113.77; }
subnet 10.1.20.0 netmask 255.255.255.0 {
  option routers 10.1.20.1;
  include "@/option150-10.1.20.0-24.conf";
  pool { range 10.1.20.100 10.1.20.199; include "@/option150-10.1.20.100-10.1.20.199.conf"; }
}
shared-network "büro" {
  include "@/option150-network-b%C3%BCro.conf";
  subnet 10.1.21.0 netmask 255.255.255.0 { pool { range 10.1.21.100 10.1.21.199; } }
}
host reception {
  hardware ethernet 02:00:00:00:00:43;
  fixed-address 10.1.20.43;
  include "@/option150-02-00-00-00-00-43.conf";
}
include "@/pilots.conf";
`;
const FILE = "option150-10.1.20.0-24.conf";
const AS_FOUND = `# of the voice team\noption cisco-tftp ${SOURCE.join(",  ")};`;
const FILES = {
  [FILE]: AS_FOUND,
  "option150-global.conf": "",
  "option150-10.1.20.100-10.1.20.199.conf": "",
  "option150-network-b%C3%BCro.conf": "",
  "option150-02-00-00-00-00-43.conf": "",
  "pilots.conf": "",
};
const THERE: Change = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" };
const BRANCH = "10.1.21.2";

let host: RealDhcpHost;
const backend = (more: Parameters<RealDhcpHost["config"]>[0] = {}) => new IscDhcpdBackend(host.config(more));
beforeAll(async () => {
  requireDhcpd();
  host = await RealDhcpHost.start(CONFIGURATION, FILES);
});
afterAll(() => host?.stop());
afterEach(() => {
  for (const [name, text] of Object.entries(FILES)) expect([name, host.file(name)]).toEqual([name, text]);
});

test("a subnet there and back: what is offered changes, and the file comes back byte for byte", async () => {
  const dhcpd = backend();
  const before = await dhcpd.read(SCOPE, op());
  expect(before.answer).toEqual(SOURCE);
  expect(before.findings).toEqual([
    expect.objectContaining({ kind: "shadowed", scope: "class pilots", value: "203.0.113.77" }),
  ]);
  expect(JSON.stringify(before)).not.toContain(SECRET);
  expect(host.offered()).toEqual(SOURCE);

  const starts = host.starts();
  expect((await dhcpd.apply(SCOPE, THERE, op())).answer).toEqual(DESTINATION);
  expect(host.offered()).toEqual(DESTINATION);
  // As measured: what beats a subnet here, does not in Kea.
  expect(host.offered("02:00:00:00:00:77")).toEqual(["203.0.113.77"]);
  await dhcpd.apply(SCOPE, { ...THERE, expected: [DESTINATION] }, op());
  expect(host.starts()).toBe(starts + 1);

  const back = {
    answer: SOURCE,
    expected: [DESTINATION],
    restore: before.original,
    unsaved: "keep",
  } as const;
  await dhcpd.apply(SCOPE, back, op());
  expect(host.offered()).toEqual(SOURCE);
});

test.each<[string, Scope, string, string]>([
  [
    "a phone",
    { kind: "reservation", subnet: "10.1.20.0/24", mac: "02:00:00:00:00:42" },
    "02:00:00:00:00:42",
    "10.1.20.2",
  ],
  [
    "a phone that is declared",
    { kind: "reservation", subnet: "10.1.20.0/24", mac: "02:00:00:00:00:43" },
    "02:00:00:00:00:43",
    "10.1.20.2",
  ],
  [
    "a pool",
    { kind: "pool", subnet: "10.1.20.0/24", pool: "10.1.20.100-10.1.20.199" },
    "02:00:00:00:00:99",
    "10.1.20.2",
  ],
  ["a shared network", { kind: "shared-network", network: "büro" }, "02:00:00:00:00:99", BRANCH],
  ["the global options", { kind: "global" }, "02:00:00:00:00:99", BRANCH],
])(
  "%s, whose answer was inherited: offered there, and not after the way back",
  async (_, scope, mac, relay) => {
    const dhcpd = backend();
    const offered = host.offered(mac, relay);
    const { answer, original } = await dhcpd.read(scope, op());
    expect(answer).toBe("inherited");
    await dhcpd.apply(scope, { ...THERE, expected: ["inherited"] }, op());
    expect(host.offered(mac, relay)).toEqual(DESTINATION);
    if (scope.kind === "reservation") expect(host.offered("02:00:00:00:00:44")).toEqual(SOURCE);
    const back = {
      answer: "inherited",
      expected: [DESTINATION],
      restore: original,
      unsaved: "keep",
    } as const;
    await dhcpd.apply(scope, back, op());
    expect(host.offered(mac, relay)).toEqual(offered);
    if (scope.kind === "reservation" && mac.endsWith("42")) host.write("pilots.conf", "");
  },
);

test("dhcpd refuses its configuration: put back, not restarted, and served as before", async () => {
  const starts = host.starts();
  // dhcpd's own words on a file with a mistake: it repeats the line.
  const bad = `${host.directory}/../bad.conf`;
  writeFileSync(bad, `key k { algorithm hmac-sha256;\n secret "${SECRET}" "x";\n}\n`);
  const mistaken = `/usr/sbin/dhcpd -t -4 -cf ${bad}`;
  expect(spawnSync("sh", ["-c", mistaken], { encoding: "utf8" }).stderr).toContain(SECRET);
  const testCommand = `if grep -q 198 ${host.directory}/${FILE}; then ${mistaken}; fi`;
  const error = await failing(backend({ testCommand }).apply(SCOPE, THERE, op()));
  expect(error.message).toMatch(
    /refuses its configuration with option 150 of subnet.*\/bad\.conf line \d+.*put back/s,
  );
  expect(error.message).not.toContain(SECRET);
  expect(host.starts()).toBe(starts);
  expect(host.offered()).toEqual(SOURCE);
});

test("dhcpd does not come back: the old file is served again", async () => {
  const flag = `${host.directory}/../failed-once`;
  const statusCommand = `[ -e ${flag} ] || { touch ${flag}; echo failed; exit 3; }`;
  const error = await failing(backend({ statusCommand }).apply(SCOPE, THERE, op()));
  expect(error.message).toMatch(
    /did not come back.*status 3: failed\. The old content was put back, and dhcpd runs/s,
  );
  expect(host.offered()).toEqual(SOURCE);
});

test("dhcpd ends a second after it was started: the old file is served again", async () => {
  host.endSoon();
  const starts = host.starts();
  const { settleMs } = DEFAULTS;
  const error = await failing(backend({ settleMs }).apply(SCOPE, THERE, op()));
  expect(error.message).toMatch(
    /did not come back.*it ran at first, and then ended.*and dhcpd runs with it/s,
  );
  expect(host.starts()).toBe(starts + 2);
  expect(host.offered()).toEqual(SOURCE);
});

test("two runs at once: one waits for the other, and finds that somebody came before it", async () => {
  const results = await Promise.allSettled([
    backend().apply(SCOPE, THERE, op()),
    backend().apply(SCOPE, THERE, op()),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(host.offered()).toEqual(DESTINATION);
  host.write(FILE, AS_FOUND);
  host.control("restart");
});

test("a run that is killed before the restart lets go of the lock; the next one brings what is declared", async () => {
  const killed = new IscDhcpdBackend(host.config(), async (...login) => {
    if (logins++ > 0) throw new Error("killed");
    const session = await openSession(...login);
    const { restartCommand } = host.config();
    const run = session.run.bind(session);
    session.run = async (command, signal) => {
      if (command === restartCommand) session.close();
      return run(command, signal);
    };
    return session;
  });
  let logins = 0;
  expect((await failing(killed.apply(SCOPE, THERE, op()))).message).toContain("was left in between");
  expect(host.offered()).toEqual(SOURCE);
  const { answers, findings } = await backend().read(SCOPE, op());
  expect(answers).toEqual([SOURCE, DESTINATION]);
  expect(findings).toContainEqual(expect.objectContaining({ kind: "interrupted" }));
  await backend().apply(SCOPE, { ...THERE, expected: answers }, op());
  expect(host.offered()).toEqual(DESTINATION);
  const back = {
    answer: SOURCE,
    expected: [DESTINATION],
    restore: JSON.stringify([AS_FOUND]),
    unsaved: "keep",
  } as const;
  expect((await backend().apply(SCOPE, back, op())).answers).toEqual([SOURCE]);
});

describe("the lock", () => {
  const { signal } = op();
  const session = (beatMs: number, holdSeconds = 1) =>
    openSession(host.config(), "127.0.0.1", signal, { holdSeconds, beatMs });
  const path = () => `${host.directory}/.lock`;
  const open: HostSession[] = [];
  const locked = async (beatMs: number, holdSeconds?: number) => {
    const first = await session(beatMs, holdSeconds);
    open.push(first);
    expect(await first.lock(path(), 0, signal)).toBe(true);
    return first;
  };
  const other = async () => {
    const second = await session(200);
    open.push(second);
    return second;
  };
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
  });

  test("is held by a run that is there; a second one is told who holds it", async () => {
    await locked(200);
    const second = await other();
    expect(await second.lock(path(), 3, signal)).toBe(false);
    const file = await second.read(path(), 100, signal);
    expect(file.kind === "bytes" && holderIn(file.bytes.toString())).toMatchObject({ address: "127.0.0.1" });
  });

  test("of a run that is heard no more ends by itself, and that run writes nothing after it", async () => {
    const first = await locked(NEVER_MS);
    expect(await (await other()).lock(path(), 30, signal)).toBe(true);
    const late = failing(first.create(`${host.directory}/late`, Buffer.alloc(1), signal));
    expect((await late).message).toMatch(/lock on DHCP server 127\.0\.0\.1 was lost/);
    expect(() => host.file("late")).toThrow(/ENOENT/);
  });

  test("is freed at once by whoever ends its process, and the run is told", async () => {
    const first = await locked(NEVER_MS, 600);
    const file = await first.read(path(), 100, signal);
    const holder = file.kind === "bytes" ? holderIn(file.bytes.toString()) : null;
    const second = await other();
    await second.run(`kill ${holder!.process}`, signal);
    expect(await second.lock(path(), 0, signal)).toBe(true);
    expect((await failing(first.remove(path(), signal))).message).toContain("was lost");
  });
});
const NEVER_MS = 2 ** 30;

test("nothing is sent to another host key, or without a configured one, and the line to add is printed", async () => {
  const logins = host.logins();
  const unknown = await failing(backend({ hostKeys: [] }).read(SCOPE, op()));
  expect(unknown.kind).toBe("identity");
  expect(unknown.detail).toContain(`servers["dhcpd"].isc_dhcpd: ssh_sha256 = ["${host.hostKey}"]`);
  const other = await failing(backend({ hostKeys: [`SHA256:${"A".repeat(43)}`] }).read(SCOPE, op()));
  expect(other).toMatchObject({ kind: "identity", summary: expect.stringContaining("another SSH host key") });
  expect(host.logins()).toBe(logins);
});

test("a private key; a wrong key or password is told without it", async () => {
  const key = { username: "voice", privateKey: host.privateKey, passphrase: null };
  expect((await backend({ credentials: key }).read(SCOPE, op())).answer).toEqual(SOURCE);
  const wrong = await failing(
    backend({ credentials: { username: "voice", password: "not-the-one" } }).read(SCOPE, op()),
  );
  expect(wrong.kind).toBe("credentials");
  expect(wrong.message).not.toContain("not-the-one");
  const broken = await failing(
    backend({ credentials: { ...key, privateKey: "-----BEGIN not-a-key" } }).read(SCOPE, op()),
  );
  expect(broken.kind).toBe("credentials");
  expect(broken.message).not.toContain("not-a-key");
});

test("files that are not there, and commands that are not", async () => {
  const missing = await failing(backend({ configFile: "/nowhere/dhcpd.conf" }).read(SCOPE, op()));
  expect(missing.message).toContain("There is no such file: name it as config_file");
  const nowhere = await failing(
    backend({ includeDirectory: "/nowhere" }).apply(SCOPE, { ...THERE, expected: [SOURCE] }, op()),
  );
  expect(nowhere.message).toMatch(
    /\/nowhere\/.lock .* cannot be locked: flock ended with status \d+\. Does the directory exist/,
  );
  const error = await failing(backend({ testCommand: "nosuch-command -t" }).apply(SCOPE, THERE, op()));
  expect(error.message).toMatch(/status 127: .*nosuch-command: (?:command )?not found/);
});

test("a server that says nothing ends with the run; one that nobody runs is unreachable", async () => {
  const silent = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as { port: number };
  const stop = new AbortController();
  const read = failing(backend({ port }).read(SCOPE, { signal: stop.signal }));
  setTimeout(() => stop.abort(), 200);
  expect((await read).kind).toBe("cancelled");
  await new Promise((resolve) => silent.close(resolve));
  expect((await failing(backend({ port }).read(SCOPE, op()))).kind).toBe("unreachable");
});
