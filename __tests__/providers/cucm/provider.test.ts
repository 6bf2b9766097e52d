import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterConfig, DEFAULT_SPELLINGS } from "../../../providers/cucm/cluster/config";
import { LEGACY, MODERN } from "../../../providers/cucm/cluster/transports/cryptography";
import { makeCucmProvider } from "../../../providers/cucm/provider";
import { UNKNOWN, type Value } from "../../../providers/framework/schema/value";
import { createProviderServer } from "../../../providers/framework/server/create-provider-server";
import { linesOf, recordingLog } from "../framework/server/fixture";
import { FakeCluster } from "./fake-cluster";
import { complete, SECRET, SECRETS } from "./fake-core";

const environment = { ...process.env };
beforeEach(() => {
  process.env = { ...environment, ...SECRETS };
});
afterAll(() => {
  process.env = environment;
});

/** What is connected to when the source cluster is read, and what is said. */
async function use(clusters: Value, name = "source") {
  const connected: ClusterConfig[] = [];
  const provider = makeCucmProvider((config) => {
    connected.push(config);
    return new FakeCluster(config.name as "source");
  });
  const server = createProviderServer(provider, { log: recordingLog().log });
  const config = complete(provider.attributes, { clusters });
  const signal = new AbortController().signal;
  const valid = await server.validateProviderConfig({ config });
  const configured = await server.configureProvider({ config, signal });
  const data = { type: "cucm_cluster", config: { cluster: name }, signal };
  const read = [await server.readDataSource(data), await server.readDataSource(data)];
  return {
    connected,
    configuring: linesOf([...valid.diagnostics, ...configured.diagnostics]),
    reading: linesOf(read[0]!.diagnostics),
  };
}

test("a cluster has CUCM's own ports and defaults, and is connected to once", async () => {
  const { connected, configuring, reading } = await use({ source: { publisher: "10.10.0.11" } });
  expect([configuring, reading]).toEqual([[], []]);
  expect(connected).toEqual([
    expect.objectContaining({
      name: "source",
      publisher: "10.10.0.11",
      ports: { ssh: 22, https: 8443, tftpHttp: 6970, tvs: 2445, phoneHttp: 80, platform: 443 },
      identity: { tlsSha256: {}, caPem: null, sshSha256: {} },
      platform: {
        from: "CUCM_SOURCE_PLATFORM_USERNAME and CUCM_SOURCE_PLATFORM_PASSWORD",
        username: SECRET,
        password: SECRET,
      },
      tvsClient: null,
      timeouts: { replication: 2400, restart: 600, request: 60 },
      cryptography: MODERN,
      certificateTransport: "auto",
      spellings: DEFAULT_SPELLINGS,
      risPerMinute: 15,
    }),
  ]);
});

test("every part may be declared", async () => {
  process.env.OTHER_PASSWORD = "other";
  const { connected } = await use({
    source: {
      publisher: "pub",
      ports: { ssh: 2222, tvs: 3445, phone_http: 8080, platform: 8443 },
      identities: {
        "10.10.0.11": { tls_sha256: ["ab"], ssh_sha256: ["SHA256:x"] },
        "*": { tls_sha256: ["cd"] },
      },
      platform_password_env: "OTHER_PASSWORD",
      spellings: {
        import_unit: { "CAPF-trust": "capf-trust" },
        paste_end: "ctrl-d",
        trust_list_pages: ["/lists"],
        itl_status_query: "select name,itl as status from phones where name in ({phones})",
        itl_status_current: ["1"],
        itl_status_other: ["0"],
        rest_service: { "Phone-SAST-trust": "SAST" },
        web_forms: { delete_button: "Remove" },
      },
      certificate_transport: "web",
      cryptography: "legacy",
      replication_timeout: 5,
    },
  });
  expect(connected[0]).toMatchObject({
    ports: { ssh: 2222, https: 8443, tvs: 3445, phoneHttp: 8080, platform: 8443 },
    identity: {
      tlsSha256: { "10.10.0.11": ["ab"], "*": ["cd"] },
      sshSha256: { "10.10.0.11": ["SHA256:x"], "*": [] },
    },
    platform: { password: "other" },
    spellings: {
      importUnit: { "CAPF-trust": "capf-trust", "CallManager-trust": "CallManager" },
      pasteEnd: "ctrl-d",
      deleteCommand: "set cert delete {store} {file}",
      trustListPages: ["/lists"],
      itlStatusQuery: "select name,itl as status from phones where name in ({phones})",
      itlStatusCurrent: ["1"],
      itlStatusOther: ["0"],
      restService: { "Phone-SAST-trust": "SAST", "CallManager-trust": "CallManager" },
      webForms: { deleteButton: "Remove", uploadPath: "/cmplatform/certificateUpload.do" },
    },
    certificateTransport: "web",
    cryptography: LEGACY,
    timeouts: { replication: 5, restart: 600 },
  });
});

