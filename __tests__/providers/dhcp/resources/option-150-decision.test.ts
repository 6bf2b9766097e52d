import type { Answer } from "../../../../providers/dhcp/backends/backend";
import {
  type Declared,
  decide,
  type Serve,
  served,
  textOf,
} from "../../../../providers/dhcp/resources/option-150-decision";

const A = ["192.0.2.21"];
const B = ["198.51.100.21"];
const THIRD = ["203.0.113.9"];
const on = (serve: Serve, more: Partial<Declared> = {}): Declared => ({
  source_addresses: A,
  destination_addresses: B,
  serve,
  ...more,
});

describe("what a change does", () => {
  test.each<[string, Declared | null, Declared, Answer[], string]>([
    ["create on the source, as it is", null, on("source"), [A], ""],
    ["create on the source, moved already: back", null, on("source"), [B], "writes"],
    ["create on the source, third value: left alone", null, on("source"), [THIRD], "third"],
    ["create on the destination: a move", null, on("destination"), [A], "moves writes"],
    ["create on the destination, there already: adopted", null, on("destination"), [B], ""],
    ["create on the destination, third value", null, on("destination"), [THIRD], "moves writes third"],
    ["there", on("source"), on("destination"), [A], "moves writes"],
    ["there, third value", on("source"), on("destination"), [THIRD], "moves writes third"],
    ["back", on("destination"), on("source"), [B], "writes"],
    ["back, third value: put right", on("destination"), on("source"), [THIRD], "writes third"],
    ["nothing asked, third value", on("destination"), on("destination"), [THIRD], "third"],
    ["a pair half-way there", on("mixed"), on("destination"), [B, A], "moves writes"],
    ["a pair half-way back", on("mixed"), on("source"), [B, A], "writes"],
    ["a pair, one with a third value", on("source"), on("destination"), [A, THIRD], "moves writes third"],
    [
      "other destination addresses: a move",
      on("destination"),
      on("destination", { destination_addresses: THIRD }),
      [B],
      "moves writes",
    ],
    [
      "other source addresses while on the source",
      on("source"),
      on("source", { source_addresses: THIRD }),
      [A],
      "writes",
    ],
    [
      "source addresses declared as they are",
      on("source"),
      on("source", { source_addresses: THIRD }),
      [THIRD],
      "",
    ],
    [
      "other source addresses, and somebody's value",
      on("source"),
      on("source", { source_addresses: ["192.0.2.5"] }),
      [THIRD],
      "third",
    ],
    [
      "other addresses of the other side",
      on("source"),
      on("source", { destination_addresses: THIRD }),
      [A],
      "",
    ],
    [
      "inherited there",
      on("source", { source_addresses: null }),
      on("destination", { source_addresses: null }),
      ["inherited"],
      "moves writes",
    ],
    [
      "inherited back",
      on("destination", { source_addresses: null }),
      on("source", { source_addresses: null }),
      [B],
      "writes",
    ],
    [
      "the order counts",
      null,
      on("source", { source_addresses: ["10.0.0.1", "10.0.0.2"] }),
      [["10.0.0.2", "10.0.0.1"]],
      "third",
    ],
  ])("%s", (_, prior, next, answers, expected) => {
    const decision = decide(prior, next, { answers });
    const said = (["moves", "writes", "third"] as const).filter((what) => decision[what]).join(" ");
    expect(said).toBe(expected);
  });
});

test.each<[string, Declared, Answer[], boolean]>([
  ["what is declared is served", on("source"), [A], true],
  ["it is to be written, and saved with that", on("destination"), [A], false],
  ["somebody else's answer is theirs to save", on("source"), [THIRD], false],
])("what was not saved: %s", (_, next, answers, saves) => {
  expect(decide(on("source"), next, { answers, unsaved: true }).saves).toBe(saves);
  expect(decide(on("source"), next, { answers }).saves).toBe(false);
});

test.each<[Answer[], Serve]>([
  [[A], "source"],
  [[B], "destination"],
  [[B, B], "destination"],
  [[A, B], "mixed"],
  [[THIRD], "destination"],
  [[A, THIRD], "destination"],
  [["inherited"], "destination"],
])("servers that answer %j serve the %s when the destination was recorded", (answers, serve) => {
  expect(served(on("source"), answers, "destination")).toBe(serve);
});

test("what is no list of addresses is shown as a text of somebody's", () => {
  expect(textOf(["192.0.2.21", "192.0.2.22"])).toBe("192.0.2.21, 192.0.2.22");
  expect(textOf(["\u001b[2Jtftp"])).toBe('"\\u001b[2Jtftp"');
});
