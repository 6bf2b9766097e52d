import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import {
  PhoneMigration,
  type PhoneMigrationProps,
  VoiceScope,
  type VoiceScopeProps,
  type Wave,
} from "../../constructs";
import { LIMITS_SENTENCE } from "../../providers/cucm/resources/phone-registration-return";
import {
  addressOf,
  declare,
  difference,
  OTHER_PHONE,
  PHONE,
  resources,
  type Synthesised,
  strings,
  synth,
  synthesised,
  type Varied,
  wave,
} from "./support/declared";

/** Whatever a wave on the source must not depend on. */
const TRUST = /cucm_trust_memberships|cucm_tvs_proof|cucm_trust_forecast|null_resource|\btrust_/;

const WORDS = ["source", "destination"] as const;

/** Three waves, each on the side that is said; one scope and one phone each. */
const three = (...sides: readonly (typeof WORDS)[number][]) =>
  synth({
    scopes: { second: "10.1.21.0/24", third: "10.1.22.0/24" },
    waves: (scopes) =>
      ["hq", "second", "third"].map((id, i) =>
        wave(`wave-${i + 1}`, sides[i]!, [scopes[id]!], [`SEP00112233445${i}`]),
      ),
  });

const at = (json: ReturnType<typeof synth>, pattern: RegExp) => resources(json)[addressOf(json, pattern)]!;

describe("a wave that restores its scopes when it is stopped", () => {
  const json = (registeredOn: "source" | "destination") =>
    synth({
      scopes: { second: "10.1.21.0/24" },
      waves: (scopes) => [
        { ...wave("one", registeredOn, [scopes.hq!], [PHONE]), onStop: "restoreScope" },
        wave("two", "destination", [scopes.second!], [OTHER_PHONE]),
      ],
    });

  test("has a guard of the very scopes after its registration, and later waves wait for it", () => {
    const forward = json("destination");
    const guard = at(forward, /^dhcp_scope_guard/);
    const registration = addressOf(forward, /^cucm_phone_registration.*one/);
    expect(at(forward, /^cucm_phone_registration.*one/).on_stop).toBe("report");
    expect(guard.stopped).toBe(`\${${registration}.stopped}`);
    const { server, scope, source_addresses, destination_addresses } = at(forward, /^dhcp_option_150.*one/);
    expect(guard.scopes).toEqual([{ server, scope, source_addresses, destination_addresses }]);
    expect(at(forward, /^null_resource.*two/).depends_on).toContain(addressOf(forward, /^dhcp_scope_guard/));
    expect(at(forward, /^cucm_phone_registration.*two/)).not.toHaveProperty("on_stop");
  });

  test("has none on the source", () => {
    const back = json("source");
    expect(Object.keys(resources(back)).filter((a) => a.startsWith("dhcp_scope_guard"))).toEqual([]);
    expect(at(back, /^cucm_phone_registration.*one/)).not.toHaveProperty("on_stop");
  });
});

test("a wave of pilots: each phone's own scope in the subnet, and no list to repeat", () => {
  const json = synth({
    waves: ({ hq }) => [
      {
        name: "pilot",
        scopes: [hq!.pilot(PHONE), hq!.pilot("00:11:22:33:44:66")],
        registeredOn: "destination",
      },
    ],
  });
  expect(at(json, /^cucm_phone_registration/).phones).toEqual([PHONE, "SEP001122334466"].sort());
  const scopes = Object.values(json.resource.dhcp_option_150!).map((option) => option.scope);
  expect(scopes).toEqual([
    { subnet: "10.1.20.0/24", phone: PHONE },
    { subnet: "10.1.20.0/24", phone: "00:11:22:33:44:66" },
  ]);
});

