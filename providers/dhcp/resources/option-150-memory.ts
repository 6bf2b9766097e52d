import type { Json } from "../../framework/schema/value";
import { type Answer, type Finding, type Reading, sameAnswer } from "../backends/backend";

/**
 * The resource's private data: what Read saw, so that a plan is a pure function of it and apply can tell whether
 * somebody else has changed the scope since.
 */
export interface Memory {
  readonly answers: readonly Answer[];
  readonly findings: readonly Finding[];
  /** How the source's answer was written when it was last seen: the way back restores it byte for byte. */
  readonly source: string | null;
  /** False when the last read failed: `answers` is older. */
  readonly reached: boolean;
  /** What is served was changed but could not be saved: a restart brings back what the server's file says. */
  readonly unsaved?: boolean;
}

/** @param source the declared answer of the source. */
export function remember(before: Memory | null, reading: Reading, source: Answer): Memory {
  return {
    answers: reading.answers,
    findings: reading.findings,
    source: reading.answers.every((a) => sameAnswer(a, source)) ? reading.original : (before?.source ?? null),
    reached: true,
    unsaved: before?.unsaved ?? false,
  };
}

/** After a change that succeeded: it was saved too, where the server saves. */
export const rememberSaved = (before: Memory, reading: Reading, source: Answer): Memory =>
  remember({ ...before, unsaved: false }, reading, source);

export function memoryOf(data: Json): Memory | null {
  if (data === null || typeof data !== "object" || !("answers" in data)) return null;
  return data as unknown as Memory;
}

export const asJson = (memory: Memory): Json => memory as unknown as Json;
