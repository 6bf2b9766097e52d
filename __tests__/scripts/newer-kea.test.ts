import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newerKea } from "../../scripts/newer-kea";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nk-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says it is this version of Kea. */
function program(version: string): string {
  const place = join(folder, version);
  mkdirSync(place);
  const path = join(place, "kea-dhcp4");
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  return path;
}

test.each(["2.6.0", "2.10.1", "3.0.4"])("KEA_BIN of version %s is taken", (version) => {
  const path = program(version);
  expect(newerKea({ KEA_BIN: path })).toEqual({ path });
});

test("of several on the PATH the first that is new enough", () => {
  const [old, newer] = [program("2.4.1"), program("2.6.3")];
  expect(newerKea({ PATH: `${join(old, "..")}:${join(newer, "..")}` })).toEqual({ path: newer });
});

test.each<[string, () => string, RegExp]>([
  ["an old one", () => program("2.2.0"), /version 2\.6 or later, and .*kea-dhcp4 is 2\.2\.0\..*KEA_BIN=/],
  ["none", () => join(folder, "nowhere"), /there is none at .*nowhere/],
])("%s is no newer one, and it is said how to get it", (_, path, why) => {
  expect(newerKea({ KEA_BIN: path() })).toEqual({ why: expect.stringMatching(why) });
});
