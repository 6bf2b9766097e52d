import type { RunningClusters } from "../../../lab/cluster/start";
import {
  encodeMessage,
  LineReader,
  MAX_LINE,
  parseNodeMessage,
  parsePhoneMessage,
} from "../../../lab/registration";
import { Certificate } from "../../../trust/certificate";
import { fault, isRefused, PHONES, post, Registration, soap, startLab, state, until } from "./support";

let lab: RunningClusters;
beforeAll(async () => {
  lab = await startLab({ destination: { unknownPhones: [PHONES[1]] }, keepalive: 0.2 });
}, 60_000);
afterAll(() => lab.close());

const phone = (name: string) => lab.ready.phones.find((one) => one.name === name)!;
const open = (
  cluster: "source" | "destination",
  lsc = phone(PHONES[0]).lsc,
  node = lab.ready[cluster].publisher,
) => Registration.open(node, lab.ready.registrationPort, lsc);
const register = (device: string, securityMode: 1 | 3 = 3) =>
  ({ type: "register", device, load: "sip88xx.10-3-1-20", ip: "10.1.20.50", securityMode }) as const;

describe("CallManager's secure port", () => {
  it("registers a phone of its own CAPF, and lists it", async () => {
    const one = await open("source");
    one.send(register(PHONES[0]));
    expect(await one.next()).toEqual({ type: "registered", keepalive: 0.2 });
    one.send({ type: "keepalive" });
    expect(await one.next()).toEqual({ type: "keepalive-ack" });
    expect((await state(lab.ready.control)).clusters.source.registrations[PHONES[0]]).toMatchObject({
      node: "cucm10-pub",
      status: "Registered",
    });
    one.socket.destroy();
  });

  it("closes without a word on a phone whose CAPF it does not trust, until it does", async () => {
    const one = await open("destination");
    one.send(register(PHONES[0]));
    await until(() => one.closed);
    expect(one.messages).toEqual([]);
    const { refusals } = (await state(lab.ready.control)).clusters.destination;
    expect(refusals.at(-1)!.why).toMatch(/issuer CAPF-[0-9a-f]{8} is not trusted/);
    await trustSourceCapf();
    const two = await open("destination");
    two.send(register(PHONES[0]));
    expect(await two.next()).toMatchObject({ type: "registered" });
    two.socket.destroy();
  });

  it("refuses what does not fit the database or the certificate", async () => {
    const refusal = async (
      cluster: "source" | "destination",
      message: ReturnType<typeof register>,
      lsc = phone(message.device).lsc,
    ) => {
      const one = await open(cluster, lsc);
      one.send(message);
      const answer = await one.next();
      await until(() => one.closed);
      return answer.type === "refused" ? answer.reason : answer.type;
    };
    expect(await refusal("destination", register(PHONES[1]))).toBe("unknown-device");
    expect(await refusal("source", register(PHONES[1], 1))).toBe("configuration-mismatch");
    expect(await refusal("source", register(PHONES[1]), phone(PHONES[0]).lsc)).toBe("certificate-mismatch");
  });

  it("closes on a phone without certificate", async () => {
    const one = await Registration.open(lab.ready.source.publisher, lab.ready.registrationPort, null);
    await until(() => one.closed);
    expect(one.messages).toEqual([]);
  });

  it("misses keepalives", async () => {
    const one = await open("source");
    one.send(register(PHONES[0]));
    await until(() => one.closed);
    expect((await state(lab.ready.control)).clusters.source.registrations[PHONES[0]]).toMatchObject({
      status: "UnRegistered",
      statusReason: 13,
    });
  });

  it("passes a reset on from AXL, from whichever node the phone is on", async () => {
    const one = await open("source", phone(PHONES[0]).lsc, lab.ready.source.nodeAddresses["cucm10-sub2"]);
    one.send(register(PHONES[0]));
    await one.next();
    const address = lab.ready.source.publisher;
    const answer = await post(
      address,
      lab.ready.source.ports.https,
      lab.ready.source.tlsSha256[address]![0]!,
      "/axl/",
      soap(
        "http://www.cisco.com/AXL/API/10.5",
        `<ns:doDeviceReset><deviceName>${PHONES[0]}</deviceName><isHardReset>true</isHardReset></ns:doDeviceReset>`,
      ),
      "app:app-source",
    );
    expect(answer.body).toContain("<return>true</return>");
    expect(await one.next()).toEqual({ type: "reset", kind: "reset" });
    one.socket.destroy();
  });

  it("refuses connections while the port is closed", async () => {
    await fault(lab.ready.control, { kind: "port", cluster: "source", port: "registration", open: false });
    expect(await isRefused(lab.ready.source.publisher, lab.ready.registrationPort)).toBe(true);
    await fault(lab.ready.control, { kind: "heal" });
    expect(await isRefused(lab.ready.source.publisher, lab.ready.registrationPort)).toBe(false);
  });
});

describe("the protocol", () => {
  it("reads what it writes, in pieces", () => {
    const reader = new LineReader();
    const bytes = Buffer.concat([encodeMessage(register(PHONES[0])), encodeMessage({ type: "keepalive" })]);
    const lines = [...bytes].flatMap((byte) => reader.push(Buffer.from([byte])));
    expect(lines.map(parsePhoneMessage)).toEqual([register(PHONES[0]), { type: "keepalive" }]);
  });

  it("refuses what no one may send", () => {
    expect(() => parsePhoneMessage('{"type":"registered","keepalive":1}')).toThrow(
      'does not send "registered"',
    );
    expect(() => parsePhoneMessage("[]")).toThrow("not a JSON object");
    expect(() => parsePhoneMessage("{")).toThrow("not JSON");
    expect(() => parseNodeMessage('{"type":"registered","keepalive":-1}')).toThrow("positive");
    expect(() => parseNodeMessage('{"type":"reset","kind":"hard"}')).toThrow("kind is not one of");
    expect(() => new LineReader().push(Buffer.alloc(MAX_LINE + 1, "x"))).toThrow("longer");
  });
});

/** Puts the source's CAPF into the destination's CallManager-trust, as an administrator would have. */
async function trustSourceCapf(): Promise<void> {
  const { nodes } = (await state(lab.ready.control)).clusters.source;
  const sha256 = nodes["cucm10-pub"]!.identities.CAPF;
  const address = lab.ready.source.publisher;
  const { body } = await post(
    address,
    lab.ready.source.ports.https,
    lab.ready.source.tlsSha256[address]![0]!,
    "/axl/",
    soap(
      "http://www.cisco.com/AXL/API/10.5",
      "<ns:executeSQLQuery><sql>select certificate from certificate where subjectname like '%CAPF-%'</sql></ns:executeSQLQuery>",
    ),
    "app:app-source",
  );
  const pems = body.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)!;
  const pem = pems.find((one) => Certificate.fromPem(one).sha256 === sha256)!;
  await fault(lab.ready.control, {
    kind: "plant-trust",
    cluster: "destination",
    store: "CallManager-trust",
    pem,
  });
}
