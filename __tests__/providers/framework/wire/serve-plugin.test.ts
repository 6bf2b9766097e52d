import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import type { ClientHttp2Session } from "node:http2";
import * as path from "node:path";
import { typeOfSchema } from "../../../../providers/framework/schema/schema-type";
import { encodeValue } from "../../../../providers/framework/wire/encode-value";
import { MAGIC_COOKIE } from "../../../../providers/framework/wire/handshake";
import { rpcs } from "../../../../providers/framework/wire/tfplugin6";
import { bundleNoteProvider } from "./fixture/bundle";
import { call } from "./fixture/grpc-client";
import { definition } from "./fixture/note-provider";
import { type PluginProcess, startPlugin } from "./fixture/plugin-process";

const bundle = bundleNoteProvider();
afterAll(bundle.remove);

let plugin: PluginProcess;
afterEach(async () => {
  plugin.child.kill("SIGKILL");
  await plugin.exit;
});

const nothing = Buffer.alloc(0);
const shutdown = "/plugin.GRPCController/Shutdown";
const stop = "/tfplugin6.Provider/StopProvider";
const NOTE = typeOfSchema(definition.resources[0]!.attributes);
const slow = () => {
  const value = { text: "slow", number: null, tags: null, secret: null, places: null, id: null };
  return rpcs.ApplyResourceChange.request.encode({
    type_name: "wire_note",
    planned_state: { msgpack: encodeValue(value, NOTE) },
    config: { msgpack: encodeValue(value, NOTE) },
  });
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("handshake, health check, shutdown: the process leaves nothing behind", async () => {
  plugin = await startPlugin(bundle.file);
  expect(plugin.fields.slice(0, 3)).toEqual(["1", "6", "unix"]);
  expect(plugin.fields[4]).toBe("grpc");
  expect(plugin.fields[5]).toMatch(/^[A-Za-z0-9+/]{51,}$/);
  const session = await plugin.dial();
  // As the host does: these two stay open until the end.
  const streams = ["/plugin.GRPCStdio/StreamStdio", "/plugin.GRPCBroker/StartStream"].map((path) =>
    call(session, path, nothing).catch(() => undefined),
  );
  const plugged = Buffer.concat([Buffer.from([0x0a, 6]), Buffer.from("plugin")]);
  const health = await call(session, "/grpc.health.v1.Health/Check", plugged);
  expect(health).toMatchObject({ status: 0, body: Buffer.from([8, 1]) });
  expect(await call(session, "/grpc.health.v1.Health/Check", Buffer.from([0x0a, 1, 0x78]))).toMatchObject({
    status: 5,
  });
  expect(await call(session, "/tfplugin6.Provider/CallFunction", nothing)).toMatchObject({ status: 12 });

  expect(await call(session, shutdown, nothing)).toMatchObject({ status: 0 });
  session.close();
  expect(await plugin.exit).toMatchObject({ code: 0 });
  expect(fs.existsSync(path.dirname(plugin.fields[3]!))).toBe(false);
  await Promise.all(streams);
});

test("after Shutdown the process is gone sooner than one that waits 50 ms and calls process.exit", async () => {
  // The same process, ended by a signal instead: what both take to end is the machine's affair.
  const waits = path.join(bundle.directory, "waits.js");
  fs.writeFileSync(waits, 'process.on("SIGUSR2", () => setTimeout(process.exit, 50, 0));\n');
  const shutDown = async (session: ClientHttp2Session) => {
    expect(await call(session, shutdown, nothing)).toMatchObject({ status: 0 });
    session.close();
  };
  const took = { shutDown: Number.POSITIVE_INFINITY, waited: Number.POSITIVE_INFINITY };
  for (let i = 0; i < 12; i++) {
    const which = i % 2 === 0 ? "shutDown" : "waited";
    plugin = await startPlugin(bundle.file, { env: { NODE_OPTIONS: `--require ${waits}` } });
    const session = await plugin.dial();
    session.on("error", () => undefined);
    expect(await call(session, "/tfplugin6.Provider/GetMetadata", nothing)).toMatchObject({ status: 0 });
    const asked = performance.now();
    if (which === "shutDown") await shutDown(session);
    else plugin.child.kill("SIGUSR2");
    const { code, at } = await plugin.exit;
    expect(code).toBe(0);
    // The quickest of several: nothing but a delay of our own makes all of them slow.
    took[which] = Math.min(took[which], at - asked);
  }
  expect(took.shutDown).toBeLessThan(took.waited);
}, 60_000);

test("only the handshake reaches stdout; what is printed goes to the log", async () => {
  plugin = await startPlugin(bundle.file, { env: { TF_LOG: "trace" } });
  const session = await plugin.dial();
  await call(session, shutdown, nothing);
  session.close();
  await plugin.exit;
  expect(plugin.stdout()).toBe(`${plugin.fields.join("|")}\n`);
  const [printed, written] = plugin.stderr().split("\n");
  expect(JSON.parse(printed!)).toMatchObject({
    "@level": "info",
    "@message": "printed 1",
    "@module": "wire",
  });
  expect(written).toBe("written");
});

test("plaintext, and no certificate in the line, when the host sent none", async () => {
  plugin = await startPlugin(bundle.file, { tls: false });
  expect(plugin.fields[5]).toBe("");
  const session = await plugin.dial();
  expect(await call(session, stop, nothing)).toMatchObject({ status: 0 });
  session.destroy();
});

test("Ctrl-C is left to the host; StopProvider aborts the work of every call, and calls are still answered", async () => {
  plugin = await startPlugin(bundle.file);
  const session = await plugin.dial();
  const applying = [1, 2].map(() => call(session, "/tfplugin6.Provider/ApplyResourceChange", slow()));
  await pause(50);
  plugin.child.kill("SIGINT");
  await pause(50);
  expect(await call(session, stop, nothing)).toMatchObject({ status: 0, body: nothing });
  for (const reply of await Promise.all(applying)) {
    const { diagnostics } = rpcs.ApplyResourceChange.response.decode(reply.body);
    expect(diagnostics).toMatchObject([{ summary: "Stopped", detail: "AbortError: the run was stopped" }]);
  }
  expect(await call(session, "/tfplugin6.Provider/GetMetadata", nothing)).toMatchObject({ status: 0 });
  session.destroy();
});

test("SIGTERM aborts the work, whose answer still leaves, and ends", async () => {
  plugin = await startPlugin(bundle.file);
  const session = await plugin.dial();
  const applying = call(session, "/tfplugin6.Provider/ApplyResourceChange", slow());
  await pause(50);
  plugin.child.kill("SIGTERM");
  const { diagnostics } = rpcs.ApplyResourceChange.response.decode((await applying).body);
  expect(diagnostics).toMatchObject([{ summary: "Stopped" }]);
  session.on("error", () => undefined);
  expect(await plugin.exit).toMatchObject({ code: 143 });
  expect(fs.existsSync(path.dirname(plugin.fields[3]!))).toBe(false);
});

test("a connection that is opened and closed without a word is nothing", async () => {
  plugin = await startPlugin(bundle.file, { tls: false });
  (await plugin.dial()).destroy();
  await pause(50);
  const session = await plugin.dial();
  expect(await call(session, stop, nothing)).toMatchObject({ status: 0 });
  session.destroy();
});

test("ends when its host is killed", async () => {
  // Between us and the plugin stands a host that starts it and waits.
  plugin = await startPlugin(bundle.file);
  const script = `
    const child = require("node:child_process").spawn(process.execPath, [${JSON.stringify(bundle.file)}], { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.once("data", () => console.log(child.pid));`;
  const host = spawn(process.execPath, ["-e", script], {
    env: { ...process.env, [MAGIC_COOKIE.name]: MAGIC_COOKIE.value },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = Number(await new Promise((resolve) => host.stdout.once("data", resolve)));
  expect(alive(pid)).toBe(true);
  host.kill("SIGKILL");
  const until = performance.now() + 4_000;
  while (alive(pid) && performance.now() < until) await pause(50);
  expect(alive(pid)).toBe(false);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

test("a provider that cannot start says why where the host shows it", async () => {
  plugin = await startPlugin(bundle.file);
  const unsound = bundleNoteProvider("unsound");
  const { status, stdout } = spawnSync(process.execPath, [unsound.file], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, [MAGIC_COOKIE.name]: MAGIC_COOKIE.value },
  });
  unsound.remove();
  expect({ status, stdout }).toEqual({
    status: 1,
    stdout: "wire cannot be served: Provider is not sound: - no resources\n",
  });
});

test("started by hand it says what it is", async () => {
  plugin = await startPlugin(bundle.file);
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle.file], {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("This is the Terraform provider wire");
});
