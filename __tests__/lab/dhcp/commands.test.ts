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

test("elements of option-data for a class are known since 2.7, and refused in Kea's words before", () => {
  const tagged = { code: 150, "csv-format": false, data: "C0000201", "client-classes": ["x"] };
  const said = (version: string) =>
    server(version).commands.run("config-test", { Dhcp4: { "option-data": [tagged] } });
  expect(said("2.6.3")).toEqual({ result: 1, text: "spurious 'client-classes' parameter" });
  expect(said("3.0.4").result).toBe(0);
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

describe("the commands of hook libraries, in Kea's words", () => {
  const MAC = "02:00:00:00:00:42";
  const modern = (version = "3.0.4") => {
    const { commands } = server(version);
    const { hash: _, ...document } = commands.run("config-get", undefined).arguments as JsonMap;
    const dhcp4 = document.Dhcp4 as JsonMap;
    const libraries = ["subnet_cmds", "host_cmds"].map((name) => ({ library: `libdhcp_${name}.so` }));
    commands.run("config-set", { Dhcp4: { ...dhcp4, "hooks-libraries": libraries } });
    const subnet = () =>
      (
        (commands.run("config-get", undefined).arguments as JsonMap).Dhcp4 as { subnet4: JsonMap[] }
      ).subnet4.find((s) => s.subnet === "10.1.20.0/24")!;
    return { commands, subnet };
  };

  test("are there when their library is loaded", () => {
    expect(server("3.0.4").commands.run("subnet4-delta-add", {}).result).toBe(2);
    const { commands } = modern();
    expect(commands.run("list-commands", undefined).arguments).toEqual(
      expect.arrayContaining(["subnet4-delta-add", "subnet4-delta-del", "reservation-add"]),
    );
  });

  test.each([
    ["2.2.0", false],
    ["2.3.6", false],
    ["2.3.7", true],
    ["2.4.0", true],
  ])("%s: whether it updates a reservation", (version, has) => {
    const { commands } = modern(version);
    const { arguments: known } = commands.run("list-commands", undefined);
    expect((known as string[]).includes("reservation-update")).toBe(has);
    expect(known).toEqual(expect.arrayContaining(["subnet4-delta-add", "reservation-add"]));
    expect(commands.run("reservation-update", {}).result === 2).toBe(!has);
  });

  test("one option of a subnet", () => {
    const { commands, subnet } = modern();
    const { id } = subnet();
    const given = (option: JsonMap) => ({
      subnet4: [{ id, subnet: "10.1.20.0/24", "option-data": [option] }],
    });
    const option = { code: 150, space: "dhcp4" };
    const before = JSON.stringify(subnet());
    expect(commands.run("subnet4-delta-add", given({ ...option, data: "198.51.100.21" }))).toEqual({
      result: 0,
      text: "IPv4 subnet updated",
      arguments: { subnets: [{ id, subnet: "10.1.20.0/24" }] },
    });
    expect(JSON.stringify(subnet())).toContain("198.51.100.21");
    expect(commands.run("subnet4-delta-del", given(option)).result).toBe(0);
    expect(JSON.stringify(subnet())).not.toMatch(/198\.51\.100\.21|192\.0\.2\.1"/);
    expect(before).not.toBe(JSON.stringify(subnet()));
    expect(commands.run("subnet4-delta-add", { subnet4: [{ id: 999, subnet: "10.9.0.0/16" }] }).result).toBe(
      1,
    );
  });

  test("one reservation", () => {
    const { commands, subnet } = modern();
    const key = { "subnet-id": subnet().id, "identifier-type": "hw-address", identifier: MAC };
    const target = { "operation-target": "memory" };
    const reservation = { "subnet-id": subnet().id, "hw-address": MAC };
    const run = (command: string, args: JsonMap) => {
      const { result, text } = commands.run(command, args);
      return `${result} ${text}`;
    };
    const before = JSON.stringify(subnet());
    expect(run("reservation-get", key)).toBe("3 Host not found.");
    expect(run("reservation-add", { reservation })).toBe("1 Host database not available, cannot add host.");
    expect(run("reservation-add", { ...target, reservation })).toBe("0 Host added.");
    expect(run("reservation-add", { ...target, reservation })).toMatch(
      /^1 failed to add .* already been added$/,
    );
    expect(run("reservation-get", key)).toBe("0 Host found.");
    expect(run("reservation-update", { ...target, reservation: { ...reservation, hostname: "x" } })).toMatch(
      /^0/,
    );
    expect(JSON.stringify(subnet())).toContain('"hostname":"x"');
    expect(run("reservation-del", { ...target, ...key })).toBe("0 Host deleted.");
    expect(JSON.stringify(subnet())).toBe(before);
  });
});
