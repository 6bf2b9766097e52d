import { answer, selectSubnet } from "../../../lab/dhcp/answer";
import { type JsonMap, readDocument } from "../../../lab/dhcp/document";
import {
  addressBytes,
  addressList,
  type DhcpPacket,
  decodePacket,
  encodePacket,
  MESSAGE,
  OPTION,
} from "../../../lab/dhcp/packet";

const MAC = "02:00:00:00:00:42";
const DEFINITION = { name: "tftp150", code: 150, space: "dhcp4", type: "ipv4-address", array: true };
const option = (last: number, more: JsonMap = {}) => ({
  code: 150,
  space: "dhcp4",
  data: `192.0.2.${last}`,
  ...more,
});

interface Scopes {
  readonly global?: JsonMap;
  readonly class?: JsonMap;
  readonly network?: JsonMap;
  readonly subnet?: JsonMap;
  readonly pool?: JsonMap;
  readonly host?: JsonMap;
  readonly globalHost?: JsonMap;
  readonly reservationsGlobal?: boolean;
  readonly definition?: JsonMap;
}

function read(s: Scopes, version = "2.2.0") {
  const data = (o: JsonMap | undefined) => ({ "option-data": o === undefined ? [] : [o] });
  return readDocument(
    {
      Dhcp4: {
        "option-def": [s.definition ?? DEFINITION],
        ...data(s.global),
        "reservations-global": s.reservationsGlobal ?? false,
        reservations: s.globalHost === undefined ? [] : [{ "hw-address": MAC, ...data(s.globalHost) }],
        "client-classes":
          s.class === undefined
            ? []
            : [{ name: "pilot", test: `pkt4.mac == 0x${MAC.replaceAll(":", "")}`, ...data(s.class) }],
        "shared-networks": [
          {
            name: "voice",
            ...data(s.network),
            subnet4: [
              {
                id: 1,
                subnet: "10.1.20.0/24",
                pools: [{ pool: "10.1.20.100-10.1.20.101", ...data(s.pool) }],
                reservations: s.host === undefined ? [] : [{ "hw-address": MAC, ...data(s.host) }],
                ...data(s.subnet),
              },
            ],
          },
        ],
        subnet4: [{ id: 2, subnet: "10.1.30.0/24", pools: [{ pool: "10.1.30.0/28" }] }],
      },
    },
    version,
  );
}

function packet(
  type: number,
  options: readonly (readonly [number, Buffer])[] = [],
  giaddr = "10.1.20.1",
): DhcpPacket {
  return {
    op: 1,
    xid: 7,
    hops: 1,
    ciaddr: "0.0.0.0",
    yiaddr: "0.0.0.0",
    siaddr: "0.0.0.0",
    giaddr,
    mac: MAC,
    sname: "",
    options: new Map([
      [OPTION.messageType, Buffer.from([type])],
      [OPTION.parameterRequestList, Buffer.from([3, 66, 150])],
      ...options,
    ]),
  };
}

const served = (s: Scopes) =>
  addressList(answer(read(s), packet(MESSAGE.discover), "127.0.0.1", new Map())?.options.get(150));

test("the nearest scope wins: host, pool, subnet, shared network, class, global", () => {
  const all: Scopes = {
    global: option(1),
    class: option(2),
    network: option(3),
    subnet: option(4),
    pool: option(5),
    host: option(6),
  };
  expect(served({})).toEqual([]);
  expect(served({ global: all.global })).toEqual(["192.0.2.1"]);
  expect(served({ global: all.global, class: all.class })).toEqual(["192.0.2.2"]);
  expect(served({ global: all.global, class: all.class, network: all.network })).toEqual(["192.0.2.3"]);
  expect(served({ ...all, pool: undefined, host: undefined })).toEqual(["192.0.2.4"]);
  expect(served({ ...all, host: undefined })).toEqual(["192.0.2.5"]);
  expect(served(all)).toEqual(["192.0.2.6"]);
});

