import type { ForecastReview, Move, Review } from "../model";
import { counted, movesAny } from "../sentences";
import { code, html, words } from "./escape";
import { folded, list, type Room, table } from "./lists";

/** The word that changed, like a diff: it is what the pull request is about. */
export function moveLines({ moves, staying }: Review): string[] {
  if (moves.length === 0 && staying.length === 0) return [];
  const lines = moves.map(
    (move) => `- Wave ${code(move.wave)}: ${wordOf(move)}, ${phonesOf(move)}; ${forecastWords(move)}`,
  );
  const rest = staying.map(
    ({ wave, on, phones }) => `${code(wave)} (${counted(phones, "phone")}, ${words(on)})`,
  );
  return [...lines, ...(rest.length > 0 ? [`- Waves that stay: ${few(rest)}`] : [])];
}

const FEW = 10;
const few = (all: readonly string[]) =>
  all.length <= FEW ? all.join(", ") : `${all.slice(0, FEW).join(", ")} and ${all.length - FEW} more`;

function wordOf({ because, from, to }: Move): string {
  if (because === "word") return `${code("registeredOn")} ${code(from ?? "")} → ${code(to)}`;
  if (because === "new") return `new, on ${code(to)} from the start`;
  return because === "joined"
    ? `phones joined it, it is on ${code(to)}`
    : `phones that are not on ${code(to)} yet`;
}

function phonesOf(move: Move): string {
  const { phones, takenOver } = move;
  const moving = `${counted(phones.length - takenOver, "phone")} from ${clusterOf(move, "from")} to ${clusterOf(move, "to")}`;
  return [
    ...(movesAny(move) ? [moving] : []),
    ...(takenOver > 0 ? [`${counted(takenOver, "phone")} taken over on ${clusterOf(move, "to")}`] : []),
  ].join(", ");
}

function clusterOf({ to, clusters }: Move, end: "from" | "to"): string {
  const onward = (to === "destination") === (end === "to");
  return code(onward ? clusters.destination : clusters.source);
}

function forecastWords({ to, forecast }: Move): string {
  if (to === "source") return "the way back waits for no forecast";
  if (forecast === null) return "**no forecast in this plan**";
  const counts = Object.entries(forecast.counts).map(([outcome, count]) =>
    outcome === "registers" ? `${count} register` : `**${count} ${words(outcome)}**`,
  );
  return `forecast: ${counts.join(", ") || "nothing left to forecast"}`;
}

export function movesSection({ moves }: Review, room: Room): string[] {
  return moves.flatMap((move) => {
    const { forecast, conditions, limits, onStop, phones, to, wave } = move;
    const open = (forecast?.atRisk.length ?? 0) > 0;
    return folded(
      `Wave ${html(wave)}: ${counted(phones.length, "phone")}`,
      [
        ...(forecast === null ? [] : forecastLines(forecast, room)),
        "",
        to === "source"
          ? ""
          : `Limits: ${words(limits)}. When it stops: ${onStop === "restoreScope" ? "its scopes go back to the source at once" : "option 150 stays where it is"}.`,
        "",
        ...list(
          room,
          Object.entries(conditions).map(
            ([sentence, holds]) =>
              `${holds === true ? "✔" : holds === null ? "? (at apply)" : "✘"} ${words(sentence)}`,
          ),
          "conditions",
        ),
        "",
        ...folded("Phones", list(room, phones.map(code), "phones")),
      ],
      open,
    );
  });
}

function forecastLines(forecast: ForecastReview, room: Room): string[] {
  const { evidence, atRisk, atRiskUnlisted, didNotFollow, moved, assumed, notLookedAt } = forecast;
  const levels = Object.entries(evidence).map(([level, count]) => `${words(level)} (${count})`);
  return [
    `Evidence: ${levels.join(", ") || "none"}.${moved > 0 ? ` ${counted(moved, "phone")} of it ${moved === 1 ? "is" : "are"} on the destination already.` : ""}`,
    "",
    ...table(
      room,
      ["Phone", "Forecast", "Evidence", "Why", "Accepted"],
      atRisk.map(({ name, outcome, evidence: level, reason, accepted }) => [
        code(name),
        words(outcome),
        words(level ?? "none"),
        words(reason),
        accepted ? "yes" : "**no**",
      ]),
      "phones at risk",
    ),
    ...(atRiskUnlisted > 0
      ? ["", `${counted(atRiskUnlisted, "more phone")} at risk: the plan itself does not list them.`]
      : []),
    ...(didNotFollow.length > 0
      ? [
          "",
          "Observed in the state, against what is inferred:",
          "",
          ...list(
            room,
            didNotFollow.map(({ name, reason }) => `${code(name)} ${words(reason)}`),
            "phones that did not follow",
          ),
        ]
      : []),
    "",
    ...folded(
      "Taken for granted",
      list(
        room,
        [...assumed, ...notLookedAt.map((one) => `not looked at: ${one}`)].map(words),
        "assumptions",
      ),
    ),
  ];
}
