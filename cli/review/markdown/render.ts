/** A review as Markdown for a comment on a pull request: what matters first, details folded. */
import { printable } from "../../../trust/describe";
import type { Review } from "../model";
import { switches } from "../scopes";
import { counted } from "../sentences";
import { clusterSection, keptElsewhere } from "./clusters";
import { diagram } from "./diagram";
import { code, comment, words } from "./escape";
import { folded, list, type Room } from "./lists";
import { moveLines, movesSection } from "./moves";
import { scopeSection } from "./scopes";

/** GitHub refuses a comment of more than 65,536 characters; characters beyond ASCII may count more than once. */
export const LARGEST = 65_000;

/** Policies whose sentences stand in a section of their own. */
const ELSEWHERE: readonly string[] = ["move", "change", "unread", "unknown", "drift", "warning"];

/** Rows of each list, tried until it fits. */
const ROOMS: readonly Room[] = [Number.POSITIVE_INFINITY, 200, 100, 50, 20, 10, 5, 2, 0];

/** @param title names the stack; comments with the same title are the same comment (see the marker) */
export function asMarkdown(review: Review, title: string): string {
  const fits = (text: string) => Buffer.byteLength(text) <= LARGEST;
  for (const room of ROOMS) {
    const text = render(review, title, room);
    if (fits(text)) return text;
  }
  const head = [marker(title), `## ${words(title)}`, "", words(review.verdict.slice(0, 1000)), ""];
  return [...head, "This review is larger than a comment may be; `--json` has all of it.", ""].join("\n");
}

/** First line of each comment: by it the comment is found again. */
export const marker = (title: string) => `<!-- phone-migration review: ${comment(title)} -->`;

/** Bytes of errors that are shown. */
const MOST_ERRORS = 30_000;

/** Instead of a review, where no plan can be made: that is what the pull request has to mend. */
export function refused(errors: string, title: string, stale: string | null): string {
  const shown = errors.split("\n").map(printable).join("\n").slice(0, MOST_ERRORS);
  const fence = "`".repeat(Math.max(3, ...(shown.match(/`+/g) ?? []).map(({ length }) => length + 1)));
  return [
    marker(title),
    `## ${words(title)}`,
    "",
    "**No plan can be made, so nothing can be deployed from this.**",
    "",
    ...staleLine(stale),
    `${fence}text`,
    shown,
    fence,
    ...(errors.length > MOST_ERRORS
      ? ["", "The rest of the errors is left out here; the plan itself shows all."]
      : []),
    "",
  ].join("\n");
}

const staleLine = (stale: string | null) => (stale === null ? [] : [`⚠ ${words(stale)}`, ""]);

function render(review: Review, title: string, room: Room): string {
  const { violated, findings, irreversible, wayBack, drift, warnings, gaps } = review;
  const picture = diagram(review);
  const noted = Object.entries(findings).filter(([policy]) => ![...ELSEWHERE, ...violated].includes(policy));
  return [
    marker(title),
    `## ${words(title)}`,
    "",
    `**${words(review.verdict)}**`,
    "",
    ...staleLine(review.stale),
    ...(violated.length > 0
      ? [
          `❌ Against ${counted(violated.length, "policy", "policies")}:`,
          "",
          ...violated.flatMap((policy) =>
            list(
              room,
              (findings[policy] ?? []).map((one) => `${code(policy)}: ${words(one)}`),
              `sentences on ${policy}`,
            ),
          ),
          "",
          // Two lists that follow each other would be one.
          "What the plan does:",
          "",
        ]
      : []),
    ...moveLines(review),
    ...summary(review),
    ...folded(
      `To be looked at (${noted.length})`,
      noted.flatMap(([policy, sentences]) =>
        list(
          room,
          sentences.map((one) => `${code(policy)}: ${words(one)}`),
          `sentences on ${policy}`,
        ),
      ),
      true,
    ),
    ...movesSection(review, room),
    ...review.clusters.flatMap((cluster) => clusterSection(cluster, review.proofs, room)),
    ...keptElsewhere(review, room),
    ...scopeSection(review, room),
    ...folded(
      `Drift: changed by others since the last deploy (${drift.length})`,
      list(
        room,
        drift.flatMap(({ address, path, what, afterwards }) =>
          what.map((one) => `${code(path ?? address)}: ${words(one)}; ${afterwards}`),
        ),
        "changes by others",
      ),
      true,
    ),
    ...folded("What cannot be taken back, and how to go back", [
      ...list(room, irreversible.map(words), "sentences"),
      ...(wayBack.length > 0 ? ["", "To go back:", "", ...list(room, wayBack.map(words), "sentences")] : []),
    ]),
    ...(picture === null ? [] : folded("The trust exchange as a picture", [picture])),
    ...folded(
      `Warnings of this plan (${(warnings ?? []).length})`,
      list(room, (warnings ?? []).map(words), "warnings"),
    ),
    ...folded(
      `Not analysed (${gaps.length})`,
      list(
        room,
        gaps.map(({ sentence }) => words(sentence)),
        "sentences on what was not analysed",
      ),
      true,
    ),
    ...addresses(review, room),
  ]
    .join("\n")
    .replace(/\n{3,}/g, "\n\n");
}

/** The plan in three lines, for those who read no more. */
function summary({ clusters, proofs, scopes, drift, gaps }: Review): string[] {
  const restarts = clusters.flatMap(({ cluster, restarts }) =>
    restarts.map(
      ({ service, nodes, certain }) =>
        `${words(service)} on ${counted(nodes.length, "node")} of ${code(cluster)}${certain ? "" : " (if the CTL has to be renewed)"}`,
    ),
  );
  const switched = scopes.filter(switches).length;
  const proof = proofs.map(
    ({ cluster, proven }) =>
      `${code(cluster)} ${proven === null ? "asked at apply" : proven ? "proven" : "**not proven**"}`,
  );
  return [
    `- Restarts: ${restarts.join(", ") || "none"}`,
    scopes.length === 0
      ? "- No scope of option 150"
      : `- Option 150 switches in ${switched} of ${counted(scopes.length, "scope")}`,
    `- TVS proofs: ${proof.join(", ") || "none"}`,
    `- Drift: ${drift.length === 0 ? "none" : counted(drift.length, "resource")}. Not analysed: ${gaps.length === 0 ? "nothing" : counted(gaps.length, "thing")}`,
    "",
  ];
}

function addresses({ moves, staying, clusters, proofs, scopes, guards }: Review, room: Room): string[] {
  const places = [...moves, ...staying, ...clusters, ...proofs, ...scopes, ...guards];
  const known = places.filter(({ path }) => path !== null);
  if (known.length === 0)
    return places.length === 0
      ? []
      : [
          "<sub>Construct paths are not in a plan: `--stack` or `--folder` adds them from what synth laid out.</sub>",
          "",
        ];
  return folded(
    `Addresses and constructs (${known.length})`,
    list(
      room,
      known.map(({ address, path }) => `${code(address)} is ${code(path!)}`),
      "addresses",
    ),
  );
}
