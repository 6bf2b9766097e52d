/** The HTTP(S) socket that kea-dhcp4 has itself since 2.7.2, as measured on 3.0.4. */
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttps, type ServerOptions } from "node:https";
import type { JsonMap } from "./document";

export interface HttpSocketOptions {
  readonly port: number;
  /** Without it: plain HTTP. */
  readonly tls?: ServerOptions;
  /** Basic authentication. */
  readonly basic?: { readonly username: string; readonly password: string };
}

/** @param run JSON text of the answer to a command. Which service it names does not matter. */
export async function listenHttp(
  address: string,
  { port, tls, basic }: HttpSocketOptions,
  run: (command: JsonMap) => string,
): Promise<Server> {
  const wanted = basic && `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString("base64")}`;
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const answer = (status: number, text: string) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(Buffer.from(text, "latin1"));
      };
      if (request.method !== "POST" || request.headers["content-type"] !== "application/json")
        return answer(400, '{ "result": 400, "text": "Bad Request" }');
      // One object, where every other answer is a list of one.
      if (wanted && request.headers.authorization !== wanted)
        return answer(401, '{ "result": 401, "text": "Unauthorized" }');
      try {
        const command = JSON.parse(Buffer.concat(chunks).toString("latin1")) as JsonMap;
        answer(200, `[ ${run(command)} ]`);
      } catch {
        answer(400, '{ "result": 400, "text": "Bad Request" }');
      }
    });
  };
  const server = tls ? createHttps(tls, serve) : createHttp(serve);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  return server;
}
