import { CucmClient } from "../../../providers/cucm/client";
import { declaredSftpServers } from "../../../providers/cucm/sftp-servers";
import { UNKNOWN } from "../../../providers/framework/schema/value";

const SERVER = {
  address: "10.1.0.9",
  port: null,
  directory: "/exchange",
  host_key_sha256: null,
  username_env: null,
  password_env: null,
};
const declared = (server: object, name = "hq-exchange") =>
  declaredSftpServers({ sftp_servers: { [name]: { ...SERVER, ...server } } }).declared.get(name)!;

const before = { ...process.env };
beforeEach(() => {
  Object.assign(process.env, {
    SFTP_HQ_EXCHANGE_USERNAME: "me",
    SFTP_HQ_EXCHANGE_PASSWORD: "pw",
    OTHER: "x",
  });
});
afterEach(() => {
  process.env = { ...before };
});

test("defaults: port 22, no host key, credentials from variables named after the server", () => {
  expect(declared({})()).toEqual({
    name: "hq-exchange",
    address: "10.1.0.9",
    port: 22,
    directory: "/exchange",
    hostKeys: [],
    credentials: { username: "me", password: "pw" },
  });
  expect(declared({ password_env: "OTHER" })().credentials.password).toBe("x");
});

test("a variable that is missing, or could not be typed, fails at first use and shows no value", () => {
  process.env.SFTP_HQ_EXCHANGE_PASSWORD = "s3\ncret";
  const source = declared({});
  expect(source).toThrow("Environment variable SFTP_HQ_EXCHANGE_PASSWORD cannot be typed");
  expect(source).not.toThrow(/s3/);
  expect(declared({ username_env: "NOT_SET" })).toThrow("Environment variable NOT_SET is not set");
});

test("what is not known yet fails at first use, not before", () => {
  expect(declared({ address: UNKNOWN })).toThrow("The SFTP server of the provider is not known yet");
  expect(declared({ host_key_sha256: [UNKNOWN] })).toThrow("is not known yet");
  expect(declaredSftpServers({ sftp_servers: UNKNOWN })).toEqual({ declared: new Map(), unknown: true });
  expect(declaredSftpServers({ sftp_servers: null })).toEqual({ declared: new Map(), unknown: false });
});

test("while the servers are not known yet, no name is refused; without one, every name is", () => {
  const unused = () => {
    throw new Error("not used");
  };
  const client = (sftp_servers: typeof UNKNOWN | null) =>
    new CucmClient(
      { declared: new Map(), decommissioned: new Set(), unknown: false },
      unused,
      { servers: declaredSftpServers({ sftp_servers }), open: unused },
      unused,
    );
  expect(() => client(UNKNOWN).refuseSftpServer("exchange")).not.toThrow();
  expect(() => client(UNKNOWN).bulkExchange(["a", "b"], "exchange", { archiveLeftovers: false })).toThrow(
    "configuration is not known yet",
  );
  expect(() => client(null).refuseSftpServer("exchange")).toThrow('No SFTP server "exchange"');
});
