import { DhcpError, type Scope } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, op, SCOPE, SOURCE } from "../../support/backend";
import {
  CONFIGURATION,
  DIRECTORY,
  dhcpdOn,
  FakeDhcpHost,
  FILE,
  MAIN,
  PILOTS,
  SECRET,
} from "../../support/fake-dhcpd";

const OURS = `option cisco-tftp ${SOURCE.join(", ")};\n`;
const DEFINITION = "option cisco-tftp code 150 = array of ip-address;";
const FILES = { [FILE]: OURS, [`${DIRECTORY}/option150-10.1.21.0-24.conf`]: "", [PILOTS]: "" };

function read(main: string, more: { readonly [path: string]: string } = {}, scope: Scope = SCOPE) {
  return dhcpdOn([new FakeDhcpHost({ [MAIN]: main, ...FILES, ...more })]).read(scope, op());
}
const within = (text: string) => CONFIGURATION.replace("option routers 10.1.20.1;", text);
const after = (text: string) => CONFIGURATION.replace("pool {", `${text} pool {`);
const beside = (text: string) => `${CONFIGURATION}\n${text}\n`;
const OTHER = "option cisco-tftp 203.0.113.9;";

test("a tidy configuration has none, and the answer", async () => {
  expect(await read(CONFIGURATION)).toMatchObject({ answer: SOURCE, answers: [SOURCE], findings: [] });
});

