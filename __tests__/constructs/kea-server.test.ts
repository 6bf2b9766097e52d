import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { fromEnv, KeaServer, type KeaServerProps } from "../../constructs";
import { synthesised, TLS_PIN } from "./support/declared";

const server = (props: Partial<KeaServerProps> = {}, id = "kea") => {
  const stack = new TerraformStack(Testing.app(), "stack");
  return { stack, kea: new KeaServer(stack, id, { endpoints: ["unix:///run/kea.sock"], ...props }) };
};
const configured = (props: Partial<KeaServerProps>) =>
  synthesised(server(props).stack).provider.dhcp![0]!.servers.kea.kea;

test("its id is its name", () => {
  expect(server({}, "kea-hq").kea.serverName).toBe("kea-hq");
});

test("everything that it says of itself is in the provider's configuration", () => {
  expect(
    configured({
      endpoints: ["https://10.1.0.5:8004", "https://[2001:db8::5]:8004"],
      identity: { tlsSha256: [TLS_PIN], caPem: "pem" },
      credentials: fromEnv("KEA"),
      clientCertificate: { certificateFile: "/etc/kea/client.pem", keyFile: "/etc/kea/client.key" },
      persist: "config-write",
    }),
  ).toEqual({
    endpoints: ["https://10.1.0.5:8004", "https://[2001:db8::5]:8004"],
    tls_sha256: [TLS_PIN],
    ca_pem: "pem",
    username_env: "DHCP_KEA_USERNAME",
    password_env: "DHCP_KEA_PASSWORD",
    client_certificate_file: "/etc/kea/client.pem",
    client_key_file: "/etc/kea/client.key",
    persist: "config-write",
  });
});

test("what it does not say, the provider decides", () => {
  expect(configured({})).toEqual({ endpoints: ["unix:///run/kea.sock"] });
});

test("http is for loopback", () => {
  for (const endpoint of [
    "http://127.0.0.1:8000",
    "http://127.3.2.1:8000",
    "http://localhost:8000",
    "http://[::1]:8000",
  ])
    expect(() => server({ endpoints: [endpoint] })).not.toThrow();
  for (const endpoint of [
    "http://10.1.0.5:8000",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
  ])
    expect(() => server({ endpoints: [endpoint] })).toThrow(
      `[stack/kea] endpoint "${endpoint}" is not encrypted; http is for loopback only. Write unix:///path or https://host:port.`,
    );
});

test.each<[string, Partial<KeaServerProps>, string]>([
  ["no endpoint", { endpoints: [] }, "endpoints is empty. Name at least one control socket"],
  ["an endpoint that is no URL", { endpoints: ["10.1.0.5"] }, 'endpoint "10.1.0.5" is no URL.'],
  [
    "a socket without a path",
    { endpoints: ["unix://kea.sock"] },
    'endpoint "unix://kea.sock" has no absolute path.',
  ],
  [
    "an unknown scheme",
    { endpoints: ["ftp://10.1.0.5"] },
    'endpoint "ftp://10.1.0.5" has scheme ftp:, which is not known.',
  ],
  [
    "https that nobody proves",
    { endpoints: ["unix:///a", "https://10.1.0.5:8004"] },
    "identity says nothing of how https://10.1.0.5:8004 proves who it is. Add tlsSha256",
  ],
  [
    "a pin that is none",
    { identity: { tlsSha256: ["abc"] } },
    'identity.tlsSha256 has "abc". Write the SHA-256',
  ],
])("%s is refused at synth, with the construct's path and the fix", (_, props, message) => {
  expect(() => server(props)).toThrow(
    expect.objectContaining({
      name: "ConfigurationError",
      message: expect.stringContaining(`[stack/kea] ${message}`),
    }),
  );
});

test("two servers of one name are refused; two names share one provider", () => {
  const { stack } = server();
  new KeaServer(stack, "branch", { endpoints: ["unix:///run/branch.sock"] });
  expect(Object.keys(synthesised(stack).provider.dhcp![0]!.servers)).toEqual(["branch", "kea"]);
  expect(() => new KeaServer(new Construct(stack, "elsewhere"), "kea", { endpoints: ["unix:///a"] })).toThrow(
    '[stack/elsewhere/kea] Another DHCP server of this stack is named "kea".',
  );
});
