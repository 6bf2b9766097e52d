import type { Scope } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, keaOn, op } from "../../support/backend";
import { DEFINITION } from "../../support/fake-kea";
import { InBetween } from "../../support/in-between";
import { findHookLibrary, RealKea, requireKea, versionOfKea } from "../../support/real-kea";

/** By which commands option 150 is changed on the kea-dhcp4 of this machine, with all of its hook libraries loaded. */

jest.setTimeout(60_000);
beforeAll(requireKea);

const SUBNET = "127.0.0.0/8";
const MAC = "02:00:00:00:00:42";
const PHONE: Scope = { kind: "reservation", subnet: SUBNET, mac: MAC };
/** Open since 2.7.7. */
const open = versionOfKea() >= 2_007_007;

let kea: RealKea;
let between: InBetween;
afterEach(async () => {
  await between?.stop();
  await kea?.stop();
});

test.each<[string, Scope, object, readonly string[]]>([
  ["a subnet", { kind: "subnet", subnet: SUBNET }, {}, ["subnet4-delta-add", "subnet4-delta-add"]],
  ["a phone", PHONE, {}, ["reservation-add", "reservation-del"]],
  [
    "a phone with somebody's reservation",
    PHONE,
    { reservations: [{ "hw-address": MAC, hostname: "lobby" }] },
    ["reservation-update", "reservation-update"],
  ],
])("%s: there and back", async (_, scope, subnet, commands) => {
  const libraries = ["subnet_cmds", "host_cmds"].flatMap((name) => findHookLibrary(name) ?? []);
  expect(libraries).toHaveLength(open ? 2 : 0);
  kea = await RealKea.start({
    "hooks-libraries": libraries,
    "option-def": [DEFINITION],
    subnet4: [
      {
        id: 10,
        subnet: SUBNET,
        pools: [{ pool: "127.1.0.1-127.1.0.100" }],
        "option-data": [{ name: "cisco-tftp", data: "192.0.2.3" }],
        ...subnet,
      },
    ],
  });
  between = await new InBetween(kea.socket).start();
  const backend = keaOn([between.endpoint]);
  const before = await kea.configuration();
  const was = await backend.read(scope, op());
  await backend.apply(scope, { answer: DESTINATION, expected: was.answers, unsaved: "undo" }, op());
  expect(await kea.offered(MAC)).toEqual(DESTINATION);
  const { answer, original: restore } = was;
  await backend.apply(scope, { answer, expected: [DESTINATION], restore, unsaved: "keep" }, op());
  expect(await kea.offered(MAC)).toEqual(["192.0.2.3"]);
  const written = between.commands.filter((c) => /^(?:config-set|subnet4-|reservation-(?!get))/.test(c));
  expect(written).toEqual(open ? commands : ["config-set", "config-set"]);
  expect(await kea.configuration()).toBe(before);
});
