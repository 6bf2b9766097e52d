import { Commands } from "../../../lab/dhcp/commands";
import type { JsonMap } from "../../../lab/dhcp/document";
import { labDocument } from "../../../lab/dhcp/document-for-lab";

const DOCUMENT = labDocument({
  subnet: "10.1.20.0/24",
  tftp: ["192.0.2.1", "192.0.2.2"],
  socketPath: "/tmp/x.sock",
});

function server(version: string) {
  const applied: (object | null)[] = [];
  const commands = new Commands(version, DOCUMENT, "/nowhere/kea.conf", {
    applied: (config) => applied.push(config),
  });
  return { commands, applied };
}

test("from 2.4 on: a hash that changes with the document, and is refused when it is sent back", () => {
  const { commands } = server("2.6.3");
  const read = commands.run("config-get", undefined).arguments as JsonMap;
  expect(commands.run("config-hash-get", undefined).arguments).toEqual({ hash: read.hash });
  expect(commands.run("config-set", read)).toEqual({ result: 1, text: "Unsupported 'hash' parameter." });
  const { hash, ...document } = read;
  expect(commands.run("config-set", document)).toEqual({
    result: 0,
    text: "Configuration successful.",
    arguments: { hash },
  });
  expect(JSON.stringify(commands.run("config-get", undefined).arguments)).toBe(JSON.stringify(read));
});

test("2.2 has no hash, and loses its sockets when config-set fails; later versions keep serving", () => {
  const old = server("2.2.0");
  expect(old.commands.run("config-hash-get", undefined).result).toBe(2);
  expect(old.commands.run("list-commands", undefined).arguments).not.toContain("config-hash-get");
  expect(old.commands.run("config-set", { Dhcp4: { subnet4: [{ subnet: "nonsense" }] } }).result).toBe(1);
  expect(old.applied.at(-1)).toBeNull();
  expect(old.commands.run("status-get", undefined).arguments).toMatchObject({ sockets: { status: "ready" } });
  expect(old.commands.run("config-set", DOCUMENT).result).toBe(0);
  expect(old.applied.at(-1)).not.toBeNull();

  const later = server("2.6.3");
  later.commands.run("config-set", { Dhcp4: { subnet4: [{ subnet: "nonsense" }] } });
  expect(later.applied.at(-1)).not.toBeNull();
});

test("refuses in Kea's words", () => {
  const { commands } = server("2.2.0");
  const test = (dhcp4: JsonMap) => commands.run("config-test", { Dhcp4: dhcp4 }).text;
  expect(test({ subnet4: [{ subnet: "10.1.20.0/24", pools: [{ pool: "10.2.0.1-10.2.0.9" }] }] })).toContain(
    "does not match the prefix",
  );
  expect(
    test({
      subnet4: [
        { id: 1, subnet: "10.1.20.0/24" },
        { id: 1, subnet: "10.1.30.0/24" },
      ],
    }),
  ).toContain("already in use");
  expect(test({ "client-classes": [{ name: "odd", test: "option[61].exists" }] })).toContain(
    "client class 'odd'",
  );
  expect(test({})).toContain("Configuration seems sane");
  expect(commands.run("config-write", undefined).text).toBe(
    "Error during write-config:Unable to open file /nowhere/kea.conf for writing",
  );
  expect(commands.run("subnet4-list", undefined)).toEqual({
    result: 2,
    text: "'subnet4-list' command not supported.",
  });
});
