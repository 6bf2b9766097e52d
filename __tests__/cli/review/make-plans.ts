/**
 * Makes the plans beside this file anew, from a lab and a core:
 * `node scripts/run.mjs __tests__/cli/review/make-plans.ts`, some two minutes; then `npm run format`. Certificates and
 * generations differ from run to run, so the golden files are to be written again: `GOLDEN=write npx jest cli/review`.
 */
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { cores } from "../../../providers/framework/testing/core";
import type { PlanJson } from "../../../providers/framework/testing/plan";
import type { Declared } from "../../journey/support/declaration";
import { Journey, QUICK } from "../../journey/support/journey";

const FOLDER = join(__dirname, "plans");

async function write(journey: Journey, name: string, declared: Declared): Promise<void> {
  const { json } = await journey.declare(declared).plan();
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(reduced(json), null, 1)}\n`);
  console.log(name);
}

type Values = { readonly [name: string]: unknown };
interface Resource {
  readonly address: string;
  readonly mode: string;
  readonly values: Values;
}
interface Module {
  readonly resources?: readonly Resource[];
}

/** Without what a review does not read: copies of certificates, resources of the state, most of the configuration. */
function reduced(plan: PlanJson): object {
  const { format_version, terraform_version, resource_changes, resource_drift } = plan;
  const { prior_state, configuration } = plan as {
    readonly prior_state?: { readonly values?: { readonly root_module?: Module } };
    readonly configuration?: { readonly root_module?: { readonly resources?: readonly Values[] } };
  };
  const data = (prior_state?.values?.root_module?.resources ?? []).filter(({ mode }) => mode === "data");
  const resources = (configuration?.root_module?.resources ?? [])
    .filter((one) => one.depends_on !== undefined)
    .map(({ address, depends_on }) => ({ address, depends_on }));
  return {
    format_version,
    terraform_version,
    ...(resource_drift && { resource_drift: resource_drift.map(lighter) }),
    resource_changes: resource_changes?.map(lighter),
    prior_state: { values: { root_module: { resources: data.map(lighter) } } },
    configuration: { root_module: { resources } },
  };
}

const MARKS = ["before_sensitive", "after_sensitive", "sensitive_values"];

const hasTrue = (part: unknown): boolean =>
  part === true || (typeof part === "object" && part !== null && Object.values(part).some(hasTrue));

/** `certificates` of memberships keep their PEM: nothing else tells who they are. */
function lighter<T>(value: T): T {
  const text = JSON.stringify(value, (key, part: unknown) => {
    if (key === "assume_trusted" || (MARKS.includes(key) && !hasTrue(part))) return undefined;
    if (key === "signers" && typeof part === "object" && part !== null)
      return Object.fromEntries(Object.keys(part).map((sha256) => [sha256, "left out"]));
    if (typeof part === "object" && part !== null && "seen_in" in part && "pem" in part)
      return { ...part, pem: "left out" };
    return part;
  });
  return JSON.parse(text) as T;
}

interface KeaConfiguration {
  readonly Dhcp4: { readonly subnet4: readonly { readonly pools: { "option-data"?: object[] }[] }[] };
}

/** Somebody changes Kea by hand; the result puts back what was there. */
async function byHand(
  { lab }: Journey,
  edit: (config: KeaConfiguration) => void,
): Promise<() => Promise<void>> {
  const ask = (command: string, config?: object) =>
    new Promise<{ readonly result: number; readonly arguments: KeaConfiguration }>((resolve, reject) => {
      let text = "";
      const socket = connect(new URL(lab.site.dhcp.endpoints[0]!).pathname)
        .on("error", reject)
        .on("data", (part) => {
          text += part;
        })
        .on("end", () => resolve(JSON.parse(text)));
      socket.write(JSON.stringify({ command, arguments: config }));
    });
  const set = async (config: KeaConfiguration) => {
    const { hash: _, ...document } = config as KeaConfiguration & { hash?: string };
    const answer = await ask("config-set", document);
    if (answer.result !== 0) throw new Error(`Kea refuses: ${JSON.stringify(answer)}`);
  };
  const { arguments: before } = await ask("config-get");
  const changed = structuredClone(before);
  edit(changed);
  await set(changed);
  return () => set(before);
}

const there: Declared = { registeredOn: "destination" };
const here: Declared = { registeredOn: "source" };

async function main(): Promise<void> {
  const [core] = cores();
  const journey = await Journey.startResident(core!, { ...QUICK, stale: 0, dhcp: "lab" });
  try {
    const [phone] = journey.lab.site.phones.healthy;
    await write(journey, "trust-only", { ...here, trustOnly: true });
    await journey.deploy(here);
    await write(journey, "no-change", here);
    await write(journey, "flip", there);
    await write(journey, "lockouts", {
      ...there,
      waves: (hq) => [
        {
          name: "hq",
          scopes: [hq],
          phones: journey.lab.site.phones.healthy,
          registeredOn: "destination",
          alternateTftp: [phone!],
          acceptLockouts: [phone!],
          limits: { maxFailures: 1 },
          onStop: "restoreScope",
        },
      ],
    });
    const remove = await byHand(journey, ({ Dhcp4 }) => {
      Dhcp4.subnet4[0]!.pools[0]!["option-data"] = [{ code: 150, space: "dhcp4", data: "192.0.2.9" }];
    });
    await write(journey, "shadowed", there);
    await remove();
    await journey.deploy(there);
    await write(journey, "back", here);
    const memberships = JSON.parse(journey.workspace.stateFile()!) as {
      readonly resources: readonly {
        readonly type: string;
        readonly instances: readonly [
          { readonly attributes: { readonly cluster: string; readonly certificates: object } },
        ];
      }[];
    };
    const held = memberships.resources.find(
      ({ type, instances }) =>
        type === "cucm_trust_memberships" && instances[0].attributes.cluster === "source",
    )!;
    await journey.fault({
      kind: "remove-trust",
      cluster: "source",
      store: "Phone-SAST-trust",
      sha256: Object.keys(held.instances[0].attributes.certificates)[0]!,
      scope: "cluster",
      reload: true,
    });
    await write(journey, "drift", there);
    await journey.deploy(here);
    await journey.fault({ kind: "expire-signer", cluster: "destination" });
    await write(journey, "renewed", here);
  } finally {
    await journey.close();
  }
  const clusters = {
    source: { version: "10.5.2.13900-12", risPerMinute: 600 },
    destination: { version: "12.5.1.11900-146", risPerMinute: 600 },
  };
  const bulk = await Journey.startResident(core!, { ...QUICK, stale: 0, phones: 1, dhcp: "lab", clusters });
  try {
    await write(bulk, "bulk", { ...here, trustOnly: true, method: "bulk", preProvisionCtl: true });
  } finally {
    await bulk.close();
  }
}

void main();
