import { defineResource } from "../../../../providers/framework/define";
import { attr } from "../../../../providers/framework/schema/attribute";
import { dynamicOf } from "../../../../providers/framework/schema/dynamic";
import { BigDecimal } from "../../../../providers/framework/schema/value";
import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import { Secrets } from "../../../../providers/framework/server/secrets";
import { createLogger } from "../../../../providers/framework/wire/logger";
import { linesOf, NO_BYTES, providerOf, recordingLog, resourceOf, running, serverFor } from "./fixture";
import { attributes, config, pin } from "./secret-fixture";

test("no log line and no message of a hook has a sensitive or write-only value", async () => {
  const { log, lines } = recordingLog();
  const chatty = defineResource<string>()({
    type: "test_thing",
    description: "Talks.",
    example: "",
    attributes,
    validate: (c, ctx) => ctx.warn(`token ${String(c.token)}`, "odd"),
    read: async ({ state }) => ({ state }),
    create: async ({ config: c }, ctx) => {
      ctx.log.info(`logging in with ${c.pin_wo}`, {
        body: { auth: [`Bearer ${c.token}`] },
        key: c.boxes!.a!.key,
      });
      ctx.warn("Slow", `with ${c.pin_wo}`);
      throw new Error(`refused ${c.token}`);
    },
    delete: async () => {},
    update: async ({ prior }) => ({ state: prior }),
  });
  const server = createProviderServer(providerOf(chatty), { log });
  await server.configureProvider({ config: { region: null }, signal: running });
  const { diagnostics } = await server.applyResourceChange({
    type: "test_thing",
    prior: null,
    planned: { ...config, pin_wo: null },
    config,
    plannedPrivate: NO_BYTES,
    signal: running,
  });
  const validated = await server.validateResourceConfig({
    type: "test_thing",
    config,
    writeOnlyAllowed: true,
  });
  const everything = JSON.stringify([lines, diagnostics, validated]);
  for (const value of ["t0psecret", "inner-key", "4711-x"]) expect(everything).not.toContain(value);
  expect(lines[0]).toMatchObject({
    message: "logging in with (sensitive value)",
    fields: { body: { auth: ["Bearer (sensitive value)"] }, key: "(sensitive value)" },
  });
  expect(linesOf(diagnostics)).toEqual([
    "warning: Slow / with (sensitive value)",
    expect.stringContaining("Error: refused (sensitive value)"),
  ]);
});

test("a text of several lines is masked line by line; short ones are not masked", () => {
  const secrets = new Secrets();
  secrets.add(attributes, { token: "-----BEGIN\nabcdef\nxy", boxes: null, pin_wo: "abc", pin_wo_version: 1 });
  expect(secrets.mask("got abcdef, xy and abc")).toBe("got (sensitive value), xy and abc");
});

test("blanks of a text of several lines are not masked elsewhere", () => {
  const secrets = new Secrets();
  secrets.add(attributes, { ...config, token: "{\r\n    \r\n    abcdef\t\r\n    }\r\n}" });
  expect(secrets.mask("    shown, abcdef\n    }")).toBe("    shown, (sensitive value)\n    }");
});

test("a secret that holds another one is masked whole, and numbers are secrets too", () => {
  const secrets = new Secrets();
  const sensitive = {
    ...attributes,
    code: attr.number({ description: "Code.", optional: true, sensitive: true }),
  };
  secrets.add(sensitive, { ...config, token: "hunter", pin_wo: "hunter2-Secret", code: 904217 });
  expect(secrets.mask("hunter2-Secret and 904217")).toBe("(sensitive value) and (sensitive value)");
});

test("a sensitive dynamic value is masked, in values and in stored states; the words for types are not", () => {
  const anything = attr.dynamic({ description: "Any.", optional: true, sensitive: true });
  const held = { user: "the-user", list: ["one-item", 88123] };
  for (const value of [dynamicOf(held), { type: dynamicOf(held).type as never, value: held }]) {
    const secrets = new Secrets();
    secrets.add({ anything }, { anything: value });
    expect(secrets.mask("the-user has one-item, 88123: object, string, number, user")).toBe(
      "(sensitive value) has (sensitive value), (sensitive value): object, string, number, user",
    );
  }
});

test("fields are masked whatever they are: numbers, and keys too", () => {
  const code = attr.number({ description: "Code.", optional: true, sensitive: true });
  const rates = attr.list("number", { description: "Rates.", optional: true, sensitive: true });
  const users = attr.map("string", { description: "Users.", optional: true, sensitive: true });
  const box = attr.object(
    { inside: attr.string({ description: "In it.", required: true }) },
    { description: "A box.", optional: true, sensitive: true },
  );
  const secrets = new Secrets();
  const big = new BigDecimal("0.12345678901234567890");
  secrets.add(
    { code, rates, users, box },
    { code: 904217, rates: [12.5, big], users: { "the-key": "the-value" }, box: { inside: "the-box" } },
  );
  const masked = "(sensitive value)";
  expect(secrets.maskJson({ a: [904217, 12.5, 7, Number(big.text)], "the-key": true })).toEqual({
    a: [masked, masked, 7, masked],
    [masked]: true,
  });
  expect(secrets.mask("the-key, the-value, the-box, inside")).toBe(`${masked}, ${masked}, ${masked}, inside`);
});

test("fields that are no JSON after all are masked, and end nothing", () => {
  const secrets = new Secrets();
  secrets.add(attributes, config);
  const circle: { [name: string]: unknown } = { said: "t0psecret, 5" };
  circle.self = circle;
  expect(secrets.maskFields(circle as never)).toEqual({
    said: "(sensitive value), 5",
    self: "(and so on)",
  });
  expect(secrets.maskFields({ n: 5n, "4711-x": 5n } as never)).toEqual({ n: 5n, "(sensitive value)": 5n });
});

