/** docs/assumptions.md and what is looked at or not are the same list. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKS } from "../../../../providers/cucm/doctor/examine";
import { NOT_TRIED } from "../../../../providers/cucm/doctor/not-tried";
import { isWord } from "../../../../providers/cucm/doctor/vocabulary";

/** Rows of the sections that are about CUCM and phones. */
function rows(): readonly string[] {
  const text = readFileSync(join(__dirname, "../../../../docs/assumptions.md"), "utf8");
  return text
    .split(/^## /m)
    .slice(1)
    .filter((section) => !/^(Kea|ISC dhcpd|Cisco IOS-XE)/.test(section))
    .flatMap((section) => [...section.matchAll(/^\| ([^|]+?) \|/gm)].map(([, name]) => name!))
    .filter((name) => name !== "Name");
}

const checked = CHECKS.map(({ assumption }) => assumption);
const untried = NOT_TRIED.flatMap(({ assumptions }) => assumptions);

test("every row is looked at, or it is said why not", () => {
  expect(rows().length).toBeGreaterThan(90);
  expect([...new Set(rows())].filter((row) => !checked.includes(row) && !untried.includes(row))).toEqual([]);
});

test("nothing else is looked at, and nothing twice", () => {
  const all = [...checked, ...untried];
  expect(all.filter((name) => !rows().includes(name))).toEqual([]);
  expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
});

test("the vocabulary has no domain and no word that names a host of its own", () => {
  for (const word of ["com", "org", "net", "local", "lab", "pub", "sub", "brisbane", "server01", "1", ""])
    expect(isWord(word)).toBe(false);
  for (const word of ["CallManager", "RollBackToPreGrayback", "ControlCenterServices", "tkcertificatestatus"])
    expect(isWord(word)).toBe(true);
});
