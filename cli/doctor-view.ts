/** What `phone-migration doctor` shows of a cluster. */
import { printable } from "../trust/describe";
import { type Cell, type Style, table } from "./table";

export interface Finding {
  readonly assumption: string;
  readonly node: string | null;
  readonly verdict: "holds" | "deviates" | "unknown" | "not tried";
  readonly detail: string;
  /** JSON. */
  readonly settings: string | null;
}

/** What is used of `cucm_assumptions`. */
export interface Examination {
  readonly cluster: string;
  readonly findings: readonly Finding[];
  readonly lines_to_set: string | null;
  readonly transcript: string | null;
}

const COLOURS = { deviates: "red", unknown: "yellow", holds: "green", "not tried": "dim" } as const;
const VERDICTS = Object.keys(COLOURS) as Finding["verdict"][];

/**
 * What needs a hand comes first, and what several rows share because of one cause is told before the table, once. Nodes
 * that show the same share a row, rows of an assumption are together, and what was not tried shares a line by reason.
 */
export function asText(style: Style, { cluster, findings, lines_to_set: lines }: Examination): string {
  const tried = findings.filter(({ verdict }) => verdict !== "not tried");
  const causes = causesOf(tried);
  const names = tried.map(({ assumption }) => assumption);
  const rows = sharedRows(tried)
    .sort(([one], [other]) => {
      const verdicts = VERDICTS.indexOf(one!.verdict) - VERDICTS.indexOf(other!.verdict);
      return verdicts || names.indexOf(one!.assumption) - names.indexOf(other!.assumption);
    })
    .map((same): Cell[] => {
      const { verdict, assumption, detail } = same[0]!;
      const nodes = same.flatMap(({ node }) => node ?? []);
      return [
        { text: verdict, colour: COLOURS[verdict] },
        printable(assumption),
        printable(nodes.join(", ") || "cluster"),
        printable(referring(detail, causes)),
      ];
    });
  const untried = by(
    findings.filter(({ verdict }) => verdict === "not tried"),
    ({ detail }) => detail,
  ).map((same) => {
    const names = [...new Set(same.map(({ assumption }) => assumption))].join(", ");
    return printable(`Not tried, ${referring(same[0]!.detail, causes)}: ${names}`);
  });
  return [
    `Cluster ${printable(cluster)}`,
    ...causes.map((cause, i) => printable(`[${i + 1}] ${cause}`)),
    table(style, ["VERDICT", "ASSUMPTION", "WHERE", "WHAT WAS SEEN"], rows),
    ...untried,
    ...(lines === null ? [] : lines.split("\n").map(printable)),
  ].join("\n");
}

/** The rows of the table: nodes that show the same share one. */
export const sharedRows = (findings: readonly Finding[]): Finding[][] =>
  by(findings, ({ assumption, verdict, detail }) => `${assumption}\n${verdict}\n${detail}`);

/** Details of what needs a hand that several assumptions share: an account that is refused, say, or a wrong pin. */
function causesOf(tried: readonly Finding[]): readonly string[] {
  const amiss = tried.filter(({ verdict }) => verdict !== "holds");
  return by(amiss, ({ detail }) => detail)
    .filter((same) => new Set(same.map(({ assumption }) => assumption)).size > 1)
    .map(([one]) => one!.detail);
}

/** With the number of a cause in its place. */
function referring(detail: string, causes: readonly string[]): string {
  if (causes.includes(detail)) return `see [${causes.indexOf(detail) + 1}]`;
  const i = causes.findIndex((cause) => detail.includes(cause));
  return i < 0 ? detail : detail.replace(causes[i]!, () => `[${i + 1}]`);
}

function by(findings: readonly Finding[], key: (finding: Finding) => string): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const one of findings) {
    const group = groups.get(key(one)) ?? [];
    group.push(one);
    groups.set(key(one), group);
  }
  return [...groups.values()];
}
