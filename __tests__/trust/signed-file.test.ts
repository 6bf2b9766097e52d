import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  buildSignedFile,
  encodeSignedFile,
  parseSignedFile,
  TrustListError,
  verifySignedFile,
} from "../../trust/signed-file";
import { type Identity, identity, name } from "./authority";

let signer: Identity;
let other: Identity;
beforeAll(() => {
  signer = identity({ key: 2048 });
  other = identity({ key: 2048, subject: name({ CN: "other" }), serial: "01" });
});

function build(payload: Uint8Array, digest: "sha1" | "sha256" | "sha512" = "sha512"): Buffer {
  return buildSignedFile({
    payload,
    signer: signer.certificate,
    privateKey: signer.privateKey,
    digest,
    filename: "SEPB000B4BA0AEE.cnf.xml.sgn",
    timestamp: new Date("2026-01-02T03:04:05Z"),
  });
}

test("header, then the configuration as it is", () => {
  const payload = Buffer.from("<device><deviceSecurityMode>3</deviceSecurityMode></device>\n");
  const bytes = build(payload);
  const file = parseSignedFile(bytes);
  expect(file).toMatchObject({
    filename: "SEPB000B4BA0AEE.cnf.xml.sgn",
    digest: "sha512",
    timestamp: new Date("2026-01-02T03:04:05Z"),
    signer: { issuer: signer.certificate.issuer, serial: signer.certificate.serial },
  });
  expect(file.payload).toEqual(payload);
  expect(bytes.subarray(-payload.length)).toEqual(payload);
  expect(verifySignedFile(file, signer.certificate)).toBe(true);
  expect(verifySignedFile(file, signer.certificate.publicKey)).toBe(true);
  expect(verifySignedFile(file, other.certificate)).toBe(false);
});

test("openssl agrees", () => {
  const folder = mkdtempSync(join(tmpdir(), "signed-file-"));
  try {
    const file = parseSignedFile(build(Buffer.from("<device/>"), "sha1"));
    writeFileSync(
      join(folder, "key.pem"),
      signer.certificate.publicKey.export({ format: "pem", type: "spki" }),
    );
    writeFileSync(join(folder, "signature"), file.signature);
    writeFileSync(join(folder, "signed"), file.signedBytes);
    const args = ["dgst", "-sha1", "-verify", "key.pem", "-signature", "signature", "signed"];
    expect(execFileSync("openssl", args, { cwd: folder, encoding: "utf8" })).toBe("Verified OK\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("any payload comes back, and a changed byte anywhere is noticed", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 500 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (payload, at, change) => {
        const bytes = build(payload);
        const file = parseSignedFile(bytes);
        expect(Buffer.from(payload).equals(file.payload)).toBe(true);
        expect(encodeSignedFile(file).equals(bytes)).toBe(true);
        const changed = Buffer.from(bytes);
        changed[at % bytes.length]! ^= change;
        try {
          expect(verifySignedFile(parseSignedFile(changed), signer.certificate)).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(TrustListError);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("bounds: one megabyte unless the caller says otherwise", () => {
  const bytes = build(Buffer.alloc(1_048_576));
  expect(() => parseSignedFile(bytes)).toThrow(TrustListError);
  expect(parseSignedFile(bytes, { maxBytes: bytes.length }).payload).toHaveLength(1_048_576);
  expect(() => parseSignedFile(Buffer.from("<device/>"))).toThrow(TrustListError);
});
