/**
 * Mutations for what comes from the network: bytes changed anywhere, and fields changed with every length around them
 * set right again, so that the reader is not stopped at the first length. One seed, one sequence.
 */
import { parseFileHeader } from "../../trust/file-header";
import { readTlvs, type TlvInput, writeTlvs } from "../../trust/tlv";
import { parseTrustList } from "../../trust/trust-list";
import { TVS_HEADER_BYTES } from "../../trust/tvs-message";

export type Random = () => number;

/** mulberry32: small, and the same everywhere for one seed. */
export function generator(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Campaign {
  readonly name: string;
  readonly bases: readonly Buffer[];
  /** Changes fields, lengths around them kept right. */
  readonly restructure: (base: Buffer, random: Random) => Buffer;
  /** Reads; returns whether it was well-formed. @throws anything: a finding */
  readonly check: (bytes: Buffer, random: Random) => boolean;
}

export interface Outcome {
  readonly runs: number;
  readonly wellFormed: number;
  /** Longest single run, CPU time: a busy machine is no hang. */
  readonly slowestMs: number;
  /** Resident memory at its highest, beyond that after the first thousand runs. */
  readonly grownBytes: number;
}

/** @throws Error with the seed and the number of the run */
export function fuzz(campaign: Campaign, seed: number, runs: number): Outcome {
  const random = generator(seed);
  const { bases, restructure, check } = campaign;
  let [wellFormed, slowestMs, before, peak] = [0, 0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const base = bases[Math.floor(random() * bases.length)]!;
    const kind = random();
    const fields = kind < 0.5 ? base : restructure(base, random);
    const bytes = kind < 0.4 || kind > 0.9 ? changeBytes(fields, random) : fields;
    const started = process.cpuUsage();
    try {
      if (check(bytes, random)) wellFormed++;
    } catch (cause) {
      throw new Error(`${campaign.name}: FUZZ_SEED=${seed}, run ${run}: ${bytes.toString("hex")}`, { cause });
    }
    const { user, system } = process.cpuUsage(started);
    slowestMs = Math.max(slowestMs, (user + system) / 1000);
    if (run % 1000 !== 999) continue;
    peak = Math.max(peak, process.memoryUsage.rss());
    if (before === 0) before = peak;
  }
  return { runs, wellFormed, slowestMs, grownBytes: peak - before };
}

export function outcomeText(name: string, seed: number, outcome: Outcome): string {
  const { runs, wellFormed, slowestMs, grownBytes } = outcome;
  return (
    `fuzz ${name}: FUZZ_SEED=${seed}, ${runs} runs, ${wellFormed} still well-formed, ` +
    `slowest ${slowestMs.toFixed(1)} ms, memory +${(grownBytes / 2 ** 20).toFixed(0)} MiB`
  );
}

function changeBytes(base: Buffer, random: Random): Buffer {
  let file = Buffer.from(base);
  for (let i = 1 + Math.floor(random() * 4); i > 0 && file.length > 0; i--) {
    const at = Math.floor(random() * file.length);
    const kind = random();
    if (kind < 0.5) file[at] = Math.floor(random() * 256);
    else if (kind < 0.7) file[at]! ^= 1 << Math.floor(random() * 8);
    else if (kind < 0.8) file = file.subarray(0, at);
    else if (kind < 0.9)
      file = Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + Math.floor(random() * 40))]);
    else {
      const repeated = file.subarray(0, Math.floor(random() * 400));
      file = Buffer.concat([file.subarray(0, at), repeated, file.subarray(at)]);
    }
  }
  return file;
}

/** One to three fields retagged, resized, filled anew, left out, doubled or moved. */
function changeFields(fields: readonly TlvInput[], random: Random): TlvInput[] {
  const changed = [...fields];
  const pick = (limit: number) => Math.floor(random() * limit);
  for (let i = 1 + pick(3); i > 0 && changed.length > 0; i--) {
    const at = pick(changed.length);
    const { tag, value } = changed[at]!;
    const bytes = value ?? Buffer.alloc(0);
    const ways: readonly (() => void)[] = [
      () => changed.splice(at, 1),
      () => changed.splice(pick(changed.length), 0, { tag, value }),
      () => changed.push(...changed.splice(at, 1)),
      () => (changed[at] = { tag: pick(256), value: bytes }),
      () => (changed[at] = { tag, value: bytes.subarray(0, pick(bytes.length + 1)) }),
      () => (changed[at] = { tag, value: Buffer.concat([bytes, Buffer.alloc(pick(64), pick(256))]) }),
      () => (changed[at] = { tag, value: Buffer.from(Array.from({ length: pick(40) }, () => pick(256))) }),
      () => (changed[at] = { tag, value: changeBytes(bytes, random) }),
    ];
    ways[pick(ways.length)]!();
  }
  return changed;
}

const failNever = () => new Error("a base is well-formed") as never;

/** A CTL, ITL or, without records, any signed file. */
export function restructureList(base: Buffer, random: Random): Buffer {
  const header = parseFileHeader(base);
  const body = base.subarray(header.headerLength);
  if (random() < 0.3 || !/^[CI]TL/.test(header.filename ?? "")) {
    return Buffer.concat([counted(changeFields(header.tlvs, random), 2), body]);
  }
  const { records } = parseTrustList(base);
  const chosen = Math.floor(random() * records.length);
  return Buffer.concat([
    base.subarray(0, header.headerLength),
    ...records.map(({ tlvs, offset, length }, i) =>
      i === chosen ? counted(changeFields(tlvs, random), 1) : base.subarray(offset, offset + length),
    ),
  ]);
}

/** The fields with what they are long in the one that says it, the first with that tag. */
function counted(fields: readonly TlvInput[], tag: number): Buffer {
  const bytes = writeTlvs(fields, failNever);
  const index = fields.findIndex((field) => field.tag === tag && field.value?.length === 2);
  if (index >= 0) bytes.writeUInt16BE(bytes.length, writeTlvs(fields.slice(0, index), failNever).length + 3);
  return bytes;
}

export function restructureMessage(base: Buffer, random: Random): Buffer {
  const fields = readTlvs(base, TVS_HEADER_BYTES, base.length, failNever);
  const body = writeTlvs(changeFields(fields, random), failNever);
  const head = Buffer.from(base.subarray(0, TVS_HEADER_BYTES));
  head.writeUInt16BE(body.length, 8);
  return Buffer.concat([head, body]);
}
