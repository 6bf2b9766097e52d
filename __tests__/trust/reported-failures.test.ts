/**
 * Failures that people and Cisco's documents report: the logs lead `verify` to the cause, the forecast has a reason
 * beforehand where something can be known, and either says which part of the declaration to change.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REASONS } from "../../trust/forecast/explain";
import type { Reason } from "../../trust/forecast/judgement";
import { CAUSES, type Cause } from "../../trust/moves/causes";
import { decisive } from "../../trust/moves/steps";
import { read, seed } from "./moves/logs";

const [phone, tvs] = [seed("phone"), seed("tvs")];

/** The console log up to a line, and what stands there instead. */
const upTo = (words: string, ...instead: readonly string[]) =>
  phone
    .slice(
      0,
      phone.findIndex((line) => line.includes(words)),
    )
    .concat(instead);
const say = (number: number, level: string, text: string) =>
  `${number} ${level} Nov 29 06:34:00.450000 ${text}`;
const refused = (list: "CTL" | "ITL", why = "errcode 19 (signer not in CTL)") =>
  say(3340, "ERR", `SECUREAPP-verifyFile: sgn verify file failed <${list}File.tlv>, errclass 8, ${why}`);
const fetched = (status: number) => say(3281, "NOT", `dgetfile(851)-XXTP complete - status = ${status}`);
const unknown = tvs.map((line) =>
  line.replace(
    /Certificate\w+::(getCertificateInformation - )Found .*/,
    "ERROR:CertificateDBCache::$1Cannot find the certificate in the cache",
  ),
);

interface Reported {
  readonly verify?: readonly [Cause, { readonly phone: readonly string[]; readonly tvs?: readonly string[] }];
  readonly forecast?: Reason;
  /** Constructs and properties that have to be named. */
  readonly declares: RegExp;
}

const REPORTED: { readonly [failure: string]: Reported } = {
  '"Trust List Update Failed", and lists that have to be deleted by hand': {
    verify: ["list-refused", { phone: [...upTo("added cert"), refused("CTL")] }],
    forecast: "tvs-miss",
    declares: /TrustExchange/,
  },
  "ITLRecovery was not imported: the bulk procedure leaves it out": {
    verify: ["tvs-miss", { phone: [...upTo("added cert"), refused("CTL")], tvs: unknown }],
    forecast: "tvs-miss",
    declares: /TrustExchange/,
  },
  "The bulk exchange between old and new releases (CSCuy43181)": {
    verify: ["tvs-miss", { phone: [...upTo("added cert"), refused("CTL")], tvs: unknown }],
    declares: /method: "manual"/,
  },
  "The destination's certificates were renewed after the import": {
    verify: ["tvs-miss", { phone: [...upTo("added cert"), refused("CTL")], tvs: unknown }],
    forecast: "tvs-miss",
    declares: /TrustExchange/,
  },
  "Phones cannot come back: the manual method imports one way only": {
    verify: ["tvs-miss", { phone: [...upTo("added cert"), refused("CTL")], tvs: unknown }],
    forecast: "tvs-miss",
    declares: /migrateBack/,
  },
  "The certificate is in CallManager-trust alone": {
    verify: ["tvs-role", { phone, tvs: tvs.map((line) => line.replace("{role : 0}", "{role : 3}")) }],
    forecast: "tvs-role",
    declares: /TrustExchange/,
  },
  "TVS of the old cluster is out of reach: a firewall, or switched off too early": {
    verify: ["tvs-unreachable", { phone: [...phone.slice(0, 4), refused("CTL")] }],
    forecast: "tvs-unreachable",
    declares: /(?:SecureCluster|that cluster stays)/,
  },
  "Prepare Cluster for Rollback to Pre 8.0 empties the ITL, and not the CTL": {
    verify: [
      "no-tvs-record",
      {
        phone: [
          ...phone.slice(0, 3),
          say(3287, "ERR", "SECUREAPP-TVS provider Init - no TVS certificate in the ITL"),
          refused("CTL"),
        ],
      },
    ],
    forecast: "tvs-not-in-itl",
    declares: /registeredOn|acceptLockouts/,
  },
  "TVS's certificate was renewed before the phones had fetched the new ITL": {
    verify: ["tvs-not-in-itl", { phone: [...phone.slice(0, 9), refused("CTL")] }],
    forecast: "tvs-not-in-itl",
    declares: /acceptLockouts/,
  },
  "Models without Security By Default keep the old CTL": {
    verify: ["no-tvs-asked", { phone: [...phone.slice(0, 3), refused("CTL")] }],
    forecast: "no-tvs-capability",
    declares: /preProvisionCtl/,
  },
  "The destination has no CTL": {
    verify: ["ctl-not-served", { phone: [...phone.slice(0, 3), fetched(404)] }],
    declares: /SecureCluster/,
  },
  '"TFTP timeout", "TFTP error"': {
    verify: ["tftp-failed", { phone: [...phone.slice(0, 3), fetched(1)] }],
    forecast: "tftp-unreachable",
    declares: /VoiceScope/,
  },
  "A TFTP node serves files of before a renewal": {
    verify: [
      "bad-signature",
      { phone: [...upTo("Hashes match"), refused("CTL", "errcode 12 (signature mismatch)")], tvs },
    ],
    forecast: "bad-signature",
    declares: /VoiceScope/,
  },
  "The ITL is signed by a certificate that the new CTL does not list": {
    verify: ["itl-signer", { phone: [...phone.slice(0, 69), refused("ITL")], tvs }],
    forecast: "tvs-not-in-itl",
    declares: /TrustExchange|acceptLockouts/,
  },
  "More certificates in a list than phones take, or signatures that a model cannot check": {
    verify: [
      "list-not-read",
      { phone: phone.map((line) => line.replace(/^(3336.*)CTL_SUCCESS/, "$1CTL_TOO_LARGE")), tvs },
    ],
    forecast: "digest-not-supported",
    declares: /models/,
  },
  "Somebody typed a TFTP server into the phone (Alternate TFTP)": {
    verify: ["not-asked", { phone: phone.slice(64) }],
    forecast: "alternate-tftp",
    declares: /alternateTftp/,
  },
  '"TFTP authorization fails"': { forecast: "tftp-not-authorized", declares: /VoiceScope/ },
  "The phone is not in the destination's database": {
    forecast: "unknown-at-destination",
    declares: /its wave/,
  },
  "The destination does not trust the issuer of the LSC": {
    forecast: "issuer-not-trusted",
    declares: /TrustExchange.*formerCapfInUse/,
  },
};

const CASES = Object.entries(REPORTED);

test.each(CASES)("%s", (_, { verify, forecast, declares }) => {
  if (verify !== undefined) {
    const [cause, logs] = verify;
    const device = "SEPB000B4BA0AEE";
    const [report] = read(
      { phone: [logs.phone], ...(logs.tvs && { tvs: [logs.tvs] }) },
      { devices: [device], hasTvsLogs: logs.tvs !== undefined },
    );
    expect(decisive(report!.steps)).toMatchObject({ cause });
    expect(CAUSES[cause].change).toMatch(declares);
  }
  if (forecast !== undefined) expect(REASONS[forecast].remedy).toMatch(declares);
});

test("docs/verify.md has a row for each, in the words of verify and of the forecast", () => {
  const page = readFileSync(join(__dirname, "../../docs/verify.md"), "utf8");
  const rows = CASES.map(([failure, { verify, forecast }]) => {
    const says = verify === undefined ? "" : CAUSES[verify[0]].because;
    return `| ${failure} | ${says} | ${forecast === undefined ? "" : REASONS[forecast].why} |`;
  });
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
