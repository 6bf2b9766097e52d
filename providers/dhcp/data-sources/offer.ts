import { isIPv4 } from "node:net";
import { defineDataSource } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { attr } from "../../framework/schema/attribute";
import { canonicalMac } from "../backends/mac";
import { canonicalSubnet } from "../backends/subnet";
import type { DhcpServers } from "../servers";
import { addressesIn, type Offer } from "../wire/packet";
import { type Question, WireError } from "../wire/relay";

const address = (text: string) =>
  isIPv4(text) && text !== "0.0.0.0" ? undefined : `"${text}" is not the IPv4 address of a machine.`;
const whole = (least: number, most: number) => (n: number) =>
  Number.isInteger(n) && n >= least && n <= most
    ? undefined
    : `Write a whole number from ${least} to ${most}.`;

/** Ports, seconds, tries. */
const DEFAULT = { server_port: 67, relay_port: 67, timeout: 2, attempts: 3 } as const;

export const offerDataSource = defineDataSource<DhcpServers>()({
  type: "dhcp_offer",
  description:
    "What a phone in a subnet would be offered now, asked on the wire: one DISCOVER with the phone's MAC address, as a " +
    "relay agent passes it on, and no REQUEST. Kea leaves no lease (with `offer-lifetime` one of that time); ISC dhcpd " +
    "records none, but may hold the offered address for a short time. Read at plan; with `depends_on` a resource that " +
    "is about to change, at apply and after it. No answer is a warning and `answered = false`. The server must take " +
    "the relay's address for a relay's, and the machine that this runs on must have that address.",
  example: `data "dhcp_offer" "hq" {
  server_address = "10.1.0.5"
  relay_address  = "10.1.0.20"
  subnet         = "10.1.20.0/24"
  phone          = "SEP001122334455"
  expect         = dhcp_option_150.hq.destination_addresses
  depends_on     = [dhcp_option_150.hq]
}`,
  attributes: {
    // Required
    server_address: attr.string({
      required: true,
      description: "IPv4 address of the DHCP server.",
      validate: [address],
    }),
    relay_address: attr.string({
      required: true,
      description: "IPv4 address of the machine that asks. The answer goes there.",
      validate: [address],
    }),
    subnet: attr.string({
      required: true,
      description:
        "The phone's subnet, e.g. `10.1.20.0/24`. When `relay_address` is not in it, it is asked for by option 82 " +
        "sub-option 5 (link selection) and option 118 (subnet selection).",
      validate: [
        (s) =>
          canonicalSubnet(s) === s
            ? undefined
            : `Must be an IPv4 network such as ${canonicalSubnet(s) ?? "10.1.20.0/24"}.`,
      ],
    }),
    phone: attr.string({
      required: true,
      description:
        "The phone by its MAC address or device name, e.g. `SEP001122334455`. Name one that is there: what it is " +
        "offered depends on it, and a server may hold an address for one that is not.",
      validate: [
        (phone) =>
          canonicalMac(phone)
            ? undefined
            : "Must be a MAC address such as 00:11:22:33:44:55, or a device name such as SEP001122334455.",
      ],
    }),
    // Optional
    server_port: attr.number({
      default: DEFAULT.server_port,
      description: "UDP port of the DHCP server.",
      validate: [whole(1, 65535)],
    }),
    relay_port: attr.number({
      default: DEFAULT.relay_port,
      description:
        "UDP port to ask from. Servers answer a relay on port 67, which needs root or CAP_NET_BIND_SERVICE; another " +
        "one only where the server is set so (Kea: `-P`).",
      validate: [whole(1, 65535)],
    }),
    vendor_class: attr.string({
      optional: true,
      description:
        "Option 60 as the phone sends it, e.g. `Cisco Systems, Inc. IP Phone CP-8861`, for servers that go by it. " +
        "Left out: not sent.",
      validate: [
        (text) =>
          /^[\x20-\x7e]{1,255}$/.test(text) ? undefined : "Write 1 to 255 printable ASCII characters.",
      ],
    }),
    expect: attr.list("string", {
      optional: true,
      description:
        "Option 150 that the phone should be offered, in order; `as_expected` says whether it is. With it nothing " +
        "here is an error, not even a port that cannot be had: put `as_expected` into a `go_if`, which stops the move " +
        "and nothing else.",
    }),
    timeout: attr.number({
      default: DEFAULT.timeout,
      description: "Seconds that each try waits for an answer.",
      validate: [whole(1, 60)],
    }),
    attempts: attr.number({
      default: DEFAULT.attempts,
      description: "How often the question is sent.",
      validate: [whole(1, 10)],
    }),
    // Computed
    answered: attr.bool({ computed: true, description: "Whether an offer came." }),
    as_expected: attr.bool({
      computed: true,
      nullable: true,
      description:
        "Whether the phone is offered an address of the subnet, and exactly what `expect` lists; null without `expect`.",
    }),
    problem: attr.string({
      computed: true,
      nullable: true,
      description: "What is wrong, also shown as a warning; null when nothing is.",
    }),
    addresses: attr.list("string", {
      computed: true,
      nullable: true,
      description: "Option 150 in its order; null when it is not in the offer, or broken.",
    }),
    offered_address: attr.string({
      computed: true,
      nullable: true,
      description: "The phone's own address.",
    }),
    server_identifier: attr.string({
      computed: true,
      nullable: true,
      description: "Option 54: the server that offers.",
    }),
    option_66: attr.string({
      computed: true,
      nullable: true,
      description: "TFTP server name. Phones may ask it instead: together with option 150 it is a finding.",
    }),
    next_server: attr.string({
      computed: true,
      nullable: true,
      description: "siaddr; null for 0.0.0.0.",
    }),
  },

  async read(given, ctx) {
    const mac = canonicalMac(given.phone) ?? given.phone;
    const config = {
      ...given,
      server_port: given.server_port ?? DEFAULT.server_port,
      relay_port: given.relay_port ?? DEFAULT.relay_port,
      timeout: given.timeout ?? DEFAULT.timeout,
      attempts: given.attempts ?? DEFAULT.attempts,
    };
    const { server_address, server_port, relay_address, relay_port, subnet, expect } = config;
    const question: Question = {
      server: { address: server_address, port: server_port },
      relay: { address: relay_address, port: relay_port },
      mac,
      subnet: isIn(relay_address, subnet) ? null : subnet.split("/")[0]!,
      vendorClass: config.vendor_class,
      timeout: config.timeout * 1000,
      attempts: config.attempts,
    };
    const about = `the offer to ${mac} in subnet ${subnet}`;
    let offer: Offer | null = null;
    let problem: string | null;
    try {
      offer = await ctx.client.relays.ask(question, ctx.signal);
      problem = problemOf(offer, config);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      // An error would stop other waves' way back as well: what goes by `as_expected` fails closed.
      if (expect === null) throw new DiagnosticError(error.summary, error.detail);
      problem = `${error.summary}: ${error.detail}`;
    }
    if (problem !== null)
      ctx.warn(offer === null ? `Not seen on the wire: ${about}` : `On the wire: ${about}`, problem);
    const addresses = offer?.ciscoTftp ? addressesIn(offer.ciscoTftp) : null;
    return {
      ...config,
      answered: offer !== null,
      as_expected: expect === null ? null : problem === null,
      problem,
      addresses: addresses && [...addresses],
      offered_address: offer?.address ?? null,
      server_identifier: offer?.serverIdentifier ?? null,
      option_66: offer?.tftpServerName ?? null,
      next_server: offer?.nextServer ?? null,
    };
  },
});

