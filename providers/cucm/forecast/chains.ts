/** The chains of steps behind forecasts, as attributes. Phones of one kind share one: a fleet has few of them. */
import { explainStep, REASONS } from "../../../trust/forecast/explain";
import { attr } from "../../framework/schema/attribute";
import type { PhoneForecast } from "./forecast-phones";

const step = {
  step: attr.string({ computed: true, description: "`ctl`, `itl`, `configuration`, ..." }),
  result: attr.string({
    computed: true,
    description: "`accepted`, `rejected`, `kept`, `erased` or `skipped`.",
  }),
  reason: attr.string({
    computed: true,
    nullable: true,
    description: "Why it is rejected, e.g. `tvs-miss`; null when it is not.",
  }),
  certificate: attr.string({
    computed: true,
    nullable: true,
    description:
      "SHA-256 of the certificate that made it pass, or that is missing; null where it is not known.",
  }),
  words: attr.string({ computed: true, description: "The step in a sentence." }),
} as const;

const node = {
  address: attr.string({ computed: true, description: "The TFTP node, as option 150 names it." }),
  outcome: attr.string({ computed: true, description: "If this node serves the phone." }),
  expected: attr.string({ computed: true, description: "What is expected of it." }),
  decides: attr.bool({ computed: true, description: "Whether the phone's outcome is this one's." }),
  to_do: attr.string({ computed: true, description: "Against what decides; empty for nothing." }),
  steps: attr.listOf(step, { computed: true, description: "The boot, step by step, as expected." }),
} as const;

export const chainAttributes = {
  rests_on: attr.list("string", {
    computed: true,
    description: "What is known of the model and was relied on, each with how it is known.",
  }),
  nodes: attr.listOf(node, {
    computed: true,
    description: "What each TFTP node leads to; the worst counts.",
  }),
} as const;

/** Numbers the chains in the order in which phones need them. */
export class Chains {
  readonly all: ReturnType<typeof asAttributes>[] = [];
  private readonly known = new Map<PhoneForecast["nodes"], number>();

  /** @returns null for a phone of which nothing is known */
  of(forecast: PhoneForecast): number | null {
    const { nodes } = forecast;
    if (nodes.length === 0) return null;
    const number = this.known.get(nodes) ?? this.all.push(asAttributes(forecast)) - 1;
    this.known.set(nodes, number);
    return number;
  }
}

function asAttributes({ restsOn, nodes, deciding }: PhoneForecast) {
  return {
    rests_on: restsOn,
    nodes: nodes.map((one) => ({
      address: one.address,
      outcome: one.outcome,
      expected: one.expected,
      decides: one === deciding,
      to_do: one.reason === null ? "" : REASONS[one.reason].remedy,
      steps: one.steps.map((each) => ({
        step: each.step,
        result: each.result,
        reason: each.reason ?? null,
        certificate: each.certificate?.sha256 ?? null,
        words: explainStep(each),
      })),
    })),
  };
}
