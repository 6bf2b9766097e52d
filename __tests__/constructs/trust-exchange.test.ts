import { TerraformStack, Testing } from "cdktf";
import {
  type ExchangeServer,
  fromEnv,
  SecureCluster,
  type SignerStore,
  TrustExchange,
} from "../../constructs";
import type { CucmTrustMemberships } from "../../constructs/generated/cucm";
import { addressOf, declare, IDENTITY, resources, strings, synth } from "./support/declared";

/** Without hashes, and without the `$` that begins an expression. */
const expressionIn = (json: ReturnType<typeof synth>, pattern: RegExp, attribute: string): string =>
  resources(json)
    [addressOf(json, pattern)]![attribute].replace(/_[0-9A-F]{8}\b/g, "")
    .replace(/^\$/, "");

const SIGNERS_OF_DESTINATION =
  '{ for sha256, c in data.cucm_signers.destination_signers.certificates : sha256 => { pem = c.pem, stores = ["CallManager-trust","Phone-SAST-trust"] } if c.signer }';
const CAPF_OF_SOURCE =
  '{ for sha256, c in data.cucm_signers.source_signers.certificates : sha256 => { pem = c.pem, stores = ["CAPF-trust","CallManager-trust"] } if !c.signer }';

describe("one way", () => {
  const json = synth();

  test("the source trusts the destination's signers, and vouches for them", () => {
    expect(expressionIn(json, /source-memberships/, "certificates")).toBe(`{${SIGNERS_OF_DESTINATION}}`);
    expect(expressionIn(json, /source-memberships/, "cluster")).toBe("source");
  });

  test("the destination trusts the source's CAPF: phones with an LSC could not register otherwise", () => {
    expect(expressionIn(json, /destination-memberships/, "certificates")).toBe(`{${CAPF_OF_SOURCE}}`);
    expect(expressionIn(json, /destination-memberships/, "cluster")).toBe("destination");
  });

  test("the proof asks the source about what was really imported, again after each import", () => {
    expect(expressionIn(json, /source-proof/, "cluster")).toBe("source");
    expect(expressionIn(json, /source-proof/, "signers")).toBe(
      '{{ for sha256, c in cucm_trust_memberships.trust_source-memberships.certificates : sha256 => c.pem if contains(c.stores, "Phone-SAST-trust") }}',
    );
    expect(expressionIn(json, /source-proof/, "generation")).toBe(
      "{cucm_trust_memberships.trust_source-memberships.generation}",
    );
  });

  test("nothing is proven on the destination", () => {
    expect(Object.keys(json.resource.cucm_tvs_proof!)).toHaveLength(1);
  });
});

describe("signerStores", () => {
  test("Phone-SAST-trust alone, in both directions; CAPF goes where it went", () => {
    const json = synth({ trust: { migrateBack: true, signerStores: ["Phone-SAST-trust"] } });
    const alone = SIGNERS_OF_DESTINATION.replace('"CallManager-trust",', "");
    expect(expressionIn(json, /source-memberships/, "certificates")).toBe(`{${alone}}`);
    expect(expressionIn(json, /destination-memberships/, "certificates")).toBe(
      `{merge(${CAPF_OF_SOURCE}, ${alone.replace("destination_signers", "source_signers")})}`,
    );
  });

  test.each([
    [["CallManager-trust"], "signerStores lacks Phone-SAST-trust"],
    [[], "signerStores lacks Phone-SAST-trust"],
    [["Phone-SAST-trust", "CAPF-trust"], 'signerStores has "CAPF-trust"'],
  ] as const)("%j is an error of synth", (signerStores, problem) => {
    expect(() => synth({ trust: { signerStores: signerStores as readonly SignerStore[] } })).toThrow(problem);
  });
});

