import { VoiceScope, type VoiceScopeProps } from "../../constructs";
import { declare, synth } from "./support/declared";

const option150 = (scope: Partial<VoiceScopeProps>) =>
  Object.values(synth({ scope }).resource.dhcp_option_150!)[0]!;

test("answers with the clusters' TFTP nodes", () => {
  expect(option150({})).toMatchObject({
    server: "kea",
    scope: { subnet: "10.1.20.0/24" },
    source_addresses: expect.stringMatching(/^\$\{data\.cucm_cluster\.source_/),
    destination_addresses: expect.stringMatching(/^\$\{data\.cucm_cluster\.destination_/),
  });
});

test("or with what is declared, in that order", () => {
  expect(
    option150({ sourceAnswer: ["10.10.0.13", "10.10.0.12"], destinationAnswer: ["10.20.0.12"] }),
  ).toMatchObject({
    source_addresses: ["10.10.0.13", "10.10.0.12"],
    destination_addresses: ["10.20.0.12"],
  });
});

test("an inherited answer is none at this scope", () => {
  expect(option150({ sourceAnswer: "inherited" })).not.toHaveProperty("source_addresses");
});

const SUBNETS = [
  "10.1.20.0",
  "10.1.20.1/24",
  "10.1.20.0/33",
  "10.1.20.0/24/1",
  "10.1.20.0/",
  "10.1/16",
  "::/0",
];

test.each<[string, Partial<VoiceScopeProps>, string]>([
  ...SUBNETS.map(
    (subnet) =>
      [
        `subnet ${subnet}`,
        { subnet },
        `subnet "${subnet}" is no subnet. Write the network address and its length`,
      ] as [string, Partial<VoiceScopeProps>, string],
  ),
  [
    "a TFTP server by name",
    { sourceAnswer: ["tftp1.example.com"] },
    'sourceAnswer has "tftp1.example.com", which is no IPv4 address. Option 150 carries IPv4 addresses only.',
  ],
  [
    "an empty source answer",
    { sourceAnswer: [] },
    'sourceAnswer is empty. Name the TFTP servers, or write "inherited".',
  ],
  [
    "an empty destination answer",
    { destinationAnswer: [] },
    "destinationAnswer is empty. Name the TFTP servers.",
  ],
  [
    "an address twice",
    { destinationAnswer: ["10.20.0.12", "10.20.0.12"] },
    "destinationAnswer has 10.20.0.12 twice. Remove one.",
  ],
  [
    "an address in both answers",
    { sourceAnswer: ["10.10.0.12"], destinationAnswer: ["10.20.0.12", "10.10.0.12"] },
    "10.10.0.12 is in both answers. A TFTP server belongs to one cluster: remove it from the other answer.",
  ],
])("%s is refused at synth, with the construct's path and the fix", (_, props, message) => {
  const { stack, kea } = declare();
  const mistaken = () => new VoiceScope(stack, "branch", { server: kea, subnet: "10.2.0.0/16", ...props });
  expect(mistaken).toThrow(
    expect.objectContaining({
      name: "ConfigurationError",
      message: expect.stringContaining(`[stack/branch] ${message}`),
    }),
  );
});
