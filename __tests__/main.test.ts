/** The example of the repository, synthesised for a lab that does not run. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constructPaths, readDeclaration } from "../cli/declared-waves";
import { PHONE_NAMES } from "../lab/phone-names";
import { readSite } from "../lab/site";
import { SITE } from "./site-fixture";

const ROOT = join(__dirname, "..");
const MAIN = readFileSync(join(ROOT, "main.ts"), "utf8");

let folder: string;
const { env } = process;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-main-"));
  process.env = {
    ...env,
    LAB_SITE: join(folder, "site.json"),
    CDKTF_OUTDIR: join(folder, "out"),
    CDKTF_CONTEXT_JSON: JSON.stringify(JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8")).context),
  };
  delete process.env.TERRAFORM_BINARY_NAME;
  writeFileSync(join(folder, "site.json"), JSON.stringify(SITE));
  // What synth lays has to be there.
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { stdio: "ignore" });
  jest.spyOn(process, "cwd").mockReturnValue(ROOT);
  jest.isolateModules(() => require("../main"));
}, 60_000);
afterAll(() => {
  process.env = env;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const stack = () => join(folder, "out/stacks/headquarters");
const json = () => JSON.parse(readFileSync(join(stack(), "cdk.tf.json"), "utf8"));

test("a review finds what synth says of each construct's path", () => {
  const paths = constructPaths(readDeclaration(stack()));
  expect([...paths].filter(([address]) => address.startsWith("cucm_phone_registration."))).toEqual([
    [expect.stringMatching(/_hq_registration_[0-9A-F]{8}$/), "headquarters/move/hq/registration"],
  ]);
  expect([...paths.values()]).toContain("headquarters/trust/source-memberships");
});

test("declares the lab: its clusters, its DHCP server, and the phones of the committed list", () => {
  const { provider, resource } = json();
  expect(provider.cucm[0].clusters).toMatchObject({
    source: {
      publisher: SITE.source.publisher,
      node_addresses: SITE.source.nodeAddresses,
      ports: { tvs: 40445 },
    },
    destination: { publisher: SITE.destination.publisher, spellings: { paste_end: "ctrl-d" } },
  });
  expect(provider.dhcp[0].servers).toEqual({ kea: { kea: { endpoints: SITE.dhcp.endpoints } } });
  const [registration] = Object.values<{ phones: string[]; registered_on: string }>(
    resource.cucm_phone_registration,
  );
  expect(registration!.phones).toHaveLength(21);
  // The lab has its own list, so that a phone that is taken out of the wave's goes on being there.
  expect(registration!.phones).toEqual(PHONE_NAMES);
  expect(Object.keys(resource).sort()).toEqual([
    "cucm_phone_registration",
    "cucm_trust_memberships",
    "cucm_tvs_proof",
    "dhcp_option_150",
  ]);
});

test("has the providers laid beside it, and a lock file", () => {
  const { required_providers } = json().terraform;
  expect(Object.keys(required_providers).sort()).toEqual(["cucm", "dhcp", "null"]);
  for (const name of ["phone-migration.internal/voice/cucm", "phone-migration.internal/voice/dhcp"])
    expect(existsSync(join(stack(), "terraform.d/plugins", name))).toBe(true);
  expect(existsSync(join(stack(), "terraform.d/plugins/registry.terraform.io/hashicorp/null"))).toBe(true);
  expect(existsSync(join(stack(), ".terraform.lock.hcl"))).toBe(true);
});

test("starts on the source, and the word that moves phones is there once", () => {
  expect(MAIN.match(/registeredOn: "source"/g)).toHaveLength(1);
  expect(MAIN).not.toContain('registeredOn: "destination"');
});

test("has no plumbing: one screen, constructs and the lab's site", () => {
  expect(MAIN.split("\n").length).toBeLessThan(65);
  expect(MAIN).not.toMatch(/process\.env|addOverride|TerraformResource/);
});

describe("without a lab", () => {
  test("says how to start one", () => {
    expect(() => readSite(join(folder, "missing.json"))).toThrow(
      /^No lab to declare \(.*ENOENT.*\)\. Start one in another terminal: npx phone-migration lab up\. Then source its \.lab\/env\.sh here, .*LAB_SITE.*\.$/,
    );
  });

  test("a site file that is cut off is none either", () => {
    writeFileSync(join(folder, "cut.json"), '{"source":');
    expect(() => readSite(join(folder, "cut.json"))).toThrow(/^No lab to declare \(.*JSON.*\)/);
  });
});
