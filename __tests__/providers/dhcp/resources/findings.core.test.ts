import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DhcpBackend } from "../../../../providers/dhcp/backends/backend";
import { FINDING_KINDS, type FindingKind } from "../../../../providers/dhcp/backends/finding-kinds";
import { dhcpProvider } from "../../../../providers/dhcp/provider";
import { DhcpServers } from "../../../../providers/dhcp/servers";
import { type Core, cores } from "../../../../providers/framework/testing/core";
import { type ResidentProvider, resident } from "../../../../providers/framework/testing/resident";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { DESTINATION, op, SCOPE, SOURCE } from "../support/backend";
import {
  CONFIGURATION,
  dhcpdOn,
  FakeDhcpHost,
  FILE,
  host,
  lost,
  MAIN,
  OTHER,
  PILOTS,
  THERE,
} from "../support/fake-dhcpd";
import { configuration, DEFINITION, entry, FakeKea } from "../support/fake-kea";
import { Devices, entry as entryOf, hostPool, iosXeOn, native, pool, voice } from "../support/ios-xe";
import { MAC, own } from "../support/scopes";

/** Every kind of finding of every kind of server, as `show -json` has it in a plan. */

jest.setTimeout(120_000);

const SUBNET = 'subnet = "10.1.20.0/24"';
const PHONE = `${SUBNET}, phone = "${MAC}"`;

interface KeaRow {
  readonly text: string;
  readonly scope?: string;
  readonly version?: string;
  readonly byClass?: true;
  /** Of a second server of the pair. */
  readonly peer?: string;
  readonly persist?: "config-write";
}
const never = { "option-data": [entry("", { "never-send": true })] };
const withOption = (code: number, data: string) => configuration([own, { code, data, space: "dhcp4" }]);
const className = `option-150 10.1.20.0/24 ${DESTINATION.join(" ")}`;
const made = {
  name: className,
  test: `pkt4.mac == 0x${MAC.replaceAll(":", "")}`,
  "user-context": { "made-for": "option-150-of-pilots" },
};
const global = { "reservations-global": true, reservations: [{ "hw-address": MAC }] };

/** By what it is of; a new kind of server adds its rows, and how its servers are made, below. */
const KEA: { readonly [kind in FindingKind]?: KeaRow } = {
  "always-send": { text: configuration([entry("10.0.0.1", { "always-send": true })]) },
  "class-tagged": { text: configuration([own, entry("10.0.0.9", { "client-classes": ["x"] })]) },
  "class-tags": { text: configuration([own]), scope: PHONE, byClass: true },
  "class-taken": {
    text: configuration([own], { "client-classes": [{ ...made, test: "member('ALL')" }] }),
    scope: PHONE,
    byClass: true,
    version: "3.0.4",
  },
  "config-control": { text: configuration([own], { "config-control": { "config-databases": [{}] } }) },
  "definition-missing": { text: configuration([], { "option-def": [] }) },
  "definition-not-array": {
    text: configuration([own], { "option-def": [{ ...DEFINITION, array: false }] }),
  },
  "definition-type": { text: configuration([own], { "option-def": [{ ...DEFINITION, type: "string" }] }) },
  duplicate: { text: configuration([own, own]) },
  empty: { text: configuration([entry("")]) },
  "global-reservation": { text: configuration([own], global), scope: PHONE },
  "hosts-database": { text: configuration([own], { "hosts-database": { type: "mysql" } }), scope: PHONE },
  "identifier-off": {
    text: configuration([own], { "host-reservation-identifiers": ["duid"] }),
    scope: PHONE,
  },
  "inherited-value": { text: configuration([], { "option-data": [own] }) },
  "known-clients": { text: configuration([own], {}, { "client-class": "UNKNOWN" }), scope: PHONE },
  "never-send": { text: configuration([own], never) },
  "next-server": { text: configuration([own], { "next-server": "10.0.0.9" }) },
  "not-persisted": { text: configuration([own]) },
  "option-66": { text: withOption(66, "old") },
  "peers-differ": { text: configuration([own]), peer: configuration([entry("10.0.0.1")]) },
  "pilot-class": {
    text: configuration([own, entry("10.0.0.9", { "client-classes": [className] })], {
      "client-classes": [made],
    }),
    scope: PHONE,
    version: "3.0.4",
  },
  "reservations-off": { text: configuration([own], { "reservations-in-subnet": false }), scope: PHONE },
  "server-hostname": { text: configuration([own], { "server-hostname": "old" }) },
  shadowed: {
    text: configuration([own], {}, { reservations: [{ "hw-address": MAC, "option-data": [own] }] }),
  },
  "third-value": { text: configuration([entry("10.0.0.9")]) },
  unsaved: { text: configuration([entry(DESTINATION.join(","))]), persist: "config-write" },
};

const FILES = { [FILE]: "option cisco-tftp 192.0.2.21, 192.0.2.22;\n", [OTHER]: "", [PILOTS]: "" };
const LINE = "option cisco-tftp code 150 = array of ip-address;";
const ANOTHER = "option cisco-tftp 203.0.113.9;";
const dhcpd = (main: string, files: { readonly [path: string]: string } = {}) =>
  new FakeDhcpHost({ [MAIN]: main, ...FILES, ...files });
