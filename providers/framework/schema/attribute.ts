import type { BigDecimal, CtyType, DynamicValue, Unknown } from "./value";

/** How an attribute gets its value; the four combinations that Terraform knows. */
export type Mode = "required" | "optional" | "optional+computed" | "computed";

/** What a validator says of one value; `undefined` when there is nothing to say. */
export type Validator<T> = (value: T) => string | undefined;

/** A change of one attribute, both sides wholly known; null when there is no value. */
export interface Change<T> {
  readonly prior: T | null;
  readonly planned: T | null;
}

export interface AttributeOptions<T> {
  /** Markdown; shown in the documentation page and as doc comment of the binding. */
  readonly description: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  /** Used when the configuration has null. Makes the attribute optional and computed. */
  readonly default?: T;
  /** Masked in plans and redacted from logs. The value is still in the state in clear. */
  readonly sensitive?: boolean;
  /** Never in plan or state. */
  readonly writeOnly?: boolean;
  /** The sentence that tells users what to use instead. */
  readonly deprecated?: string;
  /** Each returns a sentence that says what is wrong and what to do. Known values only. */
  readonly validate?: readonly Validator<T>[];
  /**
   * A change of this attribute replaces the resource: every one, or those for which the function says so. A change
   * to a value that is not known yet always does, since core has no way back from an update to a replacement. So does
   * an element of a list, map or set that comes or goes with a value of it.
   */
  readonly requiresReplace?: boolean | ((change: Change<T>) => boolean);
  /** Computed only: an update does not change it, so the prior value is planned instead of unknown. */
  readonly keepPriorValue?: boolean;
  /** When true for prior and configured value, the prior spelling is planned: no diff. */
  readonly semanticallyEqual?: (prior: T, configured: T) => boolean;
  /**
   * A text that values share when they mean the same (a PEM without white space, say). It stands in place of
   * `semanticallyEqual`, and is what elements of large sets find each other by: with a comparison alone, all are
   * compared with all.
   */
  readonly canonical?: (value: T) => string;
  /** Computed only: the state may hold null. */
  readonly nullable?: boolean;
}

export interface StringOptions<T extends string> extends AttributeOptions<T> {
  readonly oneOf?: readonly T[];
}

export type Nesting = "single" | "list" | "set" | "map";

/**
 * One declared attribute. `T` is the type of a known value, `M` its mode and `N` whether the state may hold null.
 * Built with {@link attr}; every product (protocol schema, binding, documentation) reads it.
 */
export interface Attribute<T = unknown, M extends Mode = Mode, N extends boolean = boolean> {
  readonly mode: M;
  readonly type: CtyType;
  readonly options: AttributeOptions<T>;
  /** By `semanticallyEqual` or `canonical` of the options. */
  readonly sameMeaning?: (a: T, b: T) => boolean;
  readonly oneOf?: readonly string[];
  /** Set for nested attributes; `type` is then the equivalent plain type. */
  readonly nested?: { readonly nesting: Nesting; readonly attributes: Schema };
  /** Set by {@link timeouts}: operation -> how long it may take when nothing is configured. */
  readonly deadlines?: { readonly [operation: string]: string };
  /** Phantom: carries the types, never set. */
  readonly types?: { readonly value: T; readonly nullable: N };
}

// biome-ignore lint/suspicious/noExplicitAny: a schema holds attributes of every value type; each is read through its own T
export type Schema = { readonly [name: string]: Attribute<any> };

type ModeOf<O> = O extends { required: true }
  ? "required"
  : O extends { computed: true; optional: true }
    ? "optional+computed"
    : O extends { computed: true }
      ? "computed"
      : O extends { default: NonNullable<unknown> }
        ? "optional+computed"
        : "optional";
type NullableOf<O> = O extends { nullable: true } ? true : false;

type ConfigValue<A> =
  A extends Attribute<infer T, infer M, boolean>
    ? M extends "required"
      ? T
      : M extends "computed"
        ? null
        : T | null
    : never;
type StateValue<A> =
  A extends Attribute<infer T, infer M, infer N>
    ? M extends "optional"
      ? T | null
      : N extends true
        ? T | null
        : T
    : never;

/** The configuration of a schema with every value known (as at apply). */
export type ConfigOf<S extends Schema> = { readonly [K in keyof S]: ConfigValue<S[K]> };
/** The state of a schema. */
export type StateOf<S extends Schema> = { readonly [K in keyof S]: StateValue<S[K]> };

/** `T` with any part of it possibly unknown. */
export type MaybeUnknown<T> =
  | Unknown
  | (T extends null
      ? null
      : T extends string | number | boolean | DynamicValue
        ? T
        : T extends readonly (infer E)[]
          ? readonly MaybeUnknown<E>[]
          : T extends object
            ? { readonly [K in keyof T]: MaybeUnknown<T[K]> }
            : T);

/** The configuration as Validate and Plan see it. */
export type UnknownConfigOf<S extends Schema> = { readonly [K in keyof S]: MaybeUnknown<ConfigValue<S[K]>> };
/** A planned state. */
export type PlanOf<S extends Schema> = { readonly [K in keyof S]: MaybeUnknown<StateValue<S[K]>> };

