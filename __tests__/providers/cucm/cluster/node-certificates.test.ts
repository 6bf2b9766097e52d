import type { CertificateAccess } from "../../../../providers/cucm/cluster/certificate-access";
import { ClusterError } from "../../../../providers/cucm/cluster/cluster";
import type { CertificateTransport } from "../../../../providers/cucm/cluster/config";
import { NodeCertificates } from "../../../../providers/cucm/cluster/node-certificates";
import { NotOffered } from "../../../../providers/cucm/cluster/transports/platform-server";
import { identity } from "./fakes/identities";
import { failureOf, live } from "./fakes/setup";

const certificate = identity("one").certificate;
const calls: string[] = [];
let failing: { [way: string]: Error };
let version: () => Promise<string>;
beforeEach(() => {
  calls.length = 0;
  failing = {};
  version = async () => "14.0.1";
});

const error = (kind: ClusterError["kind"]) =>
  new ClusterError("source", "10.0.0.1", "It failed", "So.", kind);

function way(name: string): CertificateAccess {
  const call = async (what: string) => {
    calls.push(`${name} ${what}`);
    if (failing[name]) throw failing[name];
  };
  return {
    lastAnswer: `${name} said so`,
    list: (which) => call(`list ${which}`).then(() => [{ unit: "CAPF-trust", file: `${name}.pem` }]),
    show: (_, { file }) => call(`show ${file}`).then(() => certificate),
    importTrust: () => call("import"),
    deleteTrust: () => call("delete"),
    refresh: () => void calls.push(`${name} refresh`),
  };
}

const choose = (setting: CertificateTransport) =>
  new NodeCertificates(
    setting,
    { cli: way("cli"), rest: way("rest"), web: way("web") },
    () => version(),
    () => {},
  );
const list = (access: CertificateAccess) => access.list("trust", live());
const importOne = (access: CertificateAccess) => access.importTrust("CAPF-trust", certificate, live());

it.each([
  ["auto", "15.0.1.12900-234", "rest"],
  ["auto", "14.0.1", "rest"],
  ["auto", "12.5.1", "cli"],
  ["auto", "8.6.2", "cli"],
  ["cli", "15.0.1", "cli"],
  ["rest", "12.5.1", "rest"],
  ["web", "14.0.1", "web"],
] as const)("%s with %s is %s", async (setting, release, chosen) => {
  version = async () => release;
  const access = choose(setting);
  const [listed] = await list(access);
  await access.show("trust", listed!, live());
  await importOne(access);
  expect(access.lastAnswer).toBe(`${chosen} said so`);
  expect(calls).toEqual([`${chosen} list trust`, `${chosen} show ${chosen}.pem`, `${chosen} import`]);
});

it("auto takes the CLI when the release cannot be told, this time", async () => {
  const access = choose("auto");
  version = async () => {
    throw error("unreachable");
  };
  await list(access);
  version = async () => "14.0.1";
  await list(access);
  expect(calls).toEqual(["cli list trust", "rest list trust"]);
});

it.each([
  [true, ["rest import", "cli import", "cli import"]],
  [false, ["rest import", "cli import", "rest import", "cli import"]],
])("auto goes on with the CLI where REST is not offered; for good: %s", async (lasting, expected) => {
  failing.rest = new NotOffered(error("refused"), lasting);
  const access = choose("auto");
  await importOne(access);
  await importOne(access);
  expect(calls).toEqual(expected);
  expect(access.lastAnswer).toBe("cli said so");
});

it("what one way has listed is shown by the same, or not at all", async () => {
  const access = choose("auto");
  const [listed] = await list(access);
  failing.rest = new NotOffered(error("unreachable"), false);
  expect(await failureOf(access.show("trust", listed!, live()))).toMatchObject({ kind: "unreachable" });
  expect(calls).toEqual(["rest list trust", "rest show rest.pem"]);
});

it("forced REST that is not offered is an error that names the setting", async () => {
  failing.rest = new NotOffered(error("refused"), true);
  const { detail } = await failureOf(list(choose("rest")));
  expect(detail).toBe('So. The CLI may do it: certificate_transport = "cli" of this cluster.');
  expect(calls).toEqual(["rest list trust"]);
});

it.each([
  ["cli", "refused", /certificate_transport = "rest" \(14 and later\) or "web"/],
  ["web", "answer", /certificate_transport = "cli"/],
  ["cli", "unreachable", /^So\.$/],
  ["web", "credentials", /^So\.$/],
  ["rest", "cancelled", /^So\.$/],
] as const)("%s that fails as %s", async (setting, kind, detail) => {
  failing[setting] = error(kind);
  const failed = await failureOf(importOne(choose(setting)));
  expect(failed).toMatchObject({ kind, summary: "It failed", node: "10.0.0.1" });
  expect(failed.detail).toMatch(detail);
});

it("does not name another way twice, and refreshes all of them", async () => {
  failing.rest = new ClusterError("source", null, "x", 'certificate_transport = "web" can.', "answer");
  expect((await failureOf(list(choose("rest")))).detail).toBe('certificate_transport = "web" can.');
  calls.length = 0;
  choose("auto").refresh();
  expect(calls).toEqual(["cli refresh", "rest refresh", "web refresh"]);
});
