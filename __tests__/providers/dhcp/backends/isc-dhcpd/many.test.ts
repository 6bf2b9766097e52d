import type { Scope } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, op, SOURCE } from "../../support/backend";
import { DIRECTORY, dhcpdOn, FakeDhcpHost, MAIN } from "../../support/fake-dhcpd";

/** A site: 300 subnets of 20 reservations each. */
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const SUBNETS = numbers(300).map((i) => `10.${1 + Math.floor(i / 200)}.${i % 200}`);
const fileOf = (net: string) => `${DIRECTORY}/option150-${net}.0-24.conf`;
const site = () =>
  new FakeDhcpHost({
    [MAIN]: `option cisco-tftp code 150 = array of ip-address;\n${SUBNETS.map(
      (net, s) => `subnet ${net}.0 netmask 255.255.255.0 {
  include "${fileOf(net)}"; # subnet ${s}
  pool { range ${net}.100 ${net}.199; }
}
${numbers(20)
  .map(
    (h) =>
      `host h${s}-${h} { hardware ethernet 02:00:00:${(s >> 8).toString(16)}:${(s & 255).toString(16)}:${h.toString(16)}; fixed-address ${net}.${10 + h}; }\n`,
  )
  .join("")}`,
    ).join("")}`,
    ...Object.fromEntries(
      SUBNETS.map((net, s) => [fileOf(net), `option cisco-tftp ${SOURCE.join(", ")}; # ${s}`]),
    ),
  });

test("300 scopes there and back: all in one restart each, and the files are byte for byte as they were", async () => {
  const host = site();
  const before = new Map(host.files);
  const dhcpd = dhcpdOn([host]);
  const scopes = SUBNETS.map((net): Scope => ({ kind: "subnet", subnet: `${net}.0/24` }));
  const read = await Promise.all(scopes.map((scope) => dhcpd.read(scope, op())));
  expect(new Set(read.map(({ findings }) => findings.length))).toEqual(new Set([0]));
  expect(host.count("open")).toBe(1);
  await Promise.all(
    scopes.map((scope) =>
      dhcpd.apply(scope, { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" }, op()),
    ),
  );
  expect(host.served.get(fileOf("10.2.99"))).toContain(DESTINATION[0]);
  await Promise.all(
    scopes.map((scope, i) => {
      const restore = read[i]!.original;
      return dhcpd.apply(scope, { answer: SOURCE, expected: [DESTINATION], restore, unsaved: "keep" }, op());
    }),
  );
  expect(host.count("run restart")).toBe(2);
  expect(new Map(host.files)).toEqual(before);
});
