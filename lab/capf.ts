/**
 * How a lab phone gets an LSC from a lab CAPF. CAPF's own protocol (TLS on port 3804) is not public: this is a stand-in
 * of ours. The TLS is real; the lines inside are JSON, one message a line, UTF-8, LF, as for registrations.
 *
 * The phone connects to the server that its configuration names and shows the certificate that it has, if any. It must
 * itself check that the server's certificate is a CAPF record of its trust lists. Then it sends `enrol` with the public
 * key that it has made, and gets `issued` or `refused`; either way the connection ends.
 */
import { oneOf, parseObject, RegistrationProtocolError, text } from "./registration";

/** "Authentication Mode" of a CAPF operation; "existing certificate" is the LSC, or the MIC of a phone without one. */
export type CapfMode = "null string" | "authentication string" | "existing certificate";

/** `capfAuthMode` of a configuration file. The numbers are the lab's; 0 is that nothing is ordered. */
export const CAPF_MODES: { readonly [mode in CapfMode]: number } = {
  "authentication string": 1,
  "null string": 2,
  "existing certificate": 3,
};

export interface EnrolMessage {
  readonly type: "enrol";
  /** `SEP` and 12 hex digits. */
  readonly device: string;
  /** Base64 of the DER of a SubjectPublicKeyInfo. */
  readonly publicKey: string;
}

export type CapfAnswer =
  | { readonly type: "issued" /** Base64 of the DER. */; readonly certificate: string }
  | { readonly type: "refused"; readonly reason: CapfRefusal; readonly text: string };

const REFUSALS = ["unknown-device", "no-operation", "not-authenticated", "protocol-error"] as const;
export type CapfRefusal = (typeof REFUSALS)[number];

export function encodeCapfMessage(message: EnrolMessage | CapfAnswer): Buffer {
  return Buffer.from(`${JSON.stringify(message)}\n`, "utf8");
}

/** @throws RegistrationProtocolError when the line is not what a phone says to CAPF. */
export function parseEnrolMessage(line: string): EnrolMessage {
  const m = parseObject(line);
  if (m.type !== "enrol")
    throw new RegistrationProtocolError(`a phone does not send "${String(m.type)}" to CAPF`);
  return { type: "enrol", device: text(m, "device"), publicKey: text(m, "publicKey") };
}

/** @throws RegistrationProtocolError when the line is not what CAPF answers. */
export function parseCapfAnswer(line: string): CapfAnswer {
  const m = parseObject(line);
  if (m.type === "issued") return { type: "issued", certificate: text(m, "certificate") };
  if (m.type !== "refused") throw new RegistrationProtocolError(`CAPF does not send "${String(m.type)}"`);
  return { type: "refused", reason: oneOf(m, "reason", REFUSALS), text: text(m, "text") };
}
