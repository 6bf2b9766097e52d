/**
 * What the lab may ask and tell its phones, on 127.0.0.1 only: `GET /phones`, `GET /phones/NAME/console`,
 * `POST /phones/NAME/reboot`. Nothing here exists on a real phone.
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Phone } from "./phone";

export interface Control {
  readonly port: number;
  close(): Promise<void>;
}

export async function startControl(
  phones: ReadonlyMap<string, Phone>,
  directory: string,
  port = 0,
): Promise<Control> {
  const server: Server = createServer((request, response) => {
    const reply = (status: number, body: unknown) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const type = typeof body === "string" ? "text/plain; charset=utf-8" : "application/json";
      response.writeHead(status, { "content-type": type, connection: "close" }).end(text);
    };
    const [, first, name, verb] = (request.url ?? "").split("/");
    const phone = name === undefined ? undefined : phones.get(name);
    request.resume();
    if (first !== "phones") return reply(404, { error: "there is /phones" });
    if (request.method === "GET" && name === undefined)
      return reply(
        200,
        [...phones.values()].map((p) => p.view()),
      );
    if (phone === undefined) return reply(404, { error: `no phone ${name}` });
    if (request.method === "GET" && verb === undefined) return reply(200, phone.view());
    if (request.method === "GET" && verb === "console") {
      const file = join(directory, name!, "console.log");
      return reply(200, existsSync(file) ? readFileSync(file, "utf8") : "");
    }
    if (request.method === "POST" && verb === "reboot") {
      phone.reboot();
      return reply(202, { name, rebooting: true });
    }
    reply(404, { error: `no ${request.method} ${request.url}` });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