/** What a hook may return for a `T`: a number also as what holds it exactly. */
export type Returned<T> = T extends number
  ? T | bigint | BigDecimal
  : T extends string | boolean | null | symbol | DynamicValue
    ? T
    : T extends readonly (infer E)[]
      ? readonly Returned<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Returned<T[K]> }
        : T;

function modeOf(o: Pick<AttributeOptions<unknown>, "required" | "optional" | "computed" | "default">): Mode {
  if (o.required) return "required";
  if (o.computed && o.optional) return "optional+computed";
  if (o.computed) return "computed";
  return o.default === undefined ? "optional" : "optional+computed";
}

type Comparison = Pick<AttributeOptions<never>, "canonical" | "semanticallyEqual">;
function comparisonOf({ canonical, semanticallyEqual }: Comparison) {
  const sameMeaning =
    semanticallyEqual ?? (canonical && ((a: never, b: never) => canonical(a) === canonical(b)));
  return sameMeaning && { sameMeaning };
}

// Each builder fixes T from its element type; the cast gives the literal mode that `modeOf` finds at run time.
function make<T, O extends object>(type: CtyType, options: O, extra: object = {}) {
  return { mode: modeOf(options), type, options, ...comparisonOf(options), ...extra } as unknown as Attribute<
    T,
    ModeOf<O>,
    NullableOf<O>
  >;
}

const NESTED_TYPE: { readonly [N in Nesting]: (object: CtyType) => CtyType } = {
  single: (object) => object,
  list: (object) => ["list", object],
  set: (object) => ["set", object],
  map: (object) => ["map", object],
};

function nested<T, O extends object>(nesting: Nesting, attributes: Schema, options: O) {
  const object: CtyType = [
    "object",
    Object.fromEntries(Object.entries(attributes).map(([name, a]) => [name, a.type])),
  ];
  return make<T, O>(NESTED_TYPE[nesting](object), options, { nested: { nesting, attributes } });
}

type Primitive = "string" | "number" | "bool";
/** What a collection may hold: primitives, or collections of them. Objects have builders of their own. */
export type ElementType = Primitive | readonly ["list" | "set" | "map", ElementType];
export type ElementValue<E> = E extends "string"
  ? string
  : E extends "number"
    ? number
    : E extends "bool"
      ? boolean
      : E extends readonly ["map", infer I]
        ? { readonly [key: string]: ElementValue<I> }
        : E extends readonly ["list" | "set", infer I]
          ? readonly ElementValue<I>[]
          : never;

/** The constructors of attributes. Modes and nullability are inferred from the literal options. */
export const attr = {
  string: <const O extends StringOptions<string>>(o: O) =>
    make<O extends { oneOf: readonly (infer V extends string)[] } ? V : string, O>(
      "string",
      o,
      o.oneOf ? { oneOf: o.oneOf } : {},
    ),
  /**
   * Hooks are given a `number`, the nearest one where none is exact, and may return a `bigint` or `BigDecimal` too. What
   * they pass on is not rounded: see `conform`.
   */
  number: <const O extends AttributeOptions<number>>(o: O) => make<number, O>("number", o),
  bool: <const O extends AttributeOptions<boolean>>(o: O) => make<boolean, O>("bool", o),
  /** `attr.list("string", {...})`, `attr.list(["map", "number"], {...})`. */
  list: <const E extends ElementType, const O extends AttributeOptions<readonly ElementValue<E>[]>>(
    element: E,
    o: O,
  ) => make<readonly ElementValue<E>[], O>(["list", element], o),
  set: <const E extends ElementType, const O extends AttributeOptions<readonly ElementValue<E>[]>>(
    element: E,
    o: O,
  ) => make<readonly ElementValue<E>[], O>(["set", element], o),
  map: <
    const E extends ElementType,
    const O extends AttributeOptions<{ readonly [key: string]: ElementValue<E> }>,
  >(
    element: E,
    o: O,
  ) => make<{ readonly [key: string]: ElementValue<E> }, O>(["map", element], o),
  /** A value of any type, which each configuration decides; see {@link DynamicValue}. */
  dynamic: <const O extends AttributeOptions<DynamicValue>>(o: O) => make<DynamicValue, O>("dynamic", o),
  /** One nested object. */
  object: <S extends Schema, const O extends AttributeOptions<StateOf<S>>>(attributes: S, o: O) =>
    nested<StateOf<S>, O>("single", attributes, o),
  listOf: <S extends Schema, const O extends AttributeOptions<readonly StateOf<S>[]>>(attributes: S, o: O) =>
    nested<readonly StateOf<S>[], O>("list", attributes, o),
  setOf: <S extends Schema, const O extends AttributeOptions<readonly StateOf<S>[]>>(attributes: S, o: O) =>
    nested<readonly StateOf<S>[], O>("set", attributes, o),
  mapOf: <S extends Schema, const O extends AttributeOptions<{ readonly [key: string]: StateOf<S> }>>(
    attributes: S,
    o: O,
  ) => nested<{ readonly [key: string]: StateOf<S> }, O>("map", attributes, o),
} as const;
