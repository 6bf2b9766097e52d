/** What a user settles for a forecast, as attributes: switches and models, in the names of the provider. */
import { SWITCHES, type Switches, type SwitchName } from "../../../trust/forecast/switches";
import type { Capability, ModelFacts } from "../../../trust/phone-model";
import { attr, type StateOf } from "../../framework/schema/attribute";

const description = (name: SwitchName) => {
  const { question, default: expected, source } = SWITCHES[name];
  return `Settles ${question}. Not set: both are tried, \`${expected}\` is expected (${source}).`;
};
const flag = (name: SwitchName) => attr.bool({ optional: true, description: description(name) });

export const switchAttributes = {
  tvs_try_next_on_miss: flag("tvsTryNextOnMiss"),
  fallback_when_config_bad: attr.string({
    optional: true,
    oneOf: ["cached", "tftpAsCcm"],
    description: description("fallbackWhenConfigBad"),
  }),
  first_ctl_with_itl: attr.string({
    optional: true,
    oneOf: ["verify", "trust"],
    description: description("firstCtlWithItl"),
  }),
  ctl_role2_accepts_itl: flag("ctlRole2AcceptsItl"),
  enforce_tftp_address: flag("enforceTftpAddress"),
  ctl_404: attr.string({ optional: true, oneOf: ["keep", "erase"], description: description("ctl404") }),
  itl_proves_call_manager: flag("itlProvesCallManager"),
  lsc_issuer_store: attr.string({
    optional: true,
    oneOf: ["CallManager-trust", "either store"],
    description: description("lscIssuerStore"),
  }),
} as const;

const known = (what: string) => attr.bool({ optional: true, description: what });

export const modelAttributes = {
  security_by_default: known(
    "Asks for an ITL and asks TVS (*Security By Default* in the phone feature list).",
  ),
  sha256: known("Checks signatures made with SHA-256."),
  sha512: known("Checks signatures made with SHA-512."),
  large_rsa_keys: known("Checks signatures of RSA keys with more than 2048 bits."),
} as const;

export function switchesOf(settled: StateOf<typeof switchAttributes> | null): Partial<Switches> {
  if (settled === null) return {};
  const all: { readonly [name in SwitchName]: Switches[name] | null } = {
    tvsTryNextOnMiss: settled.tvs_try_next_on_miss,
    fallbackWhenConfigBad: settled.fallback_when_config_bad,
    firstCtlWithItl: settled.first_ctl_with_itl,
    ctlRole2AcceptsItl: settled.ctl_role2_accepts_itl,
    enforceTftpAddress: settled.enforce_tftp_address,
    ctl404: settled.ctl_404,
    itlProvesCallManager: settled.itl_proves_call_manager,
    lscIssuerStore: settled.lsc_issuer_store,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

export function modelFactsOf(
  models: { readonly [model: string]: StateOf<typeof modelAttributes> } | null,
): ModelFacts {
  return Object.fromEntries(
    Object.entries(models ?? {}).map(([model, said]) => {
      const all: { readonly [capability in Capability]: boolean | null } = {
        securityByDefault: said.security_by_default,
        sha256: said.sha256,
        sha512: said.sha512,
        largeRsaKeys: said.large_rsa_keys,
      };
      return [model, Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))];
    }),
  );
}
