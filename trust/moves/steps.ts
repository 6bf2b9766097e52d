/**
 * The nine steps of Cisco's document 213407, section "Verify", of one phone. Lines of level DEB are not in every log:
 * none of them is demanded, but what they say counts.
 */
import { Role, roleName } from "../roles";
import { type Attempt, type ListMarks, newAttempt, wasAsked } from "./attempt";
import { CAUSES, type Cause } from "./causes";
import type { Exchange } from "./exchanges";
import type { Seen } from "./seen";

export const STEPS = [
  { id: "ctl-download", log: "phone", title: "asks for the CTL" },
  { id: "tvs-connection", log: "phone", title: "connects to TVS, whose certificate is in its ITL" },
  { id: "tvs-handshake", log: "tvs", title: "TVS takes the connection, handshake done" },
  { id: "query", log: "phone", title: "asks TVS for the signer of the CTL" },
  { id: "request-received", log: "tvs", title: "TVS receives the request" },
  { id: "certificate-found", log: "tvs", title: "TVS finds the certificate, and answers" },
  { id: "ctl-updated", log: "phone", title: "verifies the CTL, and takes it" },
  { id: "itl-download", log: "phone", title: "asks for the ITL" },
  { id: "itl-verified", log: "phone", title: "verifies the ITL, and takes it" },
] as const;
export type StepId = (typeof STEPS)[number]["id"];

/** `missing`: no line shows that it passed, and none that it failed. */
export type StepStatus = "pass" | "fail" | "missing" | "not needed";

export interface StepReport {
  readonly id: StepId;
  readonly status: StepStatus;
  /** The lines that show it, in their order. */
  readonly evidence: readonly Seen[];
  /** What they tell beside that. */
  readonly facts: readonly string[];
  /** What no line shows; only where it is missing. */
  readonly lacks: readonly string[];
  readonly cause: Cause | null;
}

/** What the logs hold of one phone. */
export interface Material {
  readonly attempt: Attempt | null;
  readonly exchange: Exchange | null;
  /** TVS logs were read. */
  readonly hasTvsLogs: boolean;
  /** The phone's CTL was pre-provisioned: TVS need not be asked. */
  readonly withoutTvs: boolean;
}

interface Found {
  readonly shown: readonly (readonly [what: string, seen: Seen | undefined])[];
  readonly fault?: readonly [Cause, Seen | undefined] | null;
  readonly facts?: readonly (string | false | undefined)[];
  readonly ifMissing: Cause;
}

export function stepsOf(material: Material): readonly StepReport[] {
  const { attempt, withoutTvs } = material;
  const found: { readonly [id in StepId]: Found } = { ...phoneSteps(material), ...tvsSteps(material) };
  const byItself = attempt !== null && verifiedByItself(material);
  let failed = false;
  return STEPS.map(({ id }) => {
    const report = byItself && ASKED.has(id) ? notAsked(id, withoutTvs) : judged(id, found[id], failed);
    if (report.status === "fail") failed = true;
    return report;
  });
}

const ASKED: ReadonlySet<StepId> = new Set([
  "tvs-connection",
  "tvs-handshake",
  "query",
  "request-received",
  "certificate-found",
]);

/** Neither log has a trace of a question, and the CTL was taken. */
function verifiedByItself({ attempt, exchange }: Material): boolean {
  return attempt !== null && exchange === null && !wasAsked(attempt.ctl) && attempt.ctl.updated !== undefined;
}

const notAsked = (id: StepId, isRight: boolean): StepReport => ({
  id,
  status: isRight ? "not needed" : "missing",
  evidence: [],
  facts: [],
  lacks: [],
  cause: isRight ? null : "no-tvs-needed",
});

function judged(id: StepId, { shown, fault, facts = [], ifMissing }: Found, failed: boolean): StepReport {
  const seen = shown.flatMap(([, one]) => one ?? []);
  const evidence = [...new Set(fault?.[1] ? [...seen, fault[1]] : seen)].sort(byLine);
  const told = { id, evidence, facts: facts.filter((fact) => typeof fact === "string") };
  if (fault) return { ...told, status: "fail", lacks: [], cause: fault[0] };
  const lacks = shown.flatMap(([what, one]) => (one === undefined ? [what] : []));
  if (lacks.length === 0) return { ...told, status: "pass", lacks, cause: null };
  return { ...told, status: "missing", lacks, cause: failed ? "before" : ifMissing };
}