describe("with migrateBack", () => {
  const json = synth({ trust: { migrateBack: true } });

  test("the destination also trusts the source's signers, and vouches for them", () => {
    const back = SIGNERS_OF_DESTINATION.replace("destination_signers", "source_signers");
    expect(expressionIn(json, /destination-memberships/, "certificates")).toBe(
      `{merge(${CAPF_OF_SOURCE}, ${back})}`,
    );
    expect(expressionIn(json, /destination-proof/, "cluster")).toBe("destination");
    expect(expressionIn(json, /destination-proof/, "signers")).toMatch(
      /trust_destination-memberships\.certificates/,
    );
  });

  test("no phone leaves before the way back is proven", () => {
    const { trust } = declare({ trust: { migrateBack: true } });
    expect(Object.keys(trust.conditions)).toContain(
      'every TVS node of "destination" vouches for every signer of "source"',
    );
    expect(trust.dependables).toContain(trust.proofBack);
  });

  test("the way there is the same", () => {
    const oneWay = synth();
    for (const attribute of ["certificates", "cluster"])
      expect(expressionIn(json, /source-memberships/, attribute)).toBe(
        expressionIn(oneWay, /source-memberships/, attribute),
      );
  });
});

test("a prune of the destination's stores is set by the id of the memberships", () => {
  const { stack, trust } = declare();
  const memberships = trust.node.findChild("destination-memberships") as CucmTrustMemberships;
  memberships.prune = true;
  const json: ReturnType<typeof synth> = JSON.parse(Testing.synth(stack));
  expect(expressionIn(json, /destination-memberships/, "certificates")).toBe(`{${CAPF_OF_SOURCE}}`);
  expect(resources(json)[addressOf(json, /destination-memberships/)]).toMatchObject({ prune: true });
  expect(resources(json)[addressOf(json, /source-memberships/)]).not.toHaveProperty("prune");
});

test("no certificate is in the declaration: which ones, the plan knows", () => {
  expect(strings(synth({ trust: { migrateBack: true } })).filter((text) => text.includes("BEGIN"))).toEqual(
    [],
  );
});

test("method and retainOnDestroy reach both memberships, and are left to the provider otherwise", () => {
  const declared = synth({ trust: { method: "manual", retainOnDestroy: true } });
  for (const attributes of Object.values(declared.resource.cucm_trust_memberships!))
    expect(attributes).toMatchObject({ method: "manual", retain_on_destroy: true });
  for (const attributes of Object.values(synth().resource.cucm_trust_memberships!))
    expect(Object.keys(attributes).sort()).toEqual(["certificates", "cluster"]);
});

describe("method bulk", () => {
  const sftp: ExchangeServer = {
    address: "10.1.0.9",
    directory: "/cucm/exchange",
    hostKeySha256: [`SHA256:${"A".repeat(43)}`],
    credentials: fromEnv("EXCHANGE"),
  };
  const memberships = (json: ReturnType<typeof synth>, side: RegExp) =>
    resources(json)[addressOf(json, side)]!;

  test("the source exchanges with the destination at a declared server, whose secrets are names", () => {
    const json = synth({ trust: { method: "bulk", sftp: { ...sftp, port: 2222, archiveLeftovers: true } } });
    expect(json.provider.cucm![0]!.sftp_servers).toEqual({
      trust: {
        address: "10.1.0.9",
        port: 2222,
        directory: "/cucm/exchange",
        host_key_sha256: sftp.hostKeySha256,
        username_env: "SFTP_EXCHANGE_USERNAME",
        password_env: "SFTP_EXCHANGE_PASSWORD",
      },
    });
    expect(memberships(json, /source-memberships/)).toMatchObject({
      method: "bulk",
      bulk: { peer: "destination", sftp_server: "trust", archive_leftovers: true },
    });
  });

  test("the destination takes part only with migrateBack: CAPF comes one by one", () => {
    expect(memberships(synth({ trust: { method: "bulk", sftp } }), /destination-memberships/)).toMatchObject({
      method: "manual",
    });
    expect(
      memberships(synth({ trust: { method: "bulk", sftp, migrateBack: true } }), /destination-memberships/),
    ).toMatchObject({ method: "bulk", bulk: { peer: "source", sftp_server: "trust" } });
  });

  test.each([
    [{ method: "bulk" }, 'method "bulk" needs an SFTP server'],
    [{ method: "manual", sftp }, "sftp is given, and nothing is exchanged there"],
    [{ sftp }, "sftp is given, and nothing is exchanged there"],
    [{ method: "bulk", sftp, signerStores: ["Phone-SAST-trust"] }, 'and method "bulk" fills it'],
    [{ method: "bulk", sftp: { ...sftp, address: "10.1.0" } }, 'sftp.address "10.1.0" is no address'],
    [{ method: "bulk", sftp: { ...sftp, port: 0 } }, "sftp.port is 0"],
    [{ method: "bulk", sftp: { ...sftp, directory: "" } }, "sftp.directory is empty"],
    [{ method: "bulk", sftp: { ...sftp, hostKeySha256: ["ab:cd"] } }, 'sftp.hostKeySha256 has "ab:cd"'],
  ] as const)("%j is an error of synth", (trust, problem) => {
    expect(() => synth({ trust })).toThrow(problem);
  });

  test("goes through the CLI, whose host key has to be pinned also where the web forms do the rest", () => {
    const source = { certificateTransport: "web", identity: { tlsSha256: IDENTITY.tlsSha256 } } as const;
    expect(() => synth({ source })).not.toThrow();
    expect(() => synth({ source, trust: { method: "bulk", sftp } })).toThrow(
      'identity of "source" says nothing of its SSH host key',
    );
  });
});

