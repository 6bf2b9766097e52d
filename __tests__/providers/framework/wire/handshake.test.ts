import { handshakeLine, MAGIC_COOKIE, readHandshake } from "../../../../providers/framework/wire/handshake";

const cookie = { [MAGIC_COOKIE.name]: MAGIC_COOKIE.value };

test("without the right cookie no host is there", () => {
  expect(readHandshake({})).toBeUndefined();
  expect(readHandshake({ [MAGIC_COOKIE.name]: "x" })).toBeUndefined();
});

test("reads what the host asks for", () => {
  expect(
    readHandshake({
      ...cookie,
      PLUGIN_PROTOCOL_VERSIONS: "5,6",
      PLUGIN_CLIENT_CERT: "pem",
      PLUGIN_MIN_PORT: "10000",
      PLUGIN_MAX_PORT: "25000",
      PLUGIN_UNIX_SOCKET_DIR: "/run/x",
      PLUGIN_UNIX_SOCKET_GROUP: "ops",
      PLUGIN_MULTIPLEX_GRPC: "true",
    }),
  ).toEqual({
    clientCertificate: "pem",
    socketDirectory: "/run/x",
    socketGroup: "ops",
    ports: { min: 10_000, max: 25_000 },
    multiplex: true,
    protocolAgreed: true,
  });
});

test("a host of protocol 5 only is no match", () => {
  expect(readHandshake({ ...cookie, PLUGIN_PROTOCOL_VERSIONS: "5" })?.protocolAgreed).toBe(false);
});

test("a host that says nothing gets plaintext, any port and our version", () => {
  expect(readHandshake({ ...cookie, PLUGIN_MIN_PORT: "x" })).toMatchObject({
    clientCertificate: undefined,
    ports: undefined,
    multiplex: false,
    protocolAgreed: true,
  });
});

test("the line has the certificate without padding, and the multiplex field only for hosts that know it", () => {
  const unix = { network: "unix", address: "/tmp/s" } as const;
  expect(handshakeLine(unix, Buffer.from([1]), false)).toBe("1|6|unix|/tmp/s|grpc|AQ\n");
  expect(handshakeLine(unix, undefined, false)).toBe("1|6|unix|/tmp/s|grpc|\n");
  expect(handshakeLine(unix, undefined, true)).toBe("1|6|unix|/tmp/s|grpc||false\n");
});