test.each<[string, string, { readonly [path: string]: string }, object]>([
  [
    "no definition",
    CONFIGURATION.replace(DEFINITION, ""),
    { [FILE]: "" },
    { kind: "definition-missing", severity: "error" },
  ],
  [
    "a definition behind the include",
    `${CONFIGURATION.replace(DEFINITION, "")}${DEFINITION}`,
    { [FILE]: "" },
    { kind: "definition-after", severity: "error" },
  ],
  [
    "a definition for one address",
    CONFIGURATION.replace("array of ip-address", "ip-address"),
    {},
    { kind: "definition-not-array", severity: "error", value: "ip-address" },
  ],
  [
    "a definition of type text",
    CONFIGURATION.replace("array of ip-address", "text"),
    { [FILE]: 'option cisco-tftp "10.0.0.8,10.0.0.9";' },
    { kind: "definition-type", severity: "error", value: "text" },
  ],
  [
    "the file is included in another scope",
    CONFIGURATION.replace(`include "${FILE}";`, "").replace("pool {", `pool { include "${FILE}";`),
    {},
    {
      kind: "not-included",
      severity: "error",
      value: `${FILE} is not included in ${MAIN} line 4, in the block of subnet 10.1.20.0/24`,
      advice: expect.stringContaining(`add the line  include "${FILE}";`),
    },
  ],
  [
    "more in the file than option 150",
    CONFIGURATION,
    { [FILE]: `${OURS}option routers 10.1.20.1;` },
    { kind: "foreign-content", severity: "error" },
  ],
  ["a statement after the include", after(OTHER), {}, { kind: "duplicate", severity: "error" }],
  [
    "one before it",
    within(OTHER),
    {},
    { kind: "duplicate", severity: "warning", value: `203.0.113.9 and ${SOURCE.join(", ")}` },
  ],
  [
    "a host name",
    CONFIGURATION,
    { [FILE]: "option cisco-tftp tftp.example.com;" },
    { kind: "host-name", severity: "error", value: '"tftp.example.com"' },
  ],
  [
    "a condition in the scope",
    within(`if exists user-class { ${OTHER} }`),
    {},
    { kind: "conditional", severity: "warning" },
  ],
  [
    "a pool with its own",
    CONFIGURATION.replace("pool {", `pool { ${OTHER}`),
    {},
    { kind: "shadowed", scope: "subnet 10.1.20.0/24 pool 10.1.20.100-10.1.20.199", value: "203.0.113.9" },
  ],
  [
    "a class with its own: it goes before subnets, unlike in Kea",
    beside(`class "phones" { match if true; ${OTHER} }`),
    {},
    { kind: "shadowed", severity: "warning", scope: "class phones" },
  ],
  [
    "a host with its own",
    beside(`host reception { hardware ethernet 02:00:00:00:00:01; fixed-address 10.1.20.7; ${OTHER} }`),
    {},
    { kind: "shadowed", scope: "host reception" },
  ],
  [
    "a group of hosts with its own",
    beside(`group { ${OTHER} host a { hardware ethernet 02:00:00:00:00:01; } }`),
    {},
    { kind: "shadowed", scope: `group in ${MAIN} line 14` },
  ],
  [
    "a pilot of ours",
    CONFIGURATION,
    { [PILOTS]: `host option150-020000000042 {\n hardware ethernet 02:00:00:00:00:42;\n ${OTHER}\n}\n` },
    { kind: "shadowed", severity: "info", scope: "host option150-020000000042" },
  ],
  [
    "option 66",
    beside('option tftp-server-name "10.0.0.9";'),
    {},
    { kind: "option-66", scope: "global", value: '"10.0.0.9"' },
  ],
  ["next-server", within("next-server 10.0.0.9;"), {}, { kind: "next-server", scope: "subnet 10.1.20.0/24" }],
  ["server-name", within('server-name "old";'), {}, { kind: "server-hostname", value: '"old"' }],
  [
    "next-server under a condition",
    within("if known { next-server 10.0.0.9; }"),
    {},
    { kind: "next-server", scope: "subnet 10.1.20.0/24" },
  ],
  [
    "next-server of a pool",
    CONFIGURATION.replace("pool {", "pool { next-server 10.0.0.9;"),
    {},
    { kind: "next-server", scope: "subnet 10.1.20.0/24 pool 10.1.20.100-10.1.20.199", value: "10.0.0.9" },
  ],
  [
    "option 66 of a host",
    beside('host a { hardware ethernet 02:00:00:00:00:01; option tftp-server-name "old"; }'),
    {},
    { kind: "option-66", scope: "host a", value: '"old"' },
  ],
  [
    "server-name of a group of hosts",
    beside('group { server-name "old"; host a { hardware ethernet 02:00:00:00:00:01; } }'),
    {},
    { kind: "server-hostname", scope: `group in ${MAIN} line 14` },
  ],
  [
    "next-server of a class",
    beside('class "phones" { next-server 10.0.0.9; }'),
    {},
    { kind: "next-server", severity: "warning", scope: "class phones" },
  ],
  [
    "an include that is not there",
    beside('include "/etc/dhcp/other.conf";'),
    {},
    { kind: "include-unread", severity: "warning", value: expect.stringContaining("/etc/dhcp/other.conf") },
  ],
  [
    "nothing of its own: what is inherited",
    beside("").replace(DEFINITION, `${DEFINITION} ${OTHER}`),
    { [FILE]: "" },
    { kind: "inherited-value", severity: "info", value: "203.0.113.9 from the global options" },
  ],
])("%s", async (_, main, files, finding) => {
  const { findings } = await read(main, files);
  expect(findings).toContainEqual(expect.objectContaining(finding));
});

test.each([
  ["a host that is for another subnet", beside(`host a { fixed-address 10.1.21.7; ${OTHER} }`)],
  [
    "next-server of a host for another subnet",
    beside("host a { fixed-address 10.1.21.7; next-server 10.0.0.9; }"),
  ],
  [
    "next-server of another subnet",
    CONFIGURATION.replace("subnet 10.1.21.0 netmask 255.255.255.0 {", "$& next-server 10.0.0.9;"),
  ],
  ["another subnet", CONFIGURATION.replace("subnet 10.1.21.0 netmask 255.255.255.0 {", `$& ${OTHER}`)],
  ["a group of other subnets", beside(`group { ${OTHER} subnet 10.9.0.0 netmask 255.255.0.0 { } }`)],
])("%s competes with nothing", async (_, main) => {
  expect((await read(main)).findings).toEqual([]);
});

