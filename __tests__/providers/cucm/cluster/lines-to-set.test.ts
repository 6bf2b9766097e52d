import { linesToSet } from "../../../../providers/cucm/cluster/lines-to-set";

it("are written for HCL line by line, and for the constructs", () => {
  expect(
    linesToSet("hq-1", [
      { spellings: { import_unit: { "CAPF-trust": "CAPF" }, bulk_sftp_order: ["port", "user"] } },
      { certificate_transport: "web" },
    ]),
  ).toBe(
    'Set for cluster "hq-1", beside its other spellings, the first of these that works:\n' +
      '  spellings = { import_unit = { "CAPF-trust" = "CAPF" }, bulk_sftp_order = ["port", "user"] }\n' +
      '  certificate_transport = "web"\n' +
      'In constructs: spellings: { importUnit: { "CAPF-trust": "CAPF" }, bulkSftpOrder: ["port", "user"] }, the others likewise.',
  );
});

it("what a node calls its buttons is no template and no way out of the quotes", () => {
  const text = linesToSet("a", [{ spellings: { web_forms: { delete_button: `"$\{file("x")} %{if}` } } }]);
  expect(text).toContain(
    `Set for cluster "a", beside its other spellings:\n  spellings = { web_forms = { delete_button = "\\"$$\{file(\\"x\\")} %%{if}" } }\n`,
  );
  expect(text).toContain(`spellings: { webForms: { deleteButton: "\\"$\{file(\\"x\\")} %{if}" } }.`);
});
