/** A source that is switched off: what its migrations still declare, and what is refused. */
import { addressOf, declare, OTHER_PHONE, PHONE, resources, synth, wave } from "./support/declared";

const gone = (word: "source" | "destination" = "destination", more: object = {}) => ({
  source: { decommissioned: true },
  trust: { migrateBack: true },
  waves: ({ hq }: ReturnType<typeof declare>["scopes"]) => [{ ...wave("hq", word, [hq!]), ...more }],
});

test("what is in the state stays declared; no forecast and no word of the source or of a proof is demanded", () => {
  const finished = gone();
  const [before, json] = [synth({ ...finished, source: {} }), synth(finished)];
  expect(Object.keys(resources(json))).toEqual(Object.keys(resources(before)));
  expect(json.data).not.toHaveProperty("cucm_trust_forecast");
  expect(json.provider.cucm![0]!.clusters.source).toMatchObject({ decommissioned: true });
  for (const pattern of [/^cucm_phone_registration/, /^dhcp_option_150/]) {
    const sentences = resources(json)[addressOf(json, pattern)]!.go_if;
    // Never empty, so that what was demanded of a move that is done can stay in the state.
    expect(Object.keys(sentences).sort()).toEqual([
      '"destination" has a node that runs TFTP',
      'every CTL, ITL and configuration of "destination" is rightly signed',
      'every node of "destination" showed its signers',
      'no signer of "destination" has expired',
      'the destination cluster "destination" is in mixed mode',
    ]);
    expect(JSON.stringify(sentences)).not.toMatch(/source|proof/);
  }
});

test("a wave on the source is refused", () => {
  expect(() => synth(gone("source"))).toThrow(
    '[stack/move] Wave "hq" is registered on the source, and [stack/source] is decommissioned. Move the wave',
  );
  const oneOfTwo = {
    ...gone(),
    scopes: { second: "10.1.21.0/24" },
    waves: ({ hq, second }: ReturnType<typeof declare>["scopes"]) => [
      wave("hq", "destination", [hq!], [PHONE]),
      wave("second", "source", [second!], [OTHER_PHONE]),
    ],
  };
  expect(() => synth(oneOfTwo)).toThrow('Wave "second" is registered on the source');
});

test("a wave that would put its scopes back is refused", () => {
  expect(() => synth(gone("destination", { onStop: "restoreScope" }))).toThrow(
    'Wave "hq": onStop is restoreScope, and [stack/source] is decommissioned.',
  );
});

test("a destination cannot be", () => {
  expect(() => declare({ destination: { decommissioned: true } })).toThrow(
    "[stack/trust] the destination [stack/destination] is decommissioned.",
  );
});