interface Asked {
  readonly server_address: string;
  readonly server_port: number;
  readonly relay_address: string;
  readonly relay_port: number;
  readonly subnet: string;
  readonly expect: readonly string[] | null;
  readonly timeout: number;
  readonly attempts: number;
}

/** What is wrong with an answer; null when nothing is. */
function problemOf(offer: Offer | null, asked: Asked): string | null {
  const { server_address, server_port, relay_address, relay_port, subnet, expect, timeout, attempts } = asked;
  if (offer === null)
    return (
      `The DHCP server ${server_address} port ${server_port} made no offer in ${attempts} tries of ${timeout} s. It ` +
      `has to have subnet ${subnet} with a free address, take ${relay_address} for a relay, and reach port ` +
      `${relay_port} there: look at its log and at firewalls.`
    );
  if (!isIn(offer.address, subnet))
    return (
      `The address that is offered, ${offer.address}, is not in the subnet: the server does not go by the subnet that ` +
      "is asked for (option 82 sub-option 5, option 118), or the phone has an address in another subnet of the same " +
      "shared network. Ask from an address in the subnet, or name the subnet that the server takes."
    );
  const { ciscoTftp } = offer;
  const addresses = ciscoTftp && addressesIn(ciscoTftp);
  if (ciscoTftp && !addresses)
    return (
      `Option 150 of the offer is broken: its ${ciscoTftp.length} bytes are no list of IPv4 addresses. Correct its ` +
      "definition or its value on the server."
    );
  if (expect === null) return null;
  if (expect.length === 0)
    return "Nothing is expected: expect is empty, because the cluster that it comes from could not be read.";
  const offered = addresses ?? [];
  if (offered.length === expect.length && offered.every((a, i) => a === expect[i])) return null;
  return (
    `Offered is ${addresses ? `option 150 with ${addresses.join(", ")}` : "no option 150"}; expected is ` +
    `${expect.join(", ")}. A narrower scope (a pool, a class, a reservation), another server or a server that has not ` +
    "taken the change answers: the findings of dhcp_option_150 name what they can see."
  );
}

const isIn = (host: string, subnet: string): boolean =>
  canonicalSubnet(`${host}/${subnet.split("/")[1]}`) === subnet;
