import { Socket } from "node:dgram";
import { addressBytes, type DhcpPacket, MESSAGE, OPTION, selectedSubnet } from "../../../../lab/dhcp/packet";
import { DhcpServers } from "../../../../providers/dhcp/servers";
import { freeUdpPort } from "../support/offered";
import { FakeDhcp, isFree, offer, option150, readOffer } from "../support/wire";

const FIRST = "198.51.100.21";
const SECOND = "198.51.100.22";
const NOTHING = {
  answered: false,
  addresses: null,
  offered_address: null,
  server_identifier: null,
  option_66: null,
  next_server: null,
};

let server: FakeDhcp;
let relay_port: number;
beforeEach(async () => {
  relay_port = await freeUdpPort();
});
afterEach(() => server?.stop());

const answering = async (answers: Parameters<typeof FakeDhcp.start>[0]) => {
  server = await FakeDhcp.start(answers);
};
const read = (config: Partial<Parameters<typeof readOffer>[0]> = {}) =>
  readOffer({ server_port: server.port, relay_port, ...config });

describe("the question", () => {
  beforeEach(() => answering((request) => [offer(request)]));

  test("is one DISCOVER of that phone, from a relay, and no REQUEST", async () => {
    await read();
    await read({ phone: "02-00-00-00-00-42", vendor_class: "Cisco Systems, Inc. IP Phone CP-8861" });
    expect(server.heard).toHaveLength(2);
    const [first, second] = server.heard as [DhcpPacket, DhcpPacket];
    expect(first).toMatchObject({ op: 1, hops: 1, giaddr: "127.0.0.1", mac: "02:00:00:00:00:42" });
    expect(second.mac).toBe(first.mac);
    expect(second.xid).not.toBe(first.xid);
    const text = (packet: DhcpPacket, code: number) => packet.options.get(code)?.toString("latin1");
    expect(first.options.get(OPTION.messageType)).toEqual(Buffer.from([MESSAGE.discover]));
    expect(first.options.get(OPTION.clientId)?.toString("hex")).toBe("01020000000042");
    expect(text(first, OPTION.hostName)).toBe("SEP020000000042");
    expect([...first.options.get(OPTION.parameterRequestList)!]).toEqual(
      expect.arrayContaining([OPTION.tftpServerName, OPTION.ciscoTftp]),
    );
    expect(text(first, OPTION.vendorClass)).toBeUndefined();
    expect(text(second, OPTION.vendorClass)).toBe("Cisco Systems, Inc. IP Phone CP-8861");
  });

  test.each<[string, string | null]>([
    ["127.0.0.0/8", null],
    ["127.1.0.0/24", "127.1.0.0"],
  ])("about subnet %s selects %s", async (subnet, selected) => {
    await read({ subnet });
    const [{ options }] = server.heard as [DhcpPacket];
    expect(selectedSubnet(server.heard[0]!)).toBe(selected);
    expect(options.get(OPTION.subnetSelection)).toEqual(selected ? addressBytes(selected) : undefined);
    expect(options.has(OPTION.relayAgent)).toBe(selected !== null);
  });
});

