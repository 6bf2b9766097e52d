import { dhcpProvider } from "../../../../providers/dhcp/provider";
import { DhcpServers } from "../../../../providers/dhcp/servers";
import { cores } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges } from "../../../../providers/framework/testing/expect";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { builtProvider } from "../../../../scripts/built-provider";
import { DESTINATION, SOURCE } from "../support/backend";
import { DEFINITION } from "../support/fake-kea";
import { hookLibrary, RealKea, requireKea, sleep } from "../support/real-kea";
import { readOffer } from "../support/wire";

/** What the kea-dhcp4 of this machine offers, and that it keeps no lease of it. */

jest.setTimeout(120_000);
beforeAll(requireKea);

let kea: RealKea;
afterEach(() => kea?.stop());

const SUBNET = "127.0.0.0/8";
const MAC = "02:00:00:00:00:42";
const option = (data: string) => ({ "option-data": [{ name: "cisco-tftp", data }] });
const ask = (more: Partial<Parameters<typeof readOffer>[0]> = {}) =>
  readOffer({
    server_port: kea.ports.server,
    relay_port: kea.ports.client,
    phone: MAC,
    attempts: 5,
    ...more,
  });

async function leases(): Promise<unknown[]> {
  const { arguments: all } = JSON.parse(await kea.command("statistic-get-all"));
  return ["assigned-addresses", "cumulative-assigned-addresses"].map(
    (name) => all[`subnet[10].${name}`][0][0],
  );
}

const LEVELS = {
  global: "192.0.2.1",
  class: "192.0.2.2",
  network: "192.0.2.3",
  subnet: "192.0.2.4",
  pool: "192.0.2.5",
  host: "192.0.2.6",
  "global host": "192.0.2.7",
} as const;
type Level = keyof typeof LEVELS;

const PAIR = {
  "this-server-name": "one",
  mode: "load-balancing",
  "heartbeat-delay": 200,
  "max-response-delay": 300,
  "max-ack-delay": 300,
  "max-unacked-clients": 0,
  peers: [
    { name: "one", url: "http://127.0.0.1:18001/", role: "primary" },
    { name: "two", url: "http://127.0.0.1:18002/", role: "secondary" },
  ],
};

interface Extra {
  /** The class is asked for by the subnet, not by itself. */
  readonly required?: boolean;
  readonly globalReservations?: boolean;
}

/** Each level that is named has an option 150 of its own; the phone is in the class, the pool and all the others. */
function site(own: readonly string[], { required = false, globalReservations = false }: Extra = {}) {
  const at = (level: Level) => (own.includes(level) ? option(LEVELS[level]) : {});
  const host = (level: Level) => (own.includes(level) ? [{ "hw-address": MAC, ...at(level) }] : []);
  return {
    "option-def": [DEFINITION],
    ...at("global"),
    "reservations-global": globalReservations,
    reservations: host("global host"),
    ...(own.includes("class") && {
      "client-classes": [
        { name: "phones", test: "member('ALL')", "only-if-required": required, ...at("class") },
      ],
    }),
    "shared-networks": [
      {
        name: "floor 1",
        ...at("network"),
        subnet4: [
          {
            id: 10,
            subnet: SUBNET,
            ...at("subnet"),
            ...(required && { "require-client-classes": ["phones"] }),
            pools: [{ pool: "127.1.0.1 - 127.1.0.100", ...at("pool") }],
            reservations: host("host"),
          },
        ],
      },
    ],
  };
}

test.each<[own: string, served: Level | null, extra?: Extra]>([
  ["", null],
  ["global", "global"],
  ["global, class", "class"],
  ["global, class, network", "network"],
  ["global, class, subnet", "subnet"],
  ["global, class, network, subnet", "subnet"],
  ["global, class, subnet, pool", "pool"],
  ["global, class, network, subnet, pool, host", "host"],
  ["subnet, class", "subnet", { required: true }],
  ["global, class", "class", { required: true }],
  ["subnet, global host", "subnet"],
  ["subnet, global host", "global host", { globalReservations: true }],
])("of the levels (%s) Kea serves %s, and keeps no lease", async (own, level, extra = {}) => {
  kea = await RealKea.start(site(own.split(", "), extra));
  const { state, said } = await ask();
  expect(said).toEqual([]);
  expect(state).toMatchObject({
    answered: true,
    addresses: level && [LEVELS[level]],
    offered_address: expect.stringMatching(/^127\.1\.0\.\d+$/),
    server_identifier: "127.0.0.1",
  });
  expect(await leases()).toEqual([0, 0]);
});

test("another subnet than that of the relay is asked for, and what phones go by instead is shown", async () => {
  kea = await RealKea.start({
    "option-def": [DEFINITION],
    subnet4: [
      { id: 10, subnet: SUBNET, pools: [{ pool: "127.1.0.1-127.1.0.9" }], ...option("192.0.2.1") },
      {
        id: 20,
        subnet: "10.20.0.0/24",
        pools: [{ pool: "10.20.0.10-10.20.0.19" }],
        "next-server": "192.0.2.9",
        "option-data": [
          { name: "cisco-tftp", data: "192.0.2.2, 192.0.2.3" },
          { name: "tftp-server-name", data: "tftp.example", "always-send": true },
        ],
      },
    ],
  });
  expect((await ask({ subnet: "10.20.0.0/24", expect: ["192.0.2.2", "192.0.2.3"] })).state).toMatchObject({
    as_expected: true,
    offered_address: "10.20.0.10",
    option_66: "tftp.example",
    next_server: "192.0.2.9",
  });
  expect((await ask({ subnet: "10.30.0.0/24", attempts: 1 })).state).toMatchObject({
    answered: false,
    addresses: null,
  });
});

