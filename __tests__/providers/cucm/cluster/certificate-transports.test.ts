/** Every way to the certificates of a node against emulated clusters: one of 14 with REST, one of 9.1 with web forms. */
import type { Fault } from "../../../../lab/cluster/faults";
import type { RequestCounts } from "../../../../lab/cluster/requests";
import type { RunningClusters } from "../../../../lab/cluster/start";
import {
  ClusterError,
  type ClusterNode,
  TRUST_STORES,
  type TrustStore,
} from "../../../../providers/cucm/cluster/cluster";
import {
  type ClusterConfig,
  DEFAULT_WEB_FORMS,
  type Spellings,
} from "../../../../providers/cucm/cluster/config";
import { type ConnectedCluster, connectCluster } from "../../../../providers/cucm/cluster/connect";
import type { Membership } from "../../../../providers/cucm/cluster/membership";
import {
  deleteMemberships,
  importMissing,
  readMemberships,
  restartTvs,
} from "../../../../providers/cucm/cluster/memberships";
import type { Certificate } from "../../../../trust/certificate";
import { identity } from "./fakes/identities";
import { ACCOUNT, ACCOUNTS, labConfig, startBoth } from "./fakes/lab-cluster";
import { failureOf } from "./fakes/setup";

const op = { signal: new AbortController().signal };

let lab: RunningClusters;
const open: ConnectedCluster[] = [];
const logged: string[] = [];
const certificates: Certificate[] = ["one.example", "two.example"].map((name) => identity(name).certificate);
const memberships = (stores: readonly TrustStore[] = TRUST_STORES): Membership[] =>
  certificates.flatMap((certificate) => stores.map((store) => ({ store, certificate })));

function connect(
  name: "source" | "destination",
  changes: Partial<ClusterConfig> = {},
  spelled: Partial<Spellings> = {},
): ConnectedCluster {
  const cluster = connectCluster(
    labConfig(name, lab.ready[name], ACCOUNTS, spelled, changes),
    (line, fields) => logged.push(`${line} ${JSON.stringify(fields)}`),
  );
  open.push(cluster);
  return cluster;
}

beforeAll(async () => {
  lab = await startBoth({ source: "14.0.1.12900-161", destination: "9.1.2.10000-28" });
}, 120_000);
beforeEach(async () => {
  logged.length = 0;
  await post("/requests/reset");
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((cluster) => cluster.close()));
  await spoil({ kind: "heal" });
});
afterAll(() => lab?.close());

