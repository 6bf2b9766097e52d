/**
 * The little of DER (X.690) that a certificate needs: definite, shortest lengths, single-byte tags, nothing else.
 * Offsets are absolute in the buffer that was handed in.
 */
export interface DerNode {
  readonly tag: number;
  /** First byte of the tag. */
  readonly start: number;
  readonly content: Buffer;
  /** First byte after the content. */
  readonly end: number;
}

export const DerTag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OID: 0x06,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

export class DerError extends Error {
  override readonly name = "DerError";
  constructor(
    readonly offset: number,
    problem: string,
  ) {
    super(`DER at byte ${offset}: ${problem}`);
  }
}

/** Reads the element that begins at `start`. @throws DerError */
export function readDer(bytes: Buffer, start: number, end = bytes.length): DerNode {
  if (start + 2 > end) throw new DerError(start, "the element ends before its length");
  const tag = bytes[start]!;
  if ((tag & 0x1f) === 0x1f) throw new DerError(start, "a tag of several bytes");
  let length = bytes[start + 1]!;
  let at = start + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    // 3 bytes hold 16 MB: more than any certificate, and no arithmetic can overflow.
    if (count === 0 || count > 3) throw new DerError(start + 1, `a length of ${count} bytes`);
    if (at + count > end) throw new DerError(start + 1, "the length is cut off");
    length = bytes.readUIntBE(at, count);
    if (length < 0x80 || (count > 1 && bytes[at] === 0)) {
      throw new DerError(start + 1, "a length that is not the shortest");
    }
    at += count;
  }
  if (at + length > end) throw new DerError(start, `${length} bytes of content, ${end - at} are there`);
  return { tag, start, content: bytes.subarray(at, at + length), end: at + length };
}

/** The elements inside `node`, in order; they fill it exactly. @throws DerError */
export function childrenOf(node: DerNode): DerNode[] {
  const children: DerNode[] = [];
  for (let at = 0; at < node.content.length; ) {
    const child = readDer(node.content, at);
    children.push(child);
    at = child.end;
  }
  return children;
}

/** @throws DerError unless the node is there and has that tag. */
export function expectTag(node: DerNode | undefined, tag: number, what: string): DerNode {
  if (node === undefined) throw new DerError(0, `${what} is missing`);
  if (node.tag !== tag) throw new DerError(node.start, `${what} has tag 0x${node.tag.toString(16)}`);
  return node;
}

/** Whole bytes of a BIT STRING. @throws DerError */
export function bitStringBytes(node: DerNode, what: string): Buffer {
  expectTag(node, DerTag.BIT_STRING, what);
  if (node.content[0] !== 0) throw new DerError(node.start, `${what} is not a whole number of bytes`);
  return node.content.subarray(1);
}

/** Dotted text of an OBJECT IDENTIFIER. @throws DerError */
export function oidText(node: DerNode): string {
  expectTag(node, DerTag.OID, "object identifier");
  const arcs: number[] = [];
  let arc = 0;
  for (const [i, byte] of node.content.entries()) {
    if (arc > Number.MAX_SAFE_INTEGER / 256) throw new DerError(node.start, "an OID arc beyond all measure");
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    } else if (i === node.content.length - 1) {
      throw new DerError(node.start, "an OID that is cut off");
    }
  }
  const first = arcs.shift();
  if (first === undefined) throw new DerError(node.start, "an empty OID");
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...arcs].join(".");
}
