/** One forecast of a phone from several that differ in what the phone may hold. */
import type { Evidence } from "../../../trust/evidence";
import { explainReason } from "../../../trust/forecast/explain";
import { decidingNode, type Ending, type Forecast, type Outcome } from "../../../trust/forecast/forecast";
import type { ClusterNode } from "../cluster/cluster";
import type { PhoneForecast } from "./forecast-phones";
import { notShown, type Sign } from "./provisioned";
import type { Side } from "./read-side";

/** The forecasts if all phones had their lists from that node. */
export interface Run {
  readonly node: ClusterNode;
  /** `before`: of phones that may not have fetched it yet, and of no others. */
  readonly ctl: "as served" | "before";
  readonly byName: ReadonlyMap<string, Forecast>;
}

const HELD: { readonly [ctl in Run["ctl"]]: string } = { before: "without it", "as served": "with it" };

const RANK: readonly Outcome[] = ["registers", "follows", "locked out", "uncertain"];

/**
 * What all source nodes' lists lead to, or that it hangs on which of them the phone has.
 * @param sign whether it holds the CTL as served, where it may not
 */
export function agreed(name: string, runs: readonly Run[], home: Side, sign: Sign = "none"): PhoneForecast {
  const all = runs.flatMap(({ node, ctl, byName }) => {
    const forecast = byName.get(name);
    return forecast === undefined ? [] : [{ node, ctl, forecast }];
  });
  const served = all.filter(({ ctl }) => ctl === "as served");
  const worst = worstOf(all);
  const isExpected = sign !== "none" && "booted" in sign;
  const broken = runs.find(({ ctl, byName }) => ctl === "as served" && !byName.has(name));
  const differ = broken !== undefined || new Set(all.map(({ forecast }) => forecast.outcome)).size > 1;
  const certain = all.every(({ forecast }) => forecast.outcome !== "uncertain");
  const byCtl = all.find(
    (older) =>
      older.ctl === "before" &&
      all.some(
        (one) =>
          one.ctl === "as served" &&
          one.node === older.node &&
          one.forecast.outcome !== older.forecast.outcome,
      ),
  );
  const ways = (byCtl ? all.filter(({ node }) => node === byCtl.node) : served)
    .map(({ node, ctl, forecast }) => `${byCtl ? HELD[ctl] : node.address} -> ${forecast.outcome}`)
    .join(", ");
  return {
    name,
    outcome: differ ? "uncertain" : worst.outcome,
    expected: worstExpected(isExpected && served.length > 0 ? served : all),
    evidence: evidenceAmong(all.map(({ forecast }) => forecast.evidence)),
    reason: broken
      ? `TFTP node ${broken.node.address} of "${home.name}" serves a broken list, and may have served it last`
      : byCtl
        ? `${notShown(home, sign)}: ${ways}; ${explainReason(worst)}`
        : differ && certain
          ? `hangs on which TFTP node of "${home.name}" served it last: ${ways}; ${explainReason(worst)}`
          : explainReason(worst),
    notes: worst.notes.map(({ words }) => words),
    restsOn: worst.restsOn,
    nodes: worst.nodes,
    deciding: decidingNode(worst) ?? null,
  };
}

function worstOf(all: readonly { readonly forecast: Forecast }[]): Forecast {
  return all.reduce((a, b) => (RANK.indexOf(b.forecast.outcome) > RANK.indexOf(a.forecast.outcome) ? b : a))
    .forecast;
}

/** One that is uncertain may be expected to end better than another that is not. */
function worstExpected(all: readonly { readonly forecast: Forecast }[]): Ending {
  return all
    .map(({ forecast }) => forecast.expected)
    .reduce((a, b) => (RANK.indexOf(b) > RANK.indexOf(a) ? b : a));
}

/** A phone shows the lists of the node that served it last; they are no others only because they are not the first's. */
function evidenceAmong([first, ...others]: readonly Evidence[]): Evidence {
  return others.find(({ level }) => level === "trust-list-page") ?? first!;
}