const typed = (type: string) => CONFIGURATION.replace("array of ip-address", type);
const within = (text: string) => CONFIGURATION.replace("option routers 10.1.20.1;", text);
const behind = (text: string) => `${CONFIGURATION}\n${text}\n`;

interface DhcpdRow {
  readonly host: FakeDhcpHost | Promise<FakeDhcpHost>;
  readonly scope?: string;
}
const ISC_DHCPD: { readonly [kind in FindingKind]?: () => DhcpdRow } = {
  conditional: () => ({ host: dhcpd(within(`if exists user-class { ${ANOTHER} }`)) }),
  "definition-after": () => ({ host: dhcpd(`${CONFIGURATION.replace(LINE, "")}${LINE}`, { [FILE]: "" }) }),
  "definition-missing": () => ({ host: dhcpd(CONFIGURATION.replace(LINE, ""), { [FILE]: "" }) }),
  "definition-not-array": () => ({ host: dhcpd(typed("ip-address")) }),
  "definition-type": () => ({ host: dhcpd(typed("text"), { [FILE]: 'option cisco-tftp "10.0.0.8";' }) }),
  duplicate: () => ({ host: dhcpd(within(ANOTHER)) }),
  "foreign-content": () => ({ host: dhcpd(CONFIGURATION, { [FILE]: "option routers 10.1.20.1;" }) }),
  "host-name": () => ({ host: dhcpd(CONFIGURATION, { [FILE]: "option cisco-tftp tftp.example.com;" }) }),
  "include-unread": () => ({ host: dhcpd(behind('include "/etc/dhcp/other.conf";')) }),
  "inherited-value": () => ({
    host: dhcpd(CONFIGURATION.replace(LINE, `${LINE} ${ANOTHER}`), { [FILE]: "" }),
  }),
  interrupted: () => ({ host: interrupted() }),
  "known-clients": () => ({
    host: dhcpd(CONFIGURATION.replace("pool {", "pool { deny known-clients;")),
    scope: PHONE,
  }),
  "managed-file-missing": () => {
    const without = dhcpd(CONFIGURATION);
    without.files.delete(FILE);
    return { host: without };
  },
  "next-server": () => ({ host: dhcpd(behind("next-server 10.0.0.9;")) }),
  "not-included": () => ({ host: dhcpd(CONFIGURATION.replace(`include "${FILE}";`, "")) }),
  "option-66": () => ({ host: dhcpd(behind('option tftp-server-name "old";')) }),
  "server-hostname": () => ({ host: dhcpd(behind('server-name "old";')) }),
  shadowed: () => ({ host: dhcpd(CONFIGURATION.replace("pool {", `pool { ${ANOTHER}`)) }),
};

interface IosXeRow {
  readonly dhcp: ReturnType<typeof native>;
  readonly scope?: string;
  readonly version?: string;
}
const ours = entryOf(SOURCE);
const IOS_XE: { readonly [kind in FindingKind]?: IosXeRow } = {
  bootfile: { dhcp: native({ ...voice([ours]), bootfile: "image.bin" }) },
  duplicate: { dhcp: native(voice([{ ...ours, ip: ["10.0.0.1"] }])) },
  empty: { dhcp: native(voice([{ "option-range": 150, "hex-new": { "none-new": [null] } }])) },
  "host-name": { dhcp: native(voice([entryOf(["tftp.example"])])) },
  "identifier-off": {
    dhcp: native(voice([ours]), [
      {
        ...pool("BY-MAC", "10.1.20.50", "255.255.255.0"),
        network: undefined,
        host: { number: "10.1.20.50", mask: "255.255.255.0" },
        "hardware-address": { "hardware-address-val": "0200.0000.0042" },
      },
    ]),
    scope: PHONE,
  },
  "inherited-value": { dhcp: native(voice([]), [pool("WIDE", "10.1.0.0", "255.255.0.0", [ours])]) },
  "leaf-unknown": { dhcp: native(voice([ours])), version: "?" },
  "next-server": { dhcp: native({ ...voice([ours]), "next-server": ["192.0.2.9"] }) },
  "not-addresses": { dhcp: native(voice([{ "option-range": 150, "ascii-new": "old" }])) },
  "not-persisted": { dhcp: native(voice([ours])) },
  "option-66": { dhcp: native(voice([ours, { "option-range": 66, "ascii-new": "old" }])) },
  "order-not-kept": { dhcp: native(voice([entryOf(SOURCE, "ip-new")])), version: "17.12" },
  "secondary-networks": {
    dhcp: native({
      ...voice([ours]),
      network: {
        "primary-network": { number: "10.1.20.0", mask: "255.255.255.0" },
        "secondary-network": [{ number: "10.1.21.0", mask: "255.255.255.0", secondary: [null] }],
      },
    }),
  },
  shadowed: { dhcp: native(voice([ours]), [hostPool([ours])]) },
  "too-many-addresses": {
    dhcp: native(voice([entryOf([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `192.0.2.${n}`))])),
  },
};