describe("a wave on the source", () => {
  const json = synth();

  test("has nothing in it that leads to the trust: no reference, no depends_on, no expression", () => {
    for (const pattern of [/^dhcp_option_150/, /^cucm_phone_registration/])
      expect(strings(at(json, pattern)).filter((text) => TRUST.test(text))).toEqual([]);
    expect(Object.keys(resources(json)).filter((address) => address.startsWith("null_resource"))).toEqual([]);
  });

  test("goes back in order: option 150, then registration", () => {
    expect(at(json, /^dhcp_option_150/)).not.toHaveProperty("depends_on");
    expect(at(json, /^cucm_phone_registration/).depends_on).toEqual([addressOf(json, /^dhcp_option_150/)]);
  });

  test("has no conditions", () => {
    expect(at(json, /^dhcp_option_150/)).not.toHaveProperty("go_if");
    expect(at(json, /^cucm_phone_registration/)).not.toHaveProperty("go_if");
  });

  test("says the word to both of its resources", () => {
    expect(at(json, /^dhcp_option_150/).serve).toBe("source");
    expect(at(json, /^cucm_phone_registration/).registered_on).toBe("source");
  });

  test("refers to nothing but what the clusters are", () => {
    const references = strings(json.resource.dhcp_option_150).filter((text) => text.includes("${"));
    expect(references.sort()).toEqual([
      expect.stringMatching(/^\$\{data\.cucm_cluster\.destination_facts_\w+\.tftp_addresses\}$/),
      expect.stringMatching(/^\$\{data\.cucm_cluster\.source_facts_\w+\.tftp_addresses\}$/),
    ]);
    expect(strings(json.resource.cucm_phone_registration).filter((text) => text.includes("${"))).toEqual([]);
  });

  test("brings the null provider along: a gate of the last deploy may be in the state", () => {
    expect(json.provider.null).toEqual([{}]);
    expect(json.terraform.required_providers).toHaveProperty("null");
  });
});

describe("a wave on the destination", () => {
  const json = synth({ trust: { migrateBack: true }, waves: ({ hq }) => [wave("hq", "destination", [hq!])] });
  const gate = addressOf(json, /^null_resource/);

  test("goes in order: memberships and proofs, gate, option 150, registration", () => {
    expect(resources(json)[gate]!.depends_on).toEqual([
      addressOf(json, /^cucm_trust_memberships.*source-memberships/),
      addressOf(json, /^cucm_trust_memberships.*destination-memberships/),
      addressOf(json, /^cucm_tvs_proof.*source-proof/),
      addressOf(json, /^cucm_tvs_proof.*destination-proof/),
    ]);
    expect(at(json, /^dhcp_option_150/).depends_on).toEqual([gate]);
    expect(at(json, /^cucm_phone_registration/).depends_on).toEqual([
      gate,
      addressOf(json, /^dhcp_option_150/),
    ]);
  });

  test("tells the registration its scopes, for errors", () => {
    expect(at(json, /^cucm_phone_registration/).scopes).toEqual(['subnet 10.1.20.0/24 on DHCP server "kea"']);
  });

  test("has the same conditions on both of its resources, in words and by expression", () => {
    const { go_if } = at(json, /^dhcp_option_150/);
    expect(at(json, /^cucm_phone_registration/).go_if).toEqual(go_if);
    expect(Object.keys(go_if).sort()).toEqual([
      '"Prepare Cluster for Rollback to Pre 8.0" is False on "source"',
      '"destination" has a node that runs TFTP',
      'every CTL, ITL and configuration of "destination" is rightly signed',
      'every TVS node of "destination" vouches for every signer of "source"',
      'every TVS node of "source" vouches for every signer of "destination"',
      'every node of "destination" showed its signers',
      "its limits allow for the phones that cannot follow",
      "no phone is at risk",
      'no signer of "destination" has expired',
      'the destination cluster "destination" is in mixed mode',
      'the source cluster "source" is in mixed mode',
    ]);
    expect(go_if['every TVS node of "source" vouches for every signer of "destination"']).toMatch(
      /^\$\{cucm_tvs_proof\.trust_source-proof_\w+\.proven\}$/,
    );
  });

  test("shows in the gate's triggers which proof it relies on", () => {
    expect(resources(json)[gate]!.triggers).toEqual({
      cluster: "source",
      signers: expect.stringMatching(
        /^\$\{join\(",", sort\(keys\(cucm_tvs_proof\.trust_source-proof_\w+\.signers\)\)\)\}$/,
      ),
    });
  });

  test("has no precondition: known false at plan, it would stop other waves' way back", () => {
    expect(strings(json)).not.toContain("precondition");
    expect(strings(json)).not.toContain("lifecycle");
  });
});

