/**
 * The public surface for whoever writes a provider: what is not exported here may change without notice. The kit for
 * its tests is in `testing/`, the generators are in `codegen/`; nothing here loads either of them.
 */
export {
  type AnyDataSource,
  type AnyProvider,
  type AnyResource,
  type Context,
  type DataSourceDefinition,
  defineDataSource,
  defineProvider,
  defineResource,
  type Logger,
  type Move,
  type PlanRequest,
  type PlanResult,
  type ProviderDefinition,
  type ResourceDefinition,
  type StateResult,
  type ValidateContext,
} from "./define";
export { type Diagnostic, DiagnosticError } from "./diagnostic";
export {
  type Attribute,
  type AttributeOptions,
  attr,
  type Change,
  type ConfigOf,
  type MaybeUnknown,
  type PlanOf,
  type Schema,
  type StateOf,
  type UnknownConfigOf,
  type Validator,
} from "./schema/attribute";
export { dynamicOf, jsonOf } from "./schema/dynamic";
export {
  all,
  atLeastOneOf,
  atMostOneOf,
  exactlyOneOf,
  type Rule,
  requiredTogether,
} from "./schema/rules";
export { secret } from "./schema/secret";
export { timeouts } from "./schema/timeouts";
export {
  type AttributePath,
  BigDecimal,
  DynamicValue,
  type Json,
  UNKNOWN,
  type Unknown,
} from "./schema/value";
export { serve } from "./serve";
