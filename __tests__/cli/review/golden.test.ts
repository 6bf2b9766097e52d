/** Reviews of real plans, word for word. After a change that is meant: `GOLDEN=write npx jest cli/review`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asMarkdown, LARGEST } from "../../../cli/review/markdown/render";
import { readPlan } from "../../../cli/review/plan-json";
import { POLICY_NAMES } from "../../../cli/review/policies";
import { reviewOf } from "../../../cli/review/review";
import { changesOf, manyScopes, type Plan, plan } from "./plans";

const PATHS = new Map([
  ["cucm_phone_registration.move_hq_registration_E73FD7C1", "headquarters/move/hq/registration"],
  ["dhcp_option_150.move_hq_option-150-hq_3E20B1C0", "headquarters/move/hq/option-150-hq"],
]);

const PLANS: { readonly [name: string]: () => Plan } = {
  "trust-only": () => plan("trust-only"),
  flip: () => plan("flip"),
  "no-change": () => plan("no-change"),
  drift: () => plan("drift"),
  back: () => plan("back"),
  lockouts: () => plan("lockouts"),
  shadowed: () => plan("shadowed"),
  renewed: () => plan("renewed"),
  bulk: () => plan("bulk"),
  "scopes-200": () => manyScopes(200),
};

test.each(Object.entries(PLANS))("%s", (name, make) => {
  const file = join(__dirname, "golden", `${name}.md`);
  const made = make();
  const text = asMarkdown(reviewOf(readPlan(made), PATHS, ["lockout", "unknown"]), "Phone migration");
  if (process.env.GOLDEN === "write") writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
  expect(Buffer.byteLength(text)).toBeLessThan(LARGEST);
  // The order of a plan is the core's own business.
  made.resource_changes = [...(made.resource_changes as Plan[])].reverse();
  expect(asMarkdown(reviewOf(readPlan(made), PATHS, ["lockout", "unknown"]), "Phone migration")).toBe(text);
});

test("every policy that a plan of the lab can be against is found in the right plans", () => {
  const found = Object.fromEntries(
    Object.entries(PLANS).map(([name, make]) => [
      name,
      Object.keys(reviewOf(readPlan(make()), new Map(), POLICY_NAMES).findings),
    ]),
  );
  expect(found).toEqual({
    "trust-only": ["change"],
    flip: ["move", "change"],
    "no-change": [],
    drift: ["drift", "change"],
    back: ["move", "change"],
    lockouts: ["lockout", "move", "change"],
    shadowed: ["shadow", "drift", "move", "change"],
    renewed: ["expired", "change"],
    bulk: ["restart", "change"],
    "scopes-200": ["shadow", "move", "change"],
  });
});

test("a review that is too large is cut, and says how many rows it leaves out", () => {
  const text = asMarkdown(reviewOf(readPlan(manyScopes(3000)), new Map(), []), "Phone migration");
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LARGEST);
  const shown = text.split("\n").filter((line) => line.startsWith("| `kea` |")).length;
  expect(shown).toBeGreaterThan(9);
  expect(text).toContain(
    `${3000 - shown} scopes are left out here, for want of room in a comment; \`--json\` has all.`,
  );
  // Even where no row fits.
  const wide = plan("flip");
  const wave = changesOf(wide).find(({ type }) => type === "cucm_phone_registration")!;
  wave.change.after!.source = "x".repeat(70_000);
  const short = asMarkdown(reviewOf(readPlan(wide), new Map(), []), "Phone migration");
  expect(Buffer.byteLength(short)).toBeLessThanOrEqual(LARGEST);
  expect(short).toContain("This review is larger than a comment may be");
});
