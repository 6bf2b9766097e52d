/** Bytes from the host that are not what the protocol says. Never carries the bytes themselves: they may be secret. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}