const byLine = (a: Seen, b: Seen) => (a.file === b.file ? a.line - b.line : 0);

type PhoneStep = Exclude<StepId, "tvs-handshake" | "request-received" | "certificate-found">;

function phoneSteps({ attempt, exchange }: Material): { readonly [id in PhoneStep]: Found } {
  const { ctl, itl } = attempt ?? newAttempt(null);
  const { question } = ctl;
  const isLocal = !wasAsked(ctl) && ctl.updated !== undefined;
  const incomplete: Cause = attempt === null ? "phone-log-missing" : "phone-log-incomplete";
  return {
    "ctl-download": download("CTL", ctl, attempt),
    "tvs-connection": {
      shown: [
        ["the connection to TVS is tried", question.connecting],
        ["TCP is connected", question.connected],
        ["the server's certificate is valid", question.valid],
        ["the handshake is done", question.handshake],
      ],
      fault: connectionFault(ctl, exchange !== null),
      facts: [question.connecting && `TVS at ${question.connecting.value}`],
      ifMissing: incomplete,
    },
    query: {
      shown: [["the request is sent", question.sent]],
      facts: [question.sent?.value != null && `${question.sent.value} bytes`],
      ifMissing: incomplete,
    },
    "ctl-updated": {
      shown: isLocal ? taken(ctl) : [["TVS's answer is kept", question.cached], ...taken(ctl)],
      fault: listFault(ctl),
      ifMissing: incomplete,
    },
    "itl-download": download("ITL", itl, attempt),
    "itl-verified": {
      shown: taken(itl),
      fault: listFault(itl, "itl-signer"),
      facts: [
        itl.updated !== undefined &&
          (wasAsked(itl) ? "TVS was asked, so the new CTL was not enough" : "from the CTL, without TVS"),
      ],
      ifMissing: incomplete,
    },
  };
}

function download(list: "CTL" | "ITL", { asked, fetched, tftp }: ListMarks, attempt: Attempt | null): Found {
  const status = fetched?.value ?? 100;
  const notServed: Cause = list === "CTL" ? "ctl-not-served" : "itl-not-served";
  return {
    shown: [[`the ${list} is asked for`, asked]],
    fault: status === 100 ? null : [status === 404 ? notServed : "tftp-failed", fetched],
    facts: [tftp && `from ${tftp.value}`],
    ifMissing: attempt === null ? "phone-log-missing" : "not-asked",
  };
}

const taken = ({ hashes, parsed, updated }: ListMarks): Found["shown"] => [
  ["the signature is good", hashes],
  ["the list is read", parsed],
  ["the list is taken", updated],
];

function connectionFault({ question, refused }: ListMarks, didAsk: boolean): Found["fault"] {
  const { role, invalid, unconnected, noRecord, connecting, connected, valid, handshake } = question;
  if (noRecord) return ["no-tvs-record", noRecord];
  if (invalid) return ["tvs-not-in-itl", invalid];
  if (role && role.value !== Role.TVS) return ["tvs-wrong-role", role];
  if (unconnected) return ["tvs-unreachable", unconnected];
  if (refused === undefined || didAsk || handshake || question.sent) return null;
  // It gave up: how far it came tells why.
  if (valid) return ["no-handshake", refused];
  if (connected) return ["tvs-not-in-itl", refused];
  if (connecting) return ["tvs-unreachable", refused];
  return /signature/i.test(refused.value) ? null : ["no-tvs-asked", refused];
}

function listFault({ refused, parsed }: ListMarks, ifSigner: Cause = "list-refused"): Found["fault"] {
  if (refused) return [/signature/i.test(refused.value) ? "bad-signature" : ifSigner, refused];
  return parsed && parsed.value !== "CTL_SUCCESS" ? ["list-not-read", parsed] : null;
}

