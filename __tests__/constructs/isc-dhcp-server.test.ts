import { TerraformStack, Testing } from "cdktf";
import { fromEnv, IscDhcpServer, type IscDhcpServerProps, KeaServer } from "../../constructs";
import { synthesised } from "./support/declared";

const PIN = `SHA256:${"a".repeat(43)}`;
const server = (props: Partial<IscDhcpServerProps> = {}) => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const dhcpd = new IscDhcpServer(stack, "dhcpd", {
    hosts: ["10.1.0.5"],
    credentials: fromEnv("VOICE"),
    ...props,
  });
  return { stack, dhcpd };
};
const configured = (props: Partial<IscDhcpServerProps>) =>
  synthesised(server(props).stack).provider.dhcp![0]!.servers.dhcpd.isc_dhcpd;

test("its id is its name; it stands beside servers of another kind", () => {
  const { stack, dhcpd } = server();
  expect(dhcpd.serverName).toBe("dhcpd");
  new KeaServer(stack, "kea", { endpoints: ["unix:///run/kea.sock"] });
  expect(Object.keys(synthesised(stack).provider.dhcp![0]!.servers)).toEqual(["dhcpd", "kea"]);
});

test("everything that it says of itself is in the provider's configuration", () => {
  const commands = { testCommand: "t", restartCommand: "r", statusCommand: "s" };
  expect(
    configured({
      hosts: ["10.1.0.5", "dhcp2.example.com"],
      port: 2222,
      sshSha256: [PIN],
      login: "private-key-and-passphrase",
      configFile: "/usr/local/etc/dhcpd.conf",
      includeDirectory: "/usr/local/etc/cucm",
      ...commands,
    }),
  ).toEqual({
    hosts: ["10.1.0.5", "dhcp2.example.com"],
    port: 2222,
    ssh_sha256: [PIN],
    username_env: "DHCP_VOICE_USERNAME",
    private_key_env: "DHCP_VOICE_PRIVATE_KEY",
    private_key_passphrase_env: "DHCP_VOICE_PRIVATE_KEY_PASSPHRASE",
    config_file: "/usr/local/etc/dhcpd.conf",
    include_directory: "/usr/local/etc/cucm",
    test_command: "t",
    restart_command: "r",
    status_command: "s",
  });
});

test("what it does not say, the provider decides; a password unless it says otherwise", () => {
  expect(configured({})).toEqual({
    hosts: ["10.1.0.5"],
    username_env: "DHCP_VOICE_USERNAME",
    password_env: "DHCP_VOICE_PASSWORD",
  });
  expect(configured({ login: "private-key" })).toEqual({
    hosts: ["10.1.0.5"],
    username_env: "DHCP_VOICE_USERNAME",
    private_key_env: "DHCP_VOICE_PRIVATE_KEY",
  });
});

test.each<[string, object, string]>([
  ["no host", { hosts: [] }, "hosts is empty. Name the machine"],
  ["a host that is a URL", { hosts: ["ssh://10.1.0.5"] }, 'host "ssh://10.1.0.5" is no address.'],
  ["a port that is none", { port: 0 }, "port is 0. Write a port"],
  ["a pin that is none", { sshSha256: ["ab12"] }, 'sshSha256 has "ab12". Write SHA256:'],
  ["an unknown login", { login: "agent" }, 'login is "agent". Write one of password, private-key'],
  ["a relative path", { configFile: "dhcpd.conf" }, 'configFile "dhcpd.conf" is no absolute path.'],
  [
    "a directory with a / at its end",
    { includeDirectory: "/etc/dhcp/" },
    'includeDirectory "/etc/dhcp/" is no',
  ],
  ["a property that nobody knows", { hostKeys: [PIN] }, 'there is no property "hostKeys".'],
])("%s is refused at synth, with the construct's path and the fix", (_, props, message) => {
  expect(() => server(props)).toThrow(
    expect.objectContaining({
      name: "ConfigurationError",
      message: expect.stringContaining(`[stack/dhcpd] ${message}`),
    }),
  );
});