describe("the forecast of a wave on the destination", () => {
  const forecastOf = (json: ReturnType<typeof synth>) => {
    const all = Object.values(json.data.cucm_trust_forecast ?? {});
    expect(all).toHaveLength(1);
    return all[0]!;
  };
  const forward = (more: Partial<Wave> = {}, migration: Partial<PhoneMigrationProps> = {}) =>
    synth({
      trust: { migrateBack: true },
      migration,
      waves: ({ hq }) => [{ ...wave("hq", "destination", [hq!], [PHONE, OTHER_PHONE]), ...more }],
    });

  test("refers to data sources only, and assumes exactly what the memberships import", () => {
    const json = forward();
    const forecast = forecastOf(json);
    const references = strings(forecast).filter((text) => text.includes("${"));
    for (const text of references) {
      expect(text).toMatch(/data\.cucm_(?:signers|cluster)\./);
      expect(text.replaceAll(/data\.cucm_(?:signers|cluster)\./g, "")).not.toMatch(/cucm_|null_resource/);
    }
    expect(forecast).not.toHaveProperty("depends_on");
    const { certificates: source } = at(json, /^cucm_trust_memberships.*source-memberships/);
    const { certificates: destination } = at(json, /^cucm_trust_memberships.*destination-memberships/);
    expect(forecast.assume_trusted).toEqual({ source, destination });
  });

  test("is of the wave's phones, with what a human accepts and knows", () => {
    const forecast = forecastOf(
      forward(
        { acceptLockouts: [OTHER_PHONE], alternateTftp: [OTHER_PHONE] },
        {
          requireEvidence: "web-status",
          evidence: ["web", "itl_status"],
          switches: { ctl404: "keep" },
          models: { "Cisco 8861": { sha512: true } },
          phoneFeatures: "cluster",
          formerCapfInUse: false,
        },
      ),
    );
    expect(forecast).toMatchObject({
      source: "source",
      destination: "destination",
      phones: [PHONE, OTHER_PHONE].sort(),
      accept_lockouts: [OTHER_PHONE],
      alternate_tftp: [OTHER_PHONE],
      require_evidence: "web-status",
      evidence: ["web", "itl_status"],
      switches: { ctl_404: "keep" },
      models: { "Cisco 8861": { sha512: true } },
      phone_features: "cluster",
      former_capf_in_use: false,
    });
    expect(forecast).not.toHaveProperty("to");
  });

  test("knows what option 150 of every scope will answer", () => {
    const of = (scope: Partial<VoiceScopeProps>) =>
      forecastOf(synth({ scope, waves: ({ hq }) => [wave("hq", "destination", [hq!])] })).destination_tftp;
    expect(of({ destinationAnswer: ["10.20.0.13"] })).toMatch(/10\.20\.0\.13/);
    expect(of({})).toMatch(/data\.cucm_cluster\.destination_facts_\w+\.tftp_addresses/);
  });

  test("stops what moves by sentences that say why", () => {
    const { go_if } = at(forward({}, { requireEvidence: "tvs-log" }), /^cucm_phone_registration/);
    const sentence = (text: string) => go_if[text];
    expect(sentence("no phone is at risk")).toMatch(
      /^\$\{data\.cucm_trust_forecast\.move_hq_forecast_\w+\.no_phone_at_risk\}$/,
    );
    // A repair leaves it out, by these words.
    expect(sentence(LIMITS_SENTENCE)).toMatch(/\.within_limits\}$/);
    expect(sentence('what is assumed of every phone rests on "tvs-log" or better')).toMatch(
      /\.evidence_suffices\}$/,
    );
  });

  test("knows how many phones may fail", () => {
    const limits = { maxFailures: 3, maxFailureRatio: 0.1, batchSize: 5 };
    const json = forward({ limits });
    expect(forecastOf(json).limits).toEqual({ max_failures: 3, max_failure_ratio: 0.1 });
    expect(at(json, /^cucm_phone_registration/).limits).toMatchObject({ max_failures: 3, batch_size: 5 });
    expect(forecastOf(forward())).not.toHaveProperty("limits");
  });

  test("is not there for a wave on the source", () => {
    expect(synth().data).not.toHaveProperty("cucm_trust_forecast");
  });

  const SETTINGS = [
    { acceptLockouts: [OTHER_PHONE], alternateTftp: [OTHER_PHONE] },
    {
      requireEvidence: "web-status",
      evidence: ["web"],
      switches: { ctl404: "keep" },
      models: { "Cisco 8861": { sha512: true } },
      phoneFeatures: "cluster",
      formerCapfInUse: false,
    },
  ] as const;
  /** `Testing.synth` leaves comments out. */
  const commentOf = (varied: Varied) => {
    const [registration] = Object.values(
      declare(varied).stack.toTerraform().resource.cucm_phone_registration as Synthesised["resource"][string],
    );
    return registration!["//"];
  };

  test.each(WORDS)("has its settings in the registration's comment, in the same words: %s", (word) => {
    const { phones, source, destination, assume_trusted, destination_tftp, ...settings } = forecastOf(
      forward(...SETTINGS),
    );
    const waves: Varied["waves"] = ({ hq }) => [
      { ...wave("hq", word, [hq!], [PHONE, OTHER_PHONE]), ...SETTINGS[0] },
    ];
    const comment = commentOf({ migration: SETTINGS[1], waves });
    expect(comment.forecast).toEqual(settings);
    expect(comment).not.toHaveProperty("known_at_plan");
    expect(comment.metadata.path).toBe("stack/move/hq/registration");
  });

  test("has no reference in that comment, only its name", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    const ctl404 = new TerraformVariable(stack, "ctl_404", { type: "string" }).stringValue as "keep";
    const comment = commentOf({ stack, migration: { switches: { ctl404 }, requireEvidence: "tvs-log" } });
    expect(comment.forecast).toEqual({ require_evidence: "tvs-log" });
    expect(comment.known_at_plan).toEqual(["switches"]);
    expect(strings(comment).filter((text) => text.includes("${"))).toEqual([]);
  });
});

