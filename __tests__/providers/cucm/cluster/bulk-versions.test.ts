import { bulkProblem, compareVersions } from "../../../../providers/cucm/cluster/bulk-versions";

test.each([
  ["9.1.2.10000-28", "10.5.2.13900-12", true],
  ["8.6.2.20000-2", "12.5.1.11900-146", true],
  ["10.5.2.13899-1", "10.5.2.13900-2", true],
  ["10.5.2.11900-3", "11.0.1.10000-10", true],
  ["10.0.1.13900-1", "10.5.2.13900-12", true],
  // Both before, both since, and the direction that works.
  ["9.1.2.10000-28", "10.5.2.11900-3", false],
  ["10.5.2.13900-2", "14.0.1.10000-20", false],
  ["11.0.1.10000-10", "9.1.2.10000-28", false],
  ["11.0.1.10000-10", "10.5.2.11900-3", false],
  ["12.5.1.11900-146", "15.0.1.10000-32", false],
])("import by %s of what %s exports: refused %s", (importer, exporter, refused) => {
  expect(bulkProblem(importer, exporter) !== null).toBe(refused);
});

test("what is no version is refused, and named", () => {
  expect(bulkProblem("10.5.2.13900-2", "UNRSTRCTD")).toMatch(
    /^"UNRSTRCTD" is no version that can be compared/,
  );
  expect(bulkProblem("", "10.5.2.13900-2")).toMatch(/^"" is no version/);
});

test("numbers are compared, builds are not", () => {
  expect(compareVersions("10.5.2.13900-2", "9.1.2.10000-28")).toBeGreaterThan(0);
  expect(compareVersions("10.5.2.9000-1", "10.5.2.13900-1")).toBeLessThan(0);
  expect(compareVersions("10.5.2.13900-2", "10.5.2.13900-12")).toBe(0);
});
