/** A cluster configuration for servers on 127.0.0.1, and what tests need around it. */
import { createHash } from "node:crypto";
import { ClusterError } from "../../../../../providers/cucm/cluster/cluster";
import {
  type ClusterConfig,
  DEFAULT_SPELLINGS,
  type SftpServer,
} from "../../../../../providers/cucm/cluster/config";
import type { Endpoint } from "../../../../../providers/cucm/cluster/failure";
import { HOST_KEY } from "./cli-server";

export const ADDRESS = "127.0.0.1";
export const AT: Endpoint = { cluster: "source", address: ADDRESS, names: ["cucm-pub"] };
export const HOST_PIN = `SHA256:${createHash("sha256").update(HOST_KEY).digest("base64").replace("=", "")}`;
export const APPLICATION = { username: "axluser", password: "axl-s3cret" };
export const PLATFORM = { username: "admin", password: "secret" };

export const EXCHANGE_SERVER: SftpServer = {
  name: "exchange",
  address: ADDRESS,
  port: 22,
  directory: "/exchange",
  hostKeys: [],
  credentials: { username: "exchange", password: "xch-s3cret" },
};

export function config(changes: Partial<ClusterConfig> = {}): ClusterConfig {
  return {
    name: "source",
    publisher: ADDRESS,
    nodeAddresses: {},
    identity: { tlsSha256: {}, caPem: null, sshSha256: { [ADDRESS]: [HOST_PIN] } },
    platform: PLATFORM,
    application: APPLICATION,
    ports: { ssh: 1, https: 1, tftpHttp: 1, tvs: 1, phoneHttp: 1, platform: 1 },
    spellings: DEFAULT_SPELLINGS,
    tvsClient: null,
    timeouts: { replication: 5, restart: 5, request: 5 },
    risPerMinute: 1000,
    ...changes,
  };
}

export const live = (): AbortSignal => new AbortController().signal;
export const silent = (): void => {};

/** The ClusterError that it rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<ClusterError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
  throw new Error("expected a ClusterError");
}
