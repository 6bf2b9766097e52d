import type { Change } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, op } from "../../support/backend";
import { broken, dhcpdOn, FakeDhcpHost, failing, MAIN } from "../../support/fake-dhcpd";

/** Names beyond ASCII, in files of one encoding or the other. */

const scope = { kind: "shared-network", network: "Büro Łódź" } as const;
const LATIN = { kind: "shared-network", network: "Büro" } as const;
const DIRECTORY = "/etc/dhcp/Łódź";
const THERE: Change = { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" };
const configuration = (network: string, path: string) => `
option cisco-tftp code 150 = array of ip-address;
shared-network "${network}" { include "${path}"; subnet 10.1.20.0 netmask 255.255.255.0 { } }
`;
const bytes = (text: string, encoding: "utf8" | "latin1") => Buffer.from(text, encoding).toString("latin1");

test.each([
  ["composed", scope.network],
  ["decomposed", scope.network.normalize("NFD")],
])("a shared network in UTF-8, %s, below a directory in UTF-8", async (_, name) => {
  const path = `${DIRECTORY}/option150-network-${encodeURIComponent(scope.network)}.conf`;
  const h = new FakeDhcpHost({ [MAIN]: bytes(configuration(name, path), "utf8"), [path]: "" });
  const dhcpd = () => dhcpdOn([h], { includeDirectory: DIRECTORY });
  expect((await dhcpd().apply(scope, THERE, op())).answer).toEqual(DESTINATION);
  expect(h.served.get(path)).toContain(DESTINATION[0]);

  // The note of an interrupted run names that file, too.
  h.files.set(path, "").set(MAIN, h.files.get(MAIN)!);
  h.before = (call) => {
    if (call === "run restart") throw new Error("killed");
  };
  await dhcpd()
    .apply(scope, THERE, op())
    .catch(() => {});
  h.before = () => {};
  expect((await dhcpd().read(scope, op())).answers).toEqual(["inherited", DESTINATION]);
});

test("a shared network in Latin-1; what dhcpd says of its file is shown", async () => {
  const path = "/etc/dhcp/cucm/option150-network-B%C3%BCro.conf";
  const main = bytes(configuration("Büro", path), "latin1");
  const h = new FakeDhcpHost({ [MAIN]: main, [path]: "" });
  expect((await dhcpdOn([h]).apply(LATIN, THERE, op())).answer).toEqual(DESTINATION);
  expect(h.files.get(MAIN)).toBe(main);
});

test("what dhcpd says of a file below such a directory is shown", async () => {
  const path = `${DIRECTORY}/option150-network-B%C3%BCro.conf`;
  const h = new FakeDhcpHost({ [MAIN]: bytes(configuration("Büro", path), "utf8"), [path]: "" });
  h.test = () =>
    h.files.get(path) === ""
      ? { status: 0, output: "" }
      : broken(bytes(`${path} line 2: expecting x.`, "utf8"));
  const error = await failing(dhcpdOn([h], { includeDirectory: DIRECTORY }).apply(LATIN, THERE, op()));
  expect(error.message).toContain(`${path} line 2: expecting x`);
});
