import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { freePort } from "../../../../../lab/cluster/servers/listener";
import { LabSftp } from "../../../../../lab/cluster/servers/sftp";
import { openSftpDirectory } from "../../../../../providers/cucm/cluster/transports/sftp";
import { FrozenProxy } from "../fakes/frozen-proxy";
import { ADDRESS, failureOf, live } from "../fakes/setup";
import { type SftpUnderTest, sftpScenarios } from "../fakes/sftp-scenarios";

const credentials = { username: "exchange", password: "xch-s3cret" };
let sftp: LabSftp;
let underTest: SftpUnderTest;
beforeAll(async () => {
  sftp = new LabSftp(credentials, generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
  const port = await freePort([ADDRESS], new Set());
  await sftp.listen(ADDRESS, port);
  const inside = (name: string) => `${LabSftp.DIRECTORY}/${name}`;
  underTest = {
    server: {
      name: "exchange",
      address: ADDRESS,
      port,
      directory: LabSftp.DIRECTORY,
      hostKeys: [sftp.fingerprint],
      credentials,
    },
    names: () => [...sftp.files.keys()].map((path) => path.slice(inside("").length)).sort(),
    put: (name, text) => sftp.files.set(inside(name), { bytes: Buffer.from(text), modified: 1 }),
    clear: () => {
      sftp.files.clear();
      for (const folder of sftp.folders) if (folder.startsWith(inside(""))) sftp.folders.delete(folder);
    },
    setReadOnly: (readOnly) => {
      sftp.readOnly = readOnly;
    },
    logins: () => sftp.logins,
  };
});
afterAll(() => sftp.close());

sftpScenarios(() => underTest);

it("tries a refused password once only: accounts get locked", async () => {
  sftp.refuses = true;
  const before = sftp.attempts;
  await failureOf(openSftpDirectory(underTest.server, live()));
  expect(sftp.attempts).toBe(before + 1);
  sftp.refuses = false;
});

it("answers keyboard-interactive where that is all there is", async () => {
  sftp.methods = ["keyboard-interactive"];
  await (await openSftpDirectory(underTest.server, live())).close();
  sftp.methods = ["password"];
});

it("knows no free space where the server does not tell it", async () => {
  const directory = await openSftpDirectory(underTest.server, live());
  expect(await directory.freeBytes(live())).toBeNull();
  await directory.close();
});

it("says that nothing listens", async () => {
  const port = await freePort([ADDRESS], new Set());
  const error = await failureOf(openSftpDirectory({ ...underTest.server, port }, live()));
  expect(error).toMatchObject({
    kind: "unreachable",
    summary: `Cannot reach SFTP (TCP ${port}) of ${ADDRESS}`,
  });
});

it.each(["before", "meanwhile"])(
  "stopped %s, what was asked ends in no unhandled rejection",
  async (when) => {
    const directory = await openSftpDirectory(underTest.server, live());
    sftp.silent = true;
    const stop = new AbortController();
    if (when === "before") stop.abort();
    const files = directory.files(stop.signal);
    stop.abort();
    await expect(files).rejects.toMatchObject({ kind: "cancelled" });
    await directory.close();
    // The library gives up what has no answer when the connection has ended; jest fails if nobody takes that.
    await new Promise((resolve) => setTimeout(resolve, 100));
    sftp.silent = false;
  },
);

describe("a server that has frozen: its TCP lives, and nothing comes any more", () => {
  let proxy: FrozenProxy;
  beforeEach(async () => {
    proxy = await FrozenProxy.before(underTest.server.port);
  });
  afterEach(() => proxy.stop());
  const open = (signal: AbortSignal) => openSftpDirectory({ ...underTest.server, port: proxy.port }, signal);

  it("holds up nobody who closes", async () => {
    const directory = await open(live());
    proxy.frozen = true;
    const stop = new AbortController();
    const files = directory.files(stop.signal);
    stop.abort();
    await expect(files).rejects.toMatchObject({ kind: "cancelled" });
    await directory.close();
  });

  it("keeps no connection of a login that was stopped", async () => {
    proxy.frozen = true;
    const stop = new AbortController();
    const opened = open(stop.signal);
    const connection = await proxy.connection;
    stop.abort();
    await expect(opened).rejects.toMatchObject({ kind: "cancelled" });
    if (!connection.readableEnded) await once(connection, "end");
  });
});
