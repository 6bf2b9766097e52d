/**
 * `npm run demo`: a rehearsal on the lab. Starts it, deploys the trust, flips one word in main.ts, and goes back;
 * everything that moves is done by `cdktf deploy`. Restores main.ts and leaves nothing running, whatever happens.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PhoneStatus, statusOf } from "../cli/lab-status";
import { paint, styleOf, table } from "../cli/table";
import type { Fault } from "../lab/cluster/faults";
import { readPhones } from "../lab/phones";
import { type Lab, startLab } from "../lab/up";
import { Cdktf, findDemoCore } from "./demo/cdktf";

const ROOT = join(__dirname, "..");
const MAIN = join(ROOT, "main.ts");
const STATE = join(ROOT, "terraform.headquarters.tfstate");
const WORD = /(registeredOn: )"(source|destination)"/;

const style = styleOf(process.stdout);
const began = Date.now();
const say = (text: string) => {
  const seconds = String(Math.round((Date.now() - began) / 1000)).padStart(3);
  console.log(`\n${paint(style, "bold", `[${seconds} s] ${text}`)}`);
};

/** The one word. */
function flip(to: "source" | "destination"): void {
  const text = readFileSync(MAIN, "utf8");
  writeFileSync(MAIN, text.replace(WORD, `$1"${to}"`));
  console.log(paint(style, "red", `  - ${WORD.exec(text)![0]}`));
  console.log(paint(style, "green", `  + registeredOn: "${to}"`));
}

function refuseUnlessReady(original: string): void {
  if (WORD.exec(original)?.[2] !== "source")
    throw new Error(
      'main.ts does not say registeredOn: "source". Restore it (git checkout main.ts) and run the demo again.',
    );
  if (existsSync(STATE) && JSON.parse(readFileSync(STATE, "utf8")).resources.length > 0)
    throw new Error(
      `${STATE} is the state of an earlier run. Destroy what it describes (npx cdktf destroy) or remove it, and run the demo again.`,
    );
}

async function where(lab: Lab): Promise<ReadonlyMap<string, PhoneStatus>> {
  const phones = statusOf(lab.site, await readPhones(lab.site.control.phones));
  return new Map(phones.map((phone) => [phone.phone, phone]));
}

/** Somebody deletes one destination signer from the trust store of one source node. */
async function deleteByHand(lab: Lab): Promise<void> {
  const [subscriber] = Object.keys(lab.site.source.nodeAddresses).filter((name) => name.includes("sub"));
  const state = JSON.parse(readFileSync(STATE, "utf8"));
  const memberships = state.resources.find(
    (r: { type: string; instances: { attributes: { cluster: string } }[] }) =>
      r.type === "cucm_trust_memberships" && r.instances[0]!.attributes.cluster === "source",
  );
  const sha256 = Object.keys(memberships.instances[0].attributes.certificates)[0]!;
  const fault: Fault = {
    kind: "remove-trust",
    cluster: "source",
    node: subscriber,
    store: "Phone-SAST-trust",
    sha256,
    scope: "node",
  };
  const answer = await fetch(`${lab.site.control.clusters}/fault`, {
    method: "POST",
    body: JSON.stringify(fault),
  });
  if (!answer.ok) throw new Error(`the lab does not delete it: ${await answer.text()}`);
  console.log(`  deleted Phone-SAST-trust/${sha256.slice(0, 12)}... on ${subscriber}`);
}

interface Forecast {
  readonly name: string;
  readonly outcome: string;
  readonly because: string;
}

