import { TerraformVariable } from "cdktf";
import { PhoneMigration, VoiceScope, type Wave } from "../../constructs";
import {
  addressOf,
  declare,
  OTHER_PHONE,
  PHONE,
  resources,
  type Synthesised,
  synth,
  synthesised,
  wave,
} from "./support/declared";

const coverages = (json: Synthesised) => Object.values(json.data.cucm_scope_coverage ?? {});
const goIf = (json: Synthesised, pattern: RegExp) => resources(json)[addressOf(json, pattern)]!.go_if;
const PILOT = "SEP0011223344BB";

/** The wave `hq`, with more said of it, and `annex`, which stays on the source. */
const two = (registeredOn: Wave["registeredOn"], more: Partial<Wave> = {}) =>
  synth({
    scopes: { annex: "10.1.21.0/24" },
    waves: (scopes) => [
      { ...wave("hq", registeredOn, [scopes.hq!]), ...more },
      wave("annex", "source", [scopes.annex!], [OTHER_PHONE]),
    ],
  });

test("one data source for all waves of a migration, of literals only, and it is nobody's condition", () => {
  const json = two("destination");
  expect(coverages(json)).toEqual([
    {
      cluster: "source",
      waves: [
        {
          name: "hq",
          registered_on: "destination",
          phones: [PHONE],
          scopes: [{ name: "hq", subnet: "10.1.20.0/24" }],
        },
        {
          name: "annex",
          registered_on: "source",
          phones: [OTHER_PHONE],
          scopes: [{ name: "annex", subnet: "10.1.21.0/24" }],
        },
      ],
    },
  ]);
  expect(JSON.stringify(json.resource)).not.toContain("cucm_scope_coverage");
});

test("there is none while every wave is on the source, or has pilots only", () => {
  expect(coverages(two("source", { requireCoverage: true }))).toEqual([]);
  const pilots = synth({
    waves: ({ hq }) => [{ name: "pilot", scopes: [hq!.pilot(PHONE)], registeredOn: "destination" }],
  });
  expect(coverages(pilots)).toEqual([]);
});

test("a wave may demand it: a condition of its option 150 and its phones, and of no other wave", () => {
  const json = two("destination", { requireCoverage: true });
  const sentence = "its scopes hold the wave's phones and no others";
  const [name] = Object.keys(json.data.cucm_scope_coverage!);
  for (const pattern of [/^dhcp_option_150.*_hq_/, /^cucm_phone_registration.*_hq_/])
    expect(goIf(json, pattern)[sentence]).toBe(`\${data.cucm_scope_coverage.${name}.covered["hq"]}`);
  expect(goIf(json, /^cucm_phone_registration.*_annex_/)).toBeUndefined();
  expect(goIf(two("destination"), /^cucm_phone_registration.*_hq_/)).not.toHaveProperty([sentence]);
});

test("pilots are told apart, and what inherits on the source is no place of its own", () => {
  const json = synth({
    scopes: { annex: "10.1.21.0/24" },
    waves: ({ hq, annex }) => [
      { ...wave("hq", "destination", [hq!, annex!.pilot(PILOT)], [PHONE, PILOT]) },
      { name: "late", scopes: [hq!.pilot(OTHER_PHONE)], registeredOn: "source" },
    ],
  });
  const [{ waves }] = coverages(json) as [{ waves: readonly object[] }];
  expect(waves).toEqual([
    {
      name: "hq",
      registered_on: "destination",
      phones: [PHONE],
      pilots: [PILOT],
      scopes: [{ name: "hq", subnet: "10.1.20.0/24" }],
    },
    { name: "late", registered_on: "source", phones: [OTHER_PHONE], scopes: [] },
  ]);
});

test("waves of other migrations in the stack are known, also of those that come later", () => {
  const declared = declare({ waves: ({ hq }) => [wave("hq", "destination", [hq!])] });
  const { stack, trust, kea } = declared;
  const scope = (id: string, subnet: string) => new VoiceScope(stack, id, { server: kea, subnet });
  new PhoneMigration(stack, "later", {
    trust,
    waves: [
      wave("hq", "source", [scope("a", "10.1.30.0/24")], [OTHER_PHONE]),
      wave("b", "destination", [scope("b", "10.1.31.0/24")], [PILOT]),
    ],
  });
  const named = coverages(synthesised(stack)).map(({ waves }) =>
    waves.map(({ name, scopes }: { readonly name: string; readonly scopes: readonly object[] }) => [
      name,
      scopes.length,
    ]),
  );
  expect(named.sort()).toEqual([
    [
      ["hq", 1],
      ["b", 1],
      ["move/hq", 0],
    ],
    [
      ["hq", 1],
      ["later/hq", 1],
      ["later/b", 0],
    ],
  ]);
});

test("what is known only at plan is passed on, and a pilot that is may be any phone of its wave", () => {
  const { stack, trust, kea } = declare();
  const value = (id: string) => new TerraformVariable(stack, id, {}).stringValue;
  const scopes = [
    new VoiceScope(stack, "voice", { server: kea, subnet: value("subnet") }),
    new VoiceScope(stack, "one", { server: kea, subnet: "10.1.31.0/24", phone: value("pilot") }),
  ];
  new PhoneMigration(stack, "later", {
    trust,
    waves: [wave("w", "destination", scopes, [OTHER_PHONE, PILOT])],
  });
  const [{ waves }] = coverages(synthesised(stack)) as [{ waves: readonly object[] }];
  expect(waves[0]).toEqual({
    name: "w",
    registered_on: "destination",
    phones: [],
    pilots: [OTHER_PHONE, PILOT],
    scopes: [{ name: "voice", subnet: `\${var.subnet}` }],
  });
});

test("what can never be looked at cannot be demanded", () => {
  const demanded = (place: object) => () => {
    const { stack, trust, kea } = declare();
    const scope = new VoiceScope(stack, "voice", { server: kea, ...place });
    const more = { ...wave("more", "source", [scope], [OTHER_PHONE]), requireCoverage: true };
    return new PhoneMigration(stack, "again", { trust, waves: [more] });
  };
  expect(demanded({ sharedNetwork: "voice" })).toThrow(
    /Wave "more": requireCoverage cannot be had for shared network voice\. .*declare subnets/,
  );
  expect(demanded({ global: true })).toThrow(/requireCoverage cannot be had for the global options/);
  expect(demanded({ subnet: "10.1.30.0/24" })).not.toThrow();
});