test("a global reservation counts only where the subnet looks at them", () => {
  expect(served({ subnet: option(4), globalHost: option(7) })).toEqual(["192.0.2.4"]);
  expect(served({ subnet: option(4), globalHost: option(7), reservationsGlobal: true })).toEqual([
    "192.0.2.7",
  ]);
});

test("what is not asked for is sent only when always-send says so; never-send silences every scope", () => {
  const discover = {
    ...packet(MESSAGE.discover),
    options: new Map([[OPTION.messageType, Buffer.from([1])]]),
  };
  const plain = answer(read({ subnet: option(4) }), discover, "127.0.0.1", new Map());
  expect(plain?.options.has(150)).toBe(false);
  const always = answer(
    read({ subnet: option(4, { "always-send": true }) }),
    discover,
    "127.0.0.1",
    new Map(),
  );
  expect(addressList(always?.options.get(150))).toEqual(["192.0.2.4"]);
  expect(served({ subnet: option(4), global: option(1, { "never-send": true }) })).toEqual([]);
});

test("traps of the definition: no array serves the first address, hex serves bytes, csv without definition is refused", () => {
  const two = { code: 150, space: "dhcp4", data: "192.0.2.8, 192.0.2.9" };
  expect(served({ subnet: two })).toEqual(["192.0.2.8", "192.0.2.9"]);
  expect(served({ subnet: two, definition: { ...DEFINITION, array: false } })).toEqual(["192.0.2.8"]);
  expect(served({ subnet: { code: 150, space: "dhcp4", "csv-format": false, data: "C0000208" } })).toEqual([
    "192.0.2.8",
  ]);
  expect(() => read({ subnet: two, definition: { ...DEFINITION, code: 151 } })).toThrow("hexadecimal digits");
});

test("the subnet is the relay's, unless link selection (82.5) or subnet selection (118) names another", () => {
  const config = read({});
  const chosen = (p: DhcpPacket) => selectSubnet(config, p)?.id;
  expect(chosen(packet(1))).toBe(1);
  expect(chosen(packet(1, [[OPTION.subnetSelection, addressBytes("10.1.30.0")]]))).toBe(2);
  expect(chosen(packet(1, [[OPTION.relayAgent, Buffer.from([5, 4, 10, 1, 30, 0])]], "127.0.0.9"))).toBe(2);
  expect(chosen(packet(1, [], "192.0.2.1"))).toBeUndefined();
});

test("leases: one address for a phone, none when the pool is used up, a NAK for somebody else's", () => {
  const config = read({});
  const leases = new Map<string, number>();
  const ask = (mac: string, type: number, wanted?: string) =>
    answer(
      config,
      { ...packet(type, wanted === undefined ? [] : [[OPTION.requestedAddress, addressBytes(wanted)]]), mac },
      "127.0.0.1",
      leases,
    );
  expect(ask("02:00:00:00:00:01", MESSAGE.request, "10.1.20.100")?.yiaddr).toBe("10.1.20.100");
  expect(ask("02:00:00:00:00:02", MESSAGE.discover)?.yiaddr).toBe("10.1.20.101");
  expect(ask("02:00:00:00:00:02", MESSAGE.request, "10.1.20.101")?.options.get(OPTION.messageType)?.[0]).toBe(
    MESSAGE.ack,
  );
  expect(ask("02:00:00:00:00:02", MESSAGE.request, "10.1.20.100")?.options.get(OPTION.messageType)?.[0]).toBe(
    MESSAGE.nak,
  );
  expect(ask("02:00:00:00:00:03", MESSAGE.discover)).toBeNull();
});

test("packets survive the wire; an option longer than 255 bytes is split and joined", () => {
  const long = Buffer.alloc(600, 7);
  const sent = packet(MESSAGE.discover, [[224, long]]);
  const received = decodePacket(encodePacket(sent));
  expect(received).toEqual(sent);
  expect(decodePacket(Buffer.alloc(10))).toBeNull();
  expect(decodePacket(encodePacket(sent).fill(0, 236, 240))).toBeNull();
});
