/** One boot of one phone, as far as its trust lists go: what its console log says of the CTL, and then of the ITL. */
import type { PhoneLine, PhoneMark } from "./phone-log";
import type { Seen, SeenValue } from "./seen";

/** A question to a TVS server, by the phone. */
export interface Question {
  connecting?: SeenValue<string>;
  connected?: Seen;
  unconnected?: Seen;
  /** The phone did not even try: its ITL has no TVS record. */
  noRecord?: Seen;
  role?: SeenValue<number>;
  valid?: Seen;
  invalid?: Seen;
  handshake?: Seen;
  /** Bytes; null when the line does not say. */
  sent?: SeenValue<number | null>;
  received?: SeenValue<number>;
  notKnown?: Seen;
  cached?: Seen;
}

/** What became of one list. */
export interface ListMarks {
  asked?: Seen;
  fetched?: SeenValue<number>;
  tftp?: SeenValue<string>;
  /** To the server that was asked last. */
  question: Question;
  hashes?: Seen;
  parsed?: SeenValue<string>;
  updated?: Seen;
  refused?: SeenValue<string>;
}

export interface Attempt {
  device: string | null;
  readonly ctl: ListMarks;
  readonly itl: ListMarks;
  /** How many questions the phone had sent when it asked about the CTL's signer. */
  questions: number;
  phase: "ctl" | "itl" | "after";
}

export const newAttempt = (device: string | null): Attempt => ({
  device,
  ctl: { question: {} },
  itl: { question: {} },
  questions: 0,
  phase: "ctl",
});

export const wasAsked = ({ question }: ListMarks): boolean => Object.keys(question).length > 0;

const isOver = ({ updated, refused }: ListMarks) => updated !== undefined || refused !== undefined;

/** Something of the move itself: TVS was asked, or the new CTL could not be had or was not taken. */
export function isTelling({ ctl }: Attempt): boolean {
  return wasAsked(ctl) || ctl.refused !== undefined || (ctl.fetched?.value ?? 100) !== 100;
}

/** Puts a line where it belongs. That one file is over and the next one is begun shows even where its request is lost. */
export function noteIn(attempt: Attempt, { mark, seen }: PhoneLine): void {
  if (mark.kind === "asked") {
    attempt.phase = mark.file === "other" ? "after" : mark.file;
    if (mark.file !== "other") attempt[mark.file].asked ??= seen;
    return;
  }
  const isDownload = mark.kind === "fetched" || mark.kind === "tftp";
  if (!isDownload && attempt.phase === "ctl" && isOver(attempt.ctl)) attempt.phase = "itl";
  else if (!isDownload && attempt.phase === "itl" && isOver(attempt.itl)) attempt.phase = "after";
  if (attempt.phase === "after") return;
  noteOf(attempt[attempt.phase], mark, seen);
}

function noteOf(list: ListMarks, mark: Exclude<PhoneMark, { kind: "asked" }>, seen: Seen): void {
  // A server after another one: what the first one did is no part of this conversation.
  if (mark.kind === "connecting" && list.question.connecting !== undefined) list.question = {};
  const { question } = list;
  switch (mark.kind) {
    case "fetched":
      list.fetched ??= { ...seen, value: mark.value };
      return;
    case "tftp":
      list.tftp ??= { ...seen, value: mark.value };
      return;
    case "parsed":
      list.parsed ??= { ...seen, value: mark.value };
      return;
    case "refused":
      list.refused ??= { ...seen, value: mark.value };
      return;
    case "hashes":
    case "updated":
      list[mark.kind] ??= seen;
      return;
    case "connecting":
      question.connecting = { ...seen, value: mark.value };
      return;
    case "role":
    case "received":
      if (mark.value !== null) question[mark.kind] ??= { ...seen, value: mark.value };
      return;
    case "sent":
      question.sent ??= { ...seen, value: mark.value };
      return;
    case "valid":
      question[mark.value ? "valid" : "invalid"] ??= seen;
      return;
    case "no-tvs-record":
      question.noRecord ??= seen;
      return;
    case "not-known":
      question.notKnown ??= seen;
      return;
    case "connected":
    case "unconnected":
    case "handshake":
    case "cached":
      question[mark.kind] ??= seen;
      return;
  }
}
