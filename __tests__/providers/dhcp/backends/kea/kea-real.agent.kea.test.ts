import { DESTINATION, keaOn, NO_SECURITY, op, SOURCE } from "../../support/backend";
import { DEFINITION } from "../../support/fake-kea";
import { type Issued, issued } from "../../support/issued";
import { PhoneNetwork, requirePhoneNetwork } from "../../support/phone-network";
import { RealControlAgent, requireControlAgent } from "../../support/real-control-agent";
import { RealKea, requireKea } from "../../support/real-kea";

/** A real kea-dhcp4 behind a real control agent; and one with raw sockets, asked by a real DHCP client. */

const SUBNET = "10.99.0.0/24";
const SCOPE = { kind: "subnet", subnet: SUBNET } as const;
const site = (own: string) => ({
  "option-def": [DEFINITION],
  subnet4: [
    {
      id: 10,
      subnet: SUBNET,
      pools: [{ pool: "10.99.0.100-10.99.0.200" }],
      "option-data": [{ name: "cisco-tftp", data: own }],
    },
  ],
});
const there = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
const back = { answer: SOURCE, expected: [DESTINATION], unsaved: "keep" } as const;

let kea: RealKea | undefined;
afterEach(() => kea?.stop());

describe("behind the control agent", () => {
  const basic = { username: "terraform", password: "s3cret-of-the-agent" };
  let authority: Issued;
  let server: Issued;
  let client: Issued;
  let agent: RealControlAgent | undefined;
  beforeAll(() => {
    requireKea();
    requireControlAgent();
    authority = issued("Kea CA");
    server = issued("kea", authority);
    client = issued("terraform", authority);
  });
  afterEach(() => agent?.stop());

  const withTls = async () => {
    kea = await RealKea.start(site(SOURCE.join(", ")));
    agent = await RealControlAgent.start(kea.socket, {
      tls: { server, clients: authority },
      basic: { user: basic.username, password: basic.password },
    });
    return agent.endpoint;
  };
  const identified = () => ({
    ...NO_SECURITY,
    tlsSha256: [server.sha256],
    basic,
    clientCertificate: { cert: client.pem, key: client.key },
  });

  test("TLS with a client certificate and a password: there and back, the same bytes", async () => {
    const endpoint = await withTls();
    const before = await kea!.command("config-get");
    const backend = keaOn([endpoint], { security: identified() });
    const was = await backend.read(SCOPE, op());
    expect(was.answer).toEqual(SOURCE);
    expect((await backend.apply(SCOPE, there, op())).answer).toEqual(DESTINATION);
    expect(await kea!.command("config-get")).toContain(DESTINATION[0]);
    await backend.apply(SCOPE, { ...back, restore: was.original }, op());
    expect(await kea!.command("config-get")).toBe(before);
  });

  test("verified by its CA, under its name", async () => {
    const endpoint = (await withTls()).replace("127.0.0.1", "localhost");
    const security = { ...identified(), tlsSha256: [], caPem: authority.pem };
    expect((await keaOn([endpoint], { security }).read(SCOPE, op())).answer).toEqual(SOURCE);
  });

  test.each<[what: string, change: () => object, kind: string, text: RegExp]>([
    ["no client certificate", () => ({ clientCertificate: null }), "credentials", /client_certificate_file/],
    [
      "a client certificate of another CA",
      () => {
        const other = issued("terraform", issued("another CA"));
        return { clientCertificate: { cert: other.pem, key: other.key } };
      },
      "credentials",
      /client_certificate_file/,
    ],
    ["no password", () => ({ basic: null }), "credentials", /HTTP 401/],
    [
      "a wrong password",
      () => ({ basic: { ...basic, password: "s3cret-wrong" } }),
      "credentials",
      /HTTP 401/,
    ],
    ["another pin", () => ({ tlsSha256: [client.sha256] }), "identity", /tls_sha256/],
  ])("%s: nothing is changed, the cause is named", async (_, change, kind, text) => {
    const endpoint = await withTls();
    const before = await kea!.command("config-get");
    const backend = keaOn([endpoint], { security: { ...identified(), ...change() } });
    const error = await backend.apply(SCOPE, there, op()).then(
      () => null,
      (e) => e,
    );
    expect(error).toMatchObject({ name: "DhcpError", kind });
    expect(error.message).toMatch(text);
    expect(error.message).not.toMatch(/s3cret/);
    expect(await kea!.command("config-get")).toBe(before);
  });

  test("plain HTTP on loopback; the agent whose server is away is not taken for the server", async () => {
    kea = await RealKea.start(site(SOURCE.join(", ")));
    agent = await RealControlAgent.start(kea.socket, {});
    const backend = keaOn([agent.endpoint]);
    expect((await backend.apply(SCOPE, there, op())).answer).toEqual(DESTINATION);
    await kea.stop();
    await expect(backend.read(SCOPE, op())).rejects.toMatchObject({ name: "DhcpError", kind: "unreachable" });
  });
});

describe("raw sockets, in a network of its own", () => {
  const PILOT = "02:00:00:00:00:42";
  const OTHER = "02:00:00:00:00:43";
  const PHONE = { kind: "reservation", subnet: SUBNET, mac: PILOT } as const;
  let network: PhoneNetwork | undefined;
  beforeAll(() => {
    requireKea();
    requirePhoneNetwork();
  });
  beforeEach(() => {
    network = new PhoneNetwork("10.99.0.1/24");
  });
  afterEach(() => network?.remove());

  test("a real client is bound to the answer that was switched, and to the old one after the way back", async () => {
    kea = await RealKea.start(site(SOURCE.join(", ")), network!.attached);
    const backend = keaOn([kea.endpoint]);
    expect(await network!.leased(PILOT)).toEqual(SOURCE);
    await backend.apply(SCOPE, there, op());
    expect(await network!.leased(PILOT)).toEqual(DESTINATION);
    await backend.apply(SCOPE, back, op());
    expect(await network!.leased(PILOT)).toEqual(SOURCE);
  }, 90_000);

  test("of two clients the pilot alone is moved", async () => {
    kea = await RealKea.start(site(SOURCE.join(", ")), network!.attached);
    const backend = keaOn([kea.endpoint]);
    const was = await backend.read(PHONE, op());
    await backend.apply(PHONE, { ...there, expected: was.answers }, op());
    expect(await network!.leased(PILOT)).toEqual(DESTINATION);
    expect(await network!.leased(OTHER)).toEqual(SOURCE);
    await backend.apply(PHONE, { ...back, answer: was.answer, restore: was.original }, op());
    expect(await network!.leased(PILOT)).toEqual(SOURCE);
  }, 90_000);
});
