/**
 * How a lab phone registers with a lab CallManager: a stand-in for SIP over TLS with nothing but what a migration
 * depends on. The TLS is real; the lines inside are JSON, one message a line, UTF-8, LF.
 *
 * Connecting: the phone opens TLS (1.2) to an address and secure port of the CallManager group in its
 * configuration and presents its LSC. It must itself check that the server's certificate equals a CCM or CCM+TFTP
 * record of its trust lists: the node does not help. A node that does not trust the issuer of the LSC closes the
 * connection right after the handshake **without a message**, as a TLS refusal looks from the phone.
 *
 * Then: the phone sends `register`; the node answers `registered` or `refused` (and closes after `refused`). A
 * registered phone sends `keepalive` every `keepalive` seconds and gets `keepalive-ack`; a node that hears nothing
 * for three intervals closes. The node may send `reset` at any time after `registered`; the phone then sends
 * `unregister`, closes and boots again. A second registration of the same device replaces the first.
 */

/** Device security mode of the phone's profile, as `deviceSecurityMode` in its configuration file. */
export type SecurityMode = 1 | 2 | 3;

export type PhoneMessage =
  | {
      readonly type: "register";
      /** `SEP` and 12 hex digits; must be the device named by the CN of the LSC (`CP-8861-SEP...`). */
      readonly device: string;
      /** Firmware load, e.g. `sip88xx.10-3-1-20`. */
      readonly load: string;
      /** Address that the phone got from DHCP. */
      readonly ip: string;
      /** From the configuration that the phone holds. */
      readonly securityMode: SecurityMode;
      /** Address of the TFTP server that the configuration came from; RIS shows it as DownloadServer. */
      readonly downloadServer?: string;
      /** Whether its web server is on; RIS shows it as Httpd. */
      readonly httpd?: boolean;
      /** SHA-256 (hex) of its ITL: what newer releases record, though nobody tells how they learn it. */
      readonly itl?: string;
    }
  | { readonly type: "keepalive" }
  /** 8 is RIS's DeviceInitiatedReset, 34 ManualPowerOff. A connection closed without it is 6, ConnectivityError. */
  | { readonly type: "unregister"; readonly statusReason: 8 | 34 };

export type NodeMessage =
  | { readonly type: "registered" /** Seconds between keepalives. */; readonly keepalive: number }
  | { readonly type: "refused"; readonly reason: RefusalReason; readonly text: string }
  | { readonly type: "keepalive-ack" }
  /** What an administrator asked for in AXL. `apply` needs no boot unless the configuration changed. */
  | { readonly type: "reset"; readonly kind: "reset" | "restart" | "apply" };

/**
 * `unknown-device`: not in this cluster's database. `configuration-mismatch`: the security mode is not the one in
 * the database. `certificate-mismatch`: the LSC is another device's.
 */
export type RefusalReason =
  | "unknown-device"
  | "configuration-mismatch"
  | "certificate-mismatch"
  | "protocol-error";

export class RegistrationProtocolError extends Error {
  override readonly name = "RegistrationProtocolError";
}

/** Longest line, in bytes. A peer that sends a longer one is not speaking this protocol. */
export const MAX_LINE = 4096;

export function encodeMessage(message: PhoneMessage | NodeMessage): Buffer {
  return Buffer.from(`${JSON.stringify(message)}\n`, "utf8");
}

/** Splits a stream into lines. @throws RegistrationProtocolError for a line longer than {@link MAX_LINE}. */
export class LineReader {
  private rest = Buffer.alloc(0);

  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let buffer = Buffer.concat([this.rest, chunk]);
    for (let end = buffer.indexOf(0x0a); end >= 0; end = buffer.indexOf(0x0a)) {
      lines.push(buffer.subarray(0, end).toString("utf8"));
      buffer = buffer.subarray(end + 1);
    }
    if (buffer.length > MAX_LINE) throw new RegistrationProtocolError(`line longer than ${MAX_LINE} bytes`);
    this.rest = buffer;
    return lines;
  }
}

/** @throws RegistrationProtocolError when the line is no message that a phone may send. */
export function parsePhoneMessage(line: string): PhoneMessage {
  const m = parseObject(line);
  switch (m.type) {
    case "register":
      return {
        type: "register",
        device: text(m, "device"),
        load: text(m, "load"),
        ip: text(m, "ip"),
        securityMode: oneOf(m, "securityMode", [1, 2, 3]),
        ...(m.downloadServer === undefined ? {} : { downloadServer: text(m, "downloadServer") }),
        ...(m.httpd === undefined ? {} : { httpd: m.httpd === true }),
        ...(m.itl === undefined ? {} : { itl: text(m, "itl") }),
      };
    case "keepalive":
      return { type: "keepalive" };
    case "unregister":
      return { type: "unregister", statusReason: oneOf(m, "statusReason", [8, 34]) };
    default:
      throw new RegistrationProtocolError(`a phone does not send "${String(m.type)}"`);
  }
}

/** @throws RegistrationProtocolError when the line is no message that a node may send. */
export function parseNodeMessage(line: string): NodeMessage {
  const m = parseObject(line);
  switch (m.type) {
    case "registered":
      if (typeof m.keepalive !== "number" || !(m.keepalive > 0)) {
        throw new RegistrationProtocolError("keepalive is not a positive number");
      }
      return { type: "registered", keepalive: m.keepalive };
    case "refused":
      return {
        type: "refused",
        reason: oneOf(m, "reason", [
          "unknown-device",
          "configuration-mismatch",
          "certificate-mismatch",
          "protocol-error",
        ]),
        text: text(m, "text"),
      };
    case "keepalive-ack":
      return { type: "keepalive-ack" };
    case "reset":
      return { type: "reset", kind: oneOf(m, "kind", ["reset", "restart", "apply"]) };
    default:
      throw new RegistrationProtocolError(`a node does not send "${String(m.type)}"`);
  }
}

export type Fields = { readonly [key: string]: unknown };

export function parseObject(line: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new RegistrationProtocolError("line is not JSON", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RegistrationProtocolError("line is not a JSON object");
  }
  return value as Fields;
}

export function text(m: Fields, key: string): string {
  const value = m[key];
  if (typeof value !== "string" || value === "") throw new RegistrationProtocolError(`${key} is not a text`);
  return value;
}

export function oneOf<const T extends string | number>(m: Fields, key: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === m[key]);
  if (found === undefined) throw new RegistrationProtocolError(`${key} is not one of ${allowed.join(", ")}`);
  return found;
}