test("one of a pair with load balancing answers the phones that it serves, and for another one says so", async () => {
  kea = await RealKea.start({
    "option-def": [DEFINITION],
    subnet4: [{ id: 10, subnet: SUBNET, pools: [{ pool: "127.1.0.1-127.1.0.9" }], ...option("192.0.2.1") }],
    "multi-threading": { "enable-multi-threading": false },
    "hooks-libraries": [hookLibrary("lease_cmds"), hookLibrary("ha", { "high-availability": [PAIR] })],
  });
  // Nobody else is there: it takes over, and is then told to serve its own share only.
  for (let state = ""; state !== "partner-down"; await sleep(100)) {
    const { arguments: status } = JSON.parse(await kea.command("status-get"));
    state = status["high-availability"][0]["ha-servers"].local.state;
  }
  const client = new DhcpServers({});
  const ports = { server_port: kea.ports.server, relay_port: kea.ports.client };
  const phones = Array.from({ length: 8 }, (_, i) => `02:00:00:00:00:4${i}`);
  const each = () =>
    Promise.all(phones.map((phone) => readOffer({ ...ports, phone, timeout: 2 }, undefined, client)));
  expect((await each()).map(({ state }) => state.answered)).toEqual(phones.map(() => true));
  await kea.command("ha-scopes", { scopes: ["one"] });
  const asked = await each();
  expect(new Set(asked.map(({ state }) => state.answered))).toEqual(new Set([true, false]));
  for (const { state } of asked)
    if (!state.answered) expect(state.problem).toMatch(/one of a pair.*load balancing/);
});

test.each(cores().map((core) => [core.name, core] as const))(
  "with %s: read after the switch that it depends on; a wrong offer stops what goes by it, and not the way back",
  async (_, core) => {
    const pool = { pool: "127.1.0.1-127.1.0.100" };
    const reservation = { "hw-address": MAC, ...option("192.0.2.66") };
    const subnet = { id: 10, subnet: SUBNET, pools: [pool], ...option(SOURCE.join(",")) };
    const behind = { id: 20, subnet: "10.20.0.0/24", ...option(SOURCE.join(",")) };
    kea = await RealKea.start({ "option-def": [DEFINITION], subnet4: [subnet, behind] });
    const workspace = new Workspace({ core, providers: { dhcp: builtProvider("dhcp", dhcpProvider) } });
    const scope = (name: string, subnet: string, serve: string, more = "") => `
      resource "dhcp_option_150" "${name}" {
        server                = "kea"
        scope                 = { subnet = "${subnet}" }
        source_addresses      = ${JSON.stringify(SOURCE)}
        destination_addresses = ${JSON.stringify(DESTINATION)}
        serve                 = "${serve}"
        ${more}
      }`;
    /** `next` stands for what waits for the offer, as phones do. */
    const forward = (phone: string) =>
      workspace.configure(`
        provider "dhcp" { servers = { kea = { kea = { endpoints = ["${kea.endpoint}"] } } } }
        ${scope("hq", SUBNET, "destination")}
        data "dhcp_offer" "hq" {
          server_address = "127.0.0.1"
          server_port    = ${kea.ports.server}
          relay_address  = "127.0.0.1"
          relay_port     = ${kea.ports.client}
          subnet         = "${SUBNET}"
          phone          = "${phone}"
          expect         = dhcp_option_150.hq.destination_addresses
          depends_on     = [dhcp_option_150.hq]
        }
        ${scope("next", behind.subnet, "destination", 'go_if = { "the phone is offered it" = data.dhcp_offer.hq.as_expected }')}`);
    const back = () =>
      workspace.configure(`
        provider "dhcp" { servers = { kea = { kea = { endpoints = ["${kea.endpoint}"] } } } }
        ${scope("hq", SUBNET, "source")}
        ${scope("next", behind.subnet, "source")}`);
    const served = async () => {
      const { subnet4 } = JSON.parse(await kea.command("config-get")).arguments.Dhcp4;
      return subnet4.map((s: typeof subnet) => s["option-data"][0]!.data.split(/, ?/));
    };
    try {
      back();
      await workspace.apply();
      forward(MAC);
      await workspace.apply();
      expect(await served()).toEqual([DESTINATION, DESTINATION]);
      expectNoChanges(await workspace.plan());
      // A wrong offer afterwards stops nothing.
      await kea.edit((dhcp4) => {
        (dhcp4.subnet4 as { reservations: unknown[] }[])[0]!.reservations = [reservation];
      });
      expectNoChanges(await workspace.plan());
      back();
      await workspace.apply();

      forward(MAC);
      await expectError(workspace.apply(), /the phone is offered it: no/);
      expect(await served()).toEqual([DESTINATION, SOURCE]);
      // Now it is read at plan.
      await expectError(workspace.plan(), /the phone is offered it: no/);
      back();
      await workspace.apply();
      expect(await served()).toEqual([SOURCE, SOURCE]);
      expect(await leases()).toEqual([0, 0]);
    } finally {
      workspace.remove();
    }
  },
);
