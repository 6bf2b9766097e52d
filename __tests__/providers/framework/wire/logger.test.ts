import { createLogger } from "../../../../providers/framework/wire/logger";

function logWith(env: { [name: string]: string }) {
  const lines: string[] = [];
  return { log: createLogger({ name: "cucm", env, write: (line) => lines.push(line) }), lines };
}

test("a line is one JSON object as hclog writes it", () => {
  const { log, lines } = logWith({ TF_LOG: "debug" });
  log.warn("node is away", { node: "sub1", "@module": "no" });
  expect(lines).toHaveLength(1);
  expect(lines[0]!.endsWith("}\n")).toBe(true);
  expect(JSON.parse(lines[0]!)).toEqual({
    "@level": "warn",
    "@message": "node is away",
    "@module": "cucm",
    "@timestamp": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    node: "sub1",
  });
});

test.each<[{ [name: string]: string }, string[]]>([
  [{}, []],
  [{ TF_LOG: "off" }, []],
  [{ TF_LOG: "ERROR" }, ["error"]],
  [{ TF_LOG: "WARN" }, ["warn", "error"]],
  [{ TF_LOG: "trace", TF_LOG_PROVIDER: "info" }, ["info", "warn", "error"]],
  [{ TF_LOG: "JSON" }, ["trace", "debug", "info", "warn", "error"]],
  [{ TF_LOG: "yes please" }, ["trace", "debug", "info", "warn", "error"]],
])("%p writes %p", (env, levels) => {
  const { log, lines } = logWith(env);
  for (const level of ["trace", "debug", "info", "warn", "error"] as const) log[level]("x");
  expect(lines.map((line) => JSON.parse(line)["@level"])).toEqual(levels);
});

test("a line never exceeds the host's buffer, and still is JSON", () => {
  const { log, lines } = logWith({ TF_LOG: "trace" });
  log.info("\0".repeat(100_000), { body: "ü".repeat(100_000) });
  log.info("x", { body: "y".repeat(200_000) });
  log.info(["x".repeat(100_000)] as never);
  for (const line of lines) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(64 * 1024);
    expect(JSON.parse(line)).toMatchObject({ "@level": "info", truncated: true });
  }
});

test("fields that are no JSON after all are said as far as they can be, and end nothing", () => {
  const { log, lines } = logWith({ TF_LOG: "trace" });
  const circle: { [name: string]: unknown } = { node: "sub1" };
  circle.self = circle;
  const unreadable = Object.defineProperty({ node: "sub2" }, "field", {
    enumerable: true,
    get: () => {
      throw new Error("not now");
    },
  });
  log.info("big", { count: 5n as never });
  log.info("circle", circle as never);
  log.info("unreadable", unreadable as never);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { "@message": "big", count: "5" },
    { "@message": "circle", node: "sub1", self: "(and so on)" },
    { "@message": "unreadable", node: "sub2", field: "(cannot be shown)" },
  ]);
});

test.each<[unknown, string]>([
  [5n, "5"],
  [new RangeError("beyond"), "RangeError: beyond"],
  [Object.create(null), "(cannot be shown)"],
])("a message that is no text after all is written as one", (message, written) => {
  const { log, lines } = logWith({ TF_LOG: "trace" });
  log.info(message as never, { count: 5n as never });
  expect(JSON.parse(lines[0]!)).toMatchObject({ "@message": written });
});
