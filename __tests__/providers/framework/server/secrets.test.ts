import { defineResource } from "../../../../providers/framework/define";
import { attr } from "../../../../providers/framework/schema/attribute";
import { secret } from "../../../../providers/framework/schema/secret";
import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import { Secrets } from "../../../../providers/framework/server/secrets";
import { linesOf, NO_BYTES, providerOf, recordingLog, running, serverFor } from "./fixture";

const pin = secret("pin", { description: "The pin." });
const attributes = {
  token: attr.string({ description: "Token.", required: true, sensitive: true }),
  boxes: attr.mapOf(
    { key: attr.string({ description: "Key.", required: true, sensitive: true }) },
    { description: "Boxes.", optional: true },
  ),
  ...pin.attributes,
};
const config = {
  token: "t0psecret",
  boxes: { a: { key: "inner-key" } },
  pin_wo: "4711-x",
  pin_wo_version: 1,
};

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

test("a secret that holds another one is masked whole, and numbers are secrets too", () => {
  const secrets = new Secrets();
  const sensitive = {
    ...attributes,
    code: attr.number({ description: "Code.", optional: true, sensitive: true }),
  };
  secrets.add(sensitive, { ...config, token: "hunter", pin_wo: "hunter2-Secret", code: 904217 });
  expect(secrets.mask("hunter2-Secret and 904217")).toBe("(sensitive value) and (sensitive value)");
});

test("what the provider's own configuration holds is masked in every resource", () => {
  const outer = new Secrets();
  outer.add(attributes, config);
  expect(new Secrets(outer).mask("t0psecret")).toBe("(sensitive value)");
  expect(new Secrets(outer).maskJson({ a: ["t0psecret"] })).toEqual({ a: ["(sensitive value)"] });
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
