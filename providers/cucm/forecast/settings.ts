/** What a user settles for a forecast, as attributes: switches and models, in the names of the provider. */
import {
  SWITCH_ATTRIBUTES,
  SWITCHES,
  type Switches,
  type SwitchName,
} from "../../../trust/forecast/switches";
import type { Capability, ModelFacts } from "../../../trust/phone-model";
import { attr, type StateOf } from "../../framework/schema/attribute";

const description = (name: SwitchName) => {
  const { question, default: expected, source } = SWITCHES[name];
  return `Settles ${question}. Not set: both are tried, \`${expected}\` is expected (${source}).`;
};
const flag = (name: SwitchName) => attr.bool({ optional: true, description: description(name) });
const choice = (name: SwitchName) => {
  const { default: expected, other } = SWITCHES[name];
  return attr.string({
    optional: true,
    oneOf: [`${expected}`, `${other}`],
    description: description(name),
  });
};

const NAMES = SWITCH_ATTRIBUTES;
export const switchAttributes = {
  [NAMES.tvsTryNextOnMiss]: flag("tvsTryNextOnMiss"),
  [NAMES.fallbackWhenConfigBad]: choice("fallbackWhenConfigBad"),
  [NAMES.firstCtlWithItl]: choice("firstCtlWithItl"),
  [NAMES.ctlRole2AcceptsItl]: flag("ctlRole2AcceptsItl"),
  [NAMES.enforceTftpAddress]: flag("enforceTftpAddress"),
  [NAMES.ctl404]: choice("ctl404"),
  [NAMES.itlProvesCallManager]: flag("itlProvesCallManager"),
  [NAMES.lscIssuerStore]: choice("lscIssuerStore"),
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
  const all = Object.entries(SWITCH_ATTRIBUTES).map(([name, attribute]) => [name, settled[attribute]]);
  return Object.fromEntries(all.filter(([, value]) => value !== null));
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
