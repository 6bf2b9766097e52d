/** Trust that another stack keeps: a stack for each site, and one for the trust of the two clusters. */
import { type App, TerraformStack, Testing } from "cdktf";
import { fromEnv, PhoneMigration, TrustExchange, type TrustExchangeProps } from "../../constructs";
import {
  addressOf,
  type Declared,
  declare,
  resources,
  strings,
  synthesised,
  type Varied,
  wave,
} from "./support/declared";

interface Sites {
  readonly shared: Declared;
  readonly site: Declared;
}

/** It moves a phone of its own. */
const keeping = (stack: TerraformStack, trust: Partial<TrustExchangeProps> = {}) =>
  declare({
    stack,
    trust: { keepUntil: "2027-03-01", ...trust },
    waves: ({ hq }) => [wave("own", "source", [hq!], [OWN])],
  });
const OWN = "SEP00112233EEFF";
const site = (app: App, name: string, keptBy: TrustExchange, phones?: readonly string[]) =>
  declare({
    stack: new TerraformStack(app, name),
    trust: { keptBy },
    waves: ({ hq }) => [wave("hq", "destination", [hq!], phones)],
  });

function sites(owner: Partial<TrustExchangeProps> = {}, varied: Varied = {}): Sites {
  const app = Testing.app();
  const shared = keeping(new TerraformStack(app, "trust"), owner);
  const site = declare({
    stack: new TerraformStack(app, "berlin"),
    trust: { keptBy: shared.trust },
    waves: ({ hq }) => [wave("hq", "destination", [hq!])],
    ...varied,
  });
  return { shared, site };
}

const withoutHash = (text: string) => text.replace(/_[0-9A-F]{8}\b/g, "");

test("imports nothing, and proves what has to be there by the destination's own signers", () => {
  const json = synthesised(sites().site.stack);
  expect(json.resource.cucm_trust_memberships).toBeUndefined();
  const proof = resources(json)[addressOf(json, /cucm_tvs_proof\./)]!;
  expect(proof).toMatchObject({ cluster: "source", generation: "kept by trust/trust" });
  expect(withoutHash(proof.signers)).toContain(
    "{ for sha256, c in data.cucm_signers.destination_signers.certificates : sha256 => c.pem if c.signer }",
  );
});

test("with migrateBack there, the way back is proven here as well", () => {
  const json = synthesised(sites({ migrateBack: true }).site.stack);
  const back = resources(json)[addressOf(json, /destination-proof/)]!;
  expect(back.cluster).toBe("destination");
  expect(withoutHash(back.signers)).toContain("data.cucm_signers.source_signers.certificates");
  expect(Object.keys(synthesised(sites().site.stack).resource.cucm_tvs_proof!)).toHaveLength(1);
});

test("of a source that is gone the way back is proven no more: its signers cannot be read", () => {
  const { site } = sites({ migrateBack: true }, { source: { decommissioned: true } });
  const proofs = Object.values(synthesised(site.stack).resource.cucm_tvs_proof!);
  expect(proofs.map(({ cluster }) => cluster)).toEqual(["source"]);
});

test("a wave that moves demands the proof, and its forecast counts only on what is there", () => {
  const json = synthesised(sites({ migrateBack: true }).site.stack);
  const [gate] = Object.values(json.resource.null_resource!);
  expect(gate!.depends_on.map(withoutHash).sort()).toEqual([
    "cucm_tvs_proof.trust_destination-proof",
    "cucm_tvs_proof.trust_source-proof",
  ]);
  const [registration] = Object.values(json.resource.cucm_phone_registration!);
  expect(Object.keys(registration!.go_if)).toEqual(
    expect.arrayContaining([
      'every TVS node of "source" vouches for every signer of "destination"',
      "no phone is at risk",
    ]),
  );
  const [forecast] = Object.values(json.data.cucm_trust_forecast!);
  expect(forecast).not.toHaveProperty("assume_trusted");
});

test("a wave on the source refers to no proof", () => {
  const { site } = sites({}, { waves: ({ hq }) => [wave("hq", "source", [hq!])] });
  const json = synthesised(site.stack);
  expect(json.resource.null_resource).toBeUndefined();
  const moving = { ...json.resource.cucm_phone_registration, ...json.resource.dhcp_option_150 };
  expect(strings(moving).filter((text) => /cucm_tvs_proof|cucm_signers/.test(text))).toEqual([]);
});

test("its stack comes after the one that keeps the trust, and reads nothing of its state", () => {
  const { shared, site } = sites();
  expect(site.stack.dependsOn(shared.stack)).toBe(true);
  expect(shared.stack.dependsOn(site.stack)).toBe(false);
  expect(Object.keys(synthesised(site.stack).data)).not.toContain("terraform_remote_state");
  expect(synthesised(shared.stack)).not.toHaveProperty("output");
});

