/**
 * What is in a PKCS12 file (RFC 7292), for people. It comes from others: keys stay closed, its MAC is not asked for,
 * and what it wants us to compute is bounded before anything is computed.
 */
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { asn1, default as NodeForge } from "node-forge";
import { Certificate } from "../../../trust/certificate";

/** A file of an exchange has a few kilobytes for each node. */
export const MOST_PKCS12_BYTES = 256 * 1024;
/**
 * Rounds of key derivation in a file, which the library makes without a pause: about a second for each passphrase.
 * Usual are 2,048 (OpenSSL) to 50,000 (Java).
 */
const MOST_ROUNDS = 50_000;
/** None at all, and an empty one, are not the same. No document of Cisco's names another. */
const PASSPHRASES = [null, ""] as const;

export interface Pkcs12Contents {
  readonly certificates: readonly { readonly commonName: string; readonly sha256: string }[];
  readonly privateKeys: number;
  /** Parts that neither no passphrase nor an empty one opens. */
  readonly closed: number;
}

/** Its message goes behind "cannot be looked into: ". */
export class Pkcs12Problem extends Error {
  override readonly name = "Pkcs12Problem";
}

type Node = asn1.Asn1;
type Forge = typeof NodeForge;
/** A part of the file: bags as they are, or the algorithm and what it closes. */
type Part =
  | { readonly bags: string }
  | { readonly algorithm: Node; readonly sealed: string; readonly rounds: number };

/** @throws Pkcs12Problem */
export async function lookInto(file: Buffer): Promise<Pkcs12Contents> {
  const { default: forge } = await import("node-forge");
  const parts = understood(() => partsOf(forge, file));
  const rounds = parts.reduce((sum, part) => sum + ("rounds" in part ? part.rounds : 0), 0);
  if (rounds > MOST_ROUNDS)
    throw new Pkcs12Problem(
      `opening it takes ${rounds} rounds of key derivation, and more than ${MOST_ROUNDS} are not made`,
    );
  const certificates: Pkcs12Contents["certificates"][number][] = [];
  let [privateKeys, closed] = [0, 0];
  for (const part of parts) {
    const bags = "bags" in part ? understood(() => bagsIn(forge, part.bags)) : await opened(forge, part);
    if (bags === null) closed += 1;
    for (const { type, certificate } of bags ?? []) {
      if (certificate !== null) certificates.push(certificate);
      else if (KEYS.some((key) => forge.pki.oids[key] === type)) privateKeys += 1;
    }
  }
  return { certificates, privateKeys, closed };
}

const KEYS = ["keyBag", "pkcs8ShroudedKeyBag"];

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Pkcs12Problem("it is no PKCS12 file that is understood here", { cause: error });
  }
}

function partsOf(forge: Forge, file: Buffer): readonly Part[] {
  const [, authSafe] = inside(forge.asn1.fromDer(file.toString("latin1")));
  const contents = inside(forge.asn1.fromDer(octets(content(forge, authSafe, "data"))));
  return contents.map((info) => {
    const [type] = inside(info);
    if (oid(forge, type) === forge.pki.oids.data) return { bags: octets(content(forge, info, "data")) };
    const [, encrypted] = inside(content(forge, info, "encryptedData"));
    const [, algorithm, sealed] = inside(encrypted);
    return { algorithm: there(algorithm), sealed: octets(there(sealed)), rounds: roundsIn(there(algorithm)) };
  });
}

interface Bag {
  readonly type: string;
  readonly certificate: Pkcs12Contents["certificates"][number] | null;
}

/** null when no passphrase fits. What opens with a wrong one makes no sense inside. */
async function opened(
  forge: Forge,
  { algorithm, sealed }: Exclude<Part, { bags: string }>,
): Promise<readonly Bag[] | null> {
  const { Class, Type } = forge.asn1;
  const octetString = forge.asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, sealed);
  // An encrypted key is built in the same way, and the library opens one.
  const whole = forge.asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [algorithm, octetString]);
  for (const passphrase of PASSPHRASES) {
    await nextTurn();
    try {
      // The types know neither a passphrase that is none nor that null comes back.
      const safe: Node | null = forge.pki.decryptPrivateKeyInfo(whole, passphrase as string);
      if (safe !== null) return bagsOf(forge, safe);
    } catch (error) {
      if (typeof (error as { oid?: unknown }).oid === "string")
        throw new Pkcs12Problem("it is encrypted in a way that is not known here", { cause: error });
    }
  }
  return null;
}

const bagsIn = (forge: Forge, der: string) => bagsOf(forge, forge.asn1.fromDer(der));

function bagsOf(forge: Forge, safe: Node): readonly Bag[] {
  return inside(safe).map((bag) => {
    const [id, value] = inside(bag);
    const type = oid(forge, id);
    if (type !== forge.pki.oids.certBag) return { type, certificate: null };
    const [, certificate] = inside(inside(value)[0]);
    return { type, certificate: described(Buffer.from(octets(inside(certificate)[0]), "latin1")) };
  });
}

function described(der: Buffer): Pkcs12Contents["certificates"][number] {
  const sha256 = createHash("sha256").update(der).digest("hex");
  try {
    return { commonName: Certificate.fromDer(der).commonName, sha256 };
  } catch {
    return { commonName: "(not readable)", sha256 };
  }
}

/** Whatever number is in an algorithm's parameters counts: wherever that of the rounds is, it is among them. */
function roundsIn(node: Node): number {
  if (Array.isArray(node.value)) return node.value.reduce((sum, each) => sum + roundsIn(each), 0);
  return node.type === INTEGER && node.value.length > 0
    ? Number(`0x${Buffer.from(node.value, "latin1").toString("hex")}`)
    : 0;
}
const INTEGER = 0x02;

/** What a ContentInfo of this type holds. */
function content(forge: Forge, info: Node | undefined, type: "data" | "encryptedData"): Node {
  const [is, holds] = inside(info);
  if (oid(forge, is) !== forge.pki.oids[type]) throw new Error(`no ${type}`);
  return there(inside(holds)[0]);
}

function oid(forge: Forge, node: Node | undefined): string {
  return forge.asn1.derToOid(octets(node));
}

function inside(node: Node | undefined): readonly Node[] {
  const { value } = there(node);
  if (!Array.isArray(value)) throw new Error("nothing inside");
  return value;
}

/** BER may cut a string into pieces. */
function octets(node: Node | undefined): string {
  const { value } = there(node);
  return Array.isArray(value) ? value.map(octets).join("") : value;
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("missing");
  return value;
}
