import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Reply } from "../../../../../lab/dhcp/ios-xe";
import { DESTINATION, op, SCOPE, SOURCE } from "../../support/backend";
import { Devices, deviceCertificate, iosXeOn, PASSWORD, USER } from "../../support/ios-xe";
import { issued } from "../../support/issued";

const devices = new Devices();
afterEach(() => devices.stop());

const errors = (tag: string, message: string) =>
  JSON.stringify({ "ietf-restconf:errors": { error: [{ "error-tag": tag, "error-message": message }] } });

test.each<[string, Reply, string, string, string]>([
  ["401", { status: 401 }, "credentials", "refuses the credentials", "aaa authentication login default"],
  [
    "403",
    { status: 403, body: errors("access-denied", "no") },
    "credentials",
    "does not let this user do it",
    "(access-denied: no): the user needs privilege 15",
  ],
  [
    "404 of a web server",
    { status: 404, body: "<html>" },
    "answer",
    "has no RESTCONF there",
    "configure `restconf` and `ip http secure-server`",
  ],
  [
    "409",
    { status: 409, body: errors("in-use", "sync") },
    "refused",
    "is busy with another change",
    "in-use: sync",
  ],
  [
    "412 where nothing was asked of it",
    { status: 412 },
    "rival",
    "was changed by somebody else",
    "plan again",
  ],
  [
    "500",
    { status: 500, body: errors("operation-failed", "inconsistent value") },
    "refused",
    "refuses the request",
    "operation-failed: inconsistent value",
  ],
  ["503", { status: 503 }, "unreachable", "is not ready", "show platform software yang-management process"],
  [
    "a redirect",
    { status: 302, headers: { location: "https://127.0.0.1:1/" } },
    "answer",
    "sends us elsewhere",
    "a redirect is not followed",
  ],
  [
    "no JSON",
    { status: 200, body: '{"Cisco-IOS-XE' },
    "answer",
    "does not answer like RESTCONF",
    "is not JSON",
  ],
  [
    "another server's JSON",
    { status: 200, body: "{}" },
    "answer",
    "does not answer like IOS-XE",
    "has no dhcp",
  ],
  [
    "an answer without end",
    { status: 200, body: "x".repeat(17 * 1024 * 1024) },
    "answer",
    "answers too much",
    "longer than 16 MiB",
  ],
])("%s", async (_, reply, kind, what, detail) => {
  const device = await devices.start();
  device.instead = () => reply;
  await expect(iosXeOn([device]).read(SCOPE, op())).rejects.toMatchObject({
    kind,
    summary: `DHCP server "router" ${what}`,
    detail: expect.stringContaining(detail),
  });
});

test.each([
  [404, "does not have what is to be changed"],
  [405, "does not support the request"],
])("HTTP %i to the write", async (status, what) => {
  const device = await devices.start();
  const before = device.text;
  device.instead = (request) =>
    request.startsWith("PUT") ? { status, body: errors("data-missing", "gone") } : undefined;
  const change = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
  await expect(iosXeOn([device]).apply(SCOPE, change, op())).rejects.toMatchObject({
    kind: "refused",
    summary: `DHCP server "router" ${what}`,
  });
  expect(device.text).toBe(before);
});

test("no pools at all is no error of the device", async () => {
  const device = await devices.start({}, {});
  await expect(iosXeOn([device]).read(SCOPE, op())).rejects.toMatchObject({ kind: "scope" });
});

test("credentials are sent as basic authentication, and never quoted", async () => {
  const device = await devices.start();
  await expect(
    iosXeOn([device], { security: { password: "wrong" } }).read(SCOPE, op()),
  ).rejects.toMatchObject({
    kind: "credentials",
  });
  device.instead = () => ({
    status: 400,
    body: errors("invalid-value", `user ${USER} with ${PASSWORD}\u0007 ${"x".repeat(500)}`),
  });
  const error = await iosXeOn([device])
    .read(SCOPE, op())
    .catch((e: Error) => e);
  expect(String(error)).toMatch(/user \*\*\* with \*\*\* +x+\.\.\./);
  expect(String(error)).not.toContain(PASSWORD);
});

describe("identity", () => {
  test("another certificate than the pinned one: nothing is sent", async () => {
    const device = await devices.start();
    const wrong = iosXeOn([device], { security: { tlsSha256: ["0".repeat(64)] } });
    await expect(wrong.read(SCOPE, op())).rejects.toMatchObject({
      kind: "identity",
      detail: expect.stringContaining(`has SHA-256 ${deviceCertificate().sha256}`),
    });
    expect(device.requests).toEqual([]);
  });

  test("by a CA", async () => {
    const ca = issued("CA of the lab");
    const { pem: cert, key } = issued("router", ca);
    const device = await devices.start({ tls: { cert, key } });
    const named = device.endpoint.replace("127.0.0.1", "localhost");
    const security = { tlsSha256: [], caPem: ca.pem };
    expect((await iosXeOn([named], { security }).read(SCOPE, op())).answer).toEqual(SOURCE);
    for (const [endpoint, caPem] of [
      [named, deviceCertificate().pem],
      [device.endpoint, ca.pem],
    ] as const)
      await expect(
        iosXeOn([endpoint], { security: { tlsSha256: [], caPem } }).read(SCOPE, op()),
      ).rejects.toMatchObject({ kind: "identity", summary: 'DHCP server "router" did not prove who it is' });
  });

  test("neither a pin nor a CA", () => {
    expect(() => iosXeOn(["https://10.1.0.1"], { security: { tlsSha256: [] } })).toThrow(
      "has no identity to verify",
    );
  });
});

test.each([
  ["10.1.0.1", "Write https://host"],
  ["http://127.0.0.1", "HTTPS only"],
  ["https://a:b@10.1.0.1", "Credentials do not belong"],
  ["https://10.1.0.1/restconf", "without a path"],
])("endpoint %s", (endpoint, why) => {
  expect(() => iosXeOn([endpoint])).toThrow(why);
});

test("nobody there, something else there, and time", async () => {
  await expect(iosXeOn(["https://127.0.0.1:1"]).read(SCOPE, op())).rejects.toMatchObject({
    kind: "unreachable",
    detail: expect.stringContaining("ip http secure-server"),
  });
  const { pem: cert, key } = deviceCertificate();
  const noise = createServer({ cert, key });
  noise.on("secureConnection", (socket) => socket.end("SSH-2.0-x\r\n\r\n"));
  await new Promise<void>((resolve) => noise.listen(0, "127.0.0.1", resolve));
  const endpoint = `https://127.0.0.1:${(noise.address() as AddressInfo).port}`;
  await expect(iosXeOn([endpoint]).read(SCOPE, op())).rejects.toMatchObject({ kind: "answer" });
  await new Promise((resolve) => noise.close(resolve));

  const device = await devices.start();
  device.delay = 5000;
  await expect(iosXeOn([device]).read(SCOPE, { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({
    kind: "cancelled",
  });
});

test("many reads at once are one look", async () => {
  const device = await devices.start();
  const backend = iosXeOn([device]);
  await Promise.all(Array.from({ length: 20 }, () => backend.read(SCOPE, op())));
  expect(device.requests).toHaveLength(2);
});
