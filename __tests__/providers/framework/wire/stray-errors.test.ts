import type { ClientHttp2Session } from "node:http2";
import { typeOfSchema } from "../../../../providers/framework/schema/schema-type";
import type { Value } from "../../../../providers/framework/schema/value";
import { decodeValue } from "../../../../providers/framework/wire/decode-value";
import { encodeValue } from "../../../../providers/framework/wire/encode-value";
import { rpcs } from "../../../../providers/framework/wire/tfplugin6";
import { bundleNoteProvider } from "./fixture/bundle";
import { call } from "./fixture/grpc-client";
import { type PluginProcess, startPlugin } from "./fixture/plugin-process";
import { strayProvider } from "./fixture/stray-provider";

const bundle = bundleNoteProvider("stray");
afterAll(bundle.remove);

let plugin: PluginProcess;
let session: ClientHttp2Session;
beforeEach(async () => {
  plugin = await startPlugin(bundle.file, { tls: false, env: { TF_LOG: "warn" } });
  session = await plugin.dial();
  session.on("error", () => undefined);
  const config = { msgpack: encodeValue({ token: "t0psecret" }, typeOfSchema(strayProvider.attributes)) };
  await ask("ConfigureProvider", rpcs.ConfigureProvider.request.encode({ config }));
});
afterEach(async () => {
  session.destroy();
  plugin.child.kill("SIGKILL");
  await plugin.exit;
});

const THING = typeOfSchema(strayProvider.resources[0]!.attributes);
const object = (value: Value) => ({ msgpack: encodeValue(value, THING) });
const ask = (name: keyof typeof rpcs, message: Uint8Array) =>
  call(session, `/tfplugin6.Provider/${name}`, message);

async function apply(how: string, deaf = false) {
  const config = object({ how, deaf, pin: "hunter2" });
  const request = { type_name: "stray_thing", planned_state: config, config };
  const reply = await ask("ApplyResourceChange", rpcs.ApplyResourceChange.request.encode(request));
  expect(reply.status).toBe(0);
  const { new_state, diagnostics } = rpcs.ApplyResourceChange.response.decode(reply.body);
  return { state: decodeValue(new_state!.msgpack, THING), diagnostics };
}

const BUG = [
  {
    severity: 1,
    summary: "Bug of the provider (stray_thing)",
    detail: expect.stringMatching(
      /^Its create was stopped: .*TypeError: \(sensitive value\) and \(sensitive value\) are undefined\. .*\n\nThis is a bug of the provider/,
    ),
  },
];

test.each(["exception", "rejection"])(
  "an uncaught %s ends the running operation as a bug that names it; a failed create records nothing",
  async (how) => {
    expect(await apply(how)).toEqual({ state: null, diagnostics: [expect.objectContaining(BUG[0]!)] });
    if (how === "exception") expect(await plugin.exit).toMatchObject({ code: 1 });
    // One promise is no reason to end: the next call is answered.
    else expect(await ask("GetMetadata", Buffer.alloc(0))).toMatchObject({ status: 0 });
  },
);

test("also when the hook does not heed its signal: the process ends, and what it wrote with it", async () => {
  expect(await apply("exception", true)).toMatchObject({ state: null, diagnostics: BUG });
  expect(await plugin.exit).toMatchObject({ code: 1 });
  const lines = plugin.stderr().trim().split("\n");
  expect(
    lines.filter((line) => line.includes("the create goes on although it was told to stop")),
  ).toHaveLength(1);
});

test("what was thrown, and what is printed when no operation runs, is in the log without secrets", async () => {
  await apply("rejection");
  const current_state = object({ how: "rejection", deaf: false, pin: "another-pin" });
  await ask("ReadResource", rpcs.ReadResource.request.encode({ type_name: "stray_thing", current_state }));
  while (!plugin.stderr().includes("pin:")) await new Promise((resolve) => setTimeout(resolve, 10));
  const log = plugin.stderr();
  expect(log).toContain("TypeError: (sensitive value) and (sensitive value) are undefined");
  expect(log).toContain("(sensitive value) and { pin: '(sensitive value)' }");
  expect(log).not.toMatch(/t0psecret|hunter2|another-pin/);
});
