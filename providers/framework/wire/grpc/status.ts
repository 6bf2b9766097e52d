/** The status codes of gRPC that we answer with (grpc.io, "Status codes and their use in gRPC"). */
export const Status = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  notFound: 5,
  /** A message is larger than we take. */
  resourceExhausted: 8,
  /** The call, or a compression that it uses, does not exist here. */
  unimplemented: 12,
  /** The bytes are not what the protocol says. */
  internal: 13,
  unavailable: 14,
} as const;
export type StatusCode = (typeof Status)[keyof typeof Status];

/** Ends a call with a status other than OK. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  constructor(
    readonly code: StatusCode,
    message: string,
  ) {
    super(message);
  }
}

/** `grpc-message` holds printable ASCII; every other byte, and the percent sign, is percent-encoded. */
export function percentEncode(message: string): string {
  let encoded = "";
  for (const byte of Buffer.from(message, "utf8")) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
