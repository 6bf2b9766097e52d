import fc from "fast-check";
import { nameText, type Rdn, sameName } from "../../trust/name";

test("order, case of the types and white space around values do not count", () => {
  expect(sameName("CN=a;OU=b;C=PL", "C=PL;OU=b;CN=a")).toBe(true);
  expect(sameName("cn=a;o=b", "CN=a; O=b")).toBe(true);
  expect(sameName("CN=a+OU=b;C=PL", "C=PL;OU=b+CN=a")).toBe(true);
});

test("everything else counts", () => {
  expect(sameName("CN=a", "CN=A")).toBe(false);
  expect(sameName("CN=a;OU=b", "CN=a")).toBe(false);
  expect(sameName("CN=a;OU=b", "CN=b;OU=a")).toBe(false);
  expect(sameName("CN=a+OU=b", "CN=a;OU=b")).toBe(false);
  expect(sameName("OU=a;OU=a", "OU=a")).toBe(false);
  expect(sameName("CN=a\\;OU=b", "CN=a;OU=b")).toBe(false);
  expect(sameName("", "CN=a")).toBe(false);
});

test("the names of USB tokens, as Cisco's document 118892 shows them: quotes open, cut at a comma", () => {
  const token = 'cn="SAST-ADN0054f509        ";ou=IPCBU;o="Cisco Systems';
  expect(sameName(token, 'o="Cisco Systems;OU=IPCBU;CN="SAST-ADN0054f509        "')).toBe(true);
});

const value = fc.string({
  unit: fc.constantFrom("a", "b", ";", "\\", "+", "=", "C", "N", " ", "\n", "0"),
  maxLength: 8,
});
const rdn: fc.Arbitrary<Rdn> = fc.array(
  fc.record({ type: fc.constantFrom("CN", "OU", "O", "1.2.3"), value: value.map((v) => `x${v}x`) }),
  { minLength: 1, maxLength: 3 },
);

test("any order of the RDNs is the same name", () => {
  const both = fc
    .array(rdn, { maxLength: 5 })
    .chain((rdns) => fc.tuple(fc.constant(rdns), fc.shuffledSubarray(rdns, { minLength: rdns.length })));
  fc.assert(fc.property(both, ([a, b]) => expect(sameName(nameText(a), nameText(b))).toBe(true)));
});

test("names that differ as sets of RDNs are never the same", () => {
  const key = (rdns: readonly Rdn[]) =>
    JSON.stringify(rdns.map((r) => r.map((a) => JSON.stringify([a.type, a.value])).sort()).sort());
  fc.assert(
    fc.property(fc.array(rdn, { maxLength: 3 }), fc.array(rdn, { maxLength: 3 }), (a, b) => {
      expect(sameName(nameText(a), nameText(b))).toBe(key(a) === key(b));
    }),
    { numRuns: 2000 },
  );
});
