import { VoiceScope, type VoiceScopeProps } from "../../constructs";
import { addressOf, declare, OTHER_PHONE, PHONE, resources, strings, synth, wave } from "./support/declared";

const WIRE = { serverAddress: "10.1.0.5", relayAddress: "10.1.0.20" };

const forward = (scope: Partial<VoiceScopeProps>, phones: readonly string[] = [PHONE]) =>
  synth({
    scope: { verifyOnWire: WIRE, ...scope },
    waves: ({ hq }) => [wave("hq", "destination", [hq!], phones)],
  });
const offerIn = (json: ReturnType<typeof synth>) => {
  const all = Object.values(json.data.dhcp_offer ?? {});
  expect(all).toHaveLength(1);
  return all[0]!;
};

describe("a wave on the destination", () => {
  const json = forward({});
  const option = addressOf(json, /^dhcp_option_150/);
  const registration = resources(json)[addressOf(json, /^cucm_phone_registration/)]!;

  test("asks after the switch, for its first phone, and expects what is switched to", () => {
    expect(offerIn(json)).toMatchObject({
      server_address: "10.1.0.5",
      relay_address: "10.1.0.20",
      subnet: "10.1.20.0/24",
      phone: PHONE,
      expect: `\${${option}.destination_addresses}`,
      depends_on: [option],
    });
  });

  test("has its phones wait for the offer, and the switch not", () => {
    const sentence = 'on the wire a phone in scope "hq" is offered the destination\'s TFTP servers';
    const { go_if } = resources(json)[option]!;
    expect(registration.go_if).toEqual({
      ...go_if,
      [sentence]: expect.stringMatching(/^\$\{data\.dhcp_offer\.\w+offer-hq_\w+\.as_expected\}$/),
    });
    expect(go_if).not.toHaveProperty([sentence]);
    expect(registration.depends_on).toContain(option);
  });

  test("asks nobody where that is not declared", () => {
    expect(forward({ verifyOnWire: undefined }).data).not.toHaveProperty("dhcp_offer");
  });
});

test("a wave on the source asks nobody, and waits for nothing of it", () => {
  const json = synth({ scope: { verifyOnWire: WIRE } });
  expect(json.data).not.toHaveProperty("dhcp_offer");
  expect(strings(json.resource).filter((text) => text.includes("dhcp_offer"))).toEqual([]);
});

test.each<[string, Partial<VoiceScopeProps>, object]>([
  ["the scope's own phone", { phone: PHONE }, { phone: PHONE, subnet: "10.1.20.0/24" }],
  [
    "the phone that is named, with ports",
    { verifyOnWire: { ...WIRE, phone: "SEP0011223344AB", serverPort: 10067, relayPort: 10068, attempts: 1 } },
    { phone: "SEP0011223344AB", server_port: 10067, relay_port: 10068, attempts: 1 },
  ],
  [
    "a phone in a pool",
    { pool: "10.1.20.10-10.1.20.99", verifyOnWire: { ...WIRE, phone: OTHER_PHONE } },
    { phone: OTHER_PHONE, subnet: "10.1.20.0/24" },
  ],
  [
    "a phone in a shared network",
    { subnet: undefined, sharedNetwork: "floor 1", verifyOnWire: { ...WIRE, subnet: "10.1.24.0/24" } },
    { phone: PHONE, subnet: "10.1.24.0/24" },
  ],
])("%s is asked for", (_, scope, offer) => {
  expect(offerIn(forward(scope))).toMatchObject(offer);
});

test.each<[string, Partial<VoiceScopeProps>, string]>([
  [
    "no relay",
    { verifyOnWire: { serverAddress: "10.1.0.5" } as never },
    "verifyOnWire: relayAddress is missing.",
  ],
  [
    "a misspelled property",
    { verifyOnWire: { ...WIRE, relay: 1 } as never },
    'there is no property "relay".',
  ],
  [
    "a server by name",
    { verifyOnWire: { ...WIRE, serverAddress: "dhcp1" } },
    'verifyOnWire: serverAddress is "dhcp1", which is no IPv4 address.',
  ],
  ["a nickname", { verifyOnWire: { ...WIRE, phone: "lobby" } }, 'verifyOnWire: phone "lobby" is no phone.'],
  [
    "a subnet with host bits",
    { verifyOnWire: { ...WIRE, subnet: "10.1.20.1/24" } },
    'verifyOnWire: subnet "10.1.20.1/24" is no subnet.',
  ],
  [
    "a shared network alone",
    { subnet: undefined, sharedNetwork: "floor 1", verifyOnWire: WIRE },
    "verifyOnWire: subnet is missing. Name the subnet of a phone",
  ],
  [
    "a pool without a phone",
    { pool: "10.2.0.1-10.2.0.9", verifyOnWire: WIRE },
    "verifyOnWire: phone is missing. Name one that has its address in the pool",
  ],
])("%s is refused at synth, with the construct's path and the fix", (_, props, message) => {
  const { stack, kea } = declare();
  const mistaken = () => new VoiceScope(stack, "branch", { server: kea, subnet: "10.2.0.0/16", ...props });
  expect(mistaken).toThrow(
    expect.objectContaining({ name: "ConfigurationError", message: expect.stringContaining(message) }),
  );
});
