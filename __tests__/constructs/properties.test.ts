/** `cdktf` runs declarations without types: a property that nobody knows must not be dropped without a word. */
import { declare, IDENTITY, type Varied } from "./support/declared";

const MISSPELT: readonly (readonly [construct: string, Varied, message: string])[] = [
  [
    "PhoneMigration",
    { migration: { requireEvidnce: "tvs-log" } as Varied["migration"] },
    '[stack/move] there is no property "requireEvidnce". The properties are trust, waves, onDestroy, requireEvidence,',
  ],
  [
    "limits of a wave",
    {
      waves: ({ hq }) => [
        {
          name: "hq",
          scopes: [hq!],
          phones: ["SEP001122334455"],
          registeredOn: "destination",
          limits: { maxFailure: 3 } as object,
        },
      ],
    },
    'Wave "hq": limits: there is no property "maxFailure". The properties are maxFailures, maxFailureRatio, batchSize,',
  ],
  ["TrustExchange", { trust: { migrateBak: true } as Varied["trust"] }, 'there is no property "migrateBak".'],
  [
    "VoiceScope",
    { scope: { sourceAnwser: "inherited" } as Varied["scope"] },
    'there is no property "sourceAnwser".',
  ],
  ["KeaServer", { kea: { persit: "config-write" } as Varied["kea"] }, 'there is no property "persit".'],
  ["SecureCluster", { source: { risPerMinut: 3 } as Varied["source"] }, 'no property "risPerMinut".'],
  [
    "ports",
    { source: { ports: { htps: 1 } as object } },
    'ports: there is no property "htps". The properties are ssh, https,',
  ],
  ["timeouts", { source: { timeouts: { restrt: 1 } as object } }, 'timeouts: there is no property "restrt".'],
  [
    "web forms",
    { source: { spellings: { webForms: { deletButton: "Remove" } as object } } },
    'spellings.webForms: there is no property "deletButton". The properties are loginPath,',
  ],
  [
    "stores",
    { source: { spellings: { restService: { "Phone-SAST": "x" } } } },
    'spellings.restService: there is no property "Phone-SAST". The properties are CallManager-trust,',
  ],
  [
    "identity",
    { source: { identity: { ...IDENTITY, caPm: "x" } as object } },
    'identity: there is no property "caPm".',
  ],
];

test.each(MISSPELT)("a misspelt property of %s is refused at synth", (_, varied, message) => {
  expect(() => declare(varied)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(message) }),
  );
});

test("a cluster without credentials is told so", () => {
  expect(() => declare({ source: { credentials: undefined } })).toThrow(
    "[stack/source] credentials is missing. The properties are publisher, identity, credentials,",
  );
});

test("what a lab's file says of a cluster may be spread, with its identity among the rest", () => {
  const site = { ...IDENTITY, publisher: "10.10.0.11" };
  expect(() => declare({ source: { ...site, identity: site } as Varied["source"] })).not.toThrow();
  const other = { ...site, tlsSha256: { "*": [] } };
  expect(() => declare({ source: { ...other, identity: site } as Varied["source"] })).toThrow(
    "[stack/source] tlsSha256 stands beside identity, and is not what identity has. " +
      "Write identity: { tlsSha256: ... }, and leave out the one beside it: an object that is spread there, as in ...lab.source, brings it along.",
  );
});
