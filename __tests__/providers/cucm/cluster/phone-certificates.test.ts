import { ClusterError } from "../../../../providers/cucm/cluster/cluster";
import { phoneCertificates } from "../../../../providers/cucm/cluster/phone-certificates";
import type { Axl } from "../../../../providers/cucm/cluster/transports/axl";
import { failureOf, live } from "./fakes/setup";

const PHONE = "SEP001122334401";

/** Answers by a word of the statement. */
function axl(answers: { readonly [word: string]: readonly object[] | ClusterError["kind"] }) {
  const statements: string[] = [];
  const sql = async (statement: string) => {
    statements.push(statement);
    const [, answer] = Object.entries(answers).find(([word]) => statement.includes(word))!;
    if (typeof answer === "string") throw new ClusterError("source", null, "no", "no.", answer);
    return answer;
  };
  return { axl: { sql } as unknown as Axl, statements };
}

const operations = (tkcertificateoperation: string, tkcertificatestatus: string) => [
  { name: PHONE, tkcertificateoperation, tkcertificatestatus },
];
const factsOf = async (...asked: Parameters<typeof axl>) =>
  (await phoneCertificates(axl(...asked).axl, [PHONE], live())).get(PHONE);

test("a phone that this CAPF never had to do with, one that it enrolled, one that waits", async () => {
  const lscissuername = [{ name: PHONE, lscissuername: "CAPF-5a1b2c3d" }];
  expect(await factsOf({ lscissuername, operation: operations("1", "1") })).toEqual({
    lscIssuer: "CAPF-5a1b2c3d",
    nothingWaits: true,
    neverEnrolled: true,
  });
  const none = { lscissuername: [] };
  expect(await factsOf({ ...none, operation: operations("1", "3") })).toEqual({
    lscIssuer: null,
    nothingWaits: true,
    neverEnrolled: false,
  });
  expect(await factsOf({ ...none, operation: operations("2", "1") })).toMatchObject({
    nothingWaits: false,
    neverEnrolled: false,
  });
});

test("a release without a column says nothing; a publisher that does not answer is an error", async () => {
  expect(await factsOf({ lscissuername: "refused", operation: operations("1", "1") })).toMatchObject({
    lscIssuer: null,
    neverEnrolled: true,
  });
  const issuer = [{ name: PHONE, lscissuername: "CAPF-5a1b2c3d" }];
  expect(await factsOf({ lscissuername: issuer, operation: "refused" })).toEqual({
    lscIssuer: "CAPF-5a1b2c3d",
    nothingWaits: false,
    neverEnrolled: false,
  });
  expect(await factsOf({ lscissuername: "refused", operation: "refused" })).toBeUndefined();
  const silent = axl({ lscissuername: "unreachable", operation: "unreachable" });
  expect(await failureOf(phoneCertificates(silent.axl, [PHONE], live()))).toMatchObject({
    kind: "unreachable",
  });
});

test("many phones are asked for in several statements", async () => {
  const { axl: many, statements } = axl({ lscissuername: [], operation: [] });
  await phoneCertificates(
    many,
    Array.from({ length: 401 }, (_, i) => `SEP${i.toString(16).padStart(12, "0").toUpperCase()}`),
    live(),
  );
  expect(statements).toHaveLength(6);
});
