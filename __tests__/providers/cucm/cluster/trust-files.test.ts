import type {
  CertificateAccess,
  ListedCertificate,
} from "../../../../providers/cucm/cluster/certificate-access";
import type { TrustStore } from "../../../../providers/cucm/cluster/cluster";
import { failure } from "../../../../providers/cucm/cluster/failure";
import { couldBe, TrustFiles } from "../../../../providers/cucm/cluster/trust-files";
import type { Certificate } from "../../../../trust/certificate";
import { identity } from "./fakes/identities";
import { AT, live } from "./fakes/setup";

const SERIAL = "3d24000000179479b8f124ac3f3b";
const wanted = identity("ucm11 pub.stormin.local", { serial: SERIAL }).certificate;
const older = identity("ucm11 pub.stormin.local").certificate;
const other = identity("elsewhere").certificate;

describe("couldBe", () => {
  it.each([
    `ucm11_pub.stormin.local_${SERIAL}.pem`,
    "ucm11_pub.stormin.local_ff.pem",
    "ucm11_pub.stormin.local.pem",
    "UCM11_PUB.stormin.local-EC_1.pem",
    "ucm11 pub.stormin.local",
    `anything_${SERIAL}.pem`,
  ])("%s could", (file) => {
    expect(couldBe(file, wanted)).toBe(true);
  });

  it.each(["ucm11_pub.stormin.localhost.pem", "ucm11.pem", "elsewhere_01.pem", "CAPF-36205338.pem"])(
    "%s could not",
    (file) => {
      expect(couldBe(file, wanted)).toBe(false);
    },
  );

  it("does not find a short serial number everywhere", () => {
    const short = identity("x", { serial: "1f" }).certificate;
    expect(couldBe("any_1f.pem", short)).toBe(true);
    expect(couldBe("any_001F.pem", short)).toBe(true);
    expect(couldBe("any_a1f.pem", short)).toBe(false);
    expect(couldBe("1f1f_22.pem", short)).toBe(false);
  });
});

describe("TrustFiles", () => {
  const calls: string[] = [];
  let files: { readonly [key: string]: Certificate } = {};
  const commands = {
    list: async (): Promise<readonly ListedCertificate[]> => {
      calls.push("list");
      return Object.keys(files).map((key) => ({ unit: key.split("/")[0]!, file: key.split("/")[1]! }));
    },
    show: async (_: string, { unit, file }: { unit: string; file: string }) => {
      calls.push(`show ${unit}/${file}`);
      return files[`${unit}/${file}`] ?? null;
    },
    refresh: () => {
      calls.push("refresh");
    },
  } as unknown as CertificateAccess;
  beforeEach(() => {
    calls.length = 0;
    files = {
      [`CallManager-trust/ucm11_pub.stormin.local_${SERIAL}.pem`]: wanted,
      "CallManager-trust/ucm11_pub.stormin.local_01.pem": older,
      "CallManager-trust/elsewhere_01.pem": other,
      "Phone-SAST-trust/ucm11_pub.stormin.local.pem": older,
    };
  });
  const entries = (trust: TrustFiles, store: TrustStore, ...candidates: Certificate[]) =>
    trust.entries(store, candidates, live());

  it("returns the same certificate and those of the same name, and fetches no other", async () => {
    const found = await entries(new TrustFiles(commands), "CallManager-trust", wanted);
    expect(found.map(({ certificate }) => certificate.sha256).sort()).toEqual(
      [wanted.sha256, older.sha256].sort(),
    );
    expect(calls).toEqual(["list", expect.stringMatching(/^show/), expect.stringMatching(/^show/)]);
  });

  it("lists once for all stores and callers, and fetches each file once", async () => {
    const trust = new TrustFiles(commands);
    await Promise.all([
      entries(trust, "CallManager-trust", wanted),
      entries(trust, "Phone-SAST-trust", wanted),
      entries(trust, "CAPF-trust", wanted),
      entries(trust, "CallManager-trust", wanted, other),
    ]);
    await entries(trust, "CallManager-trust", other);
    expect(calls.filter((call) => call === "list")).toHaveLength(1);
    expect(new Set(calls).size).toBe(calls.length);
  });

  it("looks anew after a write: the same file name may be another certificate", async () => {
    const trust = new TrustFiles(commands);
    expect((await entries(trust, "Phone-SAST-trust", wanted))[0]!.certificate.sha256).toBe(older.sha256);
    files = { "Phone-SAST-trust/ucm11_pub.stormin.local.pem": wanted };
    expect((await entries(trust, "Phone-SAST-trust", wanted))[0]!.certificate.sha256).toBe(older.sha256);
    trust.drop();
    expect((await entries(trust, "Phone-SAST-trust", wanted))[0]!.certificate.sha256).toBe(wanted.sha256);
  });

  it("fetches nothing that the listing carries, whatever its name", async () => {
    const listed = [wanted, older, other].map((certificate, i) => ({
      unit: "CallManager-trust",
      file: `${i}`,
      certificate,
    }));
    const trust = new TrustFiles({ ...commands, list: async () => listed });
    expect((await entries(trust, "CallManager-trust", wanted)).map(({ file }) => file)).toEqual(["0", "1"]);
    trust.drop();
    expect(calls).toEqual(["refresh"]);
  });

  it("shows all of a store, with what cannot be read and without what vanished", async () => {
    files = { ...files, "CallManager-trust/odd.pem": other, "CallManager-trust/gone.pem": other };
    const show = async (which: "own" | "trust", listed: ListedCertificate) => {
      if (listed.file === "odd.pem") throw failure(AT, "answer", "Odd", "It is no certificate.");
      return listed.file === "gone.pem" ? null : commands.show(which, listed, live());
    };
    const all = await new TrustFiles({ ...commands, show }).all("CallManager-trust", live());
    expect(all.map(({ file, certificate }) => [file, certificate?.commonName])).toEqual([
      [`ucm11_pub.stormin.local_${SERIAL}.pem`, "ucm11 pub.stormin.local"],
      ["ucm11_pub.stormin.local_01.pem", "ucm11 pub.stormin.local"],
      ["elsewhere_01.pem", "elsewhere"],
      ["odd.pem", undefined],
    ]);
  });

  it("does not mind a file that vanished", async () => {
    const trust = new TrustFiles(commands);
    await entries(trust, "CAPF-trust", wanted);
    files = {};
    expect(await entries(trust, "CallManager-trust", wanted)).toEqual([]);
  });
});
