/**
 * Who issued the certificate that a phone shows. The database of 11.5 and later says it; otherwise it was the CAPF of
 * the source, or that of the destination if the phone is there, each with the certificate that it has now or one of
 * those that it had before and that its stores still hold.
 */
import type { Certificate } from "../../../trust/certificate";
import { effectiveMode } from "../../../trust/forecast/registration";
import type {
  Cluster as ClusterOfForecast,
  Phone,
  PhoneCertificate,
} from "../../../trust/forecast/situation";
import type { Side } from "./read-side";

/** CAPF certificates that a cluster had before; null: not read. */
export interface FormerCapf {
  readonly source: readonly Certificate[] | null;
  /** None where no phone was asked about that is there. */
  readonly destination: readonly Certificate[] | null;
}

export interface LscQuestion {
  readonly name: string;
  readonly mode: Phone["mode"];
  /** Where it is. */
  readonly home: Side;
  readonly source: Side;
  readonly formerCapf: FormerCapf;
  /** Whether phones can have an LSC of a former CAPF certificate; null: nobody has said. */
  readonly formerCapfInUse: boolean | null;
}

/** The LSC that a phone is assumed to show; null when nothing is known of who could have issued it. */
export function lscOf(question: LscQuestion): PhoneCertificate | null {
  const { name, mode, home, source, formerCapf, formerCapfInUse } = question;
  if (source.capf === null) return null;
  const facts = home.certificates?.get(name);
  const usual = [source.capf, ...(formerCapf.source ?? [])];
  const there = home === source ? [] : [...presentOf(home), ...(formerCapf.destination ?? [])];
  const said = facts?.lscIssuer ?? null;
  if (said !== null) {
    const known = distinct([...presentOf(home), ...usual, ...there]);
    const named = known.filter(({ commonName }) => isNamed(commonName, said));
    if (named.length > 0) return amongNamesakes(named, question);
    const doubt = `${isOf(source.capf)}: "${home.name}" says that ${said} issued it`;
    return { ...issuedByOneOf([source.capf]), doubt };
  }
  // Who has moved may have been enrolled since.
  const isSince = home !== source && facts?.neverEnrolled !== true;
  const moved =
    isSince && home.capf === null
      ? `it still shows the LSC of the source, and none that "${home.name}" issued, whose CAPF certificate was not read`
      : undefined;
  const doubt =
    mode === "non-secure"
      ? `it has an LSC: its profile on "${home.name}" is non-secure, so it shows none there`
      : (moved ?? neverEnrolled(question) ?? unread(question, isSince ? [source, home] : [source]));
  const issuers = [...usual, ...(isSince ? there : [])];
  const present = [source, home].flatMap(presentOf);
  const certificate = issuedByOneOf(
    distinct(formerCapfInUse === false ? issuers.filter((one) => present.includes(one)) : issuers),
  );
  return doubt === undefined ? certificate : { ...certificate, doubt };
}

const presentOf = ({ capf }: Side): readonly Certificate[] => (capf === null ? [] : [capf]);

/** The first of each: what was imported is in the other cluster's stores too. */
const distinct = (all: readonly Certificate[]): readonly Certificate[] =>
  all.filter((one, i) => all.findIndex(({ sha256 }) => sha256 === one.sha256) === i);

/** A renewed CAPF may have kept its name: then the database does not tell which of its certificates it was. */
function amongNamesakes(named: readonly Certificate[], question: LscQuestion): PhoneCertificate {
  const { home, source, formerCapfInUse } = question;
  const sides = [source, home].filter(({ capf }) => capf !== null && named.includes(capf));
  if (sides.length === 0) return issuedByOneOf(named);
  const present = sides.flatMap(presentOf);
  const certificate = issuedByOneOf(
    formerCapfInUse === false ? named.filter((one) => present.includes(one)) : named,
  );
  const doubt = formerUnread(question, sides);
  return doubt === undefined ? certificate : { ...certificate, doubt };
}

/** Cisco's manufacturing roots may be trusted nowhere, and are not looked for. */
function neverEnrolled({ name, source }: LscQuestion): string | undefined {
  return source.certificates?.get(name)?.neverEnrolled === true
    ? `it has an LSC: CAPF of "${source.name}" never enrolled it, and it would show its MIC`
    : undefined;
}

/** What was not read may name another issuer. */
function unread(question: LscQuestion, sides: readonly Side[]): string | undefined {
  const { home, source } = question;
  const silent = [home, source].find(({ certificates }) => certificates === null);
  if (silent !== undefined)
    return `${isOf(source.capf!)}: what the database of "${silent.name}" says of that could not be read`;
  return formerUnread(question, sides);
}

/** @param sides whose CAPF may have issued it, with the certificate that it has now or a former one */
function formerUnread(
  { source, formerCapf, formerCapfInUse }: LscQuestion,
  sides: readonly Side[],
): string | undefined {
  if (formerCapfInUse === false) return undefined;
  const silent = sides.find((one) => formerCapf[one === source ? "source" : "destination"] === null);
  const capf = silent?.capf ?? source.capf;
  return silent && capf
    ? `${isOf(capf)}: which CAPF certificates "${silent.name}" had before could not be read`
    : undefined;
}

const isOf = ({ commonName }: Certificate) => `its LSC is of ${commonName}`;

/** The first is the likeliest. */
function issuedByOneOf([first, ...others]: readonly Certificate[]): PhoneCertificate {
  const { subject } = first!;
  return { issuer: subject, issuedBy: first!, ...(others.length > 0 && { orIssuedBy: others }) };
}

/** How the column spells an issuer is not documented: the common name alone, or in a distinguished name. */
function isNamed(commonName: string, said: string): boolean {
  const words = said.split(/[,;/=]/).map((word) => word.trim().toLowerCase());
  return words.includes(commonName.toLowerCase());
}

/** Former CAPF certificates that may have issued LSCs of these phones, and that not every CallManager of the goal trusts. */
export function missingIssuers(
  former: readonly Certificate[],
  phones: readonly Phone[],
  goal: ClusterOfForecast,
): Certificate[] {
  const secure = phones.filter(({ name }) => {
    const device = goal.devices.get(name);
    return device !== undefined && effectiveMode(goal, device) !== "non-secure";
  });
  const mayHaveIssued = ({ sha256 }: Certificate) =>
    secure.some(({ lsc }) =>
      [lsc?.issuedBy, ...(lsc?.orIssuedBy ?? [])].some((one) => one?.sha256 === sha256),
    );
  return former
    .filter((one) => mayHaveIssued(one) && !isTrusted(one, goal))
    .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

function isTrusted({ sha256 }: Certificate, { callManagers, assumeTrusted }: ClusterOfForecast): boolean {
  return (
    callManagers.every((node) => node.callManagerTrust.some((one) => one.sha256 === sha256)) ||
    assumeTrusted.some((one) => one.certificate.sha256 === sha256 && one.stores.includes("CallManager-trust"))
  );
}
