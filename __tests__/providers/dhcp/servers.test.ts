import { DhcpServers, kindProblem } from "../../../providers/dhcp/servers";

const DHCPD = {
  hosts: ["10.1.0.5"],
  port: null,
  ssh_sha256: null,
  username_env: "TEST_DHCP_USERNAME",
  password_env: null,
  private_key_env: null,
  private_key_passphrase_env: null,
  config_file: null,
  include_directory: null,
  test_command: null,
  restart_command: null,
  status_command: null,
};
const connect = (isc_dhcpd: typeof DHCPD | object) =>
  new DhcpServers({ dhcpd: { kea: null, isc_dhcpd: { ...DHCPD, ...isc_dhcpd }, ios_xe: null } }).backend(
    "dhcpd",
  );

beforeEach(() => {
  process.env.TEST_DHCP_USERNAME = "voice";
  process.env.TEST_DHCP_PASSWORD = "s3cret";
});

test("a server is of exactly one kind", () => {
  expect(kindProblem({ kea: {}, isc_dhcpd: null, ios_xe: null })).toBeNull();
  expect(kindProblem({ kea: null, isc_dhcpd: {}, ios_xe: null })).toBeNull();
  expect(kindProblem({ kea: null, isc_dhcpd: null, ios_xe: null })).toMatchObject({
    summary: "is of no kind",
  });
  expect(kindProblem({ kea: {}, isc_dhcpd: {}, ios_xe: null })).toMatchObject({ summary: "is of 2 kinds" });
});

test("one login: a password or a private key, from variables that are set", () => {
  expect(connect({ password_env: "TEST_DHCP_PASSWORD" }).name).toBe("dhcpd");
  expect(connect({ private_key_env: "TEST_DHCP_PASSWORD" }).name).toBe("dhcpd");
  expect(() => connect({})).toThrow('DHCP server "dhcpd" has neither a password nor a private key');
  expect(() => connect({ password_env: "A", private_key_env: "B" })).toThrow(
    "has a password and a private key",
  );
  expect(() => connect({ password_env: "TEST_DHCP_NOT_SET" })).toThrow(
    "Environment variable TEST_DHCP_NOT_SET is not set",
  );
});

describe("ios_xe", () => {
  const IOS_XE = {
    endpoints: ["https://10.1.20.1"],
    tls_sha256: [Array.from({ length: 32 }, () => "AB").join(":")],
    ca_pem: null,
    username_env: "TEST_DHCP_USERNAME",
    password_env: "TEST_DHCP_PASSWORD",
    vrf: null,
    address_leaf: null,
    save_config: null,
  };
  const router = (more: Partial<typeof IOS_XE> | object = {}) =>
    new DhcpServers({
      router: { kea: null, isc_dhcpd: null, ios_xe: { ...IOS_XE, ...more } },
    }).backend("router");

  test("credentials from variables that are set, endpoints that can be used, an identity", () => {
    expect(router().name).toBe("router");
    expect(() => router({ password_env: "TEST_DHCP_NOT_SET" })).toThrow(
      "Environment variable TEST_DHCP_NOT_SET is not set",
    );
    expect(() => router({ endpoints: ["http://10.1.20.1"] })).toThrow("an endpoint that cannot be used");
    expect(() => router({ tls_sha256: null })).toThrow("has no identity to verify");
  });

  test("is one of the kinds", () => {
    expect(kindProblem({ kea: {}, isc_dhcpd: null, ios_xe: {} })).toMatchObject({
      summary: "is of 2 kinds",
      detail: expect.stringContaining("kea, isc_dhcpd, ios_xe"),
    });
  });
});
