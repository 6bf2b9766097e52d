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

test.each<[Partial<VoiceScopeProps>, object]>([
  [{ pool: "10.1.20.10-10.1.20.99" }, { subnet: "10.1.20.0/24", pool: "10.1.20.10-10.1.20.99" }],
  [{ phone: "SEP001122334455" }, { subnet: "10.1.20.0/24", phone: "SEP001122334455" }],
  [{ subnet: undefined, sharedNetwork: "floor 1" }, { shared_network: "floor 1" }],
  [{ subnet: undefined, global: true }, { global: true }],
])("%j is a place", (place, scope) => {
  expect(option150(place).scope).toEqual(scope);
});

test("a single phone has no option of its own unless that is said", () => {
  expect(option150({ phone: "SEP001122334455" })).not.toHaveProperty("source_addresses");
  expect(option150({ phone: "SEP001122334455", sourceAnswer: ["10.10.0.12"] })).toMatchObject({
    source_addresses: ["10.10.0.12"],
  });
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
  ["no place", { subnet: undefined }, "it names no place. Write subnet; subnet and pool;"],
  ["two places", { global: true }, "subnet and global are no place together. Write subnet;"],
  [
    "two places in a subnet",
    { pool: "10.2.0.1-10.2.0.9", phone: "SEP001122334455" },
    "subnet and pool and phone are no place together.",
  ],
  [
    "a pool elsewhere",
    { pool: "10.1.99.10-10.1.99.20" },
    'pool "10.1.99.10-10.1.99.20" is not within subnet',
  ],
  [
    "a pool that ends outside",
    { subnet: "10.1.20.0/24", pool: "10.1.20.250-10.1.21.10" },
    'pool "10.1.20.250-10.1.21.10" is not within subnet',
  ],
  [
    "a pool backwards",
    { subnet: "10.1.20.0/24", pool: "10.1.20.99-10.1.20.10" },
    'pool "10.1.20.99-10.1.20.10" ends before it begins. Write "10.1.20.10-10.1.20.99"',
  ],
  ["a pool by its size", { pool: "10.2.0.0/28" }, 'pool "10.2.0.0/28" is no pool. Write its first and last'],
  ["a phone by a nickname", { phone: "lobby" }, 'phone "lobby" is no phone. Write its MAC address, or SEP'],
  ["a network without a name", { subnet: undefined, sharedNetwork: " " }, "sharedNetwork is empty."],
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
