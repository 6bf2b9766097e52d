import { TerraformStack, Testing } from "cdktf";
import {
  fromEnv,
  IosXeServer,
  type IosXeServerProps,
  KeaServer,
  VoiceScope,
  type VoiceScopeProps,
} from "../../constructs";
import { synthesised, TLS_PIN } from "./support/declared";

const server = (props: Partial<IosXeServerProps> = {}) => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const router = new IosXeServer(stack, "router", {
    endpoints: ["https://10.1.20.1"],
    identity: { tlsSha256: [TLS_PIN] },
    credentials: fromEnv("ROUTER"),
    ...props,
  });
  return { stack, router };
};
const configured = (props: Partial<IosXeServerProps>) =>
  synthesised(server(props).stack).provider.dhcp![0]!.servers.router.ios_xe;

test("its id is its name; it stands beside servers of another kind", () => {
  const { stack, router } = server();
  expect(router.serverName).toBe("router");
  new KeaServer(stack, "kea", { endpoints: ["unix:///run/kea.sock"] });
  expect(Object.keys(synthesised(stack).provider.dhcp![0]!.servers)).toEqual(["kea", "router"]);
});

test("everything that it says of itself is in the provider's configuration", () => {
  expect(
    configured({
      endpoints: ["https://10.1.20.2", "https://[2001:db8::5]:8443"],
      identity: { tlsSha256: [TLS_PIN], caPem: "pem" },
      vrf: "voice",
      addressLeaf: "hex-new",
      saveConfig: true,
    }),
  ).toEqual({
    endpoints: ["https://10.1.20.2", "https://[2001:db8::5]:8443"],
    tls_sha256: [TLS_PIN],
    ca_pem: "pem",
    username_env: "DHCP_ROUTER_USERNAME",
    password_env: "DHCP_ROUTER_PASSWORD",
    vrf: "voice",
    address_leaf: "hex-new",
    save_config: true,
  });
});

test("what it does not say, the provider decides", () => {
  expect(configured({})).toEqual({
    endpoints: ["https://10.1.20.1"],
    tls_sha256: [TLS_PIN],
    username_env: "DHCP_ROUTER_USERNAME",
    password_env: "DHCP_ROUTER_PASSWORD",
  });
});

test.each<[string, Partial<IosXeServerProps>, string]>([
  ["no endpoint", { endpoints: [] }, "endpoints is empty. Name the device"],
  [
    "an endpoint that is no URL",
    { endpoints: ["10.1.20.1"] },
    'endpoint "10.1.20.1" is no URL. Write https://host',
  ],
  ["http", { endpoints: ["http://127.0.0.1"] }, 'endpoint "http://127.0.0.1" is not HTTPS'],
  [
    "a path",
    { endpoints: ["https://10.1.20.1/restconf"] },
    'endpoint "https://10.1.20.1/restconf" has a path.',
  ],
  [
    "a password",
    { endpoints: ["https://a:b@10.1.20.1"] },
    'endpoint "https://a:b@10.1.20.1" has credentials in it.',
  ],
  [
    "nobody proves",
    { identity: {} },
    "identity says nothing of how https://10.1.20.1 proves who it is. Add tlsSha256",
  ],
  ["a pin that is none", { identity: { tlsSha256: ["abc"] } }, 'identity.tlsSha256 has "abc".'],
  ["an empty VRF", { vrf: " " }, "vrf is empty."],
  [
    "an unknown leaf",
    { addressLeaf: "ips" as unknown as "ip" },
    'addressLeaf is "ips". Write one of ip-ordered, ip-new, ip, hex-new.',
  ],
  ["an unknown property", { persist: true } as unknown as Partial<IosXeServerProps>, "persist"],
])("%s is refused at synth, with the construct's path and the fix", (_, props, message) => {
  expect(() => server(props)).toThrow(
    expect.objectContaining({
      name: "ConfigurationError",
      message: expect.stringContaining(message),
    }),
  );
});

test.each<[Partial<VoiceScopeProps>, string | null]>([
  [{ subnet: "10.1.20.0/24" }, null],
  [{ subnet: "10.1.20.0/24", phone: "SEP020000000042" }, null],
  [{ subnet: "10.1.20.0/24", pool: "10.1.20.10-10.1.20.99" }, "IOS-XE keeps option 150 with a whole subnet"],
  [{ sharedNetwork: "hq" }, "IOS-XE has no shared networks. Name each subnet"],
  [{ global: true }, "IOS-XE has no options of the whole server. Name each subnet"],
])("a scope %j of it", (place, problem) => {
  const { stack, router } = server();
  const declare = () => new VoiceScope(stack, "hq", { server: router, ...place });
  if (problem === null) expect(declare).not.toThrow();
  else expect(declare).toThrow(problem);
});
