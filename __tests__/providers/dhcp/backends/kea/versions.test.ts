import type { Scope } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, keaOn, op } from "../../support/backend";
import { DEFINITION, HOOKS } from "../../support/fake-kea";
import { InBetween } from "../../support/in-between";
import { issued } from "../../support/issued";
import { LabKea } from "../../support/lab-kea";
import { freeTcpPort } from "../../support/offered";

/**
 * Which way a change goes on which version of Kea, and what phones are offered then: on the lab's own server, which
 * answers as 2.2, 2.6 and 3.0 were measured. What rivals do meanwhile is tried on a server that is told what to do
 * (rivals.test.ts); the same on a real Kea is in kea-real.*.kea.test.ts.
 */

const SUBNET = "127.0.0.0/8";
const MAC = "02:00:00:00:00:42";
const site = (more: object = {}) => ({
  "option-def": [DEFINITION],
  subnet4: [
    {
      id: 10,
      subnet: SUBNET,
      pools: [{ pool: "127.1.0.1 - 127.1.0.100" }],
      "option-data": [{ name: "cisco-tftp", data: "192.0.2.3 ,192.0.2.4" }],
    },
  ],
  ...more,
});
const HQ: Scope = { kind: "subnet", subnet: SUBNET };
const PHONE: Scope = { kind: "reservation", subnet: SUBNET, mac: MAC };
const whole = (recheck: string) => [
  "config-test",
  "statistic-get",
  recheck,
  "config-set",
  "statistic-get",
  "config-get",
];

let lab: LabKea | undefined;
let between: InBetween | undefined;
afterEach(async () => {
  await between?.stop();
  await lab?.stop();
  between = undefined;
  lab = undefined;
});

async function thereAndBack(endpoint: string, scope: Scope, more: Parameters<typeof keaOn>[1] = {}) {
  const backend = keaOn([endpoint], more);
  const before = await lab!.configuration();
  const was = await backend.read(scope, op());
  await backend.apply(scope, { answer: DESTINATION, expected: was.answers, unsaved: "undo" }, op());
  expect(await lab!.offered(MAC)).toEqual(DESTINATION);
  const { answer, original: restore } = was;
  await backend.apply(scope, { answer, expected: [DESTINATION], restore, unsaved: "keep" }, op());
  expect(await lab!.offered(MAC)).toEqual(["192.0.2.3", "192.0.2.4"]);
  expect(await lab!.configuration()).toBe(before);
}

test.each<[string, string, object, Scope, readonly string[]]>([
  ["2.2.0", "the whole document, compared with another look", {}, HQ, whole("config-get")],
  ["2.6.3", "the whole document, compared by its hash", {}, HQ, whole("config-hash-get")],
  ["3.0.4", "the same without its hook libraries", {}, HQ, whole("config-hash-get")],
  ["3.0.4", "one command, with them", HOOKS, HQ, ["config-hash-get", "subnet4-delta-add", "config-get"]],
  [
    "3.0.4",
    "one command for a phone, once no database has it",
    HOOKS,
    PHONE,
    ["reservation-get", "config-hash-get", "reservation-add", "config-get"],
  ],
])("%s: %s", async (version, _, hooks, scope, requests) => {
  lab = await LabKea.start(version, site(hooks));
  between = await new InBetween(lab.socket).start();
  await thereAndBack(between.endpoint, scope);
  const sent = between.commands.filter((c) => c !== "list-commands");
  // The first look is the reading of the plan, the second that of the change.
  expect(sent.slice(0, 2 + requests.length)).toEqual(["config-get", "config-get", ...requests]);
});

test("3.0.4 by its own HTTPS, with a client certificate and a password", async () => {
  const authority = issued("authority");
  const [server, client] = [issued("localhost", authority), issued("terraform", authority)];
  const port = await freeTcpPort();
  const basic = { username: "terraform", password: "s3cret-of-kea" };
  lab = await LabKea.start("3.0.4", site(), {
    port,
    basic,
    tls: {
      cert: server.pem,
      key: server.key,
      ca: authority.pem,
      requestCert: true,
      rejectUnauthorized: true,
    },
  });
  const endpoint = `https://127.0.0.1:${port}`;
  const security = {
    tlsSha256: [server.sha256],
    caPem: null,
    basic,
    clientCertificate: { cert: client.pem, key: client.key },
  };
  await thereAndBack(endpoint, HQ, { security });
  const refused = (more: object) =>
    keaOn([endpoint], { security: { ...security, ...more } })
      .read(HQ, op())
      .then(
        () => "answered",
        (e) => e.kind,
      );
  expect(await refused({ basic: { ...basic, password: "wrong" } })).toBe("credentials");
  expect(await refused({ tlsSha256: [authority.sha256] })).toBe("identity");
  expect(await refused({ clientCertificate: null })).not.toBe("answered");
});

test("a version before 2.7.2 has no HTTP socket of its own", async () => {
  await expect(LabKea.start("2.6.3", site(), { port: 1 })).rejects.toThrow("no HTTP socket of its own");
});
