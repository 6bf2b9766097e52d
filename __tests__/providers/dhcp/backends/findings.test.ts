import type { Finding } from "../../../../providers/dhcp/backends/backend";
import { findingsOfAll } from "../../../../providers/dhcp/backends/findings";

const finding = (kind: string, more: Partial<Finding> = {}): Finding => ({
  kind,
  severity: "warning",
  scope: "server",
  value: "x",
  advice: "Mend it.",
  ...more,
});
const view = (label: string, answer: readonly string[], ...findings: Finding[]) => ({
  label,
  answer,
  findings,
});

test("what both servers have is said once, what differs twice; sorted", () => {
  const info = finding("b", { severity: "info" });
  const found = findingsOfAll([
    view("one", ["10.0.0.1"], finding("c"), finding("b")),
    view("two", ["10.0.0.1"], finding("b"), info, finding("a")),
  ]);
  expect(found).toEqual([finding("a"), finding("b"), info, finding("c")]);
});

test("servers that do not agree, each with its answer", () => {
  expect(findingsOfAll([view("one", ["10.0.0.1"]), view("two", [])])).toEqual([
    expect.objectContaining({ kind: "peers-differ", value: "one: 10.0.0.1; two: (nothing)" }),
  ]);
});
