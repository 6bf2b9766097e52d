/** Releases that know only old algorithms are reached when the configuration says so, and not otherwise. */

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server as TlsServer } from "node:tls";
import { Server, utils } from "ssh2";
import { asClusterError } from "../../../../../providers/cucm/cluster/failure";
import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import { Cli } from "../../../../../providers/cucm/cluster/transports/cli";
import { LEGACY, MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { hostKeyFingerprint } from "../../../../../providers/cucm/cluster/transports/ssh-shell";
import { connectVerified } from "../../../../../providers/cucm/cluster/transports/verified-tls";
import { identity } from "../fakes/identities";
import { AT, failureOf, live, PLATFORM, silent } from "../fakes/setup";

describe("TLS 1.0", () => {
  const own = identity("cucm-pub");
  let server: TlsServer;
  beforeEach(async () => {
    server = createServer(
      {
        cert: own.cert,
        key: own.key,
        minVersion: "TLSv1",
        maxVersion: "TLSv1",
        ciphers: "AES128-SHA:@SECLEVEL=0",
      },
      (socket) => socket.on("error", () => {}).end(),
    ).listen(0, "127.0.0.1");
    server.on("tlsClientError", () => {});
    await once(server, "listening");
  });
  afterEach(() => server.close());

  const open = (cryptography: typeof LEGACY, sha256 = own.certificate.sha256) =>
    connectVerified(
      {
        endpoint: AT,
        port: (server.address() as AddressInfo).port,
        service: "AXL",
        proof: { kind: "pin", sha256: [sha256], whose: "test" },
        cryptography,
      },
      live(),
    );

  it("is spoken with LEGACY, and the pin still decides", async () => {
    const socket = await open(LEGACY);
    expect(socket.getProtocol()).toBe("TLSv1");
    socket.destroy();
    expect((await failureOf(open(LEGACY, "00".repeat(32)))).kind).toBe("identity");
  });

  it("is refused otherwise, with a hint", async () => {
    const error = await open(MODERN).catch((thrown) => asClusterError(AT, "AXL", thrown));
    expect(error).toMatchObject({ kind: "refused", detail: expect.stringContaining("TLS 1.0") });
  });
});

describe("SSH with SHA-1 and CBC", () => {
  const key = utils.generateKeyPairSync("rsa", { bits: 2048 });
  const pin = hostKeyFingerprint(Buffer.from(key.public.split(" ")[1]!, "base64"));
  let server: Server;
  beforeEach(async () => {
    server = new Server(
      {
        hostKeys: [key.private],
        algorithms: {
          kex: ["diffie-hellman-group14-sha1"],
          cipher: ["aes128-cbc"],
          serverHostKey: ["ssh-rsa"],
          hmac: ["hmac-sha1"],
        },
      },
      (connection) => {
        connection.on("error", () => {});
        connection.on("authentication", (context) => context.accept());
        connection.on("session", (accept) => {
          const session = accept();
          session.on("pty", (ok) => ok?.());
          session.on("shell", (ok) => {
            const channel = ok();
            channel.write("admin:");
            channel.on("data", (chunk: Buffer) => channel.write(`${chunk}\r\nold\r\nadmin:`));
          });
        });
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => server.close());

  const cli = (cryptography: typeof LEGACY) =>
    new Cli(
      {
        endpoint: AT,
        port: (server.address() as AddressInfo).port,
        credentials: PLATFORM,
        refused: new RefusedCredentials(),
        hostKeys: [pin],
        cryptography,
      },
      silent,
    );

  it("is spoken with LEGACY", async () => {
    const old = cli(LEGACY);
    expect(await old.run({ line: "show a", timeoutMs: 3000 }, live())).toBe("old");
    old.close();
  });

  it("is refused otherwise", async () => {
    const error = await failureOf(cli(MODERN).run({ line: "show a", timeoutMs: 3000 }, live()));
    expect(error).toMatchObject({
      kind: "refused",
      detail: expect.stringContaining('\n  cryptography = "legacy"\n'),
    });
  });
});

it("a host key's fingerprint is what ssh-keygen prints", () => {
  const key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  expect(hostKeyFingerprint(Buffer.from(key, "base64"))).toBe(
    "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
  );
});
