/**
 * `FUZZ_RUNS=1000000 npx jest __tests__/trust/fuzz.test.ts` runs each campaign a million times; `FUZZ_SEED=...` repeats
 * one. Found must be: a well-formed file or message that is written back the same, or the typed error with its place.
 */

import { describeTrustList } from "../../trust/describe";
import { buildSignedFile, encodeSignedFile, parseSignedFile } from "../../trust/signed-file";
import { buildTrustList, encodeTrustList, parseTrustList, TrustListError } from "../../trust/trust-list";
import {
  decodeTvsMessage,
  encodeTvsMessage,
  TvsFrameReader,
  type TvsMessage,
  TvsMessageError,
} from "../../trust/tvs-message";
import { judgeTrustList } from "../../trust/verdict";
import { type Campaign, fuzz, outcomeText, type Random, restructureList, restructureMessage } from "./fuzzer";
import { elliptic, hex, input, publisher, recordOf, text, tlv } from "./lists";

const RUNS = Number(process.env.FUZZ_RUNS ?? 4000);
const SEED = (Number(process.env.FUZZ_SEED) || Date.now()) >>> 0;
/** Far more than any run takes, garbage collection included; far less than a hang. */
const HANG_MS = 2000;
const MEMORY_BYTES = 400 * 2 ** 20;

const all = input().records;
const certificate = publisher.certificate;
const keyOnly = recordOf(
  tlv(3, text(elliptic.certificate.subject)),
  tlv(4, hex("0000")),
  tlv(5, text(elliptic.certificate.issuer)),
  tlv(6, elliptic.certificate.serialBytes),
  tlv(7, elliptic.certificate.publicKeyBytes),
  tlv(11, Buffer.alloc(20, 1)),
  tlv(12, hex("01")),
  tlv(99, hex("beef")),
);

function refused(error: unknown, bytes: Buffer, type: typeof TrustListError | typeof TvsMessageError): false {
  if (error instanceof type && error.offset >= 0 && error.offset <= bytes.length) return false;
  throw error;
}

const LISTS: Campaign = {
  name: "trust lists",
  bases: [
    buildTrustList(input({ records: [all[0]!, all[5]!, all[5]!] })),
    buildTrustList(input({ kind: "ITL", version: "1.0", digest: "sha512", records: [all[4]!, all[3]!] })),
    Buffer.concat([buildTrustList(input({ records: [], signerVersion: [1, 1], version: "1.1" })), keyOnly]),
    buildTrustList(input({ digest: "sha256", records: Array(12).fill(all[5]!) })),
  ],
  restructure: restructureList,
  check: (bytes, random) => {
    try {
      const list = parseTrustList(bytes);
      if (!encodeTrustList(list).equals(bytes)) throw new Error("written differently");
      const verdict = judgeTrustList(list, { signers: [certificate] });
      if (random() < 0.05) describeTrustList(list, verdict);
      return true;
    } catch (error) {
      return refused(error, bytes, TrustListError);
    }
  },
};

const FILES: Campaign = {
  name: "signed files",
  bases: [
    buildSignedFile({
      signer: certificate,
      privateKey: publisher.privateKey,
      digest: "sha1",
      filename: "SEP001122334455.cnf.xml.sgn",
      timestamp: new Date(0),
      payload: Buffer.from("<device/>"),
    }),
  ],
  restructure: restructureList,
  check: (bytes) => {
    try {
      if (!encodeSignedFile(parseSignedFile(bytes)).equals(bytes)) throw new Error("written differently");
      return true;
    } catch (error) {
      return refused(error, bytes, TrustListError);
    }
  },
};

const { subject, issuer, serial, der } = certificate;
const head = { session: 1001, deviceName: "CP-8861-SEPB000B4BA0AEE" };
const MESSAGES: readonly TvsMessage[] = [
  { type: "verify-request", ...head, certificate: der },
  { type: "query-request", ...head, subject, issuer, serial },
  { type: "verify-response", session: 1001, reserved: 0xf7, status: 0, roles: [0, 3], timeToLive: 86_400 },
  {
    type: "query-response",
    session: 1001,
    status: 0,
    certificate: der,
    roles: [0, 3],
    timeToLive: 86_400,
    unknown: [{ tag: 99, value: Buffer.from("beef", "hex") }],
  },
];

const TVS: Campaign = {
  name: "TVS messages",
  bases: MESSAGES.map(encodeTvsMessage),
  restructure: restructureMessage,
  check: (bytes, random) => {
    let decoded: TvsMessage | undefined;
    try {
      decoded = decodeTvsMessage(bytes);
    } catch (error) {
      refused(error, bytes, TvsMessageError);
    }
    if (decoded !== undefined) {
      const again = encodeTvsMessage(decoded);
      if (!encodeTvsMessage(decodeTvsMessage(again)).equals(again)) throw new Error("written differently");
    }
    const streamed = stream(bytes, random);
    if (decoded !== undefined && streamed !== 1) throw new Error(`${streamed} messages from the socket`);
    return decoded !== undefined;
  },
};

/** The same bytes as a socket may cut them: how many messages came out of them. */
function stream(bytes: Buffer, random: Random): number {
  const reader = new TvsFrameReader();
  let messages = 0;
  try {
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + Math.floor(random() * 600);
      messages += reader.push(bytes.subarray(at, end)).length;
      at = end;
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof TvsMessageError)) throw error;
    return -1;
  }
  return messages;
}

test.each([LISTS, FILES, TVS].map((campaign) => [campaign.name, campaign] as const))(
  "%s: no crash, no hang, memory bounded",
  (name, campaign) => {
    const outcome = fuzz(campaign, SEED, RUNS);
    process.stdout.write(`${outcomeText(name, SEED, outcome)}\n`);
    expect(outcome.wellFormed).toBeGreaterThan(RUNS / 100);
    expect(outcome.wellFormed).toBeLessThan(RUNS);
    expect(outcome.slowestMs).toBeLessThan(HANG_MS);
    expect(outcome.grownBytes).toBeLessThan(MEMORY_BYTES);
  },
  60_000 + RUNS * 20,
);
