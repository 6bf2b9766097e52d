import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Logger } from "../../define";
import { FrameReader, frame } from "./frame";
import type { Call, InFlight } from "./in-flight";
import type { Routes, Unary } from "./service";
import { GrpcError, percentEncode, Status, type StatusCode } from "./status";
import { parseTimeout } from "./timeout";

/** RFC 9113, 7. Not Node's constant: this module is loaded before node:http2. */
const NO_ERROR = 0;
const HEADERS: OutgoingHttpHeaders = {
  ":status": 200,
  "content-type": "application/grpc",
};
const OK: OutgoingHttpHeaders = { "grpc-status": String(Status.ok) };
/** The longest delay that a timer takes. */
const MAX_DELAY = 2 ** 31 - 1;

/** Answers one HTTP/2 stream: finds the method, reads the request, sends the answer and the status. */
export function serveStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  routes: Routes,
  inFlight: InFlight,
  log: Logger,
): void {
  // Without a listener a reset by the host would end the process.
  stream.on("error", (error) => log.debug("stream failed", { error: error.message }));
  const path = headers[":path"] ?? "";
  const method = routes.get(path);
  if (headers[":method"] !== "POST") refuse(stream, 405);
  else if (!/^application\/grpc(?:$|[+;])/.test(headers["content-type"] ?? "")) refuse(stream, 415);
  else if (method === undefined) {
    log.debug("method is not implemented", { path });
    finish(stream, Status.unimplemented, `method ${path} is not implemented`);
  } else if (method.kind === "held") hold(stream);
  else {
    void answer(stream, headers, method.call, inFlight).catch((error: unknown) => {
      const status = asGrpcError(error);
      if (status.code === Status.unknown) log.error("call failed", { path, error: status.message });
      finish(stream, status.code, status.message);
    });
  }
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  unary: Unary,
  inFlight: InFlight,
): Promise<void> {
  const timeout = parseTimeout(headers["grpc-timeout"] as string | undefined);
  const call = inFlight.begin();
  stream.on("close", () => {
    if (!call.ended) call.abort(givenUp());
  });
  try {
    const work = readMessage(stream).then((request) => unary(request, call));
    reply(stream, await (timeout === undefined ? work : within(timeout, work, call)));
  } finally {
    inFlight.end(call);
  }
}

const givenUp = () => new GrpcError(Status.cancelled, "the host gave the call up");

/** What the work gives, unless it takes longer: it is aborted then, and not waited for. */
function within<T>(timeout: number, work: Promise<T>, call: Call): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => {
        const late = new GrpcError(Status.deadlineExceeded, "the call's deadline has passed");
        call.abort(late);
        reject(late);
      },
      Math.min(timeout, MAX_DELAY),
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The one message of a unary request. */
function readMessage(stream: ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const reader = new FrameReader();
    const messages: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => {
      try {
        messages.push(...reader.push(chunk));
      } catch (error) {
        stream.removeAllListeners("data");
        reject(error);
      }
    });
    stream.on("end", () => {
      try {
        reader.end();
      } catch (error) {
        reject(error);
      }
      const [message] = messages;
      if (message === undefined || messages.length > 1)
        reject(new GrpcError(Status.internal, `call has ${messages.length} messages, expected one`));
      else resolve(message);
    });
    // Every stream closes in the end: only before the message is whole does it mean anything here.
    stream.on("close", () => {
      if (!stream.readableEnded) reject(givenUp());
    });
  });
}

function reply(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (stream.closed || stream.destroyed) return;
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.on("wantTrailers", sendOk);
  stream.end(frame(message));
}

function sendOk(this: ServerHttp2Stream): void {
  this.sendTrailers(OK);
}

/** Ends a call with a status and no message. */
function finish(stream: ServerHttp2Stream, code: StatusCode, message: string): void {
  endWith(stream, {
    ...HEADERS,
    "grpc-status": String(code),
    "grpc-message": percentEncode(message),
  });
}

/** What is no gRPC request gets an HTTP status. */
const refuse = (stream: ServerHttp2Stream, status: number): void => endWith(stream, { ":status": status });

function endWith(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  if (stream.closed || stream.destroyed || stream.headersSent) return;
  stream.respond(headers, { endStream: true });
  // The rest of the request is of no interest, however long it is.
  stream.resume();
  if (!stream.readableEnded) stream.close(NO_ERROR);
}

function hold(stream: ServerHttp2Stream): void {
  if (stream.closed || stream.destroyed) return;
  stream.respond(HEADERS);
  stream.resume();
}

function asGrpcError(error: unknown): GrpcError {
  if (error instanceof GrpcError) return error;
  return new GrpcError(Status.unknown, error instanceof Error ? error.message : "the provider failed");
}
