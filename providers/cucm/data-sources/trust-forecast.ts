import type { Certificate } from "../../../trust/certificate";
import { EVIDENCE_LEVELS } from "../../../trust/evidence";
import { explainStep } from "../../../trust/forecast/explain";
import { countOutcomes } from "../../../trust/forecast/fleet";
import type { AssumedTrust } from "../../../trust/forecast/situation";
import { defineDataSource } from "../../framework/define";
import { attr } from "../../framework/schema/attribute";
import { UNKNOWN } from "../../framework/schema/value";
import { type Certificates, keyProblem, memberships, storesProblem } from "../certificate-map";
import { type CucmClient, operation } from "../client";
import {
  allowedOf,
  cannotFollowAttributes,
  isWithin,
  limitsOfForecast,
  listedCannotFollow,
} from "../forecast/cannot-follow";
import { chainAttributes } from "../forecast/chains";
import { isReader, missingReader, readerProblem, weakness } from "../forecast/demanded-evidence";
import { countEvidence, inDetail, phoneAttributes } from "../forecast/detail";
import { forecastPhones } from "../forecast/forecast-phones";
import { modelAttributes, modelFactsOf, switchAttributes, switchesOf } from "../forecast/settings";
import { Unread } from "../forecast/unread";

/** Rows of `at_risk` and `weak_evidence`: states stay small, and nobody reads more. */
const LISTED = 200;
/** Phones that a warning names. */
const NAMED = 10;

const assumed = (cluster: string) =>
  attr.mapOf(
    {
      pem: attr.string({ required: true, description: "The certificate in PEM." }),
      stores: attr.list("string", {
        required: true,
        description: "Trust stores: `CallManager-trust`, `Phone-SAST-trust`, `CAPF-trust`.",
      }),
    },
    {
      optional: true,
      description: `Certificates that the plan will import into the ${cluster}, by SHA-256 (lower-case hex).`,
    },
  );

