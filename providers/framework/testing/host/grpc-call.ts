import type * as http2 from "node:http2";
import { FrameReader, frame } from "../../wire/grpc/frame";
import { BrokenRule } from "./rule";

/** One unary call of gRPC over HTTP/2: a message out, a message back. Any other end breaks a rule. */
export function grpcCall(
  session: http2.ClientHttp2Session,
  path: string,
  message: Uint8Array,
  signal?: AbortSignal,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(
      {
        ":method": "POST",
        ":path": path,
        "content-type": "application/grpc",
        te: "trailers",
      },
      signal ? { signal } : {},
    );
    const reader = new FrameReader();
    const messages: Buffer[] = [];
    let status: string | undefined;
    let said = "";
    const note = (headers: http2.IncomingHttpHeaders) => {
      status = (headers["grpc-status"] as string | undefined) ?? status;
      said = (headers["grpc-message"] as string | undefined) ?? said;
    };
    stream.on("response", note);
    stream.on("trailers", note);
    stream.on("data", (chunk: Buffer) => messages.push(...reader.push(chunk)));
    stream.on("error", reject);
    stream.on("close", () => {
      if (status === "0" && messages.length === 1) resolve(messages[0]!);
      else
        reject(
          new BrokenRule(path.slice(path.lastIndexOf("/") + 1), [
            {
              rule: "answers-with-diagnostics",
              path: [],
              found: `the call ended with gRPC status ${status ?? "none"} and ${messages.length} messages: ${decodeURIComponent(said)}`,
            },
          ]),
        );
    });
    stream.end(frame(message));
  });
}
