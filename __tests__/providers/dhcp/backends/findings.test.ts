import type { Finding } from "../../../../providers/dhcp/backends/backend";
import { findingsOfAll } from "../../../../providers/dhcp/backends/findings";

const finding = (kind: Finding["kind"], more: Partial<Finding> = {}): Finding => ({
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
  const info = finding("duplicate", { severity: "info" });
  const found = findingsOfAll([
    view("one", ["10.0.0.1"], finding("shadowed"), finding("duplicate")),
    view("two", ["10.0.0.1"], finding("duplicate"), info, finding("always-send")),
  ]);
  expect(found).toEqual([finding("always-send"), finding("duplicate"), info, finding("shadowed")]);
});

test("servers that do not agree, each with its answer", () => {
  expect(findingsOfAll([view("one", ["10.0.0.1"]), view("two", [])])).toEqual([
    expect.objectContaining({ kind: "peers-differ", value: "one: 10.0.0.1; two: (nothing)" }),
  ]);
});
