/** What our client of the exchange's directory does with any SFTP server; the lab's and a real one are both asked. */
import type { SftpServer } from "../../../../../providers/cucm/cluster/config";
import {
  type ExchangeDirectory,
  openSftpDirectory,
} from "../../../../../providers/cucm/cluster/transports/sftp";
import { failureOf, live } from "./setup";

export interface SftpUnderTest {
  readonly server: SftpServer;
  /** Names in the directory, with those in folders as `folder/name`, sorted. */
  names(): readonly string[];
  put(name: string, text: string): void;
  clear(): void;
  setReadOnly(readOnly: boolean): void;
  logins(): number;
}

export function sftpScenarios(underTest: () => SftpUnderTest): void {
  const opened: ExchangeDirectory[] = [];
  const open = async (changes: Partial<SftpServer> = {}) => {
    const directory = await openSftpDirectory({ ...underTest().server, ...changes }, live());
    opened.push(directory);
    return directory;
  };
  afterEach(async () => {
    for (const directory of opened.splice(0)) await directory.close();
    underTest().setReadOnly(false);
    underTest().clear();
  });

  it("writes, lists, reads, moves into a folder and removes", async () => {
    const directory = await open();
    expect(await directory.files(live())).toEqual([]);
    expect(await directory.read("folder/a", 9, live())).toBeNull();
    await directory.write("a.p12", "four", live());
    await directory.makeFolder("folder/deep", live());
    await directory.makeFolder("folder/deep", live());
    await directory.write("folder/b", "b", live());
    expect(await directory.files(live())).toEqual([{ name: "a.p12", size: 4, modified: expect.any(Number) }]);
    await directory.write("folder/b", "again", live());
    expect(await directory.read("folder/b", 9, live())).toEqual(Buffer.from("again"));
    await directory.rename("a.p12", "folder/deep/a.p12", live());
    expect(underTest().names()).toEqual(["folder/b", "folder/deep/a.p12"]);
    await directory.remove("folder/b", live());
    expect(underTest().names()).toEqual(["folder/deep/a.p12"]);
  });

  it("sees what others write", async () => {
    const directory = await open();
    underTest().put("theirs.p12", "1");
    const [first] = await directory.files(live());
    underTest().put("theirs.p12", "12");
    expect((await directory.files(live()))[0]).toMatchObject({ name: "theirs.p12", size: first!.size + 1 });
  });

  it("reads the beginning of a large file only, and lists no crowd", async () => {
    const directory = await open();
    underTest().put("large", "x".repeat(200_000));
    expect(await directory.read("large", 64 * 1024, live())).toHaveLength(64 * 1024);
    for (let i = 1; i < 2000; i++) underTest().put(`${i}`, "");
    expect(await directory.files(live())).toHaveLength(2000);
    underTest().put("one-more", "");
    const error = await failureOf(directory.files(live()));
    expect(error.summary).toMatch(/^Directory .* of SFTP server .* has too many files$/);
    expect(error.detail).toMatch(/^It has 2001 entries/);
  });

  it("shows no control characters of a name or an answer", async () => {
    const directory = await open();
    const error = await failureOf(directory.rename(`a\u001b[2J${"b".repeat(200)}`, "c", live()));
    expect(error.message).toMatch(/At a \[2Jb+\.\.\.\. It answered: .*no such file/i);
    expect(error.message).not.toContain("\u001b");
  });

  it("sends nothing to another host key, or without a configured one, and prints the line to add", async () => {
    const { hostKeys } = underTest().server;
    const before = underTest().logins();
    const unknown = await failureOf(open({ hostKeys: [] }));
    expect(unknown.kind).toBe("identity");
    expect(unknown.detail).toContain(`sftp_servers["exchange"]: host_key_sha256 = ["${hostKeys[0]}"]`);
    const other = await failureOf(open({ hostKeys: ["SHA256:AAAA"] }));
    expect(other).toMatchObject({ kind: "identity", summary: expect.stringContaining("another host key") });
    expect(other.detail).toContain(hostKeys[0]);
    expect(underTest().logins()).toBe(before);
    await open({ hostKeys: ["SHA256:AAAA", `${hostKeys[0]}=`] });
  });

  it("says that the password is wrong, without it", async () => {
    const { username } = underTest().server.credentials;
    const error = await failureOf(open({ credentials: { username, password: "not-the-one" } }));
    expect(error).toMatchObject({
      kind: "credentials",
      summary: expect.stringContaining("refuses the credentials"),
    });
    expect(error.message).not.toContain("not-the-one");
  });

  it("says that the directory is not there", async () => {
    const directory = await open({ directory: `${underTest().server.directory}-missing` });
    const error = await failureOf(directory.files(live()));
    expect(error.summary).toMatch(/^Directory .*-missing of SFTP server .* cannot be listed$/);
    expect(error.detail).toMatch(/Make the directory/);
  });

  it("says that the directory may not be written to", async () => {
    underTest().setReadOnly(true);
    const directory = await open();
    const write = await failureOf(directory.write("a", "a", live()));
    expect(write.summary).toMatch(/cannot be written to$/);
    expect(write.detail).toMatch(/Give the user of the exchange the right/);
    expect((await failureOf(directory.makeFolder("b", live()))).kind).toBe("refused");
  });

  it("ends with the run", async () => {
    const stop = new AbortController();
    const directory = await open();
    stop.abort();
    await expect(directory.files(stop.signal)).rejects.toMatchObject({ kind: "cancelled" });
  });
}
