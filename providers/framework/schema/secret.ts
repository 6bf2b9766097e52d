import type { ValidateContext } from "../define";
import { attr } from "./attribute";
import { requiredTogether } from "./rules";

/**
 * A secret that is never in a plan or a state, and the version that tells when it has changed: two attributes,
 * `<name>_wo` and `<name>_wo_version`. Nobody can compare a value that is not kept, so a new secret reaches the
 * device when its version is raised: that plans an update, in which `config` has the secret.
 *
 *     const password = secret("password", { description: "Password of the device." });
 *     attributes: { ...password.attributes, ... }, validate: password.rule
 *     update: ({ config, prior, planned }) => { if (password.changed(prior, planned)) ... config.password_wo }
 */
export function secret<const N extends string>(name: N, { description }: { readonly description: string }) {
  const [value, version] = [`${name}_wo`, `${name}_wo_version`] as const;
  const attributes = {
    [value]: attr.string({ optional: true, writeOnly: true, sensitive: true, description }),
    [version]: attr.number({
      optional: true,
      description: `Raise it to have \`${value}\` written again, which no plan can compare.`,
    }),
  } as unknown as {
    readonly [K in `${N}_wo`]: ReturnType<typeof writeOnly>;
  } & { readonly [K in `${N}_wo_version`]: ReturnType<typeof counter> };
  return {
    attributes,
    /** The two belong together. */
    rule: (config: { readonly [name: string]: unknown }, ctx: ValidateContext): void =>
      requiredTogether(value, version)(config, ctx),
    /** True when the device must be given the secret of the configuration. */
    changed: (
      prior: { readonly [name: string]: unknown } | null,
      planned: { readonly [name: string]: unknown },
    ): boolean => (prior?.[version] ?? null) !== (planned[version] ?? null),
  };
}

// For their types alone.
const writeOnly = () => attr.string({ optional: true, writeOnly: true, description: "" });
const counter = () => attr.number({ optional: true, description: "" });
