import type { ExchangeOptions } from "../exchange";
import type { Reasons } from "../failures";

/** One request and its answer over Kea's control channel, each on a connection of its own. */
export interface Transport {
  /** The endpoint as it is printed. */
  readonly label: string;
  /** Whether commands name the daemon that they are for: they pass through an agent, or may. */
  readonly namesService: boolean;
  /**
   * Sends `request` and returns the whole answer, both as Latin-1 text (bytes).
   * @throws DhcpError
   */
  exchange(request: string, o: ExchangeOptions): Promise<Exchanged>;
}

export interface Exchanged {
  readonly body: string;
  /** Status of HTTP; undefined on a unix socket. */
  readonly status?: number;
}

/** Kea's own time-out of a control connection, 10 s, cannot be configured. */
export const COMMAND_TIMEOUT = 10_000;
/** config-test and config-set read the lease file: longer with very many leases. */
export const CONFIG_TIMEOUT = 60_000;
/** 300 subnets with 20 reservations each are 1.4 MB. */
export const MAX_ANSWER = 64 * 1024 * 1024;

/** What codes of the system mean for a control channel. */
export const REASONS: Reasons = {
  ENOENT: "there is no such socket: the server is not running, or its control socket has another name",
  ECONNREFUSED: "nobody listens there",
  EACCES: "this user may not open the control socket: Kea lets only its own user (3.0: also its group) in",
  ENOTFOUND: "the host name is not known",
};