describe("one word", () => {
  const [source, destination] = WORDS.map((word) => synth({ waves: ({ hq }) => [wave("hq", word, [hq!])] }));

  test("changes these and nothing else", () => {
    const lines = difference(source, destination).map((line) =>
      line.replace(/_[0-9A-F]{8}\b/g, "").replace(/ .*/, ""),
    );
    expect(lines).toEqual([
      "data.cucm_scope_coverage:",
      "data.cucm_trust_forecast:",
      "resource.cucm_phone_registration.move_hq_registration.depends_on.0:",
      "resource.cucm_phone_registration.move_hq_registration.depends_on.1:",
      "resource.cucm_phone_registration.move_hq_registration.go_if:",
      "resource.cucm_phone_registration.move_hq_registration.registered_on:",
      "resource.dhcp_option_150.move_hq_option-150-hq.depends_on:",
      "resource.dhcp_option_150.move_hq_option-150-hq.go_if:",
      "resource.dhcp_option_150.move_hq_option-150-hq.serve:",
      "resource.null_resource:",
    ]);
    expect(
      difference(source, destination).filter((line) => /^resource.*(registered_on|serve):/.test(line)),
    ).toEqual([
      expect.stringMatching(/: "source" -> "destination"$/),
      expect.stringMatching(/: "source" -> "destination"$/),
    ]);
  });

  test("leaves every address as it is", () => {
    const lasting = (json: typeof source) =>
      Object.keys(resources(json!)).filter((address) => !address.startsWith("null_resource"));
    expect(lasting(destination)).toEqual(lasting(source));
  });

  test("of another wave leaves this one as it is", () => {
    const touched = difference(three("source", "source", "source"), three("source", "destination", "source"));
    expect(touched.filter((line) => /wave-[13]/.test(line) && !/wave-2/.test(line))).toEqual([]);
  });

  test("back gives exactly what was there before", () => {
    expect(difference(synth(), source)).toEqual([]);
  });
});

