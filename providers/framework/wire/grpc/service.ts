import { DecodeError } from "../decode-error";
import type { Draft, Message } from "../protobuf/message";
import { GrpcError, Status } from "./status";

/** How a call that is being answered learns that it need not be. */
export interface Running {
  readonly signal: AbortSignal;
}

/** Answers one call that has one message each way. */
export type Unary = (request: Uint8Array, running: Running) => Promise<Uint8Array>;

/** A call as the server routes it. `held`: a stream that is accepted and kept open, and on which nothing is said. */
export type Method = { readonly kind: "unary"; readonly call: Unary } | { readonly kind: "held" };

/** Methods by their path, `/package.Service/Method`. */
export type Routes = ReadonlyMap<string, Method>;

export const held: Method = { kind: "held" };

/** A unary method between decoded messages. */
export function unary<Request, Response>(
  request: Message<Request>,
  response: Message<Response>,
  answer: (request: Request, running: Running) => Draft<Response> | Promise<Draft<Response>>,
): Method {
  return {
    kind: "unary",
    call: async (bytes, running) => response.encode(await answer(decodeRequest(request, bytes), running)),
  };
}

function decodeRequest<T>(message: Message<T>, bytes: Uint8Array): T {
  try {
    return message.decode(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new GrpcError(Status.internal, `${message.name}: ${error.message}`);
  }
}
