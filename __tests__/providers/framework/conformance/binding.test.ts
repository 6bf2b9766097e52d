import { rmSync } from "node:fs";
import { TerraformStack, Testing } from "cdktf";
import { generateBindings } from "../../../../providers/framework/codegen/binding";
import { generateDocs } from "../../../../providers/framework/codegen/docs";
import { writeGenerated } from "../codegen/generated";
import { confProvider } from "./fixture/provider";

/** Every kind of attribute has a binding and a line in the documentation. */

test("a dynamic attribute takes whatever Terraform takes, references too", () => {
  const folder = writeGenerated(generateBindings(confProvider));
  try {
    const { ConfEverything, ConfProvider } = require(folder);
    const stack = new TerraformStack(Testing.app(), "test");
    new ConfProvider(stack, "conf", { device: "d" });
    const anything = (id: string, value: unknown) =>
      new ConfEverything(stack, id, { name: id, anything: value });
    const one = anything("one", "text");
    anything("two", { list: [1, { deep: true }] });
    anything("three", one.anything);
    anything("four", one.echo);
    const { conf_everything: all } = JSON.parse(Testing.synth(stack, true)).resource;
    expect(
      Object.fromEntries(Object.entries<{ anything: unknown }>(all).map(([k, v]) => [k, v.anything])),
    ).toEqual({
      one: "text",
      two: { list: [1, { deep: true }] },
      three: "$" + "{conf_everything.one.anything}",
      four: "$" + "{conf_everything.one.echo}",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the documentation names the types and the marks", () => {
  const page = generateDocs(confProvider).get("resources/everything.md")!;
  for (const line of [
    "`anything` (Dynamic)",
    "`stores` (Map of Set of String)",
    "`matrix` (List of List of Number)",
    "`password_wo` (String, Sensitive, Write-only)",
    "`old` (String, Deprecated)",
    "`bag` (Attributes Set)",
    "Some changes replace the resource.",
    "`create` (String) How long create may take, like `90s` or `1h30m`; `1m` when left out.",
  ])
    expect(page).toContain(line);
});