test("what the provider's own configuration holds is masked in every resource", () => {
  const outer = new Secrets();
  outer.add(attributes, config);
  expect(new Secrets(outer).mask("t0psecret")).toBe("(sensitive value)");
  expect(new Secrets(outer).maskJson({ a: ["t0psecret"] })).toEqual({ a: ["(sensitive value)"] });
});

describe("thousands of secrets", () => {
  const schema = { token: attr.string({ description: "Token.", required: true, sensitive: true }) };
  const lines = (from: number, count: number) => Array.from({ length: count }, (_, i) => `line-${from + i}`);
  const holding = (from: number, count: number) => {
    const secrets = new Secrets();
    for (const token of lines(from, count)) secrets.add(schema, { token });
    return secrets;
  };

  /** Which of the first ten are masked. */
  const known = (secrets: Secrets) =>
    lines(0, 10).flatMap((line, i) => (secrets.mask(line).startsWith("line-") ? [] : [i]));

  it("do not make masking slow", () => {
    const took = (secrets: Secrets) => {
      const times = Array.from({ length: 9 }, () => {
        const before = performance.now();
        for (let i = 0; i < 100; i++)
          secrets.mask(`a line of a log that is as long as most, and line-${i} in it`);
        return performance.now() - before;
      });
      return Math.min(...times);
    };
    const [few, many] = [holding(0, 10), holding(0, 50_000)];
    took(few);
    expect(took(many)).toBeLessThan(20 * took(few));
  });

  it("that overlap leave nothing of each other", () => {
    const secrets = new Secrets();
    for (const token of ["abcdef", "defghi", "jklm", "klmn"]) secrets.add(schema, { token });
    expect(secrets.mask("abcdefghi, abcdefjklm, jklmn")).toBe(
      "(sensitive value), (sensitive value)(sensitive value), (sensitive value)",
    );
  });

  it("are forgotten, the oldest first, but for those that are to be kept", () => {
    const secrets = holding(0, 10);
    secrets.add(schema, { token: "line-1" });
    secrets.forget({ texts: 4, characters: 1_000 }, holding(0, 1));
    expect(known(secrets)).toEqual([0, 1, 8, 9]);
  });

  it("are forgotten when they are long, however few", () => {
    const secrets = holding(0, 10);
    secrets.forget({ texts: 20, characters: 4 * "line-0".length }, holding(0, 1));
    expect(known(secrets)).toEqual([0, 7, 8, 9]);
    // What is to be kept may be more than the most.
    secrets.forget({ texts: 20, characters: 1 }, holding(0, 2));
    expect(known(secrets)).toEqual([0, 9]);
    secrets.forget({ texts: 20, characters: 1 }, holding(0, 1));
    expect(known(secrets)).toEqual([0]);
  });

  it("of a server: the provider's own and the last ones are masked in lines of nobody", async () => {
    const { log, lines: said } = recordingLog();
    const thing = resourceOf(schema);
    const provider = { ...providerOf(thing), attributes: { region: schema.token } };
    const server = createProviderServer(provider, { log });
    await server.configureProvider({ config: { region: "the-region" }, signal: running });
    for (const from of [0, 15_000, 30_000]) {
      const config = { token: lines(from, 15_000).join("\n") };
      await server.validateResourceConfig({ type: "test_thing", config, writeOnlyAllowed: true });
    }
    server.log.info("line-0, line-44999, the-region");
    expect(said).toMatchObject([{ message: "line-0, (sensitive value), (sensitive value)" }]);
  });

  it("cost nothing where the log is not written", async () => {
    const log = createLogger({ name: "test", env: { TF_LOG: "warn" }, write: () => undefined });
    let asked = 0;
    const fields = {
      get field() {
        asked++;
        return "seen";
      },
    };
    const thing = resourceOf(schema, {
      create: async ({ config }, ctx) => {
        ctx.log.info("not written", fields);
        expect(asked).toBe(0);
        ctx.log.warn("written", fields);
        expect(asked).toBeGreaterThan(0);
        return { state: config as never };
      },
    });
    const server = createProviderServer(providerOf(thing), { log });
    await server.configureProvider({ config: { region: null }, signal: running });
    const config = { token: "t0psecret" };
    const given = { type: "test_thing", prior: null, planned: config, config, plannedPrivate: NO_BYTES };
    expect((await server.applyResourceChange({ ...given, signal: running })).diagnostics).toEqual([]);
  });
});

test("a secret and its version belong together", async () => {
  const server = await serverFor(
    defineResource<string>()({
      type: "test_thing",
      description: "d",
      example: "",
      attributes: pin.attributes,
      validate: pin.rule,
      read: async ({ state }) => ({ state }),
      create: async ({ planned }) => ({ state: planned as never }),
      delete: async () => {},
    }),
  );
  const validate = async (pin_wo: string | null, pin_wo_version: number | null) =>
    linesOf(
      (
        await server.validateResourceConfig({
          type: "test_thing",
          config: { pin_wo, pin_wo_version },
          writeOnlyAllowed: true,
        })
      ).diagnostics,
    );
  expect(await validate("4711", null)).toEqual([
    expect.stringMatching(/^error pin_wo: "pin_wo_version" is missing/),
  ]);
  expect(await validate("4711", 1)).toEqual([]);
  expect(await validate(null, null)).toEqual([]);
  expect([
    pin.changed(null, { pin_wo_version: 1 }),
    pin.changed({ pin_wo_version: 1 }, { pin_wo_version: 1 }),
    pin.changed({ pin_wo_version: 1 }, { pin_wo_version: 2 }),
  ]).toEqual([true, false, true]);
});
