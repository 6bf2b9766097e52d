import { IscDhcpdBackend } from "../../../../../providers/dhcp/backends/isc-dhcpd/backend";
import { DESTINATION, op, SCOPE, SOURCE } from "../../support/backend";
import { RealDhcpHost, requireDhcpd } from "../../support/real-dhcpd";

/** Our backend against the real thing: OpenSSH, its SFTP, dhcpd, and what a phone is offered on the wire. */

jest.setTimeout(60_000);
const CONFIGURATION = `
# An untidy file, as they are.
authoritative; ping-check false; default-lease-time 600;
option cisco-tftp code 150 = array of ip-address;
omapi-port 7911; key k { algorithm hmac-sha256; secret "c2VjcmV0LWtleS1vZi1vbWFwaQ=="; };
subnet 10.1.20.0 netmask 255.255.255.0 {
  option routers 10.1.20.1;
  include "@/option150-10.1.20.0-24.conf";
  pool { range 10.1.20.100 10.1.20.199; }
}
include "@/pilots.conf";
`;
const FILE = "option150-10.1.20.0-24.conf";
const AS_FOUND = `# of the voice team\noption cisco-tftp ${SOURCE.join(",  ")};`;

let host: RealDhcpHost;
beforeAll(async () => {
  requireDhcpd();
  host = await RealDhcpHost.start(CONFIGURATION, { [FILE]: AS_FOUND, "pilots.conf": "" });
});
afterAll(() => host?.stop());

test("a subnet there and back: what is offered changes, and the file comes back byte for byte", async () => {
  const dhcpd = new IscDhcpdBackend(host.config());
  const before = await dhcpd.read(SCOPE, op());
  expect(before).toMatchObject({ answer: SOURCE, findings: [] });
  expect(host.offered()).toEqual(SOURCE);

  const there = await dhcpd.apply(SCOPE, { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" }, op());
  expect(there.answer).toEqual(DESTINATION);
  expect(host.offered()).toEqual(DESTINATION);

  const back = {
    answer: SOURCE,
    expected: [DESTINATION],
    restore: before.original,
    unsaved: "keep",
  } as const;
  await dhcpd.apply(SCOPE, back, op());
  expect(host.offered()).toEqual(SOURCE);
  expect(host.file(FILE)).toBe(AS_FOUND);
});