describe("waves", () => {
  const registration = (i: number) => new RegExp(`^cucm_phone_registration.*wave-${i}_`);
  const gates = (json: ReturnType<typeof synth>) =>
    Object.keys(resources(json)).filter((address) => address.startsWith("null_resource"));

  test("on the destination wait for the waves on the destination before them", () => {
    const json = three("destination", "source", "destination");
    expect(gates(json)).toHaveLength(2);
    const waitsFor = (i: number) =>
      at(json, new RegExp(`^null_resource.*wave-${i}_gate`)).depends_on.filter((address: string) =>
        address.startsWith("cucm_phone_registration"),
      );
    expect(waitsFor(1)).toEqual([]);
    expect(waitsFor(3)).toEqual([addressOf(json, registration(1))]);
  });

  test("on their way back wait for no other wave, and nothing waits for them", () => {
    const json = three("destination", "source", "destination");
    for (const type of ["dhcp_option_150", "cucm_phone_registration"]) {
      const back = at(json, new RegExp(`^${type}.*wave-2_`));
      expect(strings(back).filter((text) => TRUST.test(text) || /wave-[13]/.test(text))).toEqual([]);
    }
    const others = Object.entries(resources(json)).filter(([address]) => !/wave-2_/.test(address));
    expect(
      strings(others.map(([, attributes]) => attributes)).filter((text) => /wave-2_/.test(text)),
    ).toEqual([]);
  });

  test("have a gate each, and only where they go forward", () => {
    expect(gates(three("source", "source", "source"))).toEqual([]);
    expect(gates(three("source", "destination", "source"))).toEqual([expect.stringMatching(/wave-2_gate/)]);
    expect(gates(three("destination", "destination", "destination"))).toHaveLength(3);
  });

  test("with several scopes change all of them before a phone is reset", () => {
    const json = synth({
      scopes: { annex: "10.1.21.0/24" },
      waves: ({ hq, annex }) => [wave("hq", "destination", [hq!, annex!])],
    });
    expect(at(json, /^cucm_phone_registration/).depends_on.slice(1)).toEqual([
      addressOf(json, /^dhcp_option_150.*hq_option-150-hq/),
      addressOf(json, /^dhcp_option_150.*option-150-annex/),
    ]);
  });

  test("list phones in order, whatever the order of the list", () => {
    const json = synth({ waves: ({ hq }) => [wave("hq", "source", [hq!], ["SEP0011223344FF", PHONE])] });
    expect(at(json, /^cucm_phone_registration/).phones).toEqual([PHONE, "SEP0011223344FF"]);
  });
});

describe.each(WORDS)("on the %s", (word) => {
  const json = synth({ trust: { migrateBack: true }, waves: ({ hq }) => [wave("hq", word, [hq!])] });

  test("there is one configuration of each provider", () => {
    expect(
      Object.fromEntries(Object.entries(json.provider).map(([name, blocks]) => [name, blocks.length])),
    ).toEqual({
      cucm: 1,
      dhcp: 1,
      null: 1,
    });
  });

  test("nothing is made anew before the old is gone, replaced on a trigger, or ignored", () => {
    const words = strings(json);
    for (const word of ["create_before_destroy", "replace_triggered_by", "ignore_changes", "provisioner"])
      expect(words).not.toContain(word);
  });

  test("data sources depend on no managed resource", () => {
    const managed = Object.keys(resources(json));
    const inData = strings(json.data);
    expect(inData.filter((text) => managed.some((address) => text.includes(address)))).toEqual([]);
    expect(inData).not.toContain("depends_on");
  });

  test("there is no output and no secret, only names of variables", () => {
    expect(json).not.toHaveProperty("output");
    const secretive = strings(json.provider).filter((text) => /password|username|secret/i.test(text));
    expect(
      secretive.filter((text) => !/^(platform|application)_(username|password)_env$/.test(text)).sort(),
    ).toEqual(
      ["DESTINATION", "SOURCE"].flatMap((name) =>
        ["APPLICATION_PASSWORD", "APPLICATION_USERNAME", "PLATFORM_PASSWORD", "PLATFORM_USERNAME"].map(
          (what) => `CUCM_${name}_${what}`,
        ),
      ),
    );
  });

  test("synthesising twice gives the same", () => {
    expect(synth({ trust: { migrateBack: true }, waves: ({ hq }) => [wave("hq", word, [hq!])] })).toEqual(
      json,
    );
  });
});