describe("preProvisionCtl", () => {
  test("renews the source's CTL, and no other, with migrateBack neither", () => {
    const json = synth({ trust: { preProvisionCtl: true, migrateBack: true } });
    const memberships = (side: RegExp) => resources(json)[addressOf(json, side)]!;
    expect(memberships(/source-memberships/)).toMatchObject({ update_ctl: true });
    expect(memberships(/destination-memberships/)).not.toHaveProperty("update_ctl");
  });

  test("goes through the source's CLI, whose host key has to be pinned", () => {
    const web = { certificateTransport: "web", identity: { tlsSha256: IDENTITY.tlsSha256 } } as const;
    expect(() => synth({ source: web, trust: { preProvisionCtl: true } })).toThrow(
      'preProvisionCtl uses the CLI of 10.10.0.11, and identity of "source" says nothing of its SSH host key',
    );
    expect(() => synth({ destination: web, trust: { preProvisionCtl: true } })).not.toThrow();
  });
});

describe("keepUntil", () => {
  test("keeps the memberships of both clusters", () => {
    const json = synth({ trust: { keepUntil: "2027-03-01" } });
    for (const side of [/source-memberships/, /destination-memberships/])
      expect(resources(json)[addressOf(json, side)]).toMatchObject({ keep_until: "2027-03-01" });
  });

  test.each(["2027-02-30", "1 March", "2027-03-01T00:00Z"])("%j is no day", (keepUntil) => {
    expect(() => synth({ trust: { keepUntil } })).toThrow(
      `[stack/trust] keepUntil is "${keepUntil}", which is no day.`,
    );
  });
});

test("source and destination must be two clusters", () => {
  const { stack, source } = declare();
  const same = () => new TrustExchange(stack, "same", { source, destination: source });
  expect(same).toThrow(
    "[stack/same] source and destination are the same cluster. Give the cluster that phones move to as destination.",
  );
});

test("and belong to the stack that moves their phones", () => {
  const { stack, source } = declare();
  const other = new TerraformStack(Testing.app(), "other");
  const destination = new SecureCluster(other, "destination", {
    publisher: "10.20.0.11",
    identity: IDENTITY,
    credentials: fromEnv("DESTINATION"),
  });
  expect(() => new TrustExchange(stack, "across", { source, destination })).toThrow(
    "[stack/across] cluster [other/destination] belongs to another stack. Declare the clusters in the stack",
  );
});
