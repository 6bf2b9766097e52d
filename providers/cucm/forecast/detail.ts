/** Every phone's forecast as attributes, and what forecasts rest on in numbers. */
import { describeEvidence } from "../../../trust/evidence";
import { attr } from "../../framework/schema/attribute";
import { Chains } from "./chains";
import type { PhoneForecast } from "./forecast-phones";

export const phoneAttributes = {
  name: attr.string({ computed: true, description: "Device name." }),
  outcome: attr.string({
    computed: true,
    description: "`registers`, `follows`, `locked out` or `uncertain`.",
  }),
  expected: attr.string({
    computed: true,
    nullable: true,
    description: "What is expected where it is uncertain; null when nothing is known of it.",
  }),
  evidence: attr.string({ computed: true, nullable: true, description: "Its level." }),
  because: attr.string({ computed: true, description: "The evidence in words." }),
  against: attr.list("string", {
    computed: true,
    description: "What speaks against what is assumed of it, in sentences, sorted.",
  }),
  reason: attr.string({ computed: true, description: "Why it does not register; empty when it does." }),
  notes: attr.list("string", { computed: true, description: "What should be known besides." }),
  chain: attr.number({
    computed: true,
    nullable: true,
    description: "Index of its chain in `chains`; null when nothing is known of it.",
  }),
} as const;

export function inDetail(forecasts: readonly PhoneForecast[]) {
  const chains = new Chains();
  const phones = forecasts.map((one) => ({
    name: one.name,
    outcome: one.outcome,
    expected: one.expected,
    evidence: one.evidence?.level ?? null,
    because: one.evidence === null ? "nothing is known of it" : describeEvidence(one.evidence),
    against: one.evidence?.against ?? [],
    reason: one.reason,
    notes: one.notes,
    chain: chains.of(one),
  }));
  return { forecasts: phones, chains: chains.all };
}

export function countEvidence(forecasts: readonly PhoneForecast[]): { readonly [level: string]: number } {
  const counts: { [level: string]: number } = {};
  for (const { evidence } of forecasts) {
    const contradicted = evidence?.contradicted === undefined ? [] : ["contradicted"];
    for (const word of [evidence?.level ?? "none", ...contradicted]) counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}
