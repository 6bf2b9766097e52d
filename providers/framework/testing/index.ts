/**
 * The public surface for tests of a provider: the host, which needs nothing else, and the harness for real cores.
 * What is not exported here may change without notice.
 */
export { type BundledProvider, bundled } from "./bundle";
export { type Core, type CoreName, cores, findCore, isAtLeast, versionOf } from "./core";
export { expectActions, expectError, expectNoChanges, expectWarning } from "./expect";
export { type Configuration, later } from "./host/config";
export { Refusal } from "./host/failure";
export type { Generation } from "./host/generation";
export { Host, type HostOptions } from "./host/host";
export type { AppliedStep, ApplyOptions, Instance, Planned } from "./host/instance";
export type { Launch } from "./host/launch";
export { BrokenRule, RULES, type RuleName } from "./host/rule";
export { type Action, Plan, type ResourceChange } from "./plan";
export { type ResidentProvider, resident } from "./resident";
export { type CoreDiagnostic, CoreError, type Output, type Running } from "./run";
export { State } from "./state";
export {
  type Applied,
  type AttachedProvider,
  installLauncher,
  type LaunchedProvider,
  type PlanOptions,
  Workspace,
  type WorkspaceOptions,
} from "./workspace";
