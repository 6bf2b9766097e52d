/**
 * The value model of Terraform's type system, as the rest of the framework sees it.
 *
 * Lists, sets and tuples are arrays; maps and objects are plain objects; numbers are `number` where that is
 * exact and `bigint` or {@link BigDecimal} where it is not.
 */

/** A value that will be known only at apply. */
export const UNKNOWN: unique symbol = Symbol.for("terraform.unknown");
export type Unknown = typeof UNKNOWN;

/** Sign, digits, decimals, power of ten: `-1.50e3`. */
export const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;

/**
 * A number that neither `number` nor `bigint` holds exactly, kept as the decimal text that was received. Throws a
 * TypeError for a text that is no decimal number.
 */
export class BigDecimal {
  constructor(readonly text: string) {
    if (!DECIMAL.test(text))
      throw new TypeError(
        `${JSON.stringify(text.slice(0, 40))} is no decimal number; one is written like "-12.5" or "1.5e3"`,
      );
  }
}

/** A value of the pseudo-type `dynamic`, together with the type that it turned out to have. */
export class DynamicValue {
  constructor(
    readonly type: CtyType,
    readonly value: Value,
  ) {}
}

export type Value =
  | null
  | boolean
  | string
  | number
  | bigint
  | BigDecimal
  | DynamicValue
  | Unknown
  | readonly Value[]
  | { readonly [name: string]: Value };

/** A type in the JSON spelling that the protocol uses for `Attribute.type`. */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list", CtyType]
  | readonly ["set", CtyType]
  | readonly ["map", CtyType]
  | readonly ["tuple", readonly CtyType[]]
  | readonly ["object", { readonly [name: string]: CtyType }];

/** One step of an attribute path: an attribute name or map key (string), or a list index (number). */
export type PathStep = { readonly attribute: string } | { readonly key: string } | { readonly index: number };
export type AttributePath = readonly PathStep[];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
