/**
 * What the forecast said is what happened: labs of several kinds, each phone forecast by `phone-migration forecast`,
 * then moved, and looked at: where they end, and which step they themselves say was the one. The lab's phones decide
 * by a procedure of their own. A plan that would move phones at risk is refused.
 */
import { main } from "../../cli/main";
import type { PhoneView } from "../../lab/phone/phone";
import { phoneConsole, phonesWhen, rebootPhone } from "../../lab/phones";
import type { StartOptions } from "../../lab/up";
import { cores } from "../../providers/framework/testing/core";
import { expectError } from "../../providers/framework/testing/expect";
import { CoreError } from "../../providers/framework/testing/run";
import type { EvidenceLevel } from "../../trust/evidence";
import type { Outcome } from "../../trust/forecast/forecast";
import { serve, tftpOf } from "../lab/phone/lab-tools";
import type { Declared } from "./support/declaration";
import { draw } from "./support/draw";
import { Journey, QUICK } from "./support/journey";

jest.setTimeout(240_000);

const [core] = cores();

interface Scenario {
  readonly what: string;
  readonly lab: StartOptions;
  readonly declared?: Partial<Declared>;
  /** Of the command line, beside the folder. */
  readonly told?: readonly string[];
  /** A plan, which is not told so, has nothing against the move. */
  readonly onlyTold?: true;
  readonly outcome: Outcome;
  /** @default whatever is found */
  readonly evidence?: EvidenceLevel;
  /** The forecast of the way back, before the move and after it. */
  readonly back?: Outcome;
  /** What the reason must say. */
  readonly because?: RegExp;
  /** Where every phone ends. */
  readonly ends: "registered on the destination" | "registered on the source" | "registered nowhere";
}

const destination = (options: object): StartOptions => ({
  ...QUICK,
  phones: 2,
  clusters: {
    source: { risPerMinute: 600 },
    destination: { risPerMinute: 600, ...options },
  },
});

const SCENARIOS: readonly Scenario[] = [
  {
    what: "a destination of 11.0, whose CTL the publisher's CallManager signs; phones show their lists",
    lab: { ...destination({}), webAccess: 2 },
    told: ["web", "tvs-log", "itl-status"]
      .flatMap((reader) => ["--evidence", reader])
      .concat("--require-evidence", "trust-list-page"),
    evidence: "trust-list-page",
    outcome: "registers",
    back: "registers",
    ends: "registered on the destination",
  },
  {
    what: "a destination of 12.5, whose lists ITLRecovery signs",
    lab: destination({ version: "12.5.1.11900-146" }),
    outcome: "registers",
    ends: "registered on the destination",
  },
  {
    what: "a destination of 14, with SHA-512",
    lab: destination({ version: "14.0.1.10000-20", digest: "sha512" }),
    outcome: "registers",
    ends: "registered on the destination",
  },
  {
    what: "a CTL that a USB token signed",
    lab: destination({ listSigner: "token" }),
    told: ["--switch", "itl_proves_call_manager=false"],
    outcome: "follows",
    because: /CTL, signed by CN=SAST-ADN008580ef.*refused, the phone's lists do not know the signer, and TVS/,
    ends: "registered nowhere",
  },
  {
    what: "phones with an LSC, and no CAPF of the source at the destination",
    lab: destination({}),
    declared: { withoutCapf: true },
    outcome: "follows",
    because: /^by .*does not trust the issuer of the phone's certificate, CN=CAPF-\w+;.* \(serial \w+\)/,
    ends: "registered nowhere",
  },
  {
    what: "a source that was prepared for rollback: phones hold the empty ITL",
    lab: {
      ...destination({}),
      clusters: {
        source: { risPerMinute: 600, rollbackToPre8: true },
        destination: { risPerMinute: 600 },
      },
    },
    outcome: "locked out",
    because: /its ITL does not hold the certificate that TVS shows/,
    ends: "registered on the source",
  },
  {
    what: "a model without Security By Default",
    lab: {
      ...QUICK,
      phones: 2,
      clusters: {
        source: { risPerMinute: 600, model: "Cisco 7960" },
        destination: { risPerMinute: 600, model: "Cisco 7960" },
      },
      phone: { caps: { sbd: false } },
    },
    outcome: "locked out",
    because: /this model does not ask TVS/,
    ends: "registered on the source",
  },
  {
    what: "phones with Alternate TFTP, as somebody has found out",
    lab: { ...destination({}), alternateTftp: ["SEP001122334401", "SEP001122334402"] },
    told: ["--alternate-tftp", "SEP001122334401", "--alternate-tftp", "SEP001122334402"],
    onlyTold: true,
    outcome: "locked out",
    because: /ignores option 150/,
    ends: "registered on the source",
  },
];