describe("the answer", () => {
  test("is given with all that phones go by", async () => {
    await answering((request) => [
      offer(request, [option150(FIRST, SECOND), [OPTION.tftpServerName, Buffer.from("tftp.example\0")]], {
        siaddr: "192.0.2.9",
      }),
    ]);
    const { state, said } = await read();
    expect(state).toMatchObject({
      answered: true,
      as_expected: null,
      problem: null,
      addresses: [FIRST, SECOND],
      offered_address: "127.1.0.1",
      server_identifier: "127.0.0.1",
      option_66: "tftp.example",
      next_server: "192.0.2.9",
    });
    expect(said).toEqual([]);
    expect(await isFree(relay_port)).toBe(true);
  });

  test("may have no option 150", async () => {
    await answering((request) => [offer(request)]);
    const { state, said } = await read();
    expect(state).toMatchObject({ answered: true, problem: null, addresses: null, next_server: null });
    expect(said).toEqual([]);
  });

  test.each([0, 3, 7])("with an option 150 of %i bytes is called broken", async (length) => {
    await answering((request) => [offer(request, [[OPTION.ciscoTftp, Buffer.alloc(length, 9)]])]);
    const { state, said } = await read();
    expect(state).toMatchObject({
      answered: true,
      addresses: null,
      problem: expect.stringMatching(/broken/),
    });
    expect(said).toEqual([expect.stringMatching(new RegExp(`Option 150 .* broken: its ${length} bytes`))]);
  });

  test("may hide options in the fields of the boot file and the server's name, and split them", async () => {
    await answering((request) => {
      const packet = offer(request, [
        [52, Buffer.from([3])],
        [OPTION.ciscoTftp, addressBytes(FIRST).subarray(0, 3)],
      ]);
      packet.set([OPTION.ciscoTftp, 1, 21, 255], 108);
      packet.set([OPTION.ciscoTftp, 4, ...addressBytes(SECOND), 255], 44);
      return [packet];
    });
    expect((await read()).state.addresses).toEqual([FIRST, SECOND]);
  });

  test("none is no error: a warning says what to look at, and the socket is closed", async () => {
    await answering(() => []);
    const { state, said } = await read({ attempts: 2, timeout: 0.1 });
    expect(state).toMatchObject({ ...NOTHING, as_expected: null });
    expect(said).toEqual([
      expect.stringMatching(
        /^Not seen on the wire: .*02:00:00:00:00:42 in subnet 127\.0\.0\.0\/8: .*2 tries/,
      ),
    ]);
    expect(server.heard.map(({ xid }) => xid)).toEqual([server.heard[0]!.xid, server.heard[0]!.xid]);
    expect(await isFree(relay_port)).toBe(true);
  });

  test("none may be what one of a pair leaves to the other", async () => {
    await answering(() => []);
    const { state } = await read({ timeout: 0.1 });
    expect(state.problem).toMatch(/one of a pair.*load balancing.*standby.*ask that one/);
  });

  test("to the second try counts", async () => {
    await answering((request, nth) => (nth === 2 ? [offer(request, [option150(FIRST)])] : []));
    expect((await read({ attempts: 10, timeout: 0.2 })).state.addresses).toEqual([FIRST]);
    expect(server.heard.length).toBeGreaterThanOrEqual(2);
  });

  test("of anybody else, or malformed, is passed over", async () => {
    const wrong = option150("203.0.113.66");
    await answering((request) => {
      const good = offer(request, [wrong]);
      const changed = (at: number, ...bytes: number[]) => {
        const copy = Buffer.from(good);
        copy.set(bytes, at);
        return copy;
      };
      return [
        Buffer.alloc(0),
        Buffer.alloc(239),
        Buffer.alloc(2000, 150),
        Buffer.concat([good, Buffer.alloc(9001)]),
        good.subarray(0, 241),
        offer(request, [wrong], { xid: (request.xid + 1) % 2 ** 32 }),
        offer(request, [wrong], { mac: "02:00:00:00:00:43" }),
        offer(request, [wrong], { op: 1 }),
        offer(request, [wrong, [OPTION.messageType, Buffer.from([MESSAGE.ack])]]),
        offer(request, [wrong, [OPTION.messageType, Buffer.from([MESSAGE.nak])]]),
        offer(request, [wrong], { options: new Map([wrong]) }), // BOOTP: no message type
        changed(1, 6), // not Ethernet
        changed(236, 0), // no magic cookie
        changed(241, 200), // an option that leads beyond the end
        offer(request, [option150(FIRST)]),
      ];
    });
    expect((await read()).state.addresses).toEqual([FIRST]);
  });

  test("from another subnet is a problem: the server does not go by the selection", async () => {
    await answering((request) => [offer(request, [option150(FIRST)])]);
    const { state, said } = await read({ subnet: "10.1.20.0/24", expect: [FIRST] });
    expect(state).toMatchObject({ answered: true, as_expected: false, offered_address: "127.1.0.1" });
    expect(said).toEqual([expect.stringMatching(/127\.1\.0\.1, is not in the subnet/)]);
  });

  test("that is unprintable does not reach messages or state", async () => {
    await answering((request) => [
      offer(request, [[OPTION.tftpServerName, Buffer.from("a\u001b[2Jb\nc", "latin1")]]),
    ]);
    expect((await read()).state.option_66).toBe("a?[2Jb?c");
  });
});

