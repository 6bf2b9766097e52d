/**
 * A forecast in sentences for a voice engineer. What is assumed is worded as assumed. The same words serve both
 * directions: clusters are named by what the phone does.
 */
import type { Step, StepName } from "./boot";
import { decidingNode, type Hinge, type NodePrediction, type Prediction } from "./forecast";
import type { CertificateName, Means, Reason } from "./judgement";

interface ReasonWords {
  readonly why: string;
  /** What to do about it; names of constructs and their properties are those of a declaration. */
  readonly remedy: string;
}

const IMPORT_SIGNER =
  "import the signer's certificate into Phone-SAST-trust of the cluster that the phone leaves and restart TVS there: TrustExchange does, on the way back with migrateBack";
const UPDATE_LISTS =
  "reset the phone on its present cluster, so that it fetches the lists of today, or name it in acceptLockouts of its wave";

export const REASONS: { readonly [reason in Reason]: ReasonWords } = {
  "alternate-tftp": {
    why: "Alternate TFTP is on: the phone ignores option 150",
    remedy: "switch Alternate TFTP off on the phone, and take it out of alternateTftp of its wave",
  },
  "tftp-unreachable": {
    why: "no TFTP server of option 150 answers",
    remedy: "start Cisco TFTP, or serve other addresses (the answers of VoiceScope)",
  },
  malformed: {
    why: "the file is not a well-formed signed file",
    remedy:
      "restart Cisco TFTP on that node, so that it builds its files anew, or leave that node out of the answers of VoiceScope",
  },
  "digest-not-supported": {
    why: "this model cannot check a signature made with that digest",
    remedy:
      'set the enterprise parameter "TFTP File Signature Algorithm" to SHA-1 on the cluster that it goes to, or say in models of PhoneMigration that this one can',
  },
  "key-too-large": {
    why: "this model cannot check a signature by such a large key",
    remedy:
      "give the signers of the cluster that it goes to keys of 2048 bits, or say in models of PhoneMigration that this one can",
  },
  "bad-signature": {
    why: "the signature is not the signer's",
    remedy:
      "restart Cisco TFTP on that node, run `utils ctl update CTLFile`, or leave that node out of the answers of VoiceScope",
  },
  "no-tvs-capability": {
    why: "the phone's lists do not know the signer, and this model does not ask TVS",
    remedy:
      "put the signer into the CTL of the phone's cluster (`utils ctl update CTLFile` after the import: preProvisionCtl of TrustExchange), or erase its CTL by hand and name it in acceptLockouts of its wave",
  },
  "no-tvs-list": {
    why: "the phone's lists do not know the signer, and its configuration names no TVS server",
    remedy: UPDATE_LISTS,
  },
  "tvs-not-in-itl": {
    why: "the phone's lists do not know the signer, and its ITL does not hold the certificate that TVS shows",
    remedy: UPDATE_LISTS,
  },
  "tvs-miss": {
    why: "the phone's lists do not know the signer, and TVS does not either",
    remedy: IMPORT_SIGNER,
  },
  "tvs-role": {
    why: "TVS knows the signer, but not in the role that signs such a file",
    remedy: IMPORT_SIGNER,
  },
  "tvs-unreachable": {
    why: "the phone's lists do not know the signer, and no TVS server answers",
    remedy:
      "start Cisco Trust Verification Service, and open TCP 2445 from the phones to it; that cluster stays until the last wave has moved",
  },
  "tftp-not-authorized": {
    why: "the TFTP server's address is in neither list",
    remedy:
      "serve the addresses that the lists of the cluster that it goes to name (the answers of VoiceScope)",
  },
  "file-not-found": {
    why: "the TFTP server has no such configuration",
    remedy: "restart Cisco TFTP on that node, or apply the phone's configuration",
  },
  "unknown-at-destination": {
    why: "the database of the cluster that it goes to does not have this phone",
    remedy: "add the phone there, or take it out of its wave",
  },
  "callmanager-unreachable": {
    why: "no CallManager of its group there answers",
    remedy: "start Cisco CallManager, or change the device pool's group",
  },
  "callmanager-not-in-lists": {
    why: "the CallManager shows a certificate that the phone's lists do not have",
    remedy: "make the phone take the CTL of the cluster that it goes to, or update that CTL",
  },
  "no-phone-certificate": {
    why: "a secure profile needs a certificate, and the phone has neither LSC nor MIC",
    remedy: "register it with a non-secure profile first and let CAPF install an LSC",
  },
  "issuer-not-trusted": {
    why: "the CallManager does not trust the issuer of the phone's certificate",
    remedy:
      "import that CAPF certificate into CallManager-trust and CAPF-trust on every node of the cluster that it goes to: TrustExchange does with one that is in use, a former one is imported by hand (formerCapfInUse of PhoneMigration)",
  },
  "registration-refused": {
    why: "the security mode that the phone holds is not that of its profile there",
    remedy: "make the phone take the configuration of the cluster that it goes to",
  },
  "public-key-unknown": {
    why: "its configuration is encrypted there, that database does not have the phone's public key, and no CAPF operation waits that would bring it",
    remedy: "order a CAPF operation for the phone there, or a profile without TFTP encrypted config",
  },
  "capf-unreachable": {
    why: "CAPF, which the phone needs first, does not answer",
    remedy:
      "start Cisco Certificate Authority Proxy Function on the publisher of the cluster that it goes to",
  },
  "capf-not-in-lists": {
    why: "CAPF, which the phone needs first, shows a certificate that its lists do not have and TVS does not vouch for",
    remedy:
      "restart Cisco Tftp on the cluster that it goes to, so that its lists name its CAPF, and make the phone take them",
  },
  "capf-refuses": {
    why: "CAPF, which the phone needs first, does not trust the issuer of the phone's certificate",
    remedy:
      "import that CAPF certificate into CAPF-trust on the publisher of the cluster that it goes to: TrustExchange does with one that is in use",
  },
  "capf-needs-a-person": {
    why: "CAPF, which the phone needs first, waits for a string that somebody must type into the phone",
    remedy: "use the authentication mode by null string or by existing certificate",
  },
};