describe("properties", () => {
  test("what phones on the destination register by stays with them; where none is, nothing does", () => {
    const retained = (sides: readonly (typeof WORDS)[number][], more: object = {}) => {
      const json = synth({
        migration: { onDestroy: "keep" },
        scopes: { second: "10.1.21.0/24" },
        waves: ({ hq, second }) => [
          wave("one", sides[0]!, [hq!], [PHONE]),
          wave("two", sides[1]!, [second!], [OTHER_PHONE]),
        ],
        ...more,
      });
      return [/trust_source-memberships/, /trust_destination-memberships/].map(
        (side) => at(json, new RegExp(`^cucm_trust_memberships.*${side.source}`)).retain_on_destroy,
      );
    };
    expect(retained(["source", "destination"])).toEqual([undefined, true]);
    expect(retained(["source", "source"])).toEqual([undefined, undefined]);
    expect(retained(["destination", "destination"], { trust: { retainOnDestroy: false } })).toEqual([
      false,
      false,
    ]);
  });

  test("onDestroy is one of two words", () => {
    expect(() => declare({ migration: { onDestroy: "kep" as "keep" } })).toThrow(
      /onDestroy is "kep"\. Write "refuse" or "keep"\./,
    );
  });

  test("onDestroy reaches both resources of a wave, and is left to the providers otherwise", () => {
    const keep = synth({ migration: { onDestroy: "keep" } });
    for (const pattern of [/^dhcp_option_150/, /^cucm_phone_registration/]) {
      expect(at(keep, pattern).on_destroy).toBe("keep");
      expect(at(synth(), pattern)).not.toHaveProperty("on_destroy");
    }
  });

  test.each([
    [["tvs_log", "web"], ["tvs_log"]],
    [["web"], undefined],
  ] as const)("evidence %j: %j is read of phones that do not follow", (evidence, read) => {
    const json = synth({ migration: { evidence } });
    expect(at(json, /^cucm_phone_registration/).evidence).toEqual(read);
  });

  test("limits are as declared", () => {
    const json = synth({
      waves: ({ hq }) => [{ ...wave("hq", "source", [hq!]), limits: { maxFailureRatio: 0.05, timeout: 60 } }],
    });
    expect(at(json, /^cucm_phone_registration/).limits).toEqual({ max_failure_ratio: 0.05, timeout: 60 });
  });

  test("two migrations share the null provider", () => {
    const { stack, trust, kea } = declare();
    const annex = new VoiceScope(stack, "annex", { server: kea, subnet: "10.9.0.0/16" });
    new PhoneMigration(stack, "again", { trust, waves: [wave("hq", "source", [annex], [OTHER_PHONE])] });
    expect(synthesised(stack).provider.null).toEqual([{}]);
  });

  test("a null provider of the user's own is used", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    new NullProvider(stack, "mine", { alias: "mine" });
    declare({ stack });
    expect(synthesised(stack).provider.null).toEqual([{ alias: "mine" }]);
  });

  test("one that the user's own bindings declare is used as well", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    let Other: typeof NullProvider | undefined;
    jest.isolateModules(() => {
      Other = require("@cdktf/provider-null/lib/provider").NullProvider;
    });
    expect(Other).not.toBe(NullProvider);
    new Other!(stack, "mine");
    declare({ stack });
    expect(synthesised(stack).provider.null).toHaveLength(1);
  });
});

test("a switch that is none is refused at synth", () => {
  const switches = (given: object) => () => declare({ migration: { switches: given } });
  expect(switches({ ctl40: "keep" })).toThrow('switches has "ctl40", which is none of them.');
  expect(switches({ ctl404: "keep" })).not.toThrow();
});
