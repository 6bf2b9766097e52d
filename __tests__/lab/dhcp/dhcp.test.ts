import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKea } from "../../../lab/dhcp/kea";
import type { DhcpReady } from "../../../lab/dhcp/process";
import { DhcpRelay } from "../../../lab/phone/dhcp-client";
import { freePort } from "../../../lab/supervise/ports";
import { type Child, spawnChild } from "../../../lab/supervise/spawn";

interface Reply {
  readonly result: number;
  readonly text?: string;
  readonly arguments?: { readonly [key: string]: unknown };
}

function command(endpoint: string, name: string, args?: unknown): Promise<{ reply: Reply; raw: string }> {
  return new Promise((done, fail) => {
    const socket = connect(endpoint.replace("unix://", ""));
    let raw = "";
    socket.on("error", fail);
    socket.on("data", (chunk) => {
      raw += chunk.toString("utf8");
    });
    socket.on("end", () => done({ reply: JSON.parse(raw) as Reply, raw }));
    // Kea knows no characters above 127 but in its own escapes: plain ASCII is the only way there and back.
    const text = JSON.stringify({ command: name, ...(args === undefined ? {} : { arguments: args }) });
    socket.write(
      text.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
    );
  });
}

const FIRST = ["127.83.10.11", "127.83.10.12"];
const SECOND = ["127.83.20.11", "127.83.20.12"];
const MAC = "00:11:22:33:44:01";

// Two servers, one behaviour: whatever the lab's own server does, a real Kea does too.
const kinds = findKea() === null ? (["lab"] as const) : (["kea", "lab"] as const);

describe.each(kinds)("DHCP service: %s", (kind) => {
  const directory = mkdtempSync(join(tmpdir(), "dhcp-test-"));
  let child: Child<DhcpReady>;
  let relay: DhcpRelay;

  beforeAll(async () => {
    const taken = new Set<number>();
    const port = await freePort("udp", ["127.0.0.1"], taken);
    const clientPort = await freePort("udp", ["127.83.0.1"], taken);
    const options = { kind, subnet: "10.1.20.0/24", tftp: FIRST, port, clientPort };
    child = await spawnChild<DhcpReady>("dhcp", "lab/dhcp/process.ts", options, directory);
    relay = await DhcpRelay.open({
      address: "127.83.0.1",
      port: clientPort,
      server: { address: child.ready.address, port },
      link: "10.1.20.0",
      timeout: 1000,
      tries: 3,
    });
  }, 60_000);

  afterAll(async () => {
    await relay?.close();
    await child?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const read = async () => (await command(child.ready.endpoint, "config-get")).raw;
  const documentOf = (raw: string) => {
    const { hash: _, ...rest } = (JSON.parse(raw) as Reply).arguments as { hash?: string; Dhcp4: object };
    return rest as { Dhcp4: { subnet4: { id: number; "option-data": { code: number; data: string }[] }[] } };
  };

  test("says what it is", () => {
    expect(child.ready.kind).toBe(kind);
    expect(child.ready.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("leases an address of the voice subnet with option 150 in order", async () => {
    const lease = await relay.lease(MAC, null);
    expect(lease).toMatchObject({ tftp: FIRST, tftpName: null, server: "127.0.0.1" });
    expect(lease?.address).toMatch(/^10\.1\.20\.(1|2)\d\d$/);
    expect(await relay.lease(MAC, lease!.address)).toEqual(lease);
  });

  test("serves what config-set says, and the document read back is byte for byte the one that was set", async () => {
    const before = await read();
    const next = documentOf(before);
    next.Dhcp4.subnet4.find((s) => s.id === 20)!["option-data"].find((o) => o.code === 150)!.data =
      SECOND.join(", ");
    expect((await command(child.ready.endpoint, "config-test", next)).reply.result).toBe(0);
    expect((await relay.lease(MAC, null))?.tftp).toEqual(FIRST);
    expect((await command(child.ready.endpoint, "config-set", next)).reply.result).toBe(0);
    expect((await relay.lease(MAC, null))?.tftp).toEqual(SECOND);
    expect(documentOf(await read())).toEqual(next);

    expect((await command(child.ready.endpoint, "config-set", documentOf(before))).reply.result).toBe(0);
    expect(await read()).toBe(before);
    expect((await relay.lease(MAC, null))?.tftp).toEqual(FIRST);
  });

  test("refuses nonsense by config-test and keeps serving", async () => {
    const next = documentOf(await read());
    next.Dhcp4.subnet4.find((s) => s.id === 20)!["option-data"].find((o) => o.code === 150)!.data =
      "cucm-pub.example";
    const { reply } = await command(child.ready.endpoint, "config-test", next);
    expect(reply.result).toBe(1);
    expect(reply.text).toContain("Failed to convert string to address 'cucm-pub.example'");
    expect((await command(child.ready.endpoint, "config-test", { ...next, hash: "00" })).reply.text).toBe(
      "Unsupported 'hash' parameter.",
    );
    expect((await relay.lease(MAC, null))?.tftp).toEqual(FIRST);
  });

  test("a failed config-set makes Kea 2.2 deaf until a good one comes", async () => {
    if (!child.ready.version.startsWith("2.2")) return;
    const good = documentOf(await read());
    const bad = structuredClone(good);
    bad.Dhcp4.subnet4[0]!["option-data"].find((o) => o.code === 150)!.data = "nonsense";
    expect((await command(child.ready.endpoint, "config-set", bad)).reply.result).toBe(1);
    expect(await relay.lease(MAC, null)).toBeNull();
    expect(documentOf(await read())).toEqual(good);
    expect((await command(child.ready.endpoint, "config-set", good)).reply.result).toBe(0);
    expect((await relay.lease(MAC, null))?.tftp).toEqual(FIRST);
  }, 20_000);

  test("does not know what its version does not know", async () => {
    expect((await command(child.ready.endpoint, "config-hash-get")).reply).toEqual({
      result: 2,
      text: "'config-hash-get' command not supported.",
    });
  });
});

test("a Kea that does not start gives way to the lab's own server, unless it was asked for", async () => {
  const directory = mkdtempSync(join(tmpdir(), "dhcp-test-"));
  const path = process.env.PATH;
  try {
    writeFileSync(
      join(directory, "kea-dhcp4"),
      '#!/bin/sh\n[ "$1" = -v ] && echo 2.2.0 && exit 0\necho "ERROR: denied"; exit 1\n',
      {
        mode: 0o755,
      },
    );
    process.env.PATH = `${directory}:${path}`;
    const port = await freePort("udp", ["127.0.0.1"], new Set());
    const options = { subnet: "10.1.20.0/24", tftp: FIRST, port, clientPort: port + 1 };
    const child = await spawnChild<DhcpReady>(
      "dhcp",
      "lab/dhcp/process.ts",
      { ...options, kind: "auto" },
      directory,
    );
    expect(child.ready).toMatchObject({ kind: "lab", why: expect.stringContaining("ERROR: denied") });
    await child.close();
    const forced = spawnChild("dhcp", "lab/dhcp/process.ts", { ...options, kind: "kea" }, directory);
    await expect(forced).rejects.toThrow(
      "dhcp did not start: kea-dhcp4 does not serve (exit status 1): ERROR: denied",
    );
  } finally {
    process.env.PATH = path;
    rmSync(directory, { recursive: true, force: true });
  }
}, 30_000);
