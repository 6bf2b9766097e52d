/** Files from a TFTP node over HTTP (port 6970 in production). Phones ask for one file on each connection. */
import { request } from "node:http";

export type Fetched =
  | { readonly kind: "file"; readonly bytes: Buffer }
  | { readonly kind: "not-found" }
  | { readonly kind: "unreachable"; readonly why: string };

const MAX_BYTES = 1_048_576;

export function fetchFile(
  server: { readonly address: string; readonly port: number },
  name: string,
  timeout: number,
): Promise<Fetched> {
  return new Promise((resolve) => {
    const fail = (why: string) => resolve({ kind: "unreachable", why });
    const asked = request(
      {
        host: server.address,
        port: server.port,
        path: `/${encodeURIComponent(name)}`,
        agent: false,
        timeout,
      },
      (answer) => {
        if (answer.statusCode !== 200) {
          answer.resume();
          // 503 and their kind: the server is there but cannot say; the phone treats it as not there.
          return answer.statusCode === 404
            ? resolve({ kind: "not-found" })
            : fail(`HTTP ${answer.statusCode}`);
        }
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_BYTES) asked.destroy(new Error(`more than ${MAX_BYTES} bytes`));
          else chunks.push(chunk);
        });
        answer.on("end", () => resolve({ kind: "file", bytes: Buffer.concat(chunks) }));
        answer.on("error", (error) => fail(error.message));
      },
    );
    asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.on("error", (error) => fail(error.message));
    asked.end();
  });
}
