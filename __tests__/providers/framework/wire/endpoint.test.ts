import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { type Endpoint, type EndpointOptions, listen } from "../../../../providers/framework/wire/endpoint";

const open: { server: net.Server; endpoint: Endpoint }[] = [];
const start = async (options?: EndpointOptions) => {
  const server = net.createServer();
  const endpoint = await listen(server, options);
  open.push({ server, endpoint });
  return endpoint;
};
afterEach(async () => {
  for (const { server, endpoint } of open.splice(0)) {
    endpoint.remove();
    await new Promise((resolve) => server.close(resolve));
  }
});
const mode = (file: string) => fs.statSync(file).mode & 0o777;

test("a unix socket in a folder that only we can enter, gone when removed", async () => {
  const { network, address, remove } = await start();
  expect(network).toBe("unix");
  expect(mode(path.dirname(address))).toBe(0o700);
  expect(fs.statSync(address).isSocket()).toBe(true);
  remove();
  expect(fs.existsSync(path.dirname(address))).toBe(false);
});

test("the path is short enough for every system, however long the folder's is", async () => {
  const long = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "x")), "d".repeat(90));
  fs.mkdirSync(long);
  const { address } = await start({ socketDirectory: long });
  expect(Buffer.byteLength(address)).toBeLessThan(104);
  fs.rmSync(path.dirname(long), { recursive: true });
});

test("the host's folder and group are respected", async () => {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), "x"));
  const { address } = await start({ socketDirectory: parent, socketGroup: String(process.getgid!()) });
  expect(address.startsWith(parent)).toBe(true);
  expect(mode(address)).toBe(0o660);
  expect(mode(path.dirname(address))).toBe(0o750);
  await expect(start({ socketDirectory: parent, socketGroup: "no such group" })).rejects.toThrow(
    "no such group",
  );
  fs.rmSync(parent, { recursive: true });
});

test("TCP on the loopback address, at the next free port of the range", async () => {
  const first = await start({ tcp: true });
  const port = Number(first.address.split(":")[1]);
  const second = await start({ tcp: true, ports: { min: port, max: 65_535 } });
  expect(first.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(Number(second.address.split(":")[1])).toBeGreaterThan(port);
  await expect(start({ tcp: true, ports: { min: port, max: port } })).rejects.toThrow("EADDRINUSE");
});
