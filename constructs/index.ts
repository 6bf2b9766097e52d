export type { ClientCertificate } from "./client-certificate";
export { ConfigurationError, DeclarationError } from "./configuration-error";
export { type EnvironmentCredentials, fromEnv } from "./credentials";
export type { ExchangeServer } from "./exchange-server";
export { IosXeServer, type IosXeServerProps } from "./ios-xe-server";
export { IscDhcpServer, type IscDhcpServerProps } from "./isc-dhcp-server";
export { type IDhcpServer, KeaServer, type KeaServerProps } from "./kea-server";
export { csv } from "./phone-list";
export { PhoneMigration, type PhoneMigrationProps } from "./phone-migration";
export {
  type ClusterIdentity,
  type ClusterPorts,
  type ClusterSpellings,
  type ClusterTimeouts,
  SecureCluster,
  type SecureClusterProps,
} from "./secure-cluster";
export { type Conditions, type SignerStore, TrustExchange, type TrustExchangeProps } from "./trust-exchange";
export { VoiceScope, type VoiceScopeProps } from "./voice-scope";
export type { Wave, WaveLimits } from "./wave";
export type { VerifyOnWire } from "./wire-check";
