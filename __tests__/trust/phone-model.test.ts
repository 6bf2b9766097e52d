import { BY_LOAD, FAMILIES, isSettled, phoneModel } from "../../trust/phone-model";

test.each([
  ["Cisco 7940", "7940G, 7960G", false],
  ["Cisco 7937", "7935, 7936, 7937", false],
  ["Cisco 6911", "6901, 6911", false],
  ["Cisco 7961G-GE", "7906, 7911, 7931, 7941, 7961, 7970, 7971", true],
  ["CP-7942G", "7942, 7945, 7962, 7965, 7975", true],
  ["Cisco 7925G-EX", "7925, 7926", true],
  ["Cisco 6945", "6921, 6941, 6945, 6961", true],
  ["Cisco 8945", "8941, 8945", true],
  ["Cisco 9971", "8961, 9951, 9971", true],
  ["CP-8861", "8861, 8865", true],
  ["Cisco 8865NR", "8861, 8865", true],
  ["Cisco 7811", "7800 and 8800 series", true],
  ["Cisco 8845", "7800 and 8800 series", true],
  ["Cisco 8832", "7800 and 8800 series", true],
  ["Cisco 9861", "9800 series", true],
  ["Cisco DX80", "DX and Android desk devices", true],
  ["Cisco ATA 191", "ATA 190, 191, 192", false],
  ["Cisco Unified Client Services Framework", "Jabber", false],
  ["Cisco TelePresence SX20", "TelePresence and room devices", false],
  ["Third-party SIP Device (Advanced)", "third-party", false],
])("%s is of family %s", (name, family, securityByDefault) => {
  expect(phoneModel(name)).toMatchObject({
    family,
    capabilities: { securityByDefault: { value: securityByDefault } },
  });
});

test("a model in no row can do nothing, and that is not known", () => {
  const model = phoneModel("Cisco 1234");
  expect(model.family).toBeNull();
  for (const cell of Object.values(model.capabilities))
    expect(cell).toEqual({ value: false, confidence: "not documented" });
});

test("only what somebody says is taken as a fact", () => {
  expect(isSettled({ value: true, confidence: "documented" })).toBe(true);
  expect(isSettled({ value: true, confidence: "one public source" })).toBe(true);
  expect(isSettled(phoneModel("Cisco 9971").capabilities.sha512)).toBe(false);
  expect(isSettled({ value: true, confidence: "not documented: a guess" })).toBe(false);
});

test("the cluster's feature list beats the table, and the user beats both", () => {
  const knowledge = {
    featureList: { "Cisco 7925": { securityByDefault: false, largeRsaKeys: false } },
    user: { "cp-7925": { largeRsaKeys: true } },
  };
  expect(phoneModel("Cisco 7925", knowledge).capabilities).toMatchObject({
    securityByDefault: { value: false, confidence: "the cluster's phone feature list" },
    largeRsaKeys: { value: true, confidence: "the user says so" },
    sha512: { value: false, confidence: "not documented: a guess" },
  });
  expect(phoneModel("Cisco 8861", knowledge)).toEqual(phoneModel("Cisco 8861"));
});

test.each([
  ["Cisco 7961", "securityByDefault"],
  ["Cisco 8861", "sha512"],
  ["Cisco 7841", "sha512"],
] as const)("%s: %s depends on the load, and says so", (model, capability) => {
  const cell = phoneModel(model).capabilities[capability];
  expect(cell).toEqual({ value: true, confidence: BY_LOAD });
  expect(isSettled(cell)).toBe(true);
});

test("a row that the feature list lacks does not settle what the table is sure of", () => {
  const featureList = { "Cisco 7942": { securityByDefault: false, largeRsaKeys: true } };
  const { securityByDefault, largeRsaKeys } = phoneModel("Cisco 7942", { featureList }).capabilities;
  expect(securityByDefault).toEqual({
    value: false,
    confidence: "the cluster's phone feature list says no, the built-in table yes",
  });
  expect(isSettled(securityByDefault)).toBe(false);
  expect(largeRsaKeys).toEqual({ value: true, confidence: "the cluster's phone feature list" });
});

test("every family has a name of its own", () => {
  expect(new Set(FAMILIES.map(({ name }) => name)).size).toBe(FAMILIES.length);
});