interface Line {
  readonly name: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly evidence: string;
  readonly nodes: readonly {
    readonly address: string;
    readonly steps: readonly {
      readonly step: string;
      readonly result: string;
      readonly reason: string | null;
      readonly words: string;
    }[];
  }[];
}

/** `phone-migration forecast --jsonl` in the journey's folder. */
async function forecast(journey: Journey, told: readonly string[]) {
  const { workspace } = journey;
  const before = process.env;
  const lines: string[] = [];
  const log = jest.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
  const error = jest.spyOn(console, "error").mockImplementation(() => {});
  try {
    process.env = { ...workspace.environment(), TERRAFORM_BINARY_NAME: workspace.core.binary };
    const status = await main(["forecast", "--folder", workspace.folder, "--jsonl", ...told]);
    const said = error.mock.calls.flat().filter((line) => !/^This is the declaration in /.test(line));
    return { status, lines: lines.map((line) => JSON.parse(line) as Line), said: said.join() };
  } finally {
    process.env = before;
    log.mockRestore();
    error.mockRestore();
  }
}

const END = {
  destination: "registered on the destination",
  source: "registered on the source",
  nowhere: "registered nowhere",
} as const;

test.each(draw(SCENARIOS, 5, ({ what }) => what))("$what: $outcome", async (scenario) => {
  const { lab, declared, told = [], outcome, evidence, because, ends } = scenario;
  const journey = await Journey.start(core!, { stale: 0, ...lab });
  try {
    await journey.deploy({ registeredOn: "source", ...declared });
    const { status, lines, said } = await forecast(journey, told);
    expect({ said, outcomes: lines.map((line) => line.outcome) }).toEqual({
      said: outcome === "registers" ? "" : "phone-migration: 2 phones are at risk.",
      outcomes: [outcome, outcome],
    });
    expect(status).toBe(outcome === "registers" ? 0 : 1);
    for (const { reason } of lines) expect(reason).toMatch(because ?? /^$/);
    if (evidence) expect(lines.map((line) => line.evidence)).toEqual([evidence, evidence]);

    const expectBack = async () => {
      if (scenario.back === undefined) return;
      const { lines: back } = await forecast(journey, ["--back"]);
      expect(back.map((line) => line.outcome)).toEqual([scenario.back, scenario.back]);
    };
    await expectBack();
    const there: Declared = {
      registeredOn: "destination",
      limits: { settleTime: 1, timeout: 30 },
      ...declared,
    };
    if (outcome === "registers") await journey.deploy(there);
    else {
      if (!scenario.onlyTold) await expectRefused(journey, there, lines);
      await moveByHand(journey);
    }
    expect(Object.values(await journey.whereabouts()).map((side) => END[side])).toEqual([ends, ends]);
    const phones = await journey.phones();
    for (const line of lines) await expectAgreement(journey, line, phones);
    await expectBack();
  } finally {
    await journey.close();
  }
});

/** The plan names every phone, with the reason of the command. */
async function expectRefused(journey: Journey, there: Declared, lines: readonly Line[]): Promise<void> {
  const refused: unknown = await journey
    .declare(there)
    .plan()
    .catch((error: unknown) => error);
  if (!(refused instanceof CoreError)) throw new Error("the plan is not refused");
  const said = (severity: "error" | "warning") =>
    refused.output.diagnostics
      .filter((one) => one.severity === severity)
      .map(({ summary, detail }) => `${summary}\n${detail}`)
      .join("\n");
  expect(said("error")).toContain("no phone is at risk: no");
  expect(said("warning")).toContain("2 of 2 phones are at risk when they move");
  for (const { name, reason } of lines)
    expect(
      said("warning")
        .split("\n")
        .find((text) => text.startsWith(`${name} (`)),
    ).toContain(reason);
}

/** The step that the forecast says decides, by the TFTP node that really served, is the one that the phone names. */
async function expectAgreement({ lab }: Journey, line: Line, phones: readonly PhoneView[]): Promise<void> {
  const phone = phones.find(({ name }) => name === line.name)!;
  const node = line.nodes.find(({ address }) => address === phone.tftpInUse) ?? line.nodes[0]!;
  const refused = node.steps.find(({ result }) => result === "rejected");
  const inLab = refused && {
    step: LAB_STEPS[refused.step] ?? refused.step,
    reason: LAB_REASONS[refused.reason!] ?? refused.reason,
  };
  const { failed } = phone;
  // A phone with Alternate TFTP does what it always did, and nothing fails.
  const expected = inLab === undefined || inLab.reason === "alternate-tftp" ? null : inLab;
  expect(failed && { step: failed.step, reason: failed.reason }).toEqual(expected);
  if (expected === null) return;
  const said = await phoneConsole(lab.site.control.phones, line.name);
  expect(said).toMatch(new RegExp(`(FAILED|failed).*: ${expected.reason}`));
  const serial = /\(serial (\w+)\): refused/.exec(refused!.words)?.[1];
  if (serial !== undefined) expect(said).toContain(`serial ${serial}: ${expected.reason}`);
}

