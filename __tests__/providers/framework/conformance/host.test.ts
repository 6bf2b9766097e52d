import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveReattach } from "../../../../providers/framework/serve";
import { type BundledProvider, bundled } from "../../../../providers/framework/testing/bundle";
import type { Generation } from "../../../../providers/framework/testing/host/generation";
import { Host } from "../../../../providers/framework/testing/host/host";
import { attach, launch } from "../../../../providers/framework/testing/host/launch";
import { hostSchema } from "../../../../providers/framework/testing/host/schema";
import { Device } from "./fixture/device";
import { confProvider } from "./fixture/provider";
import { liveOnHost } from "./host-driver";
import { SECRET_STORY, STORIES } from "./stories";

/** The fixture on our own host: in process, attached over gRPC, and as core starts it. */

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
const file = join(folder, "device.json");
const device = new Device(file);
const configuration = { device: file };

let bundle: BundledProvider;
beforeAll(async () => {
  bundle = await bundled(confProvider, join(__dirname, "fixture/main.ts"));
});
afterAll(() => {
  bundle.remove();
  rmSync(folder, { recursive: true });
});

const attached = async (as?: Generation) => {
  const { reattach, close } = await serveReattach(confProvider);
  const client = await attach(reattach, as);
  const both = async () => {
    await client.close();
    await close();
  };
  return Host.of({ ...client, close: both }, { configuration });
};

describe.each<[string, () => Promise<Host>]>([
  ["in process", () => Host.start(confProvider, { configuration })],
  ["attached", () => attached()],
  ["attached by a host newer than those we ran", () => attached("newest")],
  ["launched", () => Host.launch({ command: [process.execPath, bundle.bundle] }, { configuration })],
])("%s", (_, start) => {
  let host: Host;
  beforeAll(async () => {
    host = await start();
  }, 60_000);
  afterAll(() => host.close());

  test.each([...STORIES, SECRET_STORY])("$name", (story) => liveOnHost(host, device, story));

  test("what the host knows of the schema is what was declared", () => {
    for (const { type, attributes } of confProvider.resources)
      expect(host.schemas.resources.get(type)!.attributes).toEqual(hostSchema(attributes));
    for (const { type, attributes } of confProvider.dataSources)
      expect(host.schemas.dataSources.get(type)).toEqual(hostSchema(attributes));
    expect(host.schemas.provider).toEqual(hostSchema(confProvider.attributes));
  });

  test("a data source is read; its refusal has a path", async () => {
    device.put("here", { revision: 7 });
    expect(await host.data("conf_lookup", { names: ["here", "there"], options: { tags: ["t"] } })).toEqual({
      names: ["here", "there"],
      options: { strict: false, tags: ["t"] },
      found: { here: { revision: 7 } },
      missing: ["there"],
    });
    await expect(
      host.data("conf_lookup", { names: ["there"], options: { strict: true } }),
    ).rejects.toMatchObject({
      diagnostics: [{ summary: "Something is missing", path: [{ attribute: "names" }] }],
    });
  });

  test("taint, import and their ends", async () => {
    const one = host.resource("conf_twist");
    await one.apply({ name: "tainted" });
    one.taint();
    expect((await one.apply()).action).toBe("replace");
    const other = host.resource("conf_twist");
    expect(await other.import("tainted")).toMatchObject({ name: "tainted", revision: 1 });
    await expect(other.import("nobody")).rejects.toThrow(
      /^import of conf_twist:\nerror: There is no such twist\n/,
    );
    await one.destroy();
    expect(await one.plan()).toMatchObject({ action: "create" });
  });
});

test("a launched provider ends in good order, and its log is JSON", async () => {
  const client = await launch({ command: [process.execPath, bundle.bundle], env: { TF_LOG: "trace" } });
  const host = await Host.of(client, { configuration });
  await host.resource("conf_twist").plan({ name: "x" });
  await host.close();
  expect(() => process.kill(client.pid, 0)).toThrow("ESRCH");
  const lines = client.log().split("\n").slice(0, -1);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      "@level": "debug",
      "@message": "planning",
      "@module": "conf",
      "@timestamp": expect.stringMatching(/^[\d-]+T[\d:]+\.\d{6}Z$/),
      name: "x",
      subject: "conf_twist",
    },
  ]);
}, 30_000);

test("a program that is no provider is told so", async () => {
  await expect(Host.launch({ command: [process.execPath, "-e", "console.log('hello')"] })).rejects.toThrow(
    /"hello".*the first line on stdout is the handshake/,
  );
}, 30_000);
