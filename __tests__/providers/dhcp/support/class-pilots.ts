import type { Answer, Scope } from "../../../../providers/dhcp/backends/backend";
import { DESTINATION, keaOn, op } from "./backend";
import { DEFINITION } from "./fake-kea";

/** What a server that knows options for a class serves to pilots: the same for the lab's and for a real Kea. */

const SUBNET = "127.0.0.0/8";
const [FIRST, SECOND, OTHER] = ["02:00:00:00:00:42", "02:00:00:00:00:43", "02:00:00:00:00:44"] as const;
const SUBNETS = ["192.0.2.3"];
const phone = (mac: string): Scope => ({ kind: "reservation", subnet: SUBNET, mac });
const option = (data: string) => ({ "option-data": [{ name: "cisco-tftp", data }] });

export const pilotSite = (subnet: object = {}, more: object = {}) => ({
  "option-def": [DEFINITION],
  subnet4: [
    {
      id: 10,
      subnet: SUBNET,
      pools: [{ pool: "127.1.0.1 - 127.1.0.100" }],
      ...option("192.0.2.3"),
      ...subnet,
    },
  ],
  ...more,
});
export const PILOT = phone(FIRST);

interface Server {
  readonly endpoint: string;
  offered(mac?: string): Promise<readonly string[] | null>;
  configuration(): Promise<string>;
}

export function classPilots(start: (more: object) => Promise<Server>): void {
  const move = (server: Server, mac: string, expected: Answer, answer: Answer = DESTINATION) =>
    keaOn([server.endpoint], { pilotsBy: "class" }).apply(
      phone(mac),
      { answer, expected: [expected], unsaved: "undo" },
      op(),
    );

  test.each<[string, object, object]>([
    ["alone", {}, {}],
    [
      "with a class of somebody",
      {},
      { "client-classes": [{ name: "others", test: `pkt4.mac == 0x02000000aa00` }] },
    ],
    [
      "with a global reservation",
      {},
      { "reservations-global": true, reservations: [{ "hw-address": FIRST }] },
    ],
  ])(
    "pilots by class, %s: they alone are served otherwise, and all is back byte for byte",
    async (_, subnet, more) => {
      const server = await start(pilotSite(subnet, more));
      const before = await server.configuration();
      await move(server, SECOND, "inherited");
      const one = await server.configuration();
      expect((await move(server, FIRST, "inherited")).answer).toEqual(DESTINATION);
      expect([await server.offered(FIRST), await server.offered(SECOND)]).toEqual([DESTINATION, DESTINATION]);
      expect(await server.offered(OTHER)).toEqual(SUBNETS);
      expect((await server.configuration()).match(/"option-150-of-pilots"/g)).toHaveLength(1);
      await move(server, FIRST, DESTINATION, "inherited");
      expect(await server.configuration()).toBe(one);
      expect([await server.offered(FIRST), await server.offered(SECOND)]).toEqual([SUBNETS, DESTINATION]);
      await move(server, SECOND, DESTINATION, "inherited");
      expect(await server.offered(SECOND)).toEqual(SUBNETS);
      expect(await server.configuration()).toBe(before);
    },
  );

  test.each<[string, object]>([
    ["the only pool", { pools: [{ pool: "127.1.0.1 - 127.1.0.100", ...option("192.0.2.4") }] }],
    ["the phone's reservation", { reservations: [{ "hw-address": FIRST, ...option("192.0.2.4") }] }],
  ])("%s with an option of its own goes before the class, and is reported", async (_, subnet) => {
    const server = await start(pilotSite(subnet));
    const reading = await move(server, FIRST, "inherited");
    expect(await server.offered(FIRST)).toEqual(["192.0.2.4"]);
    expect(reading.findings).toContainEqual(
      expect.objectContaining({ kind: "shadowed", severity: "error", value: "192.0.2.4" }),
    );
  });
}
