import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DESTINATION, keaOn, op, SOURCE } from "../../support/backend";
import { DEFINITION } from "../../support/fake-kea";
import { issued } from "../../support/issued";
import { freeTcpPort } from "../../support/offered";
import { RealKea, requireKea, versionOfKea } from "../../support/real-kea";

/** The daemon's own HTTPS socket, which it has since 2.7.2. */

jest.setTimeout(60_000);
beforeAll(requireKea);

const SCOPE = { kind: "subnet", subnet: "127.0.0.0/8" } as const;
const basic = { username: "terraform", password: "s3cret-of-kea" };

let kea: RealKea | undefined;
afterEach(() => kea?.stop());

test("there and back with a client certificate and a password; an older one does not know the socket", async () => {
  const authority = issued("authority");
  const [server, client] = [issued("localhost", authority), issued("terraform", authority)];
  const port = await freeTcpPort();
  const started = RealKea.start((folder) => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o640 });
      return join(folder, name);
    };
    return {
      "control-socket": undefined,
      "control-sockets": [
        { "socket-type": "unix", "socket-name": join(folder, "s") },
        {
          "socket-type": "https",
          "socket-address": "127.0.0.1",
          "socket-port": port,
          "trust-anchor": file("ca.crt", authority.pem),
          "cert-file": file("server.crt", server.pem),
          "key-file": file("server.key", server.key),
          "cert-required": true,
          authentication: {
            type: "basic",
            realm: "kea",
            clients: [{ user: basic.username, password: basic.password }],
          },
        },
      ],
      "option-def": [DEFINITION],
      subnet4: [
        {
          id: 10,
          subnet: SCOPE.subnet,
          pools: [{ pool: "127.1.0.1-127.1.0.100" }],
          "option-data": [{ name: "cisco-tftp", data: SOURCE.join(",") }],
        },
      ],
    };
  });
  if (versionOfKea() < 2_007_002) {
    await expect(started).rejects.toThrow(/control-sockets/);
    return;
  }
  kea = await started;
  const security = {
    tlsSha256: [server.sha256],
    caPem: null,
    basic,
    clientCertificate: { cert: client.pem, key: client.key },
  };
  const at = (more: object = {}) =>
    keaOn([`https://127.0.0.1:${port}`], { security: { ...security, ...more } });
  const before = await kea.configuration();
  const { original: restore } = await at().read(SCOPE, op());
  await at().apply(SCOPE, { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" }, op());
  expect(await kea.offered()).toEqual(DESTINATION);
  await at().apply(SCOPE, { answer: SOURCE, expected: [DESTINATION], restore, unsaved: "keep" }, op());
  expect(await kea.configuration()).toBe(before);
  const wrong = { basic: { ...basic, password: "wrong" } };
  await expect(at(wrong).read(SCOPE, op())).rejects.toMatchObject({ kind: "credentials" });
  await expect(at({ clientCertificate: null }).read(SCOPE, op())).rejects.toThrow();
});
