import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csv } from "../../constructs";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-list-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (text: string) => {
  const path = join(folder, "wave.csv");
  writeFileSync(path, text);
  return path;
};

test("takes the first field of every line, sorted; comments and empty lines are none", () => {
  const text =
    "# the first floor\nSEP0011223344FF, lobby, 7962\r\n\r\n  SEP001122334455 ; desk\nATA001122334466 # fax\n";
  expect(csv(file(text))).toEqual(["ATA001122334466", "SEP001122334455", "SEP0011223344FF"]);
});

test("an empty list is an empty list: the wave refuses it", () => {
  expect(csv(file("# nobody yet\n"))).toEqual([]);
});

test.each([
  ["SEP001122334455\nSEP0011223344", /wave\.csv, line 2: "SEP0011223344" is no device name\. Write SEP and/],
  ["name\nSEP001122334455", /wave\.csv, line 1: "name" is no device name\./],
  ["\n\nsep001122334455", /wave\.csv, line 3: "sep001122334455" has to be in upper case: SEP001122334455\./],
  ["SEP00:11:22:33:44:55", /line 1: "SEP00:11:22:33:44:55" is no device name/],
  [
    "SEP001122334455\n# again\nSEP001122334455\n",
    /wave\.csv, line 3: SEP001122334455 is listed twice, first in line 1\. Remove one\./,
  ],
])("%j is refused, with file and line", (text, message) => {
  expect(() => csv(file(text))).toThrow(message);
});

test("a list that is not there is named", () => {
  expect(() => csv(join(folder, "missing.csv"))).toThrow(
    /csv\(".*missing\.csv"\): there is no such file.*phone-migration select/,
  );
});