describe("what is expected", () => {
  const offering = (...addresses: string[]) =>
    answering((request) => [offer(request, addresses.length > 0 ? [option150(...addresses)] : [])]);

  test("is there", async () => {
    await offering(FIRST, SECOND);
    const { state, said } = await read({ expect: [FIRST, SECOND] });
    expect(state).toMatchObject({ as_expected: true, problem: null });
    expect(said).toEqual([]);
  });

  test.each<[string, string[], RegExp]>([
    [
      "in another order",
      [SECOND, FIRST],
      /option 150 with 198\.51\.100\.22, 198\.51\.100\.21; expected is 198\.51\.100\.21, 198\.51\.100\.22/,
    ],
    ["less", [FIRST], /option 150 with 198\.51\.100\.21; expected/],
    ["nothing", [], /no option 150; expected is 198\.51\.100\.21, 198\.51\.100\.22/],
  ])("is not, but %s: a warning names both, and nothing is an error", async (_, offered, sentence) => {
    await offering(...offered);
    const { state, said } = await read({ expect: [FIRST, SECOND] });
    expect(state).toMatchObject({ answered: true, as_expected: false });
    expect(said).toEqual([expect.stringMatching(sentence)]);
    expect(said[0]).toContain(state.problem);
  });

  test("is nothing, because its cluster could not be read: never as expected", async () => {
    await offering();
    expect((await read({ expect: [] })).state.as_expected).toBe(false);
  });

  test("is not seen: never as expected", async () => {
    await answering(() => []);
    expect((await read({ expect: [FIRST], timeout: 0.1 })).state.as_expected).toBe(false);
  });
});

describe("the relay's port", () => {
  beforeEach(() => answering((request) => [offer(request, [option150(FIRST)])]));

  test("that another process has is an error that says so", async () => {
    await expect(read({ relay_port: server.port })).rejects.toMatchObject({
      summary: `Cannot ask as a relay from 127.0.0.1 port ${server.port}`,
      detail: expect.stringMatching(/^EADDRINUSE.*A DHCP server, a relay or another run has this port/),
    });
  });

  test("with something expected it is a warning, so that plans in which nothing moves go on", async () => {
    const { state, said } = await read({ relay_port: server.port, expect: [FIRST] });
    expect(state).toMatchObject({ ...NOTHING, as_expected: false });
    expect(said).toEqual([expect.stringMatching(/^Not seen on the wire: .*EADDRINUSE/)]);
  });

  test("that needs a privilege is an error that says how to get it", async () => {
    const bind = jest.spyOn(Socket.prototype, "bind").mockImplementation(function (this: Socket) {
      process.nextTick(() => this.emit("error", Object.assign(new Error("no"), { code: "EACCES" })));
      return this;
    });
    try {
      await expect(read({ relay_port: 67 })).rejects.toMatchObject({
        summary: "Cannot ask as a relay from 127.0.0.1 port 67",
        detail: expect.stringMatching(/^EACCES.*CAP_NET_BIND_SERVICE.*run as root.*Nothing was sent/),
      });
    } finally {
      bind.mockRestore();
    }
  });

  test("on an address of another machine is an error that says so", async () => {
    await expect(read({ relay_address: "192.0.2.77" })).rejects.toMatchObject({
      detail: expect.stringMatching(/^EADDRNOTAVAIL.*an IPv4 address of the machine/),
    });
  });

  test("from which there is no way to the server is an error that says so", async () => {
    await expect(read({ server_address: "192.0.2.1" })).rejects.toMatchObject({
      summary: `Cannot send to the DHCP server 192.0.2.1 port ${server.port}`,
      detail: expect.stringMatching(/^E[A-Z]+\. There has to be a route to it from relay_address/),
    });
    expect(await isFree(relay_port)).toBe(true);
  });

  test("is shared by questions that are asked at once, each with its own answer", async () => {
    const client = new DhcpServers({});
    await server.stop();
    await answering((request) => [
      offer(request, [option150(`10.0.0.${Number.parseInt(request.mac.slice(-2), 16)}`)]),
    ]);
    const macs = Array.from({ length: 30 }, (_, i) => `02:00:00:00:00:${(i + 16).toString(16)}`);
    const answers = await Promise.all(
      macs.map((phone) => readOffer({ server_port: server.port, relay_port, phone }, undefined, client)),
    );
    expect(answers.map(({ state }) => state.addresses)).toEqual(macs.map((_, i) => [`10.0.0.${i + 16}`]));
    expect(await isFree(relay_port)).toBe(true);
  });
});

test("an abort ends it at once and closes the socket, but not that of the others", async () => {
  const stop = new AbortController();
  await answering((request, nth) => {
    if (nth === 1) stop.abort(new Error("stopped"));
    return nth === 3 ? [offer(request, [option150(FIRST)])] : [];
  });
  const client = new DhcpServers({});
  const ports = { server_port: server.port, relay_port };
  const stopped = readOffer({ ...ports, timeout: 60 }, stop.signal, client);
  const other = readOffer(
    { ...ports, attempts: 10, timeout: 0.2, phone: "SEP020000000043" },
    undefined,
    client,
  );
  await expect(stopped).rejects.toThrow("stopped");
  expect((await other).state.addresses).toEqual([FIRST]);
  expect(await isFree(relay_port)).toBe(true);
  await expect(readOffer(ports, stop.signal, client)).rejects.toThrow("stopped");
});
