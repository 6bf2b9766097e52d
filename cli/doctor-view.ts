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

/** What needs a hand comes first; nodes that show the same share a row, and what was not tried shares a line by reason. */
export function asText(style: Style, { cluster, findings, lines_to_set: lines }: Examination): string {
  const tried = findings.filter(({ verdict }) => verdict !== "not tried");
  const rows = [...by(tried, ({ assumption, verdict, detail }) => `${assumption}\n${verdict}\n${detail}`)]
    .sort((a, b) => VERDICTS.indexOf(a[0]!.verdict) - VERDICTS.indexOf(b[0]!.verdict))
    .map((same): Cell[] => {
      const { verdict, assumption, detail } = same[0]!;
      const nodes = same.flatMap(({ node }) => node ?? []);
      return [
        { text: verdict, colour: COLOURS[verdict] },
        printable(assumption),
        printable(nodes.join(", ") || "cluster"),
        printable(detail),
      ];
    });
  const untried = by(
    findings.filter(({ verdict }) => verdict === "not tried"),
    ({ detail }) => detail,
  ).map((same) => {
    const names = [...new Set(same.map(({ assumption }) => assumption))].join(", ");
    return printable(`Not tried, ${same[0]!.detail}: ${names}`);
  });
  return [
    `Cluster ${printable(cluster)}`,
    table(style, ["VERDICT", "ASSUMPTION", "WHERE", "WHAT WAS SEEN"], rows),
    ...untried,
    ...(lines === null ? [] : lines.split("\n").map(printable)),
  ].join("\n");
}

function by(findings: readonly Finding[], key: (finding: Finding) => string): readonly Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const one of findings) {
    const group = groups.get(key(one)) ?? [];
    group.push(one);
    groups.set(key(one), group);
  }
  return [...groups.values()];
}