test('onDestroy "keep" of a site keeps what its phones register by, where it is kept', () => {
  const { shared } = sites({}, { migration: { onDestroy: "keep" } });
  const json = synthesised(shared.stack);
  const of = (pattern: RegExp) => resources(json)[addressOf(json, pattern)]!;
  expect(of(/destination-memberships/)).toMatchObject({ retain_on_destroy: true });
  expect(of(/source-memberships/)).not.toHaveProperty("retain_on_destroy");
});

test.each<[keyof TrustExchangeProps, Partial<TrustExchangeProps>]>([
  ["migrateBack", { migrateBack: true }],
  ["method", { method: "manual" }],
  ["sftp", { sftp: { address: "10.1.0.9", directory: "/x", credentials: fromEnv("EXCHANGE") } }],
  ["signerStores", { signerStores: ["Phone-SAST-trust"] }],
  ["preProvisionCtl", { preProvisionCtl: true }],
  ["retainOnDestroy", { retainOnDestroy: true }],
  ["keepUntil", { keepUntil: "2027-03-01" }],
])("%s is said where the trust is kept", (name, given) => {
  const app = Testing.app();
  const { trust: keptBy } = declare({ stack: new TerraformStack(app, "trust") });
  const there = () => declare({ stack: new TerraformStack(app, "berlin"), trust: { keptBy, ...given } });
  expect(there).toThrow(
    `[berlin/trust] ${name} stands beside keptBy. Write it where the trust is kept, [trust/trust], and leave it out here.`,
  );
});

test.each([
  ["site", undefined, "hq"],
  ["stack that keeps the trust", [OWN], "own"],
])("a phone belongs to one wave, also with that of another %s", (_, phones, wave) => {
  const app = Testing.app();
  const { trust } = keeping(new TerraformStack(app, "trust"));
  site(app, "berlin", trust);
  expect(() => site(app, "bonn", trust, phones)).toThrow(
    new RegExp(
      `\\[bonn/move\\] Wave "hq": SEP\\w+ is also in wave "${wave}" of another migration. A phone belongs to one`,
    ),
  );
});

test("a scope is one of the stack's own server, and a rehearsal has the same phones", () => {
  const app = Testing.app();
  const { trust } = keeping(new TerraformStack(app, "trust"));
  site(app, "berlin", trust);
  expect(() => site(app, "bonn", trust, ["SEP00AABBCCDDEE"])).not.toThrow();
  expect(() => declare({ stack: new TerraformStack(app, "rehearsal") })).not.toThrow();
});

test("an exchange of the same stack needs no second", () => {
  const { stack, source, destination, trust } = declare();
  expect(() => new TrustExchange(stack, "second", { source, destination, keptBy: trust })).toThrow(
    "[stack/second] keptBy [stack/trust] is in this stack. Give that one to the migration, without a second.",
  );
});

test("one that keeps nothing itself names the one that does", () => {
  const app = Testing.app();
  const { trust } = keeping(new TerraformStack(app, "trust"));
  const first = declare({ stack: new TerraformStack(app, "berlin"), trust: { keptBy: trust } });
  expect(() => declare({ stack: new TerraformStack(app, "bonn"), trust: { keptBy: first.trust } })).toThrow(
    "[bonn/trust] keptBy [berlin/trust] keeps no trust itself. Name the one that does: [trust/trust].",
  );
});

test.each([
  ["nothing", {}],
  ["retainOnDestroy: false", { retainOnDestroy: false }],
])("a keeper whose destroy would take the trust of others is refused: %s", (_, said) => {
  expect(() => sites({ keepUntil: undefined, ...said })).toThrow(
    '[berlin/trust] keptBy [trust/trust] has neither keepUntil nor retainOnDestroy, and a destroy of its stack knows nothing of the phones of this one. Write keepUntil: "<day>" there',
  );
});

test("retainOnDestroy: true is enough", () => {
  const { shared } = sites({ keepUntil: undefined, retainOnDestroy: true });
  const kept = Object.values(synthesised(shared.stack).resource.cucm_trust_memberships!);
  expect(kept.map(({ retain_on_destroy }) => retain_on_destroy)).toEqual([true, true]);
});

test("both are about the same two clusters", () => {
  expect(() => sites({}, { source: { publisher: "10.30.0.11" } })).toThrow(
    "[berlin/trust] the publisher of its source is 10.30.0.11, and that of [trust/trust] is 10.10.0.11. keptBy is for the same two clusters",
  );
});

test("a migration takes no exchange of another stack: what it refers to would not be there", () => {
  const app = Testing.app();
  const { trust, scopes } = declare({ stack: new TerraformStack(app, "trust") });
  const across = () =>
    new PhoneMigration(new TerraformStack(app, "berlin"), "move", {
      trust,
      waves: [wave("hq", "source", [scopes.hq!])],
    });
  expect(across).toThrow(
    "[berlin/move] trust [trust/trust] belongs to another stack. Declare the clusters here as well, and a TrustExchange with keptBy that names that one.",
  );
});
