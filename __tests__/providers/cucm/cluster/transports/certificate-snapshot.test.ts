import fc from "fast-check";
import { DEFAULT_SPELLINGS } from "../../../../../providers/cucm/cluster/config";
import {
  parseSnapshot,
  SnapshotError,
} from "../../../../../providers/cucm/cluster/transports/certificate-snapshot";
import { identity } from "../fakes/identities";

const one = identity("one").certificate;
const two = identity("two").certificate;
const { restService } = DEFAULT_SPELLINGS;
const parse = (content: unknown, services = restService) => parseSnapshot(JSON.stringify(content), services);
const trusts = (...services: string[]) =>
  services.map((service) => ({ service, certificate_data: [{ filename: "x.pem", certificate: two.pem }] }));

it("has own certificates and those of the stores", () => {
  const { own, trust, services } = parse({
    trackingId: "1",
    server: "cucm",
    identities: [
      { service: "CallManager", certificate: one.pem, csr: null },
      { service: "tomcat", certificate: null, csr: "-----BEGIN CERTIFICATE REQUEST-----" },
    ],
    trusts: trusts("CallManager-trust", "tomcat"),
    revokedCertificates: [],
  });
  expect(own).toEqual([{ unit: "CallManager", file: "CallManager.pem", certificate: expect.anything() }]);
  expect(own[0]!.certificate!.sha256).toBe(one.sha256);
  expect(trust.map(({ unit, certificate }) => [unit, certificate!.sha256])).toEqual([
    ["CallManager-trust", two.sha256],
    ["tomcat-trust", two.sha256],
  ]);
  expect(services).toEqual(["CallManager-trust", "tomcat"]);
});

it.each([
  ["Phone-SAST", "Phone-SAST-trust"],
  ["phone-sast-trust", "Phone-SAST-trust"],
  ["CAPF", "CAPF-trust"],
  ["sast", "Phone-SAST-trust"],
  ["CallManager-trusted", "CallManager-trusted-trust"],
])("the store %s is %s", (service, store) => {
  const spelled = { ...restService, "Phone-SAST-trust": "SAST" };
  expect(parse({ identities: [], trusts: trusts(service) }, spelled).trust[0]!.unit).toBe(store);
});

it("knows units in whatever case", () => {
  const identities = [{ service: "callmanager", certificate: one.pem, csr: null }];
  expect(parse({ identities, trusts: [] }).own[0]).toMatchObject({
    unit: "CallManager",
    file: "CallManager.pem",
  });
});

it("keeps a certificate that cannot be read as one that cannot be read", () => {
  const damaged = two.pem.replace(/\n[A-Za-z0-9+/]{20}/, "\n");
  const data = [
    { filename: "a.pem", certificate: damaged },
    { filename: "b.pem", certificate: "nothing" },
    { filename: 7, certificate: `chain:\n${one.pem}` },
    { filename: "c.pem" },
    null,
    "x",
  ];
  const { trust } = parse({ identities: [], trusts: [{ service: "CAPF", certificate_data: data }] });
  expect(
    trust.map(({ file, certificate, problem }) => [file, certificate?.sha256, problem !== undefined]),
  ).toEqual([
    ["a.pem", undefined, true],
    ["b.pem", undefined, true],
    ["(no name)", one.sha256, false],
  ]);
});

it.each([
  ["<html>", "it is no JSON"],
  ["", "it is no JSON"],
  ["[".repeat(200_000), "it is no JSON"],
  ["null", "it has no lists"],
  ['{"identities":[]}', "it has no lists"],
  ['{"identities":"x","trusts":1}', "it has no lists"],
  ['{"__proto__":{"identities":[],"trusts":[]}}', "it has no lists"],
])("%.20s is no snapshot", (text, problem) => {
  expect(() => parseSnapshot(text, restService)).toThrow(problem);
});

it("takes any JSON", () => {
  const strange = fc.record({ identities: fc.array(fc.jsonValue()), trusts: fc.array(fc.jsonValue()) });
  fc.assert(
    fc.property(fc.oneof(strange, fc.jsonValue()), (content) => {
      try {
        parse(content);
      } catch (error) {
        expect(error).toBeInstanceOf(SnapshotError);
      }
    }),
  );
});