function tvsSteps({
  attempt,
  exchange,
  hasTvsLogs,
}: Material): Pick<
  { readonly [id in StepId]: Found },
  "tvs-handshake" | "request-received" | "certificate-found"
> {
  const ifMissing: Cause = !hasTvsLogs
    ? "tvs-log-missing"
    : exchange === null
      ? "tvs-log-silent"
      : "tvs-log-incomplete";
  const { connection, roles = [], subject, serial, address, session } = exchange ?? {};
  const named = exchange?.device === undefined ? undefined : exchange.incoming;
  const all = exchange?.found && roles.length === exchange.found.value ? exchange.found : undefined;
  return {
    "tvs-handshake": {
      shown: [
        ["the phone's connection is taken", connection?.seen],
        ["the handshake is done", connection?.handshake],
      ],
      facts: [address && `phone at ${address}`],
      ifMissing,
    },
    "request-received": {
      shown: [
        ["a message comes in", exchange?.incoming],
        ["the dump of the message names the phone", named],
        ["it is a query", exchange?.type],
        ["its subject", subject],
        ["its issuer", exchange?.issuer],
        ["its serial number", serial],
      ],
      fault: differs(attempt?.ctl.question.sent?.value, exchange?.asked)
        ? ["other-message", exchange?.incoming]
        : null,
      facts: [subject && `for ${subject.value}`, serial && `serial number ${serial.value}`],
      ifMissing,
    },
    "certificate-found": {
      shown: [
        ["the certificate is found", exchange?.found],
        ["each of its roles is shown", all],
        ["the answer is made", exchange?.sending],
        ["its reason", exchange?.reason],
        ["the answer is sent", exchange?.sent],
        ["the session of the answer", exchange?.answeredSession === undefined ? undefined : exchange.sent],
      ],
      fault: answerFault(attempt, exchange),
      facts: [
        roles.length > 0 && `roles ${roles.map(({ value }) => `${roleName(value)} (${value})`).join(", ")}`,
        session !== undefined && `session ${session}`,
      ],
      ifMissing,
    },
  };
}

/** A role that is not shown fails nothing: the log may lack its line. One of all roles must be SAST. */
function answerFault(attempt: Attempt | null, exchange: Exchange | null): Found["fault"] {
  const { notKnown, received } = attempt?.ctl.question ?? {};
  if (exchange === null) return notKnown ? ["tvs-miss", notKnown] : null;
  const { found, roles, reason, session, answeredSession, answered, sent } = exchange;
  if (found === undefined && exchange.notKnown) return ["tvs-miss", exchange.notKnown];
  if (reason && reason.value !== 0) return ["tvs-miss", reason];
  if (found && roles.length >= found.value && !roles.some(({ value }) => value === Role.SAST))
    return ["tvs-role", found];
  const asked = exchange.serial && exchange.issuer && exchange.serial.value + exchange.issuer.value;
  if (exchange.lookedUp && asked !== undefined && exchange.lookedUp.value.trim() !== asked)
    return ["other-certificate", exchange.lookedUp];
  if (differs(session, answeredSession)) return ["other-session", sent];
  return differs(received?.value, answered) ? ["other-message", sent] : null;
}

const differs = (one: number | null | undefined, other: number | undefined) =>
  one != null && other !== undefined && one !== other;

/** The step that decides: the first that failed, otherwise the first that cannot be seen. */
export function decisive(steps: readonly StepReport[]): StepReport | null {
  return (
    steps.find(({ status }) => status === "fail") ?? steps.find(({ status }) => status === "missing") ?? null
  );
}

/** Something of the step is there, or would be in the log. */
const INCOMPLETE: ReadonlySet<Cause> = new Set(["phone-log-incomplete", "tvs-log-incomplete"]);

/** In words: what happened, what no line shows, and what to do. */
export function wordsOf({ cause, lacks }: StepReport): { because: string; change: string } | null {
  if (cause === null) return null;
  const { because, change } = CAUSES[cause];
  const lacking = lacks.length > 0 && INCOMPLETE.has(cause) ? `; not shown: ${lacks.join(", ")}` : "";
  return { because: `${because}${lacking}`, change };
}
