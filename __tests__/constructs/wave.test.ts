import { Construct } from "constructs";
import { PhoneMigration, VoiceScope, type Wave } from "../../constructs";
import { declare, OTHER_PHONE, PHONE, wave } from "./support/declared";

type Scopes = { readonly [id: string]: VoiceScope };

/** [what is wrong, the waves, what the message says]. */
type Mistake = readonly [string, (scopes: Scopes) => readonly Wave[], RegExp];
const MISTAKES: readonly Mistake[] = [
  ["no wave at all", () => [], /waves is empty\. Declare at least one wave\./],
  [
    "an empty wave",
    ({ hq }) => [wave("hq", "source", [hq!], [])],
    /Wave "hq": it has no phones\. Name at least one device, or remove the wave\./,
  ],
  ...[{ healthy: [PHONE], stale: [] }, PHONE, [1]].map(
    (phones): Mistake => [
      `${JSON.stringify(phones)} for a list of phones`,
      ({ hq }) => [{ ...wave("hq", "source", [hq!]), phones: phones as unknown as readonly string[] }],
      /Wave "hq": phones is no list of device names\. Write csv/,
    ],
  ),
  [
    "a wave without scopes",
    () => [wave("hq", "source", [])],
    /Wave "hq": it has no scopes\. Name the VoiceScope/,
  ],
  [
    "a name that is none",
    ({ hq }) => [wave("HQ 1", "source", [hq!])],
    /Wave "HQ 1": this cannot be a name\. Use lower-case letters/,
  ],
  [
    "two waves of one name",
    ({ hq, annex }) => [wave("hq", "source", [hq!]), wave("hq", "source", [annex!], [OTHER_PHONE])],
    /Wave "hq": another wave has this name\. Rename one of them\./,
  ],
  [
    "a phone in two waves",
    ({ hq, annex }) => [wave("one", "source", [hq!]), wave("two", "source", [annex!])],
    new RegExp(
      `Wave "two": ${PHONE} is also in wave "one"\\. A phone belongs to one wave: remove it from the other list\\.`,
    ),
  ],
  [
    "an accepted phone of another wave",
    ({ hq }) => [{ ...wave("hq", "source", [hq!]), acceptLockouts: [OTHER_PHONE] }],
    new RegExp(`Wave "hq": acceptLockouts names ${OTHER_PHONE}, which is not in the wave\\.`),
  ],
  [
    "alternate TFTP of another wave",
    ({ hq }) => [{ ...wave("hq", "source", [hq!]), alternateTftp: [OTHER_PHONE] }],
    new RegExp(`Wave "hq": alternateTftp names ${OTHER_PHONE}, which is not in the wave\\.`),
  ],
  [
    "a phone twice in one wave",
    ({ hq }) => [wave("hq", "source", [hq!], [PHONE, OTHER_PHONE, PHONE])],
    new RegExp(`Wave "hq": ${PHONE} is listed twice\\. Remove one\\.`),
  ],
  [
    "a malformed device name",
    ({ hq }) => [wave("hq", "source", [hq!], ["SEP00112233445"])],
    /Wave "hq": "SEP00112233445" is no device name\. Write SEP and the twelve hex digits/,
  ],
  [
    "a device name in lower case",
    ({ hq }) => [wave("hq", "source", [hq!], ["sep0011223344aa"])],
    /Wave "hq": "sep0011223344aa" has to be in upper case: SEP0011223344AA\./,
  ],
  [
    "a scope in two waves",
    ({ hq }) => [wave("one", "source", [hq!]), wave("two", "source", [hq!], [OTHER_PHONE])],
    /Wave "two": scope \[stack\/hq\] \(subnet 10\.1\.20\.0\/24\) is also in wave "one"\. A scope moves everything in it/,
  ],
  [
    "a scope twice in one wave",
    ({ hq }) => [wave("one", "source", [hq!, hq!])],
    /Wave "one": scope \[stack\/hq\] .* is also in this wave's list\./,
  ],
  [
    "the subnet of one wave as another scope in another wave",
    ({ hq, same }) => [wave("one", "source", [hq!]), wave("two", "source", [same!], [OTHER_PHONE])],
    /Wave "two": scope \[stack\/same\] \(subnet 10\.1\.20\.0\/24\) is also in wave "one"\./,
  ],
  [
    "a property that is misspelt",
    ({ hq }) => [{ ...wave("hq", "source", [hq!]), registerdOn: "destination" } as Wave],
    /Wave "hq": there is no property "registerdOn"\. The properties are name, scopes, /,
  ],
  [
    "a wave without its word",
    ({ hq }) => {
      const { registeredOn: _, ...rest } = wave("hq", "source", [hq!]);
      return [rest as Wave];
    },
    /Wave "hq": registeredOn is missing\. The properties are /,
  ],
  [
    "a word that is none",
    ({ hq }) => [{ ...wave("hq", "source", [hq!]), registeredOn: "target" as "source" }],
    /Wave "hq": registeredOn is "target"\. Write "source" or "destination"\./,
  ],
  [
    "a limit below its least",
    ({ hq }) => [{ ...wave("hq", "source", [hq!]), limits: { batchSize: 0 } }],
    /Wave "hq": limits\.batchSize is 0\. Write a whole number of at least 1\./,
  ],
  [
    "a limit that is no whole number",
    ({ hq }) => [{ ...wave("hq", "source", [hq!]), limits: { maxFailures: 0.5 } }],
    /Wave "hq": limits\.maxFailures is 0\.5\. Write a whole number of at least 0\./,
  ],
  [
    "a ratio that is a percentage",
    ({ hq }) => [{ ...wave("hq", "source", [hq!]), limits: { maxFailureRatio: 5 } }],
    /Wave "hq": limits\.maxFailureRatio is 5\. Write a number between 0 and 1: 0\.05 for 5 %\./,
  ],
];