const MEANS: { readonly [means in Means]: string } = {
  "first-use": "taken unchecked, since the phone holds no list that could check it",
  "local-ctl": "known by the phone's CTL",
  "local-itl": "known by the phone's ITL",
  "empty-itl": "taken unchecked, since the phone holds the empty ITL of a rollback",
  tvs: "vouched for by TVS",
  unsigned: "taken unsigned, since the phone's lists name no signer of configurations",
  "no-tls": "registered without TLS, as the profile asks",
};

const STEPS: { readonly [step in StepName]: string } = {
  "option-150": "option 150",
  ctl: "CTL",
  itl: "ITL",
  "tftp-address": "TFTP server's address",
  configuration: "configuration",
  fallback: "registration with what the phone had",
  registration: "registration",
};

/** One sentence: why a phone does not register for certain, and what to do; empty when it does. */
export function explainReason(prediction: Prediction): string {
  const { outcome, hangsOn } = prediction;
  const refusal = refusedBy(decidingNode(prediction));
  if (outcome !== "uncertain") return refusal;
  const hinges = `hangs on ${explainHinges(hangsOn)}`;
  return refusal === "" ? hinges : `${hinges}. Expected, ${refusal}`;
}

function refusedBy(node: NodePrediction | undefined): string {
  const step = node?.steps.find(({ result }) => result === "rejected");
  if (node === undefined || step === undefined || node.expected === "registers") return "";
  const remedy = node.reason === null ? "" : `. To do: ${REASONS[node.reason].remedy}`;
  return `by ${node.address}: ${explainStep(step)}${remedy}`;
}

export function explainStep(step: Step): string {
  const name = STEPS[step.step];
  const signer =
    step.signer === undefined ? "" : `, signed by ${step.signer.name} (serial ${step.signer.serial})`;
  const server = step.server === undefined ? "" : ` (${step.server})`;
  switch (step.result) {
    case "kept":
      return `${name}: the server has none, the phone keeps what it holds`;
    case "erased":
      return `${name}: the server has none, the phone erases its own`;
    case "skipped":
      return `${name}: this model does not ask for one`;
    case "rejected":
      return `${name}${signer}: refused, ${whyRefused(step)}${server}`;
    case "accepted":
      return `${name}${signer}: ${step.by === undefined ? "taken" : MEANS[step.by]}${server}${otherThanSigner(step, ", by the certificate ")}`;
  }
}

function whyRefused(step: Step): string {
  const why = step.reason === undefined ? "" : REASONS[step.reason].why;
  return `${why}${otherThanSigner(step, ", ")}${step.basis === undefined ? "" : ` (${step.basis})`}`;
}

/** One whose endings are all alike decides nothing while the others are as expected. */
function explainHinges(hinges: readonly Hinge[]): string {
  const decides = ({ endings }: Hinge) => new Set(endings.map(({ ending }) => ending)).size > 1;
  const alone = hinges.filter(decides).map(explainHinge);
  const others = hinges.filter((one) => !decides(one)).map(({ words }) => words);
  if (alone.length === 0) return others.join(", together with ");
  const together = others.length === 0 ? [] : [`together with others, ${others.join(", and ")}`];
  return [...alone, ...together].join("; ");
}

function explainHinge({ words, endings }: Hinge): string {
  return `${words}: ${endings.map(({ setting, ending }) => `${setting} -> ${ending}`).join(", ")}`;
}

/** The signer is told already. */
function otherThanSigner({ certificate, signer }: Step, before: string): string {
  const told = certificate?.subject === signer?.name && certificate?.serial === signer?.serial;
  return certificate === undefined || told ? "" : `${before}${named(certificate)}`;
}

const named = ({ subject, serial }: CertificateName) =>
  serial === "" ? subject : `${subject} (serial ${serial})`;
