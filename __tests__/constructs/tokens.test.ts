/**
 * Values that only a plan knows: variables, attributes of data sources. At synth they are placeholders, and a list of
 * them is a list of one placeholder; nobody may judge or take apart what they stand for.
 */
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { declare, IDENTITY, SSH_PIN, synthesised, TLS_PIN, wave } from "./support/declared";

const variables = () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const variable = (id: string, type: string) => new TerraformVariable(stack, id, { type });
  return {
    stack,
    text: (id: string) => variable(id, "string").stringValue,
    list: (id: string) => variable(id, "list(string)").listValue,
    number: (id: string) => variable(id, "number").numberValue,
  };
};

test("a cluster of variables", () => {
  const { stack, text, list, number } = variables();
  declare({
    stack,
    source: {
      publisher: text("publisher"),
      tftpAddresses: list("tftp"),
      nodeAddresses: { sub: text("sub") },
      risPerMinute: number("rate"),
      identity: { ...IDENTITY, tlsSha256: { "*": [text("tls")] }, sshSha256: { "*": [text("ssh")] } },
    },
    destination: {
      publisher: text("other_publisher"),
      identity: { tlsSha256: { "10.20.0.11": [TLS_PIN] }, sshSha256: { "10.20.0.11": [SSH_PIN] } },
    },
  });
  const json = synthesised(stack);
  expect(json.provider.cucm![0]!.clusters.source).toMatchObject({
    publisher: reference("publisher"),
    node_addresses: { sub: reference("sub") },
    ris_per_minute: reference("rate"),
    identities: { "*": { tls_sha256: [reference("tls")], ssh_sha256: [reference("ssh")] } },
  });
  expect(Object.values(json.resource.dhcp_option_150!)[0]).toMatchObject({
    source_addresses: reference("tftp"),
  });
});

test("a DHCP server and a scope of variables", () => {
  const { stack, text, list } = variables();
  declare({
    stack,
    kea: { endpoints: list("endpoints"), identity: { tlsSha256: [text("pin")] } },
    scope: {
      subnet: text("subnet"),
      sourceAnswer: list("old"),
      destinationAnswer: [text("first"), text("second")],
    },
  });
  const json = synthesised(stack);
  expect(json.provider.dhcp![0]!.servers.kea.kea).toEqual({
    endpoints: reference("endpoints"),
    tls_sha256: [reference("pin")],
  });
  expect(Object.values(json.resource.dhcp_option_150!)[0]).toMatchObject({
    scope: { subnet: reference("subnet") },
    source_addresses: reference("old"),
    destination_addresses: [reference("first"), reference("second")],
  });
});

test("phones are a committed list: what only a plan knows is refused", () => {
  const { stack, list } = variables();
  expect(() => declare({ stack, waves: ({ hq }) => [wave("hq", "source", [hq!], list("phones"))] })).toThrow(
    /^\[stack\/move\] Wave "hq": its phones are known only at plan\. Name them in a committed list/,
  );
});

const reference = (variable: string) => `\${var.${variable}}`;
