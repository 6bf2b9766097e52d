import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { Server, type ServerChannel, utils } from "ssh2";
import type { HostSession } from "../../../../../providers/dhcp/backends/isc-dhcpd/session";
import { BUSY, HELD } from "../../../../../providers/dhcp/backends/isc-dhcpd/ssh-lock";
import { openSession } from "../../../../../providers/dhcp/backends/isc-dhcpd/ssh-session";
import { op } from "../../support/backend";
import { config, failing } from "../../support/fake-dhcpd";

/** A server that tells all that it has to tell of a command at once: one read of ours has the answer and the end. */

const key = utils.generateKeyPairSync("ed25519");
const blob = Buffer.from(key.public.split(" ")[1]!, "base64");
const hostKey = `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
const { signal } = op();

let open: HostSession | undefined;
let server: Server;
let command: (channel: ServerChannel) => void;
const session = () =>
  openSession(
    config({ hosts: ["127.0.0.1"], port: (server.address() as AddressInfo).port, hostKeys: [hostKey] }),
    "127.0.0.1",
    signal,
  );
afterEach(() => open?.close());
beforeAll(async () => {
  server = new Server({ hostKeys: [key.private] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (login) => login.accept());
    client.on("session", (accept) => {
      const each = accept();
      each.on("sftp", (acceptSftp) => acceptSftp());
      each.on("exec", (acceptExec) => command(acceptExec()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

const ends =
  (status: number, output = "") =>
  (channel: ServerChannel) => {
    if (output !== "") channel.write(output);
    channel.exit(status);
    channel.end();
  };

test("how a command ended is heard, also when it comes with the answer", async () => {
  open = await session();
  const host = open;
  for (const status of [0, 3]) {
    command = ends(status, "said");
    expect(await host.run("any", signal)).toEqual({ status, output: "said" });
  }
});

test("so is that the lock is somebody else's, and that it was lost at once", async () => {
  open = await session();
  const host = open;
  command = ends(BUSY);
  expect(await host.lock("/lock", 0, signal)).toBe(false);
  command = ends(1, HELD);
  // Got and lost: the next request knows.
  expect(await host.lock("/lock", 0, signal).catch(() => true)).toBe(true);
  expect((await failing(host.remove("/x", signal))).message).toContain("was lost");
});