test.each(MISTAKES)("%s is refused at synth, with the construct's path and the fix", (_, waves, message) => {
  const mistaken = () => declare({ scopes: { annex: "10.1.21.0/24", same: "10.1.20.0/24" }, waves });
  const error = expect.stringMatching(new RegExp(`^\\[stack/move\\] ${message.source}`));
  expect(mistaken).toThrow(expect.objectContaining({ name: "ConfigurationError", message: error }));
});

test("two scopes of one id in one wave are refused: plans name them by it", () => {
  const { stack, kea, trust } = declare();
  const scope = (parent: string, subnet: string) =>
    new VoiceScope(new Construct(stack, parent), "floor", { server: kea, subnet });
  const scopes = [scope("north", "10.2.0.0/24"), scope("south", "10.3.0.0/24")];
  expect(
    () =>
      new PhoneMigration(stack, "again", { trust, waves: [wave("floors", "source", scopes, [OTHER_PHONE])] }),
  ).toThrow(/^\[stack\/again\] Wave "floors": two of its scopes have the id "floor"\./);
});

test("a pilot has its scope to itself, in whatever spelling, and has to be in the wave", () => {
  const waves = (phone: string, phones: readonly string[]) => () => {
    const { stack, kea, trust } = declare();
    const pilot = (id: string, name: string) =>
      new VoiceScope(stack, id, { server: kea, subnet: "10.1.20.0/24", phone: name });
    return new PhoneMigration(stack, "again", {
      trust,
      waves: [
        wave("pilot", "source", [pilot("one", OTHER_PHONE)], [OTHER_PHONE]),
        wave("more", "source", [pilot("two", phone)], phones),
      ],
    });
  };
  const third = "SEP0011223344BB";
  expect(waves(third, [third])).not.toThrow();
  expect(waves("00:11:22:33:44:aa", [OTHER_PHONE])).toThrow(/SEP0011223344AA is also in wave "pilot"/);
  expect(waves(third, ["SEP0011223344CC"])).toThrow(
    /Wave "more": a scope is about SEP0011223344BB, which is not in the wave\./,
  );
});

test("a phone or a scope of another migration in the same stack is refused", () => {
  const again = (phones: readonly string[], subnet: string) => () => {
    const { stack, kea, trust } = declare();
    const scope = new VoiceScope(stack, "annex", { server: kea, subnet });
    return new PhoneMigration(stack, "again", { trust, waves: [wave("more", "source", [scope], phones)] });
  };
  expect(again([PHONE], "10.1.21.0/24")).toThrow(
    `[stack/again] Wave "more": ${PHONE} is also in wave "hq" of another migration.`,
  );
  expect(again([OTHER_PHONE], "10.1.20.0/24")).toThrow(/is also in wave "hq" of another migration\./);
  expect(again([OTHER_PHONE], "10.1.21.0/24")).not.toThrow();
});

test("the same subnet on two servers is two scopes", () => {
  expect(() => {
    const { stack, trust, hq, other } = onTwoServers();
    return new PhoneMigration(stack, "both", {
      trust,
      waves: [wave("hq", "source", [hq, other], [OTHER_PHONE])],
    });
  }).not.toThrow();
});

function onTwoServers() {
  const { stack, trust } = declare();
  const scope = (id: string, serverName: string) =>
    new VoiceScope(stack, id, { server: { serverName }, subnet: "10.7.0.0/24" });
  return { stack, trust, hq: scope("a", "first"), other: scope("b", "second") };
}