/** The lab's own words, where they are others. */
const LAB_STEPS: { readonly [step: string]: string } = { configuration: "config" };
const LAB_REASONS: { readonly [reason: string]: string } = { "issuer-not-trusted": "lsc-refused" };

/** No plan would do it: somebody changes option 150 and resets the phones. */
async function moveByHand({ lab }: Journey): Promise<void> {
  await serve(lab, tftpOf(lab, "destination"));
  const { phones } = lab.site.control;
  const names = lab.site.phones.healthy;
  for (const name of names) await rebootPhone(phones, name);
  // A phone that found nobody boots again and again.
  await phonesWhen(
    phones,
    ({ boots, state, failed }) =>
      boots > 0 && (state === "registered" || (state === "unregistered" && failed !== null)),
    20_000,
  );
}

test("a CTL that lists the destination: whoever fetched it follows without TVS, and the other is locked out", async () => {
  const lab = { ...destination({ version: "12.5.1.11900-146" }), stale: 0, webAccess: 2 };
  const journey = await Journey.start(core!, lab);
  const [fetched, other] = journey.lab.site.phones.healthy as [string, string];
  const { phones } = journey.lab.site.control;
  const boot = async (names: readonly string[]) => {
    const before = new Map((await journey.phones()).map(({ name, boots }) => [name, boots]));
    for (const name of names) await rebootPhone(phones, name);
    await phonesWhen(
      phones,
      ({ name, boots, state }) =>
        state === "registered" && (!names.includes(name) || boots > before.get(name)!),
      20_000,
    );
  };
  try {
    const { diagnostics } = await journey.deploy({
      registeredOn: "source",
      preProvisionCtl: true,
      migrateBack: false,
    });
    expect(diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`)).toContain(
      'warning: Call service of cluster "source" will be interrupted: its CTL is renewed',
    );
    // CallManager was restarted, and they fetched nothing.
    await phonesWhen(phones, ({ state }) => state === "registered", 20_000);
    expect((await journey.phones()).map(({ boots }) => boots)).toEqual([0, 0]);

    await boot([fetched]);
    await journey.fault({ kind: "port", cluster: "source", port: "tvs", open: false });
    const { lines } = await forecast(journey, ["--evidence", "web"]);
    expect(lines.map(({ outcome }) => outcome)).toEqual(["registers", "uncertain"]);
    expect(lines[1]!.reason).toMatch(/whether it has fetched the CTL that "source" serves today/);

    await serve(journey.lab, tftpOf(journey.lab, "destination"));
    await boot([fetched, other]);
    expect(await journey.whereabouts()).toEqual({ [fetched]: "destination", [other]: "source" });
    const { failed } = (await journey.phones()).find(({ name }) => name === other)!;
    expect(failed).toMatchObject({ step: "ctl", reason: "tvs-unreachable" });
  } finally {
    await journey.close();
  }
});

test("what nobody can know is told as assumed: Alternate TFTP that CUCM does not show", async () => {
  const names = ["SEP001122334401", "SEP001122334402"];
  const journey = await Journey.start(core!, { ...destination({}), stale: 0, alternateTftp: [names[0]!] });
  try {
    await journey.deploy({ registeredOn: "source" });
    expect((await forecast(journey, [])).lines.map((line) => line.outcome)).toEqual([
      "registers",
      "registers",
    ]);
    const known = await forecast(journey, ["--alternate-tftp", names[0]!]);
    expect(known.lines.map((line) => line.outcome)).toEqual(["locked out", "registers"]);
    // A plan that is told so refuses, until somebody accepts to lose that phone.
    const waves = (accept: readonly string[]): Declared => ({
      registeredOn: "destination",
      waves: (scope) => [
        {
          name: "hq",
          scopes: [scope],
          phones: names,
          registeredOn: "destination",
          alternateTftp: [names[0]!],
          acceptLockouts: accept,
          limits: { maxFailures: 1, settleTime: 1, timeout: 20 },
        },
      ],
    });
    await expectError(journey.declare(waves([])).plan(), /no phone is at risk: no/);
    await journey.deploy(waves([names[0]!]));
    expect(await journey.whereabouts()).toEqual({ [names[0]!]: "source", [names[1]!]: "destination" });
  } finally {
    await journey.close();
  }
});
