import { request } from "node:https";
import type { IosXeDevice } from "../../../lab/dhcp/ios-xe";
import { Devices, entry, native, PASSWORD, USER, voice } from "../../providers/dhcp/support/ios-xe";

const devices = new Devices();
afterEach(() => devices.stop());

const DHCP = "/restconf/data/Cisco-IOS-XE-native:native/ip/dhcp";
const ENTRY = `${DHCP}/Cisco-IOS-XE-dhcp:pool=VOICE%201%2F2/option/option-range=150`;

function ask(device: IosXeDevice, method: string, path: string, value?: unknown, headers: object = {}) {
  return new Promise<{ status: number; etag: string | undefined; body: string }>((resolve, reject) => {
    const body = value === undefined ? "" : JSON.stringify(value);
    const sent = request(`${device.endpoint}${path}`, {
      method,
      rejectUnauthorized: false,
      auth: `${USER}:${PASSWORD}`,
      headers: { "content-length": Buffer.byteLength(body), ...headers },
      agent: false,
    });
    sent.on("error", reject).on("response", async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode!, etag: response.headers.etag, body: text });
    });
    sent.end(body);
  });
}
const put = (...entries: object[]) => ({ "Cisco-IOS-XE-dhcp:option-range": entries });
const many = (n: number) => Array.from({ length: n }, (_, i) => `192.0.2.${i + 1}`);

test.each<[string, unknown, string, string]>([
  ["a leaf of a later release", put(entry(many(1), "ip-ordered")), "17.12", "unknown-element"],
  ["a leaf that is obsolete", put(entry(many(1), "ip")), "17.15", "unknown-element"],
  ["two cases of the choice", put({ ...entry(many(1)), "ascii-new": "x" }), "17.15", "bad-element"],
  ["another key than the path's", put({ ...entry(many(1)), "option-range": 66 }), "17.15", "invalid-value"],
  ["two entries", put(entry(many(1)), entry(many(2))), "17.15", "invalid-value"],
  ["an address twice", put(entry(["192.0.2.1", "192.0.2.1"])), "17.15", "bad-element"],
  ["nine addresses", put(entry(many(9))), "17.15", "Device refused"],
  ["no address", put(entry(["x"])), "17.15", "invalid-value"],
  ["odd hex", put({ "option-range": 150, "hex-new": { "hex-line": "c00" } }), "17.15", "Incorrect format"],
])("%s is refused, and nothing changes", async (_, body, version, words) => {
  const device = await devices.start({ version });
  const before = device.text;
  const { status, body: answer } = await ask(device, "PUT", ENTRY, body);
  expect([status, device.text]).toEqual([400, before]);
  expect(JSON.parse(answer)["ietf-restconf:errors"].error).toHaveLength(1);
  expect(answer).toContain(words);
});

test("made, replaced, removed; what is not there is 404, a merge is not offered", async () => {
  const device = await devices.start({}, native(voice([])));
  const before = device.text;
  const status = async (method: string, path = ENTRY, body?: unknown) =>
    (await ask(device, method, path, body)).status;
  expect(await status("GET")).toBe(404);
  expect(await status("PUT", ENTRY, put(entry(many(1))))).toBe(201);
  expect(await status("PUT", ENTRY, put(entry(many(8))))).toBe(204);
  expect(await status("PATCH", ENTRY, put(entry(many(1))))).toBe(405);
  expect(JSON.parse((await ask(device, "GET", ENTRY)).body)).toEqual(put(entry(many(8))));
  expect(await status("DELETE")).toBe(204);
  expect(await status("DELETE")).toBe(404);
  expect(await status("PUT", ENTRY.replace("VOICE", "NONE"), put(entry(many(1))))).toBe(404);
  expect(device.text).toBe(before);
});

test.each(["resource", "datastore"] as const)("tags of the %s are heeded", async (etags) => {
  const device = await devices.start({ etags });
  const { etag } = await ask(device, "GET", ENTRY);
  const write = async (headers: object) =>
    (await ask(device, "PUT", ENTRY, put(entry(many(2))), headers)).status;
  expect(await write({ "if-none-match": "*" })).toBe(412);
  device.set("DATA", 66, { "option-range": 66, "ascii-new": "theirs" });
  expect(await write({ "if-match": etag })).toBe(etags === "resource" ? 204 : 412);
  expect(await write({ "if-match": (await ask(device, "GET", ENTRY)).etag })).toBe(204);
  expect(await write({ "if-match": etag })).toBe(412);
});

test("running and startup are two; saving takes no input", async () => {
  const device = await devices.start();
  const before = device.text;
  device.set("DATA", 66, null);
  device.set("DATA", 150, null);
  expect(device.startup).toBe(before);
  const save = "/restconf/operations/cisco-ia:save-config";
  expect((await ask(device, "POST", save, {})).status).toBe(400);
  expect((await ask(device, "POST", save)).body).toContain("successful");
  expect(device.startup).toBe(device.text);
  expect(device.text).not.toBe(before);
});
