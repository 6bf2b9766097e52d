import { Token } from "cdktf";
import type { Construct } from "constructs";
import { isHost } from "./addresses";
import { ConfigurationError } from "./configuration-error";
import type { EnvironmentCredentials } from "./credentials";
import { wrongPin } from "./fingerprints";
import { checkProperties, type PropertiesOf } from "./properties";

/** An SFTP server where two clusters exchange certificates in bulk. */
export interface ExchangeServer {
  /** Its address, the same for the publishers and for whoever deploys. */
  readonly address: string;
  /** @default 22 */
  readonly port?: number;
  /** A directory for these two clusters alone: it exists, is empty at first, and the user may write there. */
  readonly directory: string;
  /**
   * Accepted host keys, `SHA256:...` as ssh-keygen prints.
   * @default none, and the first deploy stops and prints what the server shows
   */
  readonly hostKeySha256?: readonly string[];
  /** From {@link fromEnv}; the publishers are told them. */
  readonly credentials: EnvironmentCredentials;
  /**
   * Move files that others left in the directory into a folder there, instead of refusing the exchange.
   * @default false
   */
  readonly archiveLeftovers?: boolean;
}

const PROPERTIES: PropertiesOf<ExchangeServer> = {
  address: "needed",
  port: "optional",
  directory: "needed",
  hostKeySha256: "optional",
  credentials: "needed",
  archiveLeftovers: "optional",
};

/** @throws ConfigurationError */
export function checkExchangeServer(construct: Construct, server: ExchangeServer): void {
  checkProperties(construct, "sftp", server, PROPERTIES);
  const { address, port = 22, directory, hostKeySha256 = [] } = server;
  const fail = (problem: string, fix: string) => new ConfigurationError(construct, problem, fix);
  if (!isHost(address))
    throw fail(`sftp.address "${address}" is no address.`, "Write an IPv4 address or a host name.");
  if (!Token.isUnresolved(port) && !(Number.isInteger(port) && port > 0 && port < 65536))
    throw fail(`sftp.port is ${port}.`, "Write a port, e.g. 22.");
  if (directory === "" || /\p{Cc}/u.test(directory))
    throw fail("sftp.directory is empty or has a line feed.", "Write the directory's path.");
  const wrong = wrongPin("ssh", "sftp.hostKeySha256", hostKeySha256);
  if (wrong !== undefined) throw fail(wrong.problem, wrong.fix);
}
