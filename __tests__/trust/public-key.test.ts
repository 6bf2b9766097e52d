import { createECDH, ECDH, generateKeyPairSync } from "node:crypto";
import { keyOf } from "../../trust/public-key";
import { identity } from "./authority";

test.each([
  ["P-256", "prime256v1", 33],
  ["P-384", "secp384r1", 49],
  ["P-521", "secp521r1", 67],
] as const)("%s: the point of a record, uncompressed and compressed", (key, curve, size) => {
  const { certificate } = identity({ key });
  const point = certificate.publicKeyBytes;
  expect(keyOf(point).equals(certificate.publicKey)).toBe(true);
  const compressed = ECDH.convertKey(point, curve, undefined, undefined, "compressed") as Buffer;
  expect(compressed).toHaveLength(size);
  const read = keyOf(compressed);
  expect(read.asymmetricKeyDetails).toEqual({ namedCurve: curve });
  expect(read.export({ format: "jwk" })).toEqual(certificate.publicKey.export({ format: "jwk" }));
});

test.each([512, 1024, 2048, 3072, 4096])("RSA of %i bits", (bits) => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  expect(keyOf(publicKey.export({ format: "der", type: "pkcs1" })).equals(publicKey)).toBe(true);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["a point off its curve", Buffer.alloc(65, 4)],
  ["a point of another curve", createECDH("secp224r1").generateKeys()],
  ["a compressed point with no y", Buffer.concat([Buffer.of(2), Buffer.alloc(32, 0xff)])],
  ["other bytes", Buffer.from("3003020101", "hex")],
])("%s is refused", (_, bytes) => {
  expect(() => keyOf(bytes)).toThrow();
});
