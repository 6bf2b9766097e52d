import { attr, type StateOf } from "../../framework/schema/attribute";
import { limitsAttribute } from "./phone-registration-limits";
import { LIMITS_SENTENCE } from "./phone-registration-return";

export const attributes = {
  // Required
  source: attr.string({
    required: true,
    description: "Name of the source cluster in the provider's `clusters`.",
  }),
  destination: attr.string({ required: true, description: "Name of the destination cluster." }),
  phones: attr.list("string", {
    required: true,
    description: "Device names, sorted and unique, e.g. `SEP001122334455`.",
    validate: [phonesProblem],
  }),
  registered_on: attr.string({
    required: true,
    oneOf: ["source", "destination"],
    description: "Where the phones are registered. Changing this word moves them.",
  }),
  // Optional
  go_if: attr.map("bool", {
    optional: true,
    description: `Sentences that must hold before phones move to the destination. Not looked at on the way back. Where phones that strayed are brought back, \`${LIMITS_SENTENCE}\` is not asked for.`,
  }),
  limits: limitsAttribute,
  scopes: attr.list("string", {
    optional: true,
    description:
      "Where the phones get option 150 from, in words: an error that leaves it on the destination names them. Nothing else depends on it.",
  }),
  evidence: attr.list("string", {
    optional: true,
    description:
      "What is read beside RIS of phones that do not follow, for their reason: `tvs_log` (the newest TVS log files of " +
      "every node of the cluster that they leave). Nothing depends on it. Default: none.",
    validate: [evidenceProblem],
  }),
  on_stop: attr.string({
    default: "error",
    oneOf: ["error", "report"],
    description:
      "When more phones than `limits` allow do not follow to the destination. `error`: fail, and whatever depends on this does not run. `report`: warn and set `stopped`, for a `dhcp_scope_guard` that puts the scopes back and fails instead.",
  }),
  on_destroy: attr.string({
    default: "refuse",
    oneOf: ["refuse", "keep"],
    description:
      "`refuse`: no destroy while a phone is on the destination or unaccounted for. `keep`: leave the phones where they are.",
  }),
  // Computed
  stopped: attr.bool({
    computed: true,
    description: "Whether the last move to the destination was stopped; only with `on_stop` = `report`.",
  }),
  counts: attr.object(
    {
      source: attr.number({ computed: true, description: "Phones registered on the source." }),
      destination: attr.number({ computed: true, description: "Phones registered on the destination." }),
      missing: attr.number({ computed: true, description: "Phones registered nowhere." }),
    },
    { computed: true, description: "Where the phones are." },
  ),
  failed: attr.listOf(
    {
      name: attr.string({ computed: true, description: "Device name." }),
      reason: attr.string({ computed: true, description: "Why it is not where it should be." }),
    },
    { computed: true, description: "Phones that are not on `registered_on`, sorted by name." },
  ),
} as const;

export type State = StateOf<typeof attributes>;

/** A reader of `evidence`. */
export const TVS_LOG = "tvs_log";

function evidenceProblem(readers: readonly string[]): string | undefined {
  const stranger = readers.find((reader) => reader !== TVS_LOG);
  return stranger === undefined ? undefined : `"${stranger}" cannot be read here; write ${TVS_LOG}.`;
}

const DEVICE_NAME = /^(SEP|ATA)[0-9A-F]{12}$/;

export function phonesProblem(phones: readonly string[]): string | undefined {
  if (phones.length === 0) return "The wave is empty; name at least one phone.";
  const wrong = phones.find((p) => typeof p !== "string" || !DEVICE_NAME.test(p));
  if (wrong !== undefined) return `"${wrong}" is no device name; write SEP and twelve upper-case hex digits.`;
  const i = phones.findIndex((p, n) => n > 0 && phones[n - 1]! >= p);
  if (i < 0) return undefined;
  return phones[i] === phones[i - 1]
    ? `${phones[i]} is listed twice.`
    : `The list is not sorted: ${phones[i]} comes before ${phones[i - 1]}.`;
}
