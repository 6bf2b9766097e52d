import { createPublicKey, type KeyObject } from "node:crypto";

/**
 * The key of a trust list record: PKCS#1 `RSAPublicKey`, or the point of an EC key (X9.62), uncompressed or compressed,
 * on the curves that CUCM offers. @throws Error when it is neither
 */
export function keyOf(bytes: Buffer): KeyObject {
  const curve = CURVES.find(({ bytes: size }) =>
    bytes[0] === UNCOMPRESSED
      ? bytes.length === 1 + 2 * size
      : (bytes[0] === EVEN || bytes[0] === ODD) && bytes.length === 1 + size,
  );
  if (curve === undefined) return createPublicKey({ key: bytes, format: "der", type: "pkcs1" });
  const bitString = der(0x03, Buffer.of(0), bytes);
  const spki = der(0x30, der(0x30, EC_PUBLIC_KEY, Buffer.from(curve.oid, "hex")), bitString);
  return createPublicKey({ key: spki, format: "der", type: "spki" });
}

const UNCOMPRESSED = 0x04;
const EVEN = 0x02;
const ODD = 0x03;

/** 1.2.840.10045.2.1 (RFC 5480). */
const EC_PUBLIC_KEY = Buffer.from("06072a8648ce3d0201", "hex");

/** P-256, P-384, P-521: bytes of a coordinate, and the curve's identifier in DER (RFC 5480). */
const CURVES = [
  { bytes: 32, oid: "06082a8648ce3d030107" },
  { bytes: 48, oid: "06052b81040022" },
  { bytes: 66, oid: "06052b81040023" },
] as const;

/** At most 255 bytes of content: no point is longer. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 0x80 ? [body.length] : [0x81, body.length];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