test("what others wrote reaches neither readings nor errors", async () => {
  const secret = new RegExp(SECRET);
  const reading = await read(beside(`option cisco-tftp = "${SECRET}";`), {
    [FILE]: `${OURS}# ok\noption routers "${SECRET}";`,
  });
  expect(JSON.stringify(reading)).not.toMatch(secret);
  const broken = await read(`${CONFIGURATION} key k { secret "${SECRET}" }`).catch((error) => error);
  expect(broken).toBeInstanceOf(DhcpError);
  expect(broken.message).toMatch(/not understood.*dhcpd.conf line 13: a statement without its ;/);
  expect(broken.message).not.toMatch(secret);
});

test("spellings that dhcpd takes", async () => {
  for (const spelling of [
    "option CISCO-TFTP 192.0.2.21,192.0.2.22;",
    "option dhcp.cisco-tftp 192.0.2.21, 192.0.2.22;",
    "supersede cisco-tftp 192.0.2.21\n, 192.0.2.22;",
    "option unknown-150 = c0:0:02:15:c0:00:02:16;",
  ])
    expect((await read(CONFIGURATION, { [FILE]: spelling })).answer).toEqual(SOURCE);
});

describe("scopes", () => {
  const NETWORK = `
    shared-network "hq voice" {
      include "${DIRECTORY}/option150-network-hq%20voice.conf";
      subnet 10.2.0.0 netmask 255.255.255.0 { }
      subnet 10.3.0.0 netmask 255.255.255.0 { range 10.3.0.5; }
      pool { range dynamic-bootp 10.2.0.10 10.2.0.99; include "${DIRECTORY}/option150-10.2.0.10-10.2.0.99.conf"; }
    }
    include "${DIRECTORY}/option150-global.conf";`;
  test.each<[Scope, string]>([
    [{ kind: "shared-network", network: "hq voice" }, "option150-network-hq%20voice.conf"],
    [
      { kind: "pool", subnet: "10.2.0.0/24", pool: "10.2.0.10-10.2.0.99" },
      "option150-10.2.0.10-10.2.0.99.conf",
    ],
    [{ kind: "global" }, "option150-global.conf"],
    [{ kind: "reservation", subnet: "10.2.0.0/24", mac: "02:00:00:00:00:42" }, "pilots.conf"],
  ])("%j is kept in %s", async (scope, name) => {
    const path = `${DIRECTORY}/${name}`;
    const host = new FakeDhcpHost({ [MAIN]: beside(NETWORK), ...FILES });
    for (const file of [
      "option150-network-hq%20voice.conf",
      "option150-10.2.0.10-10.2.0.99.conf",
      "option150-global.conf",
    ])
      host.files.set(`${DIRECTORY}/${file}`, "");
    const before = new Map(host.files);
    const dhcpd = dhcpdOn([host]);
    const { answer, original } = await dhcpd.read(scope, op());
    expect(answer).toBe("inherited");
    await dhcpd.apply(scope, { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" }, op());
    expect(host.served.get(path)).toContain(`option cisco-tftp ${DESTINATION.join(", ")};`);
    await dhcpd.apply(
      scope,
      { answer: "inherited", expected: [DESTINATION], restore: original, unsaved: "keep" },
      op(),
    );
    expect(new Map(host.files)).toEqual(before);
  });

  test("the shared network's pool shadows the subnet that it has addresses of", async () => {
    const main = beside(NETWORK);
    const files = {
      [`${DIRECTORY}/option150-network-hq%20voice.conf`]: "",
      [`${DIRECTORY}/option150-10.2.0.10-10.2.0.99.conf`]: OTHER,
      [`${DIRECTORY}/option150-global.conf`]: "",
    };
    const shadowed = async (subnet: string) =>
      (await read(main, files, { kind: "subnet", subnet })).findings.some((f) => f.kind === "shadowed");
    expect([await shadowed("10.2.0.0/24"), await shadowed("10.3.0.0/24")]).toEqual([true, false]);
  });

  describe("what a scope inherits from", () => {
    const LEFT = (n: number) => `next-server 10.0.0.${n};`;
    const main = `${DEFINITION} ${LEFT(1)} option cisco-tftp 203.0.113.1;
      shared-network hq { ${LEFT(2)}
        subnet 10.2.0.0 netmask 255.255.255.0 { ${LEFT(3)} option cisco-tftp 203.0.113.3; }
        subnet 10.3.0.0 netmask 255.255.255.0 { ${LEFT(4)} }
        pool { range 10.2.0.10 10.2.0.99; ${LEFT(5)} }
        pool { range 10.3.0.10 10.3.0.99; ${LEFT(6)} }
      }
      class "phones" { ${LEFT(7)} }
      group { ${LEFT(8)} host a { hardware ethernet 02:00:00:00:00:42; } host b { hardware ethernet 02:00:00:00:00:43; ${LEFT(9)} } }`;
    test.each<[Scope, string, string | null]>([
      [{ kind: "global" }, "123456789", null],
      [{ kind: "shared-network", network: "hq" }, "123456789", "203.0.113.1 from the global options"],
      [{ kind: "subnet", subnet: "10.3.0.0/24" }, "1246789", "203.0.113.1 from the global options"],
      [
        { kind: "pool", subnet: "10.2.0.0/24", pool: "10.2.0.10-10.2.0.99" },
        "1235789",
        "203.0.113.3 from subnet 10.2.0.0/24",
      ],
      [
        { kind: "reservation", subnet: "10.2.0.0/24", mac: "02:00:00:00:00:42" },
        "123578",
        "203.0.113.3 from subnet 10.2.0.0/24",
      ],
      [
        { kind: "reservation", subnet: "10.2.0.0/24", mac: "02:00:00:00:00:99" },
        "12357",
        "203.0.113.3 from subnet 10.2.0.0/24",
      ],
    ])("%j", async (scope, left, inherited) => {
      const { findings } = await read(main, {}, scope);
      const of = (kind: string) => findings.filter((f) => f.kind === kind).map(({ value }) => value);
      expect(
        of("next-server")
          .map((value) => value.at(-1))
          .sort()
          .join(""),
      ).toBe(left);
      expect(of("inherited-value")).toEqual(inherited === null ? [] : [inherited]);
    });

    test("a phone's pool goes before its subnet, for its addresses", async () => {
      const { findings } = await read(
        main.replace(LEFT(5), "option cisco-tftp 203.0.113.5;"),
        {},
        {
          kind: "reservation",
          subnet: "10.2.0.0/24",
          mac: "02:00:00:00:00:99",
        },
      );
      expect(findings.filter((f) => f.kind === "inherited-value").map(({ value }) => value)).toEqual([
        "203.0.113.3 from subnet 10.2.0.0/24",
        "203.0.113.5 from shared network hq pool 10.2.0.10-10.2.0.99, for its addresses",
      ]);
    });

    test("one of too many of a kind is told as a number", async () => {
      const hosts = Array.from({ length: 103 }, (_, i) => `host h${i} { ${LEFT(i)} }`).join("\n");
      const { findings } = await read(beside(hosts));
      expect(findings.filter((f) => f.kind === "next-server")).toHaveLength(101);
      expect(findings).toContainEqual(expect.objectContaining({ kind: "next-server", value: "3 more" }));
    });
  });

  test("one that the server has not", async () => {
    for (const scope of [
      { kind: "subnet", subnet: "10.1.20.0/25" },
      { kind: "pool", subnet: "10.1.20.0/24", pool: "10.1.20.1-10.1.20.9" },
      { kind: "shared-network", network: "x" },
      { kind: "reservation", subnet: "10.9.0.0/24", mac: "02:00:00:00:00:42" },
    ] as const)
      await expect(read(CONFIGURATION, {}, scope)).rejects.toMatchObject({ kind: "scope" });
  });
});

test("many readers share one look at the files; files that include each other are refused", async () => {
  const host = new FakeDhcpHost({ [MAIN]: CONFIGURATION, ...FILES });
  const dhcpd = dhcpdOn([host]);
  await Promise.all(Array.from({ length: 20 }, () => dhcpd.read(SCOPE, op())));
  expect(host.count("open")).toBe(1);
  host.files.set("/etc/dhcp/a.conf", 'include "a.conf";').set(MAIN, 'include "/etc/dhcp/a.conf";');
  host.files.set("/a.conf", 'include "/etc/dhcp/a.conf";');
  await expect(dhcpd.read(SCOPE, op())).rejects.toThrow(/includes itself/);
});
