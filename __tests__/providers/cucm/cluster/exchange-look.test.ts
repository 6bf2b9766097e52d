import { ClusterError } from "../../../../providers/cucm/cluster/cluster";
import { lookAt } from "../../../../providers/cucm/cluster/exchange-look";
import { FakeDirectory } from "../fake-directory";
import { FILES } from "./fakes/pkcs12-files";
import { live } from "./fakes/setup";

let directory: FakeDirectory;
let said: string[];
beforeEach(() => {
  directory = new FakeDirectory();
  said = [];
});
const put = (name: string, base64: string) =>
  directory.put(name, Buffer.from(base64, "base64").toString("latin1"));
const look = async (
  deadlineMs?: number,
  signal = live(),
  files?: Awaited<ReturnType<FakeDirectory["files"]>>,
) =>
  lookAt(
    directory,
    files ?? (await directory.files()),
    { signal, progress: (line) => said.push(line) },
    deadlineMs,
  );

it("shows what is inside, or why it is not seen: one line for each file", async () => {
  put("a.p12", FILES.aes256WithKey);
  put("b.p12", FILES.otherPassphrase);
  put("c\u001b[2J\u009b1m", "AAAA");
  directory.put("d.p12", "x".repeat(256 * 1024 + 1));
  put("e.p12", FILES.plain);
  const files = [...(await directory.files()), { name: "gone.p12", size: 5, modified: 0 }];
  await look(undefined, live(), files);
  expect(said).toEqual([
    "a.p12 has certificates: cucm11-pub (SHA-256 f274a8acb474cdc4...); private keys: 1, which stayed closed",
    "b.p12 has parts that neither no passphrase nor an empty one opens: 1",
    "c [2J 1m cannot be looked into: it is no PKCS12 file that is understood here",
    "d.p12 cannot be looked into: it has more than 262144 bytes",
    "e.p12 has certificates: cucm11-pub (SHA-256 f274a8acb474cdc4...)",
    "gone.p12 cannot be looked into: it is not there any more",
  ]);
});

it("believes no size, and reads no more than it may", async () => {
  directory.put("lies.p12", "x".repeat(300_000));
  const asked: number[] = [];
  const read = directory.read.bind(directory);
  directory.read = (file, most) => {
    asked.push(most);
    return read(file, most);
  };
  await look(undefined, live(), [{ name: "lies.p12", size: 5, modified: 0 }]);
  expect(said).toEqual(["lies.p12 cannot be looked into: it has more than 262144 bytes"]);
  expect(asked).toEqual([256 * 1024 + 1]);
});

it("a server's error is a line as well", async () => {
  put("a.p12", FILES.plain);
  directory.read = async () => {
    throw new ClusterError("exchange", "127.0.0.1", "Directory /exchange cannot be read", "", "refused");
  };
  await look();
  expect(said).toEqual(["a.p12 cannot be looked into: Directory /exchange cannot be read"]);
});

it("looks into twenty files", async () => {
  for (let i = 10; i < 33; i++) put(`${i}.p12`, FILES.plain);
  await look();
  expect(said).toHaveLength(21);
  expect(said.at(-1)).toBe("3 more files of the exchange were not looked into");
});

describe("a server that does not answer", () => {
  beforeEach(() => {
    for (const name of ["a.p12", "b.p12", "c.p12"]) put(name, FILES.plain);
    const read = directory.read.bind(directory);
    directory.read = (file, most, signal?: AbortSignal) =>
      file === "a.p12"
        ? read(file, most)
        : new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
  });

  it("ends the look at its deadline", async () => {
    await look(100);
    expect(said).toEqual([
      expect.stringMatching(/^a.p12 has certificates/),
      "2 more files of the exchange were not looked into",
    ]);
  });

  it("ends it without a word when the run is stopped", async () => {
    const stop = new AbortController();
    const looking = look(undefined, stop.signal);
    setTimeout(() => stop.abort(), 50);
    await looking;
    expect(said).toEqual([expect.stringMatching(/^a.p12 has certificates/)]);
  });
});