/** A run that ended between the file and the restart. */
async function interrupted(): Promise<FakeDhcpHost> {
  for (let at = 0; ; at++) {
    const one = host();
    one.before = (_, index) => {
      if (index >= at) throw lost();
    };
    await dhcpdOn([one])
      .apply(SCOPE, THERE, op())
      .catch(() => {});
    one.before = () => {};
    if ((await dhcpdOn([one]).read(SCOPE, op())).answers.length > 1) return one;
  }
}

test("each kind of each kind of server has a row", () => {
  const of = (...owners: string[]) =>
    Object.entries(FINDING_KINDS).flatMap(([kind, by]) => (by.some((b) => owners.includes(b)) ? [kind] : []));
  expect(Object.keys(KEA).sort()).toEqual(of("kea", "pair", "resource").sort());
  expect(Object.keys(ISC_DHCPD).sort()).toEqual(of("isc_dhcpd").sort());
  expect(Object.keys(IOS_XE).sort()).toEqual(of("ios_xe").sort());
});

test("each kind is explained", () => {
  const explained = readFileSync(join(__dirname, "../../../../docs/troubleshooting.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => line.split(" | ")[0]!.match(/(?<=`)[a-z0-9-]+(?=`)/g) ?? []);
  expect(explained).toEqual(expect.arrayContaining(Object.keys(FINDING_KINDS)));
});

describe.each(cores().map((core) => [core.name, core] as const))("with %s", (_, core: Core) => {
  const running: FakeKea[] = [];
  const backends = new Map<string, DhcpBackend>();
  const devices = new Devices();
  let provider: ResidentProvider;
  beforeAll(async () => {
    // The servers without an address of their own are put in by name.
    class WithFakes extends DhcpServers {
      override backend(name: string): DhcpBackend {
        return backends.get(name) ?? super.backend(name);
      }
    }
    provider = await resident({
      ...dhcpProvider,
      configure: ({ servers }) => new WithFakes(servers as ConstructorParameters<typeof DhcpServers>[0]),
    });
  });
  afterAll(async () => {
    await provider.close();
    await devices.stop();
    await Promise.all(running.map((server) => server.stop()));
  });
  const start = async (text: string, version = "2.2.0") => {
    const server = await new FakeKea(text, { version }).start();
    running.push(server);
    return server;
  };
  const resource = (name: string, server: string, scope = SUBNET) => `
    resource "dhcp_option_150" "${name}" {
      server                = "${server}"
      scope                 = { ${scope} }
      ${scope === SUBNET ? 'source_addresses = ["192.0.2.21", "192.0.2.22"]' : ""}
      destination_addresses = ${JSON.stringify(DESTINATION)}
      serve                 = "source"
    }`;

  test("every kind is in a plan", async () => {
    const declared: string[] = [];
    const resources: string[] = [];
    for (const [kind, { text, scope, version, byClass, peer, persist }] of Object.entries(KEA)) {
      const servers = [await start(text, version), ...(peer === undefined ? [] : [await start(peer)])];
      if (persist)
        servers[0]!.instead = (command) =>
          command === "config-write" ? { result: 1, text: "no" } : undefined;
      declared.push(`kea-${kind} = { kea = {
        endpoints = ${JSON.stringify(servers.map((s) => s.endpoint))}
        persist   = "${persist ?? "none"}"
        pilots_by = "${byClass ? "class" : "reservation"}"
      } }`);
      resources.push(resource(`kea-${kind}`, `kea-${kind}`, scope));
    }
    for (const [kind, row] of Object.entries(ISC_DHCPD)) {
      const { host: one, scope } = row();
      backends.set(`isc-${kind}`, dhcpdOn([await one]));
      resources.push(resource(`isc-${kind}`, `isc-${kind}`, scope));
    }
    for (const [kind, { dhcp, scope, version }] of Object.entries(IOS_XE)) {
      const device = await devices.start({ ...(version === undefined ? {} : { version }) }, dhcp);
      backends.set(`ios-${kind}`, iosXeOn([device]));
      resources.push(resource(`ios-${kind}`, `ios-${kind}`, scope));
    }
    const workspace = new Workspace({ core, providers: { dhcp: provider } });
    try {
      const unsaved = resources.filter((r) => r.includes('"kea-unsaved"'));
      const configure = (which: readonly string[]) =>
        workspace.configure(
          `provider "dhcp" { servers = {\n${declared.join("\n")}\n} }\n${which.join("\n")}`,
        );
      // Only who has tried to save knows of that one.
      configure(unsaved);
      await workspace.apply();
      configure(resources);
      const plan = await workspace.plan();
      const missing = [
        ...Object.keys(KEA).map((k) => `kea-${k}`),
        ...Object.keys(ISC_DHCPD).map((k) => `isc-${k}`),
        ...Object.keys(IOS_XE).map((k) => `ios-${k}`),
      ].filter((name) => {
        const findings = plan.change(`dhcp_option_150.${name}`).after?.findings as { kind: string }[];
        return !findings.some((f) => f.kind === name.slice(4));
      });
      expect(missing).toEqual([]);
    } finally {
      workspace.remove();
    }
  });
});