export const trustForecastDataSource = defineDataSource<CucmClient>()({
  type: "cucm_trust_forecast",
  description:
    "For every phone, before anything changes: will it follow to the destination and register there, and how do we " +
    "know. Read at plan from what both clusters serve and trust now; what the plan will import is told by " +
    "`assume_trusted`, so that the forecast waits for no resource. What cannot be read is a " +
    "warning, never an error, and whatever outcome hangs on it is `uncertain`: reading never blocks the way back.",
  example: `data "cucm_trust_forecast" "pilot" {
  source      = "source"
  destination = "destination"
  phones      = ["SEP001122334455"]
  assume_trusted = {
    source = { for sha256, c in data.cucm_signers.destination.certificates : sha256 => {
      pem    = c.pem
      stores = ["CallManager-trust", "Phone-SAST-trust"]
    } if c.signer }
  }
}`,
  attributes: {
    // Required
    source: attr.string({
      required: true,
      description: "The cluster that phones leave, by its name in the provider's `clusters`.",
    }),
    destination: attr.string({ required: true, description: "The cluster that they move to." }),
    phones: attr.list("string", { required: true, description: "Device names." }),
    // Optional
    to: attr.string({
      optional: true,
      oneOf: ["destination", "source"],
      description:
        "Where the phones are to go. `source` asks whether they can come back: phones that have moved from where they are, others from where the move will leave them. Default: `destination`.",
    }),
    destination_tftp: attr.list("string", {
      optional: true,
      description:
        "What option 150 will answer when it serves the destination. Default: every node of it that runs TFTP.",
    }),
    source_tftp: attr.list("string", {
      optional: true,
      description:
        "What option 150 answers when it serves the source, for the way back. Default: every node of it that runs TFTP.",
    }),
    assume_trusted: attr.object(
      { source: assumed("source"), destination: assumed("destination") },
      { optional: true, description: "What the plan will import, from data sources and literals only." },
    ),
    switches: attr.object(switchAttributes, {
      optional: true,
      description: "What Cisco does not document and you have found out, in a lab or from Cisco.",
    }),
    models: attr.mapOf(modelAttributes, {
      optional: true,
      description:
        "What you know of phone models, by their name in CUCM (`Cisco 8861`); beats the built-in table.",
    }),
    phone_features: attr.string({
      optional: true,
      oneOf: ["cluster"],
      description:
        "`cluster`: what the source's own *Unified CM Phone Feature List* says of models (tables `productsupportsfeature` and `typesupportsfeature`) beats the built-in table; `models` beats both. A model without a row of which the built-in table is sure that it can is tried both ways.",
    }),
    former_capf_in_use: attr.bool({
      optional: true,
      description:
        "`false`: no phone has an LSC of a former CAPF certificate any more. Default: any that the source's trust stores still hold may have issued one (those of the destination too, for phones that are there), unless the database names the issuer (from 11.5).",
    }),
    alternate_tftp: attr.list("string", {
      optional: true,
      description: "Device names of phones with *Alternate TFTP* on: CUCM does not show it.",
    }),
    accept_lockouts: attr.list("string", {
      optional: true,
      description: "Device names of phones that somebody accepts to lose, whatever their forecast.",
    }),
    limits: limitsOfForecast,
    require_evidence: attr.string({
      optional: true,
      oneOf: EVIDENCE_LEVELS,
      description:
        "The least that what is assumed of each phone must rest on, weakest first. From `tvs-log` on it needs its reader in `evidence`. `tvs-log` rests on the name that somebody gave to TVS, `web-status` and `trust-list-page` on what whoever answers at the phone's address shows: neither is proven to be the phone.",
    }),
    evidence: attr.list("string", {
      optional: true,
      description:
        "What is read of phones besides RIS: `web` (their web pages, where RIS says that they are on: a few requests for every phone), `tvs_log` (the TVS log of every node of the cluster where they are), `itl_status` (by `spellings.itl_status_query`). It changes what an outcome rests on; a phone that shows other lists than it is assumed to hold is `uncertain` instead of `registers`. Default: none.",
    }),
    detail: attr.bool({
      optional: true,
      description: "Also fill `forecasts` with every phone. Default: `false`.",
    }),
    // Computed
    counts: attr.map("number", {
      computed: true,
      description: "Phones by outcome: `registers`, `follows`, `locked out`, `uncertain`.",
    }),
    evidence_counts: attr.map("number", {
      computed: true,
      description:
        "Phones by what their forecast rests on: level of evidence to number, `none` for those of which nothing is known, and `contradicted` for those that were seen to hold other lists, whatever their level.",
    }),
    moved: attr.number({
      computed: true,
      description:
        'Phones that are on the destination already; they are not forecast. 0 for `to = "source"`.',
    }),
    at_risk: attr.listOf(
      {
        name: attr.string({ computed: true, description: "Device name." }),
        outcome: attr.string({ computed: true, description: "`follows`, `locked out` or `uncertain`." }),
        evidence: attr.string({
          computed: true,
          nullable: true,
          description: "What the assumptions about it rest on; null when nothing is known of it.",
        }),
        against: attr.list("string", {
          computed: true,
          description: "What speaks against these assumptions, in sentences, sorted.",
        }),
        reason: attr.string({ computed: true, description: "Why, and what to do." }),
        steps: attr.list("string", {
          computed: true,
          description:
            "The chain of its boot by the TFTP node that decides, in sentences: what is taken by which certificate, and what is not, why. Empty when nothing is known of it.",
        }),
        accepted: attr.bool({ computed: true, description: "Whether `accept_lockouts` names it." }),
      },
      {
        computed: true,
        description: `Phones that do not register for certain, by name; not more than ${LISTED}, those that are not accepted first.`,
      },
    ),
    at_risk_unlisted: attr.number({ computed: true, description: "Phones at risk beyond those listed." }),
    no_phone_at_risk: attr.bool({
      computed: true,
      nullable: true,
      description:
        "Whether every phone registers, or is in `accept_lockouts`; null when that is not known because something could not be read.",
    }),
    weak_evidence: attr.listOf(
      {
        name: attr.string({ computed: true, description: "Device name." }),
        reason: attr.string({ computed: true, description: "Why its evidence does not suffice." }),
      },
      {
        computed: true,
        description: `Phones below \`require_evidence\` and not in \`accept_lockouts\`, by name; not more than ${LISTED}.`,
      },
    ),
    evidence_suffices: attr.bool({
      computed: true,
      description: "Whether every phone has the evidence that `require_evidence` demands, or is accepted.",
    }),
    ...cannotFollowAttributes,
    missing_issuers: attr.mapOf(
      {
        subject: attr.string({ computed: true, description: "Its name." }),
        serial: attr.string({ computed: true, description: "Serial number, upper-case hex." }),
        pem: attr.string({ computed: true, description: "The certificate in PEM." }),
      },
      {
        computed: true,
        description:
          "Former CAPF certificates (of the source; for phones on the destination also of that) that may have issued LSCs of these phones and that not every CallManager trusts where the phones are to go, by SHA-256. Import them there into `CallManager-trust` and `CAPF-trust`; nothing does it by itself.",
      },
    ),
    assumed: attr.list("string", {
      computed: true,
      description: "What every outcome takes for granted, in sentences, sorted.",
    }),
    looked_at: attr.list("string", {
      computed: true,
      description: "What was read for `evidence`, in sentences with counts, sorted.",
    }),
    not_looked_at: attr.list("string", {
      computed: true,
      description:
        "What could not be read for `evidence`, and what a cluster does not have and the forecast does without, in sentences, sorted.",
    }),
    unread: attr.list("string", {
      computed: true,
      description:
        "What could not be read, in sentences, sorted. It is taken for missing, or makes outcomes uncertain.",
    }),
    forecasts: attr.listOf(phoneAttributes, {
      computed: true,
      nullable: true,
      description: "Every phone that was forecast, by name; null without `detail`.",
    }),
    chains: attr.listOf(chainAttributes, {
      computed: true,
      nullable: true,
      description:
        "How the phones boot, step by step; phones that hold the same and are meant for the same share one. Null without `detail`.",
    }),
  },

  validate({ assume_trusted, evidence, require_evidence }, ctx) {
    if (evidence !== UNKNOWN) {
      const readers = evidence ?? [];
      const problem =
        readerProblem(readers) ??
        (require_evidence === null || require_evidence === UNKNOWN
          ? undefined
          : missingReader(readers, require_evidence));
      if (problem) ctx.error("This evidence cannot be had", problem, [{ attribute: "evidence" }]);
    }
    if (assume_trusted === null || assume_trusted === UNKNOWN) return;
    for (const [cluster, certificates] of Object.entries(assume_trusted)) {
      if (certificates === null || certificates === UNKNOWN) continue;
      for (const [sha256, one] of Object.entries(certificates)) {
        if (one === UNKNOWN) continue;
        const problem =
          (one.pem === UNKNOWN ? undefined : keyProblem(sha256, one.pem)) ??
          (one.stores === UNKNOWN ? undefined : storesProblem(one.stores));
        if (problem)
          ctx.error("A certificate of assume_trusted is not right", problem, [
            { attribute: "assume_trusted" },
            { attribute: cluster },
            { key: sha256 },
          ]);
      }
    }
  },

  async read(config, ctx) {
    const unread = new Unread();
    const accepted = new Set(config.accept_lockouts ?? []);
    const phones = [...new Set(config.phones)];
    const answer = await forecastPhones(
      {
        source: ctx.client.cluster(config.source, "source"),
        destination: ctx.client.cluster(config.destination, "destination"),
        phones,
        to: config.to ?? "destination",
        destinationTftp: config.destination_tftp ?? [],
        sourceTftp: config.source_tftp ?? [],
        assumeTrusted: {
          source: assumedTrust(config.assume_trusted?.source),
          destination: assumedTrust(config.assume_trusted?.destination),
        },
        switches: switchesOf(config.switches),
        models: modelFactsOf(config.models),
        readsFeatureList: config.phone_features === "cluster",
        formerCapfInUse: config.former_capf_in_use,
        alternateTftp: config.alternate_tftp ?? [],
        evidence: (config.evidence ?? []).filter(isReader),
      },
      unread,
      operation(ctx),
    );
    const { forecasts, moved, assumed, missingIssuers, lookedAt, notLookedAt, cannotFollow } = answer;
    const allowed = allowedOf(config.limits, phones.length);
    const within = isWithin(cannotFollow, allowed);
    const risky = forecasts.filter(({ outcome }) => outcome !== "registers");
    const open = risky.filter(({ name }) => !accepted.has(name));
    const weak = forecasts.flatMap((one) => {
      const reason = weakness(one, config.require_evidence);
      return reason === null || accepted.has(one.name) ? [] : [{ name: one.name, reason }];
    });
    const listed = [...open, ...risky.filter(({ name }) => accepted.has(name))].slice(0, LISTED);
    const where = `from "${config.source}" to "${config.destination}"`;
    unread.warn(ctx);
    if (notLookedAt.length > 0) ctx.warn("Not read as evidence of what phones hold", notLookedAt.join("\n"));
    if (missingIssuers.length > 0)
      ctx.warn(
        `"${config.to ?? "destination"}" does not trust former CAPF certificates that may have issued LSCs, ${where}`,
        `${named(missingIssuers.map(({ subject, serial, sha256 }) => `${subject} (serial ${serial}, SHA-256 ${sha256})`))}\nA phone with such an LSC cannot register securely. Import it into CallManager-trust and CAPF-trust there (the attribute missing_issuers has the PEM), or set former_capf_in_use = false (constructs: formerCapfInUse of PhoneMigration) if no phone has such an LSC any more.`,
      );
    if (open.length > 0)
      ctx.warn(
        `${open.length} of ${forecasts.length} phones are at risk ${config.to === "source" ? "on the way back" : "when they move"}, ${where}`,
        `${named(open.map(({ name, outcome, reason }) => `${name} (${outcome}): ${reason}`))}\nNo wave with them moves to the destination until each is mended, or named in accept_lockouts (constructs: acceptLockouts of the wave).`,
      );
    // In a wave that has moved they went off after it: its registration has told them, and once is enough.
    if (within === false && cannotFollow.phones.length - cannotFollow.forgotten > allowed)
      ctx.warn(
        `${cannotFollow.phones.length} of ${phones.length} phones cannot follow, and the limits of their wave allow ${allowed}, ${where}`,
        `${named(cannotFollow.phones.map(({ name, reason }) => `${name}: ${reason}`))}\nNobody of the wave would be reset, so while it is on the source it does not move: bring them up, add the devices there, take them out of the list, or allow for them in limits.`,
      );
    if (weak.length > 0)
      ctx.warn(
        `The evidence for ${weak.length} of ${forecasts.length} phones is weaker than "${config.require_evidence}"`,
        named(weak.map(({ name, reason }) => `${name}: ${reason}`)),
      );
    return {
      ...config,
      counts: countOutcomes(forecasts),
      evidence_counts: countEvidence(forecasts),
      moved: moved.length,
      at_risk: byName(listed).map(({ name, outcome, evidence, reason, deciding }) => ({
        name,
        outcome,
        evidence: evidence?.level ?? null,
        against: evidence?.against ?? [],
        reason,
        steps: (deciding?.steps ?? []).map(explainStep),
        accepted: accepted.has(name),
      })),
      at_risk_unlisted: risky.length - listed.length,
      no_phone_at_risk: open.length === 0 ? true : unread.sentences.length > 0 ? null : false,
      weak_evidence: weak.slice(0, LISTED),
      evidence_suffices: weak.length === 0,
      cannot_follow: listedCannotFollow(cannotFollow),
      within_limits: within,
      missing_issuers: Object.fromEntries(
        missingIssuers.map(({ sha256, subject, serial, pem }) => [sha256, { subject, serial, pem }]),
      ),
      assumed,
      looked_at: [...lookedAt],
      not_looked_at: [...notLookedAt, ...unread.lacked].sort(),
      unread: unread.sentences,
      ...(config.detail ? inDetail(forecasts) : { forecasts: null, chains: null }),
    };
  },
});

function assumedTrust(certificates: Certificates | null | undefined): AssumedTrust[] {
  const found = new Map<
    string,
    { readonly certificate: Certificate; readonly stores: AssumedTrust["stores"] }
  >();
  for (const { certificate, store } of memberships(certificates ?? {}))
    found.set(certificate.sha256, {
      certificate,
      stores: [...(found.get(certificate.sha256)?.stores ?? []), store],
    });
  return [...found.values()];
}

const byName = <T extends { readonly name: string }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));

function named(sentences: readonly string[]): string {
  const more = sentences.length - NAMED;
  return [...sentences.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