async function post(path: string, body?: object): Promise<void> {
  const response = await fetch(`${lab.ready.control}${path}`, {
    method: "POST",
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(await response.text());
}
const spoil = (fault: Fault) => post("/fault", fault);
type Spoiling = Extract<Fault, { kind: "platform" }>;
const platform = (
  which: "rest" | "web",
  answer: Spoiling["answer"],
  { count = 1, operation }: Partial<Pick<Spoiling, "count" | "operation">> = {},
) =>
  spoil({
    kind: "platform",
    cluster: which === "rest" ? "source" : "destination",
    interface: which,
    answer,
    count,
    operation,
  });

/** How often the nodes of a cluster were asked through one interface. */
async function asked(name: "source" | "destination", kind: string): Promise<{ [operation: string]: number }> {
  const counts = (await (await fetch(`${lab.ready.control}/requests`)).json()) as RequestCounts;
  const total: { [operation: string]: number } = {};
  for (const node of Object.values(counts[name] ?? {}))
    for (const [operation, count] of Object.entries(node[kind] ?? {}))
      total[operation] = (total[operation] ?? 0) + count;
  return total;
}

/** Import, replication, restart, proof by TVS, delete: all that a memberships resource does. */
async function thereAndBack(cluster: ConnectedCluster): Promise<void> {
  const wanted = memberships();
  expect((await importMissing(cluster, wanted, new Set(), op)).imported.size).toBe(wanted.length);
  const { nodes } = await readMemberships(cluster, wanted, op);
  expect(nodes.map(({ present }) => present.size)).toEqual(nodes.map(() => wanted.length));
  await restartTvs(cluster, await cluster.nodes(op), op);
  for (const node of await cluster.nodes(op))
    expect(await cluster.askTvs(node, certificates[0]!, op)).toMatchObject({
      kind: "vouched",
      roles: [0, 3],
    });
  expect((await importMissing(cluster, wanted, new Set(), op)).imported.size).toBe(0);
  expect((await deleteMemberships(cluster, wanted, op)).size).toBe(wanted.length);
}

describe("REST of 14", () => {
  it("imports, replicates, restarts and deletes; SSH is only needed for the delete", async () => {
    const cluster = connect("source");
    await spoil({ kind: "port", cluster: "source", port: "ssh", open: false });
    const wanted = memberships(["CallManager-trust"]);
    await importMissing(cluster, wanted, new Set(), op);
    const error = await failureOf(deleteMemberships(cluster, wanted, op));
    expect(error.kind).toBe("unreachable");
    expect(error.detail).toContain("deleted through the CLI");
    expect(error.detail).toContain('certificate_transport = "web"');
    await spoil({ kind: "port", cluster: "source", port: "ssh", open: true });
    await deleteMemberships(cluster, wanted, op);
    await thereAndBack(cluster);
    expect(Object.keys(await asked("source", "cli")).filter((line) => /import|list own/.test(line))).toEqual(
      [],
    );
  }, 60_000);

  it("reads own and trust certificates of a node with one request, however many ask", async () => {
    const cluster = connect("source");
    const [node] = await cluster.nodes(op);
    await Promise.all([
      ...(["CallManager", "ITLRecovery", "TVS", "CAPF"] as const).map((unit) =>
        cluster.identityCertificate(node!, unit, op),
      ),
      ...TRUST_STORES.map((store) => cluster.trustEntries(node!, store, certificates, op)),
    ]);
    expect(await asked("source", "rest")).toEqual({ "GET config/snapshot/server": 1 });
    await cluster.importTrust(node!, "Phone-SAST-trust", certificates[0]!, op);
    const [entry] = await cluster.trustEntries(node!, "Phone-SAST-trust", certificates, op);
    expect(entry!.certificate.sha256).toBe(certificates[0]!.sha256);
    expect(await asked("source", "rest")).toEqual({
      "GET config/snapshot/server": 2,
      "POST config/trust/certificates": 1,
    });
    await cluster.deleteTrust(node!, entry!, op);
  });

  it("agrees with the CLI and the web forms about own and stored certificates", async () => {
    const read = async (certificateTransport: "rest" | "cli" | "web") => {
      const cluster = connect("source", { certificateTransport });
      const [node] = await cluster.nodes(op);
      const callManager = await cluster.identityCertificate(node!, "CallManager", op);
      const own = (await cluster.identityCertificate(node!, "ITLRecovery", op))!;
      const stored = await cluster.trustEntries(node!, "Phone-SAST-trust", [own], op);
      return [callManager!.sha256, own.sha256, stored.map(({ certificate }) => certificate.sha256)];
    };
    const rest = await read("rest");
    expect(rest[2]).toHaveLength(1);
    expect(await read("cli")).toEqual(rest);
    expect(await read("web")).toEqual(rest);
  });

  it("a node without it is asked by CLI: 404, or nothing listens", async () => {
    const cluster = connect("source");
    const [node] = await cluster.nodes(op);
    await platform("rest", 404);
    expect(await cluster.identityCertificate(node!, "TVS", op)).not.toBeNull();
    await cluster.trustEntries(node!, "CAPF-trust", certificates, op);
    expect(await asked("source", "rest")).toEqual({ "GET config/snapshot/server": 1 });
    expect(await asked("source", "cli")).toMatchObject({ "show cert list trust": 1 });
    const other = connect("source");
    await spoil({ kind: "port", cluster: "source", port: "platform", open: false });
    expect(await other.identityCertificate(node!, "TVS", op)).not.toBeNull();
  });

  it.each([
    [401, "credentials", "HTTP 401"],
    [403, "authorization", "HTTP 403"],
    [500, "answer", "HTTP 500: Request failed (500)"],
    ["page", "answer", "a page instead of JSON: Cisco Unified Operating System Administration"],
  ] as const)("an answer %s is an error", async (answer, kind, said) => {
    const cluster = connect("source");
    const [node] = await cluster.nodes(op);
    await platform("rest", answer);
    const error = await failureOf(cluster.trustEntries(node!, "CAPF-trust", certificates, op));
    expect(error).toMatchObject({ kind, node: node!.address });
    expect(error.message).toContain(said);
    expect(error.detail).toContain('certificate_transport = "cli"');
    expect([error.message, ...logged].join()).not.toContain(ACCOUNT.password);
  });

  it("a busy node is asked again", async () => {
    const cluster = connect("source");
    const [node] = await cluster.nodes(op);
    await platform("rest", 503);
    expect(await cluster.trustEntries(node!, "CAPF-trust", certificates, op)).toEqual([]);
    expect(await asked("source", "rest")).toEqual({ "GET config/snapshot/server": 2 });
  });

  it("a slow answer is a timeout that names the other way", async () => {
    const cluster = connect("source", { timeouts: { replication: 5, restart: 5, request: 1 } });
    const [node] = await cluster.nodes(op);
    await platform("rest", "slow");
    expect(await failureOf(cluster.trustEntries(node!, "CAPF-trust", certificates, op))).toMatchObject({
      kind: "timeout",
      detail: expect.stringContaining('certificate_transport = "cli"'),
    });
  });

  it("a wrong spelling of a store is refused, with the names that the node lists", async () => {
    const wrong = { "CallManager-trust": "no-such", "Phone-SAST-trust": "no-such", "CAPF-trust": "no-such" };
    const cluster = connect("source", {}, { restService: wrong });
    const [node] = await cluster.nodes(op);
    const error = await failureOf(cluster.importTrust(node!, "CAPF-trust", certificates[0]!, op));
    expect(error.kind).toBe("refused");
    expect(error.detail).toMatch(/HTTP 400: Invalid service.*The stores that it lists are called CAPF/);
    expect(error.detail).toContain('\n  spellings = { rest_service = { "CAPF-trust" = "');
  });

  it("a lost answer to an import leaves it in doubt", async () => {
    const cluster = connect("source");
    const [node] = await cluster.nodes(op);
    await spoil({ kind: "drop", cluster: "source", request: "rest", operation: "POST", count: 1 });
    expect(await failureOf(cluster.importTrust(node!, "CAPF-trust", certificates[0]!, op))).toMatchObject({
      kind: "broken off",
    });
  });
});

describe("web forms of 9.1", () => {
  const connectWeb = () => connect("destination", { certificateTransport: "web" });

  it("import, replicate, restart and delete, without SSH", async () => {
    await spoil({ kind: "port", cluster: "destination", port: "ssh", open: false });
    await thereAndBack(connectWeb());
    expect(await asked("destination", "cli")).toEqual({});
  }, 60_000);

  it("log in again when the session has ended, before a read and in the middle of a write", async () => {
    const cluster = connectWeb();
    const [node] = await cluster.nodes(op);
    const there = () => cluster.trustEntries(node!, "CallManager-trust", [certificates[0]!], op);
    expect(await there()).toEqual([]);
    await platform("web", "sessions-end");
    cluster.refresh();
    expect(await there()).toEqual([]);
    await platform("web", "sessions-end", { operation: "POST certificateUpload.do" });
    await cluster.importTrust(node!, "CallManager-trust", certificates[0]!, op);
    const [entry] = await there();
    await cluster.deleteTrust(node!, entry!, op);
    expect(await there()).toEqual([]);
  });

  it.each([
    [403, "authorization", "HTTP 403"],
    [404, "refused", "spellings.web_forms"],
    [500, "answer", "HTTP 500"],
    ["page", "answer", "it has no trust certificate"],
  ] as const)("an answer %s is an error that names the other way", async (answer, kind, said) => {
    const cluster = connectWeb();
    const [node] = await cluster.nodes(op);
    await platform("web", answer, { count: 3 });
    const error = await failureOf(cluster.trustEntries(node!, "CAPF-trust", certificates, op));
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(said);
    expect(error.detail).toContain('certificate_transport = "cli"');
  });

  it("a refused password is tried once, and said without it", async () => {
    const cluster = connect("destination", {
      certificateTransport: "web",
      platform: { username: ACCOUNT.username, password: "wr0ng secret" },
    });
    const nodes = await cluster.nodes(op);
    const errors = await Promise.all(
      nodes.map((node) => failureOf(cluster.identityCertificate(node, "TVS", op))),
    );
    expect(errors.map(({ kind }) => kind)).toEqual(nodes.map(() => "credentials"));
    expect(errors.map(({ message }) => message).join() + logged.join()).not.toMatch(/wr0ng/);
    expect((await asked("destination", "web"))["POST j_security_check"]).toBe(1);
  });

  it("a form that says something else than the settings is an error before anything is sent", async () => {
    const spelled = { webForms: { ...DEFAULT_WEB_FORMS, fileField: "CERTIFICATE" } };
    const cluster = connect("destination", { certificateTransport: "web" }, spelled);
    const [node] = await cluster.nodes(op);
    const error = await failureOf(cluster.importTrust(node!, "CAPF-trust", certificates[0]!, op));
    expect(error.detail).toContain("no form with the fields NAME and CERTIFICATE: spellings.web_forms");
    expect((await asked("destination", "web"))["POST certificateUpload.do"]).toBeUndefined();
  });
});

it("the release chooses: 9.1 is asked by CLI, and forced REST there is an error", async () => {
  const nodeOf = async (cluster: ConnectedCluster): Promise<ClusterNode> => (await cluster.nodes(op))[0]!;
  const auto = connect("destination");
  await auto.identityCertificate(await nodeOf(auto), "TVS", op);
  expect(await asked("destination", "rest")).toEqual({});
  expect(await asked("destination", "cli")).toMatchObject({ "show cert list own": 1 });
  const forced = connect("destination", { certificateTransport: "rest" });
  const error = await failureOf(forced.identityCertificate(await nodeOf(forced), "TVS", op));
  expect(error).toBeInstanceOf(ClusterError);
  expect(error.detail).toContain("releases before 14");
  expect(error.detail).toContain('certificate_transport = "cli"');
  const cli = connect("source", { certificateTransport: "cli" });
  await cli.identityCertificate(await nodeOf(cli), "TVS", op);
  expect(await asked("source", "rest")).toEqual({});
});