/** The last phone is not told apart: no interface of CUCM shows what a phone holds. */
async function tellForecast(lab: Lab, cdktf: Cdktf): Promise<void> {
  const forecasts = await cdktf.forecast<Forecast>();
  const counts = new Map<string, number>();
  for (const { outcome, because } of forecasts) {
    const words = `${outcome} (${because})`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  for (const [words, count] of counts) console.log(`    ${count} of ${forecasts.length}: ${words}`);
  const stale = forecasts.filter(({ name }) => lab.site.phones.stale.includes(name));
  for (const { name, outcome } of stale)
    console.log(
      `    ${name} holds a stale ITL, which nothing in CUCM shows: ${outcome} is inferred, and wrong`,
    );
}

async function rehearse(lab: Lab, cdktf: Cdktf): Promise<boolean> {
  const start = await where(lab);
  say("Deploy the trust: certificates into the trust stores, TVS restarted node by node, and the proof");
  await cdktf.run("deploy", "--auto-approve");

  say("The forecast: for every phone, before anything moves, and what we know of it");
  await tellForecast(lab, cdktf);

  say("Flip the word in main.ts, and look at the plan");
  flip("destination");
  await cdktf.run("plan");
  say("Deploy: option 150 switches, phones are reset and watched");
  await cdktf.run("deploy", "--auto-approve");
  const moved = await where(lab);

  say("A second plan");
  await cdktf.run("plan");

  say("Somebody deletes a trust certificate by hand: the plan shows it, deploy repairs it");
  await deleteByHand(lab);
  await cdktf.run("plan");
  await cdktf.run("deploy", "--auto-approve");

  say("Flip the word back, and deploy");
  flip("source");
  await cdktf.run("deploy", "--auto-approve");
  const back = await where(lab);

  const rows = [...start.keys()].map((name) => {
    const locked = moved.get(name)!;
    const why =
      locked.registeredOn === "destination"
        ? "followed and came back"
        : `locked out: ${locked.words ?? locked.status}`;
    return [name, start.get(name)!.registeredOn, locked.registeredOn, back.get(name)!.registeredOn, why];
  });
  say("Where the phones were");
  console.log(table(style, ["PHONE", "AT FIRST", "AFTER THE FLIP", "AFTER FLIPPING BACK", ""], rows));
  return judge(lab, moved, back);
}

/** Honest ending: the demo fails when a healthy phone did not follow or return, or the stale one was not found out. */
function judge(
  lab: Lab,
  moved: ReadonlyMap<string, PhoneStatus>,
  back: ReadonlyMap<string, PhoneStatus>,
): boolean {
  const { healthy, stale } = lab.site.phones;
  const followed = healthy.filter((name) => moved.get(name)?.registeredOn === "destination").length;
  const returned = [...healthy, ...stale].filter((name) => back.get(name)?.registeredOn === "source").length;
  const locked = stale.filter((name) => moved.get(name)?.reason === "tvs-not-in-itl").length;
  say(
    `${followed} of ${healthy.length} healthy phones moved, ${returned} of ${healthy.length + stale.length} are back on the source; ${locked} of ${stale.length} with a stale ITL reported as locked out`,
  );
  return followed === healthy.length && returned === healthy.length + stale.length && locked === stale.length;
}

async function main(): Promise<boolean> {
  const original = readFileSync(MAIN, "utf8");
  refuseUnlessReady(original);
  const core = findDemoCore();
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
  const directory = join(ROOT, ".lab");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  say("Start the lab: two secure clusters, DHCP, and phones that boot for real");
  let lab: Lab | undefined;
  try {
    lab = await startLab({ directory, progress: (line) => console.log(`  ${line}`), signal: stop.signal });
    console.log(
      `  plans and deploys with ${core.name}; DHCP is ${lab.site.dhcp.kind === "kea" ? "a real Kea" : `the lab's own server (${lab.whyNotKea})`} ${lab.site.dhcp.version}`,
    );
    console.log(
      "  what no public document spells was drawn for this start, and main.ts reads it from .lab/site.json:",
    );
    for (const line of lab.drawn) console.log(`    ${line}`);
    return await rehearse(lab, new Cdktf(ROOT, directory, core, lab.env, stop.signal, style));
  } finally {
    writeFileSync(MAIN, original);
    await lab?.close();
    // The state describes a lab that is gone.
    for (const file of [STATE, `${STATE}.backup`]) rmSync(file, { force: true });
  }
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: Error) => {
    console.error(`\nThe demo stopped: ${error.message}`);
    process.exit(1);
  },
);
