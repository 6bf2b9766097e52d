/** The document that the lab's DHCP server starts with. */
import type { JsonMap } from "./document";

export interface VoiceSubnet {
  /** `10.1.20.0/24` */
  readonly subnet: string;
  /** Further ones with the same answer, each a /22. @default none */
  readonly more?: readonly string[];
  /** What option 150 of that subnet answers at first, in order. */
  readonly tftp: readonly string[];
  readonly socketPath: string;
}

/**
 * Deliberately not the tidiest way to write it: odd spacing in the addresses, the option by code only, a definition
 * under another name, neighbours (a second subnet, reservations, user contexts) that nobody may touch. Whoever
 * changes option 150 has to leave all of it as it was, byte for byte.
 */
export function labDocument(voice: VoiceSubnet): JsonMap {
  const [a, b, c] = voice.subnet.split(/[./]/);
  const net = `${a}.${b}.${c}`;
  return {
    Dhcp4: {
      "interfaces-config": { interfaces: ["lo"], "dhcp-socket-type": "udp" },
      "control-socket": { "socket-type": "unix", "socket-name": voice.socketPath },
      "lease-database": { type: "memfile", persist: false },
      "valid-lifetime": 28800,
      "user-context": { owner: "voice team", "change window": { day: "Sat", from: "22:00" } },
      "option-def": [
        { name: "voip-tftp-servers", code: 150, space: "dhcp4", type: "ipv4-address", array: true },
        { name: "phone-vlan-hint", code: 151, space: "dhcp4", type: "string" },
      ],
      "option-data": [
        { name: "domain-name", data: "voice.example" },
        { name: "domain-name-servers", data: "192.0.2.53,192.0.2.54" },
      ],
      subnet4: [
        {
          id: 20,
          subnet: voice.subnet,
          pools: [{ pool: `${net}.100 - ${net}.220` }],
          "option-data": [
            { name: "routers", data: `${net}.1` },
            { code: 150, space: "dhcp4", "csv-format": true, data: ` ${voice.tftp.join(" ,  ")}` },
            { name: "phone-vlan-hint", data: "VLAN-A:20." },
          ],
          reservations: [
            { "hw-address": "02:00:5e:10:00:01", "ip-address": `${net}.21`, hostname: "lobby-display" },
          ],
          "user-context": { floor: [1, 2, 3], note: "phones; do not move — ask the voice team" },
        },
        {
          id: 30,
          subnet: "10.1.30.0/24",
          pools: [{ pool: "10.1.30.100-10.1.30.200" }],
          "option-data": [{ name: "routers", data: "10.1.30.1" }],
          reservations: [{ "hw-address": "02:00:5e:10:00:02", "ip-address": "10.1.30.9" }],
        },
        ...(voice.more ?? []).map((subnet, i) => {
          const [first, second] = subnet.split(".");
          return {
            id: 100 + i,
            subnet,
            pools: [{ pool: `${first}.${second}.0.10 - ${first}.${second}.3.250` }],
            "option-data": [{ code: 150, space: "dhcp4", "csv-format": true, data: voice.tftp.join(", ") }],
          };
        }),
      ],
      loggers: [{ name: "kea-dhcp4", output_options: [{ output: "stdout" }], severity: "WARN" }],
    },
  };
}