test.each(["delete from device where name in ({phones})", "select name,itl as status from phones"])(
  "a question about ITLs that is none, or is about all phones: %s",
  async (itl_status_query) => {
    const { configuring } = await use({ source: { publisher: "p", spellings: { itl_status_query } } });
    expect(configuring.join()).toMatch(/itl_status_query.*Write a SELECT with {phones}/);
  },
);

test("a missing variable is named at first use, with where it is needed", async () => {
  delete process.env.CUCM_SOURCE_PLATFORM_PASSWORD;
  const { configuring, reading, connected } = await use({ source: { publisher: "10.10.0.11" } });
  expect(configuring).toEqual([]);
  expect(reading.join()).toMatch(
    /error clusters\["source"\]: Environment variable CUCM_SOURCE_PLATFORM_PASSWORD is not set/,
  );
  expect(connected).toEqual([]);
});

test("all missing variables of a cluster are named at once, each once", async () => {
  delete process.env.CUCM_SOURCE_PLATFORM_PASSWORD;
  const { reading } = await use({
    source: {
      publisher: "10.10.0.11",
      application_username_env: "NO_USER",
      application_password_env: "NO_USER",
    },
  });
  expect(reading.join()).toMatch(
    /Environment variables CUCM_SOURCE_PLATFORM_PASSWORD, NO_USER are not set.*Export them before the run/s,
  );
});

describe("what is not known yet", () => {
  test.each([
    ["all of it", UNKNOWN, /The provider's configuration is not known yet/],
    ["the cluster", { source: UNKNOWN }, /The provider attribute clusters.source is not known yet/],
    ["a value", { source: { publisher: UNKNOWN } }, /attribute clusters.source.publisher is not known yet/],
    [
      "a value inside",
      { source: { publisher: "p", ports: { ssh: UNKNOWN } } },
      /clusters.source.ports.ssh is not known/,
    ],
  ])("%s: configuring succeeds, the first use names it", async (_, clusters, message) => {
    const { configuring, reading } = await use(clusters as Value);
    expect(configuring).toEqual([]);
    expect(reading.join()).toMatch(message);
  });

  test("does not matter to another cluster", async () => {
    const { reading } = await use({ source: { publisher: "p" }, destination: { publisher: UNKNOWN } });
    expect(reading).toEqual([]);
  });
});

test.each([
  ["a password in the place of a name", { platform_password_env: "p@ss word" }, /not a value/],
  ["a port", { ports: { ssh: 70000 } }, /A port is a whole number/],
  ["a rate", { ris_per_minute: 0 }, /greater than 0/],
  ["a rate of resets", { resets_per_minute: 1.5 }, /greater than 0/],
  [
    "a store that is none",
    { spellings: { rest_service: { "Phone-SAST": "x" } } },
    /keys are CallManager-trust/,
  ],
  ["a way to end a paste", { spellings: { paste_end: "eof" } }, /paste_end/],
])("%s is refused when validated", async (_, more, message) => {
  const { configuring } = await use({ source: { publisher: "p", ...more } });
  expect(configuring.join()).toMatch(message);
});

test("a client certificate for TVS comes from files, both of them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tvs-client-"));
  try {
    const [cert, key] = ["cert.pem", "key.pem"].map((file) => join(folder, file)) as [string, string];
    writeFileSync(cert, "C");
    writeFileSync(key, "K");
    const files = { tvs_client_certificate_file: cert, tvs_client_key_file: key };
    expect((await use({ source: { publisher: "p", ...files } })).connected[0]!.tvsClient).toEqual({
      cert: "C",
      key: "K",
    });
    const half = await use({ source: { publisher: "p", tvs_client_certificate_file: cert } });
    expect(half.reading.join()).toMatch(/needs both files/);
    rmSync(key);
    expect((await use({ source: { publisher: "p", ...files } })).reading.join()).toMatch(/Cannot read/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
